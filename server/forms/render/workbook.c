#include "forms/render/workbook.h"

#include <math.h>
#include <xlsxwriter.h>

#include "core/instant.h"
#include "forms/form_facts_rules.h"
#include "forms/render/memory_file.h"

enum { COLUMNS_MAX = 40, ROWS_MAX = 5000, TITLE_POINTS_MAX = 100, ABOUT_POINTS_MAX = 1000, HEAD_ROW = 3 };
/* Excel counts days from 1899-12-30; a cell has no zone, so it gets the time of Asia/Ho_Chi_Minh. */
#define EPOCH_DAYS 25569.0
enum { FILE_DATE_S = 1735689600 }; /* 2025-01-01, of every file */
enum { CELL_BYTES_MAX = 32767 }; /* more UTF-16 units than this no program opens */

enum cell_kind { CELL_TEXT, CELL_NUMBER, CELL_MONEY, CELL_INSTANT, CELL_KINDS };
static const char *const kind_words[] = {"TEXT", "NUMBER", "MONEY", "INSTANT", NULL};
/* Vietnamese forms of numbers: the separators are those of the reader's machine. */
static const char *const kind_formats[] = {NULL, "#,##0", "#,##0\\ \"₫\"", "dd/mm/yyyy hh:mm"};

struct column {
    struct text title;
    int kind;
    int64_t width;
};

struct list {
    struct text title, about;
    struct fact_list columns;
};

static const struct fact column_table[] = {
    {FACT_TEXT, true, .key = "title", .offset = offsetof(struct column, title), .least = 1,
     .most = TITLE_POINTS_MAX},
    {FACT_CHOICE, true, .key = "kind", .offset = offsetof(struct column, kind), .choices = kind_words},
    {FACT_NUMBER, true, .key = "width", .offset = offsetof(struct column, width), .least = 1, .most = 100},
    FACT_END,
};

static const struct fact list_table[] = {
    {FACT_TEXT, true, .key = "title", .offset = offsetof(struct list, title), .least = 1,
     .most = TITLE_POINTS_MAX},
    {FACT_TEXT, true, .key = "about", .offset = offsetof(struct list, about), .least = 1,
     .most = ABOUT_POINTS_MAX},
    {FACT_LIST, true, .key = "columns", .offset = offsetof(struct list, columns), .least = 1,
     .most = COLUMNS_MAX, .element = column_table, .element_bytes = sizeof(struct column)},
    FACT_END,
};

struct sheet_pen {
    struct arena *arena;
    lxw_worksheet *worksheet;
    lxw_format *title, *head, *cells[CELL_KINDS];
    const struct list *list;
};

static struct answer bad(const char *why)
{
    return (struct answer){.status = ANSWER_BAD, .bytes = text_of(why)};
}

static void formats_make(struct sheet_pen *pen, lxw_workbook *workbook)
{
    pen->title = workbook_add_format(workbook);
    format_set_bold(pen->title);
    format_set_font_size(pen->title, 14);
    pen->head = workbook_add_format(workbook);
    format_set_bold(pen->head);
    format_set_text_wrap(pen->head);
    format_set_border(pen->head, LXW_BORDER_THIN);
    format_set_align(pen->head, LXW_ALIGN_CENTER);
    format_set_align(pen->head, LXW_ALIGN_VERTICAL_CENTER);
    for (int kind = 0; kind < CELL_KINDS; kind++) {
        pen->cells[kind] = workbook_add_format(workbook);
        format_set_border(pen->cells[kind], LXW_BORDER_THIN);
        format_set_align(pen->cells[kind], LXW_ALIGN_VERTICAL_TOP);
        if (kind_formats[kind] != NULL)
            format_set_num_format(pen->cells[kind], kind_formats[kind]);
        else
            format_set_text_wrap(pen->cells[kind]);
    }
}

static void put_head(const struct sheet_pen *pen, size_t row_count)
{
    const struct column *columns = pen->list->columns.items;
    lxw_col_t const last = (lxw_col_t)(pen->list->columns.count - 1);

    worksheet_write_string(pen->worksheet, 0, 0, text_copy(pen->arena, pen->list->title), pen->title);
    worksheet_write_string(pen->worksheet, 1, 0, text_copy(pen->arena, pen->list->about), NULL);
    for (lxw_col_t i = 0; i <= last; i++) {
        worksheet_set_column(pen->worksheet, i, i, (double)columns[i].width, NULL);
        worksheet_write_string(pen->worksheet, HEAD_ROW, i, text_copy(pen->arena, columns[i].title),
                               pen->head);
    }
    worksheet_freeze_panes(pen->worksheet, HEAD_ROW + 1, 0);
    worksheet_autofilter(pen->worksheet, HEAD_ROW, 0, (lxw_row_t)(HEAD_ROW + row_count), last);
    worksheet_repeat_rows(pen->worksheet, HEAD_ROW, HEAD_ROW);
    worksheet_set_landscape(pen->worksheet);
    worksheet_set_paper(pen->worksheet, 9); /* A4 */
    worksheet_fit_to_pages(pen->worksheet, 1, 0);
}

