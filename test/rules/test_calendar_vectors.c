/*
 * The published cases (test/vectors/deadline_vectors.csv): each line comes out to the minute, by the rule it
 * names.
 */
#include "test_calendar.h"

#include <stdlib.h>

#include "calendar/chain.h"
#include "calendar/pause.h"

enum { COLUMNS = 8, CELL_BYTES = 256, PARTS_MAX = 8 };

struct vector {
    const char *id, *rule, *unit, *quantity, *received, *clock, *eod, *note;
};

struct rule {
    const char *name;
    int count; /* lines of the file that have it */
    void (*check)(const struct vector *vector);
};

static struct arena *arena;
static const struct calendar *calendar;

/* "2.5" in thousandths. */
static int64_t milli(const char *number)
{
    double const value = strtod(number, NULL);

    return (int64_t)(value * 1000 + 0.5);
}

static enum calendar_unit unit_of(const char *name)
{
    static const struct {
        const char *name;
        enum calendar_unit unit;
    } units[] = {{"WORK_DAY", CALENDAR_WORK_DAY},
                 {"CAL_DAY", CALENDAR_CAL_DAY},
                 {"WORK_HOUR", CALENDAR_WORK_HOUR},
                 {"SAME_DAY", CALENDAR_SAME_DAY_15}};

    for (size_t i = 0; i < array_length(units); i++)
        if (strcmp(units[i].name, name) == 0)
            return units[i].unit;
    fail_msg("no such unit: %s", name);
    return CALENDAR_NO_LIMIT;
}

static struct calendar_limit limit_of(const struct vector *vector)
{
    return (struct calendar_limit){.unit = unit_of(vector->unit), .quantity_milli = milli(vector->quantity)};
}

static struct calendar_due find(const struct vector *vector, struct calendar_limit limit)
{
    struct calendar_due due;

    if (!calendar_due_find(calendar, &limit, at(vector->received), &due))
        fail_msg("%s: no due", vector->id);
    return due;
}

static void check_due(const struct vector *vector)
{
    struct calendar_due const due = find(vector, limit_of(vector));

    expect_at(vector->id, due.due_clock_s, vector->clock);
    expect_at(vector->id, due.due_eod_s, vector->eod);
}

static void check_paper(const struct vector *vector)
{
    expect_at(vector->id, calendar_paper_due(calendar, at(vector->received)), vector->clock);
}

/* The part of the note before " | ": "stop>resume ; stop>resume". */
static size_t pauses_of(const struct vector *vector, bool is_restart, struct calendar_pause pauses[PARTS_MAX])
{
    char stop[17], resume[17];
    const char *here = vector->note;
    size_t count = 0;

    for (;;) {
        assert_int_equal(sscanf(here, "%16[0-9: -]>%16[0-9: -]", stop, resume), 2);
        pauses[count++] = (struct calendar_pause){at(stop), at(resume), is_restart};
        here += strlen(stop) + 1 + strlen(resume);
        if (strncmp(here, " ; ", 3) != 0)
            return count;
        here += 3;
    }
}

static void check_paused(const struct vector *vector, bool is_restart)
{
    struct calendar_pause pauses[PARTS_MAX];
    size_t const count = pauses_of(vector, is_restart, pauses);
    struct calendar_limit const limit = limit_of(vector);
    struct calendar_clock clock;

    assert_true(calendar_clock_find(calendar, &limit, at(vector->received), pauses, count, &clock));
    expect_at(vector->id, clock.due.due_clock_s, vector->clock);
    expect_at(vector->id, clock.due.due_eod_s, vector->eod);
}

static void check_pause(const struct vector *vector)
{
    check_paused(vector, false);
}

static void check_restart(const struct vector *vector)
{
    check_paused(vector, true);
}

static void check_supplement(const struct vector *vector)
{
    expect_at(vector->id,
              calendar_supplement_expiry(calendar, at(vector->received), milli(vector->quantity) / 1000),
              vector->eod);
}

