#pragma once
/*
 * Working time of one calendar: which minutes are worked, where a receipt begins to count, how far two
 * instants are apart in worked minutes, and where so many worked minutes or days end.
 *
 * A calendar is compiled once (book.h), lives in an arena and never changes. It covers the years 1990–2100
 * with sums of worked minutes a day, so that each function here is O(1) or O(log n) and allocates nothing.
 * Pure: no clock, no database.
 *
 * Readings of the law that hold for the whole room:
 * - Everything is computed on minutes; the seconds of an instant are cut off, so 15:00:59 is 15:00, which is
 * not "after 15:00", and 17:00:59 is still the closing minute. Results have no seconds.
 * - Worked time is closed-open: the minute that begins at closing is not worked, yet a receipt at exactly
 * closing time is still of that day. In a break or at its beginning, the receipt counts from the end of the
 * break.
 * - A worked day is 8 worked hours where the calendar says nothing else. With days of other lengths (an
 * irregular calendar) one WORK_DAY is one worked day of that calendar, however long, and its clock time stays
 * the same; where the later day is closed at that time, it is the last open minute before (or its opening, if
 * none).
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/instant.h"
#include "core/text.h"

struct calendar;

/* The answer where a computation leaves the years 1990–2100. Never an instant. */
#define CALENDAR_OUTSIDE INT64_MAX

/* From opens to closes, minutes since local midnight. */
struct calendar_session {
    int16_t opens_min, closes_min;
    int16_t before_min; /* worked minutes of the day before this session */
};

enum calendar_day_kind {
    CALENDAR_DAY_PLAIN,   /* worked as its week says */
    CALENDAR_DAY_WEEKEND, /* weekly rest: its week has no session for it */
    CALENDAR_DAY_HOLIDAY,
    CALENDAR_DAY_COMP_OFF,
    CALENDAR_DAY_SWAP_OFF,
    CALENDAR_DAY_MAKEUP_WORK,
    CALENDAR_DAY_CLOSED,    /* the offices stay shut: a storm, a flood */
    CALENDAR_DAY_OWN_HOURS, /* worked with sessions of its own: a half day, an evening */
};

/* One day as the calendar sees it; everything pointed to belongs to the calendar. */
struct calendar_day {
    enum calendar_day_kind kind;
    struct text name;   /* "Mùng 1 Tết Bính Ngọ", "Thứ Bảy"; empty for plain days */
    struct text source; /* the notice or law, where the document names one */
    const struct calendar_session *sessions;
    size_t session_count; /* 0: off */
    int32_t worked_min;
};

/* Why a receipt does not count from its own minute. */
enum calendar_move {
    CALENDAR_MOVE_NONE,
    CALENDAR_MOVE_BEFORE_OPENING,
    CALENDAR_MOVE_BREAK, /* between two sessions: the lunch */
    CALENDAR_MOVE_AFTER_CLOSING,
    CALENDAR_MOVE_OFF_DAY,
    CALENDAR_MOVE_LAST_HOUR, /* only procedures that have the rule */
};

struct text calendar_code(const struct calendar *calendar);
struct text calendar_name(const struct calendar *calendar);
/* The last day whose days off have all been decided; later results may still move, tell people so. */
int32_t calendar_known_until_day(const struct calendar *calendar);
/* Some worked day has not 480 worked minutes. */
bool calendar_is_irregular(const struct calendar *calendar);
/* A day outside 1990–2100 is a plain day without sessions. */
struct calendar_day calendar_day_of(const struct calendar *calendar, int32_t day);

/* Where a receipt at that instant counts from; *move (may be NULL) says why it was moved. */
int64_t calendar_normalise(const struct calendar *calendar, int64_t received_s, enum calendar_move *move);
/* Worked minutes in [from, to); negative when to is earlier. Outside 1990–2100 nothing is worked. */
int64_t calendar_worked_min(const struct calendar *calendar, int64_t from_s, int64_t to_s);
/* The same clock time that many worked days after the normalised `from`. days >= 0. */
int64_t calendar_add_days(const struct calendar *calendar, int64_t from_s, int64_t days);
/* Where that many worked minutes after the normalised `from` end, on the earlier side: 11:30 and not 13:30,
 * 17:00 and not 07:00. 0 minutes: the normalised `from` itself. */
int64_t calendar_add_min(const struct calendar *calendar, int64_t from_s, int64_t worked_min);
/* The n-th worked day behind `day`; 0: the day itself, or the next worked one. -1: outside. */
int32_t calendar_worked_day(const struct calendar *calendar, int32_t day, int64_t n);
/* Worked days in [from, to). */
int32_t calendar_worked_days(const struct calendar *calendar, int32_t from_day, int32_t to_day);
/* Opening and closing of a worked day; CALENDAR_OUTSIDE on others. */
int64_t calendar_opens(const struct calendar *calendar, int32_t day);
int64_t calendar_closes(const struct calendar *calendar, int32_t day);

const char *calendar_day_kind_name(enum calendar_day_kind kind);  /* "HOLIDAY" */
const char *calendar_day_kind_label(enum calendar_day_kind kind); /* "Nghỉ lễ" */
