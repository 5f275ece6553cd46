#pragma once
/* What the tests of the calendar share: instants and documents as a person writes them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "calendar/book.h"

/* "2026-03-02 09:30" or "2026-03-02 09:30:59", local; 0 for "". */
static inline int64_t at(const char *local)
{
    char rfc3339[40];
    int64_t at_s;

    if (*local == '\0')
        return 0;
    snprintf(rfc3339, sizeof rfc3339, "%.10sT%s%s+07:00", local, local + 11,
             strlen(local) == 16 ? ":00" : "");
    if (!instant_parse(text_of(rfc3339), &at_s))
        fail_msg("not a time: %s", local);
    return at_s;
}

/* The other way round, for messages and comparisons that people can read. */
static inline const char *local(int64_t at_s, char buffer[INSTANT_TEXT_BYTES])
{
    if (at_s == 0)
        return "";
    if (at_s == CALENDAR_OUTSIDE)
        return "outside";
    instant_format(buffer, at_s);
    buffer[10] = ' ';
    buffer[instant_second_of_day(at_s) % 60 == 0 ? 16 : 19] = '\0';
    return buffer;
}

static inline void expect_at(const char *what, int64_t found_s, const char *expected)
{
    char buffer[INSTANT_TEXT_BYTES];

    if (strcmp(local(found_s, buffer), expected) != 0)
        fail_msg("%s: %s, expected %s", what, local(found_s, buffer), expected);
}

static inline int32_t on(const char *date)
{
    int32_t day;

    if (!day_parse(text_of(date), &day))
        fail_msg("not a date: %s", date);
    return day;
}

static inline struct text read_whole(struct arena *arena, const char *path)
{
    enum { BYTES_MAX = 1 << 20 };
    FILE *file = fopen(path, "rb");
    char *data = arena_alloc(arena, BYTES_MAX);
    size_t length;

    if (file == NULL)
        fail_msg("cannot open %s", path);
    length = fread(data, 1, BYTES_MAX - 1, file);
    fclose(file);
    return (struct text){.data = data, .length = length};
}

static inline const struct calendar_book *book_of(struct arena *arena, const char *file, struct text json)
{
    struct calendar_faults faults;
    const struct calendar_book *book = calendar_book_parse(arena, file, json, &faults);

    calendar_faults_print(&faults, stderr);
    assert_non_null(book);
    return book;
}

/* The calendar of the whole country, as it is delivered. */
static inline const struct calendar *national_calendar(struct arena *arena)
{
    const struct calendar_book *book =
        book_of(arena, "vn.json", read_whole(arena, SOURCE_DIR "/config/calendars/vn.json"));
    const struct calendar *calendar = calendar_find(book, TEXT("VN"));

    assert_non_null(calendar);
    return calendar;
}
