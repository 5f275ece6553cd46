#include "dossier/calendar_change_routes.h"

#include "catalogue/live.h"
#include "core/instant.h"
#include "dossier/dossier_routes.h"
#include "identity/identity.h"
#include "identity/role.h"

enum {
    CHANGES_DEFAULT = 50,
    PAGE_MAX = 200,
    WHO_LOOKS = ROLE_ADMINISTRATOR | ROLE_LEADER | ROLE_MONITOR | ROLE_AUDITOR,
    WHO_APPROVES = ROLE_ADMINISTRATOR | ROLE_LEADER,
};

static enum act change_refused(struct req *req, struct text outcome)
{
    if (text_equal(outcome, TEXT("not-signed-in")))
        return refuse_not_signed_in(req);
    if (text_equal(outcome, TEXT("not-allowed")))
        return refuse_with(req, REFUSE_NOT_ALLOWED, "Thay đổi này vượt ra ngoài phạm vi của bạn");
    if (text_equal(outcome, TEXT("no-such-change")))
        return refuse(req, REFUSE_NOT_FOUND);
    if (text_equal(outcome, TEXT("same-person")))
        return refuse(req, REFUSE_SECOND_PERSON);
    if (text_equal(outcome, TEXT("stale")))
        return refuse(req, REFUSE_CHANGE_STALE);
    if (text_equal(outcome, TEXT("busy")))
        return refuse(req, REFUSE_CHANGE_BUSY);
    must(text_equal(outcome, TEXT("wrong-state")));
    return refuse(req, REFUSE_CHANGE_STATE);
}

/* --- POST /calendar-changes --- */

static enum act proposed(struct req *req, const struct db_answer *answer)
{
    struct text const outcome = db_text(answer, 0, COL_CALENDAR_CHANGE_PROPOSE_OUTCOME);

    if (text_equal(outcome, TEXT("key-reused")))
        return refuse(req, REFUSE_KEY_REUSED);
    if (text_equal(outcome, TEXT("no-such-change"))) {
        req_error(req, "/reverses", "unknown", "Không có thay đổi này");
        return refuse(req, REFUSE_INVALID);
    }
    if (!text_equal(outcome, TEXT("done")))
        return change_refused(req, outcome);
    db_keep(answer, req->arena);
    reply_header(req, "Location",
                 text_of(arena_printf(req->arena, "/api/v1/calendar-changes/%s",
                                      db_string(answer, 0, COL_CALENDAR_CHANGE_PROPOSE_ID))));
    return reply_json(req, 201, db_text(answer, 0, COL_CALENDAR_CHANGE_PROPOSE_ANSWER));
}

static enum act propose_ask(struct req *req)
{
    const struct change_body *body = req->body;
    char date[INSTANT_TEXT_BYTES];
    struct text days;

    if (live_hold(req) == NULL)
        return refuse(req, REFUSE_UNAVAILABLE);
    if (!change_days(req, body, &days))
        return refuse(req, REFUSE_INVALID);
    day_format(date, (int32_t)body->document_date);
    return ask(req, proposed, SQL_CALENDAR_CHANGE_PROPOSE, param_text(req, req->asker.session_hex),
               param_text(req, req->key), param_text(req, req->body_hash_hex),
               param_instant(req, worker_now(req->worker)), param_text(req, body->calendar),
               param_text(req, body->agency), param_text(req, days), param_i64_or_null(req, body->reverses),
               param_text(req, body->ground), param_text(req, body->document),
               param_text(req, text_of(date)));
}

/* --- POST /calendar-changes/{id}/approve, …/withdraw --- */

static enum act changed(struct req *req, const struct db_answer *answer)
{
    struct text const outcome = db_text(answer, 0, COL_CALENDAR_CHANGE_APPROVE_OUTCOME);

    _Static_assert((int)COL_CALENDAR_CHANGE_APPROVE_ANSWER == (int)COL_CALENDAR_CHANGE_WITHDRAW_ANSWER,
                   "one reader for both");
    if (!text_equal(outcome, TEXT("done")))
        return change_refused(req, outcome);
    db_keep(answer, req->arena);
    return reply_json(req, 200, db_text(answer, 0, COL_CALENDAR_CHANGE_APPROVE_ANSWER));
}

static enum act state_ask(struct req *req, enum sql statement)
{
    int64_t id;

    if (!text_to_i64(req->ids[0], &id))
        return refuse(req, REFUSE_NOT_FOUND);
    return ask(req, changed, statement, param_text(req, req->asker.session_hex), param_i64(req, id),
               param_instant(req, worker_now(req->worker)));
}

static enum act approve_ask(struct req *req)
{
    return state_ask(req, SQL_CALENDAR_CHANGE_APPROVE);
}

static enum act withdraw_ask(struct req *req)
{
    return state_ask(req, SQL_CALENDAR_CHANGE_WITHDRAW);
}

/* --- reading --- */

static enum act found(struct req *req, const struct db_answer *answer)
{
    if (db_is_null(answer, 0, COL_CALENDAR_CHANGE_FIND_PERSON))
        return refuse_not_signed_in(req);
    if (db_is_null(answer, 0, COL_CALENDAR_CHANGE_FIND_BODY))
        return refuse(req, REFUSE_NOT_FOUND);
    db_keep(answer, req->arena);
    return reply_json(req, 200, db_text(answer, 0, COL_CALENDAR_CHANGE_FIND_BODY));
}

static enum act find_ask(struct req *req)
{
    int64_t id;

    if (!text_to_i64(req->ids[0], &id))
        return refuse(req, REFUSE_NOT_FOUND);
    return ask(req, found, SQL_CALENDAR_CHANGE_FIND, param_text(req, req->asker.session_hex),
               param_i64(req, id));
}

