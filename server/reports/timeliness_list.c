/* GET /reports/timeliness/dossiers: the dossiers behind one figure. No names of citizens: a figure's reader
 * needs none. */
#include "calendar/calendar.h"
#include "core/instant.h"
#include "identity/identity.h"
#include "reports/reports.h"

#define COLUMN(name) COL_REPORT_OPEN_LIST_##name

enum { LIST_DEFAULT = 50, LIST_MAX = 200 };

_Static_assert((int)COL_REPORT_OPEN_LIST_TIMELINESS == (int)COL_REPORT_FINISHED_LIST_TIMELINESS &&
                   (int)COL_REPORT_OPEN_LIST_ORDER_AT == (int)COL_REPORT_FINISHED_LIST_ORDER_AT,
               "one writer for both lists");

static const char *const measure_choices[] = {"LATE",    "STEP_LATE", "SOON", "EARLY",
                                              "ON_TIME", "OVERDUE",   NULL};
static const char *const phase_choices[] = {"NONE", "DESK",  "ASSIGN", "PROCESS", "REVIEW",
                                            "SIGN", "ISSUE", "RETURN", NULL};

const struct field report_list_fields[] = {
    FIELD_OF(struct report_query, agency, FIELD_TEXT, FIELD_REQUIRED, .min = 3, .max = 32),
    FIELD_OF(struct report_query, measure, FIELD_CHOICE, FIELD_REQUIRED, .choices = measure_choices),
    FIELD_OF(struct report_query, unit, FIELD_TEXT, .min = 3, .max = 32),
    FIELD_OF(struct report_query, phase, FIELD_CHOICE, .choices = phase_choices),
    FIELD_PLAIN(struct report_query, until, FIELD_INSTANT),
    FIELD_PLAIN(struct report_query, from, FIELD_DAY),
    FIELD_PLAIN(struct report_query, to, FIELD_DAY),
    FIELD_OF(struct report_query, limit, FIELD_NUMBER, .min = 1, .max = LIST_MAX),
    FIELD_OF(struct report_query, cursor, FIELD_TEXT, .min = 1, .max = 200),
    {.kind = FIELD_END},
};

struct list {
    const struct live *live;
    struct report_span span;
    int limit;
};

static void put_row(struct json_out *out, const struct list *list, const struct db_answer *answer, int row)
{
    const struct catalogue *catalogue = live_catalogue(list->live);
    const struct procedure_version *version =
        catalogue_version(catalogue, db_i64(answer, row, COLUMN(PROCEDURE_VERSION)));
    const struct agency *unit = catalogue_agency(catalogue, db_text(answer, row, COLUMN(UNIT)));
    int64_t const eod_s = db_i64(answer, row, COLUMN(DUE_EOD)),
                  clock_s = db_i64(answer, row, COLUMN(DUE_CLOCK));
    int64_t const due_s = eod_s != 0 ? eod_s : clock_s;
    enum dossier_state state;

    must(state_from_name(db_text(answer, row, COLUMN(STATE)), &state));
    json_open_object(out);
    json_put_text(out, "code", db_text(answer, row, COLUMN(CODE)));
    json_put_string(out, "state", state_name(state));
    json_put_string(out, "state_label", state_label(state));
    json_put_text(out, "procedure_name", version != NULL ? version->name : TEXT_NONE);
    json_put_text(out, "unit", db_text(answer, row, COLUMN(UNIT)));
    json_put_text(out, "unit_name", unit != NULL ? unit->name : db_text(answer, row, COLUMN(UNIT)));
    json_put_text(out, "phase", db_text(answer, row, COLUMN(PHASE)));
    json_put_text(out, "handler_name", db_text(answer, row, COLUMN(HANDLER_NAME)));
    json_put_instant(out, "due_at", clock_s);
    json_put_instant(out, "step_due_at", db_i64(answer, row, COLUMN(STEP_DUE)));
    json_put_instant(out, "finished_at", db_i64(answer, row, COLUMN(FINISHED_AT)));
    json_put_text(out, "timeliness", db_text(answer, row, COLUMN(TIMELINESS)));
    json_key(out, "minutes_over");
    if (unit == NULL || due_s == 0 || due_s >= list->span.now_s ||
        !db_is_null(answer, row, COLUMN(FINISHED_AT)))
        json_null(out);
    else
        json_i64(out, calendar_worked_min(live_calendar(list->live, unit), due_s, list->span.now_s));
    json_close_object(out);
}

static enum act list_shown(struct req *req, const struct db_answer *answer)
{
    const struct list *list = req->state;
    struct json_out out = json_out_begin(req->arena);
    struct text next = TEXT_NONE;
    int rows = db_row_count(answer);

    if (rows == 0 || db_is_null(answer, 0, COLUMN(PERSON)))
        return refuse_not_signed_in(req);
    if (!db_bool(answer, 0, COLUMN(IS_ALLOWED)))
        return refuse(req, REFUSE_NOT_ALLOWED);
    if (db_is_null(answer, 0, COLUMN(ID)))
        rows = 0;
    if (rows > list->limit) {
        rows = list->limit;
        next = cursor_write(
            req, text_of(arena_printf(req->arena, "%s|%s", db_string(answer, rows - 1, COLUMN(ORDER_AT)),
                                      db_string(answer, rows - 1, COLUMN(ID)))));
    }
    json_open_object(&out);
    json_key(&out, "items");
    json_open_array(&out);
    for (int row = 0; row < rows; row++)
        put_row(&out, list, answer, row);
    json_close_array(&out);
    json_put_text(&out, "next", next);
    json_close_object(&out);
    return reply_json(req, 200, json_out_end(&out));
}

static bool is_open_measure(struct text measure)
{
    return text_equal(measure, TEXT("LATE")) || text_equal(measure, TEXT("STEP_LATE")) ||
           text_equal(measure, TEXT("SOON"));
}

enum act report_list_ask(struct req *req)
{
    const struct report_query *query = req->query;
    struct list *list = arena_new(req->arena, struct list);
    const char *after, *after_id, *limit;
    enum act act;

    req->state = list;
    list->live = live_hold(req);
    if (list->live == NULL)
        return refuse(req, REFUSE_UNAVAILABLE);
    if (!report_span_of(req, query, &list->span, &act))
        return act;
    if (catalogue_agency(live_catalogue(list->live), query->agency) == NULL)
        return refuse(req, REFUSE_NO_SUCH_AGENCY);
    list->limit = query->limit == FIELD_ABSENT ? LIST_DEFAULT : (int)query->limit;
    limit = param_i64(req, list->limit + 1);
    if (!instant_cursor_read(req, query->cursor, &after, &after_id)) {
        req_error(req, "?cursor", "format", "Vị trí trang không đúng, hãy lấy lại từ đầu");
        return refuse(req, REFUSE_INVALID);
    }
    if (is_open_measure(query->measure))
        return ask(req, list_shown, SQL_REPORT_OPEN_LIST, param_text(req, req->asker.session_hex),
                   param_text(req, query->agency), param_text(req, query->unit),
                   param_text(req, query->phase), param_text(req, query->measure),
                   param_instant(req, list->span.now_s), param_instant(req, list->span.until_s), after,
                   after_id, limit, param_i64(req, REPORT_ROWS_MAX));
    return ask(req, list_shown, SQL_REPORT_FINISHED_LIST, param_text(req, req->asker.session_hex),
               param_text(req, query->agency), param_text(req, query->unit), param_text(req, query->measure),
               report_day(req, list->span.from_day), report_day(req, list->span.to_day), after, after_id,
               limit);
}
