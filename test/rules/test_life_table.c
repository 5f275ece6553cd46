/*
 * Who may do what from where: the whole product of states, actions and roles against the table below, which
 * was written from the law and not from the program. What the table does not name is refused, and with the
 * right refusal.
 */
#include "test_life.h"

/*
 * from(, from…)  action  role(,role…)  -> to. `own_handler` is the handler the dossier was assigned to alone,
 * `handler` anybody with that role at the unit.
 */
#define RUNNING   "ACCEPTED,IN_TRANSFER,ASSIGNING,PROCESSING,CONSULTING,REVIEW,SIGNING,ISSUING"
#define WAITING   "SUPPLEMENT_WAIT,FINANCIAL_WAIT"
#define AT_RETURN "RESULT_READY,REFUSED_WITH_REASON,UNCLAIMED"

static const char *const expected[] = {
    "SUBMITTED            accept                receiver                        -> ACCEPTED",
    "SUBMITTED            request_supplement    receiver                        -> INTAKE_SUPPLEMENT",
    "SUBMITTED            refuse                receiver                        -> INTAKE_REFUSED",
    "INTAKE_SUPPLEMENT    receive_supplement    receiver                        -> SUBMITTED",
    "INTAKE_SUPPLEMENT    stop                  receiver,leader                 -> STOPPED",
    "ACCEPTED             transfer              receiver                        -> IN_TRANSFER",
    "IN_TRANSFER          acknowledge           dept_head,handler               -> ASSIGNING",
    "ASSIGNING            assign                dept_head                       -> PROCESSING",
    "PROCESSING           assign                dept_head                       -> PROCESSING",
    "ASSIGNING,PROCESSING redirect              dept_head                       -> IN_TRANSFER",
    "PROCESSING           consult               own_handler,dept_head           -> CONSULTING",
    "CONSULTING           answer_consultation   handler,dept_head               -> PROCESSING",
    "CONSULTING           end_consultation      dept_head                       -> PROCESSING",
    "PROCESSING           request_supplement    own_handler,dept_head,leader    -> SUPPLEMENT_WAIT",
    "SUPPLEMENT_WAIT      receive_supplement    receiver                        -> PROCESSING",
    "SUPPLEMENT_WAIT      stop                  leader                          -> STOPPED",
    "SUPPLEMENT_WAIT      refuse                leader                          -> REFUSED_WITH_REASON",
    "PROCESSING           request_payment       own_handler                     -> FINANCIAL_WAIT",
    "FINANCIAL_WAIT       confirm_payment       receiver,own_handler            -> PROCESSING",
    "PROCESSING           submit_for_review     own_handler                     -> REVIEW",
    "REVIEW               rework                dept_head                       -> PROCESSING",
    "REVIEW               submit_for_signature  dept_head                       -> SIGNING",
    "SIGNING              rework                leader                          -> PROCESSING",
    "SIGNING              sign                  leader                          -> ISSUING",
    "SIGNING              refuse                leader                          -> REFUSED_WITH_REASON",
    "ISSUING              issue                 records_clerk                   -> RESULT_READY",
    AT_RETURN "           return_result         return_clerk                    -> RETURNED",
    "RESULT_READY,REFUSED_WITH_REASON give_to_post return_clerk                 -> RETURN_IN_POST",
    "RETURN_IN_POST       confirm_delivery      return_clerk                    -> RETURNED",
    "RESULT_READY         confirm_delivery      return_clerk,system             -> RETURNED",
    "RESULT_READY         mark_unclaimed        return_clerk,system             -> UNCLAIMED",
    "UNCLAIMED            archive               return_clerk                    -> ARCHIVED",
    RUNNING "," WAITING " request_withdrawal    receiver                        -> WITHDRAW_REQUESTED",
    "WITHDRAW_REQUESTED   confirm_withdrawal    receiver                        -> WITHDRAWN",
    "WITHDRAW_REQUESTED   turn_down_withdrawal  receiver                        -> PROCESSING",
    RUNNING "," WAITING ",LEG_HANDOVER apologise leader                         -> same",
    RUNNING "," WAITING "," AT_RETURN ",RETURN_IN_POST,LEG_HANDOVER,WITHDRAW_REQUESTED "
            "             collect_fee           receiver,return_clerk           -> same",
    AT_RETURN ",RETURN_IN_POST,RETURNED,WITHDRAWN,STOPPED,ARCHIVED "
              "           correct_timeliness    leader                          -> same",
    "RETURNED,STOPPED     reopen                leader                          -> PROCESSING",
};

