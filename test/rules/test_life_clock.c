/*
 * The clock as the life cycle turns it: the published cases of stops, expiries and timeliness played through
 * dossier_decide(), action after action, and what the cases leave open.
 */
#include "test_life_play.h"

enum { DAY = LIMIT_WORK_DAY, HOUR = LIMIT_WORK_HOUR, PAUSE = false, RESTART = true };

static const struct play stops[] = {
    {"U01 supplement once", DAY, 5000, PAUSE,
     "2026-03-02 09:30 accepted\ndue 2026-03-09 09:30; 2026-03-09 17:00\nclock -\n"
     "2026-03-04 10:00 request_supplement\nclock PAUSE\ndue 2026-03-09 09:30; 2026-03-09 17:00\n"
     "2026-03-10 14:00 receive_supplement\nclock RESUME\ndue 2026-03-13 11:30; 2026-03-13 17:00\n"},
    {"U02 a procedure whose law restarts the clock", DAY, 5000, RESTART,
     "2026-03-02 09:30 accepted\n2026-03-04 10:00 request_supplement\n"
     "2026-03-10 14:00 receive_supplement\nclock RESTART\ndue 2026-03-17 14:00; 2026-03-17 17:00\n"},
    {"U03 papers come back after hours", DAY, 5000, PAUSE,
     "2026-03-02 09:30 accepted\n2026-03-04 10:00 request_supplement\n"
     "2026-03-10 17:45 receive_supplement\ndue 2026-03-13 16:30; 2026-03-13 17:00\n"},
    {"U04 over Tet", DAY, 3000, PAUSE,
     "2026-02-11 08:00 accepted\ndue 2026-02-23 08:00; 2026-02-23 17:00\n"
     "2026-02-12 09:00 request_supplement\n2026-02-24 10:00 receive_supplement\n"
     "due 2026-02-26 09:00; 2026-02-26 17:00\n"},
    {"U05 supplement, then financial duty", DAY, 10000, PAUSE,
     "2026-06-01 08:00 accepted\ndue 2026-06-15 08:00; 2026-06-15 17:00\n"
     "2026-06-03 15:00 request_supplement\n2026-06-08 09:00 receive_supplement\n"
     "2026-06-11 10:00 request_payment\nclock PAUSE\n2026-06-22 14:30 confirm_payment\nclock RESUME\n"
     "due 2026-06-26 16:30; 2026-06-26 17:00\n"},
    {"U06 both in lunch: one worked day", DAY, 5000, PAUSE,
     "2026-03-02 09:30 accepted\n2026-03-02 12:00 request_supplement\n"
     "2026-03-03 12:00 receive_supplement\ndue 2026-03-10 09:30; 2026-03-10 17:00\n"},
    {"U07 both outside hours: nothing lost", DAY, 5000, PAUSE,
     "2026-03-02 09:30 accepted\n2026-03-06 18:00 request_supplement\n"
     "2026-03-07 08:00 receive_supplement\ndue 2026-03-09 09:30; 2026-03-09 17:00\n"},
    {"U08 one hour was left", DAY, 2000, PAUSE,
     "2026-03-02 07:00 accepted\ndue 2026-03-04 07:00; 2026-03-04 17:00\n"
     "2026-03-03 16:00 request_supplement\n2026-03-04 07:00 receive_supplement\n"
     "due 2026-03-04 08:00; 2026-03-04 17:00\n"},
    {"a financial duty never restarts", DAY, 5000, RESTART,
     "2026-03-02 09:30 accepted\n2026-03-04 10:00 request_payment\n"
     "2026-03-10 14:00 confirm_payment\nclock RESUME\ndue 2026-03-13 11:30; 2026-03-13 17:00\n"},
    {"a pause after a restart counts from the restart", DAY, 5000, RESTART,
     "2026-03-02 09:30 accepted\n2026-03-04 10:00 request_supplement\n2026-03-10 14:00 receive_supplement\n"
     "2026-03-12 14:00 request_payment\n2026-03-16 14:00 confirm_payment\nclock RESUME\n"
     "due 2026-03-19 14:00; 2026-03-19 17:00\n"},
    {"a second supplement restarts again", DAY, 5000, RESTART,
     "2026-03-02 09:30 accepted\n2026-03-04 10:00 request_supplement\n2026-03-10 14:00 receive_supplement\n"
     "2026-03-12 14:00 request_supplement\n2026-03-16 09:00 receive_supplement\nclock RESTART\n"
     "due 2026-03-23 09:00; 2026-03-23 17:00\n"},
    {"a pause before a restart is forgotten", DAY, 5000, RESTART,
     "2026-03-02 09:30 accepted\n2026-03-03 09:30 request_payment\n2026-03-05 09:30 confirm_payment\n"
     "due 2026-03-11 09:30; 2026-03-11 17:00\n2026-03-06 10:00 request_supplement\n"
     "2026-03-10 14:00 receive_supplement\ndue 2026-03-17 14:00; 2026-03-17 17:00\n"},
    {"late stays late", DAY, 1000, PAUSE,
     "2026-03-02 09:30 accepted\n2026-03-04 10:00 request_supplement\nclock PAUSE\n"
     "2026-03-10 14:00 receive_supplement\nclock RESUME\ndue 2026-03-03 09:30; 2026-03-03 17:00\n"
     "2026-03-10 15:00 finished\njudged OVERDUE\n"},
    {"nor does a restart cure it, now or at the next stop", DAY, 1000, RESTART,
     "2026-03-02 09:30 accepted\n2026-03-04 10:00 request_supplement\n"
     "2026-03-10 14:00 receive_supplement\nclock RESUME\ndue 2026-03-03 09:30; 2026-03-03 17:00\n"
     "2026-03-10 15:00 request_payment\n2026-03-11 09:00 confirm_payment\n"
     "due 2026-03-03 09:30; 2026-03-03 17:00\n2026-03-11 09:30 finished\njudged OVERDUE\n"},
    {"hours have no close of day", HOUR, 8000, PAUSE,
     "2026-03-02 08:00 accepted\ndue 2026-03-03 08:00; -\n2026-03-02 10:00 request_supplement\n"
     "2026-03-03 10:00 receive_supplement\ndue 2026-03-04 08:00; -\n"},
    {"calendar days move by the days it stood still", LIMIT_CAL_DAY, 10000, PAUSE,
     "2026-03-02 09:00 accepted\ndue 2026-03-12 17:00; 2026-03-12 17:00\n2026-03-05 10:00 "
     "request_supplement\n"
     "2026-03-09 10:00 receive_supplement\ndue 2026-03-16 17:00; 2026-03-16 17:00\n"},
    {"without a limit there is nothing to move", LIMIT_NONE, 0, PAUSE,
     "2026-03-02 09:00 accepted\ndue -; -\n2026-03-05 10:00 request_supplement\nclock PAUSE\n"
     "2026-03-09 10:00 receive_supplement\nclock RESUME\ndue -; -\n"},
};

