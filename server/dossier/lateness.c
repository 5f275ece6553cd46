/* GET /lateness: who was late, for leaders and monitors; what a correction said stands beside the old figure.
 */
#include "dossier/dossier_view.h"
#include "dossier/watch_routes.h"
#include "identity/identity.h"

enum { LATENESS_DEFAULT = 50 };

#define COLUMN(name) COL_LATENESS_LIST_##name

static void put_correction(struct json_out *out, const struct db_answer *answer, int row)
{
    json_key(out, "correction");
    if (db_is_null(answer, row, COLUMN(CORRECTED_AT))) {
        json_null(out);
        return;
    }
    json_open_object(out);
    json_put_instant(out, "at", db_i64(answer, row, COLUMN(CORRECTED_AT)));
    json_put_text(out, "by", db_text(answer, row, COLUMN(CORRECTED_BY)));
    json_put_text(out, "ground", db_text(answer, row, COLUMN(CORRECTION_GROUND)));
    json_put_text(out, "document", db_text(answer, row, COLUMN(CORRECTION_DOCUMENT)));
    json_close_object(out);
}

static void put_row(struct json_out *out, const struct db_answer *answer, int row)
{
    json_open_object(out);
    json_put_text(out, "code", db_text(answer, row, COLUMN(CODE)));
    json_put_text(out, "scope", db_text(answer, row, COLUMN(SCOPE)));
    json_put_text(out, "phase", db_text(answer, row, COLUMN(PHASE)));
    json_put_text(out, "unit", db_text(answer, row, COLUMN(UNIT)));
    json_put_text(out, "role", db_text(answer, row, COLUMN(ROLE)));
    json_put_text(out, "handler", db_text(answer, row, COLUMN(HANDLER)));
    json_put_instant(out, "due_at", db_i64(answer, row, COLUMN(DUE_AT)));
    json_put_instant(out, "ended_at", db_i64(answer, row, COLUMN(ENDED_AT)));
    json_put_i64(out, "minutes_over", db_i64(answer, row, COLUMN(MINUTES_OVER)));
    json_put_bool(out, "is_apologised", db_bool(answer, row, COLUMN(IS_APOLOGISED)));
    json_put_text(out, "cause", db_text(answer, row, COLUMN(CAUSE)));
    put_correction(out, answer, row);
    json_close_object(out);
}

static enum act lateness_shown(struct req *req, const struct db_answer *answer)
{
    const struct lateness_query *query = req->query;
    int const limit = query->limit == FIELD_ABSENT ? LATENESS_DEFAULT : (int)query->limit;
    struct json_out out = json_out_begin(req->arena);
    struct text next = TEXT_NONE;
    int rows = db_row_count(answer);

    if (rows == 0 || db_is_null(answer, 0, COLUMN(PERSON)))
        return refuse_not_signed_in(req);
    if (!db_bool(answer, 0, COLUMN(IS_ALLOWED)))
        return refuse(req, REFUSE_NOT_ALLOWED);
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

enum act lateness_ask(struct req *req)
{
    const struct lateness_query *query = req->query;
    int64_t const limit = query->limit == FIELD_ABSENT ? LATENESS_DEFAULT : query->limit;
    struct text position = TEXT("9223372036854775807");
    int64_t id;

    if (query->cursor.data != NULL &&
        (!cursor_read(req, query->cursor, &position) || !text_to_i64(position, &id))) {
        req_error(req, "?cursor", "format", "Vị trí trang không đúng, hãy lấy lại từ đầu");
        return refuse(req, REFUSE_INVALID);
    }
    return ask(req, lateness_shown, SQL_LATENESS_LIST, param_text(req, req->asker.session_hex),
               param_text(req, query->agency), param_text(req, position), param_i64(req, limit + 1));
}
