/* /thu-tuc and /thu-tuc/{code}: the published procedures, for people to browse, read and print. */
#include <inttypes.h>
#include <stdio.h>

#include "core/instant.h"
#include "core/json.h"
#include "identity/role.h"
#include "lookup/lookup.h"
#include "lookup/page_parts.h"

enum { LINES_A_PAGE = 30, FIELDS_MAX = 200, WORDS_BYTES_MAX = 400 };

static const char footer[] =
    "Mọi thủ tục nộp tại Bộ phận Một cửa, qua bưu chính hoặc trực tuyến như ghi ở từng thủ tục.";

/* As long as an address can be: what nothing can match finds nothing, and is told on the page. */
const struct field browse_query_fields[] = {
    FIELD_OF(struct browse_query, q, FIELD_TEXT, .min = 0, .max = 65536),
    FIELD_OF(struct browse_query, field, FIELD_TEXT, .min = 0, .max = 65536),
    FIELD_OF(struct browse_query, cursor, FIELD_TEXT, .min = 0, .max = 65536),
    {.kind = FIELD_END},
};

struct browsing {
    const struct live *live;
};

/* "8.000 đ" */
static const char *money(struct text_out *out, int64_t dong)
{
    char digits[24], grouped[40];
    size_t length, at = 0;

    snprintf(digits, sizeof digits, "%" PRId64, dong);
    length = strlen(digits);
    for (size_t i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            grouped[at++] = '.';
        grouped[at++] = digits[i];
    }
    grouped[at] = '\0';
    return arena_printf(out->arena, "%s đ", grouped);
}

/* "3 ngày làm việc", "0,5 ngày làm việc"; NULL: none is set. */
static const char *limit_words(struct text_out *out, struct time_limit limit)
{
    if (limit.unit == TERM_NONE)
        return NULL;
    if (limit.unit == TERM_SAME_DAY_15)
        return "Trong ngày làm việc; nhận sau 15 giờ thì trong ngày làm việc tiếp theo";
    if (limit.quantity_milli % 1000 != 0)
        return arena_printf(out->arena, "%" PRId64 ",%" PRId64 " %s", limit.quantity_milli / 1000,
                            limit.quantity_milli % 1000 / 100, term_unit_label(limit.unit));
    return arena_printf(out->arena, "%" PRId64 " %s", limit.quantity_milli / 1000,
                        term_unit_label(limit.unit));
}

/* --- the list --- */

/* The fields that have something in force, in the order of their list. */
static void put_field_choice(struct text_out *out, const struct catalogue *catalogue, struct text chosen)
{
    page_put(
        out,
        "<label for=\"field\">Lĩnh vực</label><select id=\"field\" name=\"field\"><option value=\"\">Tất cả"
        "</option>");
    for (size_t i = 0; i < catalogue->fields.count && i < FIELDS_MAX; i++) {
        const struct term *term = &catalogue->fields.terms[i];

        page_put(out, "<option value=\"");
        page_put_escaped(out, term->code);
        page_put(out, text_equal(term->code, chosen) ? "\" selected>" : "\">");
        page_put_escaped(out, term->name);
        page_put(out, "</option>");
    }
    page_put(out, "</select>");
}

static void put_search(struct text_out *out, const struct catalogue *catalogue,
                       const struct browse_query *query)
{
    page_put(out, "<form action=\"/thu-tuc\" method=\"get\" role=\"search\"><label for=\"q\">Tên hoặc mã thủ "
                  "tục (gõ có "
                  "dấu hay không dấu đều được)</label><input id=\"q\" name=\"q\" type=\"search\" value=\"");
    page_put_escaped(out, query->q);
    page_put(out, "\">");
    put_field_choice(out, catalogue, query->field);
    page_put(out, "<button>Tìm</button></form>");
}

static void put_line(struct text_out *out, const struct catalogue *catalogue, struct text code, int32_t today)
{
    const struct procedure_version *version = catalogue_procedure(catalogue, code, today);
    const char *limit;

    if (version == NULL) /* loaded since this worker looked; seconds later it is there */
        return;
    page_put(out, "<li><a href=\"/thu-tuc/");
    page_put_escaped(out, code);
    page_put(out, "\">");
    page_put_escaped(out, version->name);
    page_put(out, "</a><div class=\"quiet\">Mã ");
    page_put_escaped(out, code);
    page_put(out, " · ");
    page_put_escaped(out, term_name(&catalogue->fields, version->field));
    limit = limit_words(out, version->limit);
    if (limit != NULL) {
        page_put(out, " · <b>");
        page_put(out, limit);
        page_put(out, "</b>");
    }
    page_put(out, "</div></li>");
}

