#include "forms/render/layout.h"

#include "forms/render/layout_head.h"
#include "forms/render/layout_table.h"
#include "forms/render/layout_ticket.h"

#define PAIR_GAP_PT 12.0

static const struct typeface body = {.size_pt = 13};
static const struct typeface body_bold = {.size_pt = 13, .is_bold = true};
static const struct typeface body_italic = {.size_pt = 13, .is_italic = true};
static const struct typeface recipients_title = {.size_pt = 12, .is_bold = true, .is_italic = true};
static const struct typeface title = {.size_pt = 14, .is_bold = true};
static const struct typeface small = {.size_pt = 11, .is_italic = true};
static const struct typeface recipients = {.size_pt = 11};

/* How much air, from much to little. Six points between paragraphs and an indent of a centimetre are the rule
 * for letters; a counter slip that would spill a few lines onto a second sheet gets less. */
struct spacing {
    double gap_pt;
    double cell_padding_pt;
    double hand_pt; /* room to sign in */
    double indent_pt;
};
static const struct spacing spacings[] = {
    {6, 3, 22 * SHEET_MM, 10 * SHEET_MM},
    {5, 3, 20 * SHEET_MM, 10 * SHEET_MM},
    {4, 2, 20 * SHEET_MM, 10 * SHEET_MM},
    {4, 2, 20 * SHEET_MM, 0},
    {3, 2, 18 * SHEET_MM, 0},
    {2, 1.5, 17 * SHEET_MM, 0},
    {1, 1, 15 * SHEET_MM, 0},
};

/* Returns the layout of "label value"; *x_pt is where it starts. */
static PangoLayout *set_field(const struct sheet *sheet, const struct form_field *field, double width_pt)
{
    size_t length = field->label.length + 1 + field->value.length;
    GString *whole = g_string_sized_new(length + 1);
    PangoLayout *layout;

    g_string_append_len(whole, field->label.data, (gssize)field->label.length);
    g_string_append_c(whole, ' ');
    if (field->value.length > 0)
        g_string_append_len(whole, field->value.data, (gssize)field->value.length);
    layout = sheet_set_strong(sheet, (struct text){.data = whole->str, .length = whole->len}, body, width_pt,
                              field->is_strong ? field->label.length + 1 : whole->len);
    g_string_free(whole, TRUE);
    return layout;
}

/* Two labelled values share a line where both fit, the second from the middle on when it can; false: they do
 * not. */
static bool put_pair(struct sheet *sheet, const struct form_block *block, const struct spacing *spacing)
{
    PangoLayout *left = set_field(sheet, &block->fields[0], paper_body(sheet->paper));
    PangoLayout *right = set_field(sheet, &block->fields[1], paper_body(sheet->paper));
    double x = spacing->indent_pt +
               MAX(paper_body(sheet->paper) / 2 - spacing->indent_pt, sheet_width(left) + PAIR_GAP_PT);
    bool fits = pango_layout_get_line_count(left) == 1 && x + sheet_width(right) <= paper_body(sheet->paper);

    if (fits) {
        sheet->y_pt += spacing->gap_pt;
        sheet_need(sheet, MAX(sheet_height(left), sheet_height(right)));
        sheet_put(sheet, left, sheet->paper->left_pt + spacing->indent_pt, sheet->y_pt);
        sheet_put(sheet, right, sheet->paper->left_pt + x, sheet->y_pt);
        sheet->y_pt += MAX(sheet_height(left), sheet_height(right));
    }
    g_object_unref(left);
    g_object_unref(right);
    return fits;
}

static void put_field(struct sheet *sheet, const struct form_block *block, const struct spacing *spacing)
{
    bool is_pair = block->fields[1].label.data != NULL;

    if (is_pair && put_pair(sheet, block, spacing))
        return;
    for (size_t i = 0; i < (is_pair ? 2 : 1); i++) {
        PangoLayout *layout = set_field(sheet, &block->fields[i], paper_body(sheet->paper));

        pango_layout_set_indent(layout, (int)(spacing->indent_pt * PANGO_SCALE));
        pango_layout_set_justify(layout, TRUE);
        sheet->y_pt += spacing->gap_pt;
        sheet_flow(sheet, layout, sheet->paper->left_pt);
        g_object_unref(layout);
    }
}

