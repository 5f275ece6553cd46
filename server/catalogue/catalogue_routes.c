/* What anyone may read: agencies, procedures, and the working-time engine by itself. */
#include "catalogue/catalogue_routes.h"

#include "calendar/explain.h"
#include "catalogue/live.h"
#include "core/config.h"
#include "core/instant.h"

enum { PAGE_DEFAULT = 50, PAGE_MAX = 200, SKIPS_MAX = 1200 };

struct list_query {
    struct text q, field, agency, cursor;
    int64_t limit;
};

static const struct field agency_list_query[] = {
    FIELD_OF(struct list_query, limit, FIELD_NUMBER, .min = 1, .max = PAGE_MAX),
    FIELD_OF(struct list_query, cursor, FIELD_TEXT, .min = 1, .max = 200),
    {.kind = FIELD_END},
};

static const struct field procedure_list_query[] = {
    FIELD_OF(struct list_query, q, FIELD_TEXT, .min = 0, .max = 200),
    FIELD_OF(struct list_query, field, FIELD_TEXT, .min = 1, .max = 64),
    FIELD_OF(struct list_query, agency, FIELD_TEXT, .min = 1, .max = 32),
    FIELD_OF(struct list_query, limit, FIELD_NUMBER, .min = 1, .max = PAGE_MAX),
    FIELD_OF(struct list_query, cursor, FIELD_TEXT, .min = 1, .max = 200),
    {.kind = FIELD_END},
};

_Static_assert((int)COL_AGENCY_LIST_ITEMS == (int)COL_PROCEDURE_LIST_ITEMS &&
                   (int)COL_AGENCY_LIST_NEXT == (int)COL_PROCEDURE_LIST_NEXT,
               "one writer for both lists");

static enum act list_shown(struct req *req, const struct db_answer *answer)
{
    struct json_out out = json_out_begin(req->arena);
    struct text next = db_text(answer, 0, COL_AGENCY_LIST_NEXT);

    json_open_object(&out);
    json_put_raw(&out, "items", db_text(answer, 0, COL_AGENCY_LIST_ITEMS));
    json_put_text(&out, "next", next.data == NULL ? TEXT_NONE : cursor_write(req, next));
    json_close_object(&out);
    return reply_json(req, 200, json_out_end(&out));
}

static bool read_cursor(struct req *req, struct text cursor, const char **after)
{
    struct text position = TEXT_NONE;

    if (cursor.data != NULL && !cursor_read(req, cursor, &position)) {
        req_error(req, "?cursor", "format", "Vị trí trang không đúng, hãy lấy lại từ đầu");
        return false;
    }
    *after = param_text(req, position);
    return true;
}

static const char *limit_of(struct req *req, int64_t limit)
{
    return param_i64(req, limit == FIELD_ABSENT ? PAGE_DEFAULT : limit);
}

static const char *today(struct req *req)
{
    return day_format(arena_alloc(req->arena, INSTANT_TEXT_BYTES), instant_day(worker_now(req->worker)));
}

static enum act agency_list_ask(struct req *req)
{
    const struct list_query *query = req->query;
    const char *after;

    if (!read_cursor(req, query->cursor, &after))
        return refuse(req, REFUSE_INVALID);
    return ask(req, list_shown, SQL_AGENCY_LIST, after, limit_of(req, query->limit));
}

/* What is shown changes only with a load of the catalogue, so its epoch is the version of everything in it.
 */
static enum act body_shown(struct req *req, int64_t epoch, const struct db_answer *answer, int column)
{
    db_keep(answer, req->arena);
    reply_version(req, epoch);
    if (req_is_unchanged(req, epoch))
        return reply_empty(req, 304);
    return reply_json(req, 200, db_text(answer, 0, column));
}

static enum act agency_shown(struct req *req, const struct db_answer *answer)
{
    if (db_row_count(answer) == 0)
        return refuse(req, REFUSE_NO_SUCH_AGENCY);
    return body_shown(req, db_i64(answer, 0, COL_AGENCY_FIND_EPOCH), answer, COL_AGENCY_FIND_BODY);
}

static enum act agency_ask(struct req *req)
{
    return ask(req, agency_shown, SQL_AGENCY_FIND, param_text(req, req->ids[0]));
}

static enum act procedure_list_ask(struct req *req)
{
    const struct list_query *query = req->query;
    const char *after;

    if (!read_cursor(req, query->cursor, &after))
        return refuse(req, REFUSE_INVALID);
    return ask(req, list_shown, SQL_PROCEDURE_LIST, query->q.length == 0 ? NULL : param_text(req, query->q),
               param_text(req, query->field), param_text(req, query->agency), today(req), after,
               limit_of(req, query->limit));
}

static enum act procedure_shown(struct req *req, const struct db_answer *answer)
{
    if (db_row_count(answer) == 0)
        return refuse(req, REFUSE_NO_SUCH_PROCEDURE);
    return body_shown(req, db_i64(answer, 0, COL_PROCEDURE_FIND_EPOCH), answer, COL_PROCEDURE_FIND_BODY);
}

static enum act procedure_ask(struct req *req)
{
    return ask(req, procedure_shown, SQL_PROCEDURE_FIND, param_text(req, req->ids[0]), today(req));
}

/* --- GET /deadlines --- */

struct deadline_query {
    int64_t received_at, quantity;
    struct text unit, agency;
};

static const char *const unit_choices[] = {"WORK_DAY", "CAL_DAY", "MONTH", "WORK_HOUR", "SAME_DAY_15", NULL};

