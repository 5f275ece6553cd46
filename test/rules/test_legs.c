/*
 * Chains: which action each stage and state of a leg takes from whom, what one leg's move means for the
 * others and for the whole, and the law's examples of planned and real hand-overs (docs/lifecycle.md, Liên
 * thông).
 */
#include "test_life.h"

#include "dossier/leg_rules.h"

enum { MANY = 5 };

/* The legs of one play: A before B before C and D at once, or as `after` says. */
struct play {
    struct chain chain;
    struct chain_leg legs[MANY];
    struct chain_change change;
    int64_t now_s;
};

static const uint64_t in_a_row[] = {0, 1, 3}, fork_and_join[] = {0, 1, 1, 6}, fork_at_end[] = {0, 1, 3, 3};

static struct dossier_plan leg_plan(int64_t days)
{
    return (struct dossier_plan){.limit_unit = LIMIT_WORK_DAY,
                                 .limit_milli = days * 1000,
                                 .max_supplements = 1,
                                 .supplement_limit_work_days = 15};
}

/* Accepted, and still with the desk. */
static void begin(struct play *play, const uint64_t *after, size_t count, const int64_t *days,
                  const char *accepted)
{
    *play = (struct play){.now_s = at(accepted)};
    play->chain = (struct chain){.whole = life_dossier(STATE_ACCEPTED), .legs = play->legs, .count = count};
    play->chain.whole.accepted_at_s = play->chain.whole.clock_start_s = play->now_s;
    play->chain.whole.plan.limit_milli = 0;
    for (size_t i = 0; i < count; i++) {
        play->chain.whole.plan.limit_milli += days[i] * 1000;
        play->legs[i] = (struct chain_leg){
            .no = (int)i + 1,
            .after = after[i],
            .calendar = calendar,
            .work = {.stage = LEG_WAITING,
                     .plan = leg_plan(days[i]),
                     .receiving_unit = TEXT("MOT-CUA"),
                     .competent_agency = text_of(i % 2 == 0 ? "XA-A" : "CONG-AN"),
                     .processing_unit = text_of(i % 2 == 0 ? "PHONG-A" : "DOI-1")},
        };
    }
    chain_link(&play->chain);
}

static enum dossier_refusal play_at(struct play *play, int leg, enum dossier_action action)
{
    struct dossier_actor const anybody = {
        .user = LIFE_HANDLER, .roles = LIFE_ROLES_ALL, .asking_roles = LIFE_ROLES_ALL};
    struct dossier_input input = life_input(play->now_s);
    unsigned missing;

    input.handler = LIFE_HANDLER;
    input.given &= ~(unsigned)(NEED_STEP_DUE | NEED_TARGET | NEED_REFUSAL_DRAFT);
    return chain_decide(&play->chain, leg, action, &anybody, &input, calendar, play->now_s, &play->change,
                        &missing);
}

static void must_play(struct play *play, int leg, enum dossier_action action)
{
    enum dossier_refusal const refusal = play_at(play, leg, action);

    if (refusal != DECIDED)
        fail_msg("%s on leg %d (%s of %s): %s", action_name(action), leg + 1,
                 leg < 0 ? "" : state_name(play->legs[leg].work.state),
                 leg < 0 ? "" : leg_stage_name(play->legs[leg].work.stage), life_refusal_name(refusal));
}

/* From the hand-over to what `last` says. */
static void work_on(struct play *play, int leg, enum dossier_action last)
{
    static const enum dossier_action way[] = {ACTION_ASSIGN, ACTION_SUBMIT_FOR_REVIEW,
                                              ACTION_SUBMIT_FOR_SIGNATURE, ACTION_SIGN};

    must_play(play, leg, play->legs[leg].after == 0 ? ACTION_ACKNOWLEDGE : ACTION_ACKNOWLEDGE_LEG);
    for (size_t i = 0; i < array_length(way); i++)
        must_play(play, leg, way[i]);
    must_play(play, leg, last);
}

