/*
 * What an action needs, what it cannot use, and the conditions no table holds; each refusal with the fields
 * it names, and before the refusals it goes before.
 */
#include "test_life.h"

/* state  action  role  : the fields without which it is refused, by their names in JSON ("-": none). */
static const char *const needed[] = {
    "SUBMITTED           accept                receiver       : -",
    "SUBMITTED           request_supplement    receiver       : items",
    "SUBMITTED           refuse                receiver       : reason,ground",
    "INTAKE_SUPPLEMENT   receive_supplement    receiver       : -",
    "INTAKE_SUPPLEMENT   stop                  receiver       : reason",
    "ACCEPTED            transfer              receiver       : -",
    "IN_TRANSFER         acknowledge           dept_head      : -",
    "ASSIGNING           assign                dept_head      : handler",
    "PROCESSING          assign                dept_head      : handler,reason",
    "ASSIGNING           redirect              dept_head      : unit,reason",
    "PROCESSING          redirect              dept_head      : unit,reason",
    "PROCESSING          consult               handler        : unit,question,step_due",
    "CONSULTING          answer_consultation   handler        : opinion",
    "CONSULTING          end_consultation      dept_head      : reason,ground",
    "PROCESSING          request_supplement    handler        : items,ground",
    "SUPPLEMENT_WAIT     receive_supplement    receiver       : -",
    "SUPPLEMENT_WAIT     stop                  leader         : reason",
    "SUPPLEMENT_WAIT     refuse                leader         : reason,ground",
    "PROCESSING          request_payment       handler        : amount,document_number",
    "FINANCIAL_WAIT      confirm_payment       receiver       : proof",
    "PROCESSING          submit_for_review     handler        : note",
    "REVIEW              rework                dept_head      : reason",
    "REVIEW              submit_for_signature  dept_head      : -",
    "SIGNING             rework                leader         : reason",
    "SIGNING             sign                  leader         : -",
    "SIGNING             refuse                leader         : reason,ground",
    "ISSUING             issue                 records_clerk  : document_number",
    "RESULT_READY        return_result         return_clerk   : receiver_name",
    "REFUSED_WITH_REASON return_result         return_clerk   : receiver_name",
    "UNCLAIMED           return_result         return_clerk   : receiver_name",
    "RESULT_READY        give_to_post          return_clerk   : postal_number,address",
    "RETURN_IN_POST      confirm_delivery      return_clerk   : proof",
    "RESULT_READY        confirm_delivery      system         : proof",
    "RESULT_READY        mark_unclaimed        system         : -",
    "UNCLAIMED           archive               return_clerk   : reason",
    "PROCESSING          request_withdrawal    receiver       : reason",
    "WITHDRAW_REQUESTED  confirm_withdrawal    receiver       : -",
    "WITHDRAW_REQUESTED  turn_down_withdrawal  receiver       : reason",
    "REVIEW              apologise             leader         : reason,new_due_at",
    "RETURNED            reopen                leader         : ground,reason",
    "RESULT_READY        collect_fee           return_clerk   : method",
    "RETURNED            correct_timeliness    leader         : reason,ground,document_number",
};

/* One attempt: everything is as it should be until the case spoils something. */
struct attempt {
    struct dossier dossier;
    enum dossier_action action;
    struct dossier_actor actor;
    struct dossier_input input;
    int64_t now_s;
};

static struct attempt attempt_of(const char *state, const char *action, const char *role)
{
    struct attempt attempt = {.now_s = at(LIFE_NOW)};
    enum dossier_state from;

    assert_true(state_from_name(text_of(state), &from));
    assert_true(action_from_name(text_of(action), &attempt.action));
    attempt.dossier = life_dossier(from);
    attempt.dossier.is_owed = attempt.action == ACTION_COLLECT_FEE;
    if (attempt.action == ACTION_CORRECT_TIMELINESS)
        attempt.dossier.timeliness = TIMELINESS_OVERDUE;
    attempt.actor = (struct dossier_actor){.user = LIFE_HANDLER, .roles = role_from_name(text_of(role))};
    attempt.actor.asking_roles = attempt.actor.roles;
    attempt.input = life_input(attempt.now_s);
    assert_int_not_equal(attempt.actor.roles, 0);
    return attempt;
}

