#include "calendar/due.h"

#include "calendar/table.h"

enum { AFTER_15_MIN = 15 * 60, LAST_HOUR_MIN = 60, DAYS_OF_A_MONTH = 30, MONTHS_MAX = 1200 };

/* More than the calendar holds in any unit; keeps products far from overflow. */
static const int64_t quantity_milli_max = (int64_t)CALENDAR_DAYS * MINUTES_A_DAY * 1000;

/* NĐ 297/2025: the hour before closing, both ends included, by the clock and before any normalising. */
static bool is_in_last_hour(const struct calendar *calendar, int64_t received_s)
{
    int64_t const closes_s = calendar_closes(calendar, instant_day(received_s));
    int64_t const minute_s = received_s - instant_second_of_day(received_s) % 60;

    return closes_s != CALENDAR_OUTSIDE && minute_s <= closes_s && minute_s >= closes_s - LAST_HOUR_MIN * 60;
}

static struct calendar_place start_of(const struct calendar *calendar, const struct calendar_limit *limit,
                                      struct calendar_due *due)
{
    struct calendar_place start = calendar_place_of(calendar, due->received_s, &due->move);

    if (limit->has_last_hour_rule && start.nth >= 0 && is_in_last_hour(calendar, due->received_s)) {
        due->move = CALENDAR_MOVE_LAST_HOUR;
        start = calendar_place_opening(calendar, (int64_t)start.nth + 1);
    }
    return start;
}

/*
 * Whole days first, at the same clock time; then the part of a day, in minutes of the day it begins on. A
 * part never ends later than the whole day would: with days of different lengths it otherwise could.
 */
static struct calendar_place add_work_days(const struct calendar *calendar, struct calendar_place start,
                                           int64_t quantity_milli)
{
    int64_t const days = quantity_milli / 1000, rest_milli = quantity_milli % 1000;
    struct calendar_place place = calendar_place_add_days(calendar, start, days);
    struct calendar_place whole, part;

    if (rest_milli == 0 || place.nth < 0)
        return place;
    part = calendar_place_add_min(
        calendar, place, (rest_milli * calendar_place_pattern(calendar, place)->worked_min + 500) / 1000);
    if (!calendar->is_irregular)
        return part;
    whole = calendar_place_add_days(calendar, start, days + 1);
    if (part.nth < 0 || whole.nth < 0)
        return part;
    return calendar_place_sum(calendar, whole) < calendar_place_sum(calendar, part) ? whole : part;
}

/* The same day some months later, or the last day of that month (BLDS art. 146); half a month is 15 days. */
static int32_t add_months(int32_t day, int64_t quantity_milli)
{
    int year, month, day_of_month, year_back, month_back, day_back;
    int32_t end;

    if (quantity_milli / 1000 > MONTHS_MAX)
        return INT32_MAX;
    day_to_civil(day, &year, &month, &day_of_month);
    month += (int)(quantity_milli / 1000) - 1;
    year += month / 12;
    month = month % 12 + 1;
    end = day_from_civil(year, month, day_of_month);
    day_to_civil(end, &year_back, &month_back, &day_back);
    if (month_back != month)
        end -= day_back;
    return end + (int32_t)((quantity_milli % 1000 * DAYS_OF_A_MONTH + 999) / 1000);
}

/* CAL_DAY and MONTH: the raw last day, not yet rolled. */
static int32_t raw_end(const struct calendar *calendar, const struct calendar_limit *limit,
                       struct calendar_place start)
{
    int32_t const day = calendar_place_day(calendar, start);

    if (limit->unit == CALENDAR_MONTH)
        return add_months(day, limit->quantity_milli);
    if (limit->quantity_milli / 1000 >= CALENDAR_DAYS)
        return INT32_MAX;
    return day + (int32_t)((limit->quantity_milli + 999) / 1000);
}

static struct calendar_place same_day(const struct calendar *calendar, struct calendar_place start,
                                      struct calendar_due *due)
{
    due->is_after_15 = start.clock_min > AFTER_15_MIN;
    return due->is_after_15 ? calendar_place_opening(calendar, (int64_t)start.nth + 1) : start;
}

static bool set_due(const struct calendar *calendar, struct calendar_place place, struct calendar_due *due)
{
    due->due_clock_s = calendar_place_instant(calendar, place);
    due->due_eod_s = calendar_place_closing(calendar, place);
    return place.nth >= 0;
}

static bool set_due_at_close(const struct calendar *calendar, int32_t day, struct calendar_due *due)
{
    int32_t const end = calendar_worked_day(calendar, day, 0);

    if (end < 0)
        return false;
    due->due_eod_s = calendar_closes(calendar, end);
    due->due_clock_s = due->due_eod_s;
    return true;
}

static bool find(const struct calendar *calendar, const struct calendar_limit *limit,
                 struct calendar_due *due)
{
    struct calendar_place const start = start_of(calendar, limit, due);
    bool is_found = true;

    if (start.nth < 0 || limit->quantity_milli < 0 || limit->quantity_milli > quantity_milli_max)
        return false;
    due->starts_s = calendar_place_instant(calendar, start);
    switch (limit->unit) {
    case CALENDAR_NO_LIMIT: return true;
    case CALENDAR_WORK_DAY:
        is_found = set_due(calendar, add_work_days(calendar, start, limit->quantity_milli), due);
        break;
    case CALENDAR_CAL_DAY:
    case CALENDAR_MONTH:
        due->raw_end_day = raw_end(calendar, limit, start);
        is_found = set_due_at_close(calendar, due->raw_end_day, due);
        break;
    case CALENDAR_WORK_HOUR:
        is_found =
            set_due(calendar,
                    calendar_place_add_min(calendar, start, (limit->quantity_milli * 60 + 500) / 1000), due);
        due->due_eod_s = 0;
        break;
    case CALENDAR_SAME_DAY_15:
        is_found = set_due(calendar, same_day(calendar, start, due), due);
        due->due_clock_s = due->due_eod_s;
        break;
    }
    due->is_uncertain = instant_day(due->due_clock_s) > calendar->known_until_day;
    return is_found;
}

bool calendar_due_find(const struct calendar *calendar, const struct calendar_limit *limit,
                       int64_t received_s, struct calendar_due *due)
{
    *due = (struct calendar_due){.received_s = received_s, .raw_end_day = -1};
    if (find(calendar, limit, due))
        return true;
    *due = (struct calendar_due){.raw_end_day = -1};
    return false;
}

int64_t calendar_due_legal(const struct calendar_due *due)
{
    return due->due_eod_s != 0 ? due->due_eod_s : due->due_clock_s;
}

int64_t calendar_paper_due(const struct calendar *calendar, int64_t accepted_s)
{
    enum calendar_move move;
    struct calendar_place const place = calendar_place_of(calendar, accepted_s, &move);

    if (place.nth < 0)
        return CALENDAR_OUTSIDE;
    if (place.clock_min <= AFTER_15_MIN)
        return calendar_place_closing(calendar, place);
    return calendar_place_instant(calendar, calendar_place_opening(calendar, (int64_t)place.nth + 1));
}

int64_t calendar_supplement_expiry(const struct calendar *calendar, int64_t notice_s, int64_t work_days)
{
    enum calendar_move move;
    struct calendar_place const place = calendar_place_of(calendar, notice_s, &move);

    return calendar_place_closing(calendar, calendar_place_add_days(calendar, place, work_days));
}
