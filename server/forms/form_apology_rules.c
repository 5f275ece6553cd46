#include "forms/form_apology_rules.h"

#include "forms/form_head_rules.h"
#include "forms/form_words_rules.h"

struct apology_facts {
    struct form_head head;
    struct text number, owner_name, receiving_unit, procedure_name, reason, responsible_unit,
        responsible_step;
    struct text signer_name;
    int64_t accepted_at_s, due_at_s, new_due_at_s;
};

static const struct fact apology_table[] = {
    FORM_HEAD_FACTS(apology_facts, true),
    FORM_TEXT_MAY(apology_facts, number, 64),
    FORM_TEXT_MUST(apology_facts, owner_name, FORM_NAME_POINTS_MAX),
    FORM_TEXT_MUST(apology_facts, receiving_unit, FORM_NAME_POINTS_MAX),
    FORM_TEXT_MUST(apology_facts, procedure_name, FORM_LINE_POINTS_MAX),
    FORM_INSTANT(apology_facts, "accepted_at", accepted_at_s, true),
    FORM_INSTANT(apology_facts, "due_at", due_at_s, true),
    FORM_INSTANT(apology_facts, "new_due_at", new_due_at_s, false),
    FORM_TEXT_MAY(apology_facts, reason, FORM_LINE_POINTS_MAX),
    FORM_TEXT_MUST(apology_facts, responsible_unit, FORM_NAME_POINTS_MAX),
    FORM_TEXT_MAY(apology_facts, responsible_step, FORM_NAME_POINTS_MAX),
    FORM_TEXT_MAY(apology_facts, signer_name, FORM_NAME_POINTS_MAX),
    FACT_END,
};

static void add_body(struct form_content *content, struct arena *arena, const struct apology_facts *facts)
{
    struct text const new_due = facts->new_due_at_s != 0 ? form_moment(arena, facts->new_due_at_s)
                                                         : TEXT("…… giờ ……, ngày …… tháng …… năm ……");

    form_add_field(content, "Kính gửi:", facts->owner_name)->fields[0].is_strong = true;
    form_add_sentence(
        content,
        arena_printf(arena,
                     "Ngày nhận hồ sơ: %.*s; %.*s đã tiếp nhận hồ sơ đề nghị giải quyết thủ tục: "
                     "%.*s; mã số: %.*s.",
                     TEXT_ARG(form_moment(arena, facts->accepted_at_s)), TEXT_ARG(facts->receiving_unit),
                     TEXT_ARG(facts->procedure_name), TEXT_ARG(facts->head.dossier_code)));
    form_add_field(content, "Thời gian hẹn trả kết quả:", form_moment(arena, facts->due_at_s));
    form_add_sentence(content, "Tuy nhiên đến nay hồ sơ chưa có kết quả để trả đúng thời hạn đã hẹn.");
    form_add_field(content, "Cơ quan, đơn vị chưa hoàn thành:", facts->responsible_unit);
    form_add_field(content, "Bước giải quyết:", facts->responsible_step);
    form_add_field(content, "Lý do:", form_or_dots(facts->reason));
    form_add_sentence(
        content, "Sự chậm trễ này gây phiền hà, tốn kém thời gian, công sức của Ông/Bà/Tổ chức. Chúng tôi "
                 "chân thành xin lỗi.");
    form_add_field(content,
                   facts->head.set == FORM_SET_TT03_2025 ? "Đề nghị gia hạn và hẹn trả kết quả vào:"
                                                         : "Chúng tôi sẽ trả kết quả vào:",
                   new_due)
        ->fields[0]
        .is_strong = true;
    if (facts->head.set == FORM_SET_TT03_2025)
        form_add_sentence(content, "Số lần gia hạn: 01 (chỉ được gia hạn một lần).");
    form_add_sentence(content, "Mong nhận được sự thông cảm của Ông/Bà/Tổ chức. Trân trọng cảm ơn./.");
    content->blocks[content->block_count - 1].keeps_next = true;
}

struct form_result form_apology_compose(struct arena *arena, const struct form *form, const cJSON *facts_json)
{
    struct apology_facts *facts = arena_new(arena, struct apology_facts);
    struct form_content *content;
    const char *fault = facts_decode(arena, facts_json, apology_table, facts);
    static const char *const recipients[] = {"- Như trên;", "- Bộ phận tiếp nhận và trả kết quả;",
                                             "- Lưu: hồ sơ.", NULL};
    struct form_block *block;

    if (fault == NULL && facts->new_due_at_s != 0 && facts->new_due_at_s <= facts->due_at_s)
        fault = "new_due_at: not after due_at";
    if (fault != NULL)
        return (struct form_result){.fault = fault};
    content = form_begin(arena, form, &facts->head);
    content->number = text_of(arena_printf(
        arena, "Số: %.*s", TEXT_ARG(facts->number.data != NULL ? facts->number : TEXT("……………"))));
    add_body(content, arena, facts);
    block = form_add(content, FORM_BLOCK_SIGNATURES);
    block->signatures[1] =
        (struct form_signature){"THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ", "(Ký tên, đóng dấu)", facts->signer_name};
    form_set_recipients(arena, block, recipients);
    return (struct form_result){.content = content};
}
