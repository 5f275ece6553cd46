/*
 * What the published cases leave open: check sums of the years, timeliness, irregular calendars, inheritance,
 * months, the edges of the years, explanations.
 */
#include "test_calendar.h"

#include "calendar/chain.h"
#include "calendar/explain.h"
#include "calendar/pause.h"
#include "calendar/timeliness.h"

static struct arena *arena;
static const struct calendar *national;

static void years_have_their_worked_days(void **state)
{
    static const int months[2][12] = {{17, 20, 21, 21, 20, 21, 23, 21, 20, 23, 20, 23},
                                      {21, 15, 22, 20, 20, 22, 23, 21, 20, 22, 20, 23}};

    (void)state;
    assert_int_equal(calendar_worked_days(national, on("2025-01-01"), on("2026-01-01")), 250);
    assert_int_equal(calendar_worked_days(national, on("2026-01-01"), on("2027-01-01")), 249);
    for (int year = 0; year < 2; year++)
        for (int month = 0; month < 12; month++) {
            int32_t const from = day_from_civil(2025 + year, month + 1, 1);
            int32_t const to =
                month == 11 ? day_from_civil(2026 + year, 1, 1) : day_from_civil(2025 + year, month + 2, 1);

            assert_int_equal(calendar_worked_days(national, from, to), months[year][month]);
            assert_int_equal(calendar_worked_min(national, instant_at(from, 0), instant_at(to, 0)),
                             months[year][month] * 480);
        }
    assert_false(calendar_is_irregular(national));
}

/* K01–K14 of the rules. */
static void dossiers_are_judged_by_date_hours_by_minute(void **state)
{
    static const struct {
        const char *id;
        enum calendar_unit unit;
        const char *due, *finished;
        bool is_withdrawn;
        enum calendar_timeliness expected;
    } rows[] = {
        {"K01", CALENDAR_WORK_DAY, "2026-03-12 17:00", "2026-03-11 16:50", false, CALENDAR_EARLY},
        {"K02", CALENDAR_WORK_DAY, "2026-03-12 17:00", "2026-03-12 08:00", false, CALENDAR_ON_TIME},
        {"K03", CALENDAR_WORK_DAY, "2026-03-12 09:30", "2026-03-12 16:50", false, CALENDAR_ON_TIME},
        {"K04", CALENDAR_WORK_DAY, "2026-03-12 17:00", "2026-03-13 07:01", false, CALENDAR_OVERDUE},
        {"K05", CALENDAR_WORK_DAY, "2026-03-12 17:00", "2026-03-12 18:30", false, CALENDAR_ON_TIME},
        {"K06", CALENDAR_WORK_HOUR, "2026-03-12 10:00", "2026-03-12 09:59", false, CALENDAR_EARLY},
        {"K07", CALENDAR_WORK_HOUR, "2026-03-12 10:00", "2026-03-12 10:00", false, CALENDAR_ON_TIME},
        {"K07 seconds", CALENDAR_WORK_HOUR, "2026-03-12 10:00", "2026-03-12 10:00:59", false,
         CALENDAR_ON_TIME},
        {"K08", CALENDAR_WORK_HOUR, "2026-03-12 10:00", "2026-03-12 10:01", false, CALENDAR_OVERDUE},
        {"K09", CALENDAR_WORK_HOUR, "2026-03-12 17:00", "2026-03-13 07:00", false, CALENDAR_ON_TIME},
        {"K10", CALENDAR_WORK_DAY, "2026-03-12 17:00", "2026-03-12 11:00", false, CALENDAR_ON_TIME},
        {"K11", CALENDAR_WORK_DAY, "2026-03-12 17:00", "2026-03-16 10:00", false, CALENDAR_OVERDUE},
        {"K12", CALENDAR_WORK_DAY, "2026-03-12 17:00", "2026-03-10 10:00", true, CALENDAR_ON_TIME},
        {"K12 late", CALENDAR_WORK_DAY, "2026-03-12 17:00", "2026-03-13 10:00", true, CALENDAR_OVERDUE},
        {"K14", CALENDAR_NO_LIMIT, "", "2026-03-13 10:00", false, CALENDAR_ON_TIME},
    };

    (void)state;
    for (size_t i = 0; i < array_length(rows); i++) {
        enum calendar_timeliness const found = calendar_finished_class(
            national, rows[i].unit, at(rows[i].due), at(rows[i].finished), rows[i].is_withdrawn);

        if (found != rows[i].expected)
            fail_msg("%s: %s", rows[i].id, calendar_timeliness_name(found));
    }
    /* K13: in supplement at the end of the period, judged as of its stop. */
    assert_int_equal(
        calendar_running_class(national, CALENDAR_WORK_DAY, at("2026-03-12 17:00"), at("2026-03-12 17:30")),
        CALENDAR_IN_TERM);
    assert_int_equal(
        calendar_running_class(national, CALENDAR_WORK_DAY, at("2026-03-12 17:00"), at("2026-03-13 00:00")),
        CALENDAR_PAST_DUE);
    assert_int_equal(calendar_step_class(239, 240), CALENDAR_EARLY);
    assert_int_equal(calendar_step_class(240, 240), CALENDAR_ON_TIME);
    assert_int_equal(calendar_step_class(241, 240), CALENDAR_OVERDUE);
}