static const struct field deadline_query_fields[] = {
    FIELD_OF(struct deadline_query, received_at, FIELD_INSTANT, FIELD_REQUIRED),
    FIELD_OF(struct deadline_query, quantity, FIELD_MILLI, .min = 0, .max = 10000000),
    FIELD_OF(struct deadline_query, unit, FIELD_CHOICE, FIELD_REQUIRED, .choices = unit_choices),
    FIELD_OF(struct deadline_query, agency, FIELD_TEXT, .min = 1, .max = 32),
    {.kind = FIELD_END},
};

static enum calendar_unit unit_of(struct text name)
{
    for (int i = 0; unit_choices[i] != NULL; i++)
        if (text_equal(text_of(unit_choices[i]), name))
            return (enum calendar_unit)(CALENDAR_WORK_DAY + i);
    unreachable(); /* the field's choices */
}

static void put_explanation(struct json_out *out, const struct calendar_explanation *explanation)
{
    char day[INSTANT_TEXT_BYTES];

    json_key(out, "skipped");
    json_open_array(out);
    for (size_t i = 0; i < explanation->skip_count; i++) {
        json_open_object(out);
        json_put_string(out, "date", day_format(day, explanation->skips[i].day));
        json_put_string(out, "kind", calendar_day_kind_name(explanation->skips[i].kind));
        json_put_text(out, "name", explanation->skips[i].name);
        json_close_object(out);
    }
    json_close_array(out);
    json_key(out, "explanation");
    json_open_object(out);
    json_put_string(out, "start", explanation->move);
    json_put_string(out, "start_source", explanation->move_source);
    json_put_string(out, "count", explanation->count);
    json_put_string(out, "count_source", explanation->count_source);
    json_put_string(out, "warning", explanation->warning);
    json_close_object(out);
}

static enum act deadline_reply(struct req *req, const struct calendar *calendar,
                               const struct calendar_limit *limit)
{
    const struct deadline_query *query = req->query;
    struct calendar_explanation explanation = {
        .skips = arena_array(req->arena, struct calendar_skip, SKIPS_MAX), .skip_max = SKIPS_MAX};
    struct json_out out = json_out_begin(req->arena);
    struct calendar_due due;

    if (!calendar_due_find(calendar, limit, query->received_at, &due)) {
        req_error(req, "?received_at", "out-of-range", "Ngoài các năm 1990–2100 của lịch");
        return refuse(req, REFUSE_INVALID);
    }
    calendar_due_explain(calendar, limit, &due, &explanation);
    json_open_object(&out);
    json_put_instant(&out, "received_at", query->received_at);
    json_put_instant(&out, "starts_at", due.starts_s);
    json_put_instant(&out, "due_clock", due.due_clock_s);
    json_put_instant(&out, "due_eod", due.due_eod_s);
    put_explanation(&out, &explanation);
    json_put_text(&out, "calendar", calendar_code(calendar));
    json_close_object(&out);
    return reply_json(req, 200, json_out_end(&out));
}

static enum act deadline_ask(struct req *req)
{
    const struct deadline_query *query = req->query;
    const struct live *live = live_hold(req);
    const struct agency *agency;
    struct calendar_limit limit;

    if (live == NULL)
        return refuse(req, REFUSE_UNAVAILABLE);
    limit = (struct calendar_limit){.unit = unit_of(query->unit),
                                    .quantity_milli = query->quantity == FIELD_ABSENT ? 0 : query->quantity};
    if (limit.unit != CALENDAR_SAME_DAY_15 && query->quantity == FIELD_ABSENT) {
        req_error(req, "?quantity", "required", "Thiếu tham số này");
        return refuse(req, REFUSE_INVALID);
    }
    agency = query->agency.data != NULL ? catalogue_agency(live_catalogue(live), query->agency)
                                        : live_default_agency(live);
    if (agency == NULL) {
        req_error(req, "?agency", "unknown", "Không có cơ quan này");
        return refuse(req, REFUSE_INVALID);
    }
    return deadline_reply(req, live_calendar(live, agency), &limit);
}

const struct route catalogue_routes[5] = {
    {NET_GET, "/api/v1/agencies", WHO_ANYONE, 0, agency_list_query, sizeof(struct list_query), NULL, 0,
     agency_list_ask, "agency_list", "Cơ quan, theo mã", "200 AgencyList", ""},
    {NET_GET, "/api/v1/agencies/{code}", WHO_ANYONE, 0, NULL, 0, NULL, 0, agency_ask, "agency_show",
     "Một cơ quan và các đơn vị trực thuộc", "200 Agency +ETag; 304 +ETag", "no-such-agency"},
    {NET_GET, "/api/v1/procedures", WHO_ANYONE, 0, procedure_list_query, sizeof(struct list_query), NULL, 0,
     procedure_list_ask, "procedure_list", "Thủ tục đang công bố; tìm có dấu hay không dấu đều được",
     "200 ProcedureList", ""},
    {NET_GET, "/api/v1/procedures/{code}", WHO_ANYONE, 0, NULL, 0, NULL, 0, procedure_ask, "procedure_show",
     "Một thủ tục: thành phần, thời hạn, phí, các bước", "200 Procedure +ETag; 304 +ETag",
     "no-such-procedure"},
    {NET_GET, "/api/v1/deadlines", WHO_ANYONE, 0, deadline_query_fields, sizeof(struct deadline_query), NULL,
     0, deadline_ask, "deadline", "Bộ tính thời hạn: từ lúc nhận và thời hạn đến ngày hẹn trả, có giải thích",
     "200 Deadline", ""},
};
