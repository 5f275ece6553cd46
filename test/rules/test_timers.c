/* What time says by itself about a dossier, at which minute, and who answers for lateness. */
#include "test_calendar.h"

#include "calendar/timeliness.h"
#include "dossier/clock_rules.h"
#include "dossier/lateness_rules.h"
#include "dossier/timers_rules.h"

static struct arena *arena;
static const struct calendar *national;

static const struct timer_settings usual = {
    .warn_percent = 80, .answer_min = 480, .handover_min = 240, .unclaimed_days = 30};

/* A dossier accepted then under such a limit, as dossier_accept() makes it. */
static struct dossier accepted(const char *received, enum limit_unit unit, int64_t milli)
{
    struct dossier dossier = {.state = STATE_ACCEPTED,
                              .step_phase = PHASE_DESK,
                              .plan = {.limit_unit = unit,
                                       .limit_milli = milli,
                                       .quota_min = {[PHASE_DESK] = 240,
                                                     [PHASE_ASSIGN] = 240,
                                                     [PHASE_PROCESS] = 5280,
                                                     [PHASE_REVIEW] = 480,
                                                     [PHASE_SIGN] = 480,
                                                     [PHASE_ISSUE] = 480}}};
    struct dossier_acceptance const start = dossier_accept(&dossier.plan, national, at(received));

    dossier.accepted_at_s = dossier.clock_start_s = start.accepted_at_s;
    dossier.due_clock_s = start.due_clock_s;
    dossier.due_eod_s = start.due_eod_s;
    dossier.step_due_s = start.step_due_s;
    return dossier;
}

/* "KIND 2026-03-05 09:30 ; …", earliest first. */
static void expect_timers(const char *what, const struct dossier *dossier, const char *since,
                          const char *expected)
{
    struct timer timers[TIMER_COUNT];
    size_t const count = dossier_timers(dossier, at(since), &usual, national, timers);
    char found[1024] = "", buffer[INSTANT_TEXT_BYTES];

    for (size_t i = 0; i < count; i++) {
        size_t const used = strlen(found);

        snprintf(found + used, sizeof found - used, "%s%s %s", i == 0 ? "" : " ; ",
                 timer_name(timers[i].kind), local(timers[i].at_s, buffer));
    }
    if (strcmp(found, expected) != 0)
        fail_msg("%s:\n  %s, expected\n  %s", what, found, expected);
}

static const struct {
    const char *what;
    enum limit_unit unit;
    int64_t milli;
    const char *received, *expected;
} accepted_cases[] = {
    {"five days, the desk has four hours", LIMIT_WORK_DAY, 5000, "2026-03-02 09:30",
     "STEP_OVERDUE 2026-03-02 15:31 ; WARN_80 2026-03-06 09:30 ; WARN_1DAY 2026-03-06 09:30 ; "
     "OVERDUE 2026-03-10 00:00"},
    {"fifteen days: 24 hours are left at 80 %", LIMIT_WORK_DAY, 15000, "2026-03-02 09:30",
     "STEP_OVERDUE 2026-03-02 15:31 ; WARN_80 2026-03-18 09:30 ; WARN_1DAY 2026-03-20 09:30 ; "
     "OVERDUE 2026-03-24 00:00"},
    {"one day: warned, but not that a day is left", LIMIT_WORK_DAY, 1000, "2026-03-02 09:30",
     "STEP_OVERDUE 2026-03-02 15:31 ; WARN_80 2026-03-03 07:54 ; OVERDUE 2026-03-04 00:00"},
    {"over Tết: due before it, overdue by date on its first day", LIMIT_WORK_DAY, 1000, "2026-02-12 16:30",
     "STEP_OVERDUE 2026-02-13 10:31 ; WARN_80 2026-02-13 14:54 ; OVERDUE 2026-02-14 00:00"},
    {"in hours: overdue by the worked minute, the first of them after Tết", LIMIT_WORK_HOUR, 4000,
     "2026-02-13 13:00",
     "WARN_80 2026-02-13 16:42 ; OVERDUE 2026-02-23 07:31 ; STEP_OVERDUE 2026-02-23 07:31"},
    {"due at closing before Tết: 07:01 on the day it is open again", LIMIT_WORK_HOUR, 3500,
     "2026-02-13 13:30",
     "WARN_80 2026-02-13 16:18 ; OVERDUE 2026-02-23 07:01 ; STEP_OVERDUE 2026-02-23 07:31"},
    {"no limit: the step alone", LIMIT_NONE, 0, "2026-03-02 09:30", "STEP_OVERDUE 2026-03-02 15:31"},
};

