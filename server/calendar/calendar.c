#include "calendar/calendar.h"

#include "calendar/table.h"

static const struct calendar_place outside = {.nth = -1};

static const struct calendar_pattern *day_pattern(const struct calendar *calendar, int32_t index)
{
    return &calendar->patterns[calendar->day_pattern[index]];
}

/* What instant_day() can turn into a day at all; both ends are far outside the calendar. */
static bool is_near(int64_t at_s)
{
    return at_s >= instant_at(0, 0) && at_s < instant_at(2 * CALENDAR_DAYS, 0);
}

static bool is_index(int64_t index)
{
    return index >= 0 && index < CALENDAR_DAYS;
}

struct calendar_place calendar_place_opening(const struct calendar *calendar, int64_t nth)
{
    struct calendar_place place = outside;

    if (nth < 0 || nth >= calendar->worked_count)
        return outside;
    place.nth = (int32_t)nth;
    place.clock_min = calendar_place_pattern(calendar, place)->sessions[0].opens_min;
    return place;
}

/* The receipt at clock_min of the worked day nth, or at the opening of the one after it. */
static struct calendar_place place_in_day(const struct calendar *calendar, int32_t nth, int32_t clock_min,
                                          enum calendar_move *move)
{
    struct calendar_place place = {.nth = nth, .clock_min = clock_min};
    const struct calendar_pattern *pattern = calendar_place_pattern(calendar, place);

    for (int i = 0; i < pattern->session_count; i++) {
        const struct calendar_session *session = &pattern->sessions[i];
        bool const is_last = i == pattern->session_count - 1;

        if (clock_min < session->opens_min) {
            *move = i == 0 ? CALENDAR_MOVE_BEFORE_OPENING : CALENDAR_MOVE_BREAK;
            place.clock_min = session->opens_min;
            place.offset_min = session->before_min;
            return place;
        }
        if (clock_min < session->closes_min || (is_last && clock_min == session->closes_min)) {
            place.offset_min = session->before_min + clock_min - session->opens_min;
            return place;
        }
    }
    *move = CALENDAR_MOVE_AFTER_CLOSING;
    return calendar_place_opening(calendar, (int64_t)nth + 1);
}

struct calendar_place calendar_place_of(const struct calendar *calendar, int64_t received_s,
                                        enum calendar_move *move)
{
    int32_t index;

    *move = CALENDAR_MOVE_NONE;
    if (!is_near(received_s))
        return outside;
    index = instant_day(received_s) - CALENDAR_FIRST_DAY;
    if (!is_index(index))
        return outside;
    if (calendar->day_pattern[index] == 0) {
        *move = CALENDAR_MOVE_OFF_DAY;
        return calendar_place_opening(calendar, calendar->day_nth[index]);
    }
    return place_in_day(calendar, calendar->day_nth[index], instant_second_of_day(received_s) / 60, move);
}

/* The same clock time in another pattern; where that is closed, the last open minute before, else its
 * opening. */
static void fit_clock(const struct calendar_pattern *pattern, struct calendar_place *place)
{
    int32_t const wanted_min = place->clock_min;

    place->clock_min = pattern->sessions[0].opens_min;
    place->offset_min = 0;
    for (int i = 0; i < pattern->session_count; i++) {
        const struct calendar_session *session = &pattern->sessions[i];

        if (wanted_min < session->opens_min)
            return;
        place->clock_min = wanted_min < session->closes_min ? wanted_min : session->closes_min;
        place->offset_min = session->before_min + place->clock_min - session->opens_min;
    }
}

struct calendar_place calendar_place_add_days(const struct calendar *calendar, struct calendar_place from,
                                              int64_t days)
{
    struct calendar_place place = from;

    must(days >= 0);
    if (from.nth < 0 || days >= calendar->worked_count - from.nth)
        return outside;
    place.nth += (int32_t)days;
    if (calendar_place_pattern(calendar, place) != calendar_place_pattern(calendar, from))
        fit_clock(calendar_place_pattern(calendar, place), &place);
    return place;
}

