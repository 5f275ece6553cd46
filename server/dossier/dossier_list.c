/* Pages of dossiers: the list with its filters, the search, the inbox. All three write the same rows. */
#include <sodium.h>

#include "calendar/calendar.h"
#include "core/instant.h"
#include "dossier/document.h"
#include "dossier/dossier_change.h"
#include "dossier/dossier_routes.h"
#include "dossier/list_sheet.h"
#include "identity/identity.h"

enum { PAGE_DEFAULT = 50, PAGE_MAX = 200, SEARCH_POINTS_MIN = 3 };

static const char *const state_choices[] = {
#define STATE_CHOICE(name, portal, clock, label) #name,
    STATES(STATE_CHOICE)
#undef STATE_CHOICE
        NULL};

#define PAGE_FIELDS(type)                                                                                    \
    FIELD_OF(type, limit, FIELD_NUMBER, .min = 1, .max = PAGE_MAX),                                          \
        FIELD_OF(type, cursor, FIELD_TEXT, .min = 1, .max = 200)

const struct field list_query_fields[] = {
    FIELD_OF(struct list_query, state, FIELD_CHOICE, .choices = state_choices),
    FIELD_OF(struct list_query, agency, FIELD_TEXT, .min = 3, .max = 32),
    FIELD_OF(struct list_query, handler, FIELD_TEXT, .min = 1, .max = 63, .is_well_formed = field_is_username,
             .format = "tên đăng nhập"),
    FIELD_OF(struct list_query, procedure, FIELD_TEXT, .min = 1, .max = 40),
    FIELD_OF(struct list_query, q, FIELD_TEXT, .min = SEARCH_POINTS_MIN, .max = 100),
    FIELD_PLAIN(struct list_query, due_before, FIELD_INSTANT),
    PAGE_FIELDS(struct list_query),
    {.kind = FIELD_END},
};

const struct field page_query_fields[] = {
    PAGE_FIELDS(struct page_query),
    {.kind = FIELD_END},
};

/* The columns that list, search and inbox share stand in the same places. */
_Static_assert((int)COL_DOSSIER_LIST_VERSION == (int)COL_DOSSIER_SEARCH_VERSION &&
                   (int)COL_DOSSIER_LIST_VERSION == (int)COL_INBOX_VERSION,
               "one writer for three statements");

/* A page under way: one row more is asked for than is shown, to know whether there is another page. */
struct page {
    int64_t limit;
    const struct live *live;
    int64_t now_s;
    bool is_inbox, is_search, is_sheet;
};

static struct text agency_name(const struct page *page, struct text code)
{
    const struct agency *agency = catalogue_agency(live_catalogue(page->live), code);

    return agency != NULL ? agency->name : code;
}

static void put_procedure(struct json_out *out, const struct page *page, int64_t id)
{
    const struct procedure_version *version = catalogue_version(live_catalogue(page->live), id);

    json_key(out, "procedure");
    json_open_object(out);
    json_put_text(out, "code", version != NULL ? version->code : TEXT_NONE);
    json_put_text(out, "name", version != NULL ? version->name : TEXT_NONE);
    json_close_object(out);
}

static void put_state(struct json_out *out, struct text name)
{
    enum dossier_state state;

    must(state_from_name(name, &state));
    json_put_string(out, "state", state_name(state));
    json_put_string(out, "state_label", state_label(state));
}

/* How many worked minutes are left until the holder is late; negative: late already. */
static void put_risk(struct json_out *out, const struct page *page, const struct db_answer *answer, int row)
{
    int64_t const risk_s = db_i64(answer, row, COL_INBOX_RISK_AT), now_s = page->now_s;
    const struct agency *unit =
        catalogue_agency(live_catalogue(page->live), db_text(answer, row, COL_INBOX_HOLDER_UNIT));
    const struct calendar *calendar = unit == NULL ? NULL : live_calendar(page->live, unit);

    json_put_instant(out, "risk_at", risk_s);
    json_put_instant(out, "step_due_at", db_i64(answer, row, COL_INBOX_STEP_DUE));
    json_key(out, "remaining_minutes");
    if (calendar == NULL)
        json_null(out);
    else
        json_i64(out, risk_s >= now_s ? calendar_worked_min(calendar, now_s, risk_s)
                                      : -calendar_worked_min(calendar, risk_s, now_s));
}