static void expect_stages(const struct play *play, const char *expected, enum dossier_state whole)
{
    char found[160] = "";

    for (size_t i = 0; i < play->chain.count; i++)
        snprintf(found + strlen(found), sizeof found - strlen(found), "%s%s", i == 0 ? "" : " ",
                 leg_stage_name(play->legs[i].work.stage));
    assert_string_equal(found, expected);
    assert_string_equal(state_name(play->chain.whole.state), state_name(whole));
}

static void expect_time(const char *what, int64_t found_s, const char *expected)
{
    char buffer[INSTANT_TEXT_BYTES];

    if (strcmp(local(found_s, buffer), expected) != 0)
        fail_msg("%s: %s, expected %s", what, buffer, expected);
}

/* --- the law's examples: planned ends, and real hand-overs --- */

static const struct {
    const char *id, *received;
    const uint64_t *after;
    int64_t days[MANY];
    const char *ends[MANY];
} plans[] = {
    {"L01",
     "2026-03-02 09:00",
     in_a_row,
     {3, 3, 10},
     {"2026-03-05 17:00", "2026-03-10 17:00", "2026-03-24 17:00"}},
    {"L03",
     "2026-02-09 09:00",
     in_a_row,
     {3, 3, 10},
     {"2026-02-12 17:00", "2026-02-24 17:00", "2026-03-10 17:00"}},
    {"L04",
     "2026-04-20 10:00",
     in_a_row,
     {1, 2, 2},
     {"2026-04-21 17:00", "2026-04-23 17:00", "2026-04-28 17:00"}},
    {"L05",
     "2026-08-19 10:00",
     in_a_row,
     {2, 3, 2},
     {"2026-08-21 17:00", "2026-08-25 17:00", "2026-08-27 17:00"}},
};

static void test_planned_ends(void **state)
{
    (void)state;
    for (size_t i = 0; i < array_length(plans); i++) {
        struct play play;
        int64_t starts_s[LEGS_MAX], ends_s[LEGS_MAX];

        begin(&play, plans[i].after, 3, plans[i].days, plans[i].received);
        assert_true(chain_plan(&play.chain, calendar, starts_s, ends_s));
        for (size_t leg = 0; leg < 3; leg++)
            expect_time(plans[i].id, ends_s[leg], plans[i].ends[leg]);
    }
}

static const struct {
    const char *id, *done, *due;
    enum timeliness judged;
} hand_overs[] = {
    {"L10", "2026-03-03 10:00", "2026-03-06 17:00", TIMELINESS_EARLY},
    {"L11", "2026-03-09 16:00", "2026-03-12 17:00", TIMELINESS_OVERDUE},
    {"L12", "2026-03-05 16:50", "2026-03-10 17:00", TIMELINESS_ON_TIME},
};

/* The next leg counts from the real hand-over; the citizen's due stays; each leg is judged on its own line.
 */
static void test_real_hand_overs(void **state)
{
    (void)state;
    for (size_t i = 0; i < array_length(hand_overs); i++) {
        struct play play;
        int64_t due_s;

        begin(&play, in_a_row, 3, (int64_t[]){3, 3, 10}, "2026-03-02 09:00");
        due_s = play.chain.whole.due_eod_s;
        must_play(&play, LEG_WHOLE, ACTION_TRANSFER);
        expect_time("first leg", play.legs[0].work.due_eod_s, "2026-03-05 17:00");
        play.now_s = at(hand_overs[i].done);
        work_on(&play, 0, ACTION_HAND_OVER_LEG);
        expect_time(hand_overs[i].id, play.legs[1].work.due_eod_s, hand_overs[i].due);
        assert_int_equal(play.legs[0].work.timeliness, hand_overs[i].judged);
        assert_true(play.chain.whole.due_eod_s == due_s);
        assert_int_equal(chain_late_leg(&play.chain), 0);
    }
}

/* --- what one leg means for the others --- */

