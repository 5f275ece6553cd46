#include "calendar/build.h"

enum { USED_DAYS_MAX = 4000 };

/* Patterns while they are gathered; equal ones become one. */
struct patterns {
    struct calendar_pattern *all;
    size_t count;
};

static bool is_equal(const struct calendar_pattern *a, const struct calendar_pattern *b)
{
    if (a->session_count != b->session_count)
        return false;
    for (int i = 0; i < a->session_count; i++)
        if (a->sessions[i].opens_min != b->sessions[i].opens_min ||
            a->sessions[i].closes_min != b->sessions[i].closes_min)
            return false;
    return true;
}

static uint16_t pattern_number(struct patterns *patterns, const struct calendar_pattern *pattern)
{
    for (size_t i = 0; i < patterns->count; i++)
        if (is_equal(&patterns->all[i], pattern))
            return (uint16_t)i;
    patterns->all[patterns->count] = *pattern;
    return (uint16_t)patterns->count++;
}

static void plan_fault(struct reader *reader, const struct calendar_plan *plan, const char *member,
                       const char *rule, const char *message)
{
    struct spot const spot = {.up = &plan->spot, .member = member};

    reader->file = plan->file;
    document_fault(reader, &spot, rule, "%s", message);
}

static void day_fault(struct reader *reader, const struct calendar_plan *plan,
                      const struct calendar_own_day *day, const char *rule, const char *message)
{
    struct spot const days = {.up = &plan->spot, .member = "days"};
    struct spot const spot = {.up = &days, .index = day->index};

    reader->file = plan->file;
    document_fault(reader, &spot, rule, "%s", message);
}

static const struct calendar_own_day *find_day(const struct calendar_plan *plan, int32_t day)
{
    size_t low = 0, high = plan->used_day_count;

    while (low < high) {
        size_t const middle = low + (high - low) / 2;

        if (plan->used_days[middle].entry.day < day)
            low = middle + 1;
        else
            high = middle;
    }
    return low < plan->used_day_count && plan->used_days[low].entry.day == day ? &plan->used_days[low] : NULL;
}

/* Its own day replaces the inherited one of the same date; nothing wins over a holiday. */
static void check_replaced(struct reader *reader, const struct calendar_plan *plan,
                           const struct calendar_own_day *own, const struct calendar_own_day *inherited)
{
    if (inherited->entry.kind != CALENDAR_DAY_HOLIDAY || own->entry.kind == CALENDAR_DAY_HOLIDAY)
        return;
    if (own->entry.kind == CALENDAR_DAY_MAKEUP_WORK)
        day_fault(reader, plan, own, "makeup-on-holiday", "ngày lễ của lịch cấp trên, không làm bù");
    else
        day_fault(reader, plan, own, "holiday-replaced", "ngày lễ của lịch cấp trên, không đổi được");
}

static void inherit_days(struct reader *reader, struct calendar_plan *plan,
                         const struct calendar_plan *parent)
{
    static const struct calendar_plan no_parent;
    const struct calendar_plan *above = parent != NULL ? parent : &no_parent;
    size_t const inherited_count = above->used_day_count;
    struct calendar_own_day *merged;
    size_t own = 0, inherited = 0, count = 0;

    if (inherited_count + plan->day_count > USED_DAYS_MAX) {
        plan_fault(reader, plan, "days", "list-too-long", "quá nhiều ngày, tính cả lịch cấp trên");
        return;
    }
    merged = arena_array(reader->arena, struct calendar_own_day, inherited_count + plan->day_count);
    while (own < plan->day_count || inherited < inherited_count) {
        int32_t const mine = own < plan->day_count ? plan->days[own].entry.day : INT32_MAX;
        int32_t const theirs =
            inherited < inherited_count ? above->used_days[inherited].entry.day : INT32_MAX;

        if (theirs < mine) {
            merged[count++] = above->used_days[inherited++];
            continue;
        }
        if (theirs == mine)
            check_replaced(reader, plan, &plan->days[own], &above->used_days[inherited++]);
        merged[count++] = plan->days[own++];
    }
    plan->used_days = merged;
    plan->used_day_count = count;
}

static void check_makeups(struct reader *reader, const struct calendar_plan *plan)
{
    for (size_t i = 0; i < plan->day_count; i++) {
        const struct calendar_own_day *day = &plan->days[i], *off;

        if (day->makes_up_for_day == NOT_A_DAY)
            continue;
        off = find_day(plan, day->makes_up_for_day);
        if (off == NULL || off->entry.kind != CALENDAR_DAY_SWAP_OFF)
            day_fault(reader, plan, day, "makeup-for-nothing", "ngày được làm bù phải là ngày nghỉ hoán đổi");
    }
}

static const struct calendar_week *week_of(const struct calendar_plan *plan, int32_t day)
{
    size_t i = 0;

    while (i + 1 < plan->used_week_count && plan->used_weeks[i].to_day < day)
        i++;
    return &plan->used_weeks[i];
}

/* A make-up day without sessions of its own works like the day it makes up for, else like the first worked
 * one. */
static const struct calendar_pattern *own_pattern(const struct calendar_plan *plan,
                                                  const struct calendar_own_day *day)
{
    const struct calendar_week *week = week_of(plan, day->entry.day);
    int weekday = 0;

    if (day->entry.kind != CALENDAR_DAY_MAKEUP_WORK || day->pattern.session_count > 0)
        return &day->pattern;
    if (day->makes_up_for_day != NOT_A_DAY)
        weekday = day_weekday(day->makes_up_for_day);
    for (int i = 0; i < 7 && week->weekdays[weekday].session_count == 0; i++)
        weekday = i;
    return &week->weekdays[weekday];
}

