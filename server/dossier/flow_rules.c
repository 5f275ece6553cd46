/*
 * The life cycle as one table, and the one decision over it. Sources: lifecycle of NĐ 61/2018 and NĐ
 * 118/2025; the conditions that are more than from, to and who stand in one small function an action, below
 * the table.
 */
#include "calendar/due.h"
#include "core/instant.h"
#include "dossier/clock_rules.h"
#include "dossier/dossier.h"

#define IN(state) (UINT32_C(1) << STATE_##state)
#define STATES_RUNNING                                                                                       \
    (IN(ACCEPTED) | IN(IN_TRANSFER) | IN(ASSIGNING) | IN(PROCESSING) | IN(CONSULTING) | IN(REVIEW) |         \
     IN(SIGNING) | IN(ISSUING))
#define STATES_WAITING   (IN(SUPPLEMENT_WAIT) | IN(FINANCIAL_WAIT))
#define STATES_AT_RETURN (IN(RESULT_READY) | IN(REFUSED_WITH_REASON) | IN(UNCLAIMED))

enum { STAYS = -1, OWN = true, ANY = false };

/* action, from, to, who, only the assigned handler, needed input, allowed besides */
static const struct dossier_rule rules[] = {
    {ACTION_ACCEPT, IN(SUBMITTED), STATE_ACCEPTED, ROLE_RECEIVER, ANY, 0, NEED_NOTE},
    {ACTION_TRANSFER, IN(ACCEPTED), STATE_IN_TRANSFER, ROLE_RECEIVER, ANY, 0, NEED_NOTE},
    {ACTION_ACKNOWLEDGE, IN(IN_TRANSFER), STATE_ASSIGNING, ROLE_DEPT_HEAD | ROLE_HANDLER, ANY, 0, NEED_NOTE},
    {ACTION_ASSIGN, IN(ASSIGNING), STATE_PROCESSING, ROLE_DEPT_HEAD, ANY, NEED_HANDLER,
     NEED_STEP_DUE | NEED_NOTE},
    {ACTION_ASSIGN, IN(PROCESSING), STATE_PROCESSING, ROLE_DEPT_HEAD, ANY, NEED_HANDLER | NEED_REASON,
     NEED_STEP_DUE | NEED_NOTE},
    {ACTION_REDIRECT, IN(ASSIGNING) | IN(PROCESSING), STATE_IN_TRANSFER, ROLE_DEPT_HEAD, ANY,
     NEED_UNIT | NEED_REASON, NEED_NOTE},
    {ACTION_CONSULT, IN(PROCESSING), STATE_CONSULTING, ROLE_HANDLER | ROLE_DEPT_HEAD, OWN,
     NEED_UNIT | NEED_QUESTION | NEED_STEP_DUE, NEED_NOTE},
    {ACTION_ANSWER_CONSULTATION, IN(CONSULTING), STATE_PROCESSING, ROLE_HANDLER | ROLE_DEPT_HEAD, ANY,
     NEED_OPINION, NEED_DOCUMENT | NEED_NOTE},
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
     NEED_REFUSAL_DRAFT},
    {ACTION_SUBMIT_FOR_SIGNATURE, IN(REVIEW), STATE_SIGNING, ROLE_DEPT_HEAD, ANY, 0, NEED_NOTE},
    {ACTION_REWORK, IN(REVIEW), STATE_PROCESSING, ROLE_DEPT_HEAD, ANY, NEED_REASON, NEED_STEP_DUE},
    {ACTION_REWORK, IN(SIGNING), STAYS, ROLE_LEADER, ANY, NEED_REASON, NEED_STEP_DUE | NEED_TARGET},
    {ACTION_SIGN, IN(SIGNING), STATE_ISSUING, ROLE_LEADER, ANY, 0, NEED_NOTE},
    {ACTION_ISSUE, IN(ISSUING), STAYS, ROLE_RECORDS_CLERK, ANY, NEED_DOCUMENT, NEED_NOTE},
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
     NEED_REASON | NEED_NEW_DUE, NEED_NOTE},
    {ACTION_REOPEN, IN(RETURNED) | IN(STOPPED), STATE_PROCESSING, ROLE_LEADER, ANY, NEED_GROUND | NEED_REASON,
     NEED_HANDLER | NEED_NOTE},
    {ACTION_COLLECT_FEE,
     STATES_RUNNING | STATES_WAITING | STATES_AT_RETURN | IN(LEG_HANDOVER) | IN(WITHDRAW_REQUESTED), STAYS,
     ROLE_RECEIVER | ROLE_RETURN_CLERK, ANY, NEED_METHOD, NEED_NOTE},
    {ACTION_MARK_UNCLAIMED, IN(RESULT_READY), STATE_UNCLAIMED, ROLE_RETURN_CLERK | ROLE_SYSTEM, ANY, 0,
     NEED_NOTE},
    {ACTION_ARCHIVE, IN(UNCLAIMED), STATE_ARCHIVED, ROLE_RETURN_CLERK, ANY, NEED_REASON, NEED_NOTE},
};

