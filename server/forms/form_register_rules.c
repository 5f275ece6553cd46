#include "forms/form_register_rules.h"

#include "forms/form_head_rules.h"
#include "forms/form_words_rules.h"

enum { BOOK_COLUMNS = 15, HANDOVER_COLUMNS = 8 };

static const char *const channel_choices[] = {"COUNTER", "POST", "ONLINE", NULL};
static const char *const channel_words[] = {"Trực tiếp", "Bưu chính công ích", "Điện tử"};

/* One dossier, as both forms tell it. */
struct line {
    struct text code, procedure_name, owner_name, address, phone, lead_agency, receiver_name, clerk_name,
        note;
    struct text result;
    int64_t line, set_count, accepted_at_s, due_at_s, transferred_at_s, finished_at_s, returned_at_s;
    int return_channel;
    bool has_fee;
};

struct list_facts {
    struct form_head head;
    struct text unit_name, register_book, giving_unit;
    int64_t from_s, to_s;
    struct fact_list lines;
};

static const struct fact line_table[] = {
    FORM_TEXT_MUST(line, code, 64),
    FORM_TEXT_MUST(line, procedure_name, FORM_LINE_POINTS_MAX),
    FORM_TEXT_MAY(line, owner_name, FORM_NAME_POINTS_MAX),
    FORM_TEXT_MAY(line, address, FORM_LINE_POINTS_MAX),
    FORM_TEXT_MAY(line, phone, 60),
    FORM_TEXT_MAY(line, lead_agency, FORM_NAME_POINTS_MAX),
    FORM_TEXT_MAY(line, receiver_name, FORM_NAME_POINTS_MAX),
    FORM_TEXT_MAY(line, clerk_name, FORM_NAME_POINTS_MAX),
    FORM_TEXT_MAY(line, note, FORM_LINE_POINTS_MAX),
    FORM_TEXT_MAY(line, result, FORM_NAME_POINTS_MAX),
    FORM_NUMBER(line, line, 1, 99999999),
    FORM_NUMBER(line, set_count, 1, 9999),
    FORM_INSTANT(line, "accepted_at", accepted_at_s, true),
    FORM_INSTANT(line, "due_at", due_at_s, false),
    FORM_INSTANT(line, "transferred_at", transferred_at_s, false),
    FORM_INSTANT(line, "finished_at", finished_at_s, false),
    FORM_INSTANT(line, "returned_at", returned_at_s, false),
    {FACT_CHOICE, true, .key = "return_channel", .offset = offsetof(struct line, return_channel),
     .choices = channel_choices},
    {FACT_BOOL, false, .key = "has_fee", .offset = offsetof(struct line, has_fee)},
    FACT_END,
};

static const struct fact list_table[] = {
    FORM_HEAD_FACTS(list_facts, false),
    FORM_TEXT_MUST(list_facts, unit_name, FORM_NAME_POINTS_MAX),
    FORM_TEXT_MUST(list_facts, register_book, 40),
    FORM_TEXT_MAY(list_facts, giving_unit, FORM_NAME_POINTS_MAX),
    FORM_INSTANT(list_facts, "from", from_s, true),
    FORM_INSTANT(list_facts, "to", to_s, true),
    FORM_LIST(list_facts, lines, 0, FORM_ROWS_MAX, line_table, line),
    FACT_END,
};

static struct text joined(struct arena *arena, struct text a, const char *between, struct text b)
{
    if (a.data == NULL || b.data == NULL)
        return a.data != NULL ? a : b;
    return text_of(arena_printf(arena, "%.*s%s%.*s", TEXT_ARG(a), between, TEXT_ARG(b)));
}

static struct text day_or_none(struct arena *arena, int64_t at_s)
{
    return at_s != 0 ? form_short_day(arena, at_s) : TEXT("");
}

static struct text moment_or_none(struct arena *arena, int64_t at_s)
{
    return at_s != 0 ? form_short_moment(arena, at_s) : TEXT("");
}

static void set_book_row(struct arena *arena, struct text *row, const struct line *line)
{
    row[0] = text_of(arena_printf(arena, "%lld", (long long)line->line));
    row[1] = line->code;
    row[2] = line->procedure_name;
    row[3] = form_count(arena, line->set_count);
    row[4] = line->owner_name;
    row[5] = joined(arena, line->address, "; ", line->phone);
    row[6] = line->lead_agency;
    row[7] = moment_or_none(arena, line->accepted_at_s);
    row[8] = moment_or_none(arena, line->due_at_s);
    row[9] = day_or_none(arena, line->transferred_at_s);
    row[10] = day_or_none(arena, line->finished_at_s);
    row[11] = day_or_none(arena, line->returned_at_s);
    row[12] = text_of(channel_words[line->return_channel]);
    row[13] = line->receiver_name;
    row[14] = joined(arena, line->clerk_name, "; ", line->note);
}

static void set_handover_row(struct arena *arena, struct text *row, const struct line *line, size_t number)
{
    row[0] = text_of(arena_printf(arena, "%zu", number));
    row[1] = line->code;
    row[2] = line->procedure_name;
    row[3] = line->result;
    row[4] = line->owner_name;
    row[5] = line->address;
    row[6] = line->has_fee ? TEXT("X") : TEXT("");
    row[7] = text_equal(text_of(channel_choices[line->return_channel]), TEXT("POST")) ? TEXT("X") : TEXT("");
}