static void test_stops_move_the_due(void **state)
{
    (void)state;
    play_all(stops, array_length(stops));
}

/* A withdrawal over a stop that is there already adds none; turned down, it goes on where it was. */
static const struct play nested[] = {
    {"a withdrawal request stops the clock, turned down it runs on", DAY, 5000, PAUSE,
     "2026-03-02 09:30 accepted\n2026-03-04 10:00 request_withdrawal\nclock PAUSE\n"
     "2026-03-10 14:00 turn_down_withdrawal\nclock RESUME\ndue 2026-03-13 11:30; 2026-03-13 17:00\n"},
    {"over a supplement wait it is the same one stop (U01)", DAY, 5000, PAUSE,
     "2026-03-02 09:30 accepted\n2026-03-04 10:00 request_supplement\nanswer-by 2026-03-25 17:00\n"
     "2026-03-05 09:00 request_withdrawal\nclock -\nanswer-by 2026-03-25 17:00\n"
     "2026-03-06 09:00 turn_down_withdrawal\nclock -\nanswer-by 2026-03-25 17:00\n"
     "2026-03-10 14:00 receive_supplement\nclock RESUME\ndue 2026-03-13 11:30; 2026-03-13 17:00\n"},
    {"and restarts where the law restarts (U02)", DAY, 5000, RESTART,
     "2026-03-02 09:30 accepted\n2026-03-04 10:00 request_supplement\n"
     "2026-03-05 09:00 request_withdrawal\n2026-03-06 09:00 turn_down_withdrawal\n"
     "2026-03-10 14:00 receive_supplement\nclock RESTART\ndue 2026-03-17 14:00; 2026-03-17 17:00\n"},
    {"a withdrawal turned down restarts nothing", DAY, 5000, RESTART,
     "2026-03-02 09:30 accepted\n2026-03-04 10:00 request_withdrawal\n"
     "2026-03-10 14:00 turn_down_withdrawal\nclock RESUME\ndue 2026-03-13 11:30; 2026-03-13 17:00\n"},
    {"twice over a payment wait", DAY, 5000, PAUSE,
     "2026-03-02 09:30 accepted\n2026-03-04 10:00 request_payment\n"
     "2026-03-05 09:00 request_withdrawal\n2026-03-05 10:00 turn_down_withdrawal\n"
     "2026-03-06 09:00 request_withdrawal\n2026-03-06 10:00 turn_down_withdrawal\n"
     "2026-03-10 14:00 confirm_payment\ndue 2026-03-13 11:30; 2026-03-13 17:00\n"},
    {"from a consultation it comes back to the handler", DAY, 5000, PAUSE,
     "2026-03-02 09:30 accepted\n2026-03-03 09:30 consult\nclock -\n"
     "2026-03-04 10:00 request_withdrawal\nclock PAUSE\n"
     "2026-03-10 14:00 turn_down_withdrawal\nclock RESUME\n2026-03-11 09:00 submit_for_review\n"
     "due 2026-03-13 11:30; 2026-03-13 17:00\n"},
};