static enum dossier_refusal decide(const struct attempt *attempt, unsigned *missing)
{
    struct dossier_change change;

    return dossier_decide(&attempt->dossier, attempt->action, &attempt->actor, &attempt->input, calendar,
                          attempt->now_s, &change, missing);
}

static unsigned need_bit(struct text name)
{
    for (unsigned bit = 1; bit <= NEED_CAUSE; bit <<= 1)
        if (text_equal(text_of(need_name(bit)), name))
            return bit;
    fail_msg("no such field: %.*s", TEXT_ARG(name));
    return 0;
}

static unsigned need_bits(const char *names)
{
    struct text rest = text_of(names);
    unsigned bits = 0;

    if (strcmp(names, "-") == 0)
        return 0;
    while (rest.data != NULL)
        bits |= need_bit(text_cut(rest, ',', &rest));
    return bits;
}

static void check_missing(const char *row, struct attempt attempt, unsigned given, unsigned expected)
{
    unsigned missing;
    enum dossier_refusal refusal;

    attempt.input.given = given;
    refusal = decide(&attempt, &missing);
    if (refusal != (expected == 0 ? DECIDED : REFUSED_MISSING_INPUT) || missing != expected)
        fail_msg("%s: given %x: %s, missing %x, expected %x", row, given, life_refusal_name(refusal), missing,
                 expected);
}

static void test_each_needed_field_is_missed_alone_and_by_name(void **state)
{
    char from[32], action[32], role[32], names[96];

    (void)state;
    for (size_t i = 0; i < array_length(needed); i++) {
        struct attempt attempt;
        unsigned needs;

        assert_int_equal(sscanf(needed[i], "%31s %31s %31s : %95s", from, action, role, names), 4);
        attempt = attempt_of(from, action, role);
        attempt.input.is_receiver_owner = true;
        needs = need_bits(names);
        check_missing(needed[i], attempt, needs, 0); /* no more is needed */
        check_missing(needed[i], attempt, 0, needs);
        for (unsigned bit = 1; bit <= NEED_CAUSE; bit <<= 1)
            check_missing(needed[i], attempt, ~bit, needs & bit);
    }
}

/* Each state and action that has a row stands above, so that no need goes untested. */
static void test_every_row_of_the_table_is_asked(void **state)
{
    size_t count;
    const struct dossier_rule *rules = dossier_rules(&count);
    char from[32], action[32];

    (void)state;
    for (size_t i = 0; i < count; i++) {
        bool is_asked = false;

        for (size_t j = 0; j < array_length(needed); j++) {
            enum dossier_state asked;

            assert_int_equal(sscanf(needed[j], "%31s %31s", from, action), 2);
            assert_true(state_from_name(text_of(from), &asked));
            is_asked |=
                strcmp(action, action_name(rules[i].action)) == 0 && (rules[i].from >> asked & 1) != 0;
        }
        if (!is_asked)
            fail_msg("row %zu (%s) has no line", i, action_name(rules[i].action));
    }
}

