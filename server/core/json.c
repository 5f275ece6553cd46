#include "core/json.h"

#include <stdint.h>
#include <stdlib.h>
#include <unistr.h>

#include "core/json_escape.h"

/*
 * One pass over the bytes by recursive descent, no deeper than LEVELS_MAX. Each function starts with scan->at
 * on the first byte of its subject and leaves it behind the last one, or on the byte where the fault was
 * seen.
 */
enum {
    LEVELS_MAX = 64,       /* what any limits may ask for: the scanner recurses */
    LEVEL_KEYS_MAX = 1024, /* likewise: the keys of one object are compared in pairs, byte by byte */
    DIGITS_MAX = 15,       /* that many decimal digits survive a double */
    EXPONENT_MAX = 200,    /* far from the ends of a double, whatever the digits are */
    NUMBER_BYTES_MAX = 63, /* cJSON keeps a number in 64 bytes */
};

const struct json_limits json_limits_body = {.depth_max = 16,
                                             .nodes_max = 10000,
                                             .keys_max = 64,
                                             .string_bytes_max = 64 * 1024,
                                             .is_integer_only = true};
const struct json_limits json_limits_file = {.depth_max = 32,
                                             .nodes_max = 1000000,
                                             .keys_max = 512,
                                             .string_bytes_max = 1024 * 1024,
                                             .is_integer_only = false};

struct scan {
    const char *at;
    const char *end;
    const struct json_limits *limits;
    unsigned nodes;
    unsigned depth;
    struct text *keys; /* of all open objects, the innermost last; without escapes */
    size_t key_count;
    char *unescaped; /* bytes of the keys that had escapes; NULL until there is one */
    size_t unescaped_bytes;
    size_t source_bytes;
};

static enum json_fault scan_value(struct scan *scan);

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void skip_blanks(struct scan *scan)
{
    while (scan->at < scan->end &&
           (*scan->at == ' ' || *scan->at == '\n' || *scan->at == '\r' || *scan->at == '\t'))
        scan->at++;
}

static bool is_next(const struct scan *scan, char expected)
{
    return scan->at < scan->end && *scan->at == expected;
}

/* What is wrong with the byte here, where the grammar does not want it. */
static enum json_fault fault_here(const struct scan *scan, enum json_fault otherwise)
{
    return is_next(scan, '\0') ? JSON_FAULT_NUL : otherwise;
}

/* At a backslash; adds the bytes it stands for to *unescaped. */
static enum json_fault scan_escape(struct scan *scan, size_t *unescaped)
{
    const char *at = scan->at + 1;
    int32_t point;

    if (at == scan->end)
        return JSON_FAULT_SYNTAX;
    if (*at != 'u') {
        if (json_escaped_letter(*at) == 0)
            return JSON_FAULT_ESCAPE;
        scan->at = at + 1;
        *unescaped += 1;
        return JSON_OK;
    }
    at++;
    point = json_escaped_point(&at, scan->end);
    if (point < 0)
        return JSON_FAULT_ESCAPE;
    if (point == 0)
        return JSON_FAULT_NUL;
    scan->at = at;
    *unescaped += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    return JSON_OK;
}

/* At what is neither plain ASCII nor the closing quote. */
static enum json_fault scan_special(struct scan *scan, size_t *unescaped)
{
    unsigned char const c = (unsigned char)*scan->at;
    ucs4_t point;
    int length;

    if (c == '\\')
        return scan_escape(scan, unescaped);
    if (c < 0x20)
        return fault_here(scan, JSON_FAULT_CONTROL);
    length = u8_mbtoucr(&point, (const uint8_t *)scan->at, (size_t)(scan->end - scan->at));
    if (length <= 0)
        return JSON_FAULT_UTF8;
    scan->at += length;
    *unescaped += (size_t)length;
    return JSON_OK;
}

