#include "dossier/clock_rules.h"

#include "calendar/pause.h"
#include "calendar/timeliness.h"

_Static_assert((int)LIMIT_SAME_DAY_15 == (int)CALENDAR_SAME_DAY_15,
               "dossier and calendar name the same units");
_Static_assert((int)TIMELINESS_OVERDUE == (int)CALENDAR_OVERDUE,
               "dossier and calendar name the same classes");

/* The last-hour rule moves receipts: neither a restart nor a reopening is one. */
static struct calendar_limit limit_of(const struct dossier_plan *plan, bool is_receipt)
{
    return (struct calendar_limit){
        .unit = (enum calendar_unit)plan->limit_unit,
        .quantity_milli = plan->limit_milli,
        .has_last_hour_rule = plan->has_last_hour_rule && is_receipt,
    };
}

int64_t clock_legal_due(const struct dossier *dossier)
{
    return dossier->due_eod_s != 0 ? dossier->due_eod_s : dossier->due_clock_s;
}

static void copy_pauses(const struct dossier *dossier, struct calendar_pause pauses[static PAUSES_MAX])
{
    must(dossier->pause_count >= 0 && dossier->pause_count <= PAUSES_MAX);
    for (int i = 0; i < dossier->pause_count; i++)
        pauses[i] = (struct calendar_pause){
            .stop_s = dossier->pauses[i].stop_s,
            .resume_s = dossier->pauses[i].resume_s,
            .is_restart = dossier->pauses[i].is_restart,
        };
}

bool clock_used(const struct dossier *dossier, const struct calendar *calendar, int64_t *limit_min,
                int64_t *used_min)
{
    struct calendar_limit const limit =
        limit_of(&dossier->plan, dossier->clock_start_s == dossier->accepted_at_s);
    struct calendar_pause pauses[PAUSES_MAX];
    struct calendar_clock clock;

    copy_pauses(dossier, pauses);
    if (dossier->clock_start_s == 0 || !calendar_clock_find(calendar, &limit, dossier->clock_start_s, pauses,
                                                            (size_t)dossier->pause_count, &clock))
        return false;
    *limit_min = clock.limit_min;
    *used_min = clock.used_min;
    return true;
}

int64_t clock_running_min(const struct dossier *dossier, const struct calendar *calendar, int64_t from_s,
                          int64_t to_s)
{
    struct calendar_pause pauses[PAUSES_MAX];

    if (to_s <= from_s)
        return 0;
    copy_pauses(dossier, pauses);
    return calendar_running_min(calendar, from_s, to_s, pauses, (size_t)dossier->pause_count);
}

bool clock_resume(const struct dossier *dossier, const struct calendar *calendar, int64_t now_s,
                  bool is_restart, int64_t *due_clock_s, int64_t *due_eod_s)
{
    /* A run that did not begin with the acceptance began with a restart or a reopening. */
    struct calendar_limit const limit =
        limit_of(&dossier->plan, dossier->clock_start_s == dossier->accepted_at_s);
    struct calendar_pause pauses[PAUSES_MAX];
    struct calendar_clock clock;

    must(dossier->pause_count > 0);
    copy_pauses(dossier, pauses);
    pauses[dossier->pause_count - 1].resume_s = now_s;
    pauses[dossier->pause_count - 1].is_restart = is_restart;
    if (!calendar_clock_find(calendar, &limit, dossier->clock_start_s, pauses, (size_t)dossier->pause_count,
                             &clock))
        return false;
    *due_clock_s = clock.due.due_clock_s;
    *due_eod_s = clock.due.due_eod_s;
    return true;
}

struct dossier_acceptance clock_start(const struct dossier_plan *plan, const struct calendar *calendar,
                                      int64_t now_s, bool is_receipt)
{
    struct calendar_limit const limit = limit_of(plan, is_receipt);
    struct calendar_due due;

    must(calendar_due_find(calendar, &limit, now_s,
                           &due)); /* now is within 1990–2100, limits are checked at load */
    return (struct dossier_acceptance){
        .accepted_at_s = now_s,
        .starts_at_s = due.starts_s,
        .due_clock_s = due.due_clock_s,
        .due_eod_s = due.due_eod_s,
        .step_due_s = clock_step_due(plan, calendar, PHASE_DESK, due.starts_s),
    };
}

int64_t clock_counts_from(const struct dossier *dossier, const struct calendar *calendar)
{
    bool const is_receipt = dossier->clock_start_s == dossier->accepted_at_s;

    if (dossier->clock_start_s == 0)
        return 0;
    return clock_start(&dossier->plan, calendar, dossier->clock_start_s, is_receipt).starts_at_s;
}

int64_t clock_step_due(const struct dossier_plan *plan, const struct calendar *calendar,
                       enum dossier_phase phase, int64_t now_s)
{
    int64_t due_s;

    if (plan->quota_min[phase] == 0)
        return 0;
    due_s = calendar_add_min(calendar, now_s, plan->quota_min[phase]);
    return due_s == CALENDAR_OUTSIDE ? 0 : due_s;
}

enum timeliness clock_judge(const struct dossier *dossier, const struct calendar *calendar, int64_t now_s,
                            bool is_withdrawn)
{
    int64_t const stop_s = clock_stopped_at(dossier);

    return (enum timeliness)calendar_finished_class(calendar, (enum calendar_unit)dossier->plan.limit_unit,
                                                    clock_legal_due(dossier), stop_s != 0 ? stop_s : now_s,
                                                    is_withdrawn);
}

int64_t clock_stopped_at(const struct dossier *dossier)
{
    const struct dossier_pause *last;

    if (dossier->pause_count == 0)
        return 0;
    last = &dossier->pauses[dossier->pause_count - 1];
    return last->resume_s == 0 ? last->stop_s : 0;
}

bool clock_is_late(const struct dossier *dossier, const struct calendar *calendar, int64_t at_s)
{
    return calendar_running_class(calendar, (enum calendar_unit)dossier->plan.limit_unit,
                                  clock_legal_due(dossier), at_s) == CALENDAR_PAST_DUE;
}

int64_t clock_supplement_due(const struct dossier_plan *plan, const struct calendar *calendar, int64_t now_s)
{
    if (plan->supplement_limit_work_days == 0)
        return 0;
    return calendar_supplement_expiry(calendar, now_s, plan->supplement_limit_work_days);
}

struct dossier_acceptance dossier_accept(const struct dossier_plan *plan, const struct calendar *calendar,
                                         int64_t now_s)
{
    return clock_start(plan, calendar, now_s, true);
}
