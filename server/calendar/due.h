#pragma once
/*
 * Due times: from a receipt and a limit to the promise printed on the receipt (due_clock: same clock time,
 * fractions in worked minutes) and the legal limit (due_eod: closing time of the last day). Both lie on the
 * same date.
 *
 * Law: the day of receipt is not counted (BLDS art. 147); a limit ends at the end of its last day, and if
 * that is off, at the end of the next worked day (BLDS art. 148). Pure and without allocation.
 */
#include "calendar/calendar.h"

/* Same order as enum limit_unit of dossier/dossier.h and enum term_unit of catalogue/catalogue.h. */
enum calendar_unit {
    CALENDAR_NO_LIMIT,
    CALENDAR_WORK_DAY,
    CALENDAR_CAL_DAY,
    CALENDAR_MONTH,
    CALENDAR_WORK_HOUR,
    CALENDAR_SAME_DAY_15, /* within the day; received after 15:00: the next worked day (NĐ 23/2015 art. 7) */
};

/*
 * quantity_milli is thousandths of the unit and never negative; SAME_DAY_15 does not look at it. Parts of a
 * worked day are parts of its worked minutes (1/2 is 4 hours of an 8-hour day), to the nearest minute; the
 * fraction is that of the day it begins on. Parts of a calendar day count as a whole one. Half a month is 15
 * days (BLDS art. 146).
 */
struct calendar_limit {
    enum calendar_unit unit;
    int64_t quantity_milli;
    bool has_last_hour_rule; /* received within the hour before closing: as if at the next opening (NĐ
                                297/2025) */
};

struct calendar_due {
    int64_t received_s;
    int64_t starts_s;    /* the normalised receipt */
    int64_t due_clock_s; /* 0: no limit */
    int64_t due_eod_s;   /* 0: no limit, or a limit in hours, whose law ends at due_clock */
    int32_t raw_end_day; /* CAL_DAY, MONTH: the last day before it is rolled to a worked one; others: -1 */
    enum calendar_move move;
    bool is_after_15;  /* SAME_DAY_15: received after 15:00, due the next worked day */
    bool is_uncertain; /* reaches beyond calendar_known_until_day() */
};

/* False: the receipt or the due is outside 1990–2100, or the quantity is negative; *due then holds no
 * instant. */
MUST_USE bool calendar_due_find(const struct calendar *calendar, const struct calendar_limit *limit,
                                int64_t received_s, struct calendar_due *due);
/* When the law is broken: due_eod, or due_clock for hours. */
int64_t calendar_due_legal(const struct calendar_due *due);

/* Paper accepted then must be at the department: today by closing, after 15:00 at the next opening
 * (NĐ 61/2018 art. 18). Moves nothing of the citizen's clock. */
int64_t calendar_paper_due(const struct calendar *calendar, int64_t accepted_s);
/* The last moment for an answer to a supplement notice: closing of the last of so many worked days. */
int64_t calendar_supplement_expiry(const struct calendar *calendar, int64_t notice_s, int64_t work_days);