static void timers_of_accepted(void **state)
{
    (void)state;
    for (size_t i = 0; i < array_length(accepted_cases); i++) {
        struct dossier const dossier =
            accepted(accepted_cases[i].received, accepted_cases[i].unit, accepted_cases[i].milli);

        expect_timers(accepted_cases[i].what, &dossier, accepted_cases[i].received,
                      accepted_cases[i].expected);
    }
}

static void the_clock_starts_with_the_first_minute_that_counts(void **state)
{
    static const char *const cases[][2] = {{"2026-03-02 09:30", "2026-03-02 09:30"},
                                           {"2026-03-02 06:10", "2026-03-02 07:00"},
                                           {"2026-03-02 12:15", "2026-03-02 13:30"},
                                           {"2026-03-06 20:00", "2026-03-09 07:00"},
                                           {"2026-02-15 09:00", "2026-02-23 07:00"}};

    (void)state;
    for (size_t i = 0; i < array_length(cases); i++) {
        struct dossier dossier = accepted(cases[i][0], LIMIT_WORK_DAY, 5000);

        assert_int_equal(clock_counts_from(&dossier, national), at(cases[i][1]));
        assert_int_equal(dossier.accepted_at_s, at(cases[i][0]));
        dossier.clock_start_s = at("2026-03-03 18:00"); /* a second run */
        assert_int_equal(clock_counts_from(&dossier, national), at("2026-03-04 07:00"));
    }
    assert_int_equal(clock_counts_from(&(struct dossier){.state = STATE_SUBMITTED}, national), 0);
}

static void timers_of_other_states(void **state)
{
    struct dossier dossier = accepted("2026-03-02 09:30", LIMIT_WORK_DAY, 5000);

    (void)state;
    dossier.state = STATE_IN_TRANSFER;
    expect_timers("a hand-over: four worked hours, and the desk's step runs on", &dossier, "2026-03-02 14:00",
                  "STEP_OVERDUE 2026-03-02 15:31 ; HANDOVER_OVERDUE 2026-03-03 08:01 ; "
                  "WARN_80 2026-03-06 09:30 ; WARN_1DAY 2026-03-06 09:30 ; OVERDUE 2026-03-10 00:00");
    dossier.state = STATE_CONSULTING;
    dossier.consult_due_s = at("2026-03-04 17:00");
    expect_timers("who is asked has a deadline of his own: 07:01 of the day after", &dossier,
                  "2026-03-02 14:00",
                  "STEP_OVERDUE 2026-03-02 15:31 ; CONSULTATION_OVERDUE 2026-03-05 07:01 ; "
                  "WARN_80 2026-03-06 09:30 ; WARN_1DAY 2026-03-06 09:30 ; OVERDUE 2026-03-10 00:00");
    dossier.consult_due_s = 0;
    dossier.state = STATE_SUPPLEMENT_WAIT;
    dossier.supplement_due_s = at("2026-03-25 17:00");
    expect_timers("the clock stands: nothing but the citizen's own limit", &dossier, "2026-03-04 10:00",
                  "SUPPLEMENT_EXPIRED 2026-03-25 17:01");
    dossier.supplement_due_s = 0;
    dossier.state = STATE_FINANCIAL_WAIT;
    expect_timers("waiting for payment", &dossier, "2026-03-04 10:00", "");
    dossier.state = STATE_RESULT_READY;
    expect_timers("a result nobody comes for", &dossier, "2026-03-04 10:00",
                  "UNCLAIMED 2026-04-03 10:00 ; UNCLAIMED_AGAIN 2026-05-03 10:00");
    dossier.state = STATE_UNCLAIMED;
    expect_timers("the second reminder", &dossier, "2026-04-03 11:00", "UNCLAIMED_AGAIN 2026-05-03 11:00");
    dossier.state = STATE_RETURNED;
    expect_timers("over", &dossier, "2026-03-04 10:00", "");
    dossier = (struct dossier){.state = STATE_SUBMITTED};
    expect_timers("submitted on Friday night: 8 hours end with Monday (H09)", &dossier, "2026-03-06 20:00",
                  "ANSWER_OVERDUE 2026-03-10 07:01");
}