static void test_in_a_row(void **state)
{
    struct play play;

    (void)state;
    begin(&play, in_a_row, 3, (int64_t[]){1, 4, 5}, "2026-03-02 09:00");
    must_play(&play, LEG_WHOLE, ACTION_TRANSFER);
    expect_stages(&play, "OFFERED WAITING WAITING", STATE_IN_TRANSFER);
    work_on(&play, 0, ACTION_HAND_OVER_LEG);
    expect_stages(&play, "DONE OFFERED WAITING", STATE_LEG_HANDOVER);
    assert_true(text_equal(play.chain.whole.holder_unit, TEXT("DOI-1")));
    assert_int_equal(play.chain.whole.holder_role, ROLE_DEPT_HEAD);
    assert_true(text_equal(play.legs[1].given_unit, TEXT("XA-A")) && play.legs[1].taken_at_s == 0);
    work_on(&play, 1, ACTION_HAND_OVER_LEG);
    assert_true(play.legs[1].taken_at_s != 0);
    work_on(&play, 2, ACTION_ISSUE);
    expect_stages(&play, "DONE DONE DONE", STATE_RESULT_READY);
    assert_int_equal(play.change.clock, CLOCK_END);
    assert_int_equal(play.chain.whole.timeliness, TIMELINESS_EARLY);
    assert_true(text_equal(play.chain.whole.holder_unit, TEXT("MOT-CUA")));
}

static void test_a_join_waits_for_every_branch(void **state)
{
    struct play play;

    (void)state;
    begin(&play, fork_and_join, 4, (int64_t[]){1, 3, 5, 2}, "2026-03-02 09:00");
    must_play(&play, LEG_WHOLE, ACTION_TRANSFER);
    work_on(&play, 0, ACTION_HAND_OVER_LEG);
    expect_stages(&play, "DONE OFFERED OFFERED WAITING", STATE_LEG_HANDOVER);
    work_on(&play, 2, ACTION_HAND_OVER_LEG);
    expect_stages(&play, "DONE OFFERED DONE WAITING", STATE_LEG_HANDOVER);
    work_on(&play, 1, ACTION_HAND_OVER_LEG);
    expect_stages(&play, "DONE DONE DONE OFFERED", STATE_LEG_HANDOVER);
    work_on(&play, 3, ACTION_ISSUE);
    expect_stages(&play, "DONE DONE DONE DONE", STATE_RESULT_READY);
}

static void test_a_late_branch_is_gone_on_without(void **state)
{
    struct play play;

    (void)state;
    begin(&play, fork_and_join, 4, (int64_t[]){1, 3, 5, 2}, "2026-03-02 09:00");
    must_play(&play, LEG_WHOLE, ACTION_TRANSFER);
    work_on(&play, 0, ACTION_HAND_OVER_LEG);
    work_on(&play, 2, ACTION_HAND_OVER_LEG);
    assert_int_equal(play_at(&play, 1, ACTION_JOIN_WITHOUT), REFUSED_TOO_EARLY);
    assert_int_equal(play_at(&play, 1, ACTION_RECORD_LATE_ANSWER), REFUSED_WRONG_STATE);
    play.now_s = at("2026-03-06 09:00");
    must_play(&play, 1, ACTION_JOIN_WITHOUT);
    expect_stages(&play, "DONE JOINED_WITHOUT DONE OFFERED", STATE_LEG_HANDOVER);
    assert_int_equal(play.legs[1].work.timeliness, TIMELINESS_OVERDUE);
    must_play(&play, 1, ACTION_RECORD_LATE_ANSWER); /* applied by nobody */
    expect_stages(&play, "DONE JOINED_WITHOUT DONE OFFERED", STATE_LEG_HANDOVER);
    assert_true(play.legs[1].late_answer_at_s == play.now_s);
    assert_int_equal(play_at(&play, 1, ACTION_ACKNOWLEDGE_LEG), REFUSED_WRONG_STATE);
}

static void test_a_leg_in_a_row_cannot_be_left_out(void **state)
{
    struct play play;

    (void)state;
    begin(&play, in_a_row, 3, (int64_t[]){1, 1, 1}, "2026-03-02 09:00");
    must_play(&play, LEG_WHOLE, ACTION_TRANSFER);
    play.now_s = at("2026-03-20 09:00");
    assert_int_equal(play_at(&play, 0, ACTION_JOIN_WITHOUT), REFUSED_WRONG_STATE);
}

