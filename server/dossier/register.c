#include "dossier/register.h"

#include "core/instant.h"
#include "core/json.h"
#include "dossier/document.h"
#include "dossier/register_rows.h"
#include "identity/identity.h"

enum {
    PAGE_DEFAULT = 50,
    PAGE_MAX = 200,
    DOCUMENT_ROWS_MAX = 1000,
    DAYS_MAX = 31, /* the book of a month; more is a report */
    DAY_S = 24 * 3600,
    ALLOWED = 1 << DOCUMENT_JSON | 1 << DOCUMENT_PDF | 1 << DOCUMENT_HTML | 1 << DOCUMENT_SHEET,
};

struct register_query {
    int64_t from, to, limit;
    struct text unit, list, cursor;
};

static const char *const list_choices[] = {"RECEIVED", "RESULTS", NULL};
static const struct field register_query_fields[] = {
    FIELD_PLAIN(struct register_query, from, FIELD_DAY),
    FIELD_PLAIN(struct register_query, to, FIELD_DAY),
    FIELD_OF(struct register_query, unit, FIELD_TEXT, .min = 3, .max = 32),
    FIELD_OF(struct register_query, list, FIELD_CHOICE, .choices = list_choices),
    FIELD_OF(struct register_query, limit, FIELD_NUMBER, .min = 1, .max = PAGE_MAX),
    FIELD_OF(struct register_query, cursor, FIELD_TEXT, .min = 1, .max = 200),
    {.kind = FIELD_END},
};

/* A register under way. */
struct reading {
    struct document document;
    struct register_head head;
    const struct live *live;
    int64_t limit;
};

static enum act refuse_span(struct req *req, const char *pointer, const char *detail)
{
    req_error(req, pointer, "out-of-range", detail);
    return refuse(req, REFUSE_INVALID);
}

static enum act print(struct req *req, struct reading *reading, const struct register_rows *rows)
{
    struct document *document = &reading->document;
    bool const is_sheet = document->type == DOCUMENT_SHEET;
    char day[INSTANT_TEXT_BYTES];

    document->form = is_sheet ? "sheet" : reading->head.is_results ? "result_handover" : "register_book";
    if (is_sheet)
        document->file_name = arena_printf(
            req->arena, "%s-%s.xlsx", reading->head.is_results ? "ban-giao-ket-qua" : "so-theo-doi-ho-so",
            day_format(day, instant_day(reading->head.from_s)));
    document->facts =
        is_sheet ? register_sheet(req, rows, &reading->head) : register_facts(req, rows, &reading->head);
    return document_ask(req, document);
}

static enum act register_read(struct req *req, const struct db_answer *answer)
{
    struct reading *reading = req->state;
    struct register_rows rows = {.answer = answer, .count = db_row_count(answer), .live = reading->live};
    struct text next = TEXT_NONE;

    if (rows.count == 0 || db_is_null(answer, 0, COL_REGISTER_LIST_PERSON))
        return refuse_not_signed_in(req);
    if (db_is_null(answer, 0, COL_REGISTER_LIST_ID))
        rows.count = 0;
    if (reading->document.type != DOCUMENT_JSON) {
        if (rows.count > reading->limit)
            return refuse_span(req, "?to", "Quá 1000 hồ sơ, hãy chia nhỏ khoảng ngày");
        return print(req, reading, &rows);
    }
    if (rows.count > reading->limit) {
        int const last = (int)reading->limit - 1;

        rows.count = (int)reading->limit;
        next = cursor_write(req, text_of(arena_printf(req->arena, "%s|%s",
                                                      db_string(answer, last, COL_REGISTER_LIST_ORDER_AT),
                                                      db_string(answer, last, COL_REGISTER_LIST_ID))));
    }
    return reply_json(req, 200, register_json(req, &rows, next));
}

