#include "calendar/read.h"

#include <stdlib.h>

static const char *const weekday_words[] = {"MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"};
static const char *const kind_words[] = {"HOLIDAY",     "COMP_OFF",  "SWAP_OFF",
                                         "MAKEUP_WORK", "OWN_HOURS", "CLOSED"};
static const enum calendar_day_kind kinds[] = {CALENDAR_DAY_HOLIDAY,   CALENDAR_DAY_COMP_OFF,
                                               CALENDAR_DAY_SWAP_OFF,  CALENDAR_DAY_MAKEUP_WORK,
                                               CALENDAR_DAY_OWN_HOURS, CALENDAR_DAY_CLOSED};
static const char *const sureness_words[] = {"sure", "likely", "unsure"};

static bool is_object(struct reader *reader, const struct spot *spot, const cJSON *value)
{
    if (cJSON_IsObject(value))
        return true;
    document_fault(reader, spot, "wrong-type", "phải là đối tượng");
    return false;
}

static bool read_session(struct reader *reader, const struct spot *spot, const cJSON *value,
                         struct calendar_session *session)
{
    struct spot const opens = {.up = spot, .index = 0}, closes = {.up = spot, .index = 1};
    size_t count;
    const cJSON *item = document_list(reader, spot, value, 2, &count);

    if (count != 2) {
        document_fault(reader, spot, "bad-session", "phải là hai giờ [mở, đóng]");
        return false;
    }
    if (!document_clock(reader, &opens, item, &session->opens_min) ||
        !document_clock(reader, &closes, item->next, &session->closes_min))
        return false;
    if (session->opens_min < session->closes_min)
        return true;
    document_fault(reader, spot, "session-ends-before-start", "giờ đóng phải sau giờ mở");
    return false;
}

/* False: faulty, and the pattern is left without sessions. */
static bool read_sessions(struct reader *reader, const struct spot *spot, const cJSON *value,
                          struct calendar_pattern *pattern)
{
    struct calendar_pattern found = {0};
    size_t count, index = 0;
    const cJSON *item = document_list(reader, spot, value, CALENDAR_SESSIONS_MAX, &count);

    if (item == NULL) {
        document_fault(reader, spot, "no-session", "phải có ít nhất một buổi làm việc");
        return false;
    }
    for (; item != NULL; item = item->next, index++) {
        struct spot const here = {.up = spot, .index = index};
        struct calendar_session *session = &found.sessions[index];

        if (!read_session(reader, &here, item, session))
            return false;
        if (index > 0 && session->opens_min <= found.sessions[index - 1].closes_min) {
            document_fault(reader, &here, "sessions-overlap", "buổi sau phải mở sau khi buổi trước đóng");
            return false;
        }
        session->before_min = found.worked_min;
        found.worked_min = (int16_t)(found.worked_min + session->closes_min - session->opens_min);
        found.session_count++;
    }
    *pattern = found;
    return true;
}

static void read_weekdays(struct reader *reader, const struct spot *spot, const cJSON *object,
                          struct calendar_week *week)
{
    static const char *const members[] = {"weekdays", "sessions"};
    struct spot const sessions_spot = {.up = spot, .member = "sessions"};
    struct spot const weekdays_spot = {.up = spot, .member = "weekdays"};
    struct calendar_pattern pattern = {0};
    size_t count, index = 0;
    const cJSON *sessions, *weekdays;

    if (!is_object(reader, spot, object))
        return;
    document_known(reader, spot, object, members, array_length(members));
    sessions = document_member(reader, spot, object, "sessions", true);
    weekdays = document_member(reader, spot, object, "weekdays", true);
    if (sessions == NULL || weekdays == NULL || !read_sessions(reader, &sessions_spot, sessions, &pattern))
        return;
    for (const cJSON *item = document_list(reader, &weekdays_spot, weekdays, 7, &count); item != NULL;
         item = item->next, index++) {
        struct spot const here = {.up = &weekdays_spot, .index = index};
        int weekday;

        if (!document_choice(reader, &here, item, weekday_words, array_length(weekday_words), &weekday))
            continue;
        if (week->weekdays[weekday].session_count > 0)
            document_fault(reader, &here, "weekday-twice", "thứ này đã có giờ làm việc trong cùng giai đoạn");
        week->weekdays[weekday] = pattern;
    }
}

static bool has_work(const struct calendar_week *week)
{
    for (int i = 0; i < 7; i++)
        if (week->weekdays[i].session_count > 0)
            return true;
    return false;
}

