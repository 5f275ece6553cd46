/*
 * Stops of the clock beyond the published cases: overlapping ones, restarts, stops that come too late, other
 * units.
 */
#include "test_calendar.h"

#include "calendar/pause.h"

static struct arena *arena;
static const struct calendar *national;

/* What pauses do beyond U01–U08; "stop>resume", with ! for a restart. */
static const struct {
    const char *what;
    struct calendar_limit limit;
    const char *received, *pauses, *clock, *eod;
} stops[] = {
    {"two that overlap count once",
     {CALENDAR_WORK_DAY, 5000, false},
     "2026-03-02 09:30",
     "2026-03-05 10:00>2026-03-10 14:00 ; 2026-03-04 10:00>2026-03-06 09:00",
     "2026-03-13 11:30",
     "2026-03-13 17:00"},
    {"one inside the other",
     {CALENDAR_WORK_DAY, 5000, false},
     "2026-03-02 09:30",
     "2026-03-04 10:00>2026-03-10 14:00 ; 2026-03-05 10:00>2026-03-06 09:00",
     "2026-03-13 11:30",
     "2026-03-13 17:00"},
    {"after the legal limit: late stays late",
     {CALENDAR_WORK_DAY, 1000, false},
     "2026-03-02 09:30",
     "2026-03-04 08:00>2026-03-10 14:00",
     "2026-03-03 09:30",
     "2026-03-03 17:00"},
    {"a restart does not save it either",
     {CALENDAR_WORK_DAY, 1000, false},
     "2026-03-02 09:30",
     "2026-03-04 08:00>2026-03-10 14:00!",
     "2026-03-03 09:30",
     "2026-03-03 17:00"},
    {"behind the printed hour, same day: due when it resumes",
     {CALENDAR_WORK_DAY, 1000, false},
     "2026-03-02 09:30",
     "2026-03-03 10:00>2026-03-10 14:00",
     "2026-03-10 14:00",
     "2026-03-10 17:00"},
    {"a restart, then a pause",
     {CALENDAR_WORK_DAY, 2000, false},
     "2026-03-02 09:00",
     "2026-03-03 09:00>2026-03-05 09:00! ; 2026-03-06 09:00>2026-03-09 09:00",
     "2026-03-10 09:00",
     "2026-03-10 17:00"},
    {"a pause that runs into a restart is one restart",
     {CALENDAR_WORK_DAY, 5000, false},
     "2026-03-02 09:30",
     "2026-03-04 10:00>2026-03-06 09:00 ; 2026-03-05 10:00>2026-03-10 14:00!",
     "2026-03-17 14:00",
     "2026-03-17 17:00"},
    {"whole days that are left keep the clock time",
     {CALENDAR_WORK_DAY, 2000, false},
     "2026-03-02 13:30",
     "2026-03-03 13:30>2026-03-04 13:30",
     "2026-03-05 13:30",
     "2026-03-05 17:00"},
    {"hours",
     {CALENDAR_WORK_HOUR, 8000, false},
     "2026-03-02 08:00",
     "2026-03-02 10:00>2026-03-03 10:00",
     "2026-03-04 08:00",
     ""},
    {"calendar days: as many days as it stood still",
     {CALENDAR_CAL_DAY, 10000, false},
     "2026-03-02 09:00",
     "2026-03-05 10:00>2026-03-09 10:00",
     "2026-03-16 17:00",
     "2026-03-16 17:00"},
    {"calendar days: stop on the rolled last day",
     {CALENDAR_CAL_DAY, 5000, false},
     "2026-03-02 09:00",
     "2026-03-09 08:00>2026-03-12 10:00",
     "2026-03-12 17:00",
     "2026-03-12 17:00"},
    {"within the day",
     {CALENDAR_SAME_DAY_15, 0, false},
     "2026-03-02 09:00",
     "2026-03-02 10:00>2026-03-03 10:00",
     "2026-03-03 17:00",
     "2026-03-03 17:00"},
    {"before the last-hour start it costs nothing",
     {CALENDAR_WORK_DAY, 2000, true},
     "2026-03-02 16:30",
     "2026-03-02 16:40>2026-03-02 16:50",
     "2026-03-05 07:00",
     "2026-03-05 17:00"},
};

static size_t read_pauses(const char *here, struct calendar_pause pauses[2])
{
    char stop[17], resume[17];
    size_t count = 0;

    for (; here != NULL; here = strstr(here, " ; ")) {
        here += *here == ' ' ? strlen(" ; ") : 0;
        snprintf(stop, sizeof stop, "%s", here);
        snprintf(resume, sizeof resume, "%s", here + 17);
        pauses[count++] = (struct calendar_pause){at(stop), at(resume), here[33] == '!'};
    }
    return count;
}

static void stops_only_give_what_they_took(void **state)
{
    (void)state;
    for (size_t i = 0; i < array_length(stops); i++) {
        struct calendar_pause pauses[2];
        size_t const count = read_pauses(stops[i].pauses, pauses);
        struct calendar_clock clock;

        assert_true(
            calendar_clock_find(national, &stops[i].limit, at(stops[i].received), pauses, count, &clock));
        expect_at(stops[i].what, clock.due.due_clock_s, stops[i].clock);
        expect_at(stops[i].what, clock.due.due_eod_s, stops[i].eod);
        expect_at(stops[i].what, clock.due.received_s, stops[i].received);
    }
}

static void an_open_stop_has_no_due(void **state)
{
    struct calendar_limit const limit = {CALENDAR_WORK_DAY, 5000, false};
    struct calendar_pause const open = {at("2026-03-04 10:00"), 0, false};
    struct calendar_pause const backwards = {at("2026-03-04 10:00"), at("2026-03-04 09:00"), false};
    struct calendar_clock clock;

    (void)state;
    assert_true(calendar_clock_find(national, &limit, at("2026-03-02 09:30"), &open, 1, &clock));
    assert_true(clock.is_stopped);
    assert_int_equal(clock.remaining_min, 23 * 60 + 30);
    assert_int_equal(clock.due.due_clock_s, 0);
    expect_at("original", clock.original_due_clock_s, "2026-03-09 09:30");
    assert_int_equal(calendar_running_min(national, at("2026-03-02 09:30"), at("2026-03-20 09:30"), &open, 1),
                     990);
    assert_false(calendar_clock_find(national, &limit, at("2026-03-02 09:30"), &backwards, 1, &clock));
}

static int set_up(void **state)
{
    (void)state;
    arena = arena_create(16 * CALENDAR_BYTES_MAX);
    national = national_calendar(arena);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_destroy(arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stops_only_give_what_they_took),
        cmocka_unit_test(an_open_stop_has_no_due),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
