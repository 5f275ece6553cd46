#include "forms/render/layout_table.h"

#include <math.h>

enum { COLUMNS_MAX = 12, TABLE_PT = 12, SMALLEST_PT = 6 };

#define SIDE_PADDING_PT (1.2 * SHEET_MM)
#define CELL_MAX_PT     (SHEET_BOTTOM_PT - SHEET_TOP_PT)

/* Where the columns stand and how high the two head rows are. */
struct grid {
    const struct form_table *table;
    double x_pt[COLUMNS_MAX + 1];
    double padding_pt;
    double groups_pt; /* 0: no column has a group */
    double titles_pt;
};

static PangoLayout *set_cell(const struct sheet *sheet, struct text text, double size_pt, bool is_bold,
                             double width)
{
    return sheet_set(sheet, text, (struct typeface){.size_pt = size_pt, .is_bold = is_bold},
                     width - 2 * SIDE_PADDING_PT);
}

static double width_of(const struct grid *grid, size_t from, size_t to)
{
    return grid->x_pt[to] - grid->x_pt[from];
}

static size_t group_end(const struct form_table *table, size_t from)
{
    const char *group = table->columns[from].group;
    size_t end = from + 1;

    while (group != NULL && end < table->column_count && table->columns[end].group != NULL &&
           strcmp(table->columns[end].group, group) == 0)
        end++;
    return end;
}

static double head_cell_height(const struct sheet *sheet, const char *title, double width, double padding)
{
    PangoLayout *layout = set_cell(sheet, text_of(title), TABLE_PT, true, width);
    double height = sheet_height(layout) + 2 * padding;

    g_object_unref(layout);
    return height;
}

static void grid_measure_head(struct grid *grid, const struct sheet *sheet)
{
    const struct form_table *table = grid->table;
    double tallest = 0;

    for (size_t i = 0; i < table->column_count; i++) {
        double title =
            head_cell_height(sheet, table->columns[i].title, width_of(grid, i, i + 1), grid->padding_pt);

        if (table->columns[i].group == NULL)
            tallest = MAX(tallest, title);
        else
            grid->titles_pt = MAX(grid->titles_pt, title);
    }
    for (size_t i = 0, end; i < table->column_count; i = end) {
        end = group_end(table, i);
        if (table->columns[i].group != NULL)
            grid->groups_pt =
                MAX(grid->groups_pt, head_cell_height(sheet, table->columns[i].group, width_of(grid, i, end),
                                                      grid->padding_pt));
    }
    grid->titles_pt = MAX(grid->titles_pt, tallest - grid->groups_pt);
}

static struct grid grid_of(const struct sheet *sheet, const struct form_table *table, double padding_pt)
{
    struct grid grid = {.table = table, .padding_pt = padding_pt};
    double rest = SHEET_BODY_PT;
    double x = SHEET_LEFT_PT;

    must(table->column_count <= COLUMNS_MAX);
    for (size_t i = 0; i < table->column_count; i++)
        rest -= table->columns[i].width_mm * SHEET_MM;
    for (size_t i = 0; i < table->column_count; i++) {
        unsigned width_mm = table->columns[i].width_mm;

        grid.x_pt[i] = x;
        x += width_mm == FORM_COLUMN_REST ? rest : width_mm * SHEET_MM;
    }
    grid.x_pt[table->column_count] = x;
    grid_measure_head(&grid, sheet);
    return grid;
}

static void put_head_cell(const struct sheet *sheet, const char *title, double x, double y, double width,
                          double height)
{
    PangoLayout *layout = set_cell(sheet, text_of(title), TABLE_PT, true, width);

    pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);
    sheet_put(sheet, layout, x + SIDE_PADDING_PT, y + (height - sheet_height(layout)) / 2);
    sheet_box(sheet, x, y, width, height);
    g_object_unref(layout);
}

