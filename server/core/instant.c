#include "core/instant.h"

#include <string.h>
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

/* Not snprintf(): a page of fifty dossiers has three hundred instants, which were a fifth of its cost. */
static char *put_digits(char *at, unsigned value, int count)
{
    for (int i = count - 1; i >= 0; i--) {
        at[i] = (char)('0' + value % 10);
        value /= 10;
    }
    return at + count;
}

/* A mark and two digits behind it: "-07", ":30". */
static char *put_part(char *at, char mark, int value)
{
    *at = mark;
    return put_digits(at + 1, (unsigned)value, 2);
}

static char *put_day(char *at, int32_t day)
{
    int year, month, day_of_month;

    day_to_civil(day, &year, &month, &day_of_month);
    at = put_digits(at, (unsigned)year, 4);
    at = put_part(at, '-', month);
    return put_part(at, '-', day_of_month);
}

char *day_format(char buffer[static INSTANT_TEXT_BYTES], int32_t day)
{
    *put_day(buffer, day) = '\0';
    return buffer;
}

char *instant_format(char buffer[static INSTANT_TEXT_BYTES], int64_t at_s)
{
    int32_t const second = instant_second_of_day(at_s);
    char *at = put_day(buffer, instant_day(at_s));

    at = put_part(at, 'T', second / 3600);
    at = put_part(at, ':', second / 60 % 60);
    at = put_part(at, ':', second % 60);
    memcpy(at, "+07:00", sizeof "+07:00");
    return buffer;
}
