#include "forms/render/layout_table.h"

#include <math.h>

enum { COLUMNS_MAX = 16, SMALLEST_PT = 6 };

/* Where the columns stand and how high the two head rows are. */
struct grid {
    const struct form_table *table;
    double x_pt[COLUMNS_MAX + 1];
    double padding_pt;      /* above and below a text */
    double side_padding_pt; /* beside it */
    double size_pt;         /* of the letters */
    double room_pt;         /* for the rows of one page */
    double groups_pt;       /* 0: no column has a group */
    double titles_pt;
};

static PangoLayout *set_cell(const struct sheet *sheet, const struct grid *grid, struct text text,
                             bool is_bold, double width)
{
    return sheet_set(sheet, text, (struct typeface){.size_pt = grid->size_pt, .is_bold = is_bold},
                     width - 2 * grid->side_padding_pt);
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

static double head_cell_height(const struct sheet *sheet, const struct grid *grid, const char *title,
                               double width)
{
    PangoLayout *layout = set_cell(sheet, grid, text_of(title), true, width);
    double height = sheet_height(layout) + 2 * grid->padding_pt;

    g_object_unref(layout);
    return height;
}

static void grid_measure_head(struct grid *grid, const struct sheet *sheet)
{
    const struct form_table *table = grid->table;
    double tallest = 0;

    for (size_t i = 0; i < table->column_count; i++) {
        const struct form_column *column = &table->columns[i];
        bool is_whole = column->title == NULL;
        double title = head_cell_height(sheet, grid, is_whole ? column->group : column->title,
                                        width_of(grid, i, is_whole ? group_end(table, i) : i + 1));

        if (column->group == NULL || is_whole)
            tallest = MAX(tallest, title);
        else
            grid->titles_pt = MAX(grid->titles_pt, title);
        if (is_whole)
            i = group_end(table, i) - 1;
    }
    for (size_t i = 0, end; i < table->column_count; i = end) {
        end = group_end(table, i);
        if (table->columns[i].group != NULL && table->columns[i].title != NULL)
            grid->groups_pt = MAX(grid->groups_pt, head_cell_height(sheet, grid, table->columns[i].group,
                                                                    width_of(grid, i, end)));
    }
    grid->titles_pt = MAX(grid->titles_pt, tallest - grid->groups_pt);
}

static struct grid grid_of(const struct sheet *sheet, const struct form_table *table, double padding_pt)
{
    struct grid grid = {
        .table = table, .padding_pt = padding_pt, .size_pt = table->size_pt != 0 ? table->size_pt : 12};
    double rest = paper_body(sheet->paper);
    double x = sheet->paper->left_pt;

    must(table->column_count <= COLUMNS_MAX);
    grid.side_padding_pt = (grid.size_pt < 10 ? 0.7 : 1.2) * SHEET_MM;
    for (size_t i = 0; i < table->column_count; i++)
        rest -= table->columns[i].width_mm * SHEET_MM;
    for (size_t i = 0; i < table->column_count; i++) {
        unsigned width_mm = table->columns[i].width_mm;

        grid.x_pt[i] = x;
        x += width_mm == FORM_COLUMN_REST ? rest : width_mm * SHEET_MM;
    }
    grid.x_pt[table->column_count] = x;
    grid_measure_head(&grid, sheet);
    grid.room_pt = sheet->paper->bottom_pt - sheet->paper->top_pt - grid.groups_pt - grid.titles_pt;
    return grid;
}

static void put_head_cell(const struct sheet *sheet, const struct grid *grid, const char *title, double x,
                          double y, double width, double height)
{
    PangoLayout *layout = set_cell(sheet, grid, text_of(title), true, width);

    pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);
    sheet_put(sheet, layout, x + grid->side_padding_pt, y + (height - sheet_height(layout)) / 2);
    sheet_box(sheet, x, y, width, height);
    g_object_unref(layout);
}