static void put_head(struct sheet *sheet, const struct grid *grid)
{
    const struct form_table *table = grid->table;
    double whole = grid->groups_pt + grid->titles_pt;

    for (size_t i = 0, end; i < table->column_count; i = end) {
        end = group_end(table, i);
        if (table->columns[i].group == NULL) {
            put_head_cell(sheet, table->columns[i].title, grid->x_pt[i], sheet->y_pt, width_of(grid, i, end),
                          whole);
            continue;
        }
        put_head_cell(sheet, table->columns[i].group, grid->x_pt[i], sheet->y_pt, width_of(grid, i, end),
                      grid->groups_pt);
        for (size_t k = i; k < end; k++)
            put_head_cell(sheet, table->columns[k].title, grid->x_pt[k], sheet->y_pt + grid->groups_pt,
                          width_of(grid, k, k + 1), grid->titles_pt);
    }
    sheet->y_pt += whole;
}

/* A cell too tall for an empty page is set smaller: a row is never split, and no text is ever lost before
 * that. The area of a text goes with the square of its size, which makes the first guess. */
static PangoLayout *fit_cell(const struct sheet *sheet, const struct grid *grid, struct text text,
                             size_t column)
{
    double width = width_of(grid, column, column + 1);
    double room = CELL_MAX_PT - grid->groups_pt - grid->titles_pt - 2 * grid->padding_pt;
    double size = TABLE_PT;
    PangoLayout *layout = set_cell(sheet, text, size, false, width);

    while (sheet_height(layout) > room && size > SMALLEST_PT) {
        double guess = floor(size * sqrt(room / sheet_height(layout)) * 2) / 2;

        size = MAX(MIN(guess, size - 0.5), SMALLEST_PT);
        g_object_unref(layout);
        layout = set_cell(sheet, text, size, false, width);
    }
    if (grid->table->columns[column].is_centred)
        pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);
    return layout;
}

struct row {
    PangoLayout *cells[COLUMNS_MAX];
    double height_pt;
};

static struct row row_set(const struct sheet *sheet, const struct grid *grid, size_t at)
{
    struct row row = {.height_pt = 0};

    for (size_t i = 0; i < grid->table->column_count; i++) {
        row.cells[i] = fit_cell(sheet, grid, grid->table->cells[at * grid->table->column_count + i], i);
        row.height_pt = MAX(row.height_pt, sheet_height(row.cells[i]) + 2 * grid->padding_pt);
    }
    return row;
}

static void row_free(struct row *row, size_t count)
{
    for (size_t i = 0; i < count; i++)
        g_object_unref(row->cells[i]);
}

static void row_put(const struct sheet *sheet, const struct grid *grid, const struct row *row)
{
    for (size_t i = 0; i < grid->table->column_count; i++) {
        double slack = row->height_pt - sheet_height(row->cells[i]);

        sheet_put(sheet, row->cells[i], grid->x_pt[i] + SIDE_PADDING_PT, sheet->y_pt + slack / 2);
        sheet_box(sheet, grid->x_pt[i], sheet->y_pt, width_of(grid, i, i + 1), row->height_pt);
    }
}

double table_start_height(struct sheet *sheet, const struct form_table *table, double padding_pt)
{
    struct grid grid = grid_of(sheet, table, padding_pt);
    double height = grid.groups_pt + grid.titles_pt;

    if (table->row_count > 0) {
        struct row row = row_set(sheet, &grid, 0);

        height += row.height_pt;
        row_free(&row, table->column_count);
    }
    return height;
}

void table_draw(struct sheet *sheet, const struct form_table *table, double padding_pt)
{
    struct grid grid = grid_of(sheet, table, padding_pt);

    sheet_need(sheet, table_start_height(sheet, table, padding_pt));
    put_head(sheet, &grid);
    for (size_t i = 0; i < table->row_count; i++) {
        struct row row = row_set(sheet, &grid, i);

        if (sheet->y_pt + row.height_pt > SHEET_BOTTOM_PT && i > 0) {
            sheet_break(sheet);
            put_head(sheet, &grid);
        }
        row_put(sheet, &grid, &row);
        sheet->y_pt += row.height_pt;
        row_free(&row, table->column_count);
    }
}
