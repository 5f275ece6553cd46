#include "forms/form_stop_notice_rules.h"

#include "forms/form_head_rules.h"
#include "forms/form_words_rules.h"

struct stop_facts {
    struct form_head head;
    struct text owner_name, procedure_name, receiving_unit, state_label, reason, ground, signer_name;
    int64_t accepted_at_s, requested_at_s, stopped_at_s, fees_paid;
    bool is_withdrawn;
    int signer;
};

static const char *const signer_choices[] = {"RECEIVER", "LEADER", NULL};
static const struct form_signature signers[] = {
    {.title = "NGƯỜI TIẾP NHẬN HỒ SƠ", .hint = "(Ký và ghi rõ họ tên)"},
    {.title = "THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ", .hint = "(Ký tên, đóng dấu)"},
};

static const struct fact stop_table[] = {
    FORM_HEAD_FACTS(stop_facts, true),
    FORM_TEXT_MUST(stop_facts, owner_name, FORM_NAME_POINTS_MAX),
    FORM_TEXT_MUST(stop_facts, procedure_name, FORM_LINE_POINTS_MAX),
    FORM_TEXT_MUST(stop_facts, receiving_unit, FORM_NAME_POINTS_MAX),
    FORM_INSTANT(stop_facts, "accepted_at", accepted_at_s, false),
    FORM_INSTANT(stop_facts, "requested_at", requested_at_s, false),
    FORM_INSTANT(stop_facts, "stopped_at", stopped_at_s, true),
    FORM_TEXT_MAY(stop_facts, state_label, FORM_NAME_POINTS_MAX),
    FORM_TEXT_MAY(stop_facts, reason, FORM_LINE_POINTS_MAX),
    FORM_TEXT_MAY(stop_facts, ground, FORM_LINE_POINTS_MAX),
    FORM_NUMBER(stop_facts, fees_paid, 0, INT64_C(999999999999)),
    {FACT_BOOL, true, .key = "is_withdrawn", .offset = offsetof(struct stop_facts, is_withdrawn)},
    {FACT_CHOICE, true, .key = "signer", .offset = offsetof(struct stop_facts, signer),
     .choices = signer_choices},
    FORM_TEXT_MAY(stop_facts, signer_name, FORM_NAME_POINTS_MAX),
    FACT_END,
};

static void add_money(struct form_content *content, struct arena *arena, int64_t fees_paid)
{
    form_add_field(content, "Phí, lệ phí đã nộp:",
                   fees_paid == 0 ? TEXT("Không.")
                                  : text_of(arena_printf(arena, "%.*s đồng; hoàn trả theo quy định: ……………",
                                                         TEXT_ARG(form_money(arena, fees_paid)))));
}

static void add_body(struct form_content *content, struct arena *arena, const struct stop_facts *facts)
{
    form_add_field(content, "Kính gửi:", facts->owner_name)->fields[0].is_strong = true;
    form_add_field(content, "Mã hồ sơ:", facts->head.dossier_code);
    form_add_field(content, "Nội dung yêu cầu giải quyết:", facts->procedure_name);
    form_add_field(content, "Bộ phận tiếp nhận và trả kết quả:", facts->receiving_unit);
    if (facts->accepted_at_s != 0)
        form_add_field(content, "Thời gian nhận hồ sơ:", form_moment(arena, facts->accepted_at_s));
    if (facts->requested_at_s != 0)
        form_add_field(content,
                       "Thời gian đề nghị dừng giải quyết:", form_moment(arena, facts->requested_at_s));
    form_add_field(content, "Tình trạng giải quyết khi dừng:", facts->state_label);
    form_add_field(content, "Lý do:", facts->reason);
    form_add_field(content, "Căn cứ:", facts->ground);
    form_add_sentence(
        content, arena_printf(arena,
                              facts->is_withdrawn
                                  ? "Theo đề nghị của Ông/Bà/Tổ chức, hồ sơ nêu trên dừng giải quyết từ %.*s."
                                  : "Hồ sơ nêu trên dừng giải quyết từ %.*s.",
                              TEXT_ARG(form_moment(arena, facts->stopped_at_s))));
    form_add_sentence(content,
                      "Giấy tờ đã nộp được trả lại cho Ông/Bà/Tổ chức tại Bộ phận tiếp nhận và trả kết "
                      "quả.");
    add_money(content, arena, facts->fees_paid);
    form_add_sentence(content,
                      "Khi cần giải quyết tiếp, Ông/Bà/Tổ chức nộp hồ sơ mới theo quy định. Trân trọng "
                      "thông báo./.")
        ->keeps_next = true;
}

struct form_result form_stop_notice_compose(struct arena *arena, const struct form *form, const cJSON *json)
{
    static const char *const recipients[] = {"- Như trên;", "- Cơ quan giải quyết hồ sơ;", "- Lưu: hồ sơ.",
                                             NULL};
    struct stop_facts *facts = arena_new(arena, struct stop_facts);
    const char *fault = facts_decode(arena, json, stop_table, facts);
    struct form_content *content;
    struct form_block *block;

    if (fault != NULL)
        return (struct form_result){.fault = fault};
    content = form_begin(arena, form, &facts->head);
    content->number = TEXT("Số: ………/TB-DGQ");
    add_body(content, arena, facts);
    block = form_add(content, FORM_BLOCK_SIGNATURES);
    form_set_recipients(arena, block, recipients);
    block->signatures[1] = signers[facts->signer];
    block->signatures[1].name = facts->signer_name;
    return (struct form_result){.content = content};
}