static double field_height(const struct sheet *sheet, const struct form_block *block,
                           const struct spacing *spacing)
{
    double height = 0;

    for (size_t i = 0; i < 2 && block->fields[i].label.data != NULL; i++) {
        PangoLayout *layout = set_field(sheet, &block->fields[i], paper_body(sheet->paper));

        pango_layout_set_indent(layout, (int)(spacing->indent_pt * PANGO_SCALE));
        height += sheet_height(layout) + spacing->gap_pt;
        g_object_unref(layout);
    }
    return height;
}

/* One side; returns its height. Measures only when y_pt is where nothing is drawn. */
static double put_signature(struct sheet *sheet, const struct form_signature *signature, double x_pt,
                            const struct spacing *spacing)
{
    double top = sheet->y_pt;
    double width = paper_body(sheet->paper) / 2 - 6;
    double height;

    if (signature->title == NULL)
        return 0;
    sheet->y_pt += 2 * spacing->gap_pt;
    put_heading(sheet, text_of(signature->title), body_bold, x_pt, width);
    put_heading(sheet, text_of(signature->hint), body_italic, x_pt, width);
    sheet->y_pt += spacing->hand_pt;
    put_heading(sheet, signature->name, body_bold, x_pt, width);
    height = sheet->y_pt - top;
    sheet->y_pt = top;
    return height;
}

/* "Nơi nhận:" with its list, where nobody signs on the left; returns its height. */
static double put_recipients(struct sheet *sheet, const struct form_block *block,
                             const struct spacing *spacing)
{
    double top = sheet->y_pt;
    double height;

    if (block->line_count == 0)
        return 0;
    must(block->signatures[0].title == NULL);
    sheet->y_pt += 2 * spacing->gap_pt;
    for (size_t i = 0; i <= block->line_count; i++) {
        PangoLayout *layout =
            i == 0 ? sheet_set(sheet, TEXT("Nơi nhận:"), recipients_title, paper_body(sheet->paper) / 2 - 6)
                   : sheet_set(sheet, block->lines[i - 1], recipients, paper_body(sheet->paper) / 2 - 6);

        sheet_put(sheet, layout, sheet->paper->left_pt, sheet->y_pt);
        sheet->y_pt += sheet_height(layout);
        g_object_unref(layout);
    }
    height = sheet->y_pt - top;
    sheet->y_pt = top;
    return height;
}

static double put_both_signatures(struct sheet *sheet, const struct form_block *block,
                                  const struct spacing *spacing)
{
    double left = block->line_count > 0
                      ? put_recipients(sheet, block, spacing)
                      : put_signature(sheet, &block->signatures[0], sheet->paper->left_pt, spacing);
    double right = put_signature(sheet, &block->signatures[1],
                                 sheet->paper->left_pt + paper_body(sheet->paper) / 2 + 6, spacing);

    return MAX(left, right);
}

static double signatures_height(const struct sheet *sheet, const struct form_block *block,
                                const struct spacing *spacing)
{
    struct sheet dry = {.context = sheet->context, .paper = sheet->paper, .y_pt = sheet->paper->top_pt};

    return put_both_signatures(&dry, block, spacing);
}

/* One small paragraph: the notes cost the fewest lines that way. */
static PangoLayout *set_notes(const struct sheet *sheet, const struct form_block *block)
{
    GString *whole = g_string_new_len(block->fields[0].label.data, (gssize)block->fields[0].label.length);
    PangoLayout *layout;

    for (size_t i = 0; i < block->line_count; i++) {
        g_string_append_c(whole, ' ');
        g_string_append_len(whole, block->lines[i].data, (gssize)block->lines[i].length);
    }
    layout = sheet_set(sheet, (struct text){.data = whole->str, .length = whole->len}, small,
                       paper_body(sheet->paper));
    g_string_free(whole, TRUE);
    return layout;
}

static void put_notes(struct sheet *sheet, const struct form_block *block, const struct spacing *spacing)
{
    PangoLayout *layout = set_notes(sheet, block);

    sheet->y_pt += 2 * spacing->gap_pt;
    sheet_flow(sheet, layout, sheet->paper->left_pt);
    g_object_unref(layout);
}

static double notes_height(const struct sheet *sheet, const struct form_block *block,
                           const struct spacing *spacing)
{
    PangoLayout *layout = set_notes(sheet, block);
    double height = sheet_height(layout) + 2 * spacing->gap_pt;

    g_object_unref(layout);
    return height;
}

