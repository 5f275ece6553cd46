#pragma once
/* Tables that flow over pages: the head row repeats, a row never splits. */
#include "forms/form_content_rules.h"
#include "forms/render/sheet.h"

void table_draw(struct sheet *sheet, const struct form_table *table, double padding_pt);
/* Of the head and the first row: what must stay together with the line above the table. */
double table_start_height(struct sheet *sheet, const struct form_table *table, double padding_pt);
