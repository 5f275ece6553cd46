/*
 * The internal steps of a dossier: those done and the present one from its history, those to come from the
 * pinned procedure version, with the time each would end if every step used its whole quota.
 */
#include "calendar/calendar.h"
#include "dossier/dossier_view.h"

static const struct step *planned_step(const struct dossier_view *view, enum dossier_phase phase)
{
    const struct step *steps = view->shown_leg != NULL                                ? view->shown_leg->steps
                               : view->chosen != NULL && view->chosen->step_count > 0 ? view->chosen->steps
                                                                                      : view->version->steps;
    size_t const count = view->shown_leg != NULL                                ? view->shown_leg->step_count
                         : view->chosen != NULL && view->chosen->step_count > 0 ? view->chosen->step_count
                                                                                : view->version->step_count;

    for (size_t i = 0; i < count; i++)
        if ((int)steps[i].phase == (int)phase)
            return &steps[i];
    return NULL;
}

/* Of a chain, the events of the leg shown or of the whole dossier alone. */
static bool is_shown(const struct dossier_view *view, size_t index)
{
    return view->facts[index].leg == view->shown_leg_no;
}

static void put_name(struct json_out *out, const struct dossier_view *view, enum dossier_phase phase)
{
    const struct step *step = planned_step(view, phase);

    json_put_string(out, "phase", phase_name(phase));
    json_put_text(out, "name", step != NULL ? step->name : text_of(phase_label(phase)));
    json_put_i64(out, "quota_minutes", view->dossier.plan.quota_min[phase]);
}

/* The event that ended the step begun by facts[index]; NULL: it is the present one. */
static const struct event_fact *step_end(const struct dossier_view *view, size_t index)
{
    for (size_t i = index + 1; i < view->fact_count; i++)
        if (is_shown(view, i) && (view->facts[i].is_step_start || view->facts[i].phase == PHASE_NONE))
            return &view->facts[i];
    return NULL;
}

/* What a step's deadline is now: pauses have moved it since it began. */
static int64_t step_due(const struct dossier_view *view, size_t index, const struct event_fact *end)
{
    int64_t due_s = view->facts[index].step_due_s;

    for (size_t i = index; i < view->fact_count && &view->facts[i] != end; i++)
        if (is_shown(view, i) && view->facts[i].step_due_s != 0)
            due_s = view->facts[i].step_due_s;
    return due_s;
}

static void put_real(struct json_out *out, const struct dossier_view *view, size_t index)
{
    const struct event_fact *fact = &view->facts[index];
    const struct event_fact *end = step_end(view, index);

    json_open_object(out);
    put_name(out, view, fact->phase);
    json_put_string(out, "state", end != NULL ? "DONE" : "CURRENT");
    json_put_text(out, "unit", fact->unit);
    json_put_text(out, "unit_name", view_agency_name(view, fact->unit));
    json_put_text(out, "role", fact->role);
    json_put_text(out, "handler", fact->handler);
    json_put_instant(out, "started_at", fact->at_s);
    json_put_instant(out, "due_at", step_due(view, index, end));
    json_put_instant(out, "ended_at", end != NULL ? end->at_s : 0);
    json_close_object(out);
}

static void put_planned(struct json_out *out, const struct dossier_view *view, enum dossier_phase phase,
                        int64_t *from_s)
{
    int64_t const quota_min = view->dossier.plan.quota_min[phase];

    if (quota_min == 0 && planned_step(view, phase) == NULL)
        return;
    json_open_object(out);
    put_name(out, view, phase);
    json_put_string(out, "state", "PLANNED");
    if (*from_s != 0 && quota_min > 0) {
        *from_s = calendar_add_min(view->calendar, *from_s, quota_min);
        json_put_instant(out, "planned_due_at", *from_s);
    }
    json_close_object(out);
}

void dossier_steps_write(struct json_out *out, const struct dossier_view *view)
{
    enum dossier_phase const present = view->dossier.step_phase;
    int64_t from_s = view->dossier.step_due_s;

    json_key(out, "steps");
    json_open_array(out);
    for (size_t i = 0; i < view->fact_count; i++)
        if (is_shown(view, i) && view->facts[i].is_step_start)
            put_real(out, view, i);
    if (present != PHASE_NONE && state_clock(view->dossier.state) != CLOCK_ENDED)
        for (int phase = (int)present + 1; phase < PHASE_COUNT; phase++)
            put_planned(out, view, (enum dossier_phase)phase, &from_s);
    json_close_array(out);
}