static void test_only_what_nobody_took_is_taken_back(void **state)
{
    struct play play;

    (void)state;
    begin(&play, fork_at_end, 4, (int64_t[]){1, 2, 1, 1}, "2026-03-02 09:00");
    must_play(&play, LEG_WHOLE, ACTION_TRANSFER);
    must_play(&play, LEG_WHOLE, ACTION_RECALL_LEG);
    expect_stages(&play, "WAITING WAITING WAITING WAITING", STATE_ACCEPTED);
    must_play(&play, LEG_WHOLE, ACTION_TRANSFER);
    work_on(&play, 0, ACTION_HAND_OVER_LEG);
    must_play(&play, 0, ACTION_RECALL_LEG);
    expect_stages(&play, "WORKED WAITING WAITING WAITING", STATE_ISSUING);
    assert_true(play.legs[0].work.finished_at_s == 0 && play.legs[1].given_at_s == 0);
    must_play(&play, 0, ACTION_HAND_OVER_LEG);
    work_on(&play, 1, ACTION_HAND_OVER_LEG);
    expect_stages(&play, "DONE DONE OFFERED OFFERED", STATE_LEG_HANDOVER);
    must_play(&play, 2, ACTION_ACKNOWLEDGE_LEG);
    assert_int_equal(play_at(&play, 1, ACTION_RECALL_LEG), REFUSED_WRONG_STATE);
}

static void test_a_refusal_ends_the_chain(void **state)
{
    struct play play;

    (void)state;
    begin(&play, fork_at_end, 4, (int64_t[]){1, 2, 1, 1}, "2026-03-02 09:00");
    must_play(&play, LEG_WHOLE, ACTION_TRANSFER);
    work_on(&play, 0, ACTION_HAND_OVER_LEG);
    work_on(&play, 1, ACTION_HAND_OVER_LEG);
    must_play(&play, 2, ACTION_ACKNOWLEDGE_LEG);
    must_play(&play, 3, ACTION_ACKNOWLEDGE_LEG);
    must_play(&play, 2, ACTION_ASSIGN);
    must_play(&play, 2, ACTION_SUBMIT_FOR_REVIEW);
    must_play(&play, 2, ACTION_SUBMIT_FOR_SIGNATURE);
    must_play(&play, 2, ACTION_REFUSE);
    expect_stages(&play, "DONE DONE REFUSED ENDED", STATE_REFUSED_WITH_REASON);
    assert_int_equal(play.change.clock, CLOCK_END);
    assert_true(play.change.is_finished);
}

/* The clock of the whole stands while anybody waits for the citizen; a branch's own clock is its own. */
static void test_a_supplement_stops_its_leg_and_the_whole(void **state)
{
    struct play play;
    int64_t other_due_s;

    (void)state;
    begin(&play, fork_at_end, 4, (int64_t[]){1, 2, 3, 3}, "2026-03-02 09:00");
    must_play(&play, LEG_WHOLE, ACTION_TRANSFER);
    work_on(&play, 0, ACTION_HAND_OVER_LEG);
    work_on(&play, 1, ACTION_HAND_OVER_LEG);
    for (int leg = 2; leg < 4; leg++) {
        must_play(&play, leg, ACTION_ACKNOWLEDGE_LEG);
        must_play(&play, leg, ACTION_ASSIGN);
    }
    other_due_s = play.legs[3].work.due_eod_s;
    must_play(&play, 2, ACTION_REQUEST_SUPPLEMENT);
    assert_int_equal(play.change.clock, CLOCK_PAUSE);
    assert_int_equal(play.chain.whole.state, STATE_SUPPLEMENT_WAIT);
    play.now_s = at("2026-03-03 09:00");
    must_play(&play, 3, ACTION_REQUEST_SUPPLEMENT);
    assert_int_equal(play.change.clock, CLOCK_NO_ENTRY); /* stands already */
    play.now_s = at("2026-03-04 09:00");
    must_play(&play, 2, ACTION_RECEIVE_SUPPLEMENT);
    assert_int_equal(play.change.clock, CLOCK_NO_ENTRY); /* the other still waits */
    assert_int_equal(play.chain.whole.state, STATE_SUPPLEMENT_WAIT);
    play.now_s = at("2026-03-05 09:00");
    must_play(&play, 3, ACTION_RECEIVE_SUPPLEMENT);
    assert_int_equal(play.change.clock, CLOCK_RESUME);
    assert_int_equal(play.chain.whole.state, STATE_PROCESSING);
    /* two days for each leg; three for the whole, whose limit is nine: overlapping stops count once */
    expect_time("leg C", play.legs[2].work.due_eod_s, "2026-03-09 17:00");
    expect_time("leg D", play.legs[3].work.due_eod_s, "2026-03-09 17:00");
    expect_time("whole", play.chain.whole.due_eod_s, "2026-03-18 17:00");
    assert_true(other_due_s < play.legs[3].work.due_eod_s);
}

