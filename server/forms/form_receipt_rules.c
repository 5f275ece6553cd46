#include "forms/form_receipt_rules.h"

#include "forms/form_content_rules.h"
#include "forms/form_facts_rules.h"
#include "forms/form_words_rules.h"

enum receipt_copies { COPIES_BOTH, COPIES_FILE, COPIES_CUSTOMER };
static const char *const copies_words[] = {"BOTH", "FILE", "CUSTOMER", NULL};
static const char *const set_words[] = {"TT01_2018", "TT03_2025", NULL};
static const char *const paper_words[] = {"A4", "A5", "80MM", NULL};
static const enum form_paper papers[] = {FORM_PAPER_A4, FORM_PAPER_A5, FORM_PAPER_TICKET};

enum {
    NAME_POINTS_MAX = 300,
    LINE_POINTS_MAX = 1000,
    COMPONENT_POINTS_MAX = 2000, /* names of papers quote whole articles of law */
    COMPONENTS_BYTES_MAX =
        100000, /* sets in four seconds at worst, see REQUEST_LIMIT_S of the render process */
    COUNT_MAX = 9999,
};
#define AMOUNT_MAX INT64_C(999999999999) /* đồng, of one fee */

struct receipt_component {
    struct text name;
    int64_t original, certified_copy, plain_copy;
    bool is_electronic;
};

struct receipt_fee {
    struct text name;
    int64_t amount;
    bool is_paid;
};

struct receipt_facts {
    int set, copies, paper;
    struct text dossier_code, lookup_url, lookup_secret;
    struct text superior_agency, issuing_agency, one_stop_unit, place, hotline;
    struct text owner_name, submitter_name, address, phone, email, personal_id;
    struct text procedure_code, procedure_name, summary;
    struct fact_list components, fees;
    int64_t set_count;
    struct text time_limit, return_place;
    int64_t accepted_at_s, due_at_s, stage2_accepted_at_s, stage2_due_at_s;
    struct text register_book, receiver_name;
    int64_t register_line, reprint_number;
    bool is_online;
};

#define AT(type, member) .key = #member, .offset = offsetof(struct type, member)
#define TEXT_MUST(member, most_)                                                                             \
    {                                                                                                        \
        FACT_TEXT, true, AT(receipt_facts, member), .least = 1, .most = (most_)                              \
    }
#define TEXT_MAY(member, most_)                                                                              \
    {                                                                                                        \
        FACT_TEXT, false, AT(receipt_facts, member), .most = (most_)                                         \
    }
#define INSTANT(key_, member, is_required_)                                                                  \
    {                                                                                                        \
        FACT_INSTANT, (is_required_), .key = (key_), .offset = offsetof(struct receipt_facts, member)        \
    }

static const struct fact component_table[] = {
    {FACT_TEXT, true, AT(receipt_component, name), .least = 1, .most = COMPONENT_POINTS_MAX},
    {FACT_NUMBER, false, AT(receipt_component, original), .most = COUNT_MAX},
    {FACT_NUMBER, false, AT(receipt_component, certified_copy), .most = COUNT_MAX},
    {FACT_NUMBER, false, AT(receipt_component, plain_copy), .most = COUNT_MAX},
    {FACT_BOOL, false, AT(receipt_component, is_electronic)},
    FACT_END,
};

static const struct fact fee_table[] = {
    {FACT_TEXT, true, AT(receipt_fee, name), .least = 1, .most = NAME_POINTS_MAX},
    {FACT_NUMBER, true, AT(receipt_fee, amount), .most = AMOUNT_MAX},
    {FACT_BOOL, true, AT(receipt_fee, is_paid)},
    FACT_END,
};