/* L10–L12: how late leg 1 was in worked minutes. */
static void lateness_is_in_worked_minutes(void **state)
{
    (void)state;
    assert_int_equal(calendar_worked_min(national, at("2026-03-05 17:00"), at("2026-03-09 16:00")), 15 * 60);
    assert_true(calendar_worked_min(national, at("2026-03-05 17:00"), at("2026-03-03 10:00")) < 0);
    assert_int_equal(calendar_worked_min(national, at("2026-03-05 17:00"), at("2026-03-06 07:00")), 0);
    assert_int_equal(calendar_worked_min(national, at("2026-03-05 11:30"), at("2026-03-05 13:30")), 0);
    assert_int_equal(calendar_worked_min(national, at("2026-03-05 11:29:59"), at("2026-03-05 13:31:59")), 2);
}

static void seconds_are_cut(void **state)
{
    struct calendar_limit const same_day = {CALENDAR_SAME_DAY_15, 0, false},
                                last_hour = {CALENDAR_WORK_DAY, 1000, true};
    struct calendar_due due;

    (void)state;
    expect_at("closing", calendar_normalise(national, at("2026-03-02 17:00:59"), NULL), "2026-03-02 17:00");
    assert_true(calendar_due_find(national, &same_day, at("2026-03-02 15:00:59"), &due));
    expect_at("15:00:59", due.due_eod_s, "2026-03-02 17:00");
    assert_true(calendar_due_find(national, &last_hour, at("2026-03-02 15:59:59"), &due));
    expect_at("15:59:59", due.starts_s, "2026-03-02 15:59");
    assert_true(calendar_due_find(national, &last_hour, at("2026-03-02 17:00:59"), &due));
    expect_at("17:00:59", due.starts_s, "2026-03-03 07:00");
}

static void months_end_on_their_day(void **state)
{
    static const struct {
        const char *received;
        int64_t milli;
        const char *due;
    } rows[] = {
        {"2026-03-02 09:00", 1000, "2026-04-02 17:00"},
        {"2026-01-30 09:00", 1000, "2026-03-02 17:00"},  /* 28/02 is a Saturday */
        {"2025-01-22 09:00", 13000, "2026-02-23 17:00"}, /* 22/02/2026 is a Sunday */
        {"2026-03-31 09:00", 3000, "2026-06-30 17:00"},  /* June has no 31st */
        {"2026-12-31 09:00", 2000, "2027-03-01 17:00"},  /* 28/02/2027 is a Sunday */
        {"2026-03-31 09:00", 1000, "2026-05-04 17:00"},  /* 30/4 and 1/5 */
        {"2026-05-29 18:00", 12000, "2027-06-01 17:00"}, /* counts from 01/06 */
        {"2026-03-02 09:00", 500, "2026-03-17 17:00"},   /* nửa tháng */
        {"2026-07-31 09:00", 3000, "2026-11-02 17:00"},  /* 31/10 is a Saturday */
    };

    (void)state;
    for (size_t i = 0; i < array_length(rows); i++) {
        struct calendar_limit const limit = {CALENDAR_MONTH, rows[i].milli, false};
        struct calendar_due due;

        assert_true(calendar_due_find(national, &limit, at(rows[i].received), &due));
        expect_at(rows[i].received, due.due_eod_s, rows[i].due);
    }
}

/* One province: summer hours of 7 h 30, half Saturdays in it, a nine-hour Wednesday; and an office that
 * inherits. */
