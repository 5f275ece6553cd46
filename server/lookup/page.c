/*
 * The page behind the receipt's QR. What a citizen types into its form travels in a body, so that no address,
 * no history and no front's log has the secret of it (docs/decisions/021).
 */
#include <inttypes.h>

#include "core/instant.h"
#include "core/json.h"
#include "lookup/lookup.h"
#include "lookup/page_parts.h"

const struct field secret_query_fields[] = {
    FIELD_OF(struct secret_query, secret, FIELD_TEXT, .min = 0, .max = 64),
    {.kind = FIELD_END},
};

/* As long as an address can be: what is too long for a code is one that nobody has, and is told on the page.
 */
const struct field form_query_fields[] = {
    FIELD_OF(struct form_query, code, FIELD_TEXT, .min = 0, .max = 65536),
    FIELD_OF(struct form_query, secret, FIELD_TEXT, .min = 0, .max = 65536),
    {.kind = FIELD_END},
};

static const char footer[] =
    "Trang này không hiện họ tên, địa chỉ. Khi đến nhận kết quả, mang theo giấy hẹn và "
    "giấy tờ tùy thân.";

static void put_form(struct text_out *out, struct text code)
{
    page_put(out,
             "<form action=\"/tra-cuu\" method=\"post\"><label for=\"code\">Mã hồ sơ trên giấy hẹn</label>"
             "<input id=\"code\" name=\"code\" required autocomplete=\"off\" autocapitalize=\"characters\" "
             "spellcheck=\"false\" value=\"");
    page_put_escaped(out, code);
    page_put(out, "\"><label for=\"secret\">Mã tra cứu (nếu muốn xem chi tiết)</label><input id=\"secret\" "
                  "name=\"secret\" "
                  "autocomplete=\"off\" autocapitalize=\"characters\" spellcheck=\"false\">"
                  "<button>Xem tình trạng</button></form>");
}

/* What the citizen should do now, in one sentence. */
static const char *advice(enum dossier_state state)
{
    switch (state) {
    case STATE_SUPPLEMENT_WAIT:
    case STATE_INTAKE_SUPPLEMENT: return "Ông/Bà cần nộp thêm giấy tờ tại nơi tiếp nhận.";
    case STATE_FINANCIAL_WAIT: return "Ông/Bà cần nộp khoản tiền theo thông báo.";
    case STATE_RESULT_READY:
    case STATE_UNCLAIMED: return "Mời Ông/Bà đến nơi tiếp nhận để nhận kết quả.";
    case STATE_REFUSED_WITH_REASON: return "Mời Ông/Bà đến nơi tiếp nhận để nhận văn bản trả lời.";
    case STATE_RETURN_IN_POST: return "Kết quả đang được bưu điện chuyển đến Ông/Bà.";
    case STATE_DRAFT:
    case STATE_SUBMITTED:
    case STATE_INTAKE_REFUSED:
    case STATE_ACCEPTED:
    case STATE_IN_TRANSFER:
    case STATE_ASSIGNING:
    case STATE_PROCESSING:
    case STATE_CONSULTING:
    case STATE_REVIEW:
    case STATE_SIGNING:
    case STATE_ISSUING:
    case STATE_LEG_HANDOVER:
    case STATE_RETURNED:
    case STATE_WITHDRAW_REQUESTED:
    case STATE_WITHDRAWN:
    case STATE_STOPPED:
    case STATE_ARCHIVED:
    case STATE_COUNT: return NULL;
    }
    unreachable();
}

static struct text member(const cJSON *item, const char *name)
{
    return text_of(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, name)));
}

static void put_missing(struct req *req, struct text_out *out, const struct status *status)
{
    struct json_result const json = json_parse(req->arena, status->missing, &json_limits_file);
    const cJSON *item;

    if (status->missing.data == NULL || json.fault != JSON_OK)
        return;
    page_put(out, "<h2>Cần bổ sung</h2><ul>");
    cJSON_ArrayForEach(item, json.root)
    {
        struct text const code = member(item, "component");
        const struct component *component =
            status->version_asked != NULL ? version_component(status->version_asked, code) : NULL;

        page_put(out, "<li>");
        page_put_escaped(out, component != NULL ? component->name : code);
        page_put(out, ": ");
        page_put_escaped(out, member(item, "reason"));
        page_put(out, "</li>");
    }
    page_put(out, "</ul>");
}

