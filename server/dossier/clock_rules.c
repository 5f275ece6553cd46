#include "dossier/clock_rules.h"

#include "calendar/pause.h"
#include "calendar/timeliness.h"

_Static_assert((int)LIMIT_SAME_DAY_15 == (int)CALENDAR_SAME_DAY_15,
               "dossier and calendar name the same units");
_Static_assert((int)TIMELINESS_OVERDUE == (int)CALENDAR_OVERDUE,
               "dossier and calendar name the same classes");

static struct calendar_limit limit_of(const struct dossier_plan *plan)
{
    return (struct calendar_limit){
        .unit = (enum calendar_unit)plan->limit_unit,
        .quantity_milli = plan->limit_milli,
        .has_last_hour_rule = plan->has_last_hour_rule,
    };
}

bool clock_resume(const struct dossier *dossier, const struct calendar *calendar, int64_t now_s,
                  bool is_restart, int64_t *due_clock_s, int64_t *due_eod_s)
{
    struct calendar_limit const limit = limit_of(&dossier->plan);
    struct calendar_pause pauses[PAUSES_MAX];
    struct calendar_clock clock;

    must(dossier->pause_count > 0 && dossier->pause_count <= PAUSES_MAX);
    for (int i = 0; i < dossier->pause_count; i++)
        pauses[i] = (struct calendar_pause){
            .stop_s = dossier->pauses[i].stop_s,
            .resume_s = dossier->pauses[i].resume_s,
            .is_restart = dossier->pauses[i].is_restart,
        };
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
                                      int64_t now_s)
{
    struct calendar_limit const limit = limit_of(plan);
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
    int64_t const legal_s = dossier->due_eod_s != 0 ? dossier->due_eod_s : dossier->due_clock_s;

    return (enum timeliness)calendar_finished_class(calendar, (enum calendar_unit)dossier->plan.limit_unit,
                                                    legal_s, now_s, is_withdrawn);
}

struct dossier_acceptance dossier_accept(const struct dossier_plan *plan, const struct calendar *calendar,
                                         int64_t now_s)
{
    return clock_start(plan, calendar, now_s);
}