static const char irregular_json[] =
    "{\"calendars\": ["
    "{\"code\": \"TINH\", \"name\": \"Tỉnh\", \"known_until\": \"2026-12-31\", \"weeks\": ["
    "{\"valid_to\": \"2026-04-15\", \"days\": ["
    "  {\"weekdays\": [\"MON\", \"TUE\", \"THU\", \"FRI\"], \"sessions\": [[\"07:30\", \"11:30\"], "
    "[\"13:30\", \"17:30\"]]},"
    "  {\"weekdays\": [\"WED\"], \"sessions\": [[\"07:30\", \"12:00\"], [\"13:00\", \"17:30\"]]}]},"
    "{\"valid_from\": \"2026-04-16\", \"days\": ["
    "  {\"weekdays\": [\"MON\", \"TUE\", \"WED\", \"THU\", \"FRI\"], \"sessions\": [[\"07:00\", \"11:00\"], "
    "[\"14:00\", "
    "\"17:30\"]]},"
    "  {\"weekdays\": [\"SAT\"], \"sessions\": [[\"07:00\", \"11:00\"]]}]}],"
    " \"days\": ["
    "  {\"date\": \"2026-04-30\", \"kind\": \"HOLIDAY\", \"name\": \"Ngày Chiến thắng\", \"source\": "
    "\"BLLĐ\"},"
    "  {\"date\": \"2026-05-04\", \"kind\": \"SWAP_OFF\", \"name\": \"Nghỉ hoán đổi\"},"
    "  {\"date\": \"2026-05-03\", \"kind\": \"MAKEUP_WORK\", \"name\": \"Làm bù\", \"makes_up_for\": "
    "\"2026-05-04\"},"
    "  {\"date\": \"2026-03-18\", \"kind\": \"SWAP_OFF\", \"name\": \"Nghỉ hoán đổi\"},"
    "  {\"date\": \"2026-03-21\", \"kind\": \"MAKEUP_WORK\", \"name\": \"Làm bù\", \"makes_up_for\": "
    "\"2026-03-18\"},"
    "  {\"date\": \"2026-03-28\", \"kind\": \"MAKEUP_WORK\", \"name\": \"Làm bù\"},"
    "  {\"date\": \"2026-03-07\", \"kind\": \"OWN_HOURS\", \"name\": \"Trực thứ Bảy\", \"sessions\": "
    "[[\"08:00\", "
    "\"10:00\"]]}]},"
    "{\"code\": \"SO\", \"name\": \"Sở\", \"parent\": \"TINH\", \"days\": ["
    "  {\"date\": \"2026-05-04\", \"kind\": \"OWN_HOURS\", \"name\": \"Trực\", \"sessions\": [[\"07:00\", "
    "\"08:00\"]]}]},"
    "{\"code\": \"PHONG\", \"name\": \"Phòng\", \"parent\": \"SO\"}]}";

