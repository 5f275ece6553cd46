/* What a proposal may say, and whether a calendar can be made of it. */
#include "catalogue/calendar_change_rules.h"
#include "catalogue/live.h"
#include "core/instant.h"
#include "core/json.h"
#include "dossier/calendar_change_routes.h"

enum { BUILD_BYTES_MAX = 1024 * 1024 * 1024, SESSIONS_MAX = 8 };

struct session_body {
    struct text opens, closes;
};

struct day_body {
    int64_t date, makes_up_for;
    struct text kind, name;
    struct field_list sessions;
};

static const char *const kind_choices[] = {"HOLIDAY",   "COMP_OFF", "SWAP_OFF", "MAKEUP_WORK",
                                           "OWN_HOURS", "CLOSED",   "PLAIN",    NULL};

static const struct field session_fields[] = {
    FIELD_OF(struct session_body, opens, FIELD_TEXT, FIELD_REQUIRED, .min = 5, .max = 5),
    FIELD_OF(struct session_body, closes, FIELD_TEXT, FIELD_REQUIRED, .min = 5, .max = 5),
    {.kind = FIELD_END},
};

static const struct field day_fields[] = {
    FIELD_OF(struct day_body, date, FIELD_DAY, FIELD_REQUIRED),
    FIELD_OF(struct day_body, kind, FIELD_CHOICE, FIELD_REQUIRED, .choices = kind_choices),
    FIELD_OF(struct day_body, name, FIELD_TEXT, .min = 1, .max = 100),
    FIELD_PLAIN(struct day_body, makes_up_for, FIELD_DAY),
    FIELD_OF(struct day_body, sessions, FIELD_ARRAY, .fields = session_fields,
             .size = sizeof(struct session_body), .min = 0, .max = SESSIONS_MAX),
    {.kind = FIELD_END},
};

const struct field change_fields[] = {
    FIELD_OF(struct change_body, calendar, FIELD_TEXT, .min = 1, .max = 40),
    FIELD_OF(struct change_body, agency, FIELD_TEXT, .min = 3, .max = 32),
    FIELD_OF(struct change_body, reverses, FIELD_NUMBER, .min = 1, .max = INT64_C(999999999999)),
    FIELD_OF(struct change_body, days, FIELD_ARRAY, .fields = day_fields, .size = sizeof(struct day_body),
             .min = 0, .max = CALENDAR_CHANGE_DAYS_MAX),
    FIELD_OF(struct change_body, ground, FIELD_TEXT, FIELD_REQUIRED, .min = 3, .max = 500),
    FIELD_OF(struct change_body, document, FIELD_TEXT, FIELD_REQUIRED, .min = 1, .max = 100),
    FIELD_OF(struct change_body, document_date, FIELD_DAY, FIELD_REQUIRED),
    {.kind = FIELD_END},
};

static void put_date(struct json_out *out, const char *key, int64_t day)
{
    char text[INSTANT_TEXT_BYTES];

    if (day != FIELD_ABSENT)
        json_put_string(out, key, day_format(text, (int32_t)day));
}

static void put_sessions(struct json_out *out, const struct day_body *day)
{
    const struct session_body *sessions = day->sessions.items;

    if (day->sessions.count == 0)
        return;
    json_key(out, "sessions");
    json_open_array(out);
    for (size_t i = 0; i < day->sessions.count; i++) {
        json_open_array(out);
        json_text(out, sessions[i].opens);
        json_text(out, sessions[i].closes);
        json_close_array(out);
    }
    json_close_array(out);
}

static struct text days_json(struct req *req, const struct change_body *body)
{
    const struct day_body *days = body->days.items;
    struct json_out out = json_out_begin(req->arena);

    json_open_array(&out);
    for (size_t i = 0; i < body->days.count; i++) {
        json_open_object(&out);
        put_date(&out, "date", days[i].date);
        json_put_text(&out, "kind", days[i].kind);
        if (days[i].name.data != NULL)
            json_put_text(&out, "name", days[i].name);
        put_date(&out, "makes_up_for", days[i].makes_up_for);
        put_sessions(&out, &days[i]);
        json_close_object(&out);
    }
    json_close_array(&out);
    return json_out_end(&out);
}

static void tell_faults(struct req *req, const struct calendar_faults *faults)
{
    for (const struct calendar_fault *fault = faults->first; fault != NULL; fault = fault->next) {
        bool const is_own = fault->file[0] == '\0';
        const char *where = is_own ? arena_printf(req->arena, "%s", fault->pointer) : "/days";
        const char *detail =
            is_own ? arena_printf(req->arena, "%s", fault->message)
                   : arena_printf(req->arena, "Lịch %s, %s: %s", fault->file, fault->pointer, fault->message);

        req_error(req, where, fault->rule, detail);
    }
}

/* Everything that lies on the calendars, and this on top: in memory of its own, for it is much. */
static bool try_calendars(struct req *req, const struct live *live, const struct calendar_change *change)
{
    struct arena *arena = arena_create(BUILD_BYTES_MAX);
    struct calendar_faults faults;
    size_t count;
    const struct calendar_change *approved = live_changes(live, &count);
    struct calendar_change *all = arena_array(arena, struct calendar_change, count + 1);
    bool is_usable;

    for (size_t i = 0; i < count; i++)
        all[i] = approved[i];
    all[count] = *change;
    is_usable = calendars_build(arena, live_catalogue(live), all, count + 1, &faults) != NULL;
    if (!is_usable)
        tell_faults(req, &faults);
    arena_destroy(arena);
    return is_usable;
}

static bool is_whole(struct req *req, const struct change_body *body)
{
    int const targets =
        (body->calendar.data != NULL) + (body->agency.data != NULL) + (body->reverses != FIELD_ABSENT);

    if (targets != 1)
        req_error(req, "/calendar", "required", "Cần đúng một trong ba: calendar, agency, reverses");
    if (body->reverses != FIELD_ABSENT && body->days.count > 0)
        req_error(req, "/days", "not-allowed", "Thay đổi ngược lấy các ngày của thay đổi trước");
    if (body->reverses == FIELD_ABSENT && body->days.count == 0)
        req_error(req, "/days", "required", "Cần ít nhất một ngày");
    return req->error_count == 0;
}

static bool is_known(struct req *req, const struct live *live, const struct change_body *body)
{
    const struct catalogue *catalogue = live_catalogue(live);

    if (body->calendar.data != NULL && catalogue_calendar(catalogue, body->calendar) == NULL)
        req_error(req, "/calendar", "unknown", "Không có lịch này");
    if (body->agency.data != NULL && catalogue_agency(catalogue, body->agency) == NULL)
        req_error(req, "/agency", "unknown", "Không có cơ quan này");
    return req->error_count == 0;
}

bool change_days(struct req *req, const struct change_body *body, struct text *days)
{
    const struct live *live = live_hold(req);
    struct calendar_change change = {.calendar = body->calendar, .agency = body->agency};
    struct json_result parsed;

    must(live != NULL);
    *days = TEXT_NONE;
    if (!is_whole(req, body) || !is_known(req, live, body))
        return false;
    if (body->reverses != FIELD_ABSENT)
        return true;
    *days = days_json(req, body);
    parsed = json_parse(req->arena, *days, &json_limits_file);
    must(parsed.fault == JSON_OK);
    change.days = parsed.root;
    return try_calendars(req, live, &change);
}
