#pragma once
/*
 * One calendar as its document says it, checked as far as that needs no other calendar. For the loader alone.
 */
#include "calendar/document.h"
#include "calendar/table.h"

enum { WEEKS_MAX = 200, OWN_DAYS_MAX = 2000, NOTICES_MAX = 200, NOT_A_DAY = INT32_MIN };

/* A period with the same week: sessions by weekday, Monday first. */
struct calendar_week {
    int32_t from_day, to_day; /* ends included; INT32_MIN and INT32_MAX: open */
    struct calendar_pattern weekdays[7];
};

/* A day that is not as its week says. */
struct calendar_own_day {
    struct calendar_entry entry;
    struct calendar_pattern pattern; /* its own sessions; none where it has session_count 0 */
    int32_t makes_up_for_day;        /* NOT_A_DAY: not said */
    size_t index;                    /* in the document, for faults */
};

struct calendar_plan {
    const char *file;
    struct spot spot; /* where the calendar stands in its document */
    struct text code, name;
    struct text parent;      /* empty: none */
    int32_t known_until_day; /* NOT_A_DAY: the parent's */
    struct calendar_week *weeks;
    size_t week_count;             /* 0: the parent's */
    struct calendar_own_day *days; /* by date */
    size_t day_count;

    /* While the book is built. */
    bool is_open; /* being built: met again, it is its own ancestor */
    bool is_done;
    const struct calendar *calendar; /* NULL: faulty */
    const struct calendar_week *used_weeks;
    size_t used_week_count;
    const struct calendar_own_day *used_days; /* inherited ones included, by date */
    size_t used_day_count;
};

/* plan->file and spot are set; faults are in the reader. */
void calendar_plan_read(struct reader *reader, const cJSON *body, struct calendar_plan *plan);
