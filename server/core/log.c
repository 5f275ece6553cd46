#include "core/log.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <unistr.h>

#include "core/instant.h"

enum {
    LINE_BYTES_MAX = 4096, /* PIPE_BUF of Linux: lines of several processes on one pipe do not mix */
    ENDING_BYTES_MAX = 32, /* what closes a line that was cut: quote, truncated=true, brace, newline */
    NAME_BYTES_MAX = 32,
};

/* Set once by log_start(), read by every thread afterwards. */
static struct {
    enum log_level lowest;
    enum log_format format;
    bool has_journal;
    char process[NAME_BYTES_MAX];
} settings = {.lowest = LOG_INFO, .format = LOG_LOGFMT};

/* The line in the making. Past the first piece that does not fit nothing more goes in. */
struct line {
    char bytes[LINE_BYTES_MAX];
    size_t length;
    bool is_cut;
};

static const char *const level_names[] = {
    [LOG_DEBUG] = "debug", [LOG_INFO] = "info", [LOG_WARNING] = "warning", [LOG_ERROR] = "error"};
/* syslog's priorities, as journald reads them */
static const char *const level_prefixes[] = {
    [LOG_DEBUG] = "<7>", [LOG_INFO] = "<6>", [LOG_WARNING] = "<4>", [LOG_ERROR] = "<3>"};

/* True only where stderr is the journal's own socket: $JOURNAL_STREAM alone is inherited by anybody. */
static bool is_stderr_the_journal(void)
{
    const char *stream = getenv("JOURNAL_STREAM");
    uintmax_t device, inode;
    struct stat status;

    if (stream == NULL || sscanf(stream, "%" SCNuMAX ":%" SCNuMAX, &device, &inode) != 2)
        return false;
    return fstat(STDERR_FILENO, &status) == 0 && status.st_dev == device && status.st_ino == inode;
}

void log_start(enum log_level lowest, enum log_format format, const char *process)
{
    settings.lowest = lowest;
    settings.format = format;
    settings.has_journal = is_stderr_the_journal();
    snprintf(settings.process, sizeof settings.process, "%s", process);
}

/* What is left in front of the room kept for the ending. */
static size_t left_over(const struct line *line)
{
    size_t const max = LINE_BYTES_MAX - ENDING_BYTES_MAX;

    return line->length < max ? max - line->length : 0;
}

/* All of the piece or nothing of it, and then nothing more. */
static void put(struct line *line, const char *piece, size_t length)
{
    if (line->is_cut || length > left_over(line)) {
        line->is_cut = true;
        return;
    }
    memcpy(line->bytes + line->length, piece, length);
    line->length += length;
}

static void put_string(struct line *line, const char *piece)
{
    put(line, piece, strlen(piece));
}

/* Into the room kept for it: must fit. */
static void put_ending(struct line *line, const char *piece)
{
    size_t const length = strlen(piece);

    must(length <= LINE_BYTES_MAX - line->length);
    memcpy(line->bytes + line->length, piece, length);
    line->length += length;
}

/* Characters that steer a terminal, end a line or turn the reading direction; they are written as \uXXXX. */
static bool is_steering(ucs4_t point)
{
    return point < 0x20 || (point >= 0x7F && point < 0xA0) || point == 0x061C || point == 0xFEFF ||
           (point >= 0x200B && point <= 0x200F) || (point >= 0x2028 && point <= 0x202E) ||
           (point >= 0x2060 && point <= 0x206F);
}

/* One character of `left` bytes, escaped; returns how many bytes it was. What is no UTF-8 becomes U+FFFD. */
static size_t put_character(struct line *line, const char *at, size_t left)
{
    ucs4_t point = 0;
    int const length = at[0] == '\0' ? 1 : u8_mbtoucr(&point, (const uint8_t *)at, left);
    char escape[8];

    if (length <= 0) {
        put_string(line, "\xEF\xBF\xBD");
        return 1;
    }
    if (point == '"' || point == '\\')
        snprintf(escape, sizeof escape, "\\%c", (char)point);
    else if (point == '\n' || point == '\r' || point == '\t')
        snprintf(escape, sizeof escape, "\\%c", point == '\n' ? 'n' : point == '\r' ? 'r' : 't');
    else if (is_steering(point))
        snprintf(escape, sizeof escape, "\\u%04x", (unsigned)point & 0xFFFF);
    else {
        put(line, at, (size_t)length);
        return (size_t)length;
    }
    put_string(line, escape);
    return (size_t)length;
}

static void put_quoted(struct line *line, struct text value)
{
    size_t i = 0;

    put(line, "\"", 1);
    if (line->is_cut)
        return;
    while (i < value.length && !line->is_cut)
        i += put_character(line, value.data + i, value.length - i);
    put_ending(line, "\"");
}