enum { NOBODY = -1, STAYS_THERE = -2, ROLE_BIT_OWN = ROLE_COUNT, ROLE_BITS };

/* The table read: target by state, action and role; roles counted by bit, the assigned handler last. */
static int targets[STATE_COUNT][ACTION_COUNT][ROLE_BITS];

static int role_bit(struct text name)
{
    unsigned const role = role_from_name(name);

    if (text_equal(name, TEXT("own_handler")))
        return ROLE_BIT_OWN;
    for (int bit = 0; bit < ROLE_COUNT; bit++)
        if (role == 1U << bit)
            return bit;
    fail_msg("no such role: %.*s", TEXT_ARG(name));
    return 0;
}

static struct text next_word(struct text *rest)
{
    while (rest->length > 0 && *rest->data == ' ') {
        rest->data++;
        rest->length--;
    }
    return text_cut(*rest, ' ', rest);
}

static void expect_roles(enum dossier_state from, enum dossier_action action, struct text roles, int to)
{
    while (roles.data != NULL) {
        int const bit = role_bit(text_cut(roles, ',', &roles));

        assert_int_equal(targets[from][action][bit], NOBODY);
        targets[from][action][bit] = to;
        if (bit == role_bit(TEXT("handler")))
            targets[from][action][ROLE_BIT_OWN] = to;
    }
}

static void read_row(struct text row)
{
    struct text states = next_word(&row);
    struct text const action_text = next_word(&row), roles = next_word(&row), arrow = next_word(&row);
    struct text const to_text = next_word(&row);
    enum dossier_action action;
    enum dossier_state from, to = STATE_COUNT;
    bool const is_same = text_equal(to_text, TEXT("same"));

    assert_true(text_equal(arrow, TEXT("->")));
    assert_true(action_from_name(action_text, &action));
    assert_true(is_same || state_from_name(to_text, &to));
    while (states.data != NULL) {
        assert_true(state_from_name(text_cut(states, ',', &states), &from));
        expect_roles(from, action, roles, is_same ? STAYS_THERE : (int)to);
    }
}

static int read_table(void **state)
{
    for (int from = 0; from < STATE_COUNT; from++)
        for (int action = 0; action < ACTION_COUNT; action++)
            for (int bit = 0; bit < ROLE_BITS; bit++)
                targets[from][action][bit] = NOBODY;
    for (size_t i = 0; i < array_length(expected); i++)
        read_row(text_of(expected[i]));
    return life_open(state);
}

/* Whether the role stands in any row of the action; the handler counts whether it is his dossier or not. */
static bool is_role_of(enum dossier_action action, int bit)
{
    bool const is_handler = bit == role_bit(TEXT("handler"));

    for (int from = 0; from < STATE_COUNT; from++)
        if (targets[from][action][bit] != NOBODY ||
            (is_handler && targets[from][action][ROLE_BIT_OWN] != NOBODY))
            return true;
    return false;
}

static bool is_state_of(enum dossier_action action, enum dossier_state from)
{
    for (int bit = 0; bit < ROLE_BITS; bit++)
        if (targets[from][action][bit] != NOBODY)
            return true;
    return false;
}

static bool is_action_of_a_row(enum dossier_action action)
{
    for (int from = 0; from < STATE_COUNT; from++)
        if (is_state_of(action, (enum dossier_state)from))
            return true;
    return false;
}

static enum dossier_refusal expected_refusal(enum dossier_state from, enum dossier_action action, int bit)
{
    if (!is_action_of_a_row(action))
        return REFUSED_WRONG_STATE;
    if (targets[from][action][bit] != NOBODY)
        return DECIDED;
    return is_role_of(action, bit) && !is_state_of(action, from) ? REFUSED_WRONG_STATE
                                                                 : REFUSED_NOT_YOUR_ACTION;
}

static struct dossier_actor actor_of(int bit)
{
    if (bit == ROLE_BIT_OWN)
        return (struct dossier_actor){
            .user = LIFE_HANDLER, .roles = ROLE_HANDLER, .asking_roles = ROLE_HANDLER};
    return (struct dossier_actor){.user = LIFE_OTHER, .roles = 1U << bit, .asking_roles = 1U << bit};
}

static enum dossier_refusal try(const struct dossier *dossier, enum dossier_action action,
                                struct dossier_actor actor, struct dossier_change *change)
{
    struct dossier_input const input = life_input(at(LIFE_NOW));
    struct dossier ready = *dossier;
    unsigned missing;