static void test_nested_stops_count_once(void **state)
{
    (void)state;
    play_all(nested, array_length(nested));
}

static const struct {
    const char *id, *received, *notice, *last;
    int limit;
} expiries[] = {
    {"X01", "2026-03-02 09:30", "2026-03-04 10:00", "2026-03-25 17:00", 15},
    {"X02", "2026-02-09 09:30", "2026-02-10 16:00", "2026-03-10 17:00", 15},
    {"X03", "2026-04-22 09:30", "2026-04-23 09:00", "2026-05-05 17:00", 5},
};

/* The last moment is the citizen's still; a second behind it the dossier may be stopped, and judged as it
 * stood at the notice: his silence makes nothing late. */
static void test_silence_may_be_ended_after_the_last_moment(void **state)
{
    static const struct play play = {"X", DAY, 5000, PAUSE, ""};
    struct dossier_actor const leader = {.user = LIFE_SOMEBODY, .roles = ROLE_LEADER};

    (void)state;
    for (size_t i = 0; i < array_length(expiries); i++) {
        struct stage stage = stage_of(&play);
        struct dossier_input const input = life_input(at(expiries[i].last));
        struct dossier_change change;
        unsigned missing;

        stage.id = expiries[i].id;
        stage.dossier.plan.supplement_limit_work_days = expiries[i].limit;
        stage.now_s = at(expiries[i].received);
        accepted(&stage, "");
        stage.now_s = at(expiries[i].notice);
        act(&stage, "request_supplement");
        expect_answer_by(&stage, expiries[i].last);
        assert_int_equal(dossier_decide(&stage.dossier, ACTION_STOP, &leader, &input, calendar,
                                        at(expiries[i].last), &change, &missing),
                         REFUSED_TOO_EARLY);
        stage.now_s = at(expiries[i].last) + 1;
        act(&stage, i % 2 == 0 ? "stop" : "refuse");
        expect_clock(&stage, "END");
        expect_judged(&stage, i % 2 == 0 ? "ON_TIME" : "EARLY");
        expect_answer_by(&stage, "-");
    }
}