static const struct fact receipt_table[] = {
    {FACT_CHOICE, true, .key = "form_set", .offset = offsetof(struct receipt_facts, set),
     .choices = set_words},
    {FACT_CHOICE, false, AT(receipt_facts, copies), .choices = copies_words},
    {FACT_CHOICE, false, AT(receipt_facts, paper), .choices = paper_words},
    TEXT_MUST(dossier_code, 64),
    {FACT_URL, true, AT(receipt_facts, lookup_url), .least = 1, .most = 500},
    TEXT_MAY(lookup_secret, 32),
    TEXT_MAY(superior_agency, NAME_POINTS_MAX),
    TEXT_MUST(issuing_agency, NAME_POINTS_MAX),
    TEXT_MAY(one_stop_unit, NAME_POINTS_MAX),
    TEXT_MUST(place, 100),
    TEXT_MAY(hotline, 60),
    TEXT_MUST(owner_name, NAME_POINTS_MAX),
    TEXT_MAY(submitter_name, NAME_POINTS_MAX),
    TEXT_MAY(address, LINE_POINTS_MAX),
    TEXT_MAY(phone, 60),
    TEXT_MAY(email, 254),
    TEXT_MAY(personal_id, 32),
    TEXT_MAY(procedure_code, 40),
    TEXT_MUST(procedure_name, LINE_POINTS_MAX),
    TEXT_MAY(summary, LINE_POINTS_MAX),
    {FACT_LIST, true, AT(receipt_facts, components), .most = 200, .element = component_table,
     .element_bytes = sizeof(struct receipt_component)},
    {FACT_NUMBER, true, AT(receipt_facts, set_count), .least = 1, .most = COUNT_MAX},
    TEXT_MUST(time_limit, 200),
    INSTANT("accepted_at", accepted_at_s, true),
    INSTANT("due_at", due_at_s, true),
    INSTANT("stage2_accepted_at", stage2_accepted_at_s, false),
    INSTANT("stage2_due_at", stage2_due_at_s, false),
    TEXT_MUST(return_place, LINE_POINTS_MAX),
    {FACT_LIST, false, AT(receipt_facts, fees), .most = 50, .element = fee_table,
     .element_bytes = sizeof(struct receipt_fee)},
    TEXT_MUST(register_book, 40),
    {FACT_NUMBER, true, AT(receipt_facts, register_line), .least = 1, .most = 99999999},
    TEXT_MUST(receiver_name, NAME_POINTS_MAX),
    {FACT_NUMBER, false, AT(receipt_facts, reprint_number), .most = COUNT_MAX},
    {FACT_BOOL, false, AT(receipt_facts, is_online)},
    FACT_END,
};

static struct text joined(struct arena *arena, struct text a, const char *between, struct text b)
{
    return text_of(arena_printf(arena, "%.*s%s%.*s", TEXT_ARG(a), between, TEXT_ARG(b)));
}

static void add_head(struct form_content *content, struct arena *arena, const struct receipt_facts *facts)
{
    static const struct {
        enum receipt_copies copies;
        const char *mark;
    } marks[] = {{COPIES_FILE, "(Liên: Lưu)"}, {COPIES_CUSTOMER, "(Liên: Giao khách hàng)"}};

    content->superior_agency = facts->superior_agency;
    content->issuing_agency = facts->issuing_agency;
    content->place_date = joined(arena, facts->place, ", ", form_date(arena, facts->accepted_at_s));
    content->dossier_code = facts->dossier_code;
    content->lookup_secret = facts->lookup_secret;
    content->lookup_url = facts->lookup_url;
    content->dated_s = facts->accepted_at_s;
    if (facts->reprint_number > 0)
        content->reprint_mark =
            text_of(arena_printf(arena, "Bản in lại lần %lld", (long long)facts->reprint_number));
    for (size_t i = 0; i < array_length(marks); i++)
        if (facts->copies == COPIES_BOTH || facts->copies == (int)marks[i].copies)
            content->copy_marks[content->copy_count++] = text_of(marks[i].mark);
}

static void add_people(struct form_content *content, struct arena *arena, const struct receipt_facts *facts)
{
    bool is_by_another =
        facts->submitter_name.data != NULL && !text_equal(facts->submitter_name, facts->owner_name);
    struct text unit = facts->one_stop_unit.data != NULL ? facts->one_stop_unit : facts->issuing_agency;
    struct form_block *phone;

    form_add_field(content, "Bộ phận tiếp nhận và trả kết quả:", unit);
    form_add_field(content, "Tiếp nhận hồ sơ của:", facts->owner_name)->fields[0].is_strong = true;
    if (is_by_another)
        form_add_field(content, "Người nộp:", facts->submitter_name);
    form_add_field(content, "Địa chỉ:", form_or_dots(facts->address));
    phone = form_add_field(content, "Số điện thoại:", form_or_dots(facts->phone));
    if (facts->email.data != NULL)
        phone->fields[1] = (struct form_field){.label = TEXT("Email:"), .value = facts->email};
    if (facts->personal_id.data != NULL)
        form_add_field(content, "Số CMND/Thẻ căn cước/Hộ chiếu:", form_masked(arena, facts->personal_id));
}

