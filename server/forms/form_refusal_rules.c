#include "forms/form_refusal_rules.h"

#include "forms/form_head_rules.h"

struct refusal_facts {
    struct form_head head;
    struct text owner_name, submitter_name, address, phone, email, procedure_name, refusing_unit, reason,
        ground;
    struct text receiver_name;
};

static const struct fact refusal_table[] = {
    FORM_HEAD_FACTS(refusal_facts, true),
    FORM_TEXT_MUST(refusal_facts, owner_name, FORM_NAME_POINTS_MAX),
    FORM_TEXT_MAY(refusal_facts, submitter_name, FORM_NAME_POINTS_MAX),
    FORM_TEXT_MAY(refusal_facts, address, FORM_LINE_POINTS_MAX),
    FORM_TEXT_MAY(refusal_facts, phone, 60),
    FORM_TEXT_MAY(refusal_facts, email, 254),
    FORM_TEXT_MUST(refusal_facts, procedure_name, FORM_LINE_POINTS_MAX),
    FORM_TEXT_MUST(refusal_facts, refusing_unit, FORM_NAME_POINTS_MAX),
    FORM_TEXT_MUST(refusal_facts, reason, FORM_LINE_POINTS_MAX),
    FORM_TEXT_MAY(refusal_facts, ground, FORM_LINE_POINTS_MAX),
    FORM_TEXT_MAY(refusal_facts, receiver_name, FORM_NAME_POINTS_MAX),
    FACT_END,
};

static void add_body(struct form_content *content, struct arena *arena, const struct refusal_facts *facts)
{
    struct form_block *phone;

    form_add_field(content, "Tiếp nhận hồ sơ của:", facts->owner_name)->fields[0].is_strong = true;
    form_add_field(content, "Địa chỉ:", form_or_dots(facts->address));
    phone = form_add_field(content, "Số điện thoại:", form_or_dots(facts->phone));
    if (facts->email.data != NULL)
        phone->fields[1] = (struct form_field){.label = TEXT("Email:"), .value = facts->email};
    form_add_field(content, "Nội dung yêu cầu giải quyết:", facts->procedure_name);
    form_add_sentence(content,
                      arena_printf(arena,
                                   "Qua xem xét, %.*s thông báo không tiếp nhận, giải quyết hồ sơ này "
                                   "với lý do cụ thể như sau:",
                                   TEXT_ARG(facts->refusing_unit)))
        ->keeps_next = true;
    form_add_sentence(content, text_copy(arena, facts->reason));
    form_add_field(content, "Căn cứ:", facts->ground);
    form_add_sentence(content, "Xin thông báo cho Ông/Bà được biết và thực hiện./.")->keeps_next = true;
}

struct form_result form_refusal_compose(struct arena *arena, const struct form *form, const cJSON *json)
{
    static const char *const hint = "(Ký và ghi rõ họ tên)";
    struct refusal_facts *facts = arena_new(arena, struct refusal_facts);
    const char *fault = facts_decode(arena, json, refusal_table, facts);
    struct form_content *content;
    struct form_block *block;

    if (fault != NULL)
        return (struct form_result){.fault = fault};
    content = form_begin(arena, form, &facts->head);
    content->number = TEXT("Số: ………/TBHS");
    add_body(content, arena, facts);
    block = form_add(content, FORM_BLOCK_SIGNATURES);
    block->signatures[0] = (struct form_signature){
        "NGƯỜI NỘP HỒ SƠ", hint, facts->submitter_name.data != NULL ? facts->submitter_name : TEXT_NONE};
    block->signatures[1] = (struct form_signature){"NGƯỜI TIẾP NHẬN HỒ SƠ", hint, facts->receiver_name};
    return (struct form_result){.content = content};
}