/* No limit of its own for answers: nobody may end the wait. */
static void test_without_a_limit_there_is_no_last_moment(void **state)
{
    static const struct play play = {"no limit", DAY, 5000, PAUSE, ""};
    struct stage stage = stage_of(&play);

    (void)state;
    stage.dossier.plan.supplement_limit_work_days = 0;
    play_script(&stage, "2026-03-02 09:30 accepted\n2026-03-04 10:00 request_supplement\nanswer-by -\n");
}

/* Received Thursday 5 March 09:30 with five days: due 12 March. */
#define FROM_05 "2026-03-05 09:30 accepted\ndue 2026-03-12 09:30; 2026-03-12 17:00\n"

static const struct play judged[] = {
    {"K01", DAY, 5000, PAUSE, FROM_05 "2026-03-11 16:50 finished\nclock END\njudged EARLY\n"},
    {"K02", DAY, 5000, PAUSE, FROM_05 "2026-03-12 08:00 finished\njudged ON_TIME\n"},
    {"K03", DAY, 5000, PAUSE, FROM_05 "2026-03-12 16:50 finished\njudged ON_TIME\n"},
    {"K04", DAY, 5000, PAUSE, FROM_05 "2026-03-13 07:01 finished\njudged OVERDUE\n"},
    {"K05", DAY, 5000, PAUSE, FROM_05 "2026-03-12 18:30 finished\njudged ON_TIME\n"},
    {"K06", HOUR, 8000, PAUSE,
     "2026-03-11 10:00 accepted\ndue 2026-03-12 10:00; -\n2026-03-12 09:59 finished\njudged EARLY\n"},
    {"K07", HOUR, 8000, PAUSE, "2026-03-11 10:00 accepted\n2026-03-12 10:00 finished\njudged ON_TIME\n"},
    {"K08", HOUR, 8000, PAUSE, "2026-03-11 10:00 accepted\n2026-03-12 10:01 finished\njudged OVERDUE\n"},
    {"K09", HOUR, 8000, PAUSE,
     "2026-03-12 07:00 accepted\ndue 2026-03-12 17:00; -\n2026-03-13 07:00 finished\njudged ON_TIME\n"},
    {"K10 the citizen comes three weeks later", DAY, 5000, PAUSE,
     FROM_05 "2026-03-12 16:00 finished\n2026-04-02 09:00 return_result\nclock -\njudged ON_TIME\n"},
    {"K10 as refused, posted", DAY, 5000, PAUSE,
     FROM_05 "2026-03-12 16:00 finished\n2026-04-02 09:00 give_to_post\n2026-04-06 09:00 confirm_delivery\n"
             "judged ON_TIME\n"},
    {"K11 an apology does not cure", DAY, 5000, PAUSE,
     FROM_05 "2026-03-11 09:00 apologise\nclock REAPPOINT\nnew-promise 2026-03-31 09:00\n"
             "due 2026-03-12 09:30; 2026-03-12 17:00\n2026-03-16 09:00 finished\njudged OVERDUE\n"
             "new-promise 2026-03-31 09:00\n"},
    {"K11 an apology in a wait is none of the stops", DAY, 5000, PAUSE,
     "2026-03-02 09:30 accepted\n2026-03-04 10:00 request_supplement\n2026-03-05 10:00 apologise\n"
     "clock REAPPOINT\n2026-03-10 14:00 receive_supplement\ndue 2026-03-13 11:30; 2026-03-13 17:00\n"},
    {"K12 withdrawn in time is on time, never early", DAY, 5000, PAUSE,
     FROM_05 "2026-03-10 09:00 request_withdrawal\n2026-03-10 10:00 confirm_withdrawal\nclock END\n"
             "judged ON_TIME\n"},
    {"K12 judged as it was when the citizen asked", DAY, 5000, PAUSE,
     FROM_05 "2026-03-10 09:00 request_withdrawal\n2026-03-30 10:00 confirm_withdrawal\njudged ON_TIME\n"},
    {"K12 what was late then is late", DAY, 5000, PAUSE,
     FROM_05 "2026-03-13 09:00 request_withdrawal\n2026-03-13 10:00 confirm_withdrawal\njudged OVERDUE\n"},
    {"K13 a wait at the end of the period is within its term", DAY, 5000, PAUSE,
     FROM_05 "2026-03-10 09:00 request_supplement\n2026-03-31 17:00 counted IN_TERM\n"},
    {"K13 but not when it was asked too late", DAY, 5000, PAUSE,
     FROM_05 "2026-03-13 09:00 request_supplement\n2026-03-31 17:00 counted PAST_DUE\n"},
    {"K14 without a limit any day is on time", LIMIT_NONE, 0, PAUSE,
     "2026-03-02 09:30 accepted\n2027-03-12 09:00 finished\njudged ON_TIME\n"},
    {"the due moved by a stop is what counts", DAY, 5000, PAUSE,
     "2026-03-02 09:30 accepted\n2026-03-04 10:00 request_supplement\n2026-03-10 14:00 receive_supplement\n"
     "2026-03-13 16:59 finished\njudged ON_TIME\n"},
    {"reopened it runs anew, from that day, and is judged anew", DAY, 5000, PAUSE,
     FROM_05 "2026-03-13 09:00 finished\njudged OVERDUE\n2026-03-16 09:00 return_result\n"
             "2026-04-01 10:00 reopen\nclock START\njudged -\ndue 2026-04-08 10:00; 2026-04-08 17:00\n"
             "new-promise -\n2026-04-03 10:00 request_supplement\n2026-04-06 10:00 receive_supplement\n"
             "due 2026-04-09 10:00; 2026-04-09 17:00\n2026-04-09 15:00 finished\njudged ON_TIME\n"},
    {"reopened after silence the old stop is forgotten", DAY, 5000, PAUSE,
     "2026-03-02 09:30 accepted\n2026-03-04 10:00 request_supplement\n2026-03-26 09:00 stop\njudged ON_TIME\n"
     "2026-04-01 10:00 reopen\nclock START\ndue 2026-04-08 10:00; 2026-04-08 17:00\n"
     "2026-04-02 10:00 request_payment\n2026-04-03 10:00 confirm_payment\n"
     "due 2026-04-09 10:00; 2026-04-09 17:00\n"},
};

