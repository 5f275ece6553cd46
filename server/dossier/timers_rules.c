#include "dossier/timers_rules.h"

#include "calendar/calendar.h"
#include "core/instant.h"
#include "dossier/clock_rules.h"

enum { MINUTE_S = 60, DAY_S = 24 * 3600, WORK_DAY_MIN = 480, BACK_DAYS_MAX = 20 * 366 };

/* A list under way. */
struct watching {
    const struct dossier *dossier;
    const struct calendar *calendar;
    struct timer *timers;
    size_t count;
};

/* Few and nearly in order: each is put in its place. */
static void watch(struct watching *w, enum timer_kind kind, int64_t at_s)
{
    size_t i = w->count;

    if (at_s <= 0 || at_s == CALENDAR_OUTSIDE)
        return;
    must(w->count < TIMER_COUNT);
    for (; i > 0 && w->timers[i - 1].at_s > at_s; i--)
        w->timers[i] = w->timers[i - 1];
    w->timers[i] = (struct timer){kind, at_s};
    w->count++;
}

/* The first minute that is worked too much: 17:00 today is followed by 07:01 of the next worked day. */
static int64_t minute_after(const struct calendar *calendar, int64_t due_s)
{
    return calendar_add_min(calendar, due_s, 1);
}

/* Limits in days are judged by date, in hours by worked minutes; see calendar/timeliness.h. */
static int64_t overdue_from(const struct dossier *dossier, const struct calendar *calendar)
{
    if (dossier->plan.limit_unit == LIMIT_WORK_HOUR)
        return minute_after(calendar, dossier->due_clock_s);
    return instant_at(instant_day(clock_legal_due(dossier)) + 1, 0);
}

/* Both are counted back from the promise as it was given, never from a new computation. */
static void watch_promise(struct watching *w, const struct timer_settings *settings)
{
    const struct dossier *dossier = w->dossier;
    int64_t limit_min, used_min;

    if (dossier->due_clock_s == 0 || !clock_used(dossier, w->calendar, &limit_min, &used_min))
        return;
    if (used_min * 100 < limit_min * settings->warn_percent)
        watch(w, TIMER_WARN_80,
              worked_before(w->calendar, dossier->due_clock_s,
                            limit_min - (limit_min * settings->warn_percent + 99) / 100));
    if (limit_min - used_min > WORK_DAY_MIN)
        watch(w, TIMER_WARN_1DAY, worked_before(w->calendar, dossier->due_clock_s, WORK_DAY_MIN));
    watch(w, TIMER_OVERDUE, overdue_from(dossier, w->calendar));
    if (dossier->reappointed_due_at_s != 0)
        watch(w, TIMER_REAPPOINTED_OVERDUE, minute_after(w->calendar, dossier->reappointed_due_at_s));
}

static void watch_running(struct watching *w, const struct timer_settings *settings, int64_t state_since_s)
{
    watch_promise(w, settings);
    if (w->dossier->step_due_s != 0)
        watch(w, TIMER_STEP_OVERDUE, minute_after(w->calendar, w->dossier->step_due_s));
    if (w->dossier->consult_due_s != 0)
        watch(w, TIMER_CONSULTATION_OVERDUE, minute_after(w->calendar, w->dossier->consult_due_s));
    if (w->dossier->state == STATE_IN_TRANSFER || w->dossier->state == STATE_LEG_HANDOVER)
        watch(w, TIMER_HANDOVER_OVERDUE,
              calendar_add_min(w->calendar, state_since_s, settings->handover_min + 1));
}

size_t dossier_timers(const struct dossier *dossier, int64_t state_since_s,
                      const struct timer_settings *settings, const struct calendar *calendar,
                      struct timer timers[static TIMER_COUNT])
{
    struct watching w = {dossier, calendar, timers, 0};

    if (state_clock(dossier->state) == CLOCK_RUN)
        watch_running(&w, settings, state_since_s);
    if (dossier->supplement_due_s != 0)
        watch(&w, TIMER_SUPPLEMENT_EXPIRED, dossier->supplement_due_s + MINUTE_S);
    if (dossier->state == STATE_SUBMITTED)
        watch(&w, TIMER_ANSWER_OVERDUE, calendar_add_min(calendar, state_since_s, settings->answer_min + 1));
    if (dossier->state == STATE_RESULT_READY || dossier->state == STATE_REFUSED_WITH_REASON) {
        watch(&w, TIMER_UNCLAIMED, state_since_s + settings->unclaimed_days * DAY_S);
        watch(&w, TIMER_UNCLAIMED_AGAIN, state_since_s + 2 * settings->unclaimed_days * DAY_S);
    }
    if (dossier->state == STATE_UNCLAIMED)
        watch(&w, TIMER_UNCLAIMED_AGAIN, state_since_s + settings->unclaimed_days * DAY_S);
    return w.count;
}

int64_t worked_before(const struct calendar *calendar, int64_t from_s, int64_t worked_min)
{
    int64_t early = from_s / MINUTE_S - (int64_t)BACK_DAYS_MAX * (DAY_S / MINUTE_S), late = from_s / MINUTE_S;

    if (worked_min <= 0)
        return from_s;
    while (late - early > 1) { /* the latest minute with at least so many worked ones behind it */
        int64_t const middle = early + (late - early) / 2;

        if (calendar_worked_min(calendar, middle * MINUTE_S, from_s) >= worked_min)
            early = middle;
        else
            late = middle;
    }
    return early * MINUTE_S;
}

int64_t dossier_latest_handover(const struct dossier *dossier, const struct calendar *calendar)
{
    int64_t later_min = 0;

    if (dossier->due_clock_s == 0)
        return 0;
    if (dossier->step_phase != PHASE_NONE)
        for (int phase = (int)dossier->step_phase + 1; phase < PHASE_RETURN; phase++)
            later_min += dossier->plan.quota_min[phase];
    return worked_before(calendar, dossier->due_clock_s, later_min);
}

static const struct {
    const char *name, *label;
} kinds[] = {
#define TIMER_ROW(name, label) {#name, label},
    TIMERS(TIMER_ROW)
#undef TIMER_ROW
};

const char *timer_name(enum timer_kind kind)
{
    must(kind < TIMER_COUNT);
    return kinds[kind].name;
}

const char *timer_label(enum timer_kind kind)
{
    must(kind < TIMER_COUNT);
    return kinds[kind].label;
}

bool timer_from_name(struct text name, enum timer_kind *kind)
{
    for (int i = 0; i < TIMER_COUNT; i++) {
        if (text_equal(text_of(kinds[i].name), name)) {
            *kind = (enum timer_kind)i;
            return true;
        }
    }
    return false;
}
