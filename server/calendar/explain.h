#pragma once
/*
 * Why a due is what it is, for GET /deadlines, receipts and screens: what moved the start, which days were
 * skipped, and the law behind each. Nothing is computed anew: it reads the days between receipt and due.
 */
#include "calendar/due.h"

struct calendar_skip {
    int32_t day;
    enum calendar_day_kind kind; /* WEEKEND, HOLIDAY, COMP_OFF, SWAP_OFF, CLOSED */
    struct text name;            /* belongs to the calendar */
};

struct calendar_explanation {
    struct calendar_skip *skips; /* the caller's array, oldest day first; may be NULL */
    size_t skip_max;
    size_t skip_count;       /* entries written */
    size_t skip_total;       /* days skipped; more than skip_count when the array was too small */
    const char *move;        /* in Vietnamese, one sentence; NULL: the receipt counts as it is */
    const char *move_source; /* the law it rests on */
    const char *count;       /* how the unit is counted, one sentence; NULL: no limit */
    const char *count_source;
    const char *warning; /* NULL, or why the due may still move: the days off are not all decided yet */
};

/* explanation->skips and skip_max are the caller's; all else is filled. Calendar days and months skip only
 * before their start and behind their last day, since days off in between count. */
void calendar_due_explain(const struct calendar *calendar, const struct calendar_limit *limit,
                          const struct calendar_due *due, struct calendar_explanation *explanation);
/* "BLLĐ Điều 112": the law that makes days of this kind; NULL for plain days. */
const char *calendar_day_kind_source(enum calendar_day_kind kind);