/* day_pattern for all days: the weeks first, then what differs. */
static uint16_t *lay_out_days(struct arena *arena, const struct calendar_plan *plan,
                              struct patterns *patterns)
{
    uint16_t *days = arena_array(arena, uint16_t, CALENDAR_DAYS);
    size_t week = 0;
    uint16_t numbers[7] = {0};

    for (int i = 0; i < CALENDAR_DAYS; i++) {
        int32_t const day = CALENDAR_FIRST_DAY + i;
        bool is_new_week = i == 0;

        while (week + 1 < plan->used_week_count && plan->used_weeks[week].to_day < day) {
            week++;
            is_new_week = true;
        }
        for (int weekday = 0; is_new_week && weekday < 7; weekday++)
            numbers[weekday] = pattern_number(patterns, &plan->used_weeks[week].weekdays[weekday]);
        days[i] = numbers[day_weekday(day)];
    }
    for (size_t i = 0; i < plan->used_day_count; i++)
        days[plan->used_days[i].entry.day - CALENDAR_FIRST_DAY] =
            pattern_number(patterns, own_pattern(plan, &plan->used_days[i]));
    return days;
}

static int32_t count_worked(const uint16_t *day_pattern)
{
    int32_t count = 0;

    for (int i = 0; i < CALENDAR_DAYS; i++)
        count += day_pattern[i] != 0;
    return count;
}

static void sum_up(struct arena *arena, struct calendar *calendar)
{
    int32_t const count = count_worked(calendar->day_pattern);
    uint16_t *nth = arena_array(arena, uint16_t, CALENDAR_DAYS + 1);
    uint16_t *worked_day = arena_array(arena, uint16_t, count);
    int32_t *before = arena_array(arena, int32_t, count + 1);
    int32_t at = 0;

    for (int i = 0; i < CALENDAR_DAYS; i++) {
        const struct calendar_pattern *pattern = &calendar->patterns[calendar->day_pattern[i]];

        nth[i] = (uint16_t)at;
        if (pattern->session_count == 0)
            continue;
        worked_day[at] = (uint16_t)i;
        before[at + 1] = before[at] + pattern->worked_min;
        calendar->is_irregular = calendar->is_irregular || pattern->worked_min != CALENDAR_NORMAL_DAY_MIN;
        at++;
    }
    must(at == count);
    nth[CALENDAR_DAYS] = (uint16_t)at;
    calendar->day_nth = nth;
    calendar->worked_day = worked_day;
    calendar->worked_before = before;
    calendar->worked_count = count;
}

static void compile(struct arena *arena, const struct calendar_plan *plan, struct calendar *calendar)
{
    size_t const pattern_max = plan->used_week_count * 7 + plan->used_day_count + 1;
    struct patterns patterns = {.all = arena_array(arena, struct calendar_pattern, pattern_max), .count = 1};
    struct calendar_entry *entries = arena_array(arena, struct calendar_entry, plan->used_day_count);

    for (size_t i = 0; i < plan->used_day_count; i++)
        entries[i] = plan->used_days[i].entry;
    calendar->entries = entries;
    calendar->entry_count = plan->used_day_count;
    calendar->day_pattern = lay_out_days(arena, plan, &patterns);
    calendar->patterns = patterns.all;
    sum_up(arena, calendar);
}

static void build(struct reader *reader, struct calendar_plan *plan, const struct calendar_plan *parent)
{
    struct calendar *calendar = arena_new(reader->arena, struct calendar);
    size_t const faults_before = reader->faults->count;

    if (parent != NULL && plan->week_count == 0 && plan->day_count == 0) {
        *calendar = *parent->calendar; /* only another name: the tables are shared */
        plan->used_days = parent->used_days;
        plan->used_day_count = parent->used_day_count;
    } else {
        inherit_days(reader, plan, parent);
    }
    plan->used_weeks = plan->week_count > 0 || parent == NULL ? plan->weeks : parent->used_weeks;
    plan->used_week_count =
        plan->week_count > 0 || parent == NULL ? plan->week_count : parent->used_week_count;
    check_makeups(reader, plan);
    if (reader->faults->count > faults_before)
        return;
    if (calendar->patterns == NULL)
        compile(reader->arena, plan, calendar);
    calendar->code = plan->code;
    calendar->name = plan->name;
    if (plan->known_until_day != NOT_A_DAY)
        calendar->known_until_day = plan->known_until_day;
    else if (parent != NULL)
        calendar->known_until_day = parent->calendar->known_until_day;
    if (calendar->worked_count == 0)
        plan_fault(reader, plan, "weeks", "week-without-work", "không còn ngày làm việc nào");
    else
        plan->calendar = calendar;
}

static struct calendar_plan *find_plan(struct calendar_plan *plans, size_t count, struct text code)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal(plans[i].code, code))
            return &plans[i];
    return NULL;
}

/* Only what has no fault of its own comes here, but its parents may turn out to have some. */
void calendar_plan_build(struct reader *reader, struct calendar_plan *plans, size_t count, size_t index)
{
    struct calendar_plan *plan = &plans[index], *parent = NULL;

    if (plan->is_done)
        return;
    plan->is_open = true;
    if (plan->parent.length > 0) {
        parent = find_plan(plans, count, plan->parent);
        if (parent == NULL)
            plan_fault(reader, plan, "parent", "unknown-parent", "không có lịch nào mang mã này");
        else if (parent->is_open)
            plan_fault(reader, plan, "parent", "parent-cycle", "lịch là cấp trên của chính nó");
        else
            calendar_plan_build(reader, plans, count, (size_t)(parent - plans));
    }
    if (plan->parent.length == 0 || (parent != NULL && parent->calendar != NULL))
        build(reader, plan, parent);
    plan->is_open = false;
    plan->is_done = true;
}
