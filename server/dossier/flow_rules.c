/*
 * The one decision: the row of the table (flow_table_rules.c), then what that action changes and the
 * conditions of the law that no table holds, one small function an action.
 */
#include "core/instant.h"
#include "dossier/clock_rules.h"
#include "dossier/flow_inside.h"

/* --- one function an action, where there is more than from, to and who --- */

static enum dossier_refusal accept(struct deciding *d)
{
    struct dossier_acceptance const acceptance = dossier_accept(&d->before->plan, d->calendar, d->now_s);

    d->change->clock = CLOCK_START;
    d->change->accepted_at_s = acceptance.accepted_at_s;
    d->change->due_clock_s = acceptance.due_clock_s;
    d->change->due_eod_s = acceptance.due_eod_s;
    change_hold(d, d->before->receiving_unit, ROLE_RECEIVER);
    change_open_step(d, PHASE_DESK);
    d->change->step_due_s = acceptance.step_due_s;
    d->change->form = "receipt";
    return DECIDED;
}

/* The desk's step goes on until somebody of the department takes it: the time between belongs to the desk. */
static enum dossier_refusal transfer(struct deciding *d)
{
    change_hold(d, d->before->processing_unit, ROLE_DEPT_HEAD);
    return DECIDED;
}

static enum dossier_refusal acknowledge(struct deciding *d)
{
    change_hold(d, d->before->processing_unit, ROLE_DEPT_HEAD);
    change_open_step(d, PHASE_ASSIGN);
    return DECIDED;
}

static enum dossier_refusal assign(struct deciding *d)
{
    if (d->input->handler == 0)
        return input_is_bad(d, NEED_HANDLER);
    if (d->before->state == STATE_PROCESSING && d->input->handler == d->before->handler)
        return input_is_bad(d, NEED_HANDLER);
    d->change->handler = d->input->handler;
    change_hold(d, d->before->processing_unit, ROLE_HANDLER);
    if (d->before->state == STATE_ASSIGNING) {
        change_open_step(d, PHASE_PROCESS);
    } else { /* another person, the same quota: what is left of it */
        d->change->closes_step = d->change->opens_step = true;
        d->change->step_phase = PHASE_PROCESS;
    }
    return change_set_step_due(d);
}

static enum dossier_refusal redirect(struct deciding *d)
{
    if (text_equal(d->input->unit, d->before->processing_unit))
        return input_is_bad(d, NEED_UNIT);
    d->change->processing_unit = d->input->unit;
    d->change->handler = 0;
    change_hold(d, d->input->unit, ROLE_DEPT_HEAD);
    return DECIDED; /* no clock is reset; the step stays the sender's until somebody takes it */
}

static enum dossier_refusal consult(struct deciding *d)
{
    int64_t const own_s =
        d->before->step_due_s > d->now_s ? d->before->step_due_s : clock_legal_due(d->before);

    if (text_equal(d->input->unit, d->before->processing_unit))
        return input_is_bad(d, NEED_UNIT);
    /* The opinion is there before the own step ends; where that has no end, before the legal limit. */
    if (d->input->step_due_s <= d->now_s || (own_s > d->now_s && d->input->step_due_s > own_s))
        return input_is_bad(d, NEED_STEP_DUE);
    change_hold(d, d->input->unit, ROLE_DEPT_HEAD);
    d->change->consult_due_s = d->input->step_due_s;
    return DECIDED;
}

static enum dossier_refusal back_to_handler(struct deciding *d)
{
    change_hold(d, d->before->processing_unit, ROLE_HANDLER);
    return DECIDED;
}

/* Silence: what it means is said by the law of the matter, which the ground names. */
static enum dossier_refusal end_consultation(struct deciding *d)
{
    if (d->now_s <= d->before->consult_due_s)
        return REFUSED_TOO_EARLY;
    return back_to_handler(d);
}

static enum dossier_refusal request_supplement(struct deciding *d)
{
    enum dossier_refusal refusal;

    if (d->input->item_count == 0)
        return input_is_bad(d, NEED_ITEMS);
    change_hold(d, d->before->receiving_unit, ROLE_RECEIVER);
    d->change->supplement_due_s = clock_supplement_due(&d->before->plan, d->calendar, d->now_s);
    d->change->form = "supplement";
    if (d->before->state == STATE_SUBMITTED)
        return DECIDED;
    if (d->before->supplements >= d->before->plan.max_supplements && !input_has(d, NEED_REASON))
        return REFUSED_TOO_MANY_SUPPLEMENTS;
    refusal = change_pause_clock(d);
    d->change->supplements = d->before->supplements + 1;
    return refusal;
}