static void irregular_days_keep_their_clock(void **state)
{
    static const struct {
        const char *calendar;
        enum calendar_unit unit;
        int64_t milli;
        const char *received, *clock, *eod;
    } rows[] = {
        /* Tuesday to the nine-hour Wednesday and on: whole days keep the clock time. */
        {"TINH", CALENDAR_WORK_DAY, 1000, "2026-03-03 17:00", "2026-03-04 17:00", "2026-03-04 17:30"},
        {"TINH", CALENDAR_WORK_DAY, 2000, "2026-03-03 17:00", "2026-03-05 17:00", "2026-03-05 17:30"},
        /* 11:45 on Wednesday is inside, on Thursday it is lunch: the last open minute before. */
        {"TINH", CALENDAR_WORK_DAY, 1000, "2026-03-04 11:45", "2026-03-05 11:30", "2026-03-05 17:30"},
        /* A short Saturday: closed in the afternoon, so its closing time; opened later, so its opening. */
        {"TINH", CALENDAR_WORK_DAY, 1000, "2026-03-06 15:00", "2026-03-07 10:00", "2026-03-07 10:00"},
        {"TINH", CALENDAR_WORK_DAY, 1000, "2026-03-06 07:40", "2026-03-07 08:00", "2026-03-07 10:00"},
        {"TINH", CALENDAR_WORK_DAY, 2000, "2026-03-06 15:00", "2026-03-09 15:00", "2026-03-09 17:30"},
        /* Half of a nine-hour day is 4 h 30. */
        {"TINH", CALENDAR_WORK_DAY, 500, "2026-03-04 07:30", "2026-03-04 12:00", "2026-03-04 17:30"},
        {"TINH", CALENDAR_WORK_DAY, 500, "2026-03-03 07:30", "2026-03-03 11:30", "2026-03-03 17:30"},
        /* Half a day from Friday afternoon would end on Monday; a whole day ends on Saturday 10:00: so does
           half. */
        {"TINH", CALENDAR_WORK_DAY, 500, "2026-03-06 17:30", "2026-03-07 10:00", "2026-03-07 10:00"},
        /* Hours walk over the real sessions: 30 min on Friday, 2 h on Saturday, the rest on Monday. */
        {"TINH", CALENDAR_WORK_HOUR, 4000, "2026-03-06 17:00", "2026-03-09 09:00", ""},
        {"TINH", CALENDAR_WORK_HOUR, 2500, "2026-03-06 17:00", "2026-03-07 10:00", ""},
        {"TINH", CALENDAR_WORK_HOUR, 18000, "2026-03-03 07:30", "2026-03-05 08:30", ""},
        /* The change of hours on 16/04: 07:30 stays 07:30, and 13:30 falls into the new lunch. */
        {"TINH", CALENDAR_WORK_DAY, 1000, "2026-04-15 07:30", "2026-04-16 07:30", "2026-04-16 17:30"},
        {"TINH", CALENDAR_WORK_DAY, 1000, "2026-04-15 13:15", "2026-04-16 11:00", "2026-04-16 17:30"},
        /* Saturdays are worked now; the make-up Sunday 03/05 works like the Monday it stands for. */
        {"TINH", CALENDAR_WORK_DAY, 1000, "2026-04-17 10:00", "2026-04-18 10:00", "2026-04-18 11:00"},
        {"TINH", CALENDAR_WORK_DAY, 3000, "2026-04-29 16:00", "2026-05-03 16:00", "2026-05-03 17:30"},
        {"TINH", CALENDAR_WORK_DAY, 4000, "2026-04-29 16:00", "2026-05-05 16:00", "2026-05-05 17:30"},
        /* The office works an hour on 04/05; its section inherits that through it. */
        {"SO", CALENDAR_WORK_DAY, 4000, "2026-04-29 16:00", "2026-05-04 08:00", "2026-05-04 08:00"},
        {"PHONG", CALENDAR_WORK_DAY, 4000, "2026-04-29 16:00", "2026-05-04 08:00", "2026-05-04 08:00"},
        /* Within the day on a short Saturday, and after it closed. */
        {"TINH", CALENDAR_SAME_DAY_15, 1000, "2026-03-07 09:00", "2026-03-07 10:00", "2026-03-07 10:00"},
        {"TINH", CALENDAR_SAME_DAY_15, 1000, "2026-03-07 10:01", "2026-03-09 17:30", "2026-03-09 17:30"},
        {"TINH", CALENDAR_CAL_DAY, 1500, "2026-03-02 09:00", "2026-03-04 17:30", "2026-03-04 17:30"},
        {"TINH", CALENDAR_CAL_DAY, 5000, "2026-03-02 09:00", "2026-03-07 10:00", "2026-03-07 10:00"},
    };
    const struct calendar_book *book = book_of(arena, "irregular", text_of(irregular_json));

    (void)state;
    for (size_t i = 0; i < array_length(rows); i++) {
        const struct calendar *calendar = calendar_find(book, text_of(rows[i].calendar));
        struct calendar_limit const limit = {rows[i].unit, rows[i].milli, false};
        struct calendar_due due;

        assert_true(calendar_is_irregular(calendar));
        assert_true(calendar_due_find(calendar, &limit, at(rows[i].received), &due));
        expect_at(rows[i].received, due.due_clock_s, rows[i].clock);
        expect_at(rows[i].received, due.due_eod_s, rows[i].eod);
    }
    /* A make-up day has the hours of the day it makes up for, a nine-hour Wednesday, or else those of Monday.
     */
    assert_int_equal(calendar_day_of(calendar_find(book, TEXT("TINH")), on("2026-03-21")).worked_min, 540);
    assert_int_equal(calendar_day_of(calendar_find(book, TEXT("TINH")), on("2026-03-28")).worked_min, 480);
    assert_null(calendar_find(book, TEXT("KHONG")));
    assert_int_equal(calendar_book_size(book), 3);
    assert_int_equal(calendar_known_until_day(calendar_find(book, TEXT("PHONG"))), on("2026-12-31"));
}

/* Where days are of different lengths: a limit of which nothing was used begins anew, the rest goes by the
 * minute. */
