#pragma once
/*
 * An instant is whole seconds since 1970-01-01T00:00:00Z (int64_t, names end in _s); it is stored and
 * compared in UTC. People read and write Asia/Ho_Chi_Minh, which is UTC+7 all year and without daylight
 * saving. A day is whole days since 1970-01-01 in that zone (int32_t, names end in _day).
 */
#include <stdbool.h>
#include <stdint.h>

#include "core/text.h"

enum { INSTANT_ZONE_S = 7 * 3600, INSTANT_TEXT_BYTES = 32 };

/* RFC 3339 with offset ("2026-03-05T17:00:00+07:00", fractions dropped). Years 1990–2100; false leaves *at_s.
 */
MUST_USE bool instant_parse(struct text t, int64_t *at_s);
/* "2026-03-05T17:00:00+07:00" with a NUL; returns buffer. */
char *instant_format(char buffer[static INSTANT_TEXT_BYTES], int64_t at_s);
/* "2026-03-05": a real date of the years 1990–2100. */
MUST_USE bool day_parse(struct text t, int32_t *day);
char *day_format(char buffer[static INSTANT_TEXT_BYTES], int32_t day);

int32_t day_from_civil(int year, int month, int day_of_month);
void day_to_civil(int32_t day, int *year, int *month, int *day_of_month);
/* 0 Monday … 6 Sunday. */
int day_weekday(int32_t day);
int32_t instant_day(int64_t at_s);
/* Seconds since local midnight. */
int32_t instant_second_of_day(int64_t at_s);
int64_t instant_at(int32_t day, int32_t second_of_day);
/* The wall clock; rules never call it, they are given `now_s`. */
int64_t instant_now(void);