static void timers_after_a_stop(void **state)
{
    struct dossier dossier = accepted("2026-03-02 09:30", LIMIT_WORK_DAY, 5000);

    (void)state;
    dossier.state = STATE_PROCESSING; /* U01: 16 h 30 used, 23 h 30 left from 10/03 14:00 */
    dossier.pauses[0] = (struct dossier_pause){at("2026-03-04 10:00"), at("2026-03-10 14:00"), false};
    dossier.pause_count = 1;
    dossier.due_clock_s = at("2026-03-13 11:30");
    dossier.due_eod_s = at("2026-03-13 17:00");
    dossier.step_due_s = 0;
    /* 11:30 and 13:30 are one worked instant: a warning takes the later */
    expect_timers("U01", &dossier, "2026-03-10 14:00",
                  "WARN_80 2026-03-12 13:30 ; WARN_1DAY 2026-03-12 13:30 ; OVERDUE 2026-03-14 00:00");
    dossier.reappointed_due_at_s = at("2026-03-20 17:00");
    expect_timers("a second promise has its own end", &dossier, "2026-03-10 14:00",
                  "WARN_80 2026-03-12 13:30 ; WARN_1DAY 2026-03-12 13:30 ; OVERDUE 2026-03-14 00:00 ; "
                  "REAPPOINTED_OVERDUE 2026-03-23 07:01");
}

/* OVERDUE comes at the very minute from which the judge would say so. */
static void overdue_is_what_the_judge_says(void **state)
{
    static const enum limit_unit units[] = {LIMIT_WORK_DAY, LIMIT_CAL_DAY, LIMIT_MONTH, LIMIT_WORK_HOUR,
                                            LIMIT_SAME_DAY_15};
    uint64_t random = 20260302;

    (void)state;
    for (int i = 0; i < 200000; i++) {
        struct timer timers[TIMER_COUNT];
        struct dossier dossier = {.state = STATE_PROCESSING};
        struct dossier_acceptance start;
        int64_t received_s, overdue_s = 0;
        size_t count;

        random = random * 6364136223846793005U + 1442695040888963407U;
        received_s = at("2025-01-01 00:00") + (int64_t)(random >> 33) % (700 * 24 * 60) * 60;
        dossier.plan.limit_unit = units[(random >> 20) % array_length(units)];
        dossier.plan.limit_milli = (int64_t)(1 + (random >> 24) % 60) * 500;
        start = dossier_accept(&dossier.plan, national, received_s);
        dossier.clock_start_s = received_s;
        dossier.due_clock_s = start.due_clock_s;
        dossier.due_eod_s = start.due_eod_s;
        count = dossier_timers(&dossier, received_s, &usual, national, timers);
        for (size_t t = 0; t < count; t++) {
            assert_true(t == 0 || timers[t].at_s >= timers[t - 1].at_s);
            assert_true(timers[t].at_s > received_s);
            if (timers[t].kind == TIMER_OVERDUE)
                overdue_s = timers[t].at_s;
        }
        assert_int_equal(clock_judge(&dossier, national, overdue_s, false), TIMELINESS_OVERDUE);
        assert_int_not_equal(clock_judge(&dossier, national, overdue_s - 60, false), TIMELINESS_OVERDUE);
    }
}

/* What the later steps need is kept free before the due. */
static void inbox_order(void **state)
{
    struct dossier dossier = accepted("2026-03-02 09:30", LIMIT_WORK_DAY, 15000);
    static const struct {
        enum dossier_phase phase;
        const char *by;
    } steps[] = {{PHASE_DESK, "2026-03-02 15:30"},    {PHASE_ASSIGN, "2026-03-03 09:30"},
                 {PHASE_PROCESS, "2026-03-18 09:30"}, {PHASE_REVIEW, "2026-03-19 09:30"},
                 {PHASE_SIGN, "2026-03-20 09:30"},    {PHASE_ISSUE, "2026-03-23 09:30"}};

    (void)state;
    for (size_t i = 0; i < array_length(steps); i++) { /* the step split of deadlines §11 */
        dossier.step_phase = steps[i].phase;
        expect_at(phase_name(steps[i].phase), dossier_latest_handover(&dossier, national), steps[i].by);
    }
    dossier.due_clock_s = 0;
    assert_int_equal(dossier_latest_handover(&dossier, national), 0);
}

static void worked_before_is_the_way_back(void **state)
{
    uint64_t random = 7;

    (void)state;
    for (int i = 0; i < 100000; i++) {
        int64_t from_s, back_s, worked_min;

        random = random * 6364136223846793005U + 1442695040888963407U;
        from_s = at("2025-06-01 00:00") + (int64_t)(random >> 33) % (500 * 24 * 60) * 60;
        worked_min = 1 + (int64_t)((random >> 20) % 20000);
        back_s = worked_before(national, from_s, worked_min);
        assert_int_equal(calendar_worked_min(national, back_s, from_s), worked_min);
        assert_int_equal(calendar_worked_min(national, back_s + 60, from_s), worked_min - 1);
    }
}

