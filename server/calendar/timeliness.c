#include "calendar/timeliness.h"

/* Below, equal or above zero: before, at or after the due, in the measure of the unit. */
static int64_t lateness(const struct calendar *calendar, enum calendar_unit unit, int64_t due_s, int64_t at_s)
{
    if (unit == CALENDAR_WORK_HOUR)
        return calendar_worked_min(calendar, due_s, at_s);
    return (int64_t)instant_day(at_s) - instant_day(due_s);
}

enum calendar_timeliness calendar_finished_class(const struct calendar *calendar, enum calendar_unit unit,
                                                 int64_t due_legal_s, int64_t finished_s, bool is_withdrawn)
{
    int64_t late;

    if (unit == CALENDAR_NO_LIMIT || due_legal_s == 0)
        return CALENDAR_ON_TIME;
    late = lateness(calendar, unit, due_legal_s, finished_s);
    if (late > 0)
        return CALENDAR_OVERDUE;
    return late < 0 && !is_withdrawn ? CALENDAR_EARLY : CALENDAR_ON_TIME;
}

enum calendar_timeliness calendar_running_class(const struct calendar *calendar, enum calendar_unit unit,
                                                int64_t due_legal_s, int64_t as_of_s)
{
    if (unit == CALENDAR_NO_LIMIT || due_legal_s == 0)
        return CALENDAR_IN_TERM;
    return lateness(calendar, unit, due_legal_s, as_of_s) > 0 ? CALENDAR_PAST_DUE : CALENDAR_IN_TERM;
}

enum calendar_timeliness calendar_step_class(int64_t used_min, int64_t quota_min)
{
    if (used_min == quota_min)
        return CALENDAR_ON_TIME;
    return used_min < quota_min ? CALENDAR_EARLY : CALENDAR_OVERDUE;
}

const char *calendar_timeliness_name(enum calendar_timeliness timeliness)
{
    switch (timeliness) {
    case CALENDAR_UNJUDGED: return NULL;
    case CALENDAR_EARLY: return "EARLY";
    case CALENDAR_ON_TIME: return "ON_TIME";
    case CALENDAR_OVERDUE: return "OVERDUE";
    case CALENDAR_IN_TERM: return "IN_TERM";
    case CALENDAR_PAST_DUE: return "PAST_DUE";
    }
    unreachable();
}