/* What a case spoils: one small function each. */
static void handler_nobody(struct attempt *a)
{
    a->input.handler = 0;
}
static void handler_same(struct attempt *a)
{
    a->input.handler = LIFE_HANDLER;
}
static void unit_same(struct attempt *a)
{
    a->input.unit = TEXT("PHONG-A");
}
static void step_due_now(struct attempt *a)
{
    a->input.step_due_s = a->now_s;
}
static void step_due_behind_legal(struct attempt *a)
{
    a->input.step_due_s = a->dossier.due_eod_s + 1;
}
static void step_due_at_legal(struct attempt *a)
{
    a->input.step_due_s = a->dossier.due_eod_s;
}
static void sub_due_behind_own(struct attempt *a)
{
    a->dossier.step_due_s = a->now_s + 7200;
    a->input.step_due_s = a->now_s + 7201;
}
static void legal_due_over(struct attempt *a)
{
    a->now_s = a->dossier.due_eod_s + 86400;
    a->input = life_input(a->now_s);
}
static void document_tomorrow(struct attempt *a)
{
    a->input.document_day++;
}
static void document_tomorrow_not_given(struct attempt *a)
{
    a->input.document_day++;
    a->input.given = ~(unsigned)NEED_DOCUMENT;
}
static void items_none(struct attempt *a)
{
    a->input.item_count = 0;
}
static void amount_none(struct attempt *a)
{
    a->input.amount = 0;
}
static void target_itself(struct attempt *a)
{
    a->input.target = a->dossier.state;
}
static void target_review(struct attempt *a)
{
    a->input.target = STATE_REVIEW;
}
static void new_due_now(struct attempt *a)
{
    a->now_s = a->dossier.due_clock_s + 3600;
    a->input.document_day = instant_day(a->now_s);
    a->input.new_due_at_s = a->now_s;
}
static void new_due_is_the_due(struct attempt *a)
{
    a->input.new_due_at_s = a->dossier.due_clock_s;
}
static void document_before_acceptance(struct attempt *a)
{
    a->input.document_day = instant_day(a->dossier.accepted_at_s) - 1;
}
static void document_of_acceptance(struct attempt *a)
{
    a->input.document_day = instant_day(a->dossier.accepted_at_s);
}
static void reopen_without_handler(struct attempt *a)
{
    a->dossier.handler = 0;
    a->input.given = NEED_GROUND | NEED_REASON;
}
static void own_result(struct attempt *a)
{
    a->dossier.plan.is_separate_signer = true;
}
static void anothers_result(struct attempt *a)
{
    a->dossier.plan.is_separate_signer = true;
    a->actor.user = LIFE_OTHER;
}
static void answer_last_moment(struct attempt *a)
{
    a->dossier.supplement_due_s = a->now_s;
}
static void answer_no_limit(struct attempt *a)
{
    a->dossier.supplement_due_s = 0;
}
static void opinion_last_moment(struct attempt *a)
{
    a->dossier.consult_due_s = a->now_s;
}
static void opinion_just_late(struct attempt *a)
{
    a->dossier.consult_due_s = a->now_s - 1;
}
static void own_and_early(struct attempt *a)
{
    own_result(a);
    answer_last_moment(a);
}
static void apologised(struct attempt *a)
{
    a->dossier.reappointed_due_at_s = a->now_s + 86400;
}
static void apologised_and_bad(struct attempt *a)
{
    apologised(a);
    a->input.new_due_at_s = a->now_s;
}
static void owed(struct attempt *a)
{
    a->dossier.is_owed = true;
}
static void not_owed(struct attempt *a)
{
    a->dossier.is_owed = false;
}
static void by_another(struct attempt *a)
{
    a->input.given = ~(unsigned)NEED_AUTHORISATION;
}
static void by_the_owner(struct attempt *a)
{
    by_another(a);
    a->input.is_receiver_owner = true;
}
static void owed_and_by_another(struct attempt *a)
{
    owed(a);
    by_another(a);
}
static void second_supplement(struct attempt *a)
{
    a->dossier.supplements = 1;
}
static void second_supplement_without_reason(struct attempt *a)
{
    a->dossier.supplements = 1;
    a->input.given = ~(unsigned)NEED_REASON;
}
static void no_supplement_allowed(struct attempt *a)
{
    a->dossier.plan.max_supplements = 0;
    a->input.given = ~(unsigned)NEED_REASON;
}
static void pauses_full(struct attempt *a)
{
    for (a->dossier.pause_count = 0; a->dossier.pause_count < PAUSES_MAX; a->dossier.pause_count++)
        a->dossier.pauses[a->dossier.pause_count] =
            (struct dossier_pause){.stop_s = a->now_s - 60, .resume_s = a->now_s - 60};
}
static void pauses_full_and_second(struct attempt *a)
{
    pauses_full(a);
    second_supplement_without_reason(a);
}
static void pauses_full_and_stopped(struct attempt *a)
{
    pauses_full(a);
    a->dossier.pauses[PAUSES_MAX - 1].resume_s = 0;
}
static void on_paper(struct attempt *a)
{
    a->dossier.return_channel = TEXT("POST");
}
static void on_paper_without_proof(struct attempt *a)
{
    on_paper(a);
    a->input.given = 0;
}
static void nothing(struct attempt *a)
{
    (void)a;
}

