/* People: list, one, create, change; their roles, absences and sessions. */
#include "identity/people.h"

#include "core/instant.h"
#include "identity/role.h"

enum { PAGE_DEFAULT = 50, PAGE_MAX = 200 };

/* Every statement of administration answers in the same two columns. */
enum { COL_OUTCOME = 0, COL_ANSWER = 1 };
_Static_assert((int)COL_PERSON_CREATE_OUTCOME == (int)COL_OUTCOME &&
                   (int)COL_PERSON_CREATE_ANSWER == (int)COL_ANSWER &&
                   (int)COL_ROLE_GIVE_ANSWER == (int)COL_ANSWER &&
                   (int)COL_LEAVE_GIVE_ANSWER == (int)COL_ANSWER,
               "one reader for all");

/* Words of command.* that refuse; `pointer` where it is a field's fault. */
static const struct {
    const char *word;
    enum refusal refusal;
    const char *pointer, *detail;
} refusing[] = {
    {"key-reused", REFUSE_KEY_REUSED, NULL, NULL},
    {"no-such-person", REFUSE_NO_SUCH_PERSON, NULL, NULL},
    {"not-held", REFUSE_NOT_FOUND, NULL, NULL},
    {"name-taken", REFUSE_NAME_TAKEN, NULL, NULL},
    {"own-account", REFUSE_OWN_ACCOUNT, NULL, NULL},
    {"overlaps", REFUSE_OVERLAPS, NULL, NULL},
    {"not-allowed", REFUSE_NOT_ALLOWED, NULL, NULL},
    {"moved", REFUSE_CATALOGUE_MOVED, NULL, NULL},
    {"no-such-agency", REFUSE_INVALID, "/agency", "Không có cơ quan này trong phạm vi quản trị"},
    {"no-such-substitute", REFUSE_INVALID, "/substitute",
     "Không có người này, hoặc không thể thay cho người nghỉ"},
};

enum act people_outcome(struct req *req, const struct db_answer *answer, int status)
{
    struct text const outcome = db_text(answer, 0, COL_OUTCOME);

    if (text_equal(outcome, TEXT("not-signed-in")))
        return refuse_not_signed_in(req);
    for (size_t i = 0; i < array_length(refusing); i++) {
        if (!text_equal(outcome, text_of(refusing[i].word)))
            continue;
        if (refusing[i].pointer != NULL)
            req_error(req, refusing[i].pointer, "unknown", refusing[i].detail);
        return refuse(req, refusing[i].refusal);
    }
    must(text_equal(outcome, TEXT("done")));
    if (status == 204)
        return reply_empty(req, 204);
    db_keep(answer, req->arena);
    return reply_json(req, status, db_text(answer, 0, COL_ANSWER));
}

static enum act created(struct req *req, const struct db_answer *answer)
{
    return people_outcome(req, answer, 201);
}

static enum act changed(struct req *req, const struct db_answer *answer)
{
    return people_outcome(req, answer, 204);
}

/* --- reading --- */

struct people_query {
    struct text q, agency, cursor;
    int64_t limit;
};

static const struct field people_query_fields[] = {
    FIELD_OF(struct people_query, q, FIELD_TEXT, .min = 0, .max = 100),
    FIELD_OF(struct people_query, agency, FIELD_TEXT, .min = 3, .max = 32),
    FIELD_OF(struct people_query, limit, FIELD_NUMBER, .min = 1, .max = PAGE_MAX),
    FIELD_OF(struct people_query, cursor, FIELD_TEXT, .min = 1, .max = 200),
    {.kind = FIELD_END},
};

static enum act people_listed(struct req *req, const struct db_answer *answer)
{
    struct json_out out = json_out_begin(req->arena);
    struct text const next = db_text(answer, 0, COL_PEOPLE_LIST_NEXT);

    if (db_is_null(answer, 0, COL_PEOPLE_LIST_PERSON))
        return refuse_not_signed_in(req);
    json_open_object(&out);
    json_put_raw(&out, "items", db_text(answer, 0, COL_PEOPLE_LIST_ITEMS));
    json_put_text(&out, "next", next.data == NULL ? TEXT_NONE : cursor_write(req, next));
    json_close_object(&out);
    return reply_json(req, 200, json_out_end(&out));
}

static enum act people_list_ask(struct req *req)
{
    const struct people_query *query = req->query;
    struct text after = TEXT_NONE;

    if (query->cursor.data != NULL && !cursor_read(req, query->cursor, &after)) {
        req_error(req, "?cursor", "format", "Vị trí trang không đúng, hãy lấy lại từ đầu");
        return refuse(req, REFUSE_INVALID);
    }
    return ask(req, people_listed, SQL_PEOPLE_LIST, param_text(req, req->asker.session_hex),
               query->q.length == 0 ? NULL : param_text(req, query->q), param_text(req, query->agency),
               param_text(req, after),
               param_i64(req, query->limit == FIELD_ABSENT ? PAGE_DEFAULT : query->limit));
}

