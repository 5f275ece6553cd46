/* A day's work of a desk, from the events themselves: what the hand-over list at the end of the day is made
 * of. */
#include "core/instant.h"
#include "counter/desk.h"

#include "catalogue/live.h"
#include "dossier/dossier.h"
#include "identity/identity.h"

enum { LINES_DEFAULT = 100, LINES_MAX = 200, DAY_S = 86400 };

const struct field desk_day_fields[] = {
    FIELD_PLAIN(struct desk_day_query, day, FIELD_DAY),
    FIELD_OF(struct desk_day_query, limit, FIELD_NUMBER, .min = 1, .max = LINES_MAX),
    FIELD_OF(struct desk_day_query, cursor, FIELD_TEXT, .min = 1, .max = 200),
    {.kind = FIELD_END},
};

/* "submit" is the one action of an event that is none of a dossier: it makes one. */
static const char *label_of(struct text name)
{
    enum dossier_action action;

    return action_from_name(name, &action) ? action_label(action) : "Ghi nhận hồ sơ nộp";
}

#define COLUMN(name) COL_DESK_DAY_##name

static void put_line(struct json_out *out, const struct live *live, const struct db_answer *answer, int row)
{
    const struct procedure_version *version =
        catalogue_version(live_catalogue(live), db_i64(answer, row, COLUMN(PROCEDURE_VERSION)));
    enum dossier_state state;

    must(state_from_name(db_text(answer, row, COLUMN(STATE_TO)), &state));
    json_open_object(out);
    json_put_instant(out, "at", db_i64(answer, row, COLUMN(AT)));
    json_put_text(out, "action", db_text(answer, row, COLUMN(ACTION)));
    json_put_string(out, "action_label", label_of(db_text(answer, row, COLUMN(ACTION))));
    json_put_i64(out, "seq", db_i64(answer, row, COLUMN(SEQ)));
    json_put_text(out, "code", db_text(answer, row, COLUMN(CODE)));
    json_key(out, "register_no");
    if (db_is_null(answer, row, COLUMN(REGISTER_NO)))
        json_null(out);
    else
        json_i64(out, db_i64(answer, row, COLUMN(REGISTER_NO)));
    json_put_string(out, "to", state_name(state));
    json_put_string(out, "to_label", state_label(state));
    json_put_text(out, "unit", db_text(answer, row, COLUMN(UNIT)));
    json_put_text(out, "actor", db_text(answer, row, COLUMN(ACTOR)));
    json_put_text(out, "owner_name", db_text(answer, row, COLUMN(OWNER_NAME)));
    json_put_text(out, "receiver_name", db_text(answer, row, COLUMN(RECEIVER_NAME)));
    json_put_text(out, "procedure_name", version != NULL ? version->name : TEXT_NONE);
    json_put_i64(out, "papers", db_i64(answer, row, COLUMN(PAPERS)));
    json_put_raw(out, "paid", db_text(answer, row, COLUMN(PAID)));
    json_close_object(out);
}

static enum act day_shown(struct req *req, const struct db_answer *answer)
{
    const struct desk_day_query *query = req->query;
    int const limit = query->limit == FIELD_ABSENT ? LINES_DEFAULT : (int)query->limit;
    const struct live *live = live_hold(req);
    struct json_out out = json_out_begin(req->arena);
    struct text next = TEXT_NONE;
    int rows = db_row_count(answer);

    if (rows == 0 || db_is_null(answer, 0, COLUMN(PERSON)))
        return refuse_not_signed_in(req);
    if (live == NULL)
        return refuse(req, REFUSE_UNAVAILABLE);
    if (db_is_null(answer, 0, COLUMN(CODE)))
        rows = 0;
    if (rows > limit) {
        rows = limit;
        next = cursor_write(
            req, text_of(arena_printf(req->arena, "%s|%s|%s", db_string(answer, rows - 1, COLUMN(POSITION)),
                                      db_string(answer, rows - 1, COLUMN(DOSSIER)),
                                      db_string(answer, rows - 1, COLUMN(SEQ)))));
    }
    json_open_object(&out);
    json_key(&out, "items");
    json_open_array(&out);
    for (int row = 0; row < rows; row++)
        put_line(&out, live, answer, row);
    json_close_array(&out);
    json_put_text(&out, "next", next);
    json_close_object(&out);
    return reply_json(req, 200, json_out_end(&out));
}

static bool is_timestamp(struct text t)
{
    for (size_t i = 0; i < t.length; i++)
        if ((t.data[i] < '0' || t.data[i] > '9') && strchr("-: +.", t.data[i]) == NULL)
            return false;
    return t.length >= 19 && t.length <= 40;
}

/* "<timestamptz>|<dossier>|<seq>", as day_shown() wrote it. */
static bool read_position(struct req *req, struct text cursor, const char *after[static 3])
{
    struct text position, at, dossier, seq;
    int64_t number;

    after[0] = "-infinity";
    after[1] = after[2] = "0";
    if (cursor.data == NULL)
        return true;
    if (!cursor_read(req, cursor, &position))
        return false;
    at = text_cut(position, '|', &position);
    dossier = text_cut(position, '|', &seq);
    if (!is_timestamp(at) || !text_to_i64(dossier, &number) || !text_to_i64(seq, &number))
        return false;
    after[0] = text_copy(req->arena, at);
    after[1] = text_copy(req->arena, dossier);
    after[2] = text_copy(req->arena, seq);
    return true;
}

enum act desk_day_ask(struct req *req)
{
    const struct desk_day_query *query = req->query;
    int32_t const day =
        query->day == FIELD_ABSENT ? instant_day(worker_now(req->worker)) : (int32_t)query->day;
    int64_t const from_s = instant_at(day, 0);
    const char *after[3];

    if (!read_position(req, query->cursor, after)) {
        req_error(req, "?cursor", "format", "Vị trí trang không đúng, hãy lấy lại từ đầu");
        return refuse(req, REFUSE_INVALID);
    }
    return ask(req, day_shown, SQL_DESK_DAY, param_text(req, req->asker.session_hex),
               param_instant(req, from_s), param_instant(req, from_s + DAY_S), after[0], after[1], after[2],
               param_i64(req, (query->limit == FIELD_ABSENT ? LINES_DEFAULT : query->limit) + 1));
}
