/* What administrators changed, and how the server is. */
#include "identity/people.h"
#include "identity/role.h"

enum { EVENTS_DEFAULT = 50, EVENTS_MAX = 200 };

struct events_query {
    struct text cursor;
    int64_t limit;
};

static const struct field events_fields[] = {
    FIELD_OF(struct events_query, limit, FIELD_NUMBER, .min = 1, .max = EVENTS_MAX),
    FIELD_OF(struct events_query, cursor, FIELD_TEXT, .min = 1, .max = 200),
    {.kind = FIELD_END},
};

static enum act events_shown(struct req *req, const struct db_answer *answer)
{
    struct json_out out = json_out_begin(req->arena);
    struct text const last = db_text(answer, 0, COL_ADMIN_EVENTS_LAST_ID);

    if (db_row_count(answer) == 0 || db_is_null(answer, 0, COL_ADMIN_EVENTS_PERSON))
        return refuse_not_signed_in(req);
    json_open_object(&out);
    json_put_raw(&out, "items", db_text(answer, 0, COL_ADMIN_EVENTS_ITEMS));
    json_put_text(&out, "next", last.data == NULL ? TEXT_NONE : cursor_write(req, last));
    json_close_object(&out);
    return reply_json(req, 200, json_out_end(&out));
}

static enum act events_ask(struct req *req)
{
    const struct events_query *query = req->query;
    struct text position = TEXT("9223372036854775807");
    int64_t id;

    if (query->cursor.data != NULL &&
        (!cursor_read(req, query->cursor, &position) || !text_to_i64(position, &id))) {
        req_error(req, "?cursor", "format", "Vị trí trang không đúng, hãy lấy lại từ đầu");
        return refuse(req, REFUSE_INVALID);
    }
    return ask(req, events_shown, SQL_ADMIN_EVENTS, param_text(req, req->asker.session_hex),
               param_text(req, position),
               param_i64(req, query->limit == FIELD_ABSENT ? EVENTS_DEFAULT : query->limit));
}

static enum act health_shown(struct req *req, const struct db_answer *answer)
{
    const struct worker *worker = req->worker;
    struct db_counts const counts = db_counts(worker->db);
    struct json_out out = json_out_begin(req->arena);

    if (db_row_count(answer) == 0 || db_is_null(answer, 0, COL_ADMIN_HEALTH_PERSON))
        return refuse_not_signed_in(req);
    json_open_object(&out);
    json_put_string(&out, "version", MOTCUA_VERSION);
    json_put_i64(&out, "workers", worker->slot_count);
    json_put_raw(&out, "database", db_text(answer, 0, COL_ADMIN_HEALTH_BODY));
    json_key(&out, "worker"); /* whichever answered */
    json_open_object(&out);
    json_put_i64(&out, "requests_under_way", worker->under_way_count);
    json_put_i64(&out, "questions_waiting", counts.waiting);
    json_put_i64(&out, "questions_failed", counts.failed);
    json_put_i64(&out, "questions_late", counts.timeouts);
    json_put_i64(&out, "reconnects", counts.reconnects);
    json_close_object(&out);
    json_close_object(&out);
    return reply_json(req, 200, json_out_end(&out));
}

static enum act health_ask(struct req *req)
{
    return ask(req, health_shown, SQL_ADMIN_HEALTH, param_text(req, req->asker.session_hex));
}

const struct route administration_routes[2] = {
    {NET_GET, "/api/v1/administration/events", ROLE_ADMINISTRATOR | ROLE_AUDITOR, 0, events_fields,
     sizeof(struct events_query), NULL, 0, events_ask, "admin_events",
     "Ai đã đổi gì trong quản trị, mới trước; không dòng nào sửa hay xóa được", "200 AdminEventList", ""},
    {NET_GET, "/api/v1/administration/health", ROLE_ADMINISTRATOR, 0, NULL, 0, NULL, 0, health_ask,
     "admin_health", "Máy chủ và cơ sở dữ liệu đang thế nào", "200 AdminHealth", ""},
};