static void test_the_result_is_judged_by_the_moved_due(void **state)
{
    (void)state;
    play_all(judged, array_length(judged));
}

/* The published split of a 15-day procedure: each step has its own quota, and stops move it like the due. */
static void test_steps_have_their_own_due_over_stops(void **state)
{
    static const int64_t quota_min[PHASE_COUNT] = {
        [PHASE_DESK] = 240,   [PHASE_ASSIGN] = 240, [PHASE_PROCESS] = 5280,
        [PHASE_REVIEW] = 480, [PHASE_SIGN] = 480,   [PHASE_ISSUE] = 480};
    static const char *const scripts[] = {
        "2026-03-02 09:30 accept\nstep 2026-03-02 15:30\n2026-03-02 15:00 transfer\nstep 2026-03-02 15:30\n"
        "2026-03-02 15:30 acknowledge\nstep 2026-03-03 09:30\n2026-03-03 09:30 assign\nstep 2026-03-18 "
        "09:30\n"
        "2026-03-18 09:30 submit_for_review\nstep 2026-03-19 09:30\n"
        "2026-03-19 09:30 submit_for_signature\nstep 2026-03-20 09:30\n2026-03-20 09:30 sign\n"
        "step 2026-03-23 09:30\ndue 2026-03-23 09:30; 2026-03-23 17:00\n2026-03-23 09:30 issue\nstep -\n"
        "judged ON_TIME\n",
        /* eight worked hours lost are eight hours more, for the step as for the dossier */
        "2026-03-02 09:30 accepted\nstep 2026-03-17 09:30\n2026-03-04 10:00 request_supplement\n"
        "step 2026-03-17 09:30\n2026-03-05 10:00 request_withdrawal\n2026-03-05 10:00 turn_down_withdrawal\n"
        "2026-03-05 10:00 receive_supplement\nstep 2026-03-18 09:30\ndue 2026-03-24 09:30; 2026-03-24 "
        "17:00\n",
        /* due at the very minute it stops: due when it goes on, not a wait's length late */
        "2026-03-02 09:30 accepted\n2026-03-17 09:30 request_supplement\n"
        "2026-03-20 10:00 receive_supplement\nstep 2026-03-20 10:00\n",
        /* a step that was late before it stopped keeps its due */
        "2026-03-02 09:30 accepted\n2026-03-17 09:31 request_supplement\n"
        "2026-03-20 10:00 receive_supplement\nstep 2026-03-17 09:30\n",
        /* the wrong desk: the sender's step runs on until somebody takes the dossier */
        "2026-03-02 09:30 accepted\n2026-03-03 09:30 redirect\nstep 2026-03-17 09:30\nclock -\n"
        "2026-03-04 09:30 acknowledge\nstep 2026-03-04 15:30\ndue 2026-03-23 09:30; 2026-03-23 17:00\n",
    };

    (void)state;
    for (size_t i = 0; i < array_length(scripts); i++) {
        struct stage stage = stage_of(&(struct play){"steps", DAY, 15000, PAUSE, ""});

        memcpy(stage.dossier.plan.quota_min, quota_min, sizeof quota_min);
        play_script(&stage, scripts[i]);
    }
}