static int64_t limit_of(const struct page_query *query)
{
    return query->limit == FIELD_ABSENT ? CHANGES_DEFAULT : query->limit;
}

/* One page of rows that are JSON already, by the number each goes on behind. */
static enum act page_shown(struct req *req, const struct db_answer *answer, int number, int body)
{
    int const limit = (int)limit_of(req->query);
    int rows = db_is_null(answer, 0, number) ? 0 : db_row_count(answer);
    struct json_out out = json_out_begin(req->arena);
    struct text next = TEXT_NONE;

    if (rows > limit) {
        rows = limit;
        next = cursor_write(req, db_text(answer, rows - 1, number));
    }
    json_open_object(&out);
    json_key(&out, "items");
    json_open_array(&out);
    for (int row = 0; row < rows; row++)
        json_raw(&out, db_text(answer, row, body));
    json_close_array(&out);
    json_put_text(&out, "next", next);
    json_close_object(&out);
    return reply_json(req, 200, json_out_end(&out));
}

static enum act listed(struct req *req, const struct db_answer *answer)
{
    if (db_is_null(answer, 0, COL_CALENDAR_CHANGE_LIST_PERSON))
        return refuse_not_signed_in(req);
    return page_shown(req, answer, COL_CALENDAR_CHANGE_LIST_ID, COL_CALENDAR_CHANGE_LIST_BODY);
}

static bool read_position(struct req *req, const char *first, const char **position)
{
    const struct page_query *query = req->query;
    struct text text;
    int64_t number;

    *position = first;
    if (query->cursor.data == NULL)
        return true;
    if (!cursor_read(req, query->cursor, &text) || !text_to_i64(text, &number)) {
        req_error(req, "?cursor", "format", "Vị trí trang không đúng, hãy lấy lại từ đầu");
        return false;
    }
    *position = param_i64(req, number);
    return true;
}

static enum act list_ask(struct req *req)
{
    const char *before;

    if (!read_position(req, "9223372036854775807", &before))
        return refuse(req, REFUSE_INVALID);
    return ask(req, listed, SQL_CALENDAR_CHANGE_LIST, param_text(req, req->asker.session_hex), before,
               param_i64(req, limit_of(req->query) + 1));
}

static enum act dossiers_shown(struct req *req, const struct db_answer *answer)
{
    if (db_is_null(answer, 0, COL_CALENDAR_CHANGE_DOSSIERS_PERSON))
        return refuse_not_signed_in(req);
    if (!db_bool(answer, 0, COL_CALENDAR_CHANGE_DOSSIERS_EXISTS))
        return refuse(req, REFUSE_NOT_FOUND);
    if (!db_bool(answer, 0, COL_CALENDAR_CHANGE_DOSSIERS_IS_ALLOWED))
        return change_refused(req, TEXT("not-allowed"));
    return page_shown(req, answer, COL_CALENDAR_CHANGE_DOSSIERS_DOSSIER, COL_CALENDAR_CHANGE_DOSSIERS_BODY);
}

static enum act dossiers_ask(struct req *req)
{
    const char *after;
    int64_t id;

    if (!text_to_i64(req->ids[0], &id))
        return refuse(req, REFUSE_NOT_FOUND);
    if (!read_position(req, "0", &after))
        return refuse(req, REFUSE_INVALID);
    return ask(req, dossiers_shown, SQL_CALENDAR_CHANGE_DOSSIERS, param_text(req, req->asker.session_hex),
               param_i64(req, id), after, param_i64(req, limit_of(req->query) + 1));
}

const struct route calendar_change_routes[6] = {
    {NET_POST, "/api/v1/calendar-changes", ROLE_ADMINISTRATOR, ROUTE_KEY, NULL, 0, change_fields,
     sizeof(struct change_body), propose_ask, "calendar_change_propose",
     "Đề nghị thay đổi lịch làm việc, hoặc làm ngược một thay đổi đã áp dụng; hệ thống tính thử trước",
     "201 CalendarChange +Location", "calendar-change-state"},
    {NET_GET, "/api/v1/calendar-changes", WHO_LOOKS, 0, page_query_fields, sizeof(struct page_query), NULL, 0,
     list_ask, "calendar_change_list", "Các thay đổi lịch, mới trước", "200 CalendarChangeList", ""},
    {NET_GET, "/api/v1/calendar-changes/{id}", WHO_LOOKS, 0, NULL, 0, NULL, 0, find_ask,
     "calendar_change_show", "Một thay đổi lịch với kết quả tính thử", "200 CalendarChange", "not-found"},
    {NET_GET, "/api/v1/calendar-changes/{id}/dossiers", WHO_LOOKS, 0, page_query_fields,
     sizeof(struct page_query), NULL, 0, dossiers_ask, "calendar_change_dossiers",
     "Hồ sơ sẽ chuyển hoặc đã chuyển hạn: hạn cũ, hạn mới, bước xử lý", "200 CalendarMoveList", "not-found"},
    {NET_POST, "/api/v1/calendar-changes/{id}/approve", WHO_APPROVES, ROUTE_KEY, NULL, 0, NULL, 0,
     approve_ask, "calendar_change_approve",
     "Duyệt thay đổi lịch: người khác người đề nghị, sau khi đã tính thử", "200 CalendarChange",
     "not-found second-person-required calendar-change-state calendar-change-stale calendar-change-busy"},
    {NET_POST, "/api/v1/calendar-changes/{id}/withdraw", WHO_APPROVES, ROUTE_KEY, NULL, 0, NULL, 0,
     withdraw_ask, "calendar_change_withdraw", "Rút thay đổi lịch chưa duyệt", "200 CalendarChange",
     "not-found calendar-change-state"},
};