/* --- lateness --- */

static struct event_fact step(const char *when, enum dossier_phase phase, const char *due, const char *unit)
{
    return (struct event_fact){.at_s = at(when),
                               .phase = phase,
                               .step_due_s = at(due),
                               .unit = text_of(unit),
                               .is_step_start = true,
                               .state = STATE_PROCESSING};
}

static void who_is_late(void **state)
{
    struct dossier before = accepted("2026-03-02 09:30", LIMIT_WORK_DAY, 5000); /* legal: 2026-03-09 17:00 */
    struct event_fact facts[] = {step("2026-03-02 09:30", PHASE_DESK, "2026-03-02 15:30", "desk"),
                                 step("2026-03-02 11:00", PHASE_ASSIGN, "2026-03-02 16:00", "head"),
                                 step("2026-03-03 08:00", PHASE_PROCESS, "2026-03-06 09:00", "handler"),
                                 step("2026-03-10 08:00", PHASE_REVIEW, "2026-03-11 08:00", "review")};
    struct lateness late;

    (void)state;
    facts[0].clock = TEXT("START");
    before.step_due_s = at("2026-03-11 08:00");
    late = lateness_of_step(&before, facts, 4, national, at("2026-03-10 16:00"));
    assert_false(late.is_late); /* its own step in time, though the dossier is late */
    late = lateness_of_step(&before, facts, 4, national, at("2026-03-11 08:01"));
    assert_true(late.is_late && late.fact == 3 && late.minutes_over == 1);
    late = lateness_of_dossier(&before, facts, 4, national, at("2026-03-10 16:00"));
    assert_int_equal(late.fact, 1); /* the head was late first: 16:00 against 08:00 the day after */
    assert_int_equal(late.minutes_over, 7 * 60); /* 10/03 07:00–11:30, 13:30–16:00 */
    facts[2].at_s = at("2026-03-02 15:00");
    late = lateness_of_dossier(&before, facts, 4, national, at("2026-03-10 16:00"));
    assert_int_equal(late.fact, 2); /* now the handler: due 06/03, gave it on 10/03 */
    facts[2].step_due_s = facts[1].step_due_s = 0;
    late = lateness_of_dossier(&before, facts, 4, national, at("2026-03-10 16:00"));
    assert_int_equal(late.fact, 2); /* nobody late for himself: who had it when the limit passed */
}

static void stops_are_nobodys_lateness(void **state)
{
    struct dossier before = accepted("2026-03-02 09:30", LIMIT_WORK_DAY, 5000);
    struct event_fact facts[] = {step("2026-03-02 09:30", PHASE_PROCESS, "2026-03-04 09:00", "handler")};
    struct lateness late;

    (void)state;
    before.step_due_s = at("2026-03-04 09:00");
    before.pauses[0] = (struct dossier_pause){at("2026-03-04 10:00"), at("2026-03-05 10:00"), false};
    before.pause_count = 1;
    before.state = STATE_PROCESSING;
    late = lateness_of_step(&before, facts, 1, national, at("2026-03-05 11:00"));
    assert_true(late.is_late);
    assert_int_equal(late.minutes_over, 120); /* an hour before the stop, an hour after it */
    before.pauses[0] = (struct dossier_pause){at("2026-03-03 10:00"), 0, false};
    before.state = STATE_SUPPLEMENT_WAIT;
    before.step_remaining_min = 420;
    late = lateness_of_step(&before, facts, 1, national, at("2026-04-20 10:00"));
    assert_false(late.is_late); /* the citizen never came: the step was in time when it stopped */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_clock_starts_with_the_first_minute_that_counts),
        cmocka_unit_test(timers_of_accepted),
        cmocka_unit_test(timers_of_other_states),
        cmocka_unit_test(timers_after_a_stop),
        cmocka_unit_test(overdue_is_what_the_judge_says),
        cmocka_unit_test(inbox_order),
        cmocka_unit_test(worked_before_is_the_way_back),
        cmocka_unit_test(who_is_late),
        cmocka_unit_test(stops_are_nobodys_lateness),
    };
    int failed;

    arena = arena_create(16 * CALENDAR_BYTES_MAX);
    national = national_calendar(arena);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_destroy(arena);
    return failed;
}
