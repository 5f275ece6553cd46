#include "forms/form_control_slip_rules.h"

#include "forms/form_head_rules.h"
#include "forms/form_words_rules.h"

enum { HANDOFFS_MAX = 500, COLUMNS = 5 };

struct handoff {
    struct text giving_unit, taking_unit, giver_name, taker_name, note;
    int64_t given_at_s, taken_at_s;
    int result;
};

struct slip_facts {
    struct form_head head;
    struct text owner_name, lead_agency, cooperating_agencies, register_book;
    int64_t accepted_at_s, due_at_s, register_line;
    struct fact_list handoffs;
};

static const char *const result_choices[] = {"NONE", "EARLY", "ON_TIME", "OVERDUE", NULL};
static const char *const result_words[] = {"", "Trước hạn", "Đúng hạn", "Quá hạn"};

static const struct fact handoff_table[] = {
    FORM_TEXT_MUST(handoff, giving_unit, FORM_NAME_POINTS_MAX),
    FORM_TEXT_MUST(handoff, taking_unit, FORM_NAME_POINTS_MAX),
    FORM_TEXT_MAY(handoff, giver_name, FORM_NAME_POINTS_MAX),
    FORM_TEXT_MAY(handoff, taker_name, FORM_NAME_POINTS_MAX),
    FORM_TEXT_MAY(handoff, note, FORM_LINE_POINTS_MAX),
    FORM_INSTANT(handoff, "given_at", given_at_s, true),
    FORM_INSTANT(handoff, "taken_at", taken_at_s, false),
    {FACT_CHOICE, true, .key = "result", .offset = offsetof(struct handoff, result),
     .choices = result_choices},
    FACT_END,
};

static const struct fact slip_table[] = {
    FORM_HEAD_FACTS(slip_facts, true),
    FORM_TEXT_MUST(slip_facts, owner_name, FORM_NAME_POINTS_MAX),
    FORM_TEXT_MUST(slip_facts, lead_agency, FORM_NAME_POINTS_MAX),
    FORM_TEXT_MAY(slip_facts, cooperating_agencies, FORM_LINE_POINTS_MAX),
    FORM_TEXT_MUST(slip_facts, register_book, 40),
    FORM_NUMBER(slip_facts, register_line, 1, 99999999),
    FORM_INSTANT(slip_facts, "accepted_at", accepted_at_s, true),
    FORM_INSTANT(slip_facts, "due_at", due_at_s, false),
    FORM_LIST(slip_facts, handoffs, 0, HANDOFFS_MAX, handoff_table, handoff),
    FACT_END,
};

static void add_head(struct form_content *content, struct arena *arena, const struct slip_facts *facts)
{
    struct form_block *block = form_add_field(content, "Quyển số:", facts->register_book);

    block->fields[1] =
        (struct form_field){.label = TEXT("Số thứ tự:"),
                            .value = text_of(arena_printf(arena, "%lld", (long long)facts->register_line))};
    form_add_field(content, "Kèm theo hồ sơ của:", facts->owner_name)->fields[0].is_strong = true;
    form_add_field(content, text_copy(arena, text_of(content->form->code_label)), facts->head.dossier_code);
    form_add_field(content, "Ngày nhận:", form_moment(arena, facts->accepted_at_s));
    form_add_field(content, "Ngày, giờ hẹn trả kết quả:",
                   facts->due_at_s != 0 ? form_moment(arena, facts->due_at_s)
                                        : TEXT("theo quy định của pháp luật chuyên ngành"));
    form_add_field(content, "Cơ quan (bộ phận) giải quyết hồ sơ:", facts->lead_agency);
    form_add_field(content, "Cơ quan phối hợp giải quyết hồ sơ:",
                   facts->cooperating_agencies.data != NULL ? facts->cooperating_agencies : TEXT("Không"));
}

/* "Người giao", then the account's name; without one room to sign. */
static struct text signed_by(struct arena *arena, const char *who, struct text name, int64_t at_s)
{
    if (name.data == NULL)
        return text_of(arena_printf(arena, "%s\n(Ký)\n\n", who));
    if (at_s == 0)
        return text_of(arena_printf(arena, "%s\n%.*s", who, TEXT_ARG(name)));
    return text_of(
        arena_printf(arena, "%s\n%.*s\n(%.*s)", who, TEXT_ARG(name), TEXT_ARG(form_moment(arena, at_s))));
}

static void add_handoffs(struct form_content *content, struct arena *arena, const struct fact_list *list)
{
    static const struct form_column columns[COLUMNS] = {
        {"TÊN CƠ QUAN", NULL, 38, false},
        {NULL, "THỜI GIAN GIAO, NHẬN HỒ SƠ", 37, true},
        {NULL, "THỜI GIAN GIAO, NHẬN HỒ SƠ", 37, true},
        {"KẾT QUẢ GIẢI QUYẾT HỒ SƠ (Trước hạn/đúng hạn/quá hạn)", NULL, 27, true},
        {"GHI CHÚ", NULL, FORM_COLUMN_REST, false},
    };
    const struct handoff *handoffs = list->items;
    struct text *cells = arena_array(arena, struct text, list->count * COLUMNS);
    struct text *over = arena_array(arena, struct text, list->count);

    for (size_t i = 0; i < list->count; i++) {
        const struct handoff *one = &handoffs[i];
        struct text *row = &cells[i * COLUMNS];

        over[i] = form_moment(arena, one->given_at_s);
        row[0] = text_of(arena_printf(arena, "1. Giao: %.*s\n2. Nhận: %.*s", TEXT_ARG(one->giving_unit),
                                      TEXT_ARG(one->taking_unit)));
        row[1] = signed_by(arena, "Người giao", one->giver_name, 0);
        row[2] = signed_by(arena, "Người nhận", one->taker_name, one->taken_at_s);
        row[3] = text_of(result_words[one->result]);
        row[4] = one->note;
    }
    form_add(content, FORM_BLOCK_TABLE)->table = (struct form_table){.columns = columns,
                                                                     .column_count = COLUMNS,
                                                                     .cells = cells,
                                                                     .row_count = list->count,
                                                                     .size_pt = 11,
                                                                     .over = over,
                                                                     .over_from = 1,
                                                                     .over_end = 3};
}

struct form_result form_control_slip_compose(struct arena *arena, const struct form *form, const cJSON *json)
{
    struct slip_facts *facts = arena_new(arena, struct slip_facts);
    const char *fault = facts_decode(arena, json, slip_table, facts);
    struct form_content *content;

    if (fault != NULL)
        return (struct form_result){.fault = fault};
    content = form_begin(arena, form, &facts->head);
    add_head(content, arena, facts);
    add_handoffs(content, arena, &facts->handoffs);
    return (struct form_result){.content = content};
}
