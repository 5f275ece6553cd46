/*
 * The page behind the receipt's QR: plain Vietnamese, one column, no script, a few kilobytes, fit for a 390
 * px phone and for a printer. Its style stands in the page and is allowed by its hash alone
 * (Content-Security-Policy).
 */
#include <sodium.h>
#include <stdio.h>

#include "core/instant.h"
#include "core/json.h"
#include "core/text_out.h"
#include "lookup/lookup.h"

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

static const char style[] =
    "*{box-sizing:border-box}body{margin:0 auto;max-width:40rem;padding:1rem;font:1.125rem/1.5 "
    "system-ui,'Segoe UI',"
    "Roboto,'Noto Sans',sans-serif;color:#1a1a1a;background:#fff}header{border-bottom:4px solid #a4161a;"
    "padding-bottom:.5rem}h1{font-size:1.375rem;margin:.25rem 0}h2{font-size:1.125rem;margin:1.5rem 0 "
    ".5rem}.state{font-size:1.375rem;font-weight:700;"
    "border-left:6px solid #0b5d1e;padding:.5rem .75rem;background:#eef6ef;margin:1rem "
    "0}.wait{border-color:#8a4b00;"
    "background:#fff4e5}dl{margin:0}dt{color:#4a4a4a;margin-top:.75rem}dd{margin:0;font-weight:600;"
    "overflow-wrap:anywhere}ol{padding-left:1.25rem}li{margin:.5rem 0}label{display:block;font-weight:600;"
    "margin-top:1rem}input{font:inherit;width:100%;padding:.6rem;border:2px solid #1a1a1a;border-radius:4px}"
    "button{font:inherit;font-weight:700;margin-top:1rem;padding:.7rem 1.25rem;min-height:44px;border:0;"
    "border-radius:4px;background:#1d4f91;color:#fff}a{color:#1d4f91}:focus-visible{outline:3px solid "
    "#ffb703;"
    "outline-offset:2px}footer{margin-top:2rem;border-top:1px solid #bbb;padding-top:.5rem;font-size:1rem}"
    "@media print{form,button{display:none}}";

static char policy[256];

void page_start(void)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    char encoded[sodium_base64_ENCODED_LEN(sizeof hash, sodium_base64_VARIANT_ORIGINAL)];

    crypto_hash_sha256(hash, (const unsigned char *)style, sizeof style - 1);
    sodium_bin2base64(encoded, sizeof encoded, hash, sizeof hash, sodium_base64_VARIANT_ORIGINAL);
    snprintf(policy, sizeof policy,
             "default-src 'none'; style-src 'sha256-%s'; form-action 'self'; frame-ancestors 'none'; "
             "base-uri 'none'",
             encoded);
}

static void put(struct text_out *out, const char *markup)
{
    text_out_put(out, text_of(markup));
}

/* Text from anywhere: never markup. */
static void put_escaped(struct text_out *out, struct text t)
{
    for (size_t i = 0; i < t.length; i++) {
        switch (t.data[i]) {
        case '&': put(out, "&amp;"); break;
        case '<': put(out, "&lt;"); break;
        case '>': put(out, "&gt;"); break;
        case '"': put(out, "&quot;"); break;
        case '\'': put(out, "&#39;"); break;
        default: text_out_byte(out, t.data[i]); break;
        }
    }
}

static void put_pair(struct text_out *out, const char *label, struct text value)
{
    if (value.length == 0)
        return;
    put(out, "<dt>");
    put(out, label);
    put(out, "</dt><dd>");
    put_escaped(out, value);
    put(out, "</dd>");
}

/* "09 giờ 30, ngày 05/03/2026" */
static void put_time(struct text_out *out, const char *label, int64_t at_s)
{
    int year, month, day;
    int32_t const second = instant_second_of_day(at_s);

    if (at_s == 0)
        return;
    day_to_civil(instant_day(at_s), &year, &month, &day);
    put_pair(out, label,
             text_of(arena_printf(out->arena, "%02d giờ %02d, ngày %02d/%02d/%d", second / 3600,
                                  second / 60 % 60, day, month, year)));
}

static struct text_out page_begin(struct req *req, const char *title)
{
    struct text_out out = text_out_begin(req->arena);

    put(&out,
        "<!doctype html><html lang=\"vi\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
        "content=\"width=device-width,initial-scale=1\"><meta name=\"robots\" content=\"noindex\"><title>");
    put(&out, title);
    put(&out, "</title><style>");
    put(&out, style);
    put(&out, "</style></head><body><header><div>Bộ phận Một cửa</div><h1>");
    put(&out, title);
    put(&out, "</h1></header><main>");
    return out;
}

static enum act page_end(struct req *req, struct text_out *out, int status)
{
    put(out, "</main><footer>Trang này không hiện họ tên, địa chỉ. Khi đến nhận kết quả, mang theo giấy hẹn "
             "và giấy "
             "tờ tùy thân.</footer></body></html>");
    reply_header(req, "Content-Security-Policy", text_of(policy));
    reply_header(req, "Referrer-Policy", TEXT("no-referrer"));
    if (status == 429)
        reply_header(req, "Retry-After", TEXT("60"));
    return reply_bytes(req, status, "text/html; charset=utf-8", text_out_end(out));
}

