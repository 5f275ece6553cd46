#include "forms/form_apology_rules.h"

#include "forms/form_content_rules.h"
#include "forms/form_facts_rules.h"
#include "forms/form_words_rules.h"

static const char *const set_words[] = {"TT01_2018", "TT03_2025", NULL};

enum { NAME_POINTS_MAX = 300, LINE_POINTS_MAX = 2000 };

struct apology_facts {
    int set;
    struct text dossier_code, lookup_url, lookup_secret, superior_agency, issuing_agency, place, number;
    struct text owner_name, receiving_unit, procedure_name, reason, responsible_unit, responsible_step;
    struct text signer_name;
    int64_t accepted_at_s, due_at_s, new_due_at_s, dated_s;
};

#define AT(member) .key = #member, .offset = offsetof(struct apology_facts, member)
#define TEXT_MUST(member, most_)                                                                             \
    {                                                                                                        \
        FACT_TEXT, true, AT(member), .least = 1, .most = (most_)                                             \
    }
#define TEXT_MAY(member, most_)                                                                              \
    {                                                                                                        \
        FACT_TEXT, false, AT(member), .most = (most_)                                                        \
    }
#define INSTANT(key_, member, is_required_)                                                                  \
    {                                                                                                        \
        FACT_INSTANT, (is_required_), .key = (key_), .offset = offsetof(struct apology_facts, member)        \
    }

static const struct fact apology_table[] = {
    {FACT_CHOICE, true, .key = "form_set", .offset = offsetof(struct apology_facts, set),
     .choices = set_words},
    TEXT_MUST(dossier_code, 64),
    {FACT_URL, true, AT(lookup_url), .least = 1, .most = 500},
    TEXT_MAY(lookup_secret, 32),
    TEXT_MAY(superior_agency, NAME_POINTS_MAX),
    TEXT_MUST(issuing_agency, NAME_POINTS_MAX),
    TEXT_MUST(place, 100),
    TEXT_MAY(number, 64),
    TEXT_MUST(owner_name, NAME_POINTS_MAX),
    TEXT_MUST(receiving_unit, NAME_POINTS_MAX),
    TEXT_MUST(procedure_name, LINE_POINTS_MAX),
    INSTANT("accepted_at", accepted_at_s, true),
    INSTANT("due_at", due_at_s, true),
    INSTANT("new_due_at", new_due_at_s, false),
    INSTANT("dated", dated_s, true),
    TEXT_MAY(reason, LINE_POINTS_MAX),
    TEXT_MUST(responsible_unit, NAME_POINTS_MAX),
    TEXT_MAY(responsible_step, NAME_POINTS_MAX),
    TEXT_MAY(signer_name, NAME_POINTS_MAX),
    FACT_END,
};

static struct text or_dots(struct text value)
{
    return value.data != NULL ? value : TEXT("………………………………………………");
}

static void add_sentence(struct form_content *content, const char *sentence)
{
    form_add_field(content, sentence, TEXT(""));
}

static void add_head(struct form_content *content, struct arena *arena, const struct apology_facts *facts)
{
    content->superior_agency = facts->superior_agency;
    content->issuing_agency = facts->issuing_agency;
    content->place_date = text_of(arena_printf(arena, "%.*s, %.*s", TEXT_ARG(facts->place),
                                               TEXT_ARG(form_date(arena, facts->dated_s))));
    content->dossier_code = facts->dossier_code;
    content->lookup_secret = facts->lookup_secret;
    content->lookup_url = facts->lookup_url;
    content->dated_s = facts->dated_s;
    content->copy_marks[content->copy_count++] = TEXT_NONE;
}

static void add_body(struct form_content *content, struct arena *arena, const struct apology_facts *facts)
{
    struct text const new_due = facts->new_due_at_s != 0 ? form_moment(arena, facts->new_due_at_s)
                                                         : TEXT("…… giờ ……, ngày …… tháng …… năm ……");

    form_add_field(content, "Số:", or_dots(facts->number));
    form_add_field(content, "Kính gửi:", facts->owner_name)->fields[0].is_strong = true;
    add_sentence(content,
                 arena_printf(arena,
                              "Ngày nhận hồ sơ: %.*s; %.*s đã tiếp nhận hồ sơ đề nghị giải quyết thủ tục: "
                              "%.*s; mã số: %.*s.",
                              TEXT_ARG(form_moment(arena, facts->accepted_at_s)),
                              TEXT_ARG(facts->receiving_unit), TEXT_ARG(facts->procedure_name),
                              TEXT_ARG(facts->dossier_code)));
    form_add_field(content, "Thời gian hẹn trả kết quả:", form_moment(arena, facts->due_at_s));
    add_sentence(content, "Tuy nhiên đến nay hồ sơ chưa có kết quả để trả đúng thời hạn đã hẹn.");
    form_add_field(content, "Cơ quan, đơn vị chưa hoàn thành:", facts->responsible_unit);
    form_add_field(content, "Bước giải quyết:", facts->responsible_step);
    form_add_field(content, "Lý do:", or_dots(facts->reason));
    add_sentence(content,
                 "Sự chậm trễ này gây phiền hà, tốn kém thời gian, công sức của Ông/Bà/Tổ chức. Chúng tôi "
                 "chân thành xin lỗi.");
    form_add_field(content,
                   facts->set == FORM_SET_TT03_2025 ? "Đề nghị gia hạn và hẹn trả kết quả vào:"
                                                    : "Chúng tôi sẽ trả kết quả vào:",
                   new_due)
        ->fields[0]
        .is_strong = true;
    if (facts->set == FORM_SET_TT03_2025)
        add_sentence(content, "Số lần gia hạn: 01 (chỉ được gia hạn một lần).");
    add_sentence(content, "Mong nhận được sự thông cảm của Ông/Bà/Tổ chức. Trân trọng cảm ơn./.");
    content->blocks[content->block_count - 1].keeps_next = true;
}

struct form_result form_apology_compose(struct arena *arena, const struct form *form, const cJSON *facts_json)
{
    struct apology_facts *facts = arena_new(arena, struct apology_facts);
    struct form_content *content = arena_new(arena, struct form_content);
    const char *fault = facts_decode(arena, facts_json, apology_table, facts);
    struct form_block *block;

    if (fault == NULL && facts->new_due_at_s != 0 && facts->new_due_at_s <= facts->due_at_s)
        fault = "new_due_at: not after due_at";
    if (fault != NULL)
        return (struct form_result){.fault = fault};
    content->form = form;
    add_head(content, arena, facts);
    add_body(content, arena, facts);
    block = form_add(content, FORM_BLOCK_SIGNATURES);
    block->signatures[1] =
        (struct form_signature){"THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ", "(Ký tên, đóng dấu)", facts->signer_name};
    return (struct form_result){.content = content};
}
