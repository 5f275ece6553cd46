#include "forms/render/layout_ticket.h"

#include <cairo-pdf.h>

#include "forms/render/layout_head.h"

#define TICKET_QR_PT (28 * SHEET_MM)
#define GAP_PT       3.0

static const struct typeface plain = {.size_pt = 9};
static const struct typeface bold = {.size_pt = 9, .is_bold = true};
static const struct typeface italic = {.size_pt = 8, .is_italic = true};
static const struct typeface code = {.size_pt = 13, .is_bold = true};

static void put_centred(struct sheet *sheet, struct text text, struct typeface face)
{
    put_heading(sheet, text, face, sheet->paper->left_pt, paper_body(sheet->paper));
}

static void put_line(struct sheet *sheet, struct text text, struct typeface face, size_t strong_from)
{
    PangoLayout *layout = sheet_set_strong(sheet, text, face, paper_body(sheet->paper), strong_from);

    sheet->y_pt += GAP_PT;
    sheet_flow(sheet, layout, sheet->paper->left_pt);
    g_object_unref(layout);
}

static void put_string(struct sheet *sheet, GString *line, struct typeface face, size_t strong_from)
{
    put_line(sheet, (struct text){.data = line->str, .length = line->len}, face, strong_from);
    g_string_free(line, TRUE);
}

static void put_field(struct sheet *sheet, const struct form_field *field)
{
    GString *line = g_string_new_len(field->label.data, (gssize)field->label.length);

    if (field->value.length > 0) {
        g_string_append_c(line, ' ');
        g_string_append_len(line, field->value.data, (gssize)field->value.length);
    }
    put_string(sheet, line, plain, field->is_strong ? field->label.length + 1 : line->len);
}

/* "1. Tờ khai (Bản chính: 1, Bản photo: 2)": what a column counts and is not zero. */
static void put_row(struct sheet *sheet, const struct form_table *table, size_t row)
{
    const struct text *cells = &table->cells[row * table->column_count];
    GString *line = g_string_new_len(cells[0].data, (gssize)cells[0].length);
    bool is_open = false;

    g_string_append(line, ". ");
    g_string_append_len(line, cells[1].data, (gssize)cells[1].length);
    for (size_t i = 2; i < table->column_count; i++) {
        if (cells[i].length == 0 || text_equal(cells[i], TEXT("0")))
            continue;
        g_string_append_printf(line, "%s%s: ", is_open ? ", " : " (", table->columns[i].title);
        g_string_append_len(line, cells[i].data, (gssize)cells[i].length);
        is_open = true;
    }
    if (is_open)
        g_string_append_c(line, ')');
    put_string(sheet, line, plain, line->len);
}

static void put_notes(struct sheet *sheet, const struct form_block *block)
{
    for (size_t i = 0; i < block->line_count; i++)
        put_line(sheet, block->lines[i], italic, block->lines[i].length);
}

static void put_block(struct sheet *sheet, const struct form_block *block)
{
    switch (block->kind) {
    case FORM_BLOCK_FIELD:
        for (size_t i = 0; i < 2 && block->fields[i].label.data != NULL; i++)
            put_field(sheet, &block->fields[i]);
        return;
    case FORM_BLOCK_TABLE:
        for (size_t i = 0; i < block->table.row_count; i++)
            put_row(sheet, &block->table, i);
        return;
    case FORM_BLOCK_SIGNATURES:
        if (block->signatures[1].name.data != NULL)
            put_field(sheet, &(struct form_field){.label = TEXT("Người tiếp nhận:"),
                                                  .value = block->signatures[1].name});
        return;
    case FORM_BLOCK_NOTES: put_notes(sheet, block); return;
    }
    unreachable();
}

static void put_ticket(struct sheet *sheet, const struct form_content *content, const struct form_qr *qr)
{
    double centre = sheet->paper->left_pt + paper_body(sheet->paper) / 2;

    sheet_start(sheet);
    put_centred(sheet, content->issuing_agency, bold);
    sheet->y_pt += GAP_PT;
    put_centred(sheet, text_of(content->form->title), bold);
    sheet->y_pt += GAP_PT;
    put_centred(sheet, content->dossier_code, code);
    if (qr != NULL) {
        sheet->y_pt += 2 * GAP_PT;
        put_qr(sheet, qr, centre - TICKET_QR_PT / 2, sheet->y_pt, TICKET_QR_PT);
        sheet->y_pt += TICKET_QR_PT + GAP_PT;
    }
    if (content->lookup_secret.data != NULL) {
        put_centred(sheet, TEXT("Mã tra cứu:"), plain);
        put_centred(sheet, content->lookup_secret, bold);
    }
    put_centred(sheet, content->place_date, italic);
    for (size_t i = 0; i < content->block_count; i++)
        put_block(sheet, &content->blocks[i]);
}

void ticket_draw(cairo_t *cr, PangoContext *context, const struct form_content *content,
                 const struct form_qr *qr)
{
    const struct paper *paper = paper_of(FORM_PAPER_TICKET);
    struct sheet dry = {.context = context, .paper = paper};

    put_ticket(&dry, content, qr);
    cairo_pdf_surface_set_size(cairo_get_target(cr), paper->width_pt, dry.y_pt + 8 * SHEET_MM);
    for (size_t i = 0; i < content->copy_count; i++) {
        struct sheet sheet = {.cr = cr, .context = context, .paper = paper};

        put_ticket(&sheet, content, qr);
        cairo_show_page(cr);
    }
}
