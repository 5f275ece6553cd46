/* GET /access-log: who read a dossier, or what somebody read, for administrators and auditors. */
#include "dossier/access.h"
#include "identity/identity.h"
#include "identity/role.h"

#define COLUMN(name) COL_ACCESS_LIST_##name

enum { PAGE_DEFAULT = 50, PAGE_MAX = 200 };

struct access_query {
    struct text dossier, person, cursor;
    int64_t limit;
};

static const struct field access_fields[] = {
    FIELD_OF(struct access_query, dossier, FIELD_TEXT, .min = 1, .max = 64),
    FIELD_OF(struct access_query, person, FIELD_TEXT, .min = 1, .max = 63,
             .is_well_formed = field_is_username, .format = "tên đăng nhập"),
    FIELD_OF(struct access_query, limit, FIELD_NUMBER, .min = 1, .max = PAGE_MAX),
    FIELD_OF(struct access_query, cursor, FIELD_TEXT, .min = 1, .max = 200),
    {.kind = FIELD_END},
};

static void put_row(struct json_out *out, const struct db_answer *answer, int row)
{
    json_open_object(out);
    json_put_instant(out, "at", db_i64(answer, row, COLUMN(AT)));
    json_put_text(out, "username", db_text(answer, row, COLUMN(USERNAME)));
    json_put_text(out, "name", db_text(answer, row, COLUMN(NAME)));
    json_put_text(out, "dossier", db_text(answer, row, COLUMN(CODE)));
    json_put_text(out, "route", db_text(answer, row, COLUMN(ROUTE)));
    json_close_object(out);
}

static enum act access_shown(struct req *req, const struct db_answer *answer)
{
    const struct access_query *query = req->query;
    int const limit = query->limit == FIELD_ABSENT ? PAGE_DEFAULT : (int)query->limit;
    struct json_out out = json_out_begin(req->arena);
    struct text next = TEXT_NONE;
    int rows = db_row_count(answer);

    if (rows == 0 || db_is_null(answer, 0, COLUMN(PERSON)))
        return refuse_not_signed_in(req);
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
        put_row(&out, answer, row);
    json_close_array(&out);
    json_put_text(&out, "next", next);
    json_close_object(&out);
    return reply_json(req, 200, json_out_end(&out));
}

static enum act access_ask(struct req *req)
{
    const struct access_query *query = req->query;
    int64_t const limit = query->limit == FIELD_ABSENT ? PAGE_DEFAULT : query->limit;
    struct text position = TEXT("9223372036854775807");
    int64_t id;

    if (query->dossier.data == NULL && query->person.data == NULL) {
        req_error(req, "?dossier", "required", "Cần mã hồ sơ hoặc tên đăng nhập");
        return refuse(req, REFUSE_INVALID);
    }
    if (query->cursor.data != NULL &&
        (!cursor_read(req, query->cursor, &position) || !text_to_i64(position, &id))) {
        req_error(req, "?cursor", "format", "Vị trí trang không đúng, hãy lấy lại từ đầu");
        return refuse(req, REFUSE_INVALID);
    }
    return ask(req, access_shown, SQL_ACCESS_LIST, param_text(req, req->asker.session_hex),
               param_text(req, query->dossier), param_text(req, query->person), param_text(req, position),
               param_i64(req, limit + 1));
}

const struct route access_routes[1] = {
    {NET_GET, "/api/v1/access-log", ROLE_ADMINISTRATOR | ROLE_AUDITOR, 0, access_fields,
     sizeof(struct access_query), NULL, 0, access_ask, "access_log",
     "Ai đã xem hồ sơ nào, lúc nào, theo hồ sơ hoặc theo người; không có dữ liệu cá nhân của công dân",
     "200 AccessList", ""},
};