static enum act person_shown(struct req *req, const struct db_answer *answer)
{
    if (db_row_count(answer) == 0 || db_is_null(answer, 0, COL_PERSON_SHOW_PERSON))
        return refuse_not_signed_in(req);
    if (db_is_null(answer, 0, COL_PERSON_SHOW_BODY))
        return refuse(req, REFUSE_NO_SUCH_PERSON);
    db_keep(answer, req->arena);
    return reply_json(req, 200, db_text(answer, 0, COL_PERSON_SHOW_BODY));
}

static enum act person_show_ask(struct req *req)
{
    return ask(req, person_shown, SQL_PERSON_SHOW, param_text(req, req->asker.session_hex),
               param_text(req, req->ids[0]));
}

/* --- accounts --- */

struct person_body {
    struct text username, name, agency;
    bool is_active;
};

static const struct field create_fields[] = {
    FIELD_OF(struct person_body, username, FIELD_TEXT, FIELD_REQUIRED, .min = 2, .max = 63,
             .is_well_formed = field_is_username,
             .format = "tên đăng nhập: chữ thường không dấu, số, dấu chấm"),
    FIELD_OF(struct person_body, name, FIELD_TEXT, FIELD_REQUIRED, .min = 2, .max = 200),
    FIELD_OF(struct person_body, agency, FIELD_TEXT, FIELD_REQUIRED, .min = 3, .max = 32),
    {.kind = FIELD_END},
};

static const struct field change_fields[] = {
    FIELD_OF(struct person_body, name, FIELD_TEXT, FIELD_REQUIRED, .min = 2, .max = 200),
    FIELD_OF(struct person_body, is_active, FIELD_BOOL, FIELD_REQUIRED),
    {.kind = FIELD_END},
};

static enum act person_create_ask(struct req *req)
{
    const struct person_body *body = req->body;

    return ask(req, created, SQL_PERSON_CREATE, param_text(req, req->asker.session_hex),
               param_text(req, req->key), param_text(req, req->body_hash_hex),
               param_text(req, body->username), param_text(req, body->name), param_text(req, body->agency));
}

static enum act person_change_ask(struct req *req)
{
    const struct person_body *body = req->body;

    return ask(req, changed, SQL_PERSON_CHANGE, param_text(req, req->asker.session_hex),
               param_text(req, req->ids[0]), param_text(req, body->name), param_bool(body->is_active));
}

/* --- roles --- */

struct role_body {
    struct text role, agency, ground;
    int64_t valid_from, valid_to;
};

static const char *const role_choices[] = {
    "receiver",      "return_clerk", "handler",       "dept_head", "leader",
    "records_clerk", "monitor",      "administrator", "auditor",   NULL};

static const struct field role_fields[] = {
    FIELD_OF(struct role_body, role, FIELD_CHOICE, FIELD_REQUIRED, .choices = role_choices),
    FIELD_OF(struct role_body, agency, FIELD_TEXT, FIELD_REQUIRED, .min = 3, .max = 32),
    FIELD_OF(struct role_body, ground, FIELD_TEXT, FIELD_REQUIRED, .min = 3, .max = 500),
    FIELD_PLAIN(struct role_body, valid_from, FIELD_INSTANT),
    FIELD_PLAIN(struct role_body, valid_to, FIELD_INSTANT),
    {.kind = FIELD_END},
};

static enum act role_give_ask(struct req *req)
{
    const struct role_body *body = req->body;
    int64_t const now_s = worker_now(req->worker);
    int64_t const from_s = body->valid_from != FIELD_ABSENT ? body->valid_from : now_s;

    if (body->valid_to != FIELD_ABSENT && (body->valid_to <= from_s || body->valid_to <= now_s)) {
        req_error(req, "/valid_to", "out-of-range", "Phải sau lúc bắt đầu và sau hiện tại");
        return refuse(req, REFUSE_INVALID);
    }
    return ask(req, created, SQL_ROLE_GIVE, param_text(req, req->asker.session_hex),
               param_text(req, req->key), param_text(req, req->body_hash_hex), param_text(req, req->ids[0]),
               param_text(req, body->role), param_text(req, body->agency),
               param_instant(req, body->valid_from), param_instant(req, body->valid_to),
               param_text(req, body->ground));
}

/* DELETE /people/{username}/…/{id} */
static enum act end_by_id(struct req *req, enum sql statement)
{
    int64_t id;

    if (!text_to_i64(req->ids[1], &id))
        return refuse(req, REFUSE_NOT_FOUND);
    return ask(req, changed, statement, param_text(req, req->asker.session_hex), param_text(req, req->ids[0]),
               param_i64(req, id));
}

static enum act role_end_ask(struct req *req)
{
    return end_by_id(req, SQL_ROLE_END);
}

