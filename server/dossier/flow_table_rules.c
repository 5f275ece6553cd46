/*
 * The life cycle as one table: what may be done, from where, to where, by whom, with which input. Sources:
 * NĐ 61/2018 (NĐ 107/2021), NĐ 118/2025 art. 18 and 21, NĐ 297/2025 art. 6. The conditions that are more than
 * from, to and who stand in flow_rules.c.
 */
#include "dossier/flow_inside.h"

#define IN(state) (UINT32_C(1) << STATE_##state)
#define STATES_RUNNING                                                                                       \
    (IN(ACCEPTED) | IN(IN_TRANSFER) | IN(ASSIGNING) | IN(PROCESSING) | IN(CONSULTING) | IN(REVIEW) |         \
     IN(SIGNING) | IN(ISSUING))
#define STATES_WAITING   (IN(SUPPLEMENT_WAIT) | IN(FINANCIAL_WAIT))
#define STATES_AT_RETURN (IN(RESULT_READY) | IN(REFUSED_WITH_REASON) | IN(UNCLAIMED))

enum { OWN = true, ANY = false };

/* action, from, to, who, only the assigned handler, needed input, allowed besides */
static const struct dossier_rule rules[] = {
    {ACTION_ACCEPT, IN(SUBMITTED), STATE_ACCEPTED, ROLE_RECEIVER, ANY, 0, NEED_NOTE},
    {ACTION_TRANSFER, IN(ACCEPTED), STATE_IN_TRANSFER, ROLE_RECEIVER, ANY, 0, NEED_NOTE},
    {ACTION_ACKNOWLEDGE, IN(IN_TRANSFER), STATE_ASSIGNING, ROLE_DEPT_HEAD | ROLE_HANDLER, ANY, 0,
     NEED_NOTE | NEED_CAUSE},
    {ACTION_ASSIGN, IN(ASSIGNING), STATE_PROCESSING, ROLE_DEPT_HEAD, ANY, NEED_HANDLER,
     NEED_STEP_DUE | NEED_NOTE | NEED_CAUSE},
    {ACTION_ASSIGN, IN(PROCESSING), STATE_PROCESSING, ROLE_DEPT_HEAD, ANY, NEED_HANDLER | NEED_REASON,
     NEED_STEP_DUE | NEED_NOTE | NEED_CAUSE},
    {ACTION_REDIRECT, IN(ASSIGNING) | IN(PROCESSING), STATE_IN_TRANSFER, ROLE_DEPT_HEAD, ANY,
     NEED_UNIT | NEED_REASON, NEED_NOTE},
    {ACTION_CONSULT, IN(PROCESSING), STATE_CONSULTING, ROLE_HANDLER | ROLE_DEPT_HEAD, OWN,
     NEED_UNIT | NEED_QUESTION | NEED_STEP_DUE, NEED_NOTE},
    {ACTION_ANSWER_CONSULTATION, IN(CONSULTING), STATE_PROCESSING, ROLE_HANDLER | ROLE_DEPT_HEAD, ANY,
     NEED_OPINION, NEED_DOCUMENT | NEED_NOTE},
    {ACTION_END_CONSULTATION, IN(CONSULTING), STATE_PROCESSING, ROLE_DEPT_HEAD, ANY,
     NEED_REASON | NEED_GROUND, NEED_NOTE | NEED_CAUSE},
    {ACTION_REQUEST_SUPPLEMENT, IN(PROCESSING), STATE_SUPPLEMENT_WAIT,
     ROLE_HANDLER | ROLE_DEPT_HEAD | ROLE_LEADER, OWN, NEED_ITEMS | NEED_GROUND, NEED_REASON | NEED_NOTE},
    {ACTION_REQUEST_SUPPLEMENT, IN(SUBMITTED), STATE_INTAKE_SUPPLEMENT, ROLE_RECEIVER, ANY, NEED_ITEMS,
     NEED_GROUND | NEED_REASON | NEED_NOTE},
    {ACTION_RECEIVE_SUPPLEMENT, IN(SUPPLEMENT_WAIT), STATE_PROCESSING, ROLE_RECEIVER, ANY, 0, NEED_NOTE},
    {ACTION_RECEIVE_SUPPLEMENT, IN(INTAKE_SUPPLEMENT), STATE_SUBMITTED, ROLE_RECEIVER, ANY, 0, NEED_NOTE},
    {ACTION_REQUEST_PAYMENT, IN(PROCESSING), STATE_FINANCIAL_WAIT, ROLE_HANDLER, OWN,
     NEED_AMOUNT | NEED_DOCUMENT, NEED_GROUND | NEED_NOTE},
    {ACTION_CONFIRM_PAYMENT, IN(FINANCIAL_WAIT), STATE_PROCESSING, ROLE_RECEIVER | ROLE_HANDLER, OWN,
     NEED_PROOF, NEED_DOCUMENT | NEED_NOTE},
    {ACTION_SUBMIT_FOR_REVIEW, IN(PROCESSING), STATE_REVIEW, ROLE_HANDLER, OWN, NEED_NOTE,
     NEED_REFUSAL_DRAFT | NEED_CAUSE},
    {ACTION_SUBMIT_FOR_SIGNATURE, IN(REVIEW), STATE_SIGNING, ROLE_DEPT_HEAD, ANY, 0, NEED_NOTE | NEED_CAUSE},
    {ACTION_REWORK, IN(REVIEW), STATE_PROCESSING, ROLE_DEPT_HEAD, ANY, NEED_REASON,
     NEED_STEP_DUE | NEED_CAUSE},
    {ACTION_REWORK, IN(SIGNING), STAYS, ROLE_LEADER, ANY, NEED_REASON,
     NEED_STEP_DUE | NEED_TARGET | NEED_CAUSE},
    {ACTION_SIGN, IN(SIGNING), STATE_ISSUING, ROLE_LEADER, ANY, 0, NEED_NOTE | NEED_CAUSE},
    {ACTION_ISSUE, IN(ISSUING), STAYS, ROLE_RECORDS_CLERK, ANY, NEED_DOCUMENT, NEED_NOTE | NEED_CAUSE},
    {ACTION_RETURN_RESULT, STATES_AT_RETURN, STATE_RETURNED, ROLE_RETURN_CLERK, ANY, NEED_RECEIVER,
     NEED_AUTHORISATION | NEED_NOTE},
    {ACTION_GIVE_TO_POST, IN(RESULT_READY) | IN(REFUSED_WITH_REASON), STATE_RETURN_IN_POST, ROLE_RETURN_CLERK,
     ANY, NEED_POSTAL_NUMBER | NEED_ADDRESS, NEED_NOTE},
    {ACTION_CONFIRM_DELIVERY, IN(RETURN_IN_POST), STATE_RETURNED, ROLE_RETURN_CLERK, ANY, NEED_PROOF,
     NEED_NOTE},
    {ACTION_CONFIRM_DELIVERY, IN(RESULT_READY), STATE_RETURNED, ROLE_RETURN_CLERK | ROLE_SYSTEM, ANY,
     NEED_PROOF, NEED_NOTE},
    {ACTION_REFUSE, IN(SUBMITTED), STATE_INTAKE_REFUSED, ROLE_RECEIVER, ANY, NEED_REASON | NEED_GROUND,
     NEED_NOTE},
    {ACTION_REFUSE, IN(SIGNING) | IN(SUPPLEMENT_WAIT), STATE_REFUSED_WITH_REASON, ROLE_LEADER, ANY,
     NEED_REASON | NEED_GROUND, NEED_DOCUMENT | NEED_NOTE},
    {ACTION_REQUEST_WITHDRAWAL, STATES_RUNNING | STATES_WAITING, STATE_WITHDRAW_REQUESTED, ROLE_RECEIVER, ANY,
     NEED_REASON, NEED_PROOF | NEED_NOTE},
    {ACTION_CONFIRM_WITHDRAWAL, IN(WITHDRAW_REQUESTED), STATE_WITHDRAWN, ROLE_RECEIVER, ANY, 0, NEED_NOTE},
    {ACTION_TURN_DOWN_WITHDRAWAL, IN(WITHDRAW_REQUESTED), STAYS, ROLE_RECEIVER, ANY, NEED_REASON, NEED_NOTE},
    {ACTION_STOP, IN(SUPPLEMENT_WAIT), STATE_STOPPED, ROLE_LEADER, ANY, NEED_REASON, NEED_GROUND | NEED_NOTE},
    {ACTION_STOP, IN(INTAKE_SUPPLEMENT), STATE_STOPPED, ROLE_RECEIVER | ROLE_LEADER, ANY, NEED_REASON,
     NEED_GROUND | NEED_NOTE},
    {ACTION_APOLOGISE, STATES_RUNNING | STATES_WAITING | IN(LEG_HANDOVER), STAYS, ROLE_LEADER, ANY,
     NEED_REASON | NEED_NEW_DUE, NEED_NOTE | NEED_CAUSE},
    {ACTION_REOPEN, IN(RETURNED) | IN(STOPPED), STATE_PROCESSING, ROLE_LEADER, ANY, NEED_GROUND | NEED_REASON,
     NEED_HANDLER | NEED_NOTE},
    {ACTION_COLLECT_FEE,
     STATES_RUNNING | STATES_WAITING | STATES_AT_RETURN | IN(RETURN_IN_POST) | IN(LEG_HANDOVER) |
         IN(WITHDRAW_REQUESTED),
     STAYS, ROLE_RECEIVER | ROLE_RETURN_CLERK, ANY, NEED_METHOD, NEED_NOTE},
    {ACTION_MARK_UNCLAIMED, IN(RESULT_READY), STATE_UNCLAIMED, ROLE_RETURN_CLERK | ROLE_SYSTEM, ANY, 0,
     NEED_NOTE},
    {ACTION_ARCHIVE, IN(UNCLAIMED), STATE_ARCHIVED, ROLE_RETURN_CLERK, ANY, NEED_REASON, NEED_NOTE},
    {ACTION_CORRECT_TIMELINESS,
     STATES_AT_RETURN | IN(RETURN_IN_POST) | IN(RETURNED) | IN(WITHDRAWN) | IN(STOPPED) | IN(ARCHIVED), STAYS,
     ROLE_LEADER, ANY, NEED_REASON | NEED_GROUND | NEED_DOCUMENT, NEED_NOTE},
};