static const struct {
    const char *state, *action, *role;
    void (*spoil)(struct attempt *);
    enum dossier_refusal refusal;
    unsigned named;
} cases[] = {
    /* values that cannot be */
    {"ASSIGNING", "assign", "dept_head", handler_nobody, REFUSED_BAD_INPUT, NEED_HANDLER},
    {"PROCESSING", "assign", "dept_head", handler_same, REFUSED_BAD_INPUT, NEED_HANDLER},
    {"ASSIGNING", "assign", "dept_head", handler_same, DECIDED, 0},
    {"RETURNED", "reopen", "leader", handler_nobody, REFUSED_BAD_INPUT, NEED_HANDLER},
    {"RETURNED", "reopen", "leader", reopen_without_handler, REFUSED_BAD_INPUT, NEED_HANDLER},
    {"ASSIGNING", "redirect", "dept_head", unit_same, REFUSED_BAD_INPUT, NEED_UNIT},
    {"PROCESSING", "consult", "handler", unit_same, REFUSED_BAD_INPUT, NEED_UNIT},
    {"ASSIGNING", "assign", "dept_head", step_due_now, REFUSED_BAD_INPUT, NEED_STEP_DUE},
    {"ASSIGNING", "assign", "dept_head", step_due_behind_legal, REFUSED_BAD_INPUT, NEED_STEP_DUE},
    {"ASSIGNING", "assign", "dept_head", step_due_at_legal, DECIDED, 0},
    {"ASSIGNING", "assign", "dept_head", legal_due_over, DECIDED, 0}, /* late already: any time to come */
    {"REVIEW", "rework", "dept_head", step_due_now, REFUSED_BAD_INPUT, NEED_STEP_DUE},
    {"SIGNING", "rework", "leader", step_due_behind_legal, REFUSED_BAD_INPUT, NEED_STEP_DUE},
    {"PROCESSING", "consult", "handler", step_due_now, REFUSED_BAD_INPUT, NEED_STEP_DUE},
    {"PROCESSING", "consult", "handler", sub_due_behind_own, REFUSED_BAD_INPUT, NEED_STEP_DUE},
    {"PROCESSING", "consult", "handler", step_due_behind_legal, REFUSED_BAD_INPUT, NEED_STEP_DUE},
    {"PROCESSING", "consult", "handler", legal_due_over, DECIDED, 0},
    {"ISSUING", "issue", "records_clerk", document_tomorrow, REFUSED_BAD_INPUT, NEED_DOCUMENT},
    {"SIGNING", "refuse", "leader", document_tomorrow, REFUSED_BAD_INPUT, NEED_DOCUMENT},
    {"SIGNING", "refuse", "leader", document_tomorrow_not_given, DECIDED, 0},
    {"ISSUING", "issue", "records_clerk", document_before_acceptance, REFUSED_BAD_INPUT, NEED_DOCUMENT},
    {"ISSUING", "issue", "records_clerk", document_of_acceptance, DECIDED, 0},
    {"CONSULTING", "answer_consultation", "handler", document_before_acceptance, DECIDED, 0},
    {"CONSULTING", "answer_consultation", "handler", document_tomorrow, REFUSED_BAD_INPUT, NEED_DOCUMENT},
    {"PROCESSING", "request_payment", "handler", document_tomorrow, REFUSED_BAD_INPUT, NEED_DOCUMENT},
    {"FINANCIAL_WAIT", "confirm_payment", "receiver", document_tomorrow, REFUSED_BAD_INPUT, NEED_DOCUMENT},
    {"ACCEPTED", "transfer", "receiver", document_tomorrow, DECIDED, 0}, /* it takes no document */
    {"PROCESSING", "request_payment", "handler", amount_none, REFUSED_BAD_INPUT, NEED_AMOUNT},
    {"PROCESSING", "request_supplement", "handler", items_none, REFUSED_BAD_INPUT, NEED_ITEMS},
    {"SUBMITTED", "request_supplement", "receiver", items_none, REFUSED_BAD_INPUT, NEED_ITEMS},
    {"SIGNING", "rework", "leader", target_review, DECIDED, 0},
    {"SIGNING", "rework", "leader", target_itself, REFUSED_BAD_INPUT, NEED_TARGET},
    {"REVIEW", "rework", "dept_head", target_itself, REFUSED_BAD_INPUT, NEED_TARGET},
    {"REVIEW", "apologise", "leader", new_due_now, REFUSED_BAD_INPUT, NEED_NEW_DUE},
    {"REVIEW", "apologise", "leader", new_due_is_the_due, REFUSED_BAD_INPUT, NEED_NEW_DUE},
    /* one person does not do and sign */
    {"SIGNING", "sign", "leader", own_result, REFUSED_SAME_PERSON, 0},
    {"SIGNING", "sign", "leader", anothers_result, DECIDED, 0},
    {"SIGNING", "sign", "leader", nothing, DECIDED, 0},
    {"SIGNING", "refuse", "leader", own_result, REFUSED_SAME_PERSON, 0},
    {"SUPPLEMENT_WAIT", "refuse", "leader", own_result, REFUSED_SAME_PERSON, 0},
    {"SUPPLEMENT_WAIT", "refuse", "leader", own_and_early, REFUSED_SAME_PERSON, 0},
    {"SUPPLEMENT_WAIT", "refuse", "leader", anothers_result, DECIDED, 0},
    {"SUBMITTED", "refuse", "receiver", own_result, DECIDED, 0}, /* at the desk nothing is signed */
    /* the citizen's time must be over */
    {"SUPPLEMENT_WAIT", "stop", "leader", answer_last_moment, REFUSED_TOO_EARLY, 0},
    {"SUPPLEMENT_WAIT", "stop", "leader", answer_no_limit, REFUSED_NO_LIMIT, 0},
    {"SUPPLEMENT_WAIT", "refuse", "leader", answer_no_limit, REFUSED_NO_LIMIT, 0},
    {"INTAKE_SUPPLEMENT", "stop", "receiver", answer_no_limit, REFUSED_NO_LIMIT, 0},
    {"SUPPLEMENT_WAIT", "refuse", "leader", answer_last_moment, REFUSED_TOO_EARLY, 0},
    {"INTAKE_SUPPLEMENT", "stop", "receiver", answer_last_moment, REFUSED_TOO_EARLY, 0},
    {"INTAKE_SUPPLEMENT", "stop", "receiver", nothing, DECIDED, 0},
    /* and so must the time of who is asked */
    {"CONSULTING", "end_consultation", "dept_head", opinion_last_moment, REFUSED_TOO_EARLY, 0},
    {"CONSULTING", "end_consultation", "dept_head", opinion_just_late, DECIDED, 0},
    {"CONSULTING", "answer_consultation", "dept_head", opinion_just_late, DECIDED,
     0}, /* late is not too late */
    /* one new appointment, never two */
    {"REVIEW", "apologise", "leader", apologised, REFUSED_ALREADY_APOLOGISED, 0},
    {"REVIEW", "apologise", "leader", apologised_and_bad, REFUSED_BAD_INPUT, NEED_NEW_DUE},
    {"SUPPLEMENT_WAIT", "apologise", "leader", nothing, DECIDED, 0},
    /* fees before the result, and a paper from who is not the owner */
    {"RESULT_READY", "return_result", "return_clerk", owed, REFUSED_FEE_OWED, 0},
    {"UNCLAIMED", "return_result", "return_clerk", owed, REFUSED_FEE_OWED, 0},
    {"RESULT_READY", "give_to_post", "return_clerk", owed, REFUSED_FEE_OWED, 0},
    {"RESULT_READY", "confirm_delivery", "system", owed, REFUSED_FEE_OWED, 0},
    {"RESULT_READY", "return_result", "return_clerk", owed_and_by_another, REFUSED_FEE_OWED, 0},
    {"RESULT_READY", "return_result", "return_clerk", by_another, REFUSED_NO_AUTHORISATION, 0},
    {"RESULT_READY", "return_result", "return_clerk", by_the_owner, DECIDED, 0},
    {"RESULT_READY", "collect_fee", "return_clerk", not_owed, REFUSED_NOTHING_OWED, 0},
    /* one supplement, more with a reason of their own */
    {"PROCESSING", "request_supplement", "handler", second_supplement_without_reason,
     REFUSED_TOO_MANY_SUPPLEMENTS, 0},
    {"PROCESSING", "request_supplement", "handler", second_supplement, DECIDED, 0},
    {"PROCESSING", "request_supplement", "handler", no_supplement_allowed, REFUSED_TOO_MANY_SUPPLEMENTS, 0},
    {"SUBMITTED", "request_supplement", "receiver", no_supplement_allowed, DECIDED, 0},
    {"PROCESSING", "request_supplement", "handler", pauses_full_and_second, REFUSED_TOO_MANY_SUPPLEMENTS, 0},
    /* stops have an end */
    {"PROCESSING", "request_supplement", "handler", pauses_full, REFUSED_TOO_MANY_PAUSES, 0},
    {"PROCESSING", "request_payment", "handler", pauses_full, REFUSED_TOO_MANY_PAUSES, 0},
    {"REVIEW", "request_withdrawal", "receiver", pauses_full, REFUSED_TOO_MANY_PAUSES, 0},
    {"SUPPLEMENT_WAIT", "request_withdrawal", "receiver", pauses_full_and_stopped, DECIDED, 0},
    /* online delivery only for who asked for it */
    {"RESULT_READY", "confirm_delivery", "return_clerk", on_paper, REFUSED_WRONG_STATE, 0},
    {"RESULT_READY", "confirm_delivery", "return_clerk", on_paper_without_proof, REFUSED_WRONG_STATE, 0},
    {"RETURN_IN_POST", "confirm_delivery", "return_clerk", on_paper, DECIDED, 0},
    {"RESULT_READY", "confirm_delivery", "return_clerk", nothing, DECIDED, 0},
};

static void test_conditions_in_their_order(void **state)
{
    (void)state;
    for (size_t i = 0; i < array_length(cases); i++) {
        struct attempt attempt = attempt_of(cases[i].state, cases[i].action, cases[i].role);
        unsigned missing;
        enum dossier_refusal refusal;

        cases[i].spoil(&attempt);
        refusal = decide(&attempt, &missing);
        if (refusal != cases[i].refusal || missing != cases[i].named)
            fail_msg("case %zu: %s %s by %s: %s naming %x, expected %s naming %x", i, cases[i].state,
                     cases[i].action, cases[i].role, life_refusal_name(refusal), missing,
                     life_refusal_name(cases[i].refusal), cases[i].named);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_needed_field_is_missed_alone_and_by_name),
        cmocka_unit_test(test_every_row_of_the_table_is_asked),
        cmocka_unit_test(test_conditions_in_their_order),
    };

    return cmocka_run_group_tests(tests, life_open, life_close);
}