static enum act leave_end_ask(struct req *req)
{
    return end_by_id(req, SQL_LEAVE_END);
}

static enum act session_stop_ask(struct req *req)
{
    return end_by_id(req, SQL_SESSION_STOP);
}

/* --- absences --- */

struct leave_body {
    int64_t first_day, last_day;
    struct text substitute, ground;
};

enum { LEAVE_DAYS_MAX = 400 };

static const struct field leave_fields[] = {
    FIELD_OF(struct leave_body, first_day, FIELD_DAY, FIELD_REQUIRED),
    FIELD_OF(struct leave_body, last_day, FIELD_DAY, FIELD_REQUIRED),
    FIELD_OF(struct leave_body, substitute, FIELD_TEXT, .min = 2, .max = 63,
             .is_well_formed = field_is_username, .format = "tên đăng nhập"),
    FIELD_OF(struct leave_body, ground, FIELD_TEXT, FIELD_REQUIRED, .min = 3, .max = 500),
    {.kind = FIELD_END},
};

static const char *day_param(struct req *req, int64_t day)
{
    return day_format(arena_alloc(req->arena, INSTANT_TEXT_BYTES), (int32_t)day);
}

static enum act leave_give_ask(struct req *req)
{
    const struct leave_body *body = req->body;

    if (body->last_day < body->first_day || body->last_day - body->first_day > LEAVE_DAYS_MAX ||
        body->last_day < instant_day(worker_now(req->worker))) {
        req_error(req, "/last_day", "out-of-range", "Phải từ ngày đầu trở đi, chưa qua, nhiều nhất 400 ngày");
        return refuse(req, REFUSE_INVALID);
    }
    return ask(req, created, SQL_LEAVE_GIVE, param_text(req, req->asker.session_hex),
               param_text(req, req->key), param_text(req, req->body_hash_hex), param_text(req, req->ids[0]),
               day_param(req, body->first_day), day_param(req, body->last_day),
               param_text(req, body->substitute), param_text(req, body->ground));
}

const struct route people_routes[9] = {
    {NET_GET, "/api/v1/people", ROLE_ADMINISTRATOR, 0, people_query_fields, sizeof(struct people_query), NULL,
     0, people_list_ask, "people_list", "Người dùng trong phạm vi quản trị; tìm có dấu hay không dấu",
     "200 PersonList", ""},
    {NET_POST, "/api/v1/people", ROLE_ADMINISTRATOR, ROUTE_KEY, NULL, 0, create_fields,
     sizeof(struct person_body), person_create_ask, "person_create",
     "Thêm người dùng, chưa có mật khẩu và vai trò", "201 PersonMade", "name-taken"},
    {NET_GET, "/api/v1/people/{username}", ROLE_ADMINISTRATOR, 0, NULL, 0, NULL, 0, person_show_ask,
     "person_show", "Một người: vai trò, ngày nghỉ, phiên đang mở", "200 Person", "no-such-person"},
    {NET_PUT, "/api/v1/people/{username}", ROLE_ADMINISTRATOR, 0, NULL, 0, change_fields,
     sizeof(struct person_body), person_change_ask, "person_change",
     "Đổi tên, khóa hoặc mở tài khoản; khóa thì mọi phiên kết thúc ngay", "204",
     "no-such-person own-account"},
    {NET_POST, "/api/v1/people/{username}/roles", ROLE_ADMINISTRATOR, ROUTE_KEY, NULL, 0, role_fields,
     sizeof(struct role_body), role_give_ask, "role_give", "Giao một vai trò tại một cơ quan, có ngày",
     "201 Grant", "no-such-person own-account overlaps"},
    {NET_DELETE, "/api/v1/people/{username}/roles/{id}", ROLE_ADMINISTRATOR, 0, NULL, 0, NULL, 0,
     role_end_ask, "role_end", "Thôi một vai trò, có hiệu lực ngay", "204",
     "no-such-person own-account not-found"},
    {NET_POST, "/api/v1/people/{username}/leaves", ROLE_ADMINISTRATOR, ROUTE_KEY, NULL, 0, leave_fields,
     sizeof(struct leave_body), leave_give_ask, "leave_give", "Ngày nghỉ, và ai thay trong những ngày ấy",
     "201 Leave", "no-such-person overlaps"},
    {NET_DELETE, "/api/v1/people/{username}/leaves/{id}", ROLE_ADMINISTRATOR, 0, NULL, 0, NULL, 0,
     leave_end_ask, "leave_end", "Đi làm lại; quyền của người thay kết thúc theo", "204",
     "no-such-person not-found"},
    {NET_DELETE, "/api/v1/people/{username}/sessions/{id}", ROLE_ADMINISTRATOR, 0, NULL, 0, NULL, 0,
     session_stop_ask, "session_stop", "Kết thúc một phiên của người khác", "204",
     "no-such-person not-found"},
};
