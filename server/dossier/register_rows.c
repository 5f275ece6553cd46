#include "dossier/register_rows.h"

#include "core/instant.h"
#include "core/json.h"
#include "dossier/dossier.h"
#include "dossier/sheet_facts.h"
#include "forms/form_table_rules.h"
#include "forms/form_words_rules.h"

#define COLUMN(name) COL_REGISTER_LIST_##name

/* One row, as all three writers want it. */
struct line {
    struct text code, procedure_code, procedure_name, owner_name, address, phone, lead_agency;
    struct text return_channel, receiver_name, clerk_name, document, state;
    int64_t register_year, register_no, set_count, supplements;
    int64_t accepted_at_s, due_at_s, reappointed_s, transferred_at_s, finished_at_s, returned_at_s;
    int64_t fees;
};

static struct text member(const cJSON *object, const char *name)
{
    return text_of(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name)));
}

static const cJSON *parse(struct req *req, struct text json)
{
    struct json_result result;

    if (json.data == NULL)
        return NULL;
    result = json_parse(req->arena, json, &json_limits_file);
    must(result.fault == JSON_OK); /* PostgreSQL kept it */
    return result.root;
}

static int64_t sum_of(const cJSON *fees)
{
    const cJSON *fee;
    int64_t sum = 0;

    cJSON_ArrayForEach(fee, fees)
    {
        const cJSON *amount = cJSON_GetObjectItemCaseSensitive(fee, "amount");

        sum += cJSON_IsNumber(amount) ? (int64_t)amount->valuedouble : 0;
    }
    return sum;
}

static struct line line_of(struct req *req, const struct register_rows *rows, int row)
{
    const struct db_answer *answer = rows->answer;
    const struct procedure_version *version =
        catalogue_version(live_catalogue(rows->live), db_i64(answer, row, COLUMN(PROCEDURE_VERSION)));
    const struct agency *lead =
        catalogue_agency(live_catalogue(rows->live), db_text(answer, row, COLUMN(LEAD_AGENCY)));
    const cJSON *owner = parse(req, db_text(answer, row, COLUMN(OWNER)));

    return (struct line){
        .code = db_text(answer, row, COLUMN(CODE)),
        .procedure_code = version != NULL ? version->code : TEXT("?"),
        .procedure_name = version != NULL ? version->name : TEXT("?"),
        .owner_name = member(owner, "name"),
        .address = member(owner, "address"),
        .phone = member(owner, "phone"),
        .lead_agency = lead != NULL ? lead->name : db_text(answer, row, COLUMN(LEAD_AGENCY)),
        .return_channel = db_text(answer, row, COLUMN(RETURN_CHANNEL)),
        .receiver_name = db_text(answer, row, COLUMN(RECEIVER_NAME)),
        .clerk_name = db_text(answer, row, COLUMN(CLERK_NAME)),
        .document = db_text(answer, row, COLUMN(DOCUMENT)),
        .state = db_text(answer, row, COLUMN(STATE)),
        .register_year = db_i64(answer, row, COLUMN(REGISTER_YEAR)),
        .register_no = db_i64(answer, row, COLUMN(REGISTER_NO)),
        .set_count = version != NULL && version->sets > 0 ? version->sets : 1,
        .supplements = db_i64(answer, row, COLUMN(SUPPLEMENTS)),
        .accepted_at_s = db_i64(answer, row, COLUMN(ACCEPTED_AT)),
        .due_at_s = db_i64(answer, row, COLUMN(DUE_CLOCK)),
        .reappointed_s = db_i64(answer, row, COLUMN(REAPPOINTED)),
        .transferred_at_s = db_i64(answer, row, COLUMN(TRANSFERRED_AT)),
        .finished_at_s = db_i64(answer, row, COLUMN(FINISHED_AT)),
        .returned_at_s = db_i64(answer, row, COLUMN(RETURNED_AT)),
        .fees = sum_of(parse(req, db_text(answer, row, COLUMN(FEES)))),
    };
}

static struct text state_words(struct text name)
{
    enum dossier_state state;

    must(state_from_name(name, &state));
    return text_of(state_label(state));
}

