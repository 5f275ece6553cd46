/*
 * The engine against a second one that knows nothing but one byte a minute: on the calendar of the country
 * and on random calendars (changing hours, short and long days, up to four sessions, days off, make-up days).
 *
 * MOTCUA_PROPERTY_CASES sets the number of random cases; each checks all properties.
 */
#include "test_calendar.h"

#include <stdlib.h>

#include "calendar/pause.h"
#include "core/text_out.h"

enum {
    CALENDARS = 24,
    YEARS = 3, /* 2025–2027 */
    DAYS = 365 * YEARS,
    DAY_MIN = 1440,
#ifdef ARENA_MALLOC
    CASES = 300000, /* under sanitizers */
#else
    CASES = 10000000,
#endif
};

static int32_t first_day;
static unsigned char is_open[DAYS * DAY_MIN + 1]; /* one minute each; the last one ends every walk */
static int day_open_min[DAYS];
static uint64_t seed = 20260302;

static uint32_t below(uint32_t bound)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)((seed >> 16) % bound);
}

/* ---- the second engine: minutes since the start of first_day; -1: beyond the window ---- */

static int day_end_open(int minute)
{
    int end = minute / DAY_MIN * DAY_MIN + DAY_MIN;

    while (end > minute && !is_open[end - 1])
        end--;
    return end; /* `minute` itself when nothing is open behind it that day */
}

static int naive_normalise(int minute)
{
    if (minute > 0 && !is_open[minute] && is_open[minute - 1] && day_end_open(minute) == minute)
        return minute; /* exactly closing time */
    while (minute < DAYS * DAY_MIN && !is_open[minute])
        minute++;
    return minute < DAYS * DAY_MIN ? minute : -1;
}

static int naive_add_min(int minute, int count)
{
    for (; count > 0 && minute < DAYS * DAY_MIN; minute++)
        count -= is_open[minute];
    return count == 0 ? minute : -1;
}

static int naive_worked(int from, int to)
{
    int count = 0;

    for (int i = from; i < to; i++)
        count += is_open[i];
    return count;
}

/* The same clock time so many open days later; where it is closed, the last open minute before, else the
 * opening. */
static int naive_add_days(int minute, int days)
{
    int day = minute / DAY_MIN;
    int const clock = minute % DAY_MIN;
    int begins, wanted;

    if (days == 0)
        return minute;
    for (; days > 0; days -= day_open_min[day] > 0)
        if (++day >= DAYS)
            return -1;
    begins = day * DAY_MIN;
    wanted = begins + clock;
    if (is_open[wanted])
        return wanted;
    while (wanted > begins && !is_open[wanted - 1])
        wanted--;
    if (wanted > begins)
        return wanted;
    while (!is_open[wanted])
        wanted++;
    return wanted;
}

static int naive_work_days(int minute, int milli, bool is_irregular)
{
    int const place = naive_add_days(minute, milli / 1000);
    int part, whole;

    if (place < 0 || milli % 1000 == 0)
        return place;
    part = naive_add_min(place, (milli % 1000 * day_open_min[place / DAY_MIN] + 500) / 1000);
    whole = naive_add_days(minute, milli / 1000 + 1);
    if (part < 0 || whole < 0)
        return -1;
    return is_irregular && naive_worked(whole, part) > 0 ? whole : part;
}

/* ---- random calendars, written as JSON and as minutes at the same time ---- */

static void open_day(int day, const int *edges, int count)
{
    memset(&is_open[day * DAY_MIN], 0, DAY_MIN);
    day_open_min[day] = 0;
    for (int i = 0; i < count; i += 2)
        for (int minute = edges[i]; minute < edges[i + 1]; minute++) {
            is_open[day * DAY_MIN + minute] = 1;
            day_open_min[day]++;
        }
}