const struct dossier_rule *dossier_rules(size_t *count)
{
    *count = array_length(rules);
    return rules;
}

/* One decision under way. */
struct deciding {
    const struct dossier *before;
    const struct dossier_actor *actor;
    const struct dossier_input *input;
    const struct calendar *calendar;
    int64_t now_s;
    struct dossier_change *change;
    unsigned *missing;
};

static bool is_in(const struct dossier_rule *rule, enum dossier_state state)
{
    return (rule->from >> state & 1) != 0;
}

/* The roles of a row that this actor really has here: a handler counts where the row wants the assigned one
 * only if he is it; where the procedure wants supplement requests signed, a handler does not count at all. */
static unsigned fitting_roles(const struct dossier_rule *rule, const struct dossier *dossier,
                              const struct dossier_actor *actor)
{
    unsigned roles = rule->roles & actor->roles;

    if (rule->is_own_handler && (actor->user != dossier->handler || actor->user == 0))
        roles &= ~(unsigned)ROLE_HANDLER;
    if (rule->action == ACTION_REQUEST_SUPPLEMENT && dossier->plan.is_supplement_signed)
        roles &= ~(unsigned)ROLE_HANDLER;
    return roles;
}

static enum dossier_refusal find_rule(const struct dossier *dossier, enum dossier_action action,
                                      const struct dossier_actor *actor, const struct dossier_rule **found)
{
    bool has_role = false, has_state = false, has_rows = false;

    for (size_t i = 0; i < array_length(rules); i++) {
        if (rules[i].action != action)
            continue;
        has_rows = true;
        if (is_in(&rules[i], dossier->state)) {
            has_state = true;
            if (fitting_roles(&rules[i], dossier, actor) != 0) {
                *found = &rules[i];
                return DECIDED;
            }
        }
        has_role |= (rules[i].roles & actor->roles) != 0;
    }
    if (!has_rows) /* chains between agencies: no row yet */
        return REFUSED_WRONG_STATE;
    return has_state || !has_role ? REFUSED_NOT_YOUR_ACTION : REFUSED_WRONG_STATE;
}

/* --- what several actions do alike --- */

static void hold(struct deciding *d, struct text unit, unsigned role)
{
    d->change->holder_unit = unit;
    d->change->holder_role = role;
}

static void open_step(struct deciding *d, enum dossier_phase phase)
{
    d->change->closes_step = d->before->step_phase != PHASE_NONE;
    d->change->opens_step = true;
    d->change->step_phase = phase;
    d->change->step_due_s = clock_step_due(&d->before->plan, d->calendar, phase, d->now_s);
    d->change->step_remaining_min = 0;
}

static void close_step(struct deciding *d)
{
    d->change->closes_step = d->before->step_phase != PHASE_NONE;
    d->change->step_phase = PHASE_NONE;
    d->change->step_due_s = 0;
    d->change->step_remaining_min = 0;
}