static enum dossier_refusal receive_supplement(struct deciding *d)
{
    d->change->supplement_due_s = 0;
    if (d->before->state == STATE_INTAKE_SUPPLEMENT) {
        change_hold(d, d->before->receiving_unit, ROLE_RECEIVER);
        return DECIDED;
    }
    change_resume_clock(d, d->before->plan.is_restart);
    d->change->form = "receipt";
    return back_to_handler(d);
}

static enum dossier_refusal request_payment(struct deciding *d)
{
    if (d->input->amount <= 0)
        return input_is_bad(d, NEED_AMOUNT);
    change_hold(d, d->before->receiving_unit, ROLE_RECEIVER);
    return change_pause_clock(d);
}

static enum dossier_refusal confirm_payment(struct deciding *d)
{
    change_resume_clock(d, false);
    return back_to_handler(d);
}

static enum dossier_refusal submit_for_review(struct deciding *d)
{
    d->change->is_refusal_drafted = d->input->is_refusal;
    change_hold(d, d->before->processing_unit, ROLE_DEPT_HEAD);
    change_open_step(d, PHASE_REVIEW);
    return DECIDED;
}

static enum dossier_refusal submit_for_signature(struct deciding *d)
{
    change_hold(d, d->before->competent_agency, ROLE_LEADER);
    change_open_step(d, PHASE_SIGN);
    return DECIDED;
}

static enum dossier_refusal rework(struct deciding *d)
{
    if (input_has(d, NEED_TARGET) && d->input->target != STATE_PROCESSING &&
        !(d->input->target == STATE_REVIEW && d->before->state == STATE_SIGNING))
        return input_is_bad(d, NEED_TARGET);
    d->change->to = input_has(d, NEED_TARGET) ? d->input->target : STATE_PROCESSING;
    if (d->change->to == STATE_REVIEW) {
        change_hold(d, d->before->processing_unit, ROLE_DEPT_HEAD);
        change_open_step(d, PHASE_REVIEW);
    } else {
        change_hold(d, d->before->processing_unit, ROLE_HANDLER);
        change_open_step(d, PHASE_PROCESS);
    }
    return change_set_step_due(d);
}

static bool is_same_person(const struct deciding *d)
{
    return d->before->plan.is_separate_signer && d->actor->user == d->before->handler;
}

static enum dossier_refusal sign(struct deciding *d)
{
    if (is_same_person(d))
        return REFUSED_SAME_PERSON;
    change_hold(d, d->before->competent_agency, ROLE_RECORDS_CLERK);
    change_open_step(d, PHASE_ISSUE);
    return DECIDED;
}

static enum dossier_refusal issue(struct deciding *d)
{
    if (d->input->document_day <
        instant_day(d->before->accepted_at_s)) /* no result before it was asked for */
        return input_is_bad(d, NEED_DOCUMENT);
    d->change->to = d->before->is_refusal_drafted ? STATE_REFUSED_WITH_REASON : STATE_RESULT_READY;
    change_finish(d);
    return DECIDED;
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
    enum dossier_refusal const refusal = check_return(d);

    change_close_step(d);
    change_hold(d, d->before->receiving_unit, ROLE_RETURN_CLERK);
    if (refusal == DECIDED && !d->input->is_receiver_owner && !input_has(d, NEED_AUTHORISATION))
        return REFUSED_NO_AUTHORISATION;
    return refusal;
}

static enum dossier_refusal give_to_post(struct deciding *d)
{
    return check_return(d);
}

static enum dossier_refusal confirm_delivery(struct deciding *d)
{
    change_close_step(d);
    return check_return(d);
}

static bool is_answer_late(const struct deciding *d)
{
    return d->now_s > d->before->supplement_due_s;
}

/* Silence may be acted on when its limit is over, and where the procedure sets none, never. */
static enum dossier_refusal check_silence(const struct deciding *d)
{
    if (d->before->supplement_due_s == 0)
        return REFUSED_NO_LIMIT;
    return is_answer_late(d) ? DECIDED : REFUSED_TOO_EARLY;
}

static enum dossier_refusal refuse(struct deciding *d)
{
    enum dossier_refusal refusal = DECIDED;

    if (d->before->state == STATE_SUBMITTED) {
        d->change->form = "refusal";
        change_hold(d, d->before->receiving_unit, ROLE_RECEIVER);
        return DECIDED;
    }
    if (is_same_person(d)) /* a signed refusal is a result too */
        return REFUSED_SAME_PERSON;
    if (d->before->state == STATE_SUPPLEMENT_WAIT)
        refusal = check_silence(d);
    change_finish(d);
    return refusal;
}

static enum dossier_refusal request_withdrawal(struct deciding *d)
{
    d->change->state_before = d->before->state;
    change_hold(d, d->before->receiving_unit, ROLE_RECEIVER);
    return change_pause_clock(d);
}