static void read_week(struct reader *reader, const struct spot *spot, const cJSON *object,
                      struct calendar_week *week)
{
    static const char *const members[] = {"valid_from", "valid_to", "days", "source"};
    struct spot const from_spot = {.up = spot, .member = "valid_from"};
    struct spot const to_spot = {.up = spot, .member = "valid_to"};
    struct spot const days_spot = {.up = spot, .member = "days"};
    struct spot const source_spot = {.up = spot, .member = "source"};
    const cJSON *from, *to, *days, *source;
    struct text unkept;
    size_t count, index = 0, faults_before = reader->faults->count;

    *week = (struct calendar_week){.from_day = INT32_MIN, .to_day = INT32_MAX};
    if (!is_object(reader, spot, object))
        return;
    document_known(reader, spot, object, members, array_length(members));
    from = document_member(reader, spot, object, "valid_from", false);
    to = document_member(reader, spot, object, "valid_to", false);
    source = document_member(reader, spot, object, "source", false);
    if (source != NULL)
        document_text(reader, &source_spot, source, &unkept);
    if ((from == NULL || document_day(reader, &from_spot, from, &week->from_day)) &&
        (to == NULL || document_day(reader, &to_spot, to, &week->to_day)) && week->to_day < week->from_day)
        document_fault(reader, &to_spot, "week-ends-before-start",
                       "ngày hết hiệu lực phải sau ngày có hiệu lực");
    days = document_member(reader, spot, object, "days", true);
    if (days == NULL)
        return;
    for (const cJSON *item = document_list(reader, &days_spot, days, 7, &count); item != NULL;
         item = item->next, index++) {
        struct spot const here = {.up = &days_spot, .index = index};

        read_weekdays(reader, &here, item, week);
    }
    if (reader->faults->count == faults_before && !has_work(week))
        document_fault(reader, spot, "week-without-work", "phải có ít nhất một ngày làm việc trong tuần");
}

/* The periods must cover all time, each once, oldest first. */
static void check_weeks(struct reader *reader, const struct spot *spot, const struct calendar_plan *plan)
{
    for (size_t i = 0; i < plan->week_count; i++) {
        struct spot const here = {.up = spot, .index = i};
        const struct calendar_week *week = &plan->weeks[i];
        bool const is_first = i == 0, is_last = i + 1 == plan->week_count;

        if (is_first && week->from_day > CALENDAR_FIRST_DAY)
            document_fault(reader, &here, "weeks-gap", "giai đoạn đầu phải có valid_from là null");
        if (!is_first && week->from_day <= plan->weeks[i - 1].to_day)
            document_fault(reader, &here, "weeks-overlap", "bắt đầu khi giai đoạn trước chưa hết");
        else if (!is_first && week->from_day > plan->weeks[i - 1].to_day + 1)
            document_fault(reader, &here, "weeks-gap", "có khoảng trống sau giai đoạn trước");
        if (is_last && week->to_day < CALENDAR_FIRST_DAY + CALENDAR_DAYS - 1)
            document_fault(reader, &here, "weeks-gap", "giai đoạn cuối phải có valid_to là null");
    }
}

static void read_weeks(struct reader *reader, const cJSON *list, struct calendar_plan *plan)
{
    struct spot const spot = {.up = &plan->spot, .member = "weeks"};
    size_t faults_before = reader->faults->count, index = 0, count;
    const cJSON *item = document_list(reader, &spot, list, WEEKS_MAX, &count);

    if (item == NULL) {
        document_fault(reader, &spot, "no-weeks", "phải có ít nhất một giai đoạn");
        return;
    }
    plan->weeks = arena_array(reader->arena, struct calendar_week, count);
    plan->week_count = count;
    for (; item != NULL; item = item->next, index++) {
        struct spot const here = {.up = &spot, .index = index};

        read_week(reader, &here, item, &plan->weeks[index]);
    }
    if (reader->faults->count == faults_before)
        check_weeks(reader, &spot, plan);
}

/* Which days have sessions, and which must not. */
static void read_day_sessions(struct reader *reader, const struct spot *spot, const cJSON *object,
                              struct calendar_own_day *day)
{
    enum calendar_day_kind const kind = day->entry.kind;
    struct spot const sessions_spot = {.up = spot, .member = "sessions"};
    struct spot const makeup_spot = {.up = spot, .member = "makes_up_for"};
    const cJSON *sessions = document_member(reader, spot, object, "sessions", kind == CALENDAR_DAY_OWN_HOURS);
    const cJSON *makeup = document_member(reader, spot, object, "makes_up_for", false);