static struct text request_text(struct arena *arena, const struct receipt_facts *facts)
{
    struct text request = facts->procedure_name;

    if (facts->procedure_code.data != NULL)
        request =
            joined(arena, joined(arena, request, " (mã thủ tục: ", facts->procedure_code), ")", TEXT_NONE);
    if (facts->summary.data != NULL)
        request = joined(arena, request, "; ", facts->summary);
    return request;
}

/* Zeros are printed: an empty cell could be filled in by hand afterwards. */
static void add_components(struct form_content *content, struct arena *arena,
                           const struct fact_list *components)
{
    static const struct form_column columns[] = {
        {"TT", NULL, 10, true},
        {"Thành phần hồ sơ", NULL, FORM_COLUMN_REST, false},
        {"Bản chính", "Số lượng", 17, true},
        {"Bản chứng thực", "Số lượng", 25, true},
        {"Bản photo", "Số lượng", 17, true},
    };
    const struct receipt_component *items = components->items;
    struct text *cells = arena_array(arena, struct text, components->count * array_length(columns));
    struct form_block *block;

    form_add_field(content,
                   "Thành phần hồ sơ nộp gồm:", components->count > 0 ? TEXT("") : TEXT("không có giấy tờ"));
    if (components->count == 0)
        return;
    content->blocks[content->block_count - 1].keeps_next = true;
    block = form_add(content, FORM_BLOCK_TABLE);
    for (size_t i = 0; i < components->count; i++) {
        struct text *row = cells + i * array_length(columns);

        row[0] = text_of(arena_printf(arena, "%zu", i + 1));
        row[1] = items[i].is_electronic ? joined(arena, items[i].name, " (bản điện tử)", TEXT_NONE)
                                        : items[i].name;
        row[2] = text_of(arena_printf(arena, "%lld", (long long)items[i].original));
        row[3] = text_of(arena_printf(arena, "%lld", (long long)items[i].certified_copy));
        row[4] = text_of(arena_printf(arena, "%lld", (long long)items[i].plain_copy));
    }
    block->table = (struct form_table){.columns = columns,
                                       .column_count = array_length(columns),
                                       .cells = cells,
                                       .row_count = components->count};
}

static struct text fee_text(struct arena *arena, const struct fact_list *fees)
{
    const struct receipt_fee *items = fees->items;
    struct text all = TEXT_NONE;
    int64_t total = 0;

    for (size_t i = 0; i < fees->count; i++) {
        const char *one = arena_printf(arena, "%.*s: %.*s đồng (%s)", TEXT_ARG(items[i].name),
                                       TEXT_ARG(form_money(arena, items[i].amount)),
                                       items[i].is_paid ? "đã nộp" : "chưa nộp");

        all = joined(arena, all, i > 0 ? "; " : "", text_of(one));
        total += items[i].amount;
    }
    if (fees->count > 1)
        all =
            joined(arena, joined(arena, all, "; tổng cộng: ", form_money(arena, total)), " đồng", TEXT_NONE);
    return fees->count > 0 ? joined(arena, all, ".", TEXT_NONE) : TEXT("Không");
}

static void add_times(struct form_content *content, struct arena *arena, const struct receipt_facts *facts)
{
    form_add_field(content,
                   "Số lượng hồ sơ:", joined(arena, form_count(arena, facts->set_count), " (bộ)", TEXT_NONE));
    form_add_field(content, "Thời gian giải quyết hồ sơ theo quy định là:", facts->time_limit);
    form_add_field(content, "Thời gian nhận hồ sơ:", form_moment(arena, facts->accepted_at_s));
    form_add_field(content, "Thời gian trả kết quả giải quyết hồ sơ:", form_moment(arena, facts->due_at_s))
        ->fields[0]
        .is_strong = true;
    form_add_field(content, "Đăng ký nhận kết quả tại:", facts->return_place);
    form_add_field(content, "Phí, lệ phí (nếu có):", fee_text(arena, &facts->fees));
    if (facts->stage2_accepted_at_s != 0)
        form_add_field(content, "Thời gian nhận hồ sơ (giai đoạn 2 nếu có):",
                       form_moment(arena, facts->stage2_accepted_at_s));
    if (facts->stage2_due_at_s != 0)
        form_add_field(content, "Thời gian trả kết quả giải quyết hồ sơ (giai đoạn 2 nếu có):",
                       form_moment(arena, facts->stage2_due_at_s));
}

