#pragma once
/*
 * The head of every form as NĐ 30/2020 has it: the agency on the left, the name of the state on the right,
 * the number and date under them, the code with its QR in its fixed place.
 */
#include "forms/form_html_rules.h"
#include "forms/render/sheet.h"

/* From y_pt on; leaves y_pt below it. qr may be NULL where the form has no code. */
void put_head(struct sheet *sheet, const struct form_content *content, const struct form_qr *qr);
/* Centred in a column, in lines of like length; an absent text takes no room. */
void put_heading(struct sheet *sheet, struct text text, struct typeface face, double x_pt, double width_pt);
void put_qr(const struct sheet *sheet, const struct form_qr *qr, double x_pt, double y_pt, double side_pt);