    ready.is_owed = action == ACTION_COLLECT_FEE;
    if (action == ACTION_CORRECT_TIMELINESS)
        ready.timeliness = TIMELINESS_OVERDUE;
    ready.handler = action == ACTION_ASSIGN ? LIFE_SOMEBODY : LIFE_HANDLER;
    return dossier_decide(&ready, action, &actor, &input, calendar, at(LIFE_NOW), change, &missing);
}

static void check_one(enum dossier_state from, enum dossier_action action, int bit)
{
    struct dossier const dossier = life_dossier(from);
    struct dossier_change change;
    enum dossier_refusal const refusal = try(&dossier, action, actor_of(bit), &change);
    enum dossier_refusal const right = expected_refusal(from, action, bit);
    int const to = targets[from][action][bit];
    const char *const who = bit == ROLE_BIT_OWN ? "own handler" : role_name(1U << bit);

    if (refusal != right)
        fail_msg("%s %s by %s: %s, expected %s", state_name(from), action_name(action), who,
                 life_refusal_name(refusal), life_refusal_name(right));
    if (refusal == DECIDED && (int)change.to != (to == STAYS_THERE ? (int)from : to))
        fail_msg("%s %s by %s -> %s", state_name(from), action_name(action), who, state_name(change.to));
    if (refusal == DECIDED)
        assert_true(change.from == from && change.action == action);
}

static void test_each_role_does_what_the_table_says_and_nothing_else(void **state)
{
    (void)state;
    for (int from = 0; from < STATE_COUNT; from++)
        for (int action = 0; action < ACTION_COUNT; action++)
            for (int bit = 0; bit < ROLE_BITS; bit++)
                check_one((enum dossier_state)from, (enum dossier_action)action, bit);
}

/* Who has several roles may what any of them may; of two refusals, the one that says more. */
static enum dossier_refusal expected_union(enum dossier_state from, enum dossier_action action,
                                           unsigned roles, bool is_own)
{
    enum dossier_refusal best = is_action_of_a_row(action) ? REFUSED_NOT_YOUR_ACTION : REFUSED_WRONG_STATE;

    for (int bit = 0; bit < ROLE_COUNT; bit++) {
        bool const is_own_handler = is_own && bit == role_bit(TEXT("handler"));
        enum dossier_refusal refusal;

        if ((roles >> bit & 1) == 0)
            continue;
        refusal = expected_refusal(from, action, is_own_handler ? ROLE_BIT_OWN : bit);
        if (refusal == DECIDED)
            return DECIDED;
        if (refusal == REFUSED_WRONG_STATE)
            best = REFUSED_WRONG_STATE;
    }
    return best;
}

static void check_union(enum dossier_state from, enum dossier_action action, unsigned roles)
{
    struct dossier const dossier = life_dossier(from);
    struct dossier_change change;

    for (int is_own = 0; is_own < 2; is_own++) {
        struct dossier_actor const actor = {
            .user = is_own ? LIFE_HANDLER : LIFE_OTHER, .roles = roles, .asking_roles = roles};
        enum dossier_refusal const refusal = try(&dossier, action, actor, &change);
        enum dossier_refusal const right = expected_union(from, action, roles, is_own);

        if (refusal != right)
            fail_msg("%s %s by roles %x: %s, expected %s", state_name(from), action_name(action), roles,
                     life_refusal_name(refusal), life_refusal_name(right));
    }
}

static void test_several_roles_are_their_union(void **state)
{
    (void)state;
    for (unsigned roles = 0; roles <= LIFE_ROLES_ALL; roles++)
        for (int from = 0; from < STATE_COUNT; from++)
            for (int action = 0; action < ACTION_COUNT; action++)
                check_union((enum dossier_state)from, (enum dossier_action)action, roles);
}

static void test_a_signed_supplement_request_is_not_the_handlers(void **state)
{
    static const struct {
        int64_t user;
        unsigned roles;
        enum dossier_refusal refusal;
    } cases[] = {{LIFE_HANDLER, ROLE_HANDLER, REFUSED_NOT_YOUR_ACTION},
                 {LIFE_HANDLER, ROLE_HANDLER | ROLE_DEPT_HEAD, DECIDED},
                 {LIFE_OTHER, ROLE_DEPT_HEAD, DECIDED},
                 {LIFE_OTHER, ROLE_LEADER, DECIDED}};
    struct dossier dossier = life_dossier(STATE_PROCESSING);
    struct dossier_change change;

    (void)state;
    dossier.plan.is_supplement_signed = true;
    for (size_t i = 0; i < array_length(cases); i++)
        assert_int_equal(try(&dossier, ACTION_REQUEST_SUPPLEMENT,
                             (struct dossier_actor){.user = cases[i].user, .roles = cases[i].roles}, &change),
                         cases[i].refusal);
    dossier.state = STATE_SUBMITTED; /* at the desk it stays the receiver's */
    assert_int_equal(try(&dossier, ACTION_REQUEST_SUPPLEMENT,
                         (struct dossier_actor){.user = LIFE_OTHER, .roles = ROLE_RECEIVER}, &change),
                     DECIDED);
}

