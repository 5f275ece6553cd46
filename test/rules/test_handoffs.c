/* The lines of the control slip: a history told event by event, and what passed between units. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "test_life.h"

#include "dossier/handoff_rules.h"

/* at, action, state, unit that holds it afterwards, phase, step begins, deadline of the open step */
struct told {
    const char *at, *action;
    enum dossier_state state;
    const char *unit;
    enum dossier_phase phase;
    bool is_start;
    const char *step_due;
};

struct expected {
    const char *giving, *taking; /* taking NULL: the citizen */
    size_t given, taken;
    enum timeliness result;
};

static size_t play(const struct told *told, size_t count, struct handoff *handoffs)
{
    static struct event_fact facts[16];

    assert_true(count <= array_length(facts));
    for (size_t i = 0; i < count; i++)
        facts[i] = (struct event_fact){.seq = (int64_t)i + 1,
                                       .at_s = at(told[i].at),
                                       .action = text_of(told[i].action),
                                       .state = told[i].state,
                                       .unit = text_of(told[i].unit),
                                       .phase = told[i].phase,
                                       .is_step_start = told[i].is_start,
                                       .step_due_s = told[i].step_due != NULL ? at(told[i].step_due) : 0};
    return handoffs_of(facts, count, calendar, handoffs);
}

static void check(const struct told *told, size_t told_count, const struct expected *expected, size_t count)
{
    struct handoff handoffs[16];

    assert_int_equal(play(told, told_count, handoffs), count);
    for (size_t i = 0; i < count; i++) {
        assert_true(text_equal(handoffs[i].giving_unit, text_of(expected[i].giving)));
        assert_true(text_equal(handoffs[i].taking_unit, text_of(expected[i].taking)));
        assert_int_equal(handoffs[i].given, expected[i].given);
        assert_int_equal(handoffs[i].taken, expected[i].taken);
        assert_int_equal(handoffs[i].result, expected[i].result);
    }
}

#define CHECK(told, expected) check((told), array_length(told), (expected), array_length(expected))

static void a_dossier_goes_from_desk_to_department_to_agency_to_desk_to_citizen(void **state)
{
    static const struct told told[] = {
        {"2026-03-02 08:00", "accept", STATE_ACCEPTED, "DESK", PHASE_DESK, true, "2026-03-02 10:00"},
        {"2026-03-02 09:00", "transfer", STATE_IN_TRANSFER, "DEPT", PHASE_DESK, false, "2026-03-02 10:00"},
        {"2026-03-02 10:30", "acknowledge", STATE_ASSIGNING, "DEPT", PHASE_ASSIGN, true, "2026-03-02 14:00"},
        {"2026-03-02 15:00", "assign", STATE_PROCESSING, "DEPT", PHASE_PROCESS, true, "2026-03-04 10:00"},
        {"2026-03-03 10:00", "submit_for_review", STATE_REVIEW, "DEPT", PHASE_REVIEW, true,
         "2026-03-04 14:00"},
        {"2026-03-04 09:00", "submit_for_signature", STATE_SIGNING, "AGENCY", PHASE_SIGN, true,
         "2026-03-04 17:00"},
        {"2026-03-05 07:00", "sign", STATE_ISSUING, "AGENCY", PHASE_ISSUE, true, "2026-03-05 09:00"},
        {"2026-03-05 09:00", "issue", STATE_RESULT_READY, "DESK", PHASE_RETURN, true, NULL},
        {"2026-03-06 09:00", "return_result", STATE_RETURNED, "DESK", PHASE_NONE, false, NULL},
    };
    static const struct expected expected[] = {
        {"DESK", "DEPT", 1, 2, TIMELINESS_EARLY},     /* judged when given, not when taken */
        {"DEPT", "AGENCY", 5, 0, TIMELINESS_OVERDUE}, /* one late step (assigning) is a late department */
        {"AGENCY", "DESK", 7, 0, TIMELINESS_ON_TIME}, /* 17:00 and 07:00 next day: no worked minute between */
        {"DESK", NULL, 8, 0, TIMELINESS_NONE},
    };

    (void)state;
    CHECK(told, expected);
}

static void nobody_is_judged_for_a_step_that_is_not_finished(void **state)
{
    static const struct told told[] = {
        {"2026-03-02 08:00", "accept", STATE_ACCEPTED, "DESK", PHASE_DESK, true, "2026-03-02 10:00"},
        {"2026-03-02 11:00", "transfer", STATE_IN_TRANSFER, "DEPT", PHASE_DESK, false, "2026-03-02 10:00"},
        {"2026-03-02 11:10", "acknowledge", STATE_ASSIGNING, "DEPT", PHASE_ASSIGN, true, NULL},
        {"2026-03-02 11:20", "assign", STATE_PROCESSING, "DEPT", PHASE_PROCESS, true, "2026-03-03 10:00"},
        {"2026-03-03 09:00", "request_supplement", STATE_SUPPLEMENT_WAIT, "DESK", PHASE_PROCESS, false, NULL},
        {"2026-03-09 09:00", "receive_supplement", STATE_PROCESSING, "DEPT", PHASE_PROCESS, false,
         "2026-03-09 10:00"},
        {"2026-03-09 09:30", "redirect", STATE_IN_TRANSFER, "OTHER", PHASE_PROCESS, false,
         "2026-03-09 10:00"},
        {"2026-03-09 09:40", "acknowledge", STATE_ASSIGNING, "OTHER", PHASE_ASSIGN, true, NULL},
        {"2026-03-09 10:30", "redirect", STATE_IN_TRANSFER, "THIRD", PHASE_ASSIGN, false, NULL},
    };
    static const struct expected expected[] = {
        {"DESK", "DEPT", 1, 2, TIMELINESS_OVERDUE}, {"DEPT", "DESK", 4, 0, TIMELINESS_NONE},
        {"DESK", "DEPT", 5, 0, TIMELINESS_NONE},    {"DEPT", "OTHER", 6, 7, TIMELINESS_NONE},
        {"OTHER", "THIRD", 8, 0, TIMELINESS_NONE}, /* the step of DEPT is not OTHER's merit */
    };

    (void)state;
    CHECK(told, expected);
}

static void what_stays_in_one_unit_is_no_line(void **state)
{
    static const struct told told[] = {
        {"2026-03-02 08:00", "submit", STATE_SUBMITTED, "DESK", PHASE_NONE, false, NULL},
        {"2026-03-02 09:00", "accept", STATE_ACCEPTED, "DESK", PHASE_DESK, true, "2026-03-02 10:00"},
        {"2026-03-02 09:05", "collect_fee", STATE_ACCEPTED, "DESK", PHASE_DESK, false, NULL},
    };
    struct handoff handoffs[16];

    (void)state;
    assert_int_equal(play(told, array_length(told), handoffs), 0);
    assert_int_equal(play(told, 0, handoffs), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_dossier_goes_from_desk_to_department_to_agency_to_desk_to_citizen),
        cmocka_unit_test(nobody_is_judged_for_a_step_that_is_not_finished),
        cmocka_unit_test(what_stays_in_one_unit_is_no_line),
    };

    return cmocka_run_group_tests(tests, life_open, life_close);
}