static void put_milestones(struct req *req, struct text_out *out, const struct status *status)
{
    struct json_result const json = json_parse(req->arena, status->milestones, &json_limits_file);
    const cJSON *item;

    must(json.fault == JSON_OK); /* PostgreSQL made it */
    page_put(out, "<h2>Các bước đã qua</h2><ol>");
    cJSON_ArrayForEach(item, json.root)
    {
        enum dossier_state state;
        int64_t at_s;

        must(state_from_name(member(item, "state"), &state) && instant_parse(member(item, "at"), &at_s));
        page_put(out, "<li><dl>");
        page_put_time(out, state_label(state), at_s);
        page_put(out, "</dl></li>");
    }
    page_put(out, "</ol>");
}

static enum act show_status(struct req *req, const struct status *status)
{
    struct text_out out = page_begin_watched(req, "Tình trạng hồ sơ", status->code, status->version);
    const char *what_now = advice(status->state);

    page_put(&out, what_now != NULL ? "<p class=\"state wait\">" : "<p class=\"state\">");
    page_put(&out, state_label(status->state));
    page_put(&out, "</p>");
    if (what_now != NULL) {
        page_put(&out, "<p><strong>");
        page_put(&out, what_now);
        page_put(&out, "</strong></p>");
    }
    page_put(&out, "<dl>");
    page_put_pair(&out, "Mã hồ sơ", status->code);
    page_put_pair(&out, "Thủ tục", status->procedure);
    page_put_time(&out, "Tiếp nhận lúc", status->accepted_at_s);
    page_put_time(&out, "Hẹn trả kết quả lúc", status->due_at_s);
    page_put_time(&out, "Có kết quả lúc", status->finished_at_s);
    page_put_time(&out, "Bổ sung trước", status->supplement_due_s);
    page_put_pair(&out, "Nơi đang giữ hồ sơ", status->holder_name);
    page_put_pair(&out, "Nơi tiếp nhận và trả kết quả", status->receiving_unit_name);
    page_put_pair(&out, "Địa chỉ", status->address);
    page_put_pair(&out, "Điện thoại", status->phone);
    page_put(&out, "</dl>");
    if (status->is_open) {
        put_missing(req, &out, status);
        put_milestones(req, &out, status);
    } else {
        put_form(&out, status->code);
    }
    return page_end(req, &out, 200, footer);
}

static enum act page_shown(struct req *req, enum status_outcome outcome, const struct status *status)
{
    struct text_out out;

    if (outcome == STATUS_FOUND)
        return show_status(req, status);
    req->refusal = outcome == STATUS_LIMITED ? REFUSE_TOO_MANY : REFUSE_NO_SUCH_DOSSIER;
    out = page_begin(req, outcome == STATUS_LIMITED ? "Xin chờ một lát" : "Không tìm thấy hồ sơ");
    page_put(&out,
             outcome == STATUS_LIMITED
                 ? "<p>Đã tra cứu quá nhiều lần. Ông/Bà vui lòng thử lại sau, hoặc hỏi tại nơi tiếp nhận.</p>"
                 : "<p>Mã hồ sơ hoặc mã tra cứu không đúng. Ông/Bà xem lại trên giấy hẹn.</p>");
    put_form(&out, TEXT_NONE);
    return page_end(req, &out, outcome == STATUS_LIMITED ? 429 : 404, footer);
}

enum act page_ask(struct req *req)
{
    const struct secret_query *query = req->query;

    return status_ask(req, req->ids[0], query->secret.length > 0 ? query->secret : TEXT_NONE, page_shown);
}

static enum act form_ask(struct req *req, const struct form_query *asked)
{
    struct text_out out;

    if (asked->code.length > 0)
        return status_ask(req, asked->code, asked->secret.length > 0 ? asked->secret : TEXT_NONE, page_shown);
    out = page_begin(req, "Tra cứu hồ sơ");
    put_form(&out, TEXT_NONE);
    return page_end(req, &out, 200, footer);
}

enum act page_form_ask(struct req *req)
{
    return form_ask(req, req->query);
}

enum act page_typed_ask(struct req *req)
{
    return form_ask(req, req->body);
}