/* Who is asked gives his opinion; that he was silent is noted by the head of who asked, and by nobody else.
 */
static void test_an_opinion_and_silence_are_on_two_sides(void **state)
{
    struct dossier_actor const asked = {.user = LIFE_OTHER, .roles = ROLE_DEPT_HEAD | ROLE_HANDLER};
    struct dossier_actor const asks = {.user = LIFE_HANDLER, .asking_roles = ROLE_DEPT_HEAD};
    struct dossier_actor const handles = {.user = LIFE_HANDLER, .asking_roles = ROLE_HANDLER};
    struct dossier dossier = life_dossier(STATE_CONSULTING);
    struct dossier_change change;

    (void)state;
    assert_int_equal(try(&dossier, ACTION_END_CONSULTATION, asked, &change), REFUSED_NOT_YOUR_ACTION);
    assert_int_equal(try(&dossier, ACTION_END_CONSULTATION, handles, &change), REFUSED_NOT_YOUR_ACTION);
    assert_int_equal(try(&dossier, ACTION_ANSWER_CONSULTATION, asks, &change), REFUSED_NOT_YOUR_ACTION);
    assert_int_equal(try(&dossier, ACTION_END_CONSULTATION, asks, &change), DECIDED);
    dossier.state = STATE_PROCESSING; /* the answer comes after all */
    assert_int_equal(try(&dossier, ACTION_ANSWER_CONSULTATION, asked, &change), REFUSED_WRONG_STATE);
    assert_int_equal(try(&dossier, ACTION_END_CONSULTATION, asked, &change), REFUSED_WRONG_STATE);
}

/* A dossier without a handler has no own one, not even user 0. */
static void test_nobody_is_no_handler(void **state)
{
    struct dossier dossier = life_dossier(STATE_PROCESSING);
    struct dossier_actor const actor = {.user = 0, .roles = ROLE_HANDLER};
    struct dossier_input const input = life_input(at(LIFE_NOW));
    struct dossier_change change;
    unsigned missing;

    (void)state;
    dossier.handler = 0;
    assert_int_equal(dossier_decide(&dossier, ACTION_SUBMIT_FOR_REVIEW, &actor, &input, calendar,
                                    at(LIFE_NOW), &change, &missing),
                     REFUSED_NOT_YOUR_ACTION);
}

/* From these states the action is of no use in a particular dossier, and says so before it asks for input. */
static void test_a_state_that_is_not_meant_is_the_wrong_state(void **state)
{
    struct dossier_actor const everybody = {
        .user = LIFE_OTHER, .roles = LIFE_ROLES_ALL, .asking_roles = LIFE_ROLES_ALL};
    struct dossier_input const nothing = {0};
    struct dossier at_desk = life_dossier(STATE_RESULT_READY), never = life_dossier(STATE_STOPPED);
    struct dossier_offer offers[ACTION_COUNT];
    struct dossier_change change;
    unsigned missing;

    (void)state;
    at_desk.return_channel = TEXT("COUNTER");
    assert_int_equal(dossier_decide(&at_desk, ACTION_CONFIRM_DELIVERY, &everybody, &nothing, calendar,
                                    at(LIFE_NOW), &change, &missing),
                     REFUSED_WRONG_STATE);
    never.accepted_at_s = never.clock_start_s = 0; /* stopped before it was accepted */
    assert_int_equal(dossier_decide(&never, ACTION_REOPEN, &everybody, &nothing, calendar, at(LIFE_NOW),
                                    &change, &missing),
                     REFUSED_WRONG_STATE);
    assert_int_equal(dossier_offers(&never, &everybody, offers), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_role_does_what_the_table_says_and_nothing_else),
        cmocka_unit_test(test_several_roles_are_their_union),
        cmocka_unit_test(test_a_signed_supplement_request_is_not_the_handlers),
        cmocka_unit_test(test_an_opinion_and_silence_are_on_two_sides),
        cmocka_unit_test(test_nobody_is_no_handler),
        cmocka_unit_test(test_a_state_that_is_not_meant_is_the_wrong_state),
    };

    return cmocka_run_group_tests(tests, read_table, life_close);
}
