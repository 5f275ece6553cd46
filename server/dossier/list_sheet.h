#pragma once
/*
 * The list of dossiers as a spreadsheet: the same rows by the same filters and for the same asker as its
 * JSON, whole or not at all; a list cut short without a word would be taken for the whole.
 */
#include "catalogue/live.h"
#include "path/path.h"

enum { LIST_SHEET_ROWS_MAX = 2000 };

/* Rows of dossier_list or dossier_search, of which at most one more than LIST_SHEET_ROWS_MAX was asked for.
 */
struct list_rows {
    const struct db_answer *answer;
    int count;
    const struct live *live;
    int64_t now_s;
};

/* Asks the render process; the query of the request says which filters made the list. */
enum act list_sheet(struct req *req, const struct list_rows *list);