static bool is_plain(char c)
{
    return (unsigned char)c >= 0x20 && (unsigned char)c < 0x80 && c != '"' && c != '\\';
}

/* At the opening quote; *raw is what stands between the quotes. */
static enum json_fault scan_string(struct scan *scan, struct text *raw)
{
    const char *const first = ++scan->at;
    size_t unescaped = 0;

    for (;;) {
        const char *const run = scan->at;
        enum json_fault fault;

        while (scan->at < scan->end && is_plain(*scan->at))
            scan->at++;
        unescaped += (size_t)(scan->at - run);
        if (unescaped > scan->limits->string_bytes_max)
            return JSON_FAULT_STRING;
        if (scan->at == scan->end)
            return JSON_FAULT_SYNTAX;
        if (*scan->at == '"')
            break;
        fault = scan_special(scan, &unescaped);
        if (fault != JSON_OK)
            return fault;
    }
    *raw = (struct text){.data = first, .length = (size_t)(scan->at - first)};
    scan->at++;
    return JSON_OK;
}

/* The key itself: a slice of the source, or where it has escapes a copy in scan->unescaped. */
static struct text unescape_key(struct scan *scan, struct text raw)
{
    struct text key = raw;

    if (memchr(raw.data, '\\', raw.length) == NULL)
        return key;
    if (scan->unescaped == NULL) {
        scan->unescaped = malloc(scan->source_bytes); /* no escape is shorter than what it stands for */
        must(scan->unescaped != NULL);
    }
    key.data = scan->unescaped + scan->unescaped_bytes;
    key.length = json_unescape(scan->unescaped + scan->unescaped_bytes, raw);
    scan->unescaped_bytes += key.length;
    must(scan->unescaped_bytes <= scan->source_bytes);
    return key;
}

/* At the quote of a key; keys of this object begin at `first` in scan->keys. */
static enum json_fault scan_key(struct scan *scan, size_t first)
{
    const char *const start = scan->at;
    struct text raw, key;
    enum json_fault fault;

    if (!is_next(scan, '"'))
        return fault_here(scan, JSON_FAULT_SYNTAX);
    if (scan->key_count - first >= scan->limits->keys_max)
        return JSON_FAULT_COUNT;
    fault = scan_string(scan, &raw);
    if (fault != JSON_OK)
        return fault;
    key = unescape_key(scan, raw);
    for (size_t i = first; i < scan->key_count; i++)
        if (text_equal(scan->keys[i], key)) {
            scan->at = start;
            return JSON_FAULT_DUPLICATE;
        }
    scan->keys[scan->key_count++] = key;
    return JSON_OK;
}

static enum json_fault scan_member(struct scan *scan, size_t first_key)
{
    enum json_fault const fault = scan_key(scan, first_key);

    if (fault != JSON_OK)
        return fault;
    skip_blanks(scan);
    if (!is_next(scan, ':'))
        return fault_here(scan, JSON_FAULT_SYNTAX);
    scan->at++;
    skip_blanks(scan);
    return scan_value(scan);
}

/* At '{' or '['. */
static enum json_fault scan_container(struct scan *scan, bool is_object)
{
    size_t const first_key = scan->key_count;
    char const closing = is_object ? '}' : ']';

    if (scan->depth == scan->limits->depth_max)
        return JSON_FAULT_DEPTH;
    scan->depth++;
    scan->at++;
    skip_blanks(scan);
    while (!is_next(scan, closing)) {
        enum json_fault const fault = is_object ? scan_member(scan, first_key) : scan_value(scan);

        if (fault != JSON_OK)
            return fault;
        skip_blanks(scan);
        if (is_next(scan, closing))
            break;
        if (!is_next(scan, ','))
            return fault_here(scan, JSON_FAULT_SYNTAX);
        scan->at++;
        skip_blanks(scan);
        if (is_next(scan, closing))
            return JSON_FAULT_SYNTAX; /* [1,] */
    }
    scan->at++;
    scan->depth--;
    scan->key_count = first_key;
    return JSON_OK;
}