static enum dossier_refusal bad_input(struct deciding *d, unsigned need)
{
    *d->missing |= need;
    return REFUSED_BAD_INPUT;
}

static bool is_given(const struct deciding *d, unsigned need)
{
    return (d->input->given & need) != 0;
}

/* The holder's own deadline as somebody sets it: still to come, and not behind the citizen's. */
static enum dossier_refusal set_step_due(struct deciding *d)
{
    int64_t const legal_s = d->before->due_eod_s != 0 ? d->before->due_eod_s : d->before->due_clock_s;

    if (!is_given(d, NEED_STEP_DUE))
        return DECIDED;
    if (d->input->step_due_s <= d->now_s || (legal_s > d->now_s && d->input->step_due_s > legal_s))
        return bad_input(d, NEED_STEP_DUE);
    d->change->step_due_s = d->input->step_due_s;
    return DECIDED;
}

static enum dossier_refusal pause_clock(struct deciding *d)
{
    if (state_clock(d->before->state) != CLOCK_RUN)
        return DECIDED; /* stopped already: overlapping stops count once */
    if (d->before->pause_count == PAUSES_MAX)
        return REFUSED_TOO_MANY_PAUSES;
    d->change->clock = CLOCK_PAUSE;
    if (d->before->step_due_s > d->now_s)
        d->change->step_remaining_min = calendar_worked_min(d->calendar, d->now_s, d->before->step_due_s);
    return DECIDED;
}

static void resume_clock(struct deciding *d, bool is_restart)
{
    d->change->clock = is_restart ? CLOCK_RESTART : CLOCK_RESUME;
    must(clock_resume(d->before, d->calendar, d->now_s, is_restart, &d->change->due_clock_s,
                      &d->change->due_eod_s));
    if (d->before->step_due_s != 0 && d->before->step_remaining_min > 0)
        d->change->step_due_s = calendar_add_min(d->calendar, d->now_s, d->before->step_remaining_min);
    d->change->step_remaining_min = 0;
}

/* The decision exists: the clock ends and timeliness is fixed for ever, against the due moved by stops alone.
 */
static void finish(struct deciding *d)
{
    d->change->clock = CLOCK_END;
    d->change->finished_at_s = d->now_s;
    d->change->timeliness = clock_judge(d->before, d->calendar, d->now_s, false);
    d->change->supplement_due_s = 0;
    hold(d, d->before->receiving_unit, ROLE_RETURN_CLERK);
    open_step(d, PHASE_RETURN);
}

/* Over without a result. */
static void end_without_result(struct deciding *d)
{
    if (d->before->accepted_at_s != 0) {
        d->change->clock = CLOCK_END;
        d->change->timeliness = clock_judge(d->before, d->calendar, d->now_s, true);
    }
    d->change->supplement_due_s = 0;
    hold(d, d->before->receiving_unit, ROLE_RECEIVER);
    close_step(d);
}

/* --- one function an action, where there is more than from, to and who --- */

static enum dossier_refusal accept(struct deciding *d)
{
    struct dossier_acceptance const acceptance = dossier_accept(&d->before->plan, d->calendar, d->now_s);

    d->change->clock = CLOCK_START;
    d->change->accepted_at_s = acceptance.accepted_at_s;
    d->change->due_clock_s = acceptance.due_clock_s;
    d->change->due_eod_s = acceptance.due_eod_s;
    hold(d, d->before->receiving_unit, ROLE_RECEIVER);
    open_step(d, PHASE_DESK);
    d->change->step_due_s = acceptance.step_due_s;
    d->change->form = "receipt";
    return DECIDED;
}

/* The desk's step goes on until somebody of the department takes it: the time between belongs to the desk. */
static enum dossier_refusal transfer(struct deciding *d)
{
    hold(d, d->before->processing_unit, ROLE_DEPT_HEAD);
    return DECIDED;
}

