/* What happened to a dossier, and what its clock says: event by event, with the worked time each holder used.
 */
#include "calendar/explain.h"
#include "core/instant.h"
#include "dossier/access.h"
#include "dossier/clock_rules.h"
#include "dossier/dossier_routes.h"
#include "dossier/dossier_view.h"
#include "identity/identity.h"

enum { HISTORY_PAGE = 200, SKIPPED_MAX = 1200 };

static void put_label(struct json_out *out, const char *key, struct text name)
{
    enum dossier_state state;

    if (name.length > 0 && state_from_name(name, &state))
        json_put_string(out, key, state_label(state));
}

static void put_event(struct json_out *out, const struct db_answer *answer, int row)
{
    struct text const name = db_text(answer, row, COL_DOSSIER_HISTORY_ACTION);
    enum dossier_action action;

    json_open_object(out);
    json_put_i64(out, "seq", db_i64(answer, row, COL_DOSSIER_HISTORY_SEQ));
    json_put_instant(out, "at", db_i64(answer, row, COL_DOSSIER_HISTORY_AT));
    json_put_text(out, "action", name);
    json_put_string(out, "action_label",
                    action_from_name(name, &action)             ? action_label(action)
                    : text_equal(name, TEXT("calendar_change")) ? "Chuyển hạn theo thay đổi lịch làm việc"
                                                                : "Tiếp nhận tại quầy");
    json_put_text(out, "from", db_text(answer, row, COL_DOSSIER_HISTORY_STATE_FROM));
    json_put_text(out, "to", db_text(answer, row, COL_DOSSIER_HISTORY_STATE_TO));
    put_label(out, "to_label", db_text(answer, row, COL_DOSSIER_HISTORY_STATE_TO));
    json_put_text(out, "actor", db_text(answer, row, COL_DOSSIER_HISTORY_ACTOR));
    json_put_text(out, "actor_role", db_text(answer, row, COL_DOSSIER_HISTORY_ACTOR_ROLE));
    json_put_text(out, "actor_unit", db_text(answer, row, COL_DOSSIER_HISTORY_ACTOR_UNIT));
    json_put_text(out, "holder_unit", db_text(answer, row, COL_DOSSIER_HISTORY_HOLDER_UNIT));
    json_put_text(out, "holder_role", db_text(answer, row, COL_DOSSIER_HISTORY_HOLDER_ROLE));
    json_put_text(out, "handler", db_text(answer, row, COL_DOSSIER_HISTORY_HANDLER));
    json_put_text(out, "clock", db_text(answer, row, COL_DOSSIER_HISTORY_CLOCK));
    json_put_instant(out, "due_at", db_i64(answer, row, COL_DOSSIER_HISTORY_DUE_CLOCK));
    json_put_instant(out, "due_eod", db_i64(answer, row, COL_DOSSIER_HISTORY_DUE_EOD));
    json_put_text(out, "phase", db_text(answer, row, COL_DOSSIER_HISTORY_PHASE));
    json_put_instant(out, "step_due_at", db_i64(answer, row, COL_DOSSIER_HISTORY_STEP_DUE));
    json_put_text(out, "ground", db_text(answer, row, COL_DOSSIER_HISTORY_GROUND));
    json_put_text(out, "document", db_text(answer, row, COL_DOSSIER_HISTORY_DOCUMENT));
    json_put_raw(out, "input", db_text(answer, row, COL_DOSSIER_HISTORY_INPUT));
    json_put_text(out, "leg", db_text(answer, row, COL_DOSSIER_HISTORY_LEG));
    json_put_text(out, "leg_stage", db_text(answer, row, COL_DOSSIER_HISTORY_LEG_STAGE));
    json_put_text(out, "leg_state", db_text(answer, row, COL_DOSSIER_HISTORY_LEG_STATE));
    json_close_object(out);
}