/* One digit at least. *significant counts them from the first that is not 0, over all calls for one number.
 */
static bool take_digits(struct scan *scan, unsigned *significant)
{
    const char *const first = scan->at;

    for (; scan->at < scan->end && is_digit(*scan->at); scan->at++)
        if (*significant > 0 || *scan->at != '0')
            ++*significant;
    return scan->at > first;
}

/* Behind 'e' or 'E'; *exponent without its sign, and no more than 10 times EXPONENT_MAX. */
static bool take_exponent(struct scan *scan, int *exponent)
{
    const char *first;

    if (is_next(scan, '+') || is_next(scan, '-'))
        scan->at++;
    first = scan->at;
    for (; scan->at < scan->end && is_digit(*scan->at); scan->at++)
        if (*exponent <= EXPONENT_MAX)
            *exponent = *exponent * 10 + (*scan->at - '0');
    return scan->at > first;
}

/*
 * -0 is refused, in each spelling: it is a second name of 0 that no client's serializer writes and that a
 * hash over the value would tell apart. Digits are counted, never converted: strtod() would ask the locale.
 */
static enum json_fault scan_number(struct scan *scan)
{
    const char *const start = scan->at;
    bool const is_negative = is_next(scan, '-');
    bool is_integer = true;
    unsigned significant = 0;
    int exponent = 0;

    if (is_negative)
        scan->at++;
    if (is_next(scan, '0') && scan->at + 1 < scan->end && is_digit(scan->at[1]))
        return JSON_FAULT_SYNTAX; /* 01 */
    if (!take_digits(scan, &significant))
        return fault_here(scan, JSON_FAULT_SYNTAX);
    if (is_next(scan, '.')) {
        is_integer = false;
        scan->at++;
        if (!take_digits(scan, &significant))
            return fault_here(scan, JSON_FAULT_SYNTAX);
    }
    if (is_next(scan, 'e') || is_next(scan, 'E')) {
        is_integer = false;
        scan->at++;
        if (!take_exponent(scan, &exponent))
            return fault_here(scan, JSON_FAULT_SYNTAX);
    }
    if ((is_negative && significant == 0) || significant > DIGITS_MAX || exponent > EXPONENT_MAX ||
        scan->at - start > NUMBER_BYTES_MAX || (scan->limits->is_integer_only && !is_integer)) {
        scan->at = start;
        return JSON_FAULT_NUMBER;
    }
    return JSON_OK;
}

static enum json_fault scan_word(struct scan *scan, struct text word)
{
    if (!text_starts((struct text){scan->at, (size_t)(scan->end - scan->at)}, word))
        return JSON_FAULT_SYNTAX;
    scan->at += word.length;
    return JSON_OK;
}

static enum json_fault scan_value(struct scan *scan)
{
    struct text raw;

    if (scan->at == scan->end)
        return JSON_FAULT_SYNTAX;
    if (scan->nodes == scan->limits->nodes_max)
        return JSON_FAULT_COUNT;
    scan->nodes++;
    switch (*scan->at) {
    case '{': return scan_container(scan, true);
    case '[': return scan_container(scan, false);
    case '"': return scan_string(scan, &raw);
    case 't': return scan_word(scan, TEXT("true"));
    case 'f': return scan_word(scan, TEXT("false"));
    case 'n': return scan_word(scan, TEXT("null"));
    }
    if (*scan->at == '-' || is_digit(*scan->at))
        return scan_number(scan);
    return fault_here(scan, JSON_FAULT_SYNTAX);
}

static enum json_fault scan_all(struct scan *scan)
{
    enum json_fault fault;

    skip_blanks(scan);
    if (scan->at == scan->end)
        return JSON_FAULT_EMPTY;
    fault = scan_value(scan);
    if (fault != JSON_OK)
        return fault;
    skip_blanks(scan);
    return scan->at == scan->end ? JSON_OK : fault_here(scan, JSON_FAULT_TRAILING);
}

