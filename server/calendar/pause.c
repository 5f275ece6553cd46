#include "calendar/pause.h"

#include "calendar/table.h"

/* One stop after merging; resume_s INT64_MAX: still open. */
struct stop {
    int64_t stop_s, resume_s;
    bool is_restart;
};

static int64_t resume_of(const struct calendar_pause *pause)
{
    return pause->resume_s == 0 ? INT64_MAX : pause->resume_s;
}

/*
 * The first stop that ends after `cursor`, grown by all that overlap or touch it. Quadratic on purpose: a
 * dossier has a handful, in any order, and nothing is allocated.
 */
static bool next_stop(const struct calendar_pause *pauses, size_t count, int64_t cursor_s, struct stop *found)
{
    const struct calendar_pause *first = NULL;
    bool is_growing = true;

    for (size_t i = 0; i < count; i++)
        if (pauses[i].stop_s > cursor_s && (first == NULL || pauses[i].stop_s < first->stop_s))
            first = &pauses[i];
    if (first == NULL)
        return false;
    *found = (struct stop){first->stop_s, resume_of(first), first->is_restart};
    while (is_growing) {
        is_growing = false;
        for (size_t i = 0; i < count; i++) {
            if (pauses[i].stop_s < found->stop_s || pauses[i].stop_s > found->resume_s)
                continue;
            found->is_restart = found->is_restart || pauses[i].is_restart;
            if (resume_of(&pauses[i]) > found->resume_s) {
                found->resume_s = resume_of(&pauses[i]);
                is_growing = true;
            }
        }
    }
    return true;
}

static bool are_pauses_sound(const struct calendar_pause *pauses, size_t count)
{
    if (count > CALENDAR_PAUSES_MAX)
        return false;
    for (size_t i = 0; i < count; i++)
        if (resume_of(&pauses[i]) < pauses[i].stop_s)
            return false;
    return true;
}

static bool is_calendar_time(enum calendar_unit unit)
{
    return unit == CALENDAR_CAL_DAY || unit == CALENDAR_MONTH;
}

/* Past the legal limit: by date for days, by worked minutes for hours. */
static bool is_late(const struct calendar *calendar, const struct calendar_limit *limit,
                    const struct calendar_due *due, int64_t at_s)
{
    if (limit->unit == CALENDAR_WORK_HOUR)
        return calendar_worked_min(calendar, due->due_clock_s, at_s) > 0;
    return instant_day(at_s) > instant_day(due->due_eod_s);
}

static bool finish_due(const struct calendar *calendar, const struct calendar_limit *limit,
                       struct calendar_place end, struct calendar_due *due)
{
    due->due_clock_s = calendar_place_instant(calendar, end);
    due->due_eod_s = limit->unit == CALENDAR_WORK_HOUR ? 0 : calendar_place_closing(calendar, end);
    due->is_uncertain = calendar_place_day(calendar, end) > calendar->known_until_day;
    return end.nth >= 0;
}

/* The due of what was left, from the resume on. */
static bool run_on(const struct calendar *calendar, const struct calendar_limit *limit,
                   struct calendar_place resume, struct calendar_clock *clock)
{
    int64_t const left_min = clock->remaining_min;
    struct calendar_place end;

    if (limit->unit == CALENDAR_WORK_DAY && !calendar->is_irregular &&
        left_min % CALENDAR_NORMAL_DAY_MIN == 0)
        end = calendar_place_add_days(calendar, resume, left_min / CALENDAR_NORMAL_DAY_MIN);
    else
        end = calendar_place_add_min(calendar, resume, left_min);
    return finish_due(calendar, limit, end, &clock->due);
}

/* Calendar days: the last day moves by the days lost, but never before the resume. */
static bool move_last_day(const struct calendar *calendar, struct calendar_place stop,
                          struct calendar_place resume, struct calendar_due *due)
{
    int32_t const resume_day = calendar_place_day(calendar, resume);
    int32_t end, day = due->raw_end_day + resume_day - calendar_place_day(calendar, stop);

    if (day < resume_day)
        day = resume_day;
    end = calendar_worked_day(calendar, day, 0);
    if (end < 0)
        return false;
    due->raw_end_day = day;
    due->due_eod_s = calendar_closes(calendar, end);
    due->due_clock_s = due->due_eod_s;
    due->is_uncertain = end > calendar->known_until_day;
    return true;
}