/* The first unit at whose desk the asker works; data == NULL: at none. */
static struct text own_unit(struct req *req)
{
    struct json_result const json = json_parse(req->arena, req->asker.grants, &json_limits_file);
    const cJSON *grant;

    must(json.fault == JSON_OK); /* PostgreSQL made it */
    cJSON_ArrayForEach(grant, json.root)
    {
        const char *role = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(grant, "role"));

        if (role != NULL && (strcmp(role, "receiver") == 0 || strcmp(role, "return_clerk") == 0))
            return text_of(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(grant, "agency")));
    }
    return TEXT_NONE;
}

/* The unit and the days; false: refused, *act says how. */
static bool read_head(struct req *req, struct reading *reading, enum act *act)
{
    const struct register_query *query = req->query;
    struct text const unit = query->unit.data != NULL ? query->unit : own_unit(req);
    int64_t const today = instant_day(worker_now(req->worker));
    int64_t const from = query->from != FIELD_ABSENT ? query->from
                         : query->to != FIELD_ABSENT ? query->to
                                                     : today;
    int64_t const to = query->to != FIELD_ABSENT ? query->to : from;

    if (unit.data == NULL) {
        req_error(req, "?unit", "required", "Cho biết sổ của bộ phận một cửa nào");
        *act = refuse(req, REFUSE_INVALID);
        return false;
    }
    if (to < from || to - from >= DAYS_MAX) {
        *act = refuse_span(req, "?to", "Chọn từ 1 đến 31 ngày, ngày cuối không trước ngày đầu");
        return false;
    }
    reading->head = (struct register_head){
        .unit = catalogue_agency(live_catalogue(reading->live), unit),
        .from_s = instant_at((int32_t)from, 0),
        .to_s = instant_at((int32_t)to, DAY_S - 1),
        .is_results = text_equal(query->list, TEXT("RESULTS")),
    };
    if (reading->head.unit == NULL) {
        *act = refuse(req, REFUSE_NO_SUCH_AGENCY);
        return false;
    }
    return true;
}

static enum act register_ask(struct req *req)
{
    const struct register_query *query = req->query;
    struct reading *reading = arena_new(req->arena, struct reading);
    const char *after, *after_id;
    enum act act;

    if (!document_choose(req, ALLOWED, DOCUMENT_JSON, &reading->document.type))
        return refuse(req, REFUSE_NOT_ACCEPTABLE);
    reading->live = live_hold(req);
    if (reading->live == NULL)
        return refuse(req, REFUSE_UNAVAILABLE);
    if (!read_head(req, reading, &act))
        return act;
    if (!instant_cursor_read(req, query->cursor, &after, &after_id)) {
        req_error(req, "?cursor", "format", "Vị trí trang không đúng, hãy lấy lại từ đầu");
        return refuse(req, REFUSE_INVALID);
    }
    reading->limit = reading->document.type != DOCUMENT_JSON ? DOCUMENT_ROWS_MAX
                     : query->limit == FIELD_ABSENT          ? PAGE_DEFAULT
                                                             : query->limit;
    req->state = reading;
    return ask(req, register_read, SQL_REGISTER_LIST, param_text(req, req->asker.session_hex),
               param_text(req, reading->head.unit->code), param_instant(req, reading->head.from_s),
               param_instant(req, reading->head.to_s + 1), param_bool(reading->head.is_results), after,
               param_i64(req, reading->limit + 1), after_id);
}

const struct route register_routes[1] = {
    {NET_GET, "/api/v1/register", WHO_STAFF, ROUTE_PAGE, register_query_fields, sizeof(struct register_query),
     NULL, 0, register_ask, "register_list",
     "Sổ theo dõi hồ sơ của một bộ phận một cửa (Mẫu 06 của 2018, 07 của 2025), hoặc với list=RESULTS phiếu "
     "bàn "
     "giao kết quả; không ghi ngày là hôm nay, không ghi bộ phận là nơi mình tiếp nhận",
     "200 register", "not-acceptable no-such-agency unavailable"},
};