static void irregular_limits_run_on(void **state)
{
    const struct calendar_book *book = book_of(arena, "irregular", text_of(irregular_json));
    const struct calendar *calendar = calendar_find(book, TEXT("TINH"));
    struct calendar_limit const limit = {CALENDAR_WORK_DAY, 1000, false};
    struct calendar_pause pause = {at("2026-03-03 07:00"), at("2026-03-04 07:30"), false};
    struct calendar_clock clock;

    (void)state;
    assert_true(calendar_clock_find(calendar, &limit, at("2026-03-03 07:30"), &pause, 1, &clock));
    expect_at("unused", clock.due.due_clock_s, "2026-03-05 07:30");
    pause.stop_s = at("2026-03-03 08:30");
    assert_true(calendar_clock_find(calendar, &limit, at("2026-03-03 07:30"), &pause, 1, &clock));
    expect_at("seven hours were left", clock.due.due_clock_s, "2026-03-04 15:30");
}

static void beyond_the_years_there_is_no_due(void **state)
{
    struct calendar_limit limit = {CALENDAR_WORK_DAY, 1000, false};
    struct calendar_due due;

    (void)state;
    assert_true(calendar_due_find(national, &limit, at("1990-01-01 08:00"), &due));
    assert_true(calendar_due_find(national, &limit, at("2100-12-30 08:00"), &due));
    assert_false(calendar_due_find(national, &limit, at("2100-12-31 08:00"), &due));
    assert_false(calendar_due_find(national, &limit, INT64_MAX, &due));
    assert_false(calendar_due_find(national, &limit, INT64_MIN, &due));
    for (int unit = CALENDAR_WORK_DAY; unit <= CALENDAR_WORK_HOUR; unit++) {
        limit = (struct calendar_limit){(enum calendar_unit)unit, INT64_MAX, false};
        assert_false(calendar_due_find(national, &limit, at("2026-03-02 08:00"), &due));
        limit.quantity_milli = 60000000000;
        assert_false(calendar_due_find(national, &limit, at("2026-03-02 08:00"), &due));
        limit.quantity_milli = -1;
        assert_false(calendar_due_find(national, &limit, at("2026-03-02 08:00"), &due));
    }
    assert_int_equal(calendar_worked_min(national, INT64_MIN, at("1990-01-01 07:01")), 1);
    assert_int_equal(calendar_worked_min(national, at("2100-12-31 16:59"), INT64_MAX), 1);
    assert_true(calendar_paper_due(national, INT64_MAX) == CALENDAR_OUTSIDE);
}

static void a_due_explains_itself(void **state)
{
    struct calendar_skip skips[16];
    struct calendar_explanation explanation = {.skips = skips, .skip_max = array_length(skips)};
    struct calendar_limit const days = {CALENDAR_WORK_DAY, 3000, false},
                                calendar_days = {CALENDAR_CAL_DAY, 30000, false};
    struct calendar_due due;

    (void)state;
    assert_true(calendar_due_find(national, &days, at("2026-04-24 09:00"), &due)); /* D24 */
    calendar_due_explain(national, &days, &due, &explanation);
    assert_int_equal(explanation.skip_count, 7);
    assert_int_equal(skips[0].kind, CALENDAR_DAY_WEEKEND);
    assert_true(text_equal(skips[0].name, TEXT("Thứ Bảy")));
    assert_int_equal(skips[1].day, on("2026-04-26"));
    assert_int_equal(skips[1].kind, CALENDAR_DAY_HOLIDAY);
    assert_int_equal(skips[2].kind, CALENDAR_DAY_COMP_OFF);
    assert_true(text_equal(skips[2].name, TEXT("Nghỉ bù Giỗ Tổ")));
    assert_null(explanation.move);
    assert_non_null(strstr(explanation.count_source, "BLDS Điều 147"));
    assert_null(explanation.warning);

    /* Calendar days skip only behind the last day (C03). */
    assert_true(calendar_due_find(national, &calendar_days, at("2026-03-27 16:00"), &due));
    calendar_due_explain(national, &calendar_days, &due, &explanation);
    assert_int_equal(explanation.skip_total, 2);
    assert_int_equal(skips[0].day, on("2026-04-26"));

    /* Moved starts say why; a small array still knows how many there were; an undecided year is told. */
    assert_true(calendar_due_find(national, &days, at("2026-12-30 18:00"), &due));
    assert_int_equal(due.move, CALENDAR_MOVE_AFTER_CLOSING);
    explanation.skip_max = 1;
    calendar_due_explain(national, &days, &due, &explanation);
    assert_non_null(explanation.move);
    assert_int_equal(explanation.skip_count, 1);
    assert_int_equal(explanation.skip_total, 3);
    assert_non_null(explanation.warning);
}