/* logfmt needs no quotes around what cannot be mistaken for anything else. */
static bool is_bare(struct text value)
{
    for (size_t i = 0; i < value.length; i++)
        if (value.data[i] <= ' ' || value.data[i] > '~' || value.data[i] == '"' || value.data[i] == '=' ||
            value.data[i] == '\\')
            return false;
    return value.length > 0 && value.length <= 256;
}

static void put_key(struct line *line, const char *key)
{
    must(key[0] != '\0' && strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789_.") == strlen(key));
    if (settings.format == LOG_JSON) {
        put_string(line, line->bytes[line->length - 1] == '{' ? "\"" : ",\"");
        put_string(line, key);
        put_string(line, "\":");
    } else {
        put_string(line, " ");
        put_string(line, key);
        put_string(line, "=");
    }
}

/* Key and opening quote go in together or not at all, so that no line ends in half a key. */
static bool fits(struct line *line, const char *key, size_t value_bytes_min)
{
    size_t const needed = strlen(key) + value_bytes_min + 6; /* quotes, colon, comma or blank and = */

    if (needed > left_over(line))
        line->is_cut = true;
    return !line->is_cut;
}

static void put_text(struct line *line, const char *key, struct text value)
{
    if (!fits(line, key, value.length < 8 ? value.length : 8))
        return;
    put_key(line, key);
    if (settings.format == LOG_LOGFMT && is_bare(value) && fits(line, "", value.length))
        put(line, value.data, value.length);
    else
        put_quoted(line, value);
}

static void put_number(struct line *line, const char *key, const char *number)
{
    if (!fits(line, key, strlen(number)))
        return;
    put_key(line, key);
    put_string(line, number);
}

static void put_field(struct line *line, const struct log_field *field)
{
    uint64_t const magnitude = field->number < 0 ? 0 - (uint64_t)field->number : (uint64_t)field->number;
    const char *const sign = field->number < 0 ? "-" : "";
    char number[32];

    switch (field->kind) {
    case LOG_END: return;
    case LOG_TEXT: put_text(line, field->key, field->text); return;
    case LOG_I64: snprintf(number, sizeof number, "%s%" PRIu64, sign, magnitude); break;
    case LOG_MS:
        snprintf(number, sizeof number, "%s%" PRIu64 ".%03u", sign, magnitude / 1000,
                 (unsigned)(magnitude % 1000));
        break;
    }
    put_number(line, field->key, number);
}

/* "2026-03-05T17:00:00.123+07:00" */
static void put_time(struct line *line)
{
    char seconds[INSTANT_TEXT_BYTES], whole[INSTANT_TEXT_BYTES + 8];
    size_t const zone_at = sizeof "2026-03-05T17:00:00" - 1;
    struct timespec now;

    must(clock_gettime(CLOCK_REALTIME, &now) == 0);
    instant_format(seconds, now.tv_sec);
    snprintf(whole, sizeof whole, "%.*s.%03d%s", (int)zone_at, seconds, (int)(now.tv_nsec / 1000000) % 1000,
             seconds + zone_at);
    if (settings.format == LOG_JSON) {
        put_text(line, "ts", text_of(whole));
    } else {
        put_string(line, "ts=");
        put_string(line, whole);
    }
}

static void put_end(struct line *line)
{
    bool const is_json = settings.format == LOG_JSON;

    if (line->is_cut)
        put_ending(line, is_json ? ",\"truncated\":true" : " truncated=true");
    put_ending(line, is_json ? "}\n" : "\n");
}

/* One write(2) a line. A line that the reader of stderr does not take is lost: nothing waits for a log. */
static void send(const struct line *line)
{
    ssize_t written;
    int const error = errno; /* the caller may still want to tell of it */

    do
        written = write(STDERR_FILENO, line->bytes, line->length);
    while (written < 0 && errno == EINTR);
    errno = error;
}

void log_write(enum log_level level, const char *message, const struct log_field *fields)
{
    struct line line;

    if (level < settings.lowest)
        return;
    line.length = 0;
    line.is_cut = false;
    if (settings.has_journal)
        put_string(&line, level_prefixes[level]);
    if (settings.format == LOG_JSON)
        put_string(&line, "{");
    put_time(&line);
    put_text(&line, "level", text_of(level_names[level]));
    if (settings.process[0] != '\0')
        put_text(&line, "process", text_of(settings.process));
    put_text(&line, "msg", text_of(message));
    for (; fields->kind != LOG_END; fields++)
        put_field(&line, fields);
    put_end(&line);
    send(&line);
}