static const struct form_column book_columns[BOOK_COLUMNS] = {
    {"STT", NULL, 8, true},
    {"Mã hồ sơ", NULL, 28, false},
    {"Tên thủ tục hành chính", NULL, FORM_COLUMN_REST, false},
    {"Số lượng hồ sơ (bộ)", NULL, 9, true},
    {"Tên cá nhân, tổ chức", NULL, 22, false},
    {"Địa chỉ, số điện thoại", NULL, 24, false},
    {"Cơ quan chủ trì giải quyết", NULL, 18, false},
    {"Nhận hồ sơ", "Ngày, tháng, năm", 15, true},
    {"Hẹn trả kết quả", "Ngày, tháng, năm", 15, true},
    {"Chuyển hồ sơ đến cơ quan giải quyết", "Ngày, tháng, năm", 15, true},
    {"Nhận kết quả từ cơ quan giải quyết", "Ngày, tháng, năm", 15, true},
    {"Ngày, tháng, năm", "Trả kết quả", 15, true},
    {"Phương thức nhận kết quả", "Trả kết quả", 15, true},
    {"Ký nhận", "Trả kết quả", 12, true},
    {"Ghi chú", NULL, 15, false},
};

static const struct form_column handover_columns[HANDOVER_COLUMNS] = {
    {"TT", NULL, 10, true},
    {"Mã hồ sơ", NULL, 40, false},
    {"Nội dung giải quyết TTHC", NULL, FORM_COLUMN_REST, false},
    {"Kết quả giải quyết TTHC", NULL, 35, false},
    {"Họ tên chủ hồ sơ", NULL, 36, false},
    {"Địa chỉ chủ hồ sơ", NULL, 42, false},
    {"Phí, lệ phí (X là có)", NULL, 17, true},
    {"Đăng ký trả kết quả qua bưu điện (X là có)", NULL, 25, true},
};

/* "(ngày …)", "(từ ngày … đến ngày …)" under the title. */
static struct text span_mark(struct arena *arena, const struct list_facts *facts)
{
    struct text const from = form_date(arena, facts->from_s);
    struct text const to = form_date(arena, facts->to_s);

    if (text_equal(from, to))
        return text_of(arena_printf(arena, "(%.*s)", TEXT_ARG(from)));
    return text_of(arena_printf(arena, "(từ %.*s đến %.*s)", TEXT_ARG(from), TEXT_ARG(to)));
}

/* The facts, and content with the head; NULL: *fault says why. */
static struct form_content *list_begin(struct arena *arena, const struct form *form, const cJSON *json,
                                       struct list_facts *facts, const char **fault)
{
    struct form_content *content;

    *fault = facts_decode(arena, json, list_table, facts);
    if (*fault == NULL && facts->to_s < facts->from_s)
        *fault = "to: before from";
    if (*fault != NULL)
        return NULL;
    content = form_begin(arena, form, &facts->head);
    content->paper = FORM_PAPER_A4_ACROSS;
    content->copy_marks[0] = span_mark(arena, facts);
    return content;
}

struct form_result form_register_compose(struct arena *arena, const struct form *form, const cJSON *json)
{
    struct list_facts *facts = arena_new(arena, struct list_facts);
    const char *fault;
    struct form_content *content = list_begin(arena, form, json, facts, &fault);
    const struct line *lines = facts->lines.items;
    struct text *cells = arena_array(arena, struct text, facts->lines.count * BOOK_COLUMNS);
    struct form_block *block;

    if (content == NULL)
        return (struct form_result){.fault = fault};
    block = form_add_field(content, "Bộ phận tiếp nhận và trả kết quả:", facts->unit_name);
    block->fields[1] = (struct form_field){.label = TEXT("Quyển số:"), .value = facts->register_book};
    block->keeps_next = true;
    for (size_t i = 0; i < facts->lines.count; i++)
        set_book_row(arena, &cells[i * BOOK_COLUMNS], &lines[i]);
    form_add(content, FORM_BLOCK_TABLE)->table = (struct form_table){.columns = book_columns,
                                                                     .column_count = BOOK_COLUMNS,
                                                                     .cells = cells,
                                                                     .row_count = facts->lines.count,
                                                                     .size_pt = 8};
    return (struct form_result){.content = content};
}

struct form_result form_handover_compose(struct arena *arena, const struct form *form, const cJSON *json)
{
    static const char *const hint = "(Ký và ghi rõ họ tên)";
    struct list_facts *facts = arena_new(arena, struct list_facts);
    const char *fault;
    struct form_content *content = list_begin(arena, form, json, facts, &fault);
    const struct line *lines = facts->lines.items;
    struct text *cells = arena_array(arena, struct text, facts->lines.count * HANDOVER_COLUMNS);
    struct form_block *block;

    if (content == NULL)
        return (struct form_result){.fault = fault};
    form_add_field(content, "Bên giao:", facts->giving_unit);
    form_add_field(content, "Bên nhận:", facts->unit_name)->keeps_next = true;
    for (size_t i = 0; i < facts->lines.count; i++)
        set_handover_row(arena, &cells[i * HANDOVER_COLUMNS], &lines[i], i + 1);
    form_add(content, FORM_BLOCK_TABLE)->table = (struct form_table){.columns = handover_columns,
                                                                     .column_count = HANDOVER_COLUMNS,
                                                                     .cells = cells,
                                                                     .row_count = facts->lines.count,
                                                                     .size_pt = 11};
    form_add_field(content, "Tổng số hồ sơ bàn giao:", form_count(arena, (int64_t)facts->lines.count))
        ->keeps_next = true;
    block = form_add(content, FORM_BLOCK_SIGNATURES);
    block->signatures[0] = (struct form_signature){"NGƯỜI GIAO", hint, TEXT_NONE};
    block->signatures[1] = (struct form_signature){"NGƯỜI NHẬN", hint, TEXT_NONE};
    return (struct form_result){.content = content};
}