/* Percent-encoded, so that it stands in a query whatever it holds. */
static void put_query_value(struct text_out *out, struct text value)
{
    static const char hex[] = "0123456789ABCDEF";

    for (size_t i = 0; i < value.length; i++) {
        unsigned char const c = (unsigned char)value.data[i];

        text_out_byte(out, '%');
        text_out_byte(out, hex[c >> 4]);
        text_out_byte(out, hex[c & 15]);
    }
}

static void put_next(struct req *req, struct text_out *out, struct text next)
{
    const struct browse_query *query = req->query;

    if (next.data == NULL)
        return;
    page_put(out, "<p><a href=\"/thu-tuc?q=");
    put_query_value(out, query->q);
    page_put(out, "&amp;field=");
    put_query_value(out, query->field);
    page_put(out, "&amp;cursor=");
    page_put_escaped(out, cursor_write(req, next));
    page_put(out, "\">Xem tiếp</a></p>");
}

static enum act browse_reply(struct req *req, struct text items, struct text next)
{
    const struct browsing *browsing = req->state;
    const struct live *live = browsing->live;
    const struct browse_query *query = req->query;
    struct json_result const json = json_parse(req->arena, items, &json_limits_file);
    int32_t const today = instant_day(worker_now(req->worker));
    struct text_out out = page_begin(req, "Thủ tục hành chính");
    const cJSON *item;

    must(json.fault == JSON_OK); /* PostgreSQL made it */
    put_search(&out, live_catalogue(live), query);
    if (json.root->child == NULL)
        page_put(&out, "<p>Không có thủ tục nào khớp. Hãy thử ít chữ hơn, hoặc chọn tất cả lĩnh vực.</p>");
    page_put(&out, "<ul class=\"list\">");
    cJSON_ArrayForEach(item, json.root)
        put_line(&out, live_catalogue(live),
                 text_of(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, "code"))), today);
    page_put(&out, "</ul>");
    put_next(req, &out, next);
    return page_end_public(req, &out, footer);
}

static enum act browse_shown(struct req *req, const struct db_answer *answer)
{
    return browse_reply(req, db_text(answer, 0, COL_PROCEDURE_LIST_ITEMS),
                        db_text(answer, 0, COL_PROCEDURE_LIST_NEXT));
}

enum act browse_ask(struct req *req)
{
    const struct browse_query *query = req->query;
    const struct live *live = live_hold(req);
    struct browsing *held = arena_new(req->arena, struct browsing);
    struct text after = TEXT_NONE;
    char *today = arena_alloc(req->arena, INSTANT_TEXT_BYTES);

    if (live == NULL)
        return refuse(req, REFUSE_UNAVAILABLE);
    *held = (struct browsing){live};
    req->state = held;
    if (query->q.length > WORDS_BYTES_MAX || query->field.length > WORDS_BYTES_MAX)
        return browse_reply(req, TEXT("[]"), TEXT_NONE);
    if (query->cursor.length > 0 && !cursor_read(req, query->cursor, &after))
        after = TEXT_NONE; /* from the beginning */
    return ask(req, browse_shown, SQL_PROCEDURE_LIST, query->q.length == 0 ? NULL : param_text(req, query->q),
               query->field.length == 0 ? NULL : param_text(req, query->field), NULL,
               day_format(today, instant_day(worker_now(req->worker))), param_text(req, after),
               param_i64(req, LINES_A_PAGE));
}

/* --- one procedure --- */

static void put_texts(struct text_out *out, const char *title, const struct text *texts, size_t count,
                      const char *list)
{
    if (count == 0)
        return;
    page_put(out, arena_printf(out->arena, "<h2>%s</h2><%s>", title, list));
    for (size_t i = 0; i < count; i++) {
        page_put(out, "<li>");
        page_put_escaped(out, texts[i]);
        page_put(out, "</li>");
    }
    page_put(out, arena_printf(out->arena, "</%s>", list));
}

/* "chỉ trong trường hợp: …" */
static void put_cases(struct text_out *out, const struct procedure_version *version, const struct text *cases,
                      size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct procedure_case *one = version_case(version, cases[i]);

        page_put(out, i == 0 ? "<div class=\"quiet\">Chỉ trong trường hợp: " : "; ");
        page_put_escaped(out, one != NULL ? one->name : cases[i]);
    }
    if (count > 0)
        page_put(out, "</div>");
}