/* The worked day in which that sum is reached: worked_before[nth] < sum <= worked_before[nth + 1]. */
static int32_t day_of_sum(const struct calendar *calendar, int32_t from_nth, int64_t sum)
{
    int32_t low = from_nth, high = calendar->worked_count - 1;

    if (!calendar->is_irregular)
        return (int32_t)((sum - 1) / CALENDAR_NORMAL_DAY_MIN);
    while (low < high) {
        int32_t const middle = low + (high - low) / 2;

        if (calendar->worked_before[middle + 1] >= sum)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

struct calendar_place calendar_place_add_min(const struct calendar *calendar, struct calendar_place from,
                                             int64_t worked_min)
{
    struct calendar_place place = from;
    const struct calendar_pattern *pattern;
    int64_t sum;
    int i = 0;

    must(worked_min >= 0);
    if (from.nth < 0 || worked_min == 0)
        return from;
    if (worked_min > calendar->worked_before[calendar->worked_count] - calendar_place_sum(calendar, from))
        return outside;
    sum = calendar_place_sum(calendar, from) + worked_min;
    place.nth = day_of_sum(calendar, from.nth, sum);
    place.offset_min = (int32_t)(sum - calendar->worked_before[place.nth]);
    pattern = calendar_place_pattern(calendar, place);
    must(place.offset_min > 0 && place.offset_min <= pattern->worked_min);
    while (i + 1 < pattern->session_count && place.offset_min > pattern->sessions[i + 1].before_min)
        i++;
    place.clock_min = pattern->sessions[i].opens_min + place.offset_min - pattern->sessions[i].before_min;
    return place;
}

int64_t calendar_place_sum(const struct calendar *calendar, struct calendar_place place)
{
    return (int64_t)calendar->worked_before[place.nth] + place.offset_min;
}

int32_t calendar_place_day(const struct calendar *calendar, struct calendar_place place)
{
    return place.nth < 0 ? -1 : CALENDAR_FIRST_DAY + calendar->worked_day[place.nth];
}

const struct calendar_pattern *calendar_place_pattern(const struct calendar *calendar,
                                                      struct calendar_place place)
{
    return day_pattern(calendar, calendar->worked_day[place.nth]);
}

int64_t calendar_place_instant(const struct calendar *calendar, struct calendar_place place)
{
    return place.nth < 0 ? CALENDAR_OUTSIDE
                         : instant_at(calendar_place_day(calendar, place), place.clock_min * 60);
}

int64_t calendar_place_closing(const struct calendar *calendar, struct calendar_place place)
{
    return place.nth < 0 ? CALENDAR_OUTSIDE : calendar_closes(calendar, calendar_place_day(calendar, place));
}

int64_t calendar_normalise(const struct calendar *calendar, int64_t received_s, enum calendar_move *move)
{
    enum calendar_move unwanted;

    return calendar_place_instant(calendar,
                                  calendar_place_of(calendar, received_s, move != NULL ? move : &unwanted));
}

int64_t calendar_add_days(const struct calendar *calendar, int64_t from_s, int64_t days)
{
    enum calendar_move move;

    return calendar_place_instant(
        calendar, calendar_place_add_days(calendar, calendar_place_of(calendar, from_s, &move), days));
}

int64_t calendar_add_min(const struct calendar *calendar, int64_t from_s, int64_t worked_min)
{
    enum calendar_move move;

    return calendar_place_instant(
        calendar, calendar_place_add_min(calendar, calendar_place_of(calendar, from_s, &move), worked_min));
}

/* Worked minutes from 1990 until that instant. */
static int64_t sum_until(const struct calendar *calendar, int64_t at_s)
{
    const struct calendar_pattern *pattern;
    int32_t index, clock_min;
    int64_t sum;

    if (at_s < instant_at(CALENDAR_FIRST_DAY, 0))
        return 0;
    if (at_s >= instant_at(CALENDAR_FIRST_DAY + CALENDAR_DAYS, 0))
        return calendar->worked_before[calendar->worked_count];
    index = instant_day(at_s) - CALENDAR_FIRST_DAY;
    clock_min = instant_second_of_day(at_s) / 60;
    pattern = day_pattern(calendar, index);
    sum = calendar->worked_before[calendar->day_nth[index]];
    for (int i = 0; i < pattern->session_count && clock_min > pattern->sessions[i].opens_min; i++) {
        const struct calendar_session *session = &pattern->sessions[i];

        sum += (clock_min < session->closes_min ? clock_min : session->closes_min) - session->opens_min;
    }
    return sum;
}

int64_t calendar_worked_min(const struct calendar *calendar, int64_t from_s, int64_t to_s)
{
    return sum_until(calendar, to_s) - sum_until(calendar, from_s);
}

static int32_t clamp_index(int32_t day)
{
    if (day < CALENDAR_FIRST_DAY)
        return 0;
    return day - CALENDAR_FIRST_DAY > CALENDAR_DAYS ? CALENDAR_DAYS : day - CALENDAR_FIRST_DAY;
}

int32_t calendar_worked_day(const struct calendar *calendar, int32_t day, int64_t n)
{
    int64_t const index = (int64_t)day - CALENDAR_FIRST_DAY;
    int64_t nth;

    must(n >= 0);
    if (!is_index(index) || n > CALENDAR_DAYS)
        return -1;
    nth = calendar->day_nth[index] + n;
    /* An off day is not counted itself: the first worked day behind it is its day 1. */
    if (calendar->day_pattern[index] == 0 && n > 0)
        nth--;
    return nth < calendar->worked_count ? CALENDAR_FIRST_DAY + calendar->worked_day[nth] : -1;
}

int32_t calendar_worked_days(const struct calendar *calendar, int32_t from_day, int32_t to_day)
{
    if (to_day <= from_day)
        return 0;
    return calendar->day_nth[clamp_index(to_day)] - calendar->day_nth[clamp_index(from_day)];
}

int64_t calendar_opens(const struct calendar *calendar, int32_t day)
{
    struct calendar_day const info = calendar_day_of(calendar, day);

    return info.session_count == 0 ? CALENDAR_OUTSIDE : instant_at(day, info.sessions[0].opens_min * 60);
}

int64_t calendar_closes(const struct calendar *calendar, int32_t day)
{
    int64_t const index = (int64_t)day - CALENDAR_FIRST_DAY;
    const struct calendar_pattern *pattern;

    if (!is_index(index) || calendar->day_pattern[index] == 0)
        return CALENDAR_OUTSIDE;
    pattern = day_pattern(calendar, (int32_t)index);
    return instant_at(day, pattern->sessions[pattern->session_count - 1].closes_min * 60);
}

static const struct calendar_entry *find_entry(const struct calendar *calendar, int32_t day)
{
    size_t low = 0, high = calendar->entry_count;

    while (low < high) {
        size_t const middle = low + (high - low) / 2;

        if (calendar->entries[middle].day < day)
            low = middle + 1;
        else
            high = middle;
    }
    return low < calendar->entry_count && calendar->entries[low].day == day ? &calendar->entries[low] : NULL;
}

static const char *const weekday_names[] = {"Thứ Hai", "Thứ Ba",  "Thứ Tư",  "Thứ Năm",
                                            "Thứ Sáu", "Thứ Bảy", "Chủ nhật"};

struct calendar_day calendar_day_of(const struct calendar *calendar, int32_t day)
{
    int64_t const index = (int64_t)day - CALENDAR_FIRST_DAY;
    const struct calendar_entry *entry;
    const struct calendar_pattern *pattern;
    struct calendar_day info = {.kind = CALENDAR_DAY_PLAIN};

    if (!is_index(index))
        return info;
    pattern = day_pattern(calendar, (int32_t)index);
    info.sessions = pattern->sessions;
    info.session_count = (size_t)pattern->session_count;
    info.worked_min = pattern->worked_min;
    entry = find_entry(calendar, day);
    if (entry != NULL) {
        info.kind = entry->kind;
        info.name = entry->name;
        info.source = entry->source;
    } else if (info.session_count == 0) {
        info.kind = CALENDAR_DAY_WEEKEND;
        info.name = text_of(weekday_names[day_weekday(day)]);
    }
    return info;
}

struct text calendar_code(const struct calendar *calendar)
{
    return calendar->code;
}

struct text calendar_name(const struct calendar *calendar)
{
    return calendar->name;
}

int32_t calendar_known_until_day(const struct calendar *calendar)
{
    return calendar->known_until_day;
}

bool calendar_is_irregular(const struct calendar *calendar)
{
    return calendar->is_irregular;
}

const char *calendar_day_kind_name(enum calendar_day_kind kind)
{
    switch (kind) {
    case CALENDAR_DAY_PLAIN: return "WORK_DAY";
    case CALENDAR_DAY_WEEKEND: return "WEEKEND";
    case CALENDAR_DAY_HOLIDAY: return "HOLIDAY";
    case CALENDAR_DAY_COMP_OFF: return "COMP_OFF";
    case CALENDAR_DAY_SWAP_OFF: return "SWAP_OFF";
    case CALENDAR_DAY_MAKEUP_WORK: return "MAKEUP_WORK";
    case CALENDAR_DAY_CLOSED: return "CLOSED";
    case CALENDAR_DAY_OWN_HOURS: return "OWN_HOURS";
    }
    unreachable();
}

const char *calendar_day_kind_label(enum calendar_day_kind kind)
{
    switch (kind) {
    case CALENDAR_DAY_PLAIN: return "Ngày làm việc";
    case CALENDAR_DAY_WEEKEND: return "Nghỉ hằng tuần";
    case CALENDAR_DAY_HOLIDAY: return "Nghỉ lễ, tết";
    case CALENDAR_DAY_COMP_OFF: return "Nghỉ bù";
    case CALENDAR_DAY_SWAP_OFF: return "Nghỉ hoán đổi";
    case CALENDAR_DAY_MAKEUP_WORK: return "Làm bù";
    case CALENDAR_DAY_CLOSED: return "Cơ quan đóng cửa";
    case CALENDAR_DAY_OWN_HOURS: return "Giờ làm việc riêng";
    }
    unreachable();
}
