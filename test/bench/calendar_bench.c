/*
 * What a due of 30 working days costs. Not part of the build; by hand, after the library is built in build/:
 *
 *   cc -std=c17 -O2 -D_GNU_SOURCE -Iserver -o calendar_bench test/bench/calendar_bench.c
 * build/libmotcua_rules.a \ build/libmotcua_core.a -lcjson -lunistring && ./calendar_bench
 * config/calendars/vn.json
 */
#include <stdio.h>
#include <time.h>

#include "calendar/book.h"
#include "calendar/explain.h"
#include "calendar/pause.h"

enum { ROUNDS = 5000000, JSON_BYTES_MAX = 1 << 20 };

static const struct calendar *calendar;
static int64_t first_s;

static void due_of_30_days(int64_t received_s)
{
    struct calendar_limit const limit = {CALENDAR_WORK_DAY, 30000, false};
    struct calendar_due due;

    must(calendar_due_find(calendar, &limit, received_s, &due) && due.due_clock_s > received_s);
}

static void due_of_240_hours(int64_t received_s)
{
    struct calendar_limit const limit = {CALENDAR_WORK_HOUR, 240000, false};
    struct calendar_due due;

    must(calendar_due_find(calendar, &limit, received_s, &due) && due.due_clock_s > received_s);
}

static void due_with_explanation(int64_t received_s)
{
    struct calendar_limit const limit = {CALENDAR_WORK_DAY, 30000, false};
    struct calendar_skip skips[32];
    struct calendar_explanation explanation = {.skips = skips, .skip_max = 32};
    struct calendar_due due;

    must(calendar_due_find(calendar, &limit, received_s, &due));
    calendar_due_explain(calendar, &limit, &due, &explanation);
    must(explanation.skip_total >= 8);
}

static void due_with_two_pauses(int64_t received_s)
{
    enum { HOUR_S = 3600 };
    struct calendar_limit const limit = {CALENDAR_WORK_DAY, 30000, false};
    struct calendar_pause const pauses[] = {{received_s + 50 * HOUR_S, received_s + 90 * HOUR_S, false},
                                            {received_s + 200 * HOUR_S, received_s + 300 * HOUR_S, false}};
    struct calendar_clock clock;

    must(calendar_clock_find(calendar, &limit, received_s, pauses, 2, &clock) && !clock.is_stopped);
}

static void measured(int64_t received_s)
{
    must(calendar_worked_min(calendar, received_s, received_s + 42 * 86400) > 0);
}

static void run(const char *what, void (*once)(int64_t))
{
    struct timespec begin, end;
    double ns;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);
    for (int64_t i = 0; i < ROUNDS; i++)
        once(first_s + i * 7919 % (86400 * 700));
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
    ns = (double)(end.tv_sec - begin.tv_sec) * 1e9 + (double)(end.tv_nsec - begin.tv_nsec);
    printf("%-24s %7.1f ns\n", what, ns / ROUNDS);
}

int main(int count, char *words[])
{
    static char json[JSON_BYTES_MAX];
    struct arena *arena = arena_create(16 * (size_t)CALENDAR_BYTES_MAX);
    struct calendar_faults faults;
    const struct calendar_book *book;
    FILE *file = count == 2 ? fopen(words[1], "rb") : NULL;

    if (file == NULL)
        return 64;
    book =
        calendar_book_parse(arena, words[1], (struct text){json, fread(json, 1, sizeof json, file)}, &faults);
    calendar_faults_print(&faults, stderr);
    must(book != NULL);
    calendar = calendar_book_at(book, 0);
    first_s = instant_at(day_from_civil(2025, 1, 1), 0);
    run("30 working days", due_of_30_days);
    run("240 working hours", due_of_240_hours);
    run("30 days, explained", due_with_explanation);
    run("30 days, two pauses", due_with_two_pauses);
    run("worked minutes", measured);
    printf("%zu bytes of arena\n", arena_bytes(arena));
    fclose(file);
    arena_destroy(arena);
    return 0;
}
