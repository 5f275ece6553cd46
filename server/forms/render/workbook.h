#pragma once
/*
 * A list as a spreadsheet of Office Open XML, by libxlsxwriter: title, what made the list, a head row that
 * stays in sight with a filter on each column, then rows whose cells have the kind of their column. A text is
 * written as a text whatever it begins with, so nothing anybody typed is ever a formula or a link. The same
 * facts give the same bytes.
 */
#include "forms/render/answer.h"

struct cJSON;

/* {"title", "about", "columns": [{"title", "kind": "TEXT"|"NUMBER"|"MONEY"|"INSTANT", "width"}], "rows":
 * [[…]]} */
struct answer workbook_make(struct arena *arena, const struct cJSON *facts);
