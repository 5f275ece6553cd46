#pragma once
/*
 * The content of a form on a roll 80 mm wide, for the printer beside the queue: one column, tables told line
 * by line, nothing to sign. A handy excerpt; the form itself is the sheet.
 */
#include "forms/form_html_rules.h"
#include "forms/render/sheet.h"

/* One page a copy, cut where it ends. `cr` is of a PDF surface, whose page this resizes. qr may be NULL. */
void ticket_draw(cairo_t *cr, PangoContext *context, const struct form_content *content,
                 const struct form_qr *qr);