static void put_item(struct json_out *out, const struct line *line)
{
    json_open_object(out);
    json_put_text(out, "code", line->code);
    json_put_i64(out, "register_year", line->register_year);
    json_put_i64(out, "register_no", line->register_no);
    json_key(out, "procedure");
    json_open_object(out);
    json_put_text(out, "code", line->procedure_code);
    json_put_text(out, "name", line->procedure_name);
    json_close_object(out);
    json_put_i64(out, "sets", line->set_count);
    json_put_text(out, "owner_name", line->owner_name);
    json_put_text(out, "address", line->address);
    json_put_text(out, "phone", line->phone);
    json_put_text(out, "competent_agency_name", line->lead_agency);
    json_put_text(out, "state", line->state);
    json_put_text(out, "state_label", state_words(line->state));
    json_put_instant(out, "accepted_at", line->accepted_at_s);
    json_put_instant(out, "due_at", line->due_at_s);
    json_put_instant(out, "reappointed_due_at", line->reappointed_s);
    json_put_instant(out, "transferred_at", line->transferred_at_s);
    json_put_instant(out, "finished_at", line->finished_at_s);
    json_put_instant(out, "returned_at", line->returned_at_s);
    json_put_text(out, "return_channel", line->return_channel);
    json_put_text(out, "receiver_name", line->receiver_name);
    json_put_text(out, "clerk_name", line->clerk_name);
    json_put_text(out, "document_number", line->document);
    json_put_i64(out, "supplements", line->supplements);
    json_put_i64(out, "fee_total", line->fees);
    json_close_object(out);
}

struct text register_json(struct req *req, const struct register_rows *rows, struct text next)
{
    struct json_out out = json_out_begin(req->arena);

    json_open_object(&out);
    json_key(&out, "items");
    json_open_array(&out);
    for (int row = 0; row < rows->count; row++) {
        struct line const line = line_of(req, rows, row);

        put_item(&out, &line);
    }
    json_close_array(&out);
    json_put_text(&out, "next", next);
    json_close_object(&out);
    return json_out_end(&out);
}

/* What the book notes besides: a supplement, an apology. */
static struct text note_of(struct req *req, const struct line *line)
{
    const char *note = "";

    if (line->supplements > 0)
        note = arena_printf(req->arena, "Bổ sung hồ sơ %lld lần", (long long)line->supplements);
    if (line->reappointed_s != 0)
        note = arena_printf(req->arena, "%s%sXin lỗi, hẹn lại %.*s", note, *note != '\0' ? "; " : "",
                            TEXT_ARG(form_short_day(req->arena, line->reappointed_s)));
    return *note != '\0' ? text_of(note) : TEXT_NONE;
}

static void put_fact(struct req *req, struct json_out *out, const struct line *line)
{
    json_open_object(out);
    json_put_i64(out, "line", line->register_no);
    json_put_text(out, "code", line->code);
    json_put_text(out, "procedure_name", line->procedure_name);
    json_put_i64(out, "set_count", line->set_count);
    json_put_text(out, "owner_name", line->owner_name);
    json_put_text(out, "address", line->address);
    json_put_text(out, "phone", line->phone);
    json_put_text(out, "lead_agency", line->lead_agency);
    json_put_instant(out, "accepted_at", line->accepted_at_s);
    json_put_instant(out, "due_at", line->due_at_s);
    json_put_instant(out, "transferred_at", line->transferred_at_s);
    json_put_instant(out, "finished_at", line->finished_at_s);
    json_put_instant(out, "returned_at", line->returned_at_s);
    json_put_text(out, "return_channel", line->return_channel);
    json_put_text(out, "receiver_name", line->receiver_name);
    json_put_text(out, "clerk_name", line->clerk_name);
    json_put_text(out, "result", line->document);
    json_put_text(out, "note", note_of(req, line));
    json_put_bool(out, "has_fee", line->fees > 0);
    json_close_object(out);
}

static const char *book_of(struct req *req, const struct register_head *head)
{
    int year, month, day;

    day_to_civil(instant_day(head->from_s), &year, &month, &day);
    return arena_printf(req->arena, "01/%d", year);
}

/* The deciding agency, where all results come from one; else to be filled in. */
static struct text giving_unit(struct req *req, const struct register_rows *rows)
{
    struct text giving = TEXT_NONE;

    for (int row = 0; row < rows->count; row++) {
        struct line const line = line_of(req, rows, row);

        if (row > 0 && !text_equal(giving, line.lead_agency))
            return TEXT("………………………………");
        giving = line.lead_agency;
    }
    return giving.data != NULL ? giving : TEXT("………………………………");
}