static void put_copies(struct text_out *out, const struct component *component)
{
    const struct {
        int64_t count;
        const char *words;
    } kinds[] = {{component->originals, "bản chính"},
                 {component->certified_copies, "bản sao chứng thực"},
                 {component->plain_copies, "bản chụp"}};
    bool is_first = true;

    if (component->is_shown_only)
        page_put(out, "xuất trình để đối chiếu, không phải nộp");
    for (size_t i = 0; i < array_length(kinds); i++) {
        if (kinds[i].count == 0)
            continue;
        page_put(out, is_first ? "" : ", ");
        page_put(out, arena_printf(out->arena, "%" PRId64 " %s", kinds[i].count, kinds[i].words));
        is_first = false;
    }
}

static void put_components(struct text_out *out, const struct catalogue *catalogue,
                           const struct procedure_version *version)
{
    page_put(out, "<h2>Giấy tờ cần nộp</h2><ol>");
    for (size_t i = 0; i < version->component_count; i++) {
        const struct component *component = &version->components[i];

        page_put(out, "<li><b>");
        page_put_escaped(out, component->name);
        page_put(out, component->is_required ? "</b>: " : "</b> (nếu có): ");
        put_copies(out, component);
        if (component->form.length > 0) {
            page_put(out, "; theo mẫu ");
            page_put_escaped(out, component->form);
        }
        for (size_t k = 0; k < component->replaceable_count; k++) {
            page_put(out, k == 0 ? "<div class=\"quiet\">Không phải nộp nếu đã có trong: " : "; ");
            page_put_escaped(out, term_name(&catalogue->databases, component->replaceable_by[k]));
        }
        page_put(out, component->replaceable_count > 0 ? "</div>" : "");
        put_cases(out, version, component->cases, component->case_count);
        if (component->note.length > 0) {
            page_put(out, "<div class=\"quiet\">");
            page_put_escaped(out, component->note);
            page_put(out, "</div>");
        }
        page_put(out, "</li>");
    }
    page_put(out, arena_printf(out->arena, "</ol><p>Số lượng: %" PRId64 " bộ hồ sơ.</p>", version->sets));
}

static const char *basis_words(const struct fee *fee)
{
    return fee->basis == FEE_PER_COPY ? "mỗi bản" : fee->basis == FEE_PER_PAGE ? "mỗi trang" : "mỗi hồ sơ";
}

static void put_amount(struct text_out *out, const struct fee *fee)
{
    for (size_t i = 0; i < fee->tier_count; i++)
        page_put(out, arena_printf(out->arena, "%sTừ trang %" PRId64 ": %s mỗi trang", i == 0 ? "" : "; ",
                                   fee->tiers[i].from, money(out, fee->tiers[i].amount)));
    if (fee->tier_count == 0)
        page_put(out, arena_printf(out->arena, "%s %s", money(out, fee->amount), basis_words(fee)));
    if (fee->cap > 0)
        page_put(out, arena_printf(out->arena, "; nhiều nhất %s mỗi bản", money(out, fee->cap)));
    if (fee->online_amount >= 0)
        page_put(out, arena_printf(out->arena, "; nộp trực tuyến %s", money(out, fee->online_amount)));
}

static void put_fees(struct text_out *out, const struct procedure_version *version)
{
    page_put(out, "<h2>Phí, lệ phí</h2>");
    page_put(out, version->fee_count == 0 ? "<p>Không thu phí, lệ phí.</p>" : "<ul>");
    for (size_t i = 0; i < version->fee_count; i++) {
        const struct fee *fee = &version->fees[i];

        page_put(out, "<li><b>");
        page_put_escaped(out, fee->name);
        page_put(out, "</b>: ");
        put_amount(out, fee);
        put_cases(out, version, fee->cases, fee->case_count);
        for (size_t k = 0; k < fee->reduction_count; k++) {
            const struct fee_reduction *reduction = &fee->reductions[k];

            page_put(out, "<div class=\"quiet\">");
            page_put_escaped(out, reduction->name);
            page_put(out, reduction->percent == 100 ? ": miễn</div>"
                          : reduction->percent > 0
                              ? arena_printf(out->arena, ": giảm %" PRId64 "%%</div>", reduction->percent)
                              : arena_printf(out->arena, ": giảm %s</div>", money(out, reduction->amount)));
        }
        page_put(out, "</li>");
    }
    page_put(out, version->fee_count == 0 ? "" : "</ul>");
}

/* Hours of work as people say them. */
static const char *hours(struct text_out *out, int64_t minutes)
{
    if (minutes % 60 == 0)
        return arena_printf(out->arena, "%" PRId64 " giờ làm việc", minutes / 60);
    return arena_printf(out->arena, "%" PRId64 " phút làm việc", minutes);
}

