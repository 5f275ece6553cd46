/* What several actions do alike: to the holder, the step, the clock. */
#include "calendar/due.h"
#include "dossier/clock_rules.h"
#include "dossier/flow_inside.h"

void change_hold(struct deciding *d, struct text unit, unsigned role)
{
    d->change->holder_unit = unit;
    d->change->holder_role = role;
}

void change_open_step(struct deciding *d, enum dossier_phase phase)
{
    d->change->closes_step = d->before->step_phase != PHASE_NONE;
    d->change->opens_step = true;
    d->change->step_phase = phase;
    d->change->step_due_s = clock_step_due(&d->before->plan, d->calendar, phase, d->now_s);
    d->change->step_remaining_min = 0;
}

void change_close_step(struct deciding *d)
{
    d->change->closes_step = d->before->step_phase != PHASE_NONE;
    d->change->step_phase = PHASE_NONE;
    d->change->step_due_s = 0;
    d->change->step_remaining_min = 0;
}

enum dossier_refusal input_is_bad(struct deciding *d, unsigned need)
{
    *d->missing |= need;
    return REFUSED_BAD_INPUT;
}

bool input_has(const struct deciding *d, unsigned need)
{
    return (d->input->given & need) != 0;
}

/* The holder's own deadline as somebody sets it: still to come, and not behind the citizen's. */
enum dossier_refusal change_set_step_due(struct deciding *d)
{
    int64_t const legal_s = clock_legal_due(d->before);

    if (!input_has(d, NEED_STEP_DUE))
        return DECIDED;
    if (d->input->step_due_s <= d->now_s || (legal_s > d->now_s && d->input->step_due_s > legal_s))
        return input_is_bad(d, NEED_STEP_DUE);
    d->change->step_due_s = d->input->step_due_s;
    return DECIDED;
}

enum dossier_refusal change_pause_clock(struct deciding *d)
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

void change_resume_clock(struct deciding *d, bool is_restart)
{
    int64_t const stop_s = clock_stopped_at(d->before);

    must(stop_s != 0);
    /* What was late when it stopped stays late: a fresh run would cure it at the next stop. */
    if (is_restart && clock_is_late(d->before, d->calendar, stop_s))
        is_restart = false;
    d->change->clock = is_restart ? CLOCK_RESTART : CLOCK_RESUME;
    must(clock_resume(d->before, d->calendar, d->now_s, is_restart, &d->change->due_clock_s,
                      &d->change->due_eod_s));
    /* The same for the step; with nothing left over it is due at once, but not late by the citizen's time. */
    if (d->before->step_due_s != 0 && calendar_worked_min(d->calendar, d->before->step_due_s, stop_s) <= 0)
        d->change->step_due_s = calendar_add_min(d->calendar, d->now_s, d->before->step_remaining_min);
    d->change->step_remaining_min = 0;
}

/* The decision exists: the clock ends and timeliness is fixed for ever, against the due moved by stops alone.
 */
void change_finish(struct deciding *d)
{
    d->change->clock = CLOCK_END;
    d->change->finished_at_s = d->now_s;
    d->change->timeliness = clock_judge(d->before, d->calendar, d->now_s, false);
    d->change->supplement_due_s = 0;
    if (d->before->stage != LEG_NONE) { /* its result goes on, or waits for those of the others */
        change_close_step(d);
        return;
    }
    change_hold(d, d->before->receiving_unit, ROLE_RETURN_CLERK);
    change_open_step(d, PHASE_RETURN);
}

/* Over without a result. */
void change_end_without_result(struct deciding *d)
{
    if (d->before->accepted_at_s != 0) {
        d->change->clock = CLOCK_END;
        d->change->timeliness = clock_judge(d->before, d->calendar, d->now_s, true);
    }
    d->change->supplement_due_s = 0;
    change_close_step(d);
    if (d->before->stage == LEG_NONE)
        change_hold(d, d->before->receiving_unit, ROLE_RECEIVER);
}

void dossier_become(struct dossier *dossier, const struct dossier_change *change, int64_t now_s)
{
    must(change->from == dossier->state);
    clock_enter(dossier, change->clock, now_s);
    dossier->version++;
    dossier->state = change->to;
    dossier->state_before = change->state_before;
    dossier->holder_unit = change->holder_unit;
    dossier->holder_role = change->holder_role;
    dossier->handler = change->handler;
    dossier->processing_unit = change->processing_unit;
    dossier->competent_agency = change->competent_agency;
    dossier->accepted_at_s = change->accepted_at_s;
    dossier->due_clock_s = change->due_clock_s;
    dossier->due_eod_s = change->due_eod_s;
    dossier->finished_at_s = change->finished_at_s;
    dossier->reappointed_due_at_s = change->reappointed_due_at_s;
    dossier->timeliness = change->timeliness;
    dossier->supplements = change->supplements;
    dossier->supplement_due_s = change->supplement_due_s;
    dossier->consult_due_s = change->consult_due_s;
    dossier->is_refusal_drafted = change->is_refusal_drafted;
    dossier->step_phase = change->step_phase;
    dossier->step_due_s = change->step_due_s;
    dossier->step_remaining_min = change->step_remaining_min;
    if (change->opens_step)
        dossier->step_started_s = now_s;
    if (change->pays_fees)
        dossier->is_owed = false;
}