struct text register_facts(struct req *req, const struct register_rows *rows,
                           const struct register_head *head)
{
    const struct agency *unit = head->unit;
    struct json_out out = json_out_begin(req->arena);

    json_open_object(&out);
    json_put_string(&out, "form_set", form_set_name(form_set_at(head->from_s)));
    json_put_text(&out, "superior_agency", unit->superior_line.length > 0 ? unit->superior_line : TEXT_NONE);
    json_put_text(&out, "issuing_agency", unit->own_line.length > 0 ? unit->own_line : unit->name);
    json_put_text(&out, "place", catalogue_place(unit));
    json_put_instant(&out, "dated", head->to_s);
    json_put_text(&out, "unit_name", unit->name);
    json_put_string(&out, "register_book", book_of(req, head));
    if (head->is_results)
        json_put_text(&out, "giving_unit", giving_unit(req, rows));
    json_put_instant(&out, "from", head->from_s);
    json_put_instant(&out, "to", head->to_s);
    json_key(&out, "lines");
    json_open_array(&out);
    for (int row = 0; row < rows->count; row++) {
        struct line const line = line_of(req, rows, row);

        put_fact(req, &out, &line);
    }
    json_close_array(&out);
    json_close_object(&out);
    return json_out_end(&out);
}

static void put_cells(struct req *req, struct json_out *out, const struct line *line)
{
    json_open_array(out);
    json_i64(out, line->register_no);
    json_text(out, line->code);
    json_text(out, line->procedure_code);
    json_text(out, line->procedure_name);
    json_i64(out, line->set_count);
    json_text(out, line->owner_name);
    json_text(out, line->address);
    json_text(out, line->phone);
    json_text(out, line->lead_agency);
    sheet_instant(out, line->accepted_at_s);
    sheet_instant(out, line->due_at_s);
    sheet_instant(out, line->transferred_at_s);
    sheet_instant(out, line->finished_at_s);
    sheet_instant(out, line->returned_at_s);
    json_text(out, text_equal(line->return_channel, TEXT("POST"))     ? TEXT("Bưu chính công ích")
                   : text_equal(line->return_channel, TEXT("ONLINE")) ? TEXT("Điện tử")
                                                                      : TEXT("Trực tiếp"));
    json_text(out, line->receiver_name);
    json_text(out, line->document);
    json_i64(out, line->fees);
    json_text(out, state_words(line->state));
    json_text(out, line->clerk_name);
    json_text(out, note_of(req, line));
    json_close_array(out);
}

struct text register_sheet(struct req *req, const struct register_rows *rows,
                           const struct register_head *head)
{
    static const struct sheet_column columns[] = {
        {"STT", SHEET_NUMBER, 7},
        {"Mã hồ sơ", SHEET_TEXT, 24},
        {"Mã thủ tục", SHEET_TEXT, 12},
        {"Tên thủ tục hành chính", SHEET_TEXT, 40},
        {"Số lượng hồ sơ (bộ)", SHEET_NUMBER, 10},
        {"Tên cá nhân, tổ chức", SHEET_TEXT, 28},
        {"Địa chỉ", SHEET_TEXT, 40},
        {"Số điện thoại", SHEET_TEXT, 15},
        {"Cơ quan chủ trì giải quyết", SHEET_TEXT, 30},
        {"Nhận hồ sơ", SHEET_INSTANT, 17},
        {"Hẹn trả kết quả", SHEET_INSTANT, 17},
        {"Chuyển hồ sơ đến cơ quan giải quyết", SHEET_INSTANT, 17},
        {"Nhận kết quả từ cơ quan giải quyết", SHEET_INSTANT, 17},
        {"Trả kết quả", SHEET_INSTANT, 17},
        {"Phương thức nhận kết quả", SHEET_TEXT, 18},
        {"Người nhận kết quả", SHEET_TEXT, 24},
        {"Số kết quả", SHEET_TEXT, 16},
        {"Phí, lệ phí (đồng)", SHEET_MONEY, 14},
        {"Trạng thái", SHEET_TEXT, 26},
        {"Người tiếp nhận", SHEET_TEXT, 24},
        {"Ghi chú", SHEET_TEXT, 30},
    };
    struct text const from = form_short_day(req->arena, head->from_s);
    struct text const to = form_short_day(req->arena, head->to_s);
    struct json_out out =
        sheet_begin(req->arena, head->is_results ? "Kết quả bàn giao" : "Sổ theo dõi hồ sơ",
                    arena_printf(req->arena, "%.*s; %s từ %.*s đến %.*s", TEXT_ARG(head->unit->name),
                                 head->is_results ? "kết quả" : "tiếp nhận", TEXT_ARG(from), TEXT_ARG(to)),
                    columns, array_length(columns));

    for (int row = 0; row < rows->count; row++) {
        struct line const line = line_of(req, rows, row);

        put_cells(req, &out, &line);
    }
    return sheet_end(&out);
}
