#include "core/instant.h"

#include <stdio.h>
#include <time.h>

enum { DAY_S = 24 * 3600, YEAR_MIN = 1990, YEAR_MAX = 2100 };

/* The civil calendar counted in 400-year eras that start on 1 March, so that a leap day ends its year. */
int32_t day_from_civil(int year, int month, int day_of_month)
{
    int const shifted_year = month <= 2 ? year - 1 : year;
    int const era = (shifted_year >= 0 ? shifted_year : shifted_year - 399) / 400;
    int const year_of_era = shifted_year - era * 400;
    int const day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day_of_month - 1;
    int const day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

    return era * 146097 + day_of_era - 719468;
}

void day_to_civil(int32_t day, int *year, int *month, int *day_of_month)
{
    int32_t const shifted = day + 719468;
    int32_t const era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int32_t const day_of_era = shifted - era * 146097;
    int32_t const year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int32_t const day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int32_t const shifted_month = (5 * day_of_year + 2) / 153;

    *day_of_month = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    *month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
    *year = year_of_era + era * 400 + (*month <= 2 ? 1 : 0);
}

int day_weekday(int32_t day)
{
    int const weekday = (day + 3) % 7; /* 1970-01-01 was a Thursday */

    return weekday < 0 ? weekday + 7 : weekday;
}

int32_t instant_day(int64_t at_s)
{
    int64_t const local = at_s + INSTANT_ZONE_S;

    return (int32_t)((local >= 0 ? local : local - (DAY_S - 1)) / DAY_S);
}

int32_t instant_second_of_day(int64_t at_s)
{
    return (int32_t)(at_s + INSTANT_ZONE_S - (int64_t)instant_day(at_s) * DAY_S);
}

int64_t instant_at(int32_t day, int32_t second_of_day)
{
    return (int64_t)day * DAY_S + second_of_day - INSTANT_ZONE_S;
}

int64_t instant_now(void)
{
    struct timespec now;

    must(clock_gettime(CLOCK_REALTIME, &now) == 0);
    return now.tv_sec;
}

/* Takes `count` digits off the front of *t. */
static bool take_digits(struct text *t, size_t count, int *value)
{
    int64_t number;

    if (t->length < count || !text_to_i64((struct text){t->data, count}, &number))
        return false;
    t->data += count;
    t->length -= count;
    *value = (int)number;
    return true;
}

static bool take(struct text *t, char expected)
{
    if (t->length == 0 || t->data[0] != expected)
        return false;
    t->data++;
    t->length--;
    return true;
}

static bool take_day(struct text *t, int32_t *day)
{
    int year, month, day_of_month, year_back, month_back, day_back;

    if (!take_digits(t, 4, &year) || !take(t, '-') || !take_digits(t, 2, &month) || !take(t, '-') ||
        !take_digits(t, 2, &day_of_month))
        return false;
    if (year < YEAR_MIN || year > YEAR_MAX || month < 1 || month > 12 || day_of_month < 1)
        return false;
    *day = day_from_civil(year, month, day_of_month);
    day_to_civil(*day, &year_back, &month_back, &day_back);
    return year == year_back && month == month_back && day_of_month == day_back;
}

bool day_parse(struct text t, int32_t *day)
{
    int32_t parsed;

    if (!take_day(&t, &parsed) || t.length > 0)
        return false;
    *day = parsed;
    return true;
}

static bool take_offset(struct text *t, int *offset_s)
{
    int hour, minute, sign = 1;

    if (take(t, 'Z')) {
        *offset_s = 0;
        return true;
    }
    if (take(t, '-'))
        sign = -1;
    else if (!take(t, '+'))
        return false;
    if (!take_digits(t, 2, &hour) || !take(t, ':') || !take_digits(t, 2, &minute) || hour > 14 || minute > 59)
        return false;
    *offset_s = sign * (hour * 3600 + minute * 60);
    return true;
}

bool instant_parse(struct text t, int64_t *at_s)
{
    int32_t day;
    int hour, minute, second, offset_s;

    if (!take_day(&t, &day) || !take(&t, 'T') || !take_digits(&t, 2, &hour) || !take(&t, ':') ||
        !take_digits(&t, 2, &minute) || !take(&t, ':') || !take_digits(&t, 2, &second))
        return false;
    if (take(&t, '.')) {
        size_t digits = 0;

        while (digits < t.length && t.data[digits] >= '0' && t.data[digits] <= '9')
            digits++;
        if (digits < 1 || digits > 9)
            return false;
        t.data += digits;
        t.length -= digits;
    }
    if (!take_offset(&t, &offset_s) || t.length > 0 || hour > 23 || minute > 59 || second > 59)
        return false;
    *at_s = (int64_t)day * DAY_S + hour * 3600 + minute * 60 + second - offset_s;
    return true;
}

char *day_format(char buffer[static INSTANT_TEXT_BYTES], int32_t day)
{
    int year, month, day_of_month;

    day_to_civil(day, &year, &month, &day_of_month);
    snprintf(buffer, INSTANT_TEXT_BYTES, "%04d-%02d-%02d", year % 10000, month, day_of_month);
    return buffer;
}

char *instant_format(char buffer[static INSTANT_TEXT_BYTES], int64_t at_s)
{
    char day[INSTANT_TEXT_BYTES];
    unsigned const second = (unsigned)instant_second_of_day(at_s);

    day_format(day, instant_day(at_s));
    snprintf(buffer, INSTANT_TEXT_BYTES, "%.10sT%02u:%02u:%02u+07:00", day, second / 3600 % 24,
             second / 60 % 60, second % 60);
    return buffer;
}