static void put_row(struct json_out *out, const struct page *page, const struct db_answer *answer, int row)
{
    json_open_object(out);
    json_put_text(out, "code", db_text(answer, row, COL_DOSSIER_LIST_CODE));
    json_put_i64(out, "version", db_i64(answer, row, COL_DOSSIER_LIST_VERSION));
    put_state(out, db_text(answer, row, COL_DOSSIER_LIST_STATE));
    put_procedure(out, page, db_i64(answer, row, COL_DOSSIER_LIST_PROCEDURE_VERSION));
    json_put_text(out, "owner_name", db_text(answer, row, COL_DOSSIER_LIST_OWNER_NAME));
    json_put_text(out, "receiving_unit", db_text(answer, row, COL_DOSSIER_LIST_RECEIVING_UNIT));
    json_put_text(out, "competent_agency", db_text(answer, row, COL_DOSSIER_LIST_COMPETENT_AGENCY));
    json_put_text(out, "holder_unit", db_text(answer, row, COL_DOSSIER_LIST_HOLDER_UNIT));
    json_put_text(out, "holder_unit_name",
                  agency_name(page, db_text(answer, row, COL_DOSSIER_LIST_HOLDER_UNIT)));
    json_put_text(out, "handler_name", db_text(answer, row, COL_DOSSIER_LIST_HANDLER_NAME));
    json_put_instant(out, "accepted_at", db_i64(answer, row, COL_DOSSIER_LIST_ACCEPTED_AT));
    json_put_instant(out, "due_at", db_i64(answer, row, COL_DOSSIER_LIST_DUE_CLOCK));
    json_put_instant(out, "due_eod", db_i64(answer, row, COL_DOSSIER_LIST_DUE_EOD));
    json_put_instant(out, "finished_at", db_i64(answer, row, COL_DOSSIER_LIST_FINISHED_AT));
    json_put_text(out, "timeliness", db_text(answer, row, COL_DOSSIER_LIST_TIMELINESS));
    if (page->is_inbox)
        put_risk(out, page, answer, row);
    json_close_object(out);
}

/* Where the next page begins: behind this row. A search has the open dossiers before the closed ones. */
static struct text page_end(struct req *req, const struct page *page, const struct db_answer *answer, int row)
{
    const char *position =
        arena_printf(req->arena, "%s|%s", db_string(answer, row, COL_DOSSIER_LIST_DUE_ORDER),
                     db_string(answer, row, COL_DOSSIER_LIST_ID));

    if (page->is_search)
        position =
            arena_printf(req->arena, "%s|%s", db_string(answer, row, COL_DOSSIER_SEARCH_IS_CLOSED), position);
    return cursor_write(req, text_of(position));
}

static enum act page_shown(struct req *req, const struct db_answer *answer)
{
    const struct page *page = req->state;
    struct json_out out = json_out_begin(req->arena);
    int rows = db_row_count(answer);
    struct text next = TEXT_NONE;

    if (rows == 0 || db_is_null(answer, 0, COL_DOSSIER_LIST_PERSON))
        return refuse_not_signed_in(req);
    if (db_is_null(answer, 0, COL_DOSSIER_LIST_ID))
        rows = 0;
    if (page->is_sheet)
        return list_sheet(req, &(struct list_rows){answer, rows, page->live, page->now_s});
    if (rows > page->limit) {
        int const last = (int)page->limit - 1;

        rows = (int)page->limit;
        next = page_end(req, page, answer, last);
    }
    json_open_object(&out);
    json_key(&out, "items");
    json_open_array(&out);
    for (int row = 0; row < rows; row++)
        put_row(&out, page, answer, row);
    json_close_array(&out);
    json_put_text(&out, "next", next);
    json_close_object(&out);
    return reply_json(req, 200, json_out_end(&out));
}

/* A position is "<timestamptz>|<id>", a search's "<true or false>|<timestamptz>|<id>", as page_end() wrote
 * it; what anybody else wrote is refused, and so is the one of the other list. */
static bool read_search_position(struct req *req, struct text cursor, const char **after_closed,
                                 const char **after, const char **after_id)
{
    struct text position, is_closed;

    *after_closed = param_bool(false);
    if (cursor.data == NULL)
        return instant_cursor_read(req, cursor, after, after_id);
    if (!cursor_read(req, cursor, &position))
        return false;
    is_closed = text_cut(position, '|', &position);
    *after_closed = param_bool(text_equal(is_closed, TEXT("true")));
    return (text_equal(is_closed, TEXT("true")) || text_equal(is_closed, TEXT("false"))) &&
           instant_position_read(req, position, after, after_id);
}