static enum dossier_refusal confirm_withdrawal(struct deciding *d)
{
    change_end_without_result(d);
    d->change->form = "stop_notice";
    return DECIDED;
}

/* Who has it in a state, where the history need not be asked. */
static void hold_as_in(struct deciding *d, enum dossier_state state)
{
    switch (state_phase(state)) {
    case PHASE_DESK:
        if (state == STATE_ACCEPTED)
            change_hold(d, d->before->receiving_unit, ROLE_RECEIVER);
        else
            change_hold(d, d->before->processing_unit, ROLE_DEPT_HEAD);
        return;
    case PHASE_ASSIGN:
    case PHASE_REVIEW: change_hold(d, d->before->processing_unit, ROLE_DEPT_HEAD); return;
    case PHASE_PROCESS: change_hold(d, d->before->processing_unit, ROLE_HANDLER); return;
    case PHASE_SIGN: change_hold(d, d->before->competent_agency, ROLE_LEADER); return;
    case PHASE_ISSUE: change_hold(d, d->before->competent_agency, ROLE_RECORDS_CLERK); return;
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
        change_resume_clock(d, false);
    if (state_clock(d->change->to) == CLOCK_STOP)
        change_hold(d, d->before->receiving_unit, ROLE_RECEIVER);
    else
        hold_as_in(d, d->change->to);
    return DECIDED;
}

static enum dossier_refusal stop(struct deciding *d)
{
    enum dossier_refusal const refusal = check_silence(d);

    change_end_without_result(d);
    d->change->form = "stop_notice";
    return refusal;
}

static enum dossier_refusal apologise(struct deciding *d)
{
    if (d->input->new_due_at_s <= d->now_s || d->input->new_due_at_s <= d->before->due_clock_s)
        return input_is_bad(d, NEED_NEW_DUE);
    if (d->before->reappointed_due_at_s != 0)
        return REFUSED_ALREADY_APOLOGISED;
    d->change->clock = CLOCK_REAPPOINT;
    d->change->reappointed_due_at_s = d->input->new_due_at_s;
    d->change->form = "apology";
    return DECIDED;
}

/* A new run with its own due; how the old one ended stays in the events. */
static enum dossier_refusal reopen(struct deciding *d)
{
    struct dossier_acceptance const run = clock_start(&d->before->plan, d->calendar, d->now_s, false);

    if (input_has(d, NEED_HANDLER))
        d->change->handler = d->input->handler;
    if (d->change->handler == 0)
        return input_is_bad(d, NEED_HANDLER);
    d->change->clock = CLOCK_START;
    d->change->due_clock_s = run.due_clock_s;
    d->change->due_eod_s = run.due_eod_s;
    d->change->finished_at_s = d->change->reappointed_due_at_s = 0;
    d->change->timeliness = TIMELINESS_NONE;
    d->change->is_refusal_drafted = false;
    change_hold(d, d->before->processing_unit, ROLE_HANDLER);
    change_open_step(d, PHASE_PROCESS);
    return DECIDED;
}

static enum dossier_refusal collect_fee(struct deciding *d)
{
    d->change->pays_fees = true;
    return d->before->is_owed ? DECIDED : REFUSED_NOTHING_OWED;
}

static enum dossier_refusal archive(struct deciding *d)
{
    change_close_step(d);
    return DECIDED;
}

/* The only way back from late: ground and deciding paper are named, and the old figure stays in
 * motcua.lateness. */
static enum dossier_refusal correct_timeliness(struct deciding *d)
{
    if (d->before->timeliness != TIMELINESS_OVERDUE)
        return REFUSED_WRONG_STATE;
    d->change->clock = CLOCK_CORRECT;
    d->change->timeliness = TIMELINESS_ON_TIME;
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
    [ACTION_END_CONSULTATION] = end_consultation,
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
    [ACTION_CORRECT_TIMELINESS] = correct_timeliness,
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
        .consult_due_s = rule->to == STAYS ? before->consult_due_s : 0, /* any move ends the question */
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
    enum dossier_refusal refusal;

    must(before->state < STATE_COUNT && action < ACTION_COUNT);
    *missing = 0;
    refusal = rule_find(before, action, actor, &rule);
    if (refusal != DECIDED)
        return refusal;
    *missing = rule->needs & ~input->given;
    if (*missing != 0)
        return REFUSED_MISSING_INPUT;
    if (input_has(&deciding, (rule->needs | rule->takes) & NEED_DOCUMENT) &&
        input->document_day > instant_day(now_s)) /* no paper of tomorrow */
        return input_is_bad(&deciding, NEED_DOCUMENT);
    begin_change(before, rule, change);
    if (conditions[action] == NULL)
        return DECIDED;
    return conditions[action](&deciding);
}