    if (sessions != NULL && kind != CALENDAR_DAY_OWN_HOURS && kind != CALENDAR_DAY_MAKEUP_WORK)
        document_fault(reader, &sessions_spot, "sessions-on-day-off", "ngày nghỉ không có giờ làm việc");
    else if (sessions != NULL)
        (void)read_sessions(reader, &sessions_spot, sessions, &day->pattern);
    if (makeup != NULL && kind != CALENDAR_DAY_MAKEUP_WORK)
        document_fault(reader, &makeup_spot, "makeup-for-nothing",
                       "chỉ ngày làm bù mới làm bù cho ngày khác");
    else if (makeup != NULL)
        document_day(reader, &makeup_spot, makeup, &day->makes_up_for_day);
}

static void read_day(struct reader *reader, const struct spot *spot, const cJSON *object,
                     struct calendar_own_day *day)
{
    static const char *const members[] = {"date",     "kind",         "name",    "source",
                                          "sessions", "makes_up_for", "sureness"};
    struct spot const date_spot = {.up = spot, .member = "date"}, kind_spot = {.up = spot, .member = "kind"};
    struct spot const name_spot = {.up = spot, .member = "name"};
    struct spot const source_spot = {.up = spot, .member = "source"};
    struct spot const sureness_spot = {.up = spot, .member = "sureness"};
    const cJSON *date, *kind, *name, *source, *sureness;
    int choice;

    day->makes_up_for_day = NOT_A_DAY;
    day->entry.day = NOT_A_DAY;
    if (!is_object(reader, spot, object))
        return;
    document_known(reader, spot, object, members, array_length(members));
    date = document_member(reader, spot, object, "date", true);
    kind = document_member(reader, spot, object, "kind", true);
    name = document_member(reader, spot, object, "name", true);
    source = document_member(reader, spot, object, "source", false);
    sureness = document_member(reader, spot, object, "sureness", false);
    if (name != NULL)
        document_text(reader, &name_spot, name, &day->entry.name);
    if (source != NULL)
        document_text(reader, &source_spot, source, &day->entry.source);
    if (sureness != NULL)
        document_choice(reader, &sureness_spot, sureness, sureness_words, array_length(sureness_words),
                        &choice);
    if (date != NULL)
        document_day(reader, &date_spot, date, &day->entry.day);
    if (kind == NULL ||
        !document_choice(reader, &kind_spot, kind, kind_words, array_length(kind_words), &choice))
        return;
    day->entry.kind = kinds[choice];
    read_day_sessions(reader, spot, object, day);
}

static int compare_days(const void *a, const void *b)
{
    const struct calendar_own_day *left = a, *right = b;

    if (left->entry.day != right->entry.day)
        return left->entry.day < right->entry.day ? -1 : 1;
    return left->index < right->index ? -1 : 1; /* the later one of two is the fault */
}

static void check_days(struct reader *reader, const struct spot *spot, const struct calendar_plan *plan)
{
    for (size_t i = 1; i < plan->day_count; i++) {
        const struct calendar_own_day *day = &plan->days[i], *before = &plan->days[i - 1];
        struct spot const here = {.up = spot, .index = day->index};

        if (day->entry.day != before->entry.day || day->entry.day == NOT_A_DAY)
            continue;
        if ((day->entry.kind == CALENDAR_DAY_HOLIDAY && before->entry.kind == CALENDAR_DAY_MAKEUP_WORK) ||
            (day->entry.kind == CALENDAR_DAY_MAKEUP_WORK && before->entry.kind == CALENDAR_DAY_HOLIDAY))
            document_fault(reader, &here, "makeup-on-holiday", "ngày lễ không làm bù");
        else
            document_fault(reader, &here, "duplicate-day", "ngày này có hai lần");
    }
}

static void read_days(struct reader *reader, const cJSON *list, struct calendar_plan *plan)
{
    struct spot const spot = {.up = &plan->spot, .member = "days"};
    size_t index = 0, count;
    const cJSON *item = document_list(reader, &spot, list, OWN_DAYS_MAX, &count);

    plan->days = arena_array(reader->arena, struct calendar_own_day, count);
    plan->day_count = count;
    for (; item != NULL; item = item->next, index++) {
        struct spot const here = {.up = &spot, .index = index};

        plan->days[index].index = index;
        read_day(reader, &here, item, &plan->days[index]);
    }
    if (count > 0)
        qsort(plan->days, count, sizeof *plan->days, compare_days);
    check_days(reader, &spot, plan);
}

