#include "forms/render/sheet.h"

/* Metric twin of Times New Roman; named first so that a machine with other fonts prints the same bytes. */
#define FONT_FAMILY "Liberation Serif"

enum { PAGE_NUMBER_PT = 13 };

/* Margins of NĐ 30/2020: top and bottom 20–25 mm, left 30–35, right 15–20. The decree knows no A5 and no
 * roll: theirs are what printers need. */
static const struct paper papers[] = {
    [FORM_PAPER_A4] = {210 * SHEET_MM, 297 * SHEET_MM, 30.5 * SHEET_MM, 194.5 * SHEET_MM, 20 * SHEET_MM,
                       277 * SHEET_MM, 69 * SHEET_MM, 89.4 * SHEET_MM, 1},
    [FORM_PAPER_A4_ACROSS] = {297 * SHEET_MM, 210 * SHEET_MM, 30.5 * SHEET_MM, 281.5 * SHEET_MM,
                              20 * SHEET_MM, 190 * SHEET_MM, 110 * SHEET_MM, 110 * SHEET_MM, 1},
    [FORM_PAPER_A5] = {148 / 0.75 * SHEET_MM, 280 * SHEET_MM, 20 * SHEET_MM, 184 * SHEET_MM, 16 * SHEET_MM,
                       267 * SHEET_MM, 69 * SHEET_MM, 89.4 * SHEET_MM, 0.75},
    [FORM_PAPER_TICKET] = {80 * SHEET_MM, 0, 4 * SHEET_MM, 76 * SHEET_MM, 4 * SHEET_MM, 5000 * SHEET_MM, 0, 0,
                           1},
};

const struct paper *paper_of(enum form_paper paper)
{
    must((size_t)paper < array_length(papers));
    return &papers[paper];
}

double paper_body(const struct paper *paper)
{
    return paper->right_pt - paper->left_pt;
}

static PangoFontDescription *face_describe(struct typeface face)
{
    PangoFontDescription *font = pango_font_description_new();

    pango_font_description_set_family_static(font, FONT_FAMILY);
    pango_font_description_set_absolute_size(font, face.size_pt * PANGO_SCALE);
    pango_font_description_set_weight(font, face.is_bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_font_description_set_style(font, face.is_italic ? PANGO_STYLE_ITALIC : PANGO_STYLE_NORMAL);
    return font;
}

/* Every precomposed Vietnamese letter. Version 1 of the font has none beyond Latin-1: the fallback would set
 * them from another family, larger and heavier, in the middle of each word. */
static bool font_is_vietnamese(PangoFont *font)
{
    static const char *const others[] = {"Ă", "ă", "Đ", "đ", "Ơ", "ơ", "Ư", "ư", "Ĩ", "ĩ", "Ũ", "ũ"};

    for (gunichar letter = 0x1EA0; letter <= 0x1EF9; letter++)
        if (!pango_font_has_char(font, letter))
            return false;
    for (size_t i = 0; i < array_length(others); i++)
        if (!pango_font_has_char(font, g_utf8_get_char(others[i])))
            return false;
    return true;
}

static bool face_is_installed(PangoContext *context, struct typeface face)
{
    PangoFontDescription *wanted = face_describe(face);
    PangoFont *font = pango_context_load_font(context, wanted);
    PangoFontDescription *got = font != NULL ? pango_font_describe(font) : NULL;
    bool is_it = got != NULL && strcmp(pango_font_description_get_family(got), FONT_FAMILY) == 0 &&
                 font_is_vietnamese(font);

    pango_font_description_free(wanted);
    if (got != NULL)
        pango_font_description_free(got);
    if (font != NULL)
        g_object_unref(font);
    return is_it;
}

bool sheet_fonts_open(PangoContext **context)
{
    cairo_font_options_t *options = cairo_font_options_create();

    *context = pango_font_map_create_context(pango_cairo_font_map_get_default());
    /* Neither a screen nor a locale decides how a paper looks. */
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(*context, options);
    cairo_font_options_destroy(options);
    pango_cairo_context_set_resolution(*context, 72);
    pango_context_set_round_glyph_positions(*context, FALSE);
    pango_context_set_language(*context, pango_language_from_string("vi"));
    pango_context_set_base_dir(*context, PANGO_DIRECTION_LTR);
    for (int i = 0; i < 4; i++)
        if (!face_is_installed(*context, (struct typeface){12, (i & 1) != 0, (i & 2) != 0}))
            return false;
    return true;
}

PangoLayout *sheet_set_strong(const struct sheet *sheet, struct text text, struct typeface face,
                              double width_pt, size_t strong_from)
{
    PangoLayout *layout = pango_layout_new(sheet->context);
    PangoFontDescription *font = face_describe(face);
    PangoAttrList *attributes = pango_attr_list_new();
    /* A paper has no ligatures to search around. */
    PangoAttribute *plain = pango_attr_font_features_new("liga=0,clig=0");
    PangoAttribute *bold = pango_attr_weight_new(PANGO_WEIGHT_BOLD);

    bold->start_index = (guint)strong_from;
    pango_attr_list_insert(attributes, plain);
    pango_attr_list_insert(attributes, bold);
    pango_layout_set_font_description(layout, font);
    pango_layout_set_attributes(layout, attributes);
    pango_layout_set_auto_dir(layout, FALSE);
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_text(layout, text.data != NULL ? text.data : "", (int)text.length);
    pango_layout_set_width(layout, (int)(width_pt * PANGO_SCALE));
    pango_attr_list_unref(attributes);
    pango_font_description_free(font);
    return layout;
}

PangoLayout *sheet_set(const struct sheet *sheet, struct text text, struct typeface face, double width_pt)
{
    return sheet_set_strong(sheet, text, face, width_pt, text.length);
}

PangoLayout *sheet_set_heading(const struct sheet *sheet, struct text text, struct typeface face,
                               double width_pt)
{
    PangoLayout *layout = sheet_set(sheet, text, face, width_pt);
    int lines = pango_layout_get_line_count(layout);
    double enough = width_pt;
    double too_little = width_pt / (lines + 1);

    pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);
    if (lines == 1)
        return layout;
    while (enough - too_little > 4) {
        double tried = (enough + too_little) / 2;

        pango_layout_set_width(layout, (int)(tried * PANGO_SCALE));
        if (pango_layout_get_line_count(layout) > lines)
            too_little = tried;
        else
            enough = tried;
    }
    /* Keep the breaks, centre in the full width: the caller places by its column. */
    pango_layout_set_width(layout, (int)(enough * PANGO_SCALE));
    return layout;
}