static enum dossier_refusal acknowledge(struct deciding *d)
{
    hold(d, d->before->processing_unit, ROLE_DEPT_HEAD);
    open_step(d, PHASE_ASSIGN);
    return DECIDED;
}

static enum dossier_refusal assign(struct deciding *d)
{
    if (d->input->handler == 0)
        return bad_input(d, NEED_HANDLER);
    if (d->before->state == STATE_PROCESSING && d->input->handler == d->before->handler)
        return bad_input(d, NEED_HANDLER);
    d->change->handler = d->input->handler;
    hold(d, d->before->processing_unit, ROLE_HANDLER);
    if (d->before->state == STATE_ASSIGNING) {
        open_step(d, PHASE_PROCESS);
    } else { /* another person, the same quota: what is left of it */
        d->change->closes_step = d->change->opens_step = true;
        d->change->step_phase = PHASE_PROCESS;
    }
    return set_step_due(d);
}

static enum dossier_refusal redirect(struct deciding *d)
{
    if (text_equal(d->input->unit, d->before->processing_unit))
        return bad_input(d, NEED_UNIT);
    d->change->processing_unit = d->input->unit;
    d->change->handler = 0;
    hold(d, d->input->unit, ROLE_DEPT_HEAD);
    return DECIDED; /* no clock is reset; the step stays the sender's until somebody takes it */
}

static enum dossier_refusal consult(struct deciding *d)
{
    if (text_equal(d->input->unit, d->before->processing_unit))
        return bad_input(d, NEED_UNIT);
    if (d->input->step_due_s <= d->now_s ||
        (d->before->step_due_s > d->now_s && d->input->step_due_s > d->before->step_due_s))
        return bad_input(d, NEED_STEP_DUE);
    hold(d, d->input->unit, ROLE_DEPT_HEAD);
    return DECIDED;
}

static enum dossier_refusal back_to_handler(struct deciding *d)
{
    hold(d, d->before->processing_unit, ROLE_HANDLER);
    return DECIDED;
}

static enum dossier_refusal request_supplement(struct deciding *d)
{
    enum dossier_refusal refusal;

    if (d->input->item_count == 0)
        return bad_input(d, NEED_ITEMS);
    hold(d, d->before->receiving_unit, ROLE_RECEIVER);
    d->change->supplement_due_s =
        calendar_supplement_expiry(d->calendar, d->now_s, d->before->plan.supplement_limit_work_days);
    d->change->form = "supplement";
    if (d->before->state == STATE_SUBMITTED)
        return DECIDED;
    if (d->before->supplements >= d->before->plan.max_supplements && !is_given(d, NEED_REASON))
        return REFUSED_TOO_MANY_SUPPLEMENTS;
    refusal = pause_clock(d);
    d->change->supplements = d->before->supplements + 1;
    return refusal;
}

static enum dossier_refusal receive_supplement(struct deciding *d)
{
    d->change->supplement_due_s = 0;
    if (d->before->state == STATE_INTAKE_SUPPLEMENT) {
        hold(d, d->before->receiving_unit, ROLE_RECEIVER);
        return DECIDED;
    }
    resume_clock(d, d->before->plan.is_restart);
    d->change->form = "receipt";
    return back_to_handler(d);
}

static enum dossier_refusal request_payment(struct deciding *d)
{
    hold(d, d->before->receiving_unit, ROLE_RECEIVER);
    return pause_clock(d);
}

static enum dossier_refusal confirm_payment(struct deciding *d)
{
    resume_clock(d, false);
    return back_to_handler(d);
}

static enum dossier_refusal submit_for_review(struct deciding *d)
{
    d->change->is_refusal_drafted = d->input->is_refusal;
    hold(d, d->before->processing_unit, ROLE_DEPT_HEAD);
    open_step(d, PHASE_REVIEW);
    return DECIDED;
}

static enum dossier_refusal submit_for_signature(struct deciding *d)
{
    hold(d, d->before->competent_agency, ROLE_LEADER);
    open_step(d, PHASE_SIGN);
    return DECIDED;
}