/* NULL, or the fault. */
static const char *put_cell(const struct sheet_pen *pen, lxw_row_t row, lxw_col_t at, const cJSON *value)
{
    int const kind = ((const struct column *)pen->list->columns.items)[at].kind;
    lxw_format *format = pen->cells[kind];
    int64_t at_s;

    if (cJSON_IsNull(value)) {
        worksheet_write_blank(pen->worksheet, row, at, format);
        return NULL;
    }
    if (kind == CELL_NUMBER || kind == CELL_MONEY) {
        if (!cJSON_IsNumber(value))
            return "rows: a cell must be a number";
        worksheet_write_number(pen->worksheet, row, at, value->valuedouble, format);
        return NULL;
    }
    if (!cJSON_IsString(value) || strlen(value->valuestring) > CELL_BYTES_MAX ||
        !text_is_utf8(text_of(value->valuestring)))
        return "rows: a cell must be a string";
    if (kind == CELL_TEXT) {
        worksheet_write_string(pen->worksheet, row, at, value->valuestring, format);
        return NULL;
    }
    if (!instant_parse(text_of(value->valuestring), &at_s))
        return "rows: a cell must be an instant";
    /* To the minute, as it is shown: a whole second has no shorter form, and nobody reads it. */
    worksheet_write_number(pen->worksheet, row, at,
                           EPOCH_DAYS + round((double)(at_s + INSTANT_ZONE_S) / 60) / 1440, format);
    return NULL;
}

static const char *put_rows(const struct sheet_pen *pen, const cJSON *rows)
{
    lxw_row_t at = HEAD_ROW;
    const cJSON *row, *value;

    cJSON_ArrayForEach(row, rows)
    {
        lxw_col_t column = 0;

        at++;
        if (!cJSON_IsArray(row) || (size_t)cJSON_GetArraySize(row) != pen->list->columns.count)
            return "rows: each must have a cell for every column";
        cJSON_ArrayForEach(value, row)
        {
            const char *fault = put_cell(pen, at, column++, value);

            if (fault != NULL)
                return fault;
        }
    }
    return NULL;
}

static struct answer write_all(struct arena *arena, const struct list *list, const cJSON *rows)
{
    lxw_workbook *workbook = workbook_new("list.xlsx");
    struct sheet_pen pen = {.arena = arena, .list = list};
    /* A clock here would make every file another one. */
    lxw_doc_properties properties = {.title = text_copy(arena, list->title), .created = FILE_DATE_S};
    const char *fault;
    lxw_error error;
    struct text bytes;

    must(workbook != NULL);
    pen.worksheet = workbook_add_worksheet(workbook, "Danh sách");
    workbook_set_properties(workbook, &properties);
    formats_make(&pen, workbook);
    put_head(&pen, (size_t)cJSON_GetArraySize(rows));
    fault = put_rows(&pen, rows);
    memory_file_begin(arena, ANSWER_DOCUMENT_BYTES_MAX);
    error = workbook_close(workbook); /* frees it, whatever it says */
    bytes = memory_file_end();
    if (fault != NULL)
        return bad(fault);
    if (error != LXW_NO_ERROR || bytes.data == NULL)
        return (struct answer){.status = ANSWER_FAILED, .bytes = text_of(lxw_strerror(error))};
    return (struct answer){.bytes = bytes};
}

struct answer workbook_make(struct arena *arena, const struct cJSON *facts)
{
    const cJSON *rows = cJSON_GetObjectItemCaseSensitive(facts, "rows");
    struct list *list = arena_new(arena, struct list);
    cJSON *head = cJSON_CreateObject();
    const char *fault;

    if (!cJSON_IsArray(rows) || cJSON_GetArraySize(rows) > ROWS_MAX) {
        cJSON_Delete(head);
        return bad("rows: must be an array of at most 5000");
    }
    /* The table of facts knows no rows: they are read as they are written. */
    for (const cJSON *member = facts->child; member != NULL; member = member->next)
        if (member != rows)
            must(cJSON_AddItemToObject(head, member->string, cJSON_Duplicate(member, true)));
    fault = facts_decode(arena, head, list_table, list);
    cJSON_Delete(head);
    return fault != NULL ? bad(fault) : write_all(arena, list, rows);
}