static void check_chain(const struct vector *vector)
{
    struct calendar_leg legs[PARTS_MAX] = {0};
    size_t count = 0;
    int64_t ends_s;
    char expected[CELL_BYTES], found[CELL_BYTES] = "", buffer[INSTANT_TEXT_BYTES];

    for (const char *here = vector->quantity; here != NULL; here = strchr(here, '+')) {
        here += *here == '+';
        legs[count].limit = (struct calendar_limit){CALENDAR_WORK_DAY, milli(here), false};
        legs[count].after = count == 0 ? 0 : calendar_leg_after(count - 1);
        count++;
    }
    assert_true(calendar_chain_plan(calendar, at(vector->received), legs, count, &ends_s));
    for (size_t i = 0; i < count; i++)
        snprintf(found + strlen(found), sizeof found - strlen(found), "%s%s", i > 0 ? " ; " : "",
                 local(legs[i].ends_s, buffer));
    snprintf(expected, sizeof expected, "%s", vector->eod);
    assert_string_equal(found, expected);
    assert_true(ends_s == legs[count - 1].ends_s);
}

static void check_last_hour(const struct vector *vector)
{
    struct calendar_limit limit = limit_of(vector);
    struct calendar_due due;

    limit.has_last_hour_rule = true;
    due = find(vector, limit);
    expect_at(vector->id, due.due_eod_s, vector->eod);
    expect_at(vector->id, due.starts_s, vector->note + strlen("effective start "));
}

/* The leg's own due counts from the real hand-over; the plan of the chain of L01 stays as it was. */
static void check_actual(const struct vector *vector)
{
    expect_at(vector->id, find(vector, limit_of(vector)).due_eod_s, vector->eod);
    assert_string_equal(strstr(vector->note, "stays ") + strlen("stays "), "2026-03-24 17:00");
}

static void check_join(const struct vector *vector)
{
    struct calendar_leg legs[] = {{.limit = {CALENDAR_WORK_DAY, 3000, false}},
                                  {.limit = {CALENDAR_WORK_DAY, 5000, false}},
                                  {.limit = {CALENDAR_WORK_DAY, 2000, false}, .after = 3}};
    int64_t ends_s;

    assert_string_equal(vector->quantity, "max(3,5)+2");
    assert_true(calendar_chain_plan(calendar, at(vector->received), legs, array_length(legs), &ends_s));
    expect_at("branch A", legs[0].ends_s, "2026-03-05 17:00");
    expect_at("branch B", legs[1].ends_s, "2026-03-09 17:00");
    expect_at(vector->id, ends_s, vector->eod);
}

static void check_step(const struct vector *vector)
{
    struct calendar_step step = {.quota_min = milli(vector->quantity) * 60 / 1000};

    assert_true(calendar_steps_split(calendar, at(vector->received), &step, 1));
    expect_at(vector->id, step.starts_s, vector->received);
    expect_at(vector->id, step.ends_s, vector->clock);
}

static const struct rule rules[] = {
    {"due", 49, check_due},
    {"same_day_15h", 9, check_due},
    {"calendar_days", 6, check_due},
    {"paper_handover_15h", 5, check_paper},
    {"pause_pause", 7, check_pause},
    {"pause_restart", 1, check_restart},
    {"supplement_expiry", 3, check_supplement},
    {"chain_plan", 5, check_chain},
    {"last_hour_next_day", 4, check_last_hour},
    {"chain_actual_stage2_due", 3, check_actual},
    {"parallel_join", 1, check_join},
    {"step_split", 6, check_step},
};

/* One line of CSV into cells, quotes undone. Returns what stands behind it. */
static const char *read_line(const char *here, char cells[COLUMNS][CELL_BYTES])
{
    for (size_t column = 0; column < COLUMNS; column++) {
        bool const is_quoted = *here == '"';
        size_t length = 0;

        here += is_quoted;
        for (; *here != '\0' && (is_quoted ? *here != '"' || here[1] == '"' : *here != ',' && *here != '\n');
             here++) {
            here += is_quoted && *here == '"';
            assert_true(length + 1 < CELL_BYTES);
            cells[column][length++] = *here;
        }
        cells[column][length] = '\0';
        here += is_quoted;
        assert_int_equal(*here, column + 1 < COLUMNS ? ',' : '\n');
        here++;
    }
    return here;
}

