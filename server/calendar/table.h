#pragma once
/*
 * The compiled form of a calendar, for the files of this room alone: each worked day has a number (nth) and
 * the sum of worked minutes before it, each day the number of worked days before it.
 *
 *   day     ─ day_nth ──▶ nth ─ worked_before ──▶ worked minutes since 1990
 *   nth     ─ worked_day ─▶ day ─ day_pattern ──▶ sessions
 */
#include "calendar/calendar.h"

enum {
    CALENDAR_FIRST_DAY = 7305, /* 1990-01-01 */
    CALENDAR_DAYS = 40542,     /* up to 2100-12-31 */
    CALENDAR_SESSIONS_MAX = 8, /* of one day */
    CALENDAR_NORMAL_DAY_MIN = 480,
    MINUTES_A_DAY = 24 * 60,
};

/* The sessions of a day; days with the same ones share a pattern. Pattern 0 is the day off. */
struct calendar_pattern {
    struct calendar_session sessions[CALENDAR_SESSIONS_MAX];
    int16_t session_count;
    int16_t worked_min;
};

/* A day that is not as its week says, its own or inherited. */
struct calendar_entry {
    int32_t day;
    enum calendar_day_kind kind;
    struct text name, source;
};

struct calendar {
    struct text code, name;
    int32_t known_until_day;
    bool is_irregular;
    const struct calendar_entry *entries; /* by day */
    size_t entry_count;
    const struct calendar_pattern *patterns;
    const uint16_t *day_pattern;  /* [CALENDAR_DAYS] */
    const uint16_t *day_nth;      /* [CALENDAR_DAYS + 1] worked days before this one */
    const uint16_t *worked_day;   /* [worked_count] days since CALENDAR_FIRST_DAY */
    const int32_t *worked_before; /* [worked_count + 1] minutes */
    int32_t worked_count;
};

/* A minute inside a worked day, its ends included. */
struct calendar_place {
    int32_t nth; /* -1: outside the calendar, the rest means nothing */
    int32_t clock_min;
    int32_t offset_min; /* worked minutes since opening */
};

struct calendar_place calendar_place_of(const struct calendar *calendar, int64_t received_s,
                                        enum calendar_move *move);
/* The opening of the n-th worked day since 1990. */
struct calendar_place calendar_place_opening(const struct calendar *calendar, int64_t nth);
struct calendar_place calendar_place_add_days(const struct calendar *calendar, struct calendar_place from,
                                              int64_t days);
struct calendar_place calendar_place_add_min(const struct calendar *calendar, struct calendar_place from,
                                             int64_t worked_min);
/* Worked minutes since 1990. */
int64_t calendar_place_sum(const struct calendar *calendar, struct calendar_place place);
int32_t calendar_place_day(const struct calendar *calendar, struct calendar_place place);
const struct calendar_pattern *calendar_place_pattern(const struct calendar *calendar,
                                                      struct calendar_place place);
int64_t calendar_place_instant(const struct calendar *calendar, struct calendar_place place);
/* Closing time of its day. */
int64_t calendar_place_closing(const struct calendar *calendar, struct calendar_place place);