/* The notice of a year is the source of each day of that year that names none. */
static void read_notice(struct reader *reader, const struct spot *spot, const cJSON *object,
                        struct calendar_plan *plan)
{
    static const char *const members[] = {"year", "source", "note"};
    struct spot const year_spot = {.up = spot, .member = "year"},
                      source_spot = {.up = spot, .member = "source"};
    const cJSON *year, *source;
    struct text text;

    if (!is_object(reader, spot, object))
        return;
    document_known(reader, spot, object, members, array_length(members));
    year = document_member(reader, spot, object, "year", true);
    source = document_member(reader, spot, object, "source", true);
    if (year != NULL && !cJSON_IsNumber(year))
        document_fault(reader, &year_spot, "wrong-type", "phải là số");
    if (year == NULL || !cJSON_IsNumber(year) || source == NULL ||
        !document_text(reader, &source_spot, source, &text))
        return;
    for (size_t i = 0; i < plan->day_count; i++) {
        int y, m, d;

        day_to_civil(plan->days[i].entry.day == NOT_A_DAY ? 0 : plan->days[i].entry.day, &y, &m, &d);
        if (y == year->valueint && plan->days[i].entry.source.length == 0)
            plan->days[i].entry.source = text;
    }
}

static void read_notices(struct reader *reader, const cJSON *list, struct calendar_plan *plan)
{
    struct spot const spot = {.up = &plan->spot, .member = "notices"};
    size_t index = 0, count;

    for (const cJSON *item = document_list(reader, &spot, list, NOTICES_MAX, &count); item != NULL;
         item = item->next, index++) {
        struct spot const here = {.up = &spot, .index = index};

        read_notice(reader, &here, item, plan);
    }
}

/* Codes are those of the catalogue's lists: capitals, digits, underscores. */
static void read_code(struct reader *reader, const struct calendar_plan *plan, const char *member,
                      const cJSON *value, struct text *code)
{
    struct spot const spot = {.up = &plan->spot, .member = member};

    if (!document_text(reader, &spot, value, code))
        return;
    for (size_t i = 0; i < code->length; i++) {
        char const c = code->data[i];

        if (code->length > 40 ||
            !((c >= 'A' && c <= 'Z') || (i > 0 && ((c >= '0' && c <= '9') || c == '_')))) {
            document_fault(reader, &spot, "bad-code", "chữ hoa, chữ số, gạch dưới; nhiều nhất 40");
            *code = TEXT_NONE;
            return;
        }
    }
}

void calendar_plan_read(struct reader *reader, const cJSON *body, struct calendar_plan *plan)
{
    static const char *const members[] = {"code",  "name", "parent", "known_until",
                                          "weeks", "days", "notices"};
    const struct spot *spot = &plan->spot;
    struct spot const name_spot = {.up = spot, .member = "name"};
    struct spot const known_spot = {.up = spot, .member = "known_until"};
    const cJSON *code, *name, *parent, *known, *weeks, *days, *notices;

    plan->known_until_day = NOT_A_DAY;
    if (!is_object(reader, spot, body))
        return;
    document_known(reader, spot, body, members, array_length(members));
    code = document_member(reader, spot, body, "code", true);
    name = document_member(reader, spot, body, "name", true);
    parent = document_member(reader, spot, body, "parent", false);
    known = document_member(reader, spot, body, "known_until", parent == NULL);
    weeks = document_member(reader, spot, body, "weeks", parent == NULL);
    days = document_member(reader, spot, body, "days", false);
    notices = document_member(reader, spot, body, "notices", false);
    if (code != NULL)
        read_code(reader, plan, "code", code, &plan->code);
    if (name != NULL)
        document_text(reader, &name_spot, name, &plan->name);
    if (parent != NULL)
        read_code(reader, plan, "parent", parent, &plan->parent);
    if (known != NULL)
        document_day(reader, &known_spot, known, &plan->known_until_day);
    if (weeks != NULL)
        read_weeks(reader, weeks, plan);
    if (days != NULL)
        read_days(reader, days, plan);
    if (notices != NULL)
        read_notices(reader, notices, plan);
}