static void put_form(struct text_out *out, struct text code)
{
    put(out, "<form action=\"/tra-cuu\" method=\"get\"><label for=\"code\">Mã hồ sơ trên giấy hẹn</label>"
             "<input id=\"code\" name=\"code\" required autocomplete=\"off\" autocapitalize=\"characters\" "
             "spellcheck=\"false\" value=\"");
    put_escaped(out, code);
    put(out, "\"><label for=\"secret\">Mã tra cứu (nếu muốn xem chi tiết)</label><input id=\"secret\" "
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
    put(out, "<h2>Cần bổ sung</h2><ul>");
    cJSON_ArrayForEach(item, json.root)
    {
        put(out, "<li>");
        put_escaped(out, member(item, "component"));
        put(out, ": ");
        put_escaped(out, member(item, "reason"));
        put(out, "</li>");
    }
    put(out, "</ul>");
}

static void put_milestones(struct req *req, struct text_out *out, const struct status *status)
{
    struct json_result const json = json_parse(req->arena, status->milestones, &json_limits_file);
    const cJSON *item;

    must(json.fault == JSON_OK); /* PostgreSQL made it */
    put(out, "<h2>Các bước đã qua</h2><ol>");
    cJSON_ArrayForEach(item, json.root)
    {
        enum dossier_state state;
        int64_t at_s;

        must(state_from_name(member(item, "state"), &state) && instant_parse(member(item, "at"), &at_s));
        put(out, "<li><dl>");
        put_time(out, state_label(state), at_s);
        put(out, "</dl></li>");
    }
    put(out, "</ol>");
}

static enum act show_status(struct req *req, const struct status *status)
{
    struct text_out out = page_begin(req, "Tình trạng hồ sơ");
    const char *what_now = advice(status->state);

    put(&out, what_now != NULL ? "<p class=\"state wait\">" : "<p class=\"state\">");
    put(&out, state_label(status->state));
    put(&out, "</p>");
    if (what_now != NULL) {
        put(&out, "<p><strong>");
        put(&out, what_now);
        put(&out, "</strong></p>");
    }
    put(&out, "<dl>");
    put_pair(&out, "Mã hồ sơ", status->code);
    put_pair(&out, "Thủ tục", status->procedure);
    put_time(&out, "Tiếp nhận lúc", status->accepted_at_s);
    put_time(&out, "Hẹn trả kết quả lúc", status->due_at_s);
    put_time(&out, "Có kết quả lúc", status->finished_at_s);
    put_time(&out, "Bổ sung trước", status->supplement_due_s);
    put_pair(&out, "Nơi đang giữ hồ sơ", status->holder_name);
    put_pair(&out, "Nơi tiếp nhận và trả kết quả", status->receiving_unit_name);
    put_pair(&out, "Địa chỉ", status->address);
    put_pair(&out, "Điện thoại", status->phone);
    put(&out, "</dl>");
    if (status->is_open) {
        put_missing(req, &out, status);
        put_milestones(req, &out, status);
    } else {
        put_form(&out, status->code);
    }
    return page_end(req, &out, 200);
}

static enum act page_shown(struct req *req, enum status_outcome outcome, const struct status *status)
{
    struct text_out out;

    if (outcome == STATUS_FOUND)
        return show_status(req, status);
    req->refusal = outcome == STATUS_LIMITED ? REFUSE_TOO_MANY : REFUSE_NO_SUCH_DOSSIER;
    out = page_begin(req, outcome == STATUS_LIMITED ? "Xin chờ một lát" : "Không tìm thấy hồ sơ");
    put(&out,
        outcome == STATUS_LIMITED
            ? "<p>Đã tra cứu quá nhiều lần. Ông/Bà vui lòng thử lại sau, hoặc hỏi tại nơi tiếp nhận.</p>"
            : "<p>Mã hồ sơ hoặc mã tra cứu không đúng. Ông/Bà xem lại trên giấy hẹn.</p>");
    put_form(&out, TEXT_NONE);
    return page_end(req, &out, outcome == STATUS_LIMITED ? 429 : 404);
}

enum act page_ask(struct req *req)
{
    const struct secret_query *query = req->query;

    return status_ask(req, req->ids[0], query->secret.length > 0 ? query->secret : TEXT_NONE, page_shown);
}

enum act page_form_ask(struct req *req)
{
    const struct form_query *query = req->query;
    struct text_out out;

    if (query->code.length > 0)
        return status_ask(req, query->code, query->secret.length > 0 ? query->secret : TEXT_NONE, page_shown);
    out = page_begin(req, "Tra cứu hồ sơ");
    put_form(&out, TEXT_NONE);
    return page_end(req, &out, 200);
}