const struct dossier_rule *dossier_rules(size_t *count)
{
    *count = array_length(rules);
    return rules;
}

/* The dossier is where the row begins; two states are meant only of some dossiers: on paper a result is
 * handed over or posted, and what was never accepted cannot be reopened. */
static bool is_from_here(const struct dossier_rule *rule, const struct dossier *dossier)
{
    if ((rule->from >> dossier->state & 1) == 0)
        return false;
    if (rule->action == ACTION_CONFIRM_DELIVERY && dossier->state == STATE_RESULT_READY)
        return text_equal(dossier->return_channel, TEXT("ONLINE"));
    if (rule->action == ACTION_REOPEN)
        return dossier->accepted_at_s != 0;
    return true;
}

/* While an opinion is asked for, who is asked may give it; that it did not come is noted by who asks. */
static unsigned roles_held(const struct dossier_rule *rule, const struct dossier *dossier,
                           const struct dossier_actor *actor)
{
    return rule->action == ACTION_END_CONSULTATION && dossier->state == STATE_CONSULTING ? actor->asking_roles
                                                                                         : actor->roles;
}

/* The roles of a row that this actor really has here: a handler counts where the row wants the assigned one
 * only if he is it; where the procedure wants supplement requests signed, a handler does not count at all. */
static unsigned fitting_roles(const struct dossier_rule *rule, const struct dossier *dossier,
                              const struct dossier_actor *actor)
{
    unsigned roles = rule->roles & roles_held(rule, dossier, actor);

    if (rule->is_own_handler && (actor->user != dossier->handler || actor->user == 0))
        roles &= ~(unsigned)ROLE_HANDLER;
    if (rule->action == ACTION_REQUEST_SUPPLEMENT && dossier->plan.is_supplement_signed)
        roles &= ~(unsigned)ROLE_HANDLER;
    return roles;
}

