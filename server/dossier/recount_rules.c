#include "dossier/recount_rules.h"

#include "calendar/pause.h"
#include "core/instant.h"
#include "dossier/clock_rules.h"

struct recount_dues dossier_dues(const struct dossier *dossier)
{
    return (struct recount_dues){dossier->due_clock_s, dossier->due_eod_s, dossier->step_due_s,
                                 dossier->supplement_due_s, dossier->consult_due_s};
}

struct dossier dossier_with_dues(const struct dossier *dossier, const struct recount_dues *dues)
{
    struct dossier moved = *dossier;

    moved.due_clock_s = dues->due_clock_s;
    moved.due_eod_s = dues->due_eod_s;
    moved.step_due_s = dues->step_due_s;
    moved.supplement_due_s = dues->supplement_due_s;
    moved.consult_due_s = dues->consult_due_s;
    return moved;
}

static bool is_same(const struct recount_dues *a, const struct recount_dues *b)
{
    return a->due_clock_s == b->due_clock_s && a->due_eod_s == b->due_eod_s &&
           a->step_due_s == b->step_due_s && a->supplement_due_s == b->supplement_due_s &&
           a->consult_due_s == b->consult_due_s;
}

/* A changed day lies in what was counted, by the old due or the new one. */
static bool is_touched(const struct recount_change *change, int64_t from_s, int64_t old_s, int64_t new_s)
{
    int32_t const from_day = instant_day(from_s), to_day = instant_day(old_s > new_s ? old_s : new_s);

    for (size_t i = 0; i < change->day_count; i++)
        if (from_day <= change->days[i] && change->days[i] <= to_day)
            return true;
    return false;
}

static void recount_promise(const struct dossier *dossier, const struct recount_change *change,
                            struct recount_dues *dues)
{
    int64_t due_clock_s, due_eod_s;

    if (dossier->due_clock_s == 0 || !clock_due(dossier, change->after, &due_clock_s, &due_eod_s) ||
        due_clock_s == 0 ||
        !is_touched(change, dossier->clock_start_s, clock_legal_due(dossier), due_clock_s))
        return;
    dues->due_clock_s = due_clock_s;
    dues->due_eod_s = due_eod_s;
}

/* Since when the step's minutes have been counted without a stop. */
static int64_t step_counts_from(const struct dossier *dossier)
{
    int64_t from_s = dossier->step_started_s;

    for (int i = 0; i < dossier->pause_count; i++)
        if (dossier->pauses[i].resume_s > from_s)
            from_s = dossier->pauses[i].resume_s;
    return from_s;
}

/* As many worked minutes after `from` as it was; itself, where no changed day lies between. */
static int64_t shifted(const struct recount_change *change, int64_t from_s, int64_t due_s)
{
    int64_t const quota_min = calendar_worked_min(change->before, from_s, due_s);
    int64_t new_s;

    if (due_s == 0 || quota_min <= 0 || calendar_worked_min(change->after, from_s, due_s) == quota_min)
        return due_s;
    new_s = calendar_add_min(change->after, from_s, quota_min);
    return new_s != CALENDAR_OUTSIDE && is_touched(change, from_s, due_s, new_s) ? new_s : due_s;
}

static void recount_supplement(const struct dossier *dossier, const struct recount_change *change,
                               struct recount_dues *dues)
{
    int64_t const notice_s = clock_stopped_at(dossier);
    int64_t due_s;

    if (dossier->supplement_due_s == 0 || notice_s == 0)
        return;
    due_s = clock_supplement_due(&dossier->plan, change->after, notice_s);
    if (due_s != 0 && is_touched(change, notice_s, dossier->supplement_due_s, due_s))
        dues->supplement_due_s = due_s;
}

bool dossier_recount(const struct dossier *dossier, const struct recount_change *change,
                     struct recount_dues *dues)
{
    enum dossier_clock const clock = state_clock(dossier->state);
    struct recount_dues const old = dossier_dues(dossier);

    *dues = old;
    if (dossier->accepted_at_s == 0 || dossier->finished_at_s != 0 ||
        (clock != CLOCK_RUN && clock != CLOCK_STOP))
        return false;
    recount_promise(dossier, change, dues);
    if (clock == CLOCK_RUN) {
        dues->step_due_s = shifted(change, step_counts_from(dossier), dossier->step_due_s);
        dues->consult_due_s = shifted(change, change->state_since_s, dossier->consult_due_s);
    }
    recount_supplement(dossier, change, dues);
    return !is_same(dues, &old);
}

bool dossier_recount_back(const struct dossier *dossier, const struct recount_change *change,
                          const struct recount_dues *from, const struct recount_dues *to,
                          struct recount_dues *dues)
{
    struct recount_dues const old = dossier_dues(dossier);
    bool const is_open = dossier_recount(dossier, change, dues) || state_clock(dossier->state) == CLOCK_RUN ||
                         state_clock(dossier->state) == CLOCK_STOP;

    if (!is_open || dossier->finished_at_s != 0)
        return false;
    if (old.due_clock_s == to->due_clock_s && old.due_eod_s == to->due_eod_s) {
        dues->due_clock_s = from->due_clock_s;
        dues->due_eod_s = from->due_eod_s;
    }
    if (old.step_due_s == to->step_due_s)
        dues->step_due_s = from->step_due_s;
    if (old.supplement_due_s == to->supplement_due_s)
        dues->supplement_due_s = from->supplement_due_s;
    if (old.consult_due_s == to->consult_due_s)
        dues->consult_due_s = from->consult_due_s;
    return !is_same(dues, &old);
}