/* The full limit again. A resume is no receipt: the last-hour rule does not ask it. */
static bool restart(const struct calendar *calendar, const struct calendar_limit *limit, int64_t resume_s,
                    struct calendar_clock *clock)
{
    struct calendar_limit const again = {.unit = limit->unit, .quantity_milli = limit->quantity_milli};
    struct calendar_due due;

    if (!calendar_due_find(calendar, &again, resume_s, &due))
        return false;
    due.received_s = clock->due.received_s;
    due.move = clock->due.move;
    clock->runs_since_s = due.starts_s;
    due.starts_s = clock->due.starts_s;
    clock->due = due;
    clock->limit_min = calendar_worked_min(calendar, clock->runs_since_s, due.due_clock_s);
    clock->used_min = 0;
    clock->remaining_min = clock->limit_min;
    return true;
}

/* Nothing of the run was used: the limit begins anew where the clock resumes, however its days are long. */
static bool is_untouched(const struct calendar_clock *clock)
{
    return clock->used_min == 0;
}

static bool apply(const struct calendar *calendar, const struct calendar_limit *limit,
                  const struct stop *stop, struct calendar_clock *clock)
{
    enum calendar_move move;
    struct calendar_place resume, stopped;
    int64_t const run_min = calendar_worked_min(calendar, clock->runs_since_s, stop->stop_s);
    /* A stop can end before the receipt counts at all: at night, or under the last-hour rule. */
    int64_t const resume_s = stop->resume_s > clock->runs_since_s ? stop->resume_s : clock->runs_since_s;

    clock->used_min += run_min > 0 ? run_min : 0;
    clock->remaining_min = clock->limit_min > clock->used_min ? clock->limit_min - clock->used_min : 0;
    if (stop->resume_s == INT64_MAX) {
        clock->is_stopped = true;
        clock->due.due_clock_s = 0;
        clock->due.due_eod_s = 0;
        return true;
    }
    if (stop->is_restart || (is_untouched(clock) && !is_calendar_time(limit->unit)))
        return restart(calendar, limit, resume_s, clock);
    resume = calendar_place_of(calendar, resume_s, &move);
    stopped = calendar_place_of(calendar, stop->stop_s, &move);
    if (resume.nth < 0 || stopped.nth < 0)
        return false;
    clock->runs_since_s = calendar_place_instant(calendar, resume);
    return is_calendar_time(limit->unit) ? move_last_day(calendar, stopped, resume, &clock->due)
                                         : run_on(calendar, limit, resume, clock);
}

bool calendar_clock_find(const struct calendar *calendar, const struct calendar_limit *limit,
                         int64_t received_s, const struct calendar_pause *pauses, size_t count,
                         struct calendar_clock *clock)
{
    int64_t cursor_s = INT64_MIN;
    struct stop stop;

    *clock = (struct calendar_clock){0};
    if (!are_pauses_sound(pauses, count) || !calendar_due_find(calendar, limit, received_s, &clock->due))
        return false;
    clock->original_due_clock_s = clock->due.due_clock_s;
    clock->original_due_eod_s = clock->due.due_eod_s;
    clock->runs_since_s = clock->due.starts_s;
    if (limit->unit == CALENDAR_NO_LIMIT)
        return true;
    clock->limit_min = calendar_worked_min(calendar, clock->due.starts_s, clock->due.due_clock_s);
    clock->remaining_min = clock->limit_min;
    while (!clock->is_stopped && next_stop(pauses, count, cursor_s, &stop)) {
        if (is_late(calendar, limit, &clock->due, stop.stop_s))
            return true;
        if (!apply(calendar, limit, &stop, clock)) {
            *clock = (struct calendar_clock){0};
            return false;
        }
        cursor_s = stop.resume_s;
    }
    return true;
}

int64_t calendar_running_min(const struct calendar *calendar, int64_t from_s, int64_t to_s,
                             const struct calendar_pause *pauses, size_t count)
{
    int64_t cursor_s = INT64_MIN, running_min = calendar_worked_min(calendar, from_s, to_s);
    struct stop stop;

    must(count <= CALENDAR_PAUSES_MAX);
    while (next_stop(pauses, count, cursor_s, &stop)) {
        int64_t const begins_s = stop.stop_s > from_s ? stop.stop_s : from_s;
        int64_t const ends_s = stop.resume_s < to_s ? stop.resume_s : to_s;

        if (ends_s > begins_s)
            running_min -= calendar_worked_min(calendar, begins_s, ends_s);
        cursor_s = stop.resume_s;
    }
    return running_min;
}