static enum act history_shown(struct req *req, const struct db_answer *answer)
{
    const struct page_query *query = req->query;
    int const limit = query->limit == FIELD_ABSENT ? HISTORY_PAGE : (int)query->limit;
    int rows = db_row_count(answer);
    struct json_out out = json_out_begin(req->arena);
    struct text next = TEXT_NONE;

    if (rows == 0 || db_is_null(answer, 0, COL_DOSSIER_HISTORY_PERSON))
        return refuse_not_signed_in(req);
    if (!db_bool(answer, 0, COL_DOSSIER_HISTORY_IS_VISIBLE))
        return refuse(req, REFUSE_NO_SUCH_DOSSIER);
    if (db_is_null(answer, 0, COL_DOSSIER_HISTORY_SEQ))
        rows = 0;
    if (rows > limit) {
        rows = limit;
        next = cursor_write(req, db_text(answer, rows - 1, COL_DOSSIER_HISTORY_SEQ));
    }
    json_open_object(&out);
    json_key(&out, "items");
    json_open_array(&out);
    for (int row = 0; row < rows; row++)
        put_event(&out, answer, row);
    json_close_array(&out);
    json_put_text(&out, "next", next);
    json_close_object(&out);
    return access_note(req, db_i64(answer, 0, COL_DOSSIER_HISTORY_ID),
                       reply_json(req, 200, json_out_end(&out)));
}

enum act history_ask(struct req *req)
{
    const struct page_query *query = req->query;
    int64_t const limit = query->limit == FIELD_ABSENT ? HISTORY_PAGE : query->limit;
    struct text position = TEXT("0");
    int64_t seq;

    if (query->cursor.data != NULL &&
        (!cursor_read(req, query->cursor, &position) || !text_to_i64(position, &seq))) {
        req_error(req, "?cursor", "format", "Vị trí trang không đúng, hãy lấy lại từ đầu");
        return refuse(req, REFUSE_INVALID);
    }
    return ask(req, history_shown, SQL_DOSSIER_HISTORY, param_text(req, req->asker.session_hex),
               param_text(req, req->ids[0]), param_text(req, position), param_i64(req, limit + 1));
}

/* --- the clock --- */

/* Until when the stretch that begins with facts[index] lasts: the next event, or now while it still runs. */
static int64_t stretch_end(const struct dossier_view *view, size_t index)
{
    return index + 1 < view->fact_count ? view->facts[index + 1].at_s : view->now_s;
}

/* Whose minutes: one line of a sum. Equal lines are one. */
struct share {
    struct text unit, role, handler;
    enum dossier_phase phase;
    int64_t agency_min, citizen_min;
};

enum share_by { SHARE_BY_UNIT, SHARE_BY_STEP, SHARE_BY_HOLDER };

/* A line holds only what it is summed by, so that equal lines are equal in every member. */
static struct share share_of(const struct event_fact *fact, enum share_by by)
{
    switch (by) {
    case SHARE_BY_UNIT: return (struct share){.unit = fact->unit};
    case SHARE_BY_STEP: return (struct share){.phase = fact->phase};
    case SHARE_BY_HOLDER:
        return (struct share){.unit = fact->unit, .role = fact->role, .handler = fact->handler};
    }
    unreachable();
}

static bool is_same_share(const struct share *a, const struct share *b)
{
    return a->phase == b->phase && text_equal(a->unit, b->unit) && text_equal(a->role, b->role) &&
           text_equal(a->handler, b->handler);
}

/* The citizen's minutes are a line of their own: nobody of the agency had them. */
static size_t sum_shares(const struct dossier_view *view, enum share_by by, struct share *shares)
{
    size_t count = 0;

    for (size_t i = 0; i < view->fact_count; i++) {
        enum dossier_clock const clock = state_clock(view->facts[i].state);
        struct share const share = share_of(&view->facts[i], by);
        int64_t const min = calendar_worked_min(view->calendar, view->facts[i].at_s, stretch_end(view, i));
        size_t at = 0;

        if (clock != CLOCK_RUN && clock != CLOCK_STOP)
            continue;
        while (at < count && !is_same_share(&shares[at], &share))
            at++;
        if (at == count)
            shares[count++] = share;
        *(clock == CLOCK_RUN ? &shares[at].agency_min : &shares[at].citizen_min) += min;
    }
    return count;
}