static void put_steps(struct text_out *out, const struct step *steps, size_t count)
{
    page_put(out, "<ol>");
    for (size_t i = 0; i < count; i++) {
        page_put(out, "<li>");
        page_put_escaped(out, steps[i].name);
        page_put(out, "<div class=\"quiet\">");
        page_put(out, role_label(steps[i].role));
        if (steps[i].quota_min > 0) {
            page_put(out, " · ");
            page_put(out, hours(out, steps[i].quota_min));
        }
        page_put(out, "</div></li>");
    }
    page_put(out, "</ol>");
}

static void put_process(struct text_out *out, const struct procedure_version *version)
{
    page_put(out, "<h2>Các bước giải quyết</h2>");
    if (version->leg_count == 0)
        put_steps(out, version->steps, version->step_count);
    for (size_t i = 0; i < version->leg_count; i++) {
        const struct leg *leg = &version->legs[i];
        const char *limit = limit_words(out, leg->limit);

        page_put(out, "<p><b>");
        page_put_escaped(out, leg->name);
        page_put(out, "</b>");
        if (limit != NULL)
            page_put(out, arena_printf(out->arena, " (%s)", limit));
        page_put(out, "</p>");
        put_steps(out, leg->steps, leg->step_count);
    }
}

static void put_limits(struct text_out *out, const struct procedure_version *version)
{
    const char *usual = limit_words(out, version->limit);

    page_put_pair(out, "Thời hạn giải quyết",
                  usual != NULL ? text_of(usual) : TEXT("Theo từng trường hợp, hẹn khi tiếp nhận"));
    for (size_t i = 0; i < version->case_count; i++) {
        const char *limit = limit_words(out, version->cases[i].limit);

        if (limit != NULL)
            page_put_pair(out, text_copy(out->arena, version->cases[i].name), text_of(limit));
    }
}

static const char *channel_words(struct text_out *out, unsigned channels)
{
    static const struct {
        unsigned channel;
        const char *first, *later;
    } words[] = {{CHANNEL_COUNTER, "Tại Bộ phận Một cửa", "tại Bộ phận Một cửa"},
                 {CHANNEL_POST, "Qua bưu chính công ích", "qua bưu chính công ích"},
                 {CHANNEL_ONLINE, "Trực tuyến", "trực tuyến"}};
    const char *said = "";

    for (size_t i = 0; i < array_length(words); i++)
        if ((channels & words[i].channel) != 0)
            said = *said == '\0' ? words[i].first : arena_printf(out->arena, "%s, %s", said, words[i].later);
    return said;
}

static void put_procedure(struct text_out *out, const struct catalogue *catalogue,
                          const struct procedure_version *version)
{
    page_put(out, "<dl>");
    page_put_pair(out, "Mã thủ tục", version->code);
    page_put_pair(out, "Lĩnh vực", term_name(&catalogue->fields, version->field));
    put_limits(out, version);
    page_put_pair(out, "Ai được đề nghị", version->applicants);
    page_put_pair(out, "Cơ quan giải quyết", version->solver);
    page_put_pair(out, "Cách nộp", version->manner);
    page_put_pair(out, "Nhận kết quả", text_of(channel_words(out, version->return_channels)));
    page_put_pair(out, "Kết quả", version->result);
    page_put_pair(out, "Điều kiện", version->conditions);
    if (version->needs_both_present)
        page_put_pair(out, "Lưu ý", TEXT("Hai bên phải cùng có mặt để ký sổ"));
    page_put(out, "</dl>");
    put_components(out, catalogue, version);
    put_fees(out, version);
    put_texts(out, "Trình tự", version->order, version->order_count, "ol");
    put_process(out, version);
    put_texts(out, "Căn cứ pháp lý", version->legal_basis, version->legal_count, "ul");
    page_put(out, "<dl>");
    page_put_pair(out, "Quyết định công bố", version->decision_no);
    page_put_pair(out, "Ghi chú", version->note);
    page_put(out, "</dl>");
}

enum act procedure_page_ask(struct req *req)
{
    const struct live *live = live_hold(req);
    const struct procedure_version *version;
    struct text_out out;

    if (live == NULL)
        return refuse(req, REFUSE_UNAVAILABLE);
    version = catalogue_procedure(live_catalogue(live), req->ids[0], instant_day(worker_now(req->worker)));
    if (version == NULL) {
        req->refusal = REFUSE_NO_SUCH_PROCEDURE;
        out = page_begin(req, "Không có thủ tục này");
        page_put(
            &out,
            "<p>Thủ tục không có, hoặc không còn hiệu lực. <a href=\"/thu-tuc\">Xem các thủ tục</a></p>");
        return page_end(req, &out, 404, footer);
    }
    out = page_begin(req, text_copy(req->arena, version->name));
    put_procedure(&out, live_catalogue(live), version);
    return page_end_public(req, &out, footer);
}
