#include "dossier/list_sheet.h"

#include "dossier/document.h"
#include "dossier/dossier.h"
#include "dossier/dossier_routes.h"
#include "dossier/sheet_facts.h"
#include "forms/form_words_rules.h"

static struct text agency_name(const struct list_rows *list, struct text code)
{
    const struct agency *agency = catalogue_agency(live_catalogue(list->live), code);

    return agency != NULL ? agency->name : code;
}

static void put_cells(struct json_out *out, const struct list_rows *list, int row)
{
    const struct procedure_version *version = catalogue_version(
        live_catalogue(list->live), db_i64(list->answer, row, COL_DOSSIER_LIST_PROCEDURE_VERSION));
    struct text const timeliness = db_text(list->answer, row, COL_DOSSIER_LIST_TIMELINESS);
    enum dossier_state state;

    must(state_from_name(db_text(list->answer, row, COL_DOSSIER_LIST_STATE), &state));
    json_open_array(out);
    json_text(out, db_text(list->answer, row, COL_DOSSIER_LIST_CODE));
    json_text(out, version != NULL ? version->code : TEXT_NONE);
    json_text(out, version != NULL ? version->name : TEXT_NONE);
    json_text(out, db_text(list->answer, row, COL_DOSSIER_LIST_OWNER_NAME));
    json_text(out, text_of(state_label(state)));
    json_text(out, agency_name(list, db_text(list->answer, row, COL_DOSSIER_LIST_RECEIVING_UNIT)));
    json_text(out, agency_name(list, db_text(list->answer, row, COL_DOSSIER_LIST_COMPETENT_AGENCY)));
    json_text(out, agency_name(list, db_text(list->answer, row, COL_DOSSIER_LIST_HOLDER_UNIT)));
    json_text(out, db_text(list->answer, row, COL_DOSSIER_LIST_HANDLER_NAME));
    sheet_instant(out, db_i64(list->answer, row, COL_DOSSIER_LIST_ACCEPTED_AT));
    sheet_instant(out, db_i64(list->answer, row, COL_DOSSIER_LIST_DUE_CLOCK));
    sheet_instant(out, db_i64(list->answer, row, COL_DOSSIER_LIST_FINISHED_AT));
    json_text(out, text_equal(timeliness, TEXT("EARLY"))     ? TEXT("Trước hạn")
                   : text_equal(timeliness, TEXT("ON_TIME")) ? TEXT("Đúng hạn")
                   : text_equal(timeliness, TEXT("OVERDUE")) ? TEXT("Quá hạn")
                                                             : TEXT_NONE);
    json_close_array(out);
}

/* Which filters made the list, in the words of the query's table. */
static const char *filters_told(struct req *req, const struct list_rows *list)
{
    const struct list_query *query = req->query;
    enum dossier_state state;
    const char *told = "";

    if (query->state.data != NULL && state_from_name(query->state, &state))
        told = arena_printf(req->arena, "; trạng thái: %s", state_label(state));
    if (query->agency.data != NULL)
        told =
            arena_printf(req->arena, "%s; cơ quan: %.*s", told, TEXT_ARG(agency_name(list, query->agency)));
    if (query->handler.data != NULL)
        told = arena_printf(req->arena, "%s; người xử lý: %.*s", told, TEXT_ARG(query->handler));
    if (query->procedure.data != NULL)
        told = arena_printf(req->arena, "%s; thủ tục: %.*s", told, TEXT_ARG(query->procedure));
    if (query->due_before != FIELD_ABSENT)
        told = arena_printf(req->arena, "%s; hẹn trả trước %.*s", told,
                            TEXT_ARG(form_moment(req->arena, query->due_before)));
    if (query->q.data != NULL)
        told = arena_printf(req->arena, "%s; tìm: %.*s", told, TEXT_ARG(query->q));
    return arena_printf(req->arena, "Lập lúc %.*s%s", TEXT_ARG(form_moment(req->arena, list->now_s)), told);
}

static struct text sheet_of(struct req *req, const struct list_rows *list)
{
    static const struct sheet_column columns[] = {
        {"Mã hồ sơ", SHEET_TEXT, 24},           {"Mã thủ tục", SHEET_TEXT, 12},
        {"Tên thủ tục", SHEET_TEXT, 44},        {"Chủ hồ sơ", SHEET_TEXT, 28},
        {"Trạng thái", SHEET_TEXT, 28},         {"Nơi tiếp nhận", SHEET_TEXT, 32},
        {"Cơ quan giải quyết", SHEET_TEXT, 32}, {"Đang ở", SHEET_TEXT, 32},
        {"Người xử lý", SHEET_TEXT, 24},        {"Tiếp nhận", SHEET_INSTANT, 17},
        {"Hẹn trả", SHEET_INSTANT, 17},         {"Giải quyết xong", SHEET_INSTANT, 17},
        {"Kết quả giải quyết", SHEET_TEXT, 16},
    };
    struct json_out out =
        sheet_begin(req->arena, "Danh sách hồ sơ", filters_told(req, list), columns, array_length(columns));

    for (int row = 0; row < list->count; row++)
        put_cells(&out, list, row);
    return sheet_end(&out);
}

enum act list_sheet(struct req *req, const struct list_rows *list)
{
    struct document *document = arena_new(req->arena, struct document);

    if (list->count > LIST_SHEET_ROWS_MAX) {
        req_error(req, "?due_before", "out-of-range", "Quá 2000 hồ sơ, hãy thêm bộ lọc");
        return refuse(req, REFUSE_INVALID);
    }
    *document = (struct document){.type = DOCUMENT_SHEET,
                                  .form = "sheet",
                                  .file_name = "danh-sach-ho-so.xlsx",
                                  .facts = sheet_of(req, list)};
    return document_ask(req, document);
}