/* The last line before the signatures and the notes behind them stay with them: a page of bare signatures
 * could be bound to any text. */
static void add_signatures(struct form_content *content, struct arena *arena,
                           const struct receipt_facts *facts)
{
    static const char *const hint = "(Ký và ghi rõ họ tên)";
    struct form_block *block =
        form_add_field(content, "Vào Sổ theo dõi hồ sơ, Quyển số:", facts->register_book);

    block->fields[1] =
        (struct form_field){.label = TEXT("Số thứ tự:"),
                            .value = text_of(arena_printf(arena, "%lld", (long long)facts->register_line))};
    block->keeps_next = true;
    block = form_add(content, FORM_BLOCK_SIGNATURES);
    block->keeps_next = true;
    if (!facts->is_online)
        block->signatures[0] = (struct form_signature){"NGƯỜI NỘP HỒ SƠ", hint, facts->submitter_name};
    block->signatures[1] = (struct form_signature){"NGƯỜI TIẾP NHẬN HỒ SƠ", hint, facts->receiver_name};
}

/* The page to look up by hand: the address in the QR without its scheme and what only the QR carries. */
static struct text lookup_page(struct text url)
{
    struct text rest;
    struct text page = text_cut(text_cut(url, '?', &rest), '#', &rest);
    size_t scheme = text_starts(page, TEXT("https://")) ? sizeof "https://" - 1 : sizeof "http://" - 1;

    must(page.length >= scheme);
    return (struct text){.data = page.data + scheme, .length = page.length - scheme};
}

static void add_notes(struct form_content *content, struct arena *arena, const struct receipt_facts *facts)
{
    struct text *lines = arena_array(arena, struct text, 4);
    struct form_block *block = form_add(content, FORM_BLOCK_NOTES);
    struct text page = lookup_page(facts->lookup_url);

    block->fields[0].label = TEXT("Ghi chú:");
    block->lines = lines;
    lines[block->line_count++] = TEXT("Thời hạn giải quyết chỉ tính từ khi hồ sơ đầy đủ, hợp lệ.");
    lines[block->line_count++] =
        TEXT("Khi nhận kết quả, mang theo giấy này, giấy tờ tùy thân và văn bản ủy quyền "
             "(nếu có).");
    lines[block->line_count++] =
        text_of(arena_printf(arena, "Tra cứu: quét mã QR hoặc vào %.*s, nhập mã hồ sơ%s.", TEXT_ARG(page),
                             facts->lookup_secret.data != NULL ? " và mã tra cứu" : ""));
    if (facts->hotline.data != NULL)
        lines[block->line_count++] =
            joined(arena, joined(arena, TEXT("Đường dây nóng:"), " ", facts->hotline), ".", TEXT_NONE);
}

static const char *fault_between(const struct receipt_facts *facts)
{
    const struct receipt_component *components = facts->components.items;
    size_t bytes = 0;

    for (size_t i = 0; i < facts->components.count; i++)
        bytes += components[i].name.length;
    if (bytes > COMPONENTS_BYTES_MAX)
        return "components: longer than 100000 bytes together";
    if (facts->due_at_s < facts->accepted_at_s)
        return "due_at: before accepted_at";
    return NULL;
}

struct form_result form_receipt_compose(struct arena *arena, const struct form *form, const cJSON *facts_json)
{
    struct receipt_facts *facts = arena_new(arena, struct receipt_facts);
    struct form_content *content = arena_new(arena, struct form_content);
    const char *fault = facts_decode(arena, facts_json, receipt_table, facts);

    if (fault == NULL)
        fault = fault_between(facts);
    if (fault != NULL)
        return (struct form_result){.fault = fault};
    content->form = form;
    content->paper = papers[facts->paper];
    add_head(content, arena, facts);
    add_people(content, arena, facts);
    form_add_field(content, "Nội dung yêu cầu giải quyết:", request_text(arena, facts));
    add_components(content, arena, &facts->components);
    add_times(content, arena, facts);
    add_signatures(content, arena, facts);
    add_notes(content, arena, facts);
    return (struct form_result){.content = content};
}
