#include "forms/form_supplement_rules.h"

#include "forms/form_head_rules.h"
#include "forms/form_words_rules.h"

struct supplement_item {
    struct text name, reason;
};

struct supplement_facts {
    struct form_head head;
    struct text owner_name, address, phone, email, procedure_name, reason, ground;
    struct text contact_name, contact_phone, signer_name;
    struct fact_list items;
    int signer;
};

/* At the desk the clerk guides; in process a head or a leader signs, where the procedure wants it. */
static const char *const signer_choices[] = {"OFFICER", "DEPT_HEAD", "LEADER", NULL};
static const struct form_signature signers[] = {
    {.title = "NGƯỜI HƯỚNG DẪN", .hint = "(Ký và ghi rõ họ tên)"},
    {.title = "LÃNH ĐẠO PHÒNG", .hint = "(Ký và ghi rõ họ tên)"},
    {.title = "THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ", .hint = "(Ký tên, đóng dấu)"},
};

static const struct fact item_table[] = {
    FORM_TEXT_MUST(supplement_item, name, FORM_LINE_POINTS_MAX),
    FORM_TEXT_MUST(supplement_item, reason, FORM_LINE_POINTS_MAX),
    FACT_END,
};

static const struct fact supplement_table[] = {
    FORM_HEAD_FACTS(supplement_facts, true),
    FORM_TEXT_MUST(supplement_facts, owner_name, FORM_NAME_POINTS_MAX),
    FORM_TEXT_MAY(supplement_facts, address, FORM_LINE_POINTS_MAX),
    FORM_TEXT_MAY(supplement_facts, phone, 60),
    FORM_TEXT_MAY(supplement_facts, email, 254),
    FORM_TEXT_MUST(supplement_facts, procedure_name, FORM_LINE_POINTS_MAX),
    FORM_LIST(supplement_facts, items, 1, 50, item_table, supplement_item),
    FORM_TEXT_MAY(supplement_facts, reason, FORM_LINE_POINTS_MAX),
    FORM_TEXT_MAY(supplement_facts, ground, FORM_LINE_POINTS_MAX),
    FORM_TEXT_MUST(supplement_facts, contact_name, FORM_NAME_POINTS_MAX),
    FORM_TEXT_MAY(supplement_facts, contact_phone, 60),
    {FACT_CHOICE, true, .key = "signer", .offset = offsetof(struct supplement_facts, signer),
     .choices = signer_choices},
    FORM_TEXT_MAY(supplement_facts, signer_name, FORM_NAME_POINTS_MAX),
    FACT_END,
};

static void add_items(struct form_content *content, struct arena *arena, const struct fact_list *list)
{
    static const struct form_column columns[] = {
        {"STT", NULL, 12, true},
        {"Thành phần hồ sơ", NULL, 66, false},
        {"Nội dung cần bổ sung, hoàn thiện", NULL, FORM_COLUMN_REST, false},
    };
    const struct supplement_item *items = list->items;
    struct text *cells = arena_array(arena, struct text, list->count * array_length(columns));
    struct form_block *block = form_add_sentence(content, "Yêu cầu hoàn thiện hồ sơ gồm những nội dung sau:");

    block->keeps_next = true;
    for (size_t i = 0; i < list->count; i++) {
        cells[i * array_length(columns)] = text_of(arena_printf(arena, "%zu", i + 1));
        cells[i * array_length(columns) + 1] = items[i].name;
        cells[i * array_length(columns) + 2] = items[i].reason;
    }
    form_add(content, FORM_BLOCK_TABLE)->table = (struct form_table){
        .columns = columns, .column_count = array_length(columns), .cells = cells, .row_count = list->count};
}

/* The reason with the law it rests on; where neither was given, the table has said it item by item. */
static struct text reason_text(struct arena *arena, const struct supplement_facts *facts)
{
    if (facts->ground.data == NULL)
        return facts->reason.data != NULL
                   ? facts->reason
                   : TEXT("hồ sơ chưa đầy đủ, chưa hợp lệ theo các nội dung nêu trên.");
    if (facts->reason.data == NULL)
        return text_of(arena_printf(arena, "hồ sơ chưa đáp ứng quy định tại %.*s.", TEXT_ARG(facts->ground)));
    return text_of(
        arena_printf(arena, "%.*s (căn cứ: %.*s).", TEXT_ARG(facts->reason), TEXT_ARG(facts->ground)));
}

static void add_people(struct form_content *content, const struct supplement_facts *facts)
{
    struct form_block *phone;

    form_add_field(content, "Hồ sơ của:", facts->owner_name)->fields[0].is_strong = true;
    form_add_field(content, "Nội dung yêu cầu giải quyết:", facts->procedure_name);
    form_add_field(content, "Địa chỉ:", form_or_dots(facts->address));
    phone = form_add_field(content, "Số điện thoại:", form_or_dots(facts->phone));
    if (facts->email.data != NULL)
        phone->fields[1] = (struct form_field){.label = TEXT("Email:"), .value = facts->email};
}

struct form_result form_supplement_compose(struct arena *arena, const struct form *form, const cJSON *json)
{
    struct supplement_facts *facts = arena_new(arena, struct supplement_facts);
    const char *fault = facts_decode(arena, json, supplement_table, facts);
    struct form_content *content;
    struct form_block *block;

    if (fault != NULL)
        return (struct form_result){.fault = fault};
    content = form_begin(arena, form, &facts->head);
    content->number = TEXT("Số: ………/HDHS");
    add_people(content, facts);
    add_items(content, arena, &facts->items);
    form_add_field(content, "Lý do:", reason_text(arena, facts));
    form_add_sentence(
        content,
        arena_printf(
            arena,
            "Trong quá trình hoàn thiện hồ sơ nếu có vướng mắc, Ông/Bà liên hệ với %.*s, số điện thoại "
            "%.*s để được hướng dẫn./.",
            TEXT_ARG(facts->contact_name),
            TEXT_ARG(form_unbroken(arena, form_or_dots(facts->contact_phone)))))
        ->keeps_next = true;
    block = form_add(content, FORM_BLOCK_SIGNATURES);
    block->signatures[1] = signers[facts->signer];
    block->signatures[1].name = facts->signer_name;
    return (struct form_result){.content = content};
}