static void days_say_what_they_are(void **state)
{
    struct calendar_day const makeup = calendar_day_of(national, on("2026-08-22"));
    struct calendar_day const culture = calendar_day_of(national, on("2026-11-24"));

    (void)state;
    assert_string_equal(calendar_day_kind_name(makeup.kind), "MAKEUP_WORK");
    assert_int_equal(makeup.worked_min, 480);
    assert_true(text_equal(culture.name, TEXT("Ngày Văn hóa Việt Nam")));
    assert_true(text_equal(culture.source, TEXT("Nghị quyết 28/2026/QH16")));
    assert_true(text_equal(calendar_day_of(national, on("2026-02-17")).source,
                           TEXT("TB 9441/TB-BNV ngày 16/10/2025")));
    assert_int_equal(calendar_day_of(national, on("2026-11-23")).worked_min, 480);
    assert_int_equal(calendar_day_of(national, INT32_MAX).session_count, 0);
    assert_int_equal(calendar_worked_day(national, on("2026-03-07"), 0), on("2026-03-09"));
    assert_int_equal(calendar_worked_day(national, on("2026-03-07"), 1), on("2026-03-09"));
    assert_int_equal(calendar_worked_day(national, on("2026-03-06"), 0), on("2026-03-06"));
    assert_int_equal(calendar_worked_day(national, on("2026-03-06"), 1), on("2026-03-09"));
    assert_int_equal(calendar_worked_day(national, on("2100-12-31"), 1), -1);
}

/* A chain with hours, a parallel pair of unequal length and a leg without limit. */
static void a_chain_waits_for_the_last(void **state)
{
    struct calendar_leg legs[] = {
        {.limit = {CALENDAR_WORK_HOUR, 2000, false}},
        {.limit = {CALENDAR_WORK_DAY, 3000, false}, .after = 1},
        {.limit = {CALENDAR_CAL_DAY, 10000, false}, .after = 1},
        {.limit = {CALENDAR_NO_LIMIT, 0, false}, .after = 6},
        {.limit = {CALENDAR_WORK_DAY, 1000, false}, .after = 8},
    };
    struct calendar_step steps[] = {{.quota_min = 60},
                                    {.quota_min = 240, .parallel_group = 1},
                                    {.quota_min = 480, .parallel_group = 1},
                                    {.quota_min = 60}};
    int64_t ends_s;

    (void)state;
    assert_true(calendar_chain_plan(national, at("2026-03-02 16:00"), legs, array_length(legs), &ends_s));
    expect_at("hours", legs[0].ends_s, "2026-03-03 08:00");
    expect_at("short", legs[1].ends_s, "2026-03-06 17:00");
    expect_at("long", legs[2].ends_s, "2026-03-13 17:00");
    expect_at("none", legs[3].ends_s, "2026-03-13 17:00");
    expect_at("end", ends_s, "2026-03-16 17:00");
    /* A leg that begins at closing time, where the one before ended, is no receipt in the last hour. */
    legs[1].limit.has_last_hour_rule = true;
    legs[4].limit.has_last_hour_rule = true;
    assert_true(calendar_chain_plan(national, at("2026-03-02 16:00"), legs, array_length(legs), &ends_s));
    expect_at("end", ends_s, "2026-03-16 17:00");
    assert_int_equal(calendar_steps_min(steps, array_length(steps)), 600);
    assert_true(calendar_steps_split(national, at("2026-03-02 07:00"), steps, array_length(steps)));
    expect_at("short branch", steps[1].ends_s, "2026-03-02 14:00");
    expect_at("last", steps[3].ends_s, "2026-03-03 09:00");
}

static int set_up(void **state)
{
    (void)state;
    arena = arena_create(16 * CALENDAR_BYTES_MAX);
    national = national_calendar(arena);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_destroy(arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(years_have_their_worked_days),
        cmocka_unit_test(dossiers_are_judged_by_date_hours_by_minute),
        cmocka_unit_test(lateness_is_in_worked_minutes),
        cmocka_unit_test(seconds_are_cut),
        cmocka_unit_test(months_end_on_their_day),
        cmocka_unit_test(irregular_days_keep_their_clock),
        cmocka_unit_test(irregular_limits_run_on),
        cmocka_unit_test(beyond_the_years_there_is_no_due),
        cmocka_unit_test(a_due_explains_itself),
        cmocka_unit_test(days_say_what_they_are),
        cmocka_unit_test(a_chain_waits_for_the_last),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