static enum dossier_refusal rework(struct deciding *d)
{
    if (is_given(d, NEED_TARGET) && d->input->target != STATE_PROCESSING &&
        !(d->input->target == STATE_REVIEW && d->before->state == STATE_SIGNING))
        return bad_input(d, NEED_TARGET);
    d->change->to = is_given(d, NEED_TARGET) ? d->input->target : STATE_PROCESSING;
    if (d->change->to == STATE_REVIEW) {
        hold(d, d->before->processing_unit, ROLE_DEPT_HEAD);
        open_step(d, PHASE_REVIEW);
    } else {
        hold(d, d->before->processing_unit, ROLE_HANDLER);
        open_step(d, PHASE_PROCESS);
    }
    return set_step_due(d);
}

static enum dossier_refusal sign(struct deciding *d)
{
    if (d->before->plan.is_separate_signer && d->actor->user == d->before->handler)
        return REFUSED_SAME_PERSON;
    hold(d, d->before->competent_agency, ROLE_RECORDS_CLERK);
    open_step(d, PHASE_ISSUE);
    return DECIDED;
}

static enum dossier_refusal check_document_day(struct deciding *d)
{
    if (is_given(d, NEED_DOCUMENT) && d->input->document_day > instant_day(d->now_s))
        return bad_input(d, NEED_DOCUMENT);
    return DECIDED;
}

static enum dossier_refusal issue(struct deciding *d)
{
    d->change->to = d->before->is_refusal_drafted ? STATE_REFUSED_WITH_REASON : STATE_RESULT_READY;
    finish(d);
    return check_document_day(d);
}

static enum dossier_refusal check_return(struct deciding *d)
{
    if (d->before->is_owed)
        return REFUSED_FEE_OWED;
    must(d->before->finished_at_s != 0);
    return DECIDED;
}

static enum dossier_refusal return_result(struct deciding *d)
{
    close_step(d);
    hold(d, d->before->receiving_unit, ROLE_RETURN_CLERK);
    if (!d->input->is_receiver_owner && !is_given(d, NEED_AUTHORISATION))
        return REFUSED_NO_AUTHORISATION;
    return check_return(d);
}

static enum dossier_refusal give_to_post(struct deciding *d)
{
    return check_return(d);
}

static enum dossier_refusal confirm_delivery(struct deciding *d)
{
    if (d->before->state == STATE_RESULT_READY && !text_equal(d->before->return_channel, TEXT("ONLINE")))
        return REFUSED_WRONG_STATE; /* on paper it is handed over or posted */
    close_step(d);
    return check_return(d);
}

static bool is_answer_late(const struct deciding *d)
{
    return d->before->supplement_due_s != 0 && d->now_s > d->before->supplement_due_s;
}

static enum dossier_refusal refuse(struct deciding *d)
{
    if (d->before->state == STATE_SUBMITTED) {
        d->change->form = "refusal";
        hold(d, d->before->receiving_unit, ROLE_RECEIVER);
        return DECIDED;
    }
    if (d->before->state == STATE_SUPPLEMENT_WAIT && !is_answer_late(d))
        return REFUSED_TOO_EARLY;
    if (d->before->state == STATE_SIGNING && d->before->plan.is_separate_signer &&
        d->actor->user == d->before->handler)
        return REFUSED_SAME_PERSON;
    finish(d);
    return check_document_day(d);
}

static enum dossier_refusal request_withdrawal(struct deciding *d)
{
    d->change->state_before = d->before->state;
    hold(d, d->before->receiving_unit, ROLE_RECEIVER);
    return pause_clock(d);
}

static enum dossier_refusal confirm_withdrawal(struct deciding *d)
{
    end_without_result(d);
    d->change->form = "stop_notice";
    return DECIDED;
}

