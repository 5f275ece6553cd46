#pragma once
/*
 * Paper under a pen: texts, lines, page breaks and page numbers, in points from the top left corner. The
 * same calls measure when nothing is to be drawn, so a layout can be tried before it is drawn. Knows no form.
 */
#include <pango/pangocairo.h>

#include "forms/form_content_rules.h"

#define SHEET_MM (72.0 / 25.4)

/* Where text stands on a paper. All lengths are those of the layout; the pen draws them `scale` times as
 * large, so that A5 is the sheet of A4 at three quarters. */
struct paper {
    double width_pt, height_pt;
    double left_pt, right_pt, top_pt, bottom_pt;
    double head_left_pt, head_right_pt; /* widths of the two halves of the head */
    double scale;
};

/* paper_of(FORM_PAPER_TICKET) is a column without an end: its page is cut where the form ends. */
const struct paper *paper_of(enum form_paper paper);
double paper_body(const struct paper *paper);

struct sheet {
    cairo_t *cr; /* NULL: only measuring */
    PangoContext *context;
    const struct paper *paper;
    double y_pt;
    unsigned page;
};

struct typeface {
    double size_pt;
    bool is_bold;
    bool is_italic;
};

/* The context of this process: warms the font cache. False: the font of statutory forms,
 * with its Vietnamese letters, is not installed. */
MUST_USE bool sheet_fonts_open(PangoContext **context);

/* A text set `width_pt` wide, to be given to g_object_unref(). strong_from: from this byte on bold. */
PangoLayout *sheet_set(const struct sheet *sheet, struct text text, struct typeface face, double width_pt);
PangoLayout *sheet_set_strong(const struct sheet *sheet, struct text text, struct typeface face,
                              double width_pt, size_t strong_from);
/* The same, centred, broken into lines of like length. */
PangoLayout *sheet_set_heading(const struct sheet *sheet, struct text text, struct typeface face,
                               double width_pt);
double sheet_height(PangoLayout *layout);
/* Of the widest line. */
double sheet_width(PangoLayout *layout);

void sheet_start(struct sheet *sheet);
void sheet_break(struct sheet *sheet);
/* Breaks the page unless that much is left on it. */
void sheet_need(struct sheet *sheet, double height_pt);
/* Draws at a place, whole; the place on the page stays as it is. */
void sheet_put(const struct sheet *sheet, PangoLayout *layout, double x_pt, double y_pt);
/* Draws line by line from y_pt on, over as many pages as it takes. */
void sheet_flow(struct sheet *sheet, PangoLayout *layout, double x_pt);
void sheet_rule(const struct sheet *sheet, double x_pt, double y_pt, double length_pt);
void sheet_box(const struct sheet *sheet, double x_pt, double y_pt, double width_pt, double height_pt);
