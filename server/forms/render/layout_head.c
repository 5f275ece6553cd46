#include "forms/render/layout_head.h"

/* Top of the QR on every form, unless the names of the agencies need more lines than usual. */
#define QR_Y_PT    (22 * SHEET_MM)
#define QR_SIDE_PT (22 * SHEET_MM)

static const struct typeface body = {.size_pt = 13};
static const struct typeface body_bold = {.size_pt = 13, .is_bold = true};
static const struct typeface body_italic = {.size_pt = 13, .is_italic = true};
static const struct typeface head = {.size_pt = 12};
static const struct typeface head_bold = {.size_pt = 12, .is_bold = true};
static const struct typeface number = {.size_pt = 11};

void put_heading(struct sheet *sheet, struct text text, struct typeface face, double x_pt, double width_pt)
{
    PangoLayout *layout;

    if (text.data == NULL)
        return;
    layout = sheet_set_heading(sheet, text, face, width_pt);
    sheet_put(sheet, layout, x_pt + (width_pt - (double)pango_layout_get_width(layout) / PANGO_SCALE) / 2,
              sheet->y_pt);
    sheet->y_pt += sheet_height(layout);
    g_object_unref(layout);
}

/* A line under the heading just put, that part of its length. */
static void put_heading_rule(struct sheet *sheet, struct text text, struct typeface face, double x_pt,
                             double width_pt, double part)
{
    PangoLayout *layout = sheet_set_heading(sheet, text, face, width_pt);
    double length = sheet_width(layout) * part;

    sheet->y_pt += 2;
    sheet_rule(sheet, x_pt + (width_pt - length) / 2, sheet->y_pt, length);
    g_object_unref(layout);
}

/* In the top margin of page 1, where later pages have their number. */
static void put_form_number(const struct sheet *sheet, const struct form *form)
{
    char text[128];
    PangoLayout *layout;

    if (form->number == NULL)
        return;
    snprintf(text, sizeof text, "Mẫu số %s (%s)", form->number, form_set_title(form->set));
    layout = sheet_set(sheet, text_of(text), number, paper_body(sheet->paper));
    pango_layout_set_alignment(layout, PANGO_ALIGN_RIGHT);
    sheet_put(sheet, layout, sheet->paper->left_pt, sheet->paper->top_pt - 8 * SHEET_MM);
    g_object_unref(layout);
}

void put_qr(const struct sheet *sheet, const struct form_qr *qr, double x_pt, double y_pt, double side_pt)
{
    double dot = side_pt / qr->side;

    if (sheet->cr == NULL)
        return;
    for (unsigned y = 0; y < qr->side; y++) {
        const unsigned char *row = qr->dark + (size_t)y * qr->side;

        for (unsigned x = 0, end; x < qr->side; x = end) {
            end = x + 1;
            if (row[x] == 0)
                continue;
            while (end < qr->side && row[end] != 0)
                end++;
            cairo_rectangle(sheet->cr, x_pt + x * dot, y_pt + y * dot, (end - x) * dot, dot);
        }
    }
    cairo_fill(sheet->cr);
}

static void put_labelled(struct sheet *sheet, const char *label, struct text value, double x_pt,
                         double width_pt)
{
    PangoLayout *layout;

    if (value.data == NULL)
        return;
    layout = sheet_set(sheet, text_of(label), head, width_pt);
    sheet_put(sheet, layout, x_pt, sheet->y_pt);
    sheet->y_pt += sheet_height(layout);
    g_object_unref(layout);
    layout = sheet_set(sheet, value, head_bold, width_pt);
    sheet_put(sheet, layout, x_pt, sheet->y_pt);
    sheet->y_pt += sheet_height(layout) + 3;
    g_object_unref(layout);
}

/* The code, with its QR where there is one; returns the bottom. */
static double put_code(struct sheet *sheet, const struct form_content *content, const struct form_qr *qr)
{
    const struct paper *paper = sheet->paper;
    double top = MAX(sheet->y_pt + 6, paper->top_pt + QR_Y_PT);
    double x = paper->left_pt + QR_SIDE_PT + 3 * SHEET_MM;
    double width = paper->head_left_pt - QR_SIDE_PT - 3 * SHEET_MM;

    if (content->dossier_code.data == NULL)
        return sheet->y_pt;
    must(qr != NULL);
    put_qr(sheet, qr, paper->left_pt, top, QR_SIDE_PT);
    sheet->y_pt = top;
    put_labelled(sheet, content->form->code_label, content->dossier_code, x, width);
    put_labelled(sheet, "Mã tra cứu:", content->lookup_secret, x, width);
    return MAX(sheet->y_pt, top + QR_SIDE_PT);
}

static double put_head_left(struct sheet *sheet, const struct form_content *content, const struct form_qr *qr)
{
    double x = sheet->paper->left_pt;
    double width = sheet->paper->head_left_pt;

    put_heading(sheet, content->superior_agency, head, x, width);
    put_heading(sheet, content->issuing_agency, head_bold, x, width);
    put_heading_rule(sheet, content->issuing_agency, head_bold, x, width, 0.4);
    if (content->number.data != NULL) {
        sheet->y_pt += 6;
        put_heading(sheet, content->number, body, x, width);
    }
    return put_code(sheet, content, qr);
}

static double put_head_right(struct sheet *sheet, const struct form_content *content)
{
    const struct text motto = TEXT("Độc lập - Tự do - Hạnh phúc");
    double x = sheet->paper->right_pt - sheet->paper->head_right_pt;
    double width = sheet->paper->head_right_pt;

    put_heading(sheet, TEXT("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), head_bold, x, width);
    put_heading(sheet, motto, body_bold, x, width);
    put_heading_rule(sheet, motto, body_bold, x, width, 1);
    sheet->y_pt += 12;
    put_heading(sheet, content->place_date, body_italic, x, width);
    return sheet->y_pt;
}

void put_head(struct sheet *sheet, const struct form_content *content, const struct form_qr *qr)
{
    double top;
    double left;
    double right;

    put_form_number(sheet, content->form);
    top = sheet->y_pt;
    left = put_head_left(sheet, content, qr);
    sheet->y_pt = top;
    right = put_head_right(sheet, content);
    sheet->y_pt = MAX(left, right) + 6;
}