/* Who has it in a state, where the history need not be asked. */
static void hold_as_in(struct deciding *d, enum dossier_state state)
{
    switch (state_phase(state)) {
    case PHASE_DESK:
        if (state == STATE_ACCEPTED)
            hold(d, d->before->receiving_unit, ROLE_RECEIVER);
        else
            hold(d, d->before->processing_unit, ROLE_DEPT_HEAD);
        return;
    case PHASE_ASSIGN:
    case PHASE_REVIEW: hold(d, d->before->processing_unit, ROLE_DEPT_HEAD); return;
    case PHASE_PROCESS: hold(d, d->before->processing_unit, ROLE_HANDLER); return;
    case PHASE_SIGN: hold(d, d->before->competent_agency, ROLE_LEADER); return;
    case PHASE_ISSUE: hold(d, d->before->competent_agency, ROLE_RECORDS_CLERK); return;
    case PHASE_NONE:
    case PHASE_RETURN:
    case PHASE_COUNT: break;
    }
    unreachable();
}

static enum dossier_refusal turn_down_withdrawal(struct deciding *d)
{
    enum dossier_state const back = d->before->state_before;

    /* Who was consulted is asked anew: the withdrawal ended the question. */
    d->change->to = back == STATE_CONSULTING ? STATE_PROCESSING : back;
    d->change->state_before = STATE_DRAFT;
    if (state_clock(d->change->to) == CLOCK_RUN)
        resume_clock(d, false);
    if (state_clock(d->change->to) == CLOCK_STOP)
        hold(d, d->before->receiving_unit, ROLE_RECEIVER);
    else
        hold_as_in(d, d->change->to);
    return DECIDED;
}

static enum dossier_refusal stop(struct deciding *d)
{
    if (!is_answer_late(d))
        return REFUSED_TOO_EARLY;
    end_without_result(d);
    d->change->form = "stop_notice";
    return DECIDED;
}

static enum dossier_refusal apologise(struct deciding *d)
{
    if (d->before->reappointed_due_at_s != 0)
        return REFUSED_ALREADY_APOLOGISED;
    if (d->input->new_due_at_s <= d->now_s || d->input->new_due_at_s <= d->before->due_clock_s)
        return bad_input(d, NEED_NEW_DUE);
    d->change->clock = CLOCK_REAPPOINT;
    d->change->reappointed_due_at_s = d->input->new_due_at_s;
    d->change->form = "apology";
    return DECIDED;
}

/* A new run with its own due; how the old one ended stays in the events. */
static enum dossier_refusal reopen(struct deciding *d)
{
    struct dossier_acceptance const run = clock_start(&d->before->plan, d->calendar, d->now_s);

    if (is_given(d, NEED_HANDLER))
        d->change->handler = d->input->handler;
    if (d->change->handler == 0)
        return bad_input(d, NEED_HANDLER);
    d->change->clock = CLOCK_START;
    d->change->due_clock_s = run.due_clock_s;
    d->change->due_eod_s = run.due_eod_s;
    d->change->finished_at_s = d->change->reappointed_due_at_s = 0;
    d->change->timeliness = TIMELINESS_NONE;
    d->change->is_refusal_drafted = false;
    hold(d, d->before->processing_unit, ROLE_HANDLER);
    open_step(d, PHASE_PROCESS);
    return d->before->accepted_at_s == 0 ? REFUSED_WRONG_STATE
                                         : DECIDED; /* never accepted: nothing to reopen */
}

static enum dossier_refusal collect_fee(struct deciding *d)
{
    d->change->pays_fees = true;
    return d->before->is_owed ? DECIDED : REFUSED_NOTHING_OWED;
}

static enum dossier_refusal archive(struct deciding *d)
{
    close_step(d);
    return DECIDED;
}