enum dossier_refusal rule_find(const struct dossier *dossier, enum dossier_action action,
                               const struct dossier_actor *actor, const struct dossier_rule **found)
{
    bool has_role = false, has_state = false, has_rows = false;

    for (size_t i = 0; i < array_length(rules); i++) {
        if (rules[i].action != action)
            continue;
        has_rows = true;
        if (is_from_here(&rules[i], dossier)) {
            has_state = true;
            if (fitting_roles(&rules[i], dossier, actor) != 0) {
                *found = &rules[i];
                return DECIDED;
            }
        }
        has_role |= (rules[i].roles & roles_held(&rules[i], dossier, actor)) != 0;
    }
    if (!has_rows) /* chains between agencies: no row yet */
        return REFUSED_WRONG_STATE;
    return has_state || !has_role ? REFUSED_NOT_YOUR_ACTION : REFUSED_WRONG_STATE;
}

unsigned rule_acting_role(const struct dossier *dossier, enum dossier_action action,
                          const struct dossier_actor *actor)
{
    const struct dossier_rule *rule = NULL;
    unsigned roles;

    must(rule_find(dossier, action, actor, &rule) == DECIDED);
    roles = fitting_roles(rule, dossier, actor);
    return roles & (~roles + 1);
}

/* What the table alone cannot tell but the dossier shows at a glance: an offer must be worth trying. */
static bool is_worth_trying(const struct dossier *dossier, enum dossier_action action)
{
    if (action == ACTION_COLLECT_FEE)
        return dossier->is_owed;
    if (action == ACTION_APOLOGISE)
        return dossier->reappointed_due_at_s == 0;
    if (action == ACTION_CORRECT_TIMELINESS)
        return dossier->timeliness == TIMELINESS_OVERDUE;
    return true;
}

size_t dossier_offers(const struct dossier *dossier, const struct dossier_actor *actor,
                      struct dossier_offer offers[static ACTION_COUNT])
{
    size_t count = 0;

    for (int action = 0; action < ACTION_COUNT; action++) {
        const struct dossier_rule *rule;

        if (rule_find(dossier, (enum dossier_action)action, actor, &rule) == DECIDED &&
            is_worth_trying(dossier, (enum dossier_action)action))
            offers[count++] = (struct dossier_offer){rule->action, rule->needs, rule->takes};
    }
    return count;
}
