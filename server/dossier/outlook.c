/* GET /outlook: what an agency will be late with by the end of the week if nothing moves. */
#include "calendar/calendar.h"
#include "core/instant.h"
#include "dossier/dossier_view.h"
#include "dossier/watch_routes.h"
#include "identity/identity.h"

enum { OUTLOOK_DEFAULT = 50 };

#define COLUMN(name) COL_OUTLOOK_##name

struct outlook {
    const struct live *live;
    int64_t now_s, until_s;
    int limit;
};

/* What happens first: it is late, its step is, it will be, its step will be, or too little is left for the
 * rest. */
static const char *class_of(const struct outlook *outlook, const struct db_answer *answer, int row)
{
    int64_t const due_s = db_i64(answer, row, COLUMN(DUE_CLOCK)),
                  step_s = db_i64(answer, row, COLUMN(STEP_DUE));
    int64_t const eod_s = db_i64(answer, row, COLUMN(DUE_EOD));
    int64_t const legal_s = eod_s != 0 ? eod_s : due_s;

    if (legal_s != 0 && legal_s < outlook->now_s)
        return "LATE";
    if (legal_s != 0 && legal_s < outlook->until_s)
        return "DUE";
    if (step_s != 0 && step_s < outlook->now_s)
        return "STEP_LATE";
    return step_s != 0 && step_s < outlook->until_s ? "STEP_DUE" : "AT_RISK";
}

static void put_minutes(struct json_out *out, const struct outlook *outlook, const struct db_answer *answer,
                        int row)
{
    const struct agency *agency =
        catalogue_agency(live_catalogue(outlook->live), db_text(answer, row, COLUMN(COMPETENT_AGENCY)));
    const struct calendar *calendar = agency == NULL ? NULL : live_calendar(outlook->live, agency);
    int64_t const risk_s = db_i64(answer, row, COLUMN(RISK_AT));

    json_put_instant(out, "risk_at", risk_s);
    json_key(out, "remaining_minutes");
    if (calendar == NULL)
        json_null(out);
    else
        json_i64(out, calendar_worked_min(calendar, outlook->now_s, risk_s));
}

static void put_row(struct json_out *out, const struct outlook *outlook, const struct db_answer *answer,
                    int row)
{
    const struct catalogue *catalogue = live_catalogue(outlook->live);
    const struct procedure_version *version =
        catalogue_version(catalogue, db_i64(answer, row, COLUMN(PROCEDURE_VERSION)));
    const struct agency *holder = catalogue_agency(catalogue, db_text(answer, row, COLUMN(HOLDER_UNIT)));
    enum dossier_state state;

    must(state_from_name(db_text(answer, row, COLUMN(STATE)), &state));
    json_open_object(out);
    json_put_string(out, "outlook", class_of(outlook, answer, row));
    json_put_text(out, "code", db_text(answer, row, COLUMN(CODE)));
    json_put_string(out, "state", state_name(state));
    json_put_string(out, "state_label", state_label(state));
    json_put_text(out, "procedure_name", version != NULL ? version->name : TEXT_NONE);
    json_put_text(out, "holder_unit", db_text(answer, row, COLUMN(HOLDER_UNIT)));
    json_put_text(out, "holder_unit_name", holder != NULL ? holder->name : TEXT_NONE);
    json_put_text(out, "holder_role", db_text(answer, row, COLUMN(HOLDER_ROLE)));
    json_put_text(out, "handler_name", db_text(answer, row, COLUMN(HANDLER_NAME)));
    json_put_text(out, "phase", db_text(answer, row, COLUMN(STEP_PHASE)));
    json_put_instant(out, "due_at", db_i64(answer, row, COLUMN(DUE_CLOCK)));
    json_put_instant(out, "due_eod", db_i64(answer, row, COLUMN(DUE_EOD)));
    json_put_instant(out, "reappointed_due_at", db_i64(answer, row, COLUMN(REAPPOINTED)));
    json_put_instant(out, "step_due_at", db_i64(answer, row, COLUMN(STEP_DUE)));
    put_minutes(out, outlook, answer, row);
    json_close_object(out);
}

static enum act outlook_shown(struct req *req, const struct db_answer *answer)
{
    const struct outlook *outlook = req->state;
    struct json_out out = json_out_begin(req->arena);
    struct text next = TEXT_NONE;
    int rows = db_row_count(answer);

    if (rows == 0 || db_is_null(answer, 0, COLUMN(PERSON)))
        return refuse_not_signed_in(req);
    if (!db_bool(answer, 0, COLUMN(IS_ALLOWED)))
        return refuse(req, REFUSE_NOT_ALLOWED);
    if (db_is_null(answer, 0, COLUMN(ID)))
        rows = 0;
    if (rows > outlook->limit) {
        int const last = outlook->limit - 1;

        rows = outlook->limit;
        next = cursor_write(
            req, text_of(arena_printf(req->arena, "%s|%s", db_string(answer, last, COLUMN(RISK_ORDER)),
                                      db_string(answer, last, COLUMN(ID)))));
    }
    json_open_object(&out);
    json_put_instant(&out, "now", outlook->now_s);
    json_put_instant(&out, "until", outlook->until_s);
    json_key(&out, "items");
    json_open_array(&out);
    for (int row = 0; row < rows; row++)
        put_row(&out, outlook, answer, row);
    json_close_array(&out);
    json_put_text(&out, "next", next);
    json_close_object(&out);
    return reply_json(req, 200, json_out_end(&out));
}

enum act outlook_ask(struct req *req)
{
    const struct outlook_query *query = req->query;
    struct outlook *outlook = arena_new(req->arena, struct outlook);
    const char *after, *after_id;
    int32_t today;

    *outlook = (struct outlook){.live = live_hold(req),
                                .now_s = worker_now(req->worker),
                                .limit = query->limit == FIELD_ABSENT ? OUTLOOK_DEFAULT : (int)query->limit};
    if (outlook->live == NULL)
        return refuse(req, REFUSE_UNAVAILABLE);
    today = instant_day(outlook->now_s);
    outlook->until_s = query->until != FIELD_ABSENT
                           ? query->until
                           : instant_at(today + 7 - day_weekday(today), 0); /* Monday */
    req->state = outlook;
    if (!instant_cursor_read(req, query->cursor, &after, &after_id)) {
        req_error(req, "?cursor", "format", "Vị trí trang không đúng, hãy lấy lại từ đầu");
        return refuse(req, REFUSE_INVALID);
    }
    return ask(req, outlook_shown, SQL_OUTLOOK, param_text(req, req->asker.session_hex),
               param_text(req, query->agency), param_instant(req, outlook->until_s), after, after_id,
               param_i64(req, outlook->limit + 1));
}
