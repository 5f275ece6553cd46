#pragma once
/* The rows of register_list: as JSON for programs, as facts for the forms, as cells for a spreadsheet. */
#include "catalogue/live.h"
#include "path/path.h"

struct register_rows {
    const struct db_answer *answer;
    int count;
    const struct live *live;
};

/* {"items": […], "next": …} */
struct text register_json(struct req *req, const struct register_rows *rows, struct text next);
/* What stands above the rows on paper. */
struct register_head {
    const struct agency *unit;
    int64_t from_s, to_s; /* first and last second */
    bool is_results;
};
struct text register_facts(struct req *req, const struct register_rows *rows,
                           const struct register_head *head);
struct text register_sheet(struct req *req, const struct register_rows *rows,
                           const struct register_head *head);
