#include "core/config_value.h"

#include <inttypes.h>

enum { VALUE_BYTES_MAX = 4096 };

struct unit {
    const char *name;
    int64_t size; /* in milliseconds or bytes */
};

/* The largest first; each ends with size 1. */
static const struct unit durations[] = {
    {"d", 86400000}, {"h", 3600000}, {"min", 60000}, {"s", 1000}, {"ms", 1},
};
static const struct unit sizes[] = {
    {"GiB", INT64_C(1) << 30},
    {"MiB", INT64_C(1) << 20},
    {"KiB", INT64_C(1) << 10},
    {"B", 1},
};
static const struct unit plain[] = {{"", 1}};

static const struct unit *units_of(enum config_kind kind)
{
    switch (kind) {
    case CONFIG_DURATION_MS: return durations;
    case CONFIG_BYTES: return sizes;
    case CONFIG_INTEGER: return plain;
    case CONFIG_TEXT:
    case CONFIG_BOOL:
    case CONFIG_CHOICE: return NULL;
    }
    unreachable();
}

/* "30s" by its units; the unit is never left out, not even behind 0. */
static bool parse_number(struct text value, const struct unit *unit, int64_t *number)
{
    struct text digits = value, name;
    int64_t count;

    digits.length = 0;
    while (digits.length < value.length && value.data[digits.length] >= '0' &&
           value.data[digits.length] <= '9')
        digits.length++;
    name = (struct text){value.data + digits.length, value.length - digits.length};
    if (!text_to_i64(digits, &count))
        return false;
    while (!text_equal(name, text_of(unit->name)))
        if (unit++->size == 1)
            return false;
    return !__builtin_mul_overflow(count, unit->size, number);
}

/* "least..most"; any number that is not negative where nothing is said. */
static void range_of(const struct config_row *row, struct text *least, struct text *most)
{
    const char *dots = strstr(row->allowed, "..");

    *least = *most = TEXT_NONE;
    if (dots == NULL)
        return;
    *least = (struct text){row->allowed, (size_t)(dots - row->allowed)};
    *most = text_of(dots + 2);
}

static bool is_in_range(const struct config_row *row, int64_t number)
{
    const struct unit *const units = units_of(row->kind);
    struct text least, most;
    int64_t bound;

    range_of(row, &least, &most);
    if (least.data == NULL)
        return true;
    must(parse_number(least, units, &bound));
    if (number < bound)
        return false;
    must(parse_number(most, units, &bound));
    return number <= bound;
}

static bool is_choice(const struct config_row *row, struct text value)
{
    struct text rest = text_of(row->allowed);

    while (rest.data != NULL)
        if (text_equal(text_cut(rest, ' ', &rest), value))
            return true;
    return false;
}

/* One line of text; what the file calls a value never needs more. */
static bool is_printable(struct text value)
{
    if (value.length > VALUE_BYTES_MAX || !text_is_utf8(value))
        return false;
    for (size_t i = 0; i < value.length; i++)
        if ((unsigned char)value.data[i] < 0x20 || value.data[i] == 0x7F)
            return false;
    return true;
}

/* Quotes are no part of this file format; whoever writes them means what is between them. */
static bool is_quoted(struct text value)
{
    return value.length >= 2 && (value.data[0] == '"' || value.data[0] == '\'') &&
           value.data[0] == value.data[value.length - 1];
}

bool config_value_set(struct config *config, const struct config_row *row, struct text value,
                      struct arena *arena)
{
    void *const field = (char *)config + row->offset;
    int64_t number;

    if (!is_printable(value))
        return false;
    switch (row->kind) {
    case CONFIG_CHOICE:
        if (!is_choice(row, value))
            return false;
        *(const char **)field = text_copy(arena, value);
        return true;
    case CONFIG_TEXT:
        if (is_quoted(value))
            return false;
        *(const char **)field = text_copy(arena, value);
        return true;
    case CONFIG_BOOL:
        if (!text_equal(value, TEXT("true")) && !text_equal(value, TEXT("false")))
            return false;
        *(bool *)field = value.length == 4;
        return true;
    case CONFIG_INTEGER:
    case CONFIG_DURATION_MS:
    case CONFIG_BYTES:
        if (!parse_number(value, units_of(row->kind), &number) || !is_in_range(row, number))
            return false;
        *(int64_t *)field = number;
        return true;
    }
    unreachable();
}

static const char *range_text(const struct config_row *row, struct arena *arena)
{
    struct text least, most;

    range_of(row, &least, &most);
    return least.data == NULL ? ""
                              : arena_printf(arena, " from %.*s to %.*s", TEXT_ARG(least), TEXT_ARG(most));
}

const char *config_value_expected(const struct config_row *row, struct arena *arena)
{
    switch (row->kind) {
    case CONFIG_TEXT: return "one line of text without quotes around it";
    case CONFIG_BOOL: return "true or false";
    case CONFIG_CHOICE: return arena_printf(arena, "one of: %s", row->allowed);
    case CONFIG_INTEGER: return arena_printf(arena, "a whole number%s", range_text(row, arena));
    case CONFIG_DURATION_MS:
        return arena_printf(arena, "a duration%s (units ms s min h d)", range_text(row, arena));
    case CONFIG_BYTES: return arena_printf(arena, "a size%s (units B KiB MiB GiB)", range_text(row, arena));
    }
    unreachable();
}

static void print_number(int64_t number, const struct unit *unit, FILE *out)
{
    if (number == 0)
        while (unit->size > 1000) /* 0s and 0B read better than 0d and 0GiB */
            unit++;
    while (number % unit->size != 0)
        unit++;
    fprintf(out, "%" PRId64 "%s", number / unit->size, unit->name);
}

/* Where a password begins in a connection string ("password=…" or "//user:…@"); NULL where there is none. */
static const char *password_in(const char *conninfo, size_t *length)
{
    const char *at = strstr(conninfo, "password");
    const char *const end = strrchr(conninfo, '@');

    if (at != NULL && at[strcspn(at, " =")] != '\0') { /* not a path that is called so */
        at += strlen("password");
        at += strspn(at, " =");
        *length = at[0] == '\'' ? strlen(at) : strcspn(at, " &");
        return at;
    }
    at = strstr(conninfo, "://");
    if (at == NULL || end == NULL)
        return NULL;
    at = strchr(at + 3, ':');
    if (at == NULL || at > end)
        return NULL;
    *length = (size_t)(end - at - 1);
    return at + 1;
}

/* Whether more than one part of a connection string may be a password: then nothing of it is shown. */
static bool has_passwords(const char *conninfo)
{
    const char *const first = strstr(conninfo, "password");

    return first != NULL && (strstr(first + 1, "password") != NULL || strchr(conninfo, '@') != NULL);
}

static void print_text(const char *value, FILE *out)
{
    size_t length = 0;
    const char *const password = password_in(value, &length);

    if (has_passwords(value))
        fputs("***", out);
    else if (password == NULL)
        fputs(value, out);
    else
        fprintf(out, "%.*s***%s", (int)(password - value), value, password + length);
}

void config_value_print(const struct config *config, const struct config_row *row, FILE *out)
{
    const void *const field = (const char *)config + row->offset;

    switch (row->kind) {
    case CONFIG_TEXT:
    case CONFIG_CHOICE: print_text(*(const char *const *)field, out); return;
    case CONFIG_BOOL: fputs(*(const bool *)field ? "true" : "false", out); return;
    case CONFIG_INTEGER:
    case CONFIG_DURATION_MS:
    case CONFIG_BYTES: print_number(*(const int64_t *)field, units_of(row->kind), out); return;
    }
    unreachable();
}