/* NĐ 297/2025: received in the last hour counts from the next worked day. A restart and a reopening are no
 * receipts, neither at once nor when a later stop counts them again. */
static void test_the_last_hour_is_asked_of_receipts_alone(void **state)
{
    static const char *const scripts[] = {
        "2026-03-02 16:00 accepted\ndue 2026-03-10 07:00; 2026-03-10 17:00\n"
        "2026-03-05 07:00 request_payment\n2026-03-06 07:00 confirm_payment\n"
        "due 2026-03-11 07:00; 2026-03-11 17:00\n",
        "2026-03-02 09:30 accepted\n2026-03-04 10:00 request_supplement\n2026-03-10 16:30 "
        "receive_supplement\n"
        "due 2026-03-17 16:30; 2026-03-17 17:00\n2026-03-12 10:00 request_payment\n"
        "2026-03-13 10:00 confirm_payment\ndue 2026-03-18 16:30; 2026-03-18 17:00\n",
        "2026-03-02 09:30 accepted\n2026-03-04 10:00 finished\n2026-03-04 11:00 return_result\n"
        "2026-03-10 16:30 reopen\ndue 2026-03-17 16:30; 2026-03-17 17:00\n2026-03-12 10:00 request_payment\n"
        "2026-03-13 10:00 confirm_payment\ndue 2026-03-18 16:30; 2026-03-18 17:00\n",
    };

    (void)state;
    for (size_t i = 0; i < array_length(scripts); i++) {
        struct stage stage = stage_of(&(struct play){"last hour", DAY, 5000, RESTART, ""});

        stage.dossier.plan.has_last_hour_rule = true;
        play_script(&stage, scripts[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stops_move_the_due),
        cmocka_unit_test(test_nested_stops_count_once),
        cmocka_unit_test(test_silence_may_be_ended_after_the_last_moment),
        cmocka_unit_test(test_without_a_limit_there_is_no_last_moment),
        cmocka_unit_test(test_the_result_is_judged_by_the_moved_due),
        cmocka_unit_test(test_steps_have_their_own_due_over_stops),
        cmocka_unit_test(test_the_last_hour_is_asked_of_receipts_alone),
    };

    return cmocka_run_group_tests(tests, life_open, life_close);
}