/* How much of a block must stand on the page of the one before it. */
static double start_height(struct sheet *sheet, const struct form_block *block, const struct spacing *spacing)
{
    switch (block->kind) {
    case FORM_BLOCK_FIELD: return field_height(sheet, block, spacing);
    case FORM_BLOCK_TABLE:
        return spacing->gap_pt + table_start_height(sheet, &block->table, spacing->cell_padding_pt);
    case FORM_BLOCK_SIGNATURES: return signatures_height(sheet, block, spacing);
    case FORM_BLOCK_NOTES: return notes_height(sheet, block, spacing);
    }
    unreachable();
}

/* Of this block and those it may not be parted from. */
static double chain_height(struct sheet *sheet, const struct form_content *content, size_t at,
                           const struct spacing *spacing)
{
    double height = start_height(sheet, &content->blocks[at], spacing);

    while (content->blocks[at].keeps_next && at + 1 < content->block_count)
        height += start_height(sheet, &content->blocks[++at], spacing);
    return height;
}

static void put_block(struct sheet *sheet, const struct form_block *block, const struct spacing *spacing)
{
    switch (block->kind) {
    case FORM_BLOCK_FIELD: put_field(sheet, block, spacing); return;
    case FORM_BLOCK_TABLE:
        sheet->y_pt += spacing->gap_pt;
        table_draw(sheet, &block->table, spacing->cell_padding_pt);
        return;
    case FORM_BLOCK_SIGNATURES:
        sheet_need(sheet, signatures_height(sheet, block, spacing));
        sheet->y_pt += put_both_signatures(sheet, block, spacing);
        return;
    case FORM_BLOCK_NOTES: put_notes(sheet, block, spacing); return;
    }
    unreachable();
}

static void put_copy(struct sheet *sheet, const struct form_content *content, const struct form_qr *qr,
                     struct text mark, const struct spacing *spacing)
{
    sheet_start(sheet);
    put_head(sheet, content, qr);
    put_heading(sheet, text_of(content->form->title), title, sheet->paper->left_pt, paper_body(sheet->paper));
    put_heading(sheet, mark, body_italic, sheet->paper->left_pt, paper_body(sheet->paper));
    put_heading(sheet, content->reprint_mark, body_italic, sheet->paper->left_pt, paper_body(sheet->paper));
    for (size_t i = 0; i < content->block_count; i++) {
        const struct form_block *block = &content->blocks[i];

        if (block->keeps_next)
            sheet_need(sheet, chain_height(sheet, content, i, spacing));
        put_block(sheet, block, spacing);
    }
}

static unsigned pages_needed(PangoContext *context, const struct form_content *content,
                             const struct form_qr *qr, const struct spacing *spacing)
{
    struct sheet dry = {.context = context, .paper = paper_of(content->paper)};

    put_copy(&dry, content, qr, content->copy_marks[0], spacing);
    return dry.page;
}

/* The widest that needs no more pages than the narrowest, by halving. Beyond two pages nobody gains by
 * squeezing. */
static const struct spacing *spacing_choose(PangoContext *context, const struct form_content *content,
                                            const struct form_qr *qr)
{
    size_t narrow = array_length(spacings) - 1;
    size_t wide = 0;
    unsigned fewest;

    if (content->paper == FORM_PAPER_A4_ACROSS) /* a book: measuring it again would cost more than paper */
        return &spacings[0];
    fewest = pages_needed(context, content, qr, &spacings[narrow]);
    if (fewest > 2)
        return &spacings[0];
    while (wide < narrow) {
        size_t tried = (wide + narrow) / 2;

        if (pages_needed(context, content, qr, &spacings[tried]) > fewest)
            wide = tried + 1;
        else
            narrow = tried;
    }
    return &spacings[narrow];
}

void layout_draw(cairo_t *cr, PangoContext *context, const struct form_content *content,
                 const struct form_qr *qr)
{
    const struct paper *paper = paper_of(content->paper);
    const struct spacing *spacing;

    if (content->paper == FORM_PAPER_TICKET) {
        ticket_draw(cr, context, content, qr);
        return;
    }
    spacing = spacing_choose(context, content, qr);
    cairo_scale(cr, paper->scale, paper->scale);
    for (size_t i = 0; i < content->copy_count; i++) {
        struct sheet sheet = {.cr = cr, .context = context, .paper = paper};

        put_copy(&sheet, content, qr, content->copy_marks[i], spacing);
        cairo_show_page(cr);
    }
}
