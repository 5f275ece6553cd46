/* What the caller must know: his unread notices, and taking one. */
#include "dossier/dossier_routes.h"
#include "dossier/dossier_view.h"
#include "dossier/timers_rules.h"
#include "dossier/watch_routes.h"
#include "identity/identity.h"

enum { NOTICES_DEFAULT = 50, PAGE_MAX = 200 };

#define COLUMN(name) COL_NOTICE_LIST_##name

static void put_notice(struct json_out *out, const struct live *live, const struct db_answer *answer, int row)
{
    const struct procedure_version *version =
        catalogue_version(live_catalogue(live), db_i64(answer, row, COLUMN(PROCEDURE_VERSION)));
    enum timer_kind kind;
    enum dossier_state state;

    must(timer_from_name(db_text(answer, row, COLUMN(KIND)), &kind));
    must(state_from_name(db_text(answer, row, COLUMN(STATE)), &state));
    json_open_object(out);
    json_put_i64(out, "id", db_i64(answer, row, COLUMN(ID)));
    json_put_string(out, "kind", timer_name(kind));
    json_put_string(out, "kind_label", timer_label(kind));
    json_put_instant(out, "at", db_i64(answer, row, COLUMN(DUE_AT)));
    json_put_instant(out, "told_at", db_i64(answer, row, COLUMN(TOLD_AT)));
    json_put_text(out, "to_role", db_text(answer, row, COLUMN(TO_ROLE)));
    json_put_text(out, "to_unit", db_text(answer, row, COLUMN(TO_UNIT)));
    json_put_text(out, "phase", db_text(answer, row, COLUMN(PHASE)));
    json_put_text(out, "code", db_text(answer, row, COLUMN(CODE)));
    json_put_string(out, "state", state_name(state));
    json_put_string(out, "state_label", state_label(state));
    json_put_text(out, "procedure_name", version != NULL ? version->name : TEXT_NONE);
    json_put_instant(out, "due_at", db_i64(answer, row, COLUMN(DUE_CLOCK)));
    json_close_object(out);
}

static enum act notices_shown(struct req *req, const struct db_answer *answer)
{
    const struct page_query *query = req->query;
    int const limit = query->limit == FIELD_ABSENT ? NOTICES_DEFAULT : (int)query->limit;
    const struct live *live = live_hold(req);
    struct json_out out = json_out_begin(req->arena);
    struct text next = TEXT_NONE;
    int rows = db_row_count(answer);

    if (rows == 0 || db_is_null(answer, 0, COLUMN(PERSON)))
        return refuse_not_signed_in(req);
    if (live == NULL)
        return refuse(req, REFUSE_UNAVAILABLE);
    if (db_is_null(answer, 0, COLUMN(ID)))
        rows = 0;
    if (rows > limit) {
        rows = limit;
        next = cursor_write(req, db_text(answer, rows - 1, COLUMN(ID)));
    }
    json_open_object(&out);
    json_key(&out, "items");
    json_open_array(&out);
    for (int row = 0; row < rows; row++)
        put_notice(&out, live, answer, row);
    json_close_array(&out);
    json_put_text(&out, "next", next);
    json_close_object(&out);
    return reply_json(req, 200, json_out_end(&out));
}

static enum act notices_ask(struct req *req)
{
    const struct page_query *query = req->query;
    int64_t const limit = query->limit == FIELD_ABSENT ? NOTICES_DEFAULT : query->limit;
    struct text position = TEXT("0");
    int64_t id;

    if (query->cursor.data != NULL &&
        (!cursor_read(req, query->cursor, &position) || !text_to_i64(position, &id))) {
        req_error(req, "?cursor", "format", "Vị trí trang không đúng, hãy lấy lại từ đầu");
        return refuse(req, REFUSE_INVALID);
    }
    return ask(req, notices_shown, SQL_NOTICE_LIST, param_text(req, req->asker.session_hex),
               param_text(req, position), param_i64(req, limit + 1));
}

static enum act notice_was_read(struct req *req, const struct db_answer *answer)
{
    struct text const outcome = db_text(answer, 0, COL_NOTICE_READ_OUTCOME);

    if (text_equal(outcome, TEXT("not-signed-in")))
        return refuse_not_signed_in(req);
    return text_equal(outcome, TEXT("done")) ? reply_empty(req, 204) : refuse(req, REFUSE_NOT_FOUND);
}

static enum act notice_read_ask(struct req *req)
{
    int64_t id;

    if (!text_to_i64(req->ids[0], &id))
        return refuse(req, REFUSE_NOT_FOUND);
    return ask(req, notice_was_read, SQL_NOTICE_READ, param_text(req, req->asker.session_hex),
               param_i64(req, id), param_instant(req, worker_now(req->worker)));
}

#define PAGE_FIELDS(type)                                                                                    \
    FIELD_OF(type, limit, FIELD_NUMBER, .min = 1, .max = PAGE_MAX),                                          \
        FIELD_OF(type, cursor, FIELD_TEXT, .min = 1, .max = 200)

static const struct field outlook_query_fields[] = {
    FIELD_OF(struct outlook_query, agency, FIELD_TEXT, FIELD_REQUIRED, .min = 3, .max = 32),
    FIELD_PLAIN(struct outlook_query, until, FIELD_INSTANT),
    PAGE_FIELDS(struct outlook_query),
    {.kind = FIELD_END},
};

static const struct field lateness_query_fields[] = {
    FIELD_OF(struct lateness_query, agency, FIELD_TEXT, FIELD_REQUIRED, .min = 3, .max = 32),
    PAGE_FIELDS(struct lateness_query),
    {.kind = FIELD_END},
};

const struct route watch_routes[4] = {
    {NET_GET, "/api/v1/notices", WHO_STAFF, 0, page_query_fields, sizeof(struct page_query), NULL, 0,
     notices_ask, "notice_list", "Nhắc việc của người hỏi chưa ai nhận, cũ trước", "200 NoticeList", ""},
    {NET_POST, "/api/v1/notices/{id}/read", WHO_STAFF, ROUTE_KEY, NULL, 0, NULL, 0, notice_read_ask,
     "notice_read", "Nhận một nhắc việc", "204", "not-found"},
    {NET_GET, "/api/v1/outlook", WHO_STAFF, 0, outlook_query_fields, sizeof(struct outlook_query), NULL, 0,
     outlook_ask, "outlook", "Những hồ sơ sẽ trễ đến hết tuần nếu không ai làm gì, sắp trễ trước",
     "200 Outlook", "not-allowed"},
    {NET_GET, "/api/v1/lateness", WHO_STAFF, 0, lateness_query_fields, sizeof(struct lateness_query), NULL, 0,
     lateness_ask, "lateness_list", "Ai đã trễ, trễ bao nhiêu phút và vì sao, mới trước", "200 LatenessList",
     "not-allowed"},
};