static enum act refuse_cursor(struct req *req)
{
    req_error(req, "?cursor", "format", "Vị trí trang không đúng, hãy lấy lại từ đầu");
    return refuse(req, REFUSE_INVALID);
}

static struct page *page_begin(struct req *req, int64_t limit, bool is_inbox)
{
    struct page *page = arena_new(req->arena, struct page);

    *page = (struct page){.limit = limit == FIELD_ABSENT ? PAGE_DEFAULT : limit,
                          .live = live_hold(req),
                          .now_s = worker_now(req->worker),
                          .is_inbox = is_inbox};
    req->state = page;
    return page;
}

enum act inbox_ask(struct req *req)
{
    const struct page_query *query = req->query;
    const struct page *page = page_begin(req, query->limit, true);
    const char *after, *after_id;

    if (page->live == NULL)
        return refuse(req, REFUSE_UNAVAILABLE);
    if (!instant_cursor_read(req, query->cursor, &after, &after_id))
        return refuse_cursor(req);
    return ask(req, page_shown, SQL_INBOX, param_text(req, req->asker.session_hex), after, after_id,
               param_i64(req, page->limit + 1));
}

/* A number is asked for as people write it, 0905…, and stands in the dossier so or as +84905…. */
static struct text without_prefix(struct text q)
{
    size_t const prefix = !field_is_phone(q) ? 0 : q.data[0] == '0' ? 1 : TEXT("+84").length;

    return (struct text){.data = q.data + prefix, .length = q.length - prefix};
}

static enum act search_ask(struct req *req, struct page *page)
{
    const struct list_query *query = req->query;
    struct text const q = text_words(req->arena, query->q); /* pasted: with blanks of all kinds */
    const char *owner_key = NULL, *after_closed, *after, *after_id;

    page->is_search = true;
    if (text_points(q) < SEARCH_POINTS_MIN) {
        req_error(req, "?q", "too-short",
                  arena_printf(req->arena, "Cần ít nhất %d ký tự", SEARCH_POINTS_MIN));
        return refuse(req, REFUSE_INVALID);
    }
    if (!read_search_position(req, query->cursor, &after_closed, &after, &after_id))
        return refuse_cursor(req);
    if (field_is_personal_id(q) || field_is_tax_code(q)) {
        unsigned char hash[crypto_hash_sha256_BYTES];

        crypto_hash_sha256(hash, (const unsigned char *)q.data, q.length);
        owner_key = param_bytes(req, hash, sizeof hash);
    }
    return ask(req, page_shown, SQL_DOSSIER_SEARCH, param_text(req, req->asker.session_hex),
               param_text(req, without_prefix(q)), owner_key, param_i64(req, page->limit + 1),
               param_text(req, query->state), param_text(req, query->agency), param_text(req, query->handler),
               param_text(req, query->procedure), param_instant(req, query->due_before), after_closed, after,
               after_id);
}

enum act dossier_list_ask(struct req *req)
{
    const struct list_query *query = req->query;
    struct page *page = page_begin(req, query->limit, false);
    const char *after, *after_id, *is_closed = NULL;
    enum document_type type;
    enum dossier_state state;

    /* JSON as ever, whatever else is accepted. */
    if (document_choose(req, 1 << DOCUMENT_JSON | 1 << DOCUMENT_SHEET, DOCUMENT_JSON, &type) &&
        type == DOCUMENT_SHEET) {
        page->is_sheet = true;
        page->limit = LIST_SHEET_ROWS_MAX;
    }
    if (page->live == NULL)
        return refuse(req, REFUSE_UNAVAILABLE);
    if (query->q.data != NULL)
        return search_ask(req, page);
    if (!instant_cursor_read(req, query->cursor, &after, &after_id))
        return refuse_cursor(req);
    if (query->state.data != NULL) {
        must(state_from_name(query->state, &state));
        is_closed = param_bool(state_is_final(state));
    }
    return ask(req, page_shown, SQL_DOSSIER_LIST, param_text(req, req->asker.session_hex), after, after_id,
               param_i64(req, page->limit + 1), is_closed, param_text(req, query->state),
               param_text(req, query->agency), param_text(req, query->handler),
               param_text(req, query->procedure), param_instant(req, query->due_before));
}