enum json_fault json_check(struct text source, const struct json_limits *limits, size_t *offset)
{
    const char *const start = source.data != NULL ? source.data : "";
    struct scan scan = {
        .at = start, .end = start + source.length, .limits = limits, .source_bytes = source.length};
    enum json_fault fault;

    must(limits->depth_max <= LEVELS_MAX && limits->keys_max <= LEVEL_KEYS_MAX);
    /* All that can be open at once; only the pages that are written cost anything. */
    scan.keys = malloc(((size_t)limits->depth_max * limits->keys_max + 1) * sizeof *scan.keys);
    must(scan.keys != NULL);
    fault = scan_all(&scan);
    free(scan.unescaped);
    free(scan.keys);
    *offset = (size_t)(scan.at - start);
    must(*offset <= source.length);
    return fault;
}

static void end_tree(void *root)
{
    cJSON_Delete(root);
}

struct json_result json_parse(struct arena *arena, struct text source, const struct json_limits *limits)
{
    struct json_result result = {.fault = JSON_FAULT_EMPTY};

    result.fault = json_check(source, limits, &result.offset);
    if (result.fault != JSON_OK)
        return result;
    /* Not cJSON's own check for trailing bytes: it wants a NUL behind the text, which a slice has not. */
    result.root = cJSON_ParseWithLengthOpts(source.data, source.length, NULL, false);
    must(result.root != NULL);
    arena_on_end(arena, end_tree, result.root);
    return result;
}

const char *json_fault_name(enum json_fault fault)
{
    switch (fault) {
    case JSON_OK: return "no fault";
    case JSON_FAULT_EMPTY: return "no value at all";
    case JSON_FAULT_UTF8: return "not UTF-8";
    case JSON_FAULT_NUL: return "a NUL character";
    case JSON_FAULT_SYNTAX: return "not JSON";
    case JSON_FAULT_CONTROL: return "a raw control character in a string";
    case JSON_FAULT_ESCAPE: return "a bad escape or a lone surrogate";
    case JSON_FAULT_NUMBER: return "a number that cannot be kept exactly or is no integer";
    case JSON_FAULT_DEPTH: return "nested too deep";
    case JSON_FAULT_COUNT: return "too many values, or too many keys in one object";
    case JSON_FAULT_STRING: return "a string too long";
    case JSON_FAULT_DUPLICATE: return "a key twice in one object";
    case JSON_FAULT_TRAILING: return "something behind the value";
    }
    unreachable();
}

const char *json_fault_label(enum json_fault fault)
{
    switch (fault) {
    case JSON_OK: return "không có lỗi";
    case JSON_FAULT_EMPTY: return "không có nội dung";
    case JSON_FAULT_UTF8: return "không phải UTF-8";
    case JSON_FAULT_NUL: return "có ký tự NUL";
    case JSON_FAULT_SYNTAX: return "sai cú pháp JSON";
    case JSON_FAULT_CONTROL: return "có ký tự điều khiển trong chuỗi";
    case JSON_FAULT_ESCAPE: return "chuỗi thoát sai hoặc thiếu nửa cặp thay thế";
    case JSON_FAULT_NUMBER: return "số không phải số nguyên hoặc không giữ được chính xác";
    case JSON_FAULT_DEPTH: return "lồng quá sâu";
    case JSON_FAULT_COUNT: return "quá nhiều giá trị, hoặc quá nhiều khóa trong một đối tượng";
    case JSON_FAULT_STRING: return "chuỗi quá dài";
    case JSON_FAULT_DUPLICATE: return "một khóa ghi hai lần trong một đối tượng";
    case JSON_FAULT_TRAILING: return "còn nội dung thừa phía sau";
    }
    unreachable();
}