static void put_share(struct json_out *out, const struct dossier_view *view, const struct share *share,
                      enum share_by by)
{
    json_open_object(out);
    if (by == SHARE_BY_STEP) {
        json_put_string(out, "phase", share->phase == PHASE_NONE ? NULL : phase_name(share->phase));
        json_put_i64(out, "quota_minutes", view->dossier.plan.quota_min[share->phase]);
    } else {
        json_put_text(out, "unit", share->unit);
        json_put_text(out, "unit_name", view_agency_name(view, share->unit));
    }
    if (by == SHARE_BY_HOLDER) {
        json_put_text(out, "role", share->role);
        json_put_text(out, "handler", share->handler);
    }
    json_put_i64(out, "agency_minutes", share->agency_min);
    json_put_i64(out, "citizen_minutes", share->citizen_min);
    json_close_object(out);
}

static void put_shares(struct json_out *out, const struct dossier_view *view, const char *key,
                       enum share_by by)
{
    struct share *shares = arena_array(out->text.arena, struct share, view->fact_count + 1);
    size_t const count = sum_shares(view, by, shares);

    json_key(out, key);
    json_open_array(out);
    for (size_t i = 0; i < count; i++)
        put_share(out, view, &shares[i], by);
    json_close_array(out);
}

static void put_stretches(struct json_out *out, const struct dossier_view *view)
{
    int64_t agency_min = 0, citizen_min = 0;

    json_key(out, "stretches");
    json_open_array(out);
    for (size_t i = 0; i < view->fact_count; i++) {
        const struct event_fact *fact = &view->facts[i];
        enum dossier_clock const clock = state_clock(fact->state);
        int64_t const end_s = stretch_end(view, i);
        int64_t const worked_min = calendar_worked_min(view->calendar, fact->at_s, end_s);

        if (clock != CLOCK_RUN && clock != CLOCK_STOP)
            continue;
        *(clock == CLOCK_RUN ? &agency_min : &citizen_min) += worked_min;
        json_open_object(out);
        json_put_instant(out, "from", fact->at_s);
        json_put_instant(out, "to", end_s);
        json_put_string(out, "state", state_name(fact->state));
        json_put_string(out, "phase", fact->phase == PHASE_NONE ? NULL : phase_name(fact->phase));
        json_put_text(out, "unit", fact->unit);
        json_put_text(out, "unit_name", view_agency_name(view, fact->unit));
        json_put_text(out, "role", fact->role);
        json_put_text(out, "handler", fact->handler);
        json_put_string(out, "counts_for", clock == CLOCK_RUN ? "AGENCY" : "CITIZEN");
        json_put_i64(out, "worked_minutes", worked_min);
        json_close_object(out);
    }
    json_close_array(out);
    json_put_i64(out, "agency_minutes", agency_min);
    json_put_i64(out, "citizen_minutes", citizen_min);
    json_put_i64(out, "total_minutes", agency_min + citizen_min);
}

static void put_entries(struct json_out *out, const struct dossier_view *view)
{
    json_key(out, "entries");
    json_open_array(out);
    for (size_t i = 0; i < view->fact_count; i++) {
        const struct event_fact *fact = &view->facts[i];

        if (fact->clock.length == 0)
            continue;
        json_open_object(out);
        json_put_text(out, "kind", fact->clock);
        json_put_instant(out, "at", fact->at_s);
        json_put_text(out, "actor", fact->actor);
        json_put_text(out, "ground", fact->ground);
        json_put_text(out, "document", fact->document);
        json_put_instant(out, "due_at", fact->due_clock_s);
        json_put_instant(out, "due_eod", fact->due_eod_s);
        json_put_text(out, "reason", fact->reason);
        json_close_object(out);
    }
    json_close_array(out);
}