/* Every line is checked, and as many of each rule as there were when the file was written. */
static void all_vectors_hold(void **state)
{
    struct text const csv = read_whole(arena, SOURCE_DIR "/test/vectors/deadline_vectors.csv");
    static char cells[COLUMNS][CELL_BYTES];
    int counts[array_length(rules)] = {0};
    const char *here = read_line(csv.data, cells);

    (void)state;
    assert_string_equal(cells[0], "id");
    while (*here != '\0') {
        const char *const next = read_line(here, cells);
        struct vector const vector = {.id = cells[0],
                                      .rule = cells[1],
                                      .unit = cells[2],
                                      .quantity = cells[3],
                                      .received = cells[4],
                                      .clock = cells[5],
                                      .eod = cells[6],
                                      .note = cells[7]};
        size_t i = 0;

        while (i < array_length(rules) && strcmp(rules[i].name, vector.rule) != 0)
            i++;
        if (i == array_length(rules))
            fail_msg("%s: no such rule: %s", vector.id, vector.rule);
        rules[i].check(&vector);
        counts[i]++;
        here = next;
    }
    for (size_t i = 0; i < array_length(rules); i++)
        assert_int_equal(counts[i], rules[i].count);
}

/* U01, U03 … say more than a due: what was worked before the stop and what was left. */
static void pauses_keep_what_was_left(void **state)
{
    static const struct {
        const char *id, *received, *stop, *resume, *original;
        int64_t days, used_min, remaining_min;
    } rows[] = {
        {"U01", "2026-03-02 09:30", "2026-03-04 10:00", "2026-03-10 14:00", "2026-03-09 09:30", 5, 990, 1410},
        {"U03", "2026-03-02 09:30", "2026-03-04 10:00", "2026-03-10 17:45", "2026-03-09 09:30", 5, 990, 1410},
        {"U04", "2026-02-11 08:00", "2026-02-12 09:00", "2026-02-24 10:00", "2026-02-23 08:00", 3, 540, 900},
        {"U06", "2026-03-02 09:30", "2026-03-02 12:00", "2026-03-03 12:00", "2026-03-09 09:30", 5, 120, 2280},
        {"U07", "2026-03-02 09:30", "2026-03-06 18:00", "2026-03-07 08:00", "2026-03-09 09:30", 5, 2250, 150},
        {"U08", "2026-03-02 07:00", "2026-03-03 16:00", "2026-03-04 07:00", "2026-03-04 07:00", 2, 900, 60},
    };

    (void)state;
    for (size_t i = 0; i < array_length(rows); i++) {
        struct calendar_limit const limit = {CALENDAR_WORK_DAY, rows[i].days * 1000, false};
        struct calendar_pause const pause = {at(rows[i].stop), at(rows[i].resume), false};
        struct calendar_clock clock;

        assert_true(calendar_clock_find(calendar, &limit, at(rows[i].received), &pause, 1, &clock));
        expect_at(rows[i].id, clock.original_due_clock_s, rows[i].original);
        assert_int_equal(clock.used_min, rows[i].used_min);
        assert_int_equal(clock.remaining_min, rows[i].remaining_min);
    }
}

/* The whole split at once is the same as step by step, and its sum is the CLOCK due. */
static void steps_sum_to_the_limit(void **state)
{
    struct calendar_step steps[] = {{.quota_min = 240}, {.quota_min = 240}, {.quota_min = 88 * 60},
                                    {.quota_min = 480}, {.quota_min = 480}, {.quota_min = 480}};
    static const char *const ends[] = {"2026-03-02 15:30", "2026-03-03 09:30", "2026-03-18 09:30",
                                       "2026-03-19 09:30", "2026-03-20 09:30", "2026-03-23 09:30"};

    (void)state;
    assert_int_equal(calendar_steps_min(steps, array_length(steps)), 15 * 480);
    assert_true(calendar_steps_split(calendar, at("2026-03-02 09:30"), steps, array_length(steps)));
    for (size_t i = 0; i < array_length(steps); i++)
        expect_at("step", steps[i].ends_s, ends[i]);
}

static int set_up(void **state)
{
    (void)state;
    arena = arena_create(16 * CALENDAR_BYTES_MAX);
    calendar = national_calendar(arena);
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
        cmocka_unit_test(all_vectors_hold),
        cmocka_unit_test(pauses_keep_what_was_left),
        cmocka_unit_test(steps_sum_to_the_limit),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
