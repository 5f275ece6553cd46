#pragma once
/*
 * The content of a form on A4: the head with the code in its fixed place, then the blocks in order. Asks
 * nothing about which form it is; a form that needs another paper (the register book lies across) gets a
 * layout of its own.
 */
#include "forms/form_html_rules.h"
#include "forms/render/sheet.h"

/* Draws every copy, each from page 1, and shows the last page of each. A form that fits one or two pages with
 * less air is given less. */
void layout_draw(cairo_t *cr, PangoContext *context, const struct form_content *content,
                 const struct form_qr *qr);
