/* What the actions of chains alone do to the leg, or the whole, they are done to. */
#include "core/instant.h"
#include "dossier/clock_rules.h"
#include "dossier/flow_inside.h"

/* The leg's result is on its way to those who wait for it: its own clock is judged here, on its own line. */
enum dossier_refusal hand_over_leg(struct deciding *d)
{
    if (d->input->document_day < instant_day(d->before->accepted_at_s))
        return input_is_bad(d, NEED_DOCUMENT);
    change_finish(d);
    return DECIDED;
}

/* Whether anybody has taken it already is seen by chain_decide(). A leg's recalled result is not finished. */
enum dossier_refusal recall_leg(struct deciding *d)
{
    if (d->before->stage == LEG_NONE) {
        change_hold(d, d->before->receiving_unit, ROLE_RECEIVER);
        change_open_step(d, PHASE_DESK);
        return DECIDED;
    }
    d->change->finished_at_s = 0;
    d->change->timeliness = TIMELINESS_NONE;
    change_hold(d, d->before->competent_agency, ROLE_RECORDS_CLERK);
    change_open_step(d, PHASE_ISSUE);
    return DECIDED;
}

/* An agency has its whole limit; only what is late can be gone on without. */
enum dossier_refusal join_without(struct deciding *d)
{
    if (!clock_is_late(d->before, d->calendar, d->now_s))
        return REFUSED_TOO_EARLY;
    change_end_without_result(d);
    return DECIDED;
}