/* The days off that the promise of the present run has stepped over, each with the law or paper behind it. */
static void put_skipped(struct json_out *out, const struct dossier_view *view)
{
    int32_t const first_day = instant_day(view->dossier.clock_start_s);
    int32_t const last_day = instant_day(view->dossier.due_clock_s);
    bool const has_promise = view->dossier.clock_start_s != 0 && view->dossier.due_clock_s != 0;
    char date[INSTANT_TEXT_BYTES];

    json_key(out, "skipped");
    json_open_array(out);
    for (int32_t i = first_day, count = 0; has_promise && i <= last_day && count < SKIPPED_MAX; i++) {
        struct calendar_day const day = calendar_day_of(view->calendar, i);

        if (day.session_count > 0)
            continue;
        count++;
        json_open_object(out);
        json_put_string(out, "date", day_format(date, i));
        json_put_string(out, "kind", calendar_day_kind_name(day.kind));
        json_put_text(out, "name", day.name);
        json_put_text(out, "source",
                      day.source.length > 0 ? day.source : text_of(calendar_day_kind_source(day.kind)));
        json_close_object(out);
    }
    json_close_array(out);
}

/* The present run: its whole limit, and what is left of it to the printed due; negative when it has passed.
 */
static void put_limit(struct json_out *out, const struct dossier_view *view)
{
    const struct dossier *dossier = &view->dossier;
    bool const is_running = state_clock(dossier->state) == CLOCK_RUN && dossier->due_clock_s != 0;
    int64_t limit_min = 0, used_min = 0;
    bool const has_limit =
        dossier->due_clock_s != 0 && clock_used(dossier, view->calendar, &limit_min, &used_min);

    json_key(out, "limit_minutes");
    if (has_limit)
        json_i64(out, limit_min);
    else
        json_null(out);
    json_key(out, "remaining_minutes");
    if (is_running)
        json_i64(out, calendar_worked_min(view->calendar, view->now_s, dossier->due_clock_s));
    else if (has_limit && state_clock(dossier->state) == CLOCK_STOP)
        json_i64(out, limit_min - used_min);
    else
        json_null(out);
}

struct text dossier_clock_json(struct req *req, const struct dossier_view *view)
{
    struct json_out out = json_out_begin(req->arena);

    json_open_object(&out);
    json_put_text(&out, "code", view->code);
    json_put_instant(&out, "accepted_at", view->dossier.accepted_at_s);
    json_put_instant(&out, "due_at", view->dossier.due_clock_s);
    json_put_instant(&out, "due_eod", view->dossier.due_eod_s);
    json_put_instant(&out, "reappointed_due_at", view->dossier.reappointed_due_at_s);
    json_put_instant(&out, "finished_at", view->dossier.finished_at_s);
    json_put_string(&out, "timeliness", timeliness_name(view->dossier.timeliness));
    put_limit(&out, view);
    put_skipped(&out, view);
    put_entries(&out, view);
    put_stretches(&out, view);
    put_shares(&out, view, "by_unit", SHARE_BY_UNIT);
    put_shares(&out, view, "by_step", SHARE_BY_STEP);
    put_shares(&out, view, "by_holder", SHARE_BY_HOLDER);
    json_close_object(&out);
    return json_out_end(&out);
}

static enum act clock_shown(struct req *req, const struct db_answer *answer)
{
    enum act act;
    const struct dossier_view *view = dossier_view_load(req, answer, &act);

    return view == NULL ? act : reply_json(req, 200, dossier_clock_json(req, view));
}

enum act clock_ask(struct req *req)
{
    return ask(req, clock_shown, SQL_DOSSIER_LOAD, param_text(req, req->asker.session_hex),
               param_text(req, req->ids[0]), NULL, NULL);
}
