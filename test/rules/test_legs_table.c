/* Which action each stage and state of a leg takes from whom: the whole product, and what the whole chain
 * takes. */
#include "test_life.h"

#include "dossier/flow_table_rules.h"
#include "dossier/leg_rules.h"

/* action: stages and states it is taken in, of a leg that goes on and has a branch beside it. */
static const struct {
    enum dossier_action action;
    const char *stages, *states;
    unsigned roles;
} chain_rows[] = {
    {ACTION_HAND_OVER_LEG, "WORKED OFFERED", "ISSUING", ROLE_RECORDS_CLERK},
    {ACTION_ACKNOWLEDGE_LEG, "OFFERED WORKED", "LEG_HANDOVER", ROLE_DEPT_HEAD | ROLE_HANDLER},
    {ACTION_RECALL_LEG, "DONE", "LEG_HANDOVER", ROLE_RECORDS_CLERK | ROLE_LEADER},
    {ACTION_RECORD_LATE_ANSWER, "JOINED_WITHOUT", "STOPPED",
     ROLE_HANDLER | ROLE_DEPT_HEAD | ROLE_LEADER | ROLE_RECORDS_CLERK},
    {ACTION_JOIN_WITHOUT, "OFFERED WORKED",
     "IN_TRANSFER ASSIGNING PROCESSING CONSULTING SUPPLEMENT_WAIT FINANCIAL_WAIT REVIEW SIGNING ISSUING "
     "LEG_HANDOVER",
     ROLE_LEADER},
    {ACTION_ISSUE, "", "", 0}, /* its result goes on, so it is handed over */
};

static bool is_word_of(const char *word, const char *words)
{
    size_t const length = strlen(word);

    for (const char *here = words; (here = strstr(here, word)) != NULL; here += length)
        if ((here == words || here[-1] == ' ') && (here[length] == '\0' || here[length] == ' '))
            return true;
    return false;
}

static enum dossier_refusal find(enum dossier_state state, enum leg_stage stage, enum dossier_action action,
                                 unsigned role)
{
    struct dossier leg = life_dossier(state);
    struct dossier_actor const actor = {.user = LIFE_HANDLER, .roles = role, .asking_roles = role};
    const struct dossier_rule *rule;

    leg.stage = stage;
    leg.is_onward = leg.is_branch = true;
    return rule_find(&leg, action, &actor, &rule);
}

static void test_each_stage_takes_its_actions_and_no_others(void **state)
{
    int taken = 0;

    (void)state;
    for (size_t row = 0; row < array_length(chain_rows); row++)
        for (int from = 0; from < STATE_COUNT; from++)
            for (int stage = LEG_WAITING; stage < LEG_STAGE_COUNT; stage++)
                for (int bit = 0; bit < ROLE_COUNT; bit++) {
                    bool const is_right =
                        is_word_of(leg_stage_name((enum leg_stage)stage), chain_rows[row].stages) &&
                        is_word_of(state_name((enum dossier_state)from), chain_rows[row].states) &&
                        (chain_rows[row].roles >> bit & 1) != 0;
                    bool const is_taken = find((enum dossier_state)from, (enum leg_stage)stage,
                                               chain_rows[row].action, 1U << bit) == DECIDED;

                    if (is_right != is_taken)
                        fail_msg("%s of a %s leg in %s by %s: %s", action_name(chain_rows[row].action),
                                 leg_stage_name((enum leg_stage)stage), state_name((enum dossier_state)from),
                                 role_name(1U << bit), is_taken ? "taken" : "refused");
                    taken += is_taken ? 1 : 0;
                }
    assert_int_equal(taken, 32);
}

/* An open leg is worked on exactly as a dossier is; one that is over, or still waits, not at all. */
static void test_an_open_leg_is_worked_on_like_a_dossier(void **state)
{
    static const char whole[] = "request_withdrawal confirm_withdrawal turn_down_withdrawal apologise "
                                "collect_fee hand_over_leg acknowledge_leg recall_leg join_without "
                                "record_late_answer issue";

    (void)state;
    for (int from = 0; from < STATE_COUNT; from++)
        for (int action = 0; action < ACTION_COUNT; action++)
            for (int bit = 0; bit < ROLE_COUNT; bit++) {
                struct dossier const dossier = life_dossier((enum dossier_state)from);
                struct dossier_actor const actor = {
                    .user = LIFE_HANDLER, .roles = 1U << bit, .asking_roles = 1U << bit};
                const struct dossier_rule *rule;
                enum dossier_refusal const alone =
                    rule_find(&dossier, (enum dossier_action)action, &actor, &rule);

                if (is_word_of(action_name((enum dossier_action)action), whole))
                    continue;
                assert_int_equal(alone == DECIDED, find((enum dossier_state)from, LEG_WORKED,
                                                        (enum dossier_action)action, 1U << bit) == DECIDED);
                assert_int_not_equal(
                    find((enum dossier_state)from, LEG_WAITING, (enum dossier_action)action, 1U << bit),
                    DECIDED);
                assert_int_not_equal(
                    find((enum dossier_state)from, LEG_DONE, (enum dossier_action)action, 1U << bit),
                    DECIDED);
            }
}

/* Of the whole, while its legs are at work, only what concerns all of them. */
static void test_the_whole_is_not_worked_on(void **state)
{
    static const char right[] = "request_withdrawal apologise collect_fee recall_leg";
    static const char working[] = "IN_TRANSFER ASSIGNING PROCESSING CONSULTING SUPPLEMENT_WAIT "
                                  "FINANCIAL_WAIT REVIEW SIGNING ISSUING LEG_HANDOVER";

    (void)state;
    for (int from = 0; from < STATE_COUNT; from++)
        for (int action = 0; action < ACTION_COUNT; action++) {
            struct dossier whole = life_dossier((enum dossier_state)from);
            struct dossier_actor const anybody = {
                .user = LIFE_HANDLER, .roles = LIFE_ROLES_ALL, .asking_roles = LIFE_ROLES_ALL};
            const struct dossier_rule *rule;

            whole.has_legs = true;
            if (is_word_of(state_name((enum dossier_state)from), working) &&
                !is_word_of(action_name((enum dossier_action)action), right))
                assert_int_not_equal(rule_find(&whole, (enum dossier_action)action, &anybody, &rule),
                                     DECIDED);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_stage_takes_its_actions_and_no_others),
        cmocka_unit_test(test_an_open_leg_is_worked_on_like_a_dossier),
        cmocka_unit_test(test_the_whole_is_not_worked_on),
    };

    return cmocka_run_group_tests(tests, life_open, life_close);
}