/* An even number of rising edges; every third time exactly eight hours. */
static int random_edges(int edges[8])
{
    int const sessions = 1 + (int)below(4);
    int minute = 5 * 60 + (int)below(180);

    if (below(3) == 0) {
        int const opens = 6 * 60 + 30 * (int)below(6), morning = 180 + 30 * (int)below(4);
        int const noon = 30 + 30 * (int)below(4);

        edges[0] = opens;
        edges[1] = opens + morning;
        edges[2] = edges[1] + noon;
        edges[3] = edges[2] + 480 - morning;
        return 4;
    }
    for (int i = 0; i < sessions * 2; i++) {
        edges[i] = minute;
        minute += 1 + (int)below(i % 2 == 0 ? 180 : 60);
    }
    return sessions * 2;
}

static void put(struct text_out *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void put(struct text_out *out, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    text_out_put(out, text_of(arena_vprintf(out->arena, format, args)));
    va_end(args);
}

static void put_sessions(struct text_out *out, const int *edges, int count)
{
    put(out, "\"sessions\": [");
    for (int i = 0; i < count; i += 2)
        put(out, "%s[\"%02d:%02d\", \"%02d:%02d\"]", i > 0 ? ", " : "", edges[i] / 60, edges[i] % 60,
            edges[i + 1] / 60, edges[i + 1] % 60);
    put(out, "]");
}

/* One period from day index `from` to `to`, both included, with sessions for some weekdays. */
static void random_week(struct text_out *out, int from, int to, bool is_first, bool is_last)
{
    static const char *const names[] = {"MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"};
    char buffer[INSTANT_TEXT_BYTES];
    unsigned const worked = (1 + below(127)) | 1U << below(5);
    bool is_some = false;

    put(out, "%s{", is_first ? "" : ", ");
    if (!is_first)
        put(out, "\"valid_from\": \"%s\", ", day_format(buffer, first_day + from));
    if (!is_last)
        put(out, "\"valid_to\": \"%s\", ", day_format(buffer, first_day + to));
    put(out, "\"days\": [");
    for (int weekday = 0; weekday < 7; weekday++) {
        int edges[8], count;

        if ((worked >> weekday & 1) == 0)
            continue;
        count = random_edges(edges);
        put(out, "%s{\"weekdays\": [\"%s\"], ", is_some ? ", " : "", names[weekday]);
        put_sessions(out, edges, count);
        put(out, "}");
        is_some = true;
        for (int day = from; day <= to; day++)
            if (day_weekday(first_day + day) == weekday)
                open_day(day, edges, count);
    }
    put(out, "]}");
}

static void random_days(struct text_out *out)
{
    static const char *const kinds[] = {"HOLIDAY", "COMP_OFF", "SWAP_OFF", "MAKEUP_WORK", "OWN_HOURS"};
    char buffer[INSTANT_TEXT_BYTES];
    bool is_some = false;

    for (int day = (int)below(20); day < DAYS; day += 1 + (int)below(25)) {
        uint32_t const kind = below(5);
        int edges[8], count = 0;

        put(out, "%s{\"date\": \"%s\", \"kind\": \"%s\", \"name\": \"Ngày %d\"", is_some ? ",\n" : "",
            day_format(buffer, first_day + day), kinds[kind], day);
        if (kind >= 3) {
            count = random_edges(edges);
            put(out, ", ");
            put_sessions(out, edges, count);
        }
        put(out, "}");
        open_day(day, edges, count);
        is_some = true;
    }
}

static const struct calendar *random_calendar(struct arena *arena)
{
    struct text_out out = text_out_begin(arena);
    int const spring = 60 + (int)below(200), autumn = 500 + (int)below(200);

    memset(is_open, 0, sizeof is_open);
    memset(day_open_min, 0, sizeof day_open_min);
    put(&out,
        "{\"code\": \"RANDOM\", \"name\": \"Ngẫu nhiên\", \"known_until\": \"2027-12-31\", \"weeks\": [");
    random_week(&out, 0, spring - 1, true, false);
    random_week(&out, spring, autumn - 1, false, false);
    random_week(&out, autumn, DAYS - 1, false, true);
    put(&out, "], \"days\": [");
    random_days(&out);
    put(&out, "]}");
    is_open[DAYS * DAY_MIN] = 1;
    return calendar_book_at(book_of(arena, "random", text_out_end(&out)), 0);
}

/* The days off of config/calendars/vn.json, found as text and not by the loader. */
static const struct calendar *known_calendar(struct arena *arena)
{
    static const int hours[] = {420, 690, 810, 1020};
    struct text const json = read_whole(arena, SOURCE_DIR "/config/calendars/vn.json");

    memset(is_open, 0, sizeof is_open);
    for (int day = 0; day < DAYS; day++)
        open_day(day, hours, day_weekday(first_day + day) < 5 ? 4 : 0);
    for (const char *here = json.data; (here = strstr(here, "\"date\": \"")) != NULL; here++) {
        char date[11];

        snprintf(date, sizeof date, "%s", here + strlen("\"date\": \""));
        open_day(on(date) - first_day, hours,
                 strncmp(strchr(here, ',') + strlen(", \"kind\": \""), "MAKEUP_WORK", 11) == 0 ? 4 : 0);
    }
    is_open[DAYS * DAY_MIN] = 1;
    return national_calendar(arena);
}

/* ---- properties ---- */

static int64_t instant(int minute)
{
    return minute < 0 ? CALENDAR_OUTSIDE : instant_at(first_day, 0) + (int64_t)minute * 60;
}

static void same(const char *what, int minute, int64_t found_s, int naive)
{
    char received[INSTANT_TEXT_BYTES], found[INSTANT_TEXT_BYTES], expected[INSTANT_TEXT_BYTES];

    if (found_s != instant(naive))
        fail_msg("%s of %s: %s, minute by minute %s", what, local(instant(minute), received),
                 local(found_s, found), local(instant(naive), expected));
}

static void claim(bool holds, const char *what, int minute, int quantity)
{
    char received[INSTANT_TEXT_BYTES];

    if (!holds)
        fail_msg("%s: received %s, quantity %d", what, local(instant(minute), received), quantity);
}

static int random_minutes(void)
{
    return (int)below(below(64) == 0 ? 12000 : 700);
}

/* An open minute, or the instant at which a session closes. */
static bool is_inside(int64_t at_s)
{
    int const minute = (int)((at_s - instant_at(first_day, 0)) / 60);

    return is_open[minute] || (minute > 0 && is_open[minute - 1]);
}

static bool hours_agree(const struct calendar *calendar, int received, int start)
{
    int const quantity = random_minutes(), more = random_minutes(), later = received + (int)below(2000);
    int const end = naive_add_min(start, quantity);
    int64_t const start_s = instant(start), end_s = calendar_add_min(calendar, instant(received), quantity);
    int64_t further_s;

    if (end < 0)
        return false;
    same("added minutes", received, end_s, end);
    claim(calendar_worked_min(calendar, start_s, end_s) == quantity, "add, then measure", received, quantity);
    claim(naive_worked(received, end) == calendar_worked_min(calendar, instant(received), end_s), "measured",
          received, quantity);
    claim(is_inside(end_s), "ends in a closed minute", received, quantity);
    further_s = calendar_add_min(calendar, start_s, quantity + more);
    claim(further_s >= end_s, "monotone in the quantity", received, more);
    if (quantity > 0 && more > 0)
        claim(calendar_add_min(calendar, end_s, more) == further_s, "additive over a split", received, more);
    claim(calendar_add_min(calendar, instant(later), quantity) >= end_s, "monotone in the start", received,
          quantity);
    return true;
}

static bool days_agree(const struct calendar *calendar, int received, int start)
{
    int const milli = below(2) == 0 ? (int)below(12) * 1000 : (int)below(4000);
    struct calendar_limit limit = {CALENDAR_WORK_DAY, milli, false};
    int const end = naive_work_days(start, milli, calendar_is_irregular(calendar));
    struct calendar_due due, other;

    if (end < 0)
        return false;
    claim(calendar_due_find(calendar, &limit, instant(received), &due), "a due", received, milli);
    same("worked days", received, due.due_clock_s, end);
    claim(is_inside(due.due_clock_s), "ends in a closed minute", received, milli);
    same("close of the day", received, due.due_eod_s, day_end_open(end / DAY_MIN * DAY_MIN));
    limit.quantity_milli += below(3000);
    claim(calendar_due_find(calendar, &limit, instant(received), &other) &&
              other.due_clock_s >= due.due_clock_s,
          "monotone in the days", received, milli);
    limit.quantity_milli = milli;
    claim(calendar_due_find(calendar, &limit, instant(received + (int)below(2000)), &other) &&
              other.due_eod_s >= due.due_eod_s,
          "monotone in the start", received, milli);
    return true;
}

/* A stop loses exactly its worked minutes; split in two overlapping halves it is still one. */
static void pauses_agree(const struct calendar *calendar, int received, int start)
{
    int const milli = 1000 * (1 + (int)below(5));
    struct calendar_limit const limit = {CALENDAR_WORK_DAY, milli, false};
    int const stop = received + (int)below(1500), resume = stop + (int)below(1500);
    int const middle = stop + (resume - stop) / 2;
    struct calendar_pause const whole = {instant(stop), instant(resume), false};
    struct calendar_pause const halves[] = {
        {instant(middle), instant(resume), false},
        {instant(stop), instant(middle) + (resume > middle ? 60 : 0), false}};
    struct calendar_clock once, twice;
    int64_t run_min;

    claim(calendar_clock_find(calendar, &limit, instant(received), &whole, 1, &once), "paused", received,
          milli);
    claim(calendar_clock_find(calendar, &limit, instant(received), halves, 2, &twice), "paused", received,
          milli);
    claim(once.due.due_clock_s == twice.due.due_clock_s, "overlapping stops count once", received, milli);
    if (instant(stop) > once.original_due_clock_s || once.used_min == 0)
        return;
    run_min = calendar_running_min(calendar, instant(start), once.due.due_clock_s, &whole, 1);
    claim(calendar_is_irregular(calendar) || run_min == milli * 480 / 1000, "a stop loses its own minutes",
          received, milli);
    claim(run_min == once.limit_min, "the limit is used up at the due", received, milli);
}

static long check_calendar(const struct calendar *calendar, long cases)
{
    long compared = 0;

    for (long i = 0; i < cases; i++) {
        int const received = (int)below((DAYS - 400) * DAY_MIN), start = naive_normalise(received);

        same("normalised", received, calendar_normalise(calendar, instant(received) + below(60), NULL),
             start);
        compared += hours_agree(calendar, received, start);
        compared += days_agree(calendar, received, start);
        if (i % 4 == 0)
            pauses_agree(calendar, received, start);
    }
    return compared;
}

static void both_engines_agree(void **state)
{
    const char *wanted = getenv("MOTCUA_PROPERTY_CASES");
    long const cases = wanted == NULL ? CASES : strtol(wanted, NULL, 10);
    long compared = 0;

    (void)state;
    first_day = on("2025-01-01");
    for (int i = 0; i < CALENDARS; i++) {
        struct arena *arena = arena_create(4 * CALENDAR_BYTES_MAX);

        compared += check_calendar(i % 3 == 0 ? known_calendar(arena) : random_calendar(arena),
                                   cases / CALENDARS + 1);
        arena_destroy(arena);
    }
    /* Nearly all cases end inside the window, or the test would prove nothing. */
    assert_true(compared >= cases * 2 / 100 * 95);
    print_message("%ld random cases, %ld comparisons minute by minute\n", cases, compared);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(both_engines_agree)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
