#include "counter/desk.h"

#include <sodium.h>

#include "catalogue/live.h"
#include "dossier/dossier.h"
#include "identity/identity.h"

/* --- POST /api/v1/duplicates: asked in a body, because a person's number stands in no address --- */

struct duplicate_body {
    struct text procedure, personal_id, tax_code;
};

static const struct field duplicate_fields[] = {
    FIELD_OF(struct duplicate_body, procedure, FIELD_TEXT, FIELD_REQUIRED, .min = 1, .max = 40),
    FIELD_OF(struct duplicate_body, personal_id, FIELD_TEXT, .min = 0, .max = 12,
             .is_well_formed = field_is_personal_id, .format = "12 chữ số bắt đầu bằng 0, hoặc 9 chữ số"),
    FIELD_OF(struct duplicate_body, tax_code, FIELD_TEXT, .min = 0, .max = 14,
             .is_well_formed = field_is_tax_code, .format = "10 chữ số, hoặc 10-3"),
    {.kind = FIELD_END},
};

static void put_duplicate(struct json_out *out, const struct live *live, const struct db_answer *answer,
                          int row)
{
    struct text const unit = db_text(answer, row, COL_DUPLICATES_RECEIVING_UNIT);
    const struct agency *agency = catalogue_agency(live_catalogue(live), unit);
    enum dossier_state state;

    must(state_from_name(db_text(answer, row, COL_DUPLICATES_STATE), &state));
    json_open_object(out);
    json_put_text(out, "code", db_text(answer, row, COL_DUPLICATES_CODE));
    json_put_string(out, "state", state_name(state));
    json_put_string(out, "state_label", state_label(state));
    json_put_text(out, "receiving_unit_name", agency != NULL ? agency->name : unit);
    json_put_instant(out, "submitted_at", db_i64(answer, row, COL_DUPLICATES_SUBMITTED_AT));
    json_put_instant(out, "due_at", db_i64(answer, row, COL_DUPLICATES_DUE_CLOCK));
    json_close_object(out);
}

static enum act duplicates_shown(struct req *req, const struct db_answer *answer)
{
    const struct live *live = live_hold(req);
    struct json_out out = json_out_begin(req->arena);

    if (db_row_count(answer) == 0 || db_is_null(answer, 0, COL_DUPLICATES_PERSON))
        return refuse_not_signed_in(req);
    if (live == NULL)
        return refuse(req, REFUSE_UNAVAILABLE);
    json_open_object(&out);
    json_key(&out, "items");
    json_open_array(&out);
    for (int row = 0; row < db_row_count(answer) && !db_is_null(answer, row, COL_DUPLICATES_CODE); row++)
        put_duplicate(&out, live, answer, row);
    json_close_array(&out);
    json_put_text(&out, "next", TEXT_NONE);
    json_close_object(&out);
    return reply_json(req, 200, json_out_end(&out));
}

static enum act duplicates_ask(struct req *req)
{
    const struct duplicate_body *body = req->body;
    struct text const number = body->personal_id.length > 0 ? body->personal_id : body->tax_code;
    unsigned char hash[crypto_hash_sha256_BYTES];

    if (number.length == 0) {
        req_error(req, "/personal_id", "required", "Cần số định danh hoặc mã số thuế");
        return refuse(req, REFUSE_INVALID);
    }
    crypto_hash_sha256(hash, (const unsigned char *)number.data, number.length);
    return ask(req, duplicates_shown, SQL_DUPLICATES, param_text(req, req->asker.session_hex),
               param_bytes(req, hash, sizeof hash), param_text(req, body->procedure));
}

/* --- /api/v1/draft: the intake form not sent yet --- */

struct draft_body {
    struct text text;
};

static const struct field draft_fields[] = {
    FIELD_OF(struct draft_body, text, FIELD_TEXT, FIELD_REQUIRED, .min = 0, .max = 60000),
    {.kind = FIELD_END},
};

static enum act draft_shown(struct req *req, const struct db_answer *answer)
{
    struct json_out out = json_out_begin(req->arena);

    if (db_row_count(answer) == 0)
        return refuse_not_signed_in(req);
    json_open_object(&out);
    json_put_text(&out, "text", db_text(answer, 0, COL_DRAFT_FIND_BODY));
    json_put_instant(&out, "at", db_i64(answer, 0, COL_DRAFT_FIND_AT));
    json_close_object(&out);
    return reply_json(req, 200, json_out_end(&out));
}

static enum act draft_ask(struct req *req)
{
    return ask(req, draft_shown, SQL_DRAFT_FIND, param_text(req, req->asker.session_hex));
}

static enum act draft_kept(struct req *req, const struct db_answer *answer)
{
    if (text_equal(db_text(answer, 0, COL_DRAFT_PUT_OUTCOME), TEXT("not-signed-in")))
        return refuse_not_signed_in(req);
    return reply_empty(req, 204);
}

static enum act draft_put_ask(struct req *req)
{
    const struct draft_body *body = req->body;

    return ask(req, draft_kept, SQL_DRAFT_PUT, param_text(req, req->asker.session_hex),
               body->text.length > 0 ? param_text(req, body->text) : "");
}

const struct route desk_routes[4] = {
    {NET_POST, "/api/v1/duplicates", ROLE_RECEIVER, 0, NULL, 0, duplicate_fields,
     sizeof(struct duplicate_body), duplicates_ask, "duplicate_list",
     "Hồ sơ chưa xong của cùng một người, cùng thủ tục, trong phạm vi được xem", "200 DuplicateList", ""},
    {NET_GET, "/api/v1/draft", ROLE_RECEIVER, 0, NULL, 0, NULL, 0, draft_ask, "draft_show",
     "Bản tiếp nhận đang nhập dở của chính người hỏi, trong 24 giờ", "200 Draft", ""},
    {NET_PUT, "/api/v1/draft", ROLE_RECEIVER, 0, NULL, 0, draft_fields, sizeof(struct draft_body),
     draft_put_ask, "draft_put", "Giữ bản đang nhập dở; để trống là bỏ", "204", ""},
    {NET_GET, "/api/v1/desk", ROLE_RECEIVER | ROLE_RETURN_CLERK, 0, desk_day_fields,
     sizeof(struct desk_day_query), NULL, 0, desk_day_ask, "desk_day",
     "Việc trong ngày của quầy: nhận, chuyển, thu, trả", "200 DeskDay", ""},
};