static enum dossier_refusal (*const conditions[ACTION_COUNT])(struct deciding *d) = {
    [ACTION_ACCEPT] = accept,
    [ACTION_TRANSFER] = transfer,
    [ACTION_ACKNOWLEDGE] = acknowledge,
    [ACTION_ASSIGN] = assign,
    [ACTION_REDIRECT] = redirect,
    [ACTION_CONSULT] = consult,
    [ACTION_ANSWER_CONSULTATION] = back_to_handler,
    [ACTION_REQUEST_SUPPLEMENT] = request_supplement,
    [ACTION_RECEIVE_SUPPLEMENT] = receive_supplement,
    [ACTION_REQUEST_PAYMENT] = request_payment,
    [ACTION_CONFIRM_PAYMENT] = confirm_payment,
    [ACTION_SUBMIT_FOR_REVIEW] = submit_for_review,
    [ACTION_SUBMIT_FOR_SIGNATURE] = submit_for_signature,
    [ACTION_REWORK] = rework,
    [ACTION_SIGN] = sign,
    [ACTION_ISSUE] = issue,
    [ACTION_RETURN_RESULT] = return_result,
    [ACTION_GIVE_TO_POST] = give_to_post,
    [ACTION_CONFIRM_DELIVERY] = confirm_delivery,
    [ACTION_REFUSE] = refuse,
    [ACTION_REQUEST_WITHDRAWAL] = request_withdrawal,
    [ACTION_CONFIRM_WITHDRAWAL] = confirm_withdrawal,
    [ACTION_TURN_DOWN_WITHDRAWAL] = turn_down_withdrawal,
    [ACTION_STOP] = stop,
    [ACTION_APOLOGISE] = apologise,
    [ACTION_REOPEN] = reopen,
    [ACTION_COLLECT_FEE] = collect_fee,
    [ACTION_ARCHIVE] = archive,
};

/* Everything stays as it is until the action's own function says otherwise. */
static void begin_change(const struct dossier *before, const struct dossier_rule *rule,
                         struct dossier_change *change)
{
    *change = (struct dossier_change){
        .action = rule->action,
        .from = before->state,
        .to = rule->to == STAYS ? before->state : (enum dossier_state)rule->to,
        .holder_unit = before->holder_unit,
        .holder_role = before->holder_role,
        .handler = before->handler,
        .processing_unit = before->processing_unit,
        .state_before = before->state_before,
        .clock = CLOCK_NO_ENTRY,
        .accepted_at_s = before->accepted_at_s,
        .due_clock_s = before->due_clock_s,
        .due_eod_s = before->due_eod_s,
        .finished_at_s = before->finished_at_s,
        .reappointed_due_at_s = before->reappointed_due_at_s,
        .timeliness = before->timeliness,
        .supplements = before->supplements,
        .supplement_due_s = before->supplement_due_s,
        .is_refusal_drafted = before->is_refusal_drafted,
        .step_phase = before->step_phase,
        .step_due_s = before->step_due_s,
        .step_remaining_min = before->step_remaining_min,
    };
}

enum dossier_refusal dossier_decide(const struct dossier *before, enum dossier_action action,
                                    const struct dossier_actor *actor, const struct dossier_input *input,
                                    const struct calendar *calendar, int64_t now_s,
                                    struct dossier_change *change, unsigned *missing)
{
    struct deciding deciding = {before, actor, input, calendar, now_s, change, missing};
    const struct dossier_rule *rule = NULL;
    enum dossier_refusal const refusal = find_rule(before, action, actor, &rule);

    must(before->state < STATE_COUNT && action < ACTION_COUNT);
    *missing = 0;
    if (refusal != DECIDED)
        return refusal;
    *missing = rule->needs & ~input->given;
    if (*missing != 0)
        return REFUSED_MISSING_INPUT;
    begin_change(before, rule, change);
    if (conditions[action] == NULL)
        return DECIDED;
    return conditions[action](&deciding);
}

size_t dossier_offers(const struct dossier *dossier, const struct dossier_actor *actor,
                      struct dossier_offer offers[static ACTION_COUNT])
{
    size_t count = 0;

    for (int action = 0; action < ACTION_COUNT; action++) {
        const struct dossier_rule *rule;

        if (find_rule(dossier, (enum dossier_action)action, actor, &rule) == DECIDED)
            offers[count++] = (struct dossier_offer){rule->action, rule->needs, rule->takes};
    }
    return count;
}