double sheet_height(PangoLayout *layout)
{
    int width;
    int height;

    pango_layout_get_size(layout, &width, &height);
    return (double)height / PANGO_SCALE;
}

double sheet_width(PangoLayout *layout)
{
    int width;
    int height;

    pango_layout_get_size(layout, &width, &height);
    return (double)width / PANGO_SCALE;
}

void sheet_start(struct sheet *sheet)
{
    sheet->y_pt = sheet->paper->top_pt;
    sheet->page = 1;
}

/* Centred in the top margin, not on page 1. */
static void put_page_number(const struct sheet *sheet)
{
    char number[16];
    PangoLayout *layout;

    snprintf(number, sizeof number, "%u", sheet->page);
    layout = sheet_set(sheet, text_of(number), (struct typeface){.size_pt = PAGE_NUMBER_PT},
                       paper_body(sheet->paper));
    pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);
    sheet_put(sheet, layout, sheet->paper->left_pt, sheet->paper->top_pt - 10 * SHEET_MM);
    g_object_unref(layout);
}

void sheet_break(struct sheet *sheet)
{
    if (sheet->cr != NULL)
        cairo_show_page(sheet->cr);
    sheet->page++;
    sheet->y_pt = sheet->paper->top_pt;
    put_page_number(sheet);
}

void sheet_need(struct sheet *sheet, double height_pt)
{
    if (sheet->y_pt + height_pt > sheet->paper->bottom_pt && sheet->y_pt > sheet->paper->top_pt)
        sheet_break(sheet);
}

void sheet_put(const struct sheet *sheet, PangoLayout *layout, double x_pt, double y_pt)
{
    if (sheet->cr == NULL)
        return;
    cairo_move_to(sheet->cr, x_pt, y_pt);
    pango_cairo_show_layout(sheet->cr, layout);
}

void sheet_flow(struct sheet *sheet, PangoLayout *layout, double x_pt)
{
    PangoLayoutIter *lines = pango_layout_get_iter(layout);

    do {
        PangoRectangle extents;
        int baseline = pango_layout_iter_get_baseline(lines);

        pango_layout_iter_get_line_extents(lines, NULL, &extents);
        sheet_need(sheet, (double)extents.height / PANGO_SCALE);
        if (sheet->cr != NULL) {
            cairo_move_to(sheet->cr, x_pt + (double)extents.x / PANGO_SCALE,
                          sheet->y_pt + (double)(baseline - extents.y) / PANGO_SCALE);
            pango_cairo_show_layout_line(sheet->cr, pango_layout_iter_get_line_readonly(lines));
        }
        sheet->y_pt += (double)extents.height / PANGO_SCALE;
    } while (pango_layout_iter_next_line(lines));
    pango_layout_iter_free(lines);
}

void sheet_rule(const struct sheet *sheet, double x_pt, double y_pt, double length_pt)
{
    if (sheet->cr == NULL)
        return;
    cairo_set_line_width(sheet->cr, 0.75);
    cairo_move_to(sheet->cr, x_pt, y_pt);
    cairo_line_to(sheet->cr, x_pt + length_pt, y_pt);
    cairo_stroke(sheet->cr);
}

void sheet_box(const struct sheet *sheet, double x_pt, double y_pt, double width_pt, double height_pt)
{
    if (sheet->cr == NULL)
        return;
    cairo_set_line_width(sheet->cr, 0.5);
    cairo_rectangle(sheet->cr, x_pt, y_pt, width_pt, height_pt);
    cairo_stroke(sheet->cr);
}