static void test_a_withdrawal_stops_all_legs(void **state)
{
    struct play play;

    (void)state;
    begin(&play, fork_and_join, 4, (int64_t[]){1, 3, 5, 2}, "2026-03-02 09:00");
    must_play(&play, LEG_WHOLE, ACTION_TRANSFER);
    work_on(&play, 0, ACTION_HAND_OVER_LEG);
    must_play(&play, 1, ACTION_ACKNOWLEDGE_LEG); /* the other is still on its way */
    must_play(&play, LEG_WHOLE, ACTION_REQUEST_WITHDRAWAL);
    assert_int_equal(play.chain.whole.state, STATE_WITHDRAW_REQUESTED);
    for (int action = 0; action < ACTION_COUNT; action++)
        assert_int_not_equal(
            play_at(&(struct play){.chain = play.chain, .now_s = play.now_s}, 1, (enum dossier_action)action),
            DECIDED);
    must_play(&play, LEG_WHOLE, ACTION_TURN_DOWN_WITHDRAWAL);
    expect_stages(&play, "DONE WORKED OFFERED WAITING", STATE_ASSIGNING);
    assert_int_equal(play.legs[2].work.state, STATE_LEG_HANDOVER);
    must_play(&play, LEG_WHOLE, ACTION_REQUEST_WITHDRAWAL);
    must_play(&play, LEG_WHOLE, ACTION_CONFIRM_WITHDRAWAL);
    expect_stages(&play, "DONE ENDED ENDED ENDED", STATE_WITHDRAWN);
}

/* A wrong desk: the limit goes on, somebody else has it. */
static void test_a_wrong_desk_passes_it_on(void **state)
{
    struct play play;
    int64_t due_s;

    (void)state;
    begin(&play, in_a_row, 3, (int64_t[]){1, 2, 3}, "2026-03-02 09:00");
    must_play(&play, LEG_WHOLE, ACTION_TRANSFER);
    work_on(&play, 0, ACTION_HAND_OVER_LEG);
    due_s = play.legs[1].work.due_eod_s;
    play.now_s = at("2026-03-03 09:00");
    must_play(&play, 1, ACTION_REDIRECT);
    assert_true(play.legs[1].work.due_eod_s == due_s);
    assert_true(text_equal(play.chain.whole.holder_unit, TEXT("PHONG-B")));
    expect_stages(&play, "DONE OFFERED WAITING", STATE_LEG_HANDOVER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_planned_ends),
        cmocka_unit_test(test_real_hand_overs),
        cmocka_unit_test(test_in_a_row),
        cmocka_unit_test(test_a_join_waits_for_every_branch),
        cmocka_unit_test(test_a_late_branch_is_gone_on_without),
        cmocka_unit_test(test_a_leg_in_a_row_cannot_be_left_out),
        cmocka_unit_test(test_only_what_nobody_took_is_taken_back),
        cmocka_unit_test(test_a_refusal_ends_the_chain),
        cmocka_unit_test(test_a_supplement_stops_its_leg_and_the_whole),
        cmocka_unit_test(test_a_withdrawal_stops_all_legs),
        cmocka_unit_test(test_a_wrong_desk_passes_it_on),
    };

    return cmocka_run_group_tests(tests, life_open, life_close);
}
