/*
 * The loader of calendars: whatever the bytes are, it answers or refuses with a fault, and what it takes
 * computes without leaving its tables. The first bytes choose what is computed.
 */
#include <stdint.h>

#include "calendar/book.h"
#include "calendar/explain.h"
#include "calendar/pause.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void compute(const struct calendar *calendar, const uint8_t *choice)
{
    int64_t const received_s =
        instant_at(7305, 0) + (int64_t)(choice[0] << 16 | choice[1] << 8 | choice[2]) * 207;
    struct calendar_limit const limit = {(enum calendar_unit)(choice[3] % 6),
                                         (int64_t)choice[4] << (choice[5] % 40), choice[6] % 2 == 1};
    struct calendar_pause const pause = {received_s + choice[6] * 600,
                                         received_s + choice[6] * 600 + choice[7] * 900, choice[7] % 2 == 1};
    struct calendar_skip skips[8];
    struct calendar_explanation explanation = {.skips = skips, .skip_max = 8};
    struct calendar_clock clock;

    if (!calendar_clock_find(calendar, &limit, received_s, &pause, 1, &clock))
        return;
    must(clock.due.starts_s == CALENDAR_OUTSIDE || clock.due.starts_s >= received_s - 59);
    must(clock.due.due_eod_s == 0 || clock.due.due_eod_s >= clock.due.due_clock_s);
    must(calendar_worked_min(calendar, clock.due.starts_s, clock.original_due_clock_s) >= 0 ||
         limit.unit == CALENDAR_NO_LIMIT);
    if (clock.due.due_clock_s < received_s + INT64_C(400) * 86400)
        calendar_due_explain(calendar, &limit, &clock.due, &explanation);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena;
    struct calendar_faults faults;
    const struct calendar_book *book;

    if (size < 8)
        return 0;
    arena = arena_create(256 * (size_t)CALENDAR_BYTES_MAX);
    book = calendar_book_parse(arena, "fuzz", (struct text){(const char *)data + 8, size - 8}, &faults);
    must((book == NULL) == (faults.count > 0));
    for (size_t i = 0; book != NULL && i < calendar_book_size(book); i++) {
        must(calendar_find(book, calendar_code(calendar_book_at(book, i))) == calendar_book_at(book, i));
        compute(calendar_book_at(book, i), data);
    }
    arena_destroy(arena);
    return 0;
}