static void put_head(struct sheet *sheet, const struct grid *grid)
{
    const struct form_table *table = grid->table;
    double whole = grid->groups_pt + grid->titles_pt;

    for (size_t i = 0, end; i < table->column_count; i = end) {
        end = group_end(table, i);
        if (table->columns[i].group == NULL || table->columns[i].title == NULL) {
            put_head_cell(sheet, grid,
                          table->columns[i].title != NULL ? table->columns[i].title : table->columns[i].group,
                          grid->x_pt[i], sheet->y_pt, width_of(grid, i, end), whole);
            continue;
        }
        put_head_cell(sheet, grid, table->columns[i].group, grid->x_pt[i], sheet->y_pt,
                      width_of(grid, i, end), grid->groups_pt);
        for (size_t k = i; k < end; k++)
            put_head_cell(sheet, grid, table->columns[k].title, grid->x_pt[k], sheet->y_pt + grid->groups_pt,
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
    double room = grid->room_pt - 2 * grid->padding_pt;
    struct grid smaller = *grid;
    PangoLayout *layout = set_cell(sheet, grid, text, false, width);

    while (sheet_height(layout) > room && smaller.size_pt > SMALLEST_PT) {
        double guess = floor(smaller.size_pt * sqrt(room / sheet_height(layout)) * 2) / 2;

        smaller.size_pt = MAX(MIN(guess, smaller.size_pt - 0.5), SMALLEST_PT);
        g_object_unref(layout);
        layout = set_cell(sheet, &smaller, text, false, width);
    }
    if (grid->table->columns[column].is_centred)
        pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);
    return layout;
}

struct row {
    PangoLayout *cells[COLUMNS_MAX];
    PangoLayout *over; /* NULL: the table has none */
    double over_pt;    /* its height with padding */
    double height_pt;
};

static bool is_under(const struct grid *grid, size_t column)
{
    const struct form_table *table = grid->table;

    return table->over != NULL && column >= table->over_from && column < table->over_end;
}

static struct row row_set(const struct sheet *sheet, const struct grid *grid, size_t at)
{
    const struct form_table *table = grid->table;
    struct row row = {.height_pt = 0};

    if (table->over != NULL) {
        row.over =
            set_cell(sheet, grid, table->over[at], false, width_of(grid, table->over_from, table->over_end));
        pango_layout_set_alignment(row.over, PANGO_ALIGN_CENTER);
        row.over_pt = sheet_height(row.over) + 2 * grid->padding_pt;
    }
    for (size_t i = 0; i < table->column_count; i++) {
        row.cells[i] = fit_cell(sheet, grid, table->cells[at * table->column_count + i], i);
        row.height_pt = MAX(row.height_pt, sheet_height(row.cells[i]) + 2 * grid->padding_pt +
                                               (is_under(grid, i) ? row.over_pt : 0));
    }
    return row;
}

static void row_free(struct row *row, size_t count)
{
    for (size_t i = 0; i < count; i++)
        g_object_unref(row->cells[i]);
    if (row->over != NULL)
        g_object_unref(row->over);
}

static void row_put(const struct sheet *sheet, const struct grid *grid, const struct row *row)
{
    for (size_t i = 0; i < grid->table->column_count; i++) {
        double above = is_under(grid, i) ? row->over_pt : 0;
        double slack = above > 0 ? 2 * grid->padding_pt /* who signs stands in line with his neighbour */
                                 : row->height_pt - sheet_height(row->cells[i]);

        sheet_put(sheet, row->cells[i], grid->x_pt[i] + grid->side_padding_pt,
                  sheet->y_pt + above + slack / 2);
        sheet_box(sheet, grid->x_pt[i], sheet->y_pt + above, width_of(grid, i, i + 1),
                  row->height_pt - above);
    }
    if (row->over != NULL) {
        size_t from = grid->table->over_from;

        sheet_put(sheet, row->over, grid->x_pt[from] + grid->side_padding_pt, sheet->y_pt + grid->padding_pt);
        sheet_box(sheet, grid->x_pt[from], sheet->y_pt, width_of(grid, from, grid->table->over_end),
                  row->over_pt);
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

        if (sheet->y_pt + row.height_pt > sheet->paper->bottom_pt && i > 0) {
            sheet_break(sheet);
            put_head(sheet, &grid);
        }
        row_put(sheet, &grid, &row);
        sheet->y_pt += row.height_pt;
        row_free(&row, table->column_count);
    }
}
