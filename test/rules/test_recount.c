/* What a change of the calendar does to dossiers: the storm, the late decree, the make-up Saturday withdrawn.
 */
#include "test_calendar.h"

#include "catalogue/build_rules.h"
#include "catalogue/calendar_change_rules.h"
#include "core/json.h"
#include "dossier/clock_rules.h"
#include "dossier/recount_rules.h"

static struct arena *arena;
static const struct catalogue *catalogue;

/* Two communes on the country's calendar, one of them with departments, one on a calendar of its own. */
static const char *const agencies =
    "{\"levels\": [{\"code\": \"PROVINCE\", \"name\": \"Tỉnh\"}, {\"code\": \"COMMUNE\", \"name\": \"Xã\"}],"
    " \"kinds\": [{\"code\": \"PEOPLE_COMMITTEE\", \"name\": \"UBND\"}, {\"code\": \"DEPARTMENT\", \"name\": "
    "\"Phòng\"}],"
    " \"agencies\": ["
    "{\"code\": \"H17\", \"name\": \"Tỉnh\", \"level\": \"PROVINCE\", \"kind\": \"PEOPLE_COMMITTEE\", "
    "\"calendar\": \"VN\"},"
    "{\"code\": \"H17.105\", \"name\": \"Xã A\", \"level\": \"COMMUNE\", \"kind\": \"PEOPLE_COMMITTEE\", "
    "\"parent\": \"H17\"},"
    "{\"code\": \"H17.105.02\", \"name\": \"Phòng\", \"level\": \"COMMUNE\", \"kind\": \"DEPARTMENT\", "
    "\"parent\": \"H17.105\"},"
    "{\"code\": \"H17.106\", \"name\": \"Xã B\", \"level\": \"COMMUNE\", \"kind\": \"PEOPLE_COMMITTEE\", "
    "\"parent\": \"H17\"},"
    "{\"code\": \"H17.107\", \"name\": \"Xã C\", \"level\": \"COMMUNE\", \"kind\": \"PEOPLE_COMMITTEE\", "
    "\"parent\": \"H17\","
    " \"calendar\": \"ISLAND\"}],"
    " \"calendars\": [{\"code\": \"ISLAND\", \"name\": \"Đảo\", \"parent\": \"VN\"}]}";

static const cJSON *json_of(const char *text)
{
    struct json_result const parsed = json_parse(arena, text_of(text), &json_limits_file);

    assert_int_equal(parsed.fault, JSON_OK);
    return parsed.root;
}

static int open_all(void **state)
{
    struct catalogue_faults faults = {0};
    struct catalogue_source sources[2] = {{"agencies", text_of(agencies)}, {.name = "vn.json"}};

    (void)state;
    arena = arena_create(256 << 20);
    faults.arena = arena;
    sources[1].text = read_whole(arena, SOURCE_DIR "/config/calendars/vn.json");
    catalogue = catalogue_build(sources, array_length(sources), &faults);
    if (faults.count > 0)
        fail_msg("%s %s", faults.first->pointer, faults.first->message);
    assert_non_null(catalogue);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    arena_destroy(arena);
    return 0;
}

static struct calendar_change change_of(const char *calendar, const char *agency, const char *days)
{
    return (struct calendar_change){.calendar = text_of(calendar),
                                    .agency = text_of(agency),
                                    .days = json_of(days),
                                    .source = TEXT("QĐ 1/QĐ-UBND")};
}

static const struct calendar *calendar_for(const struct calendar_change *changes, size_t count,
                                           const char *agency)
{
    struct calendar_faults faults;
    const struct calendar_book *book = calendars_build(arena, catalogue, changes, count, &faults);

    calendar_faults_print(&faults, stderr);
    assert_non_null(book);
    return calendars_of(book, catalogue_agency(catalogue, text_of(agency)));
}

/* A dossier accepted then, its desk step under way. */
static struct dossier accepted(const struct calendar *calendar, const char *received, enum limit_unit unit,
                               int64_t milli)
{
    struct dossier dossier = {.state = STATE_ACCEPTED,
                              .step_phase = PHASE_DESK,
                              .plan = {.limit_unit = unit,
                                       .limit_milli = milli,
                                       .supplement_limit_work_days = 15,
                                       .quota_min = {[PHASE_DESK] = 480, [PHASE_PROCESS] = 1440}}};
    struct dossier_acceptance const start = dossier_accept(&dossier.plan, calendar, at(received));

    dossier.accepted_at_s = dossier.clock_start_s = dossier.step_started_s = start.accepted_at_s;
    dossier.due_clock_s = start.due_clock_s;
    dossier.due_eod_s = start.due_eod_s;
    dossier.step_due_s = start.step_due_s;
    return dossier;
}

static const char storm[] = "[{\"date\":\"2026-03-05\",\"kind\":\"CLOSED\",\"name\":\"Bão số 3\"},"
                            "{\"date\":\"2026-03-06\",\"kind\":\"CLOSED\",\"name\":\"Bão số 3\"}]";
static const char decree[] = "[{\"date\":\"2026-11-24\",\"kind\":\"PLAIN\"},"
                             "{\"date\":\"2026-11-23\",\"kind\":\"HOLIDAY\",\"name\":\"Ngày lễ mới\"}]";
static const char withdrawn[] = "[{\"date\":\"2026-08-22\",\"kind\":\"PLAIN\"},"
                                "{\"date\":\"2026-08-31\",\"kind\":\"PLAIN\"}]";

static const struct {
    const char *what, *calendar, *agency, *days, *reaches;
    enum limit_unit unit;
    int64_t milli;
    const char *received, *due_clock, *due_eod, *step_due; /* "" for due_clock: it stays */
} moves[] = {
    {"a storm in commune A: two days later", "", "H17.105", storm, "H17.105", LIMIT_WORK_DAY, 5000,
     "2026-03-02 09:30", "2026-03-11 09:30", "2026-03-11 17:00", "2026-03-03 09:30"},
    {"its departments are shut too", "", "H17.105", storm, "H17.105.02", LIMIT_WORK_DAY, 5000,
     "2026-03-02 09:30", "2026-03-11 09:30", "2026-03-11 17:00", "2026-03-03 09:30"},
    {"commune B works on", "", "H17.105", storm, "H17.106", LIMIT_WORK_DAY, 5000, "2026-03-02 09:30", "", "",
     ""},
    {"due before the storm: stays", "", "H17.105", storm, "H17.105", LIMIT_WORK_DAY, 2000, "2026-03-02 09:30",
     "", "", ""},
    {"accepted after the storm: stays", "", "H17.105", storm, "H17.105", LIMIT_WORK_DAY, 5000,
     "2026-03-09 09:30", "", "", ""},
    {"the step that the storm met moves by its minutes", "", "H17.105", storm, "H17.105", LIMIT_WORK_DAY,
     5000, "2026-03-04 10:00", "2026-03-13 10:00", "2026-03-13 17:00", "2026-03-09 10:00"},
    {"hours: due on the first evening, now after the week-end", "", "H17.105", storm, "H17.105",
     LIMIT_WORK_HOUR, 8000, "2026-03-04 15:00", "2026-03-09 15:00", "", "2026-03-09 15:00"},
    {"calendar days: the last day is off now, so it rolls", "", "H17.105", storm, "H17.105", LIMIT_CAL_DAY,
     4000, "2026-03-02 09:30", "2026-03-09 17:00", "2026-03-09 17:00", "2026-03-03 09:30"},
    {"calendar days: a day off inside counts as before", "", "H17.105", storm, "H17.105", LIMIT_CAL_DAY,
     14000, "2026-03-02 09:30", "", "", ""},
    {"no limit: only the step", "", "H17.105", storm, "H17.105", LIMIT_NONE, 0, "2026-03-04 10:00", "-", "-",
     "2026-03-09 10:00"},
    {"the holiday is a day earlier: nothing is lost, the clock time stays", "VN", "", decree, "H17.106",
     LIMIT_WORK_DAY, 5000, "2026-11-19 10:00", "", "", ""},
    {"but who was due on the new holiday gets the old one", "VN", "", decree, "H17.106", LIMIT_WORK_DAY, 2000,
     "2026-11-19 10:00", "2026-11-24 10:00", "2026-11-24 17:00", ""},
    {"the island hears the country's decree", "VN", "", decree, "H17.107", LIMIT_WORK_DAY, 2000,
     "2026-11-19 10:00", "2026-11-24 10:00", "2026-11-24 17:00", ""},
    {"a make-up Saturday withdrawn, its day off with it: later before, earlier behind", "VN", "", withdrawn,
     "H17.105", LIMIT_WORK_DAY, 1000, "2026-08-21 10:00", "2026-08-24 10:00", "2026-08-24 17:00",
     "2026-08-24 10:00"},
    {"the same, over both days: as it was", "VN", "", withdrawn, "H17.105", LIMIT_WORK_DAY, 10000,
     "2026-08-20 10:00", "", "", ""},
    {"the same, over the day off alone: a day earlier", "VN", "", withdrawn, "H17.105", LIMIT_WORK_DAY, 2000,
     "2026-08-28 10:00", "2026-09-03 10:00", "2026-09-03 17:00", "2026-08-31 10:00"},
};

static void each_moves_as_the_law_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < array_length(moves); i++) {
        struct calendar_change const change = change_of(moves[i].calendar, moves[i].agency, moves[i].days);
        int32_t days[CALENDAR_CHANGE_DAYS_MAX];
        struct recount_change recount = {.before = calendar_for(NULL, 0, moves[i].reaches),
                                         .after = calendar_for(&change, 1, moves[i].reaches),
                                         .days = days,
                                         .day_count = calendar_change_days(&change, days)};
        struct dossier const dossier =
            accepted(recount.before, moves[i].received, moves[i].unit, moves[i].milli);
        struct dossier moved;
        struct recount_dues dues, back, from;
        bool const does = dossier_recount(&dossier, &recount, &dues);
        char due[INSTANT_TEXT_BYTES];

        if (moves[i].due_clock[0] == '\0') {
            if (does)
                fail_msg("%s: moves to %s", moves[i].what, local(dues.due_clock_s, due));
            continue;
        }
        if (!does && dossier.due_clock_s != at(moves[i].due_clock))
            fail_msg("%s: stays at %s", moves[i].what, local(dossier.due_clock_s, due));
        if (moves[i].due_clock[0] != '-') {
            expect_at(moves[i].what, dues.due_clock_s, moves[i].due_clock);
            expect_at(moves[i].what, dues.due_eod_s, moves[i].due_eod);
        }
        if (moves[i].step_due[0] != '\0')
            expect_at(moves[i].what, dues.step_due_s, moves[i].step_due);
        if (!does)
            continue;
        /* and back */
        from = dossier_dues(&dossier);
        moved = dossier_with_dues(&dossier, &dues);
        recount = (struct recount_change){recount.after, recount.before, days, recount.day_count, 0};
        assert_true(dossier_recount_back(&moved, &recount, &from, &dues, &back));
        assert_memory_equal(&back, &from, sizeof back);
    }
}

static void reach(void **state)
{
    struct calendar_change const one = change_of("", "H17.105", storm), all = change_of("VN", "", decree);
    struct calendar_change const province = change_of("", "H17", storm);

    (void)state;
    static const struct {
        const char *agency;
        bool one, all, province;
    } rows[] = {
        {"H17", false, true, true},     {"H17.105", true, true, true},   {"H17.105.02", true, true, true},
        {"H17.106", false, true, true}, {"H17.107", false, true, false}, /* a calendar of its own: the
                                                                            country's reaches it, the
                                                                            province's not */
    };
    for (size_t i = 0; i < array_length(rows); i++) {
        const struct agency *agency = catalogue_agency(catalogue, text_of(rows[i].agency));

        assert_int_equal(calendar_change_reaches(catalogue, &one, agency), rows[i].one);
        assert_int_equal(calendar_change_reaches(catalogue, &all, agency), rows[i].all);
        assert_int_equal(calendar_change_reaches(catalogue, &province, agency), rows[i].province);
    }
}

/* Stopped, finished, apologised: what the storm must not touch, and what it must. */
static void ledgers(void **state)
{
    struct calendar_change const change = change_of("", "H17.105", storm);
    int32_t days[CALENDAR_CHANGE_DAYS_MAX];
    struct recount_change const recount = {.before = calendar_for(NULL, 0, "H17.105"),
                                           .after = calendar_for(&change, 1, "H17.105"),
                                           .days = days,
                                           .day_count = calendar_change_days(&change, days)};
    struct dossier dossier = accepted(recount.before, "2026-03-02 09:30", LIMIT_WORK_DAY, 5000);
    struct recount_dues dues;

    (void)state;
    dossier.reappointed_due_at_s = at("2026-03-12 10:00");
    dossier.finished_at_s = at("2026-03-04 09:00");
    dossier.state = STATE_RESULT_READY;
    assert_false(dossier_recount(&dossier, &recount, &dues));
    dossier.finished_at_s = 0;
    dossier.state = STATE_SUPPLEMENT_WAIT;
    dossier.pauses[0] = (struct dossier_pause){.stop_s = at("2026-03-04 10:00")};
    dossier.pause_count = 1;
    dossier.step_remaining_min = 300;
    dossier.supplement_due_s = at("2026-03-25 17:00"); /* X01 */
    assert_true(dossier_recount(&dossier, &recount, &dues));
    expect_at("stopped: the promise of the run up to the stop", dues.due_clock_s, "2026-03-11 09:30");
    expect_at("stopped: the citizen has two days more", dues.supplement_due_s, "2026-03-27 17:00");
    expect_at("stopped: the step keeps its minutes", dues.step_due_s, "2026-03-03 09:30");
    dossier.state = STATE_PROCESSING; /* U01 with the storm inside the stop: 23 h 30 left from 10/03 14:00 */
    dossier.pauses[0].resume_s = at("2026-03-10 14:00");
    dossier.due_clock_s = at("2026-03-13 11:30");
    dossier.due_eod_s = at("2026-03-13 17:00");
    dossier.supplement_due_s = 0;
    dossier.step_due_s = at("2026-03-11 14:00");
    assert_false(dossier_recount(&dossier, &recount, &dues)); /* the citizen had those days anyway */
    dossier.state = STATE_SUBMITTED;
    assert_false(dossier_recount(&dossier, &recount, &dues));
}

static void a_step_set_by_hand_keeps_its_minutes(void **state)
{
    struct calendar_change const change = change_of("", "H17.105", storm);
    int32_t days[CALENDAR_CHANGE_DAYS_MAX];
    struct recount_change const recount = {.before = calendar_for(NULL, 0, "H17.105"),
                                           .after = calendar_for(&change, 1, "H17.105"),
                                           .days = days,
                                           .day_count = calendar_change_days(&change, days),
                                           .state_since_s = at("2026-03-04 09:00")};
    struct dossier dossier = accepted(recount.before, "2026-03-02 09:30", LIMIT_WORK_DAY, 5000), moved;
    struct recount_change const back = {recount.after, recount.before, days, recount.day_count, 0};
    struct recount_dues dues, from, again;

    (void)state;
    dossier.state = STATE_PROCESSING;
    dossier.step_phase = PHASE_PROCESS;
    dossier.step_started_s = at("2026-03-04 08:00");
    dossier.step_due_s = at("2026-03-06 12:15"); /* in the lunch: no quota gives that */
    dossier.consult_due_s = at("2026-03-05 17:00");
    assert_true(dossier_recount(&dossier, &recount, &dues));
    expect_at("who is asked has his minutes too", dues.consult_due_s, "2026-03-09 17:00");
    expect_at("Friday noon becomes Tuesday's", dues.step_due_s, "2026-03-10 11:30");
    from = dossier_dues(&dossier);
    moved = dossier_with_dues(&dossier, &dues);
    assert_true(dossier_recount_back(&moved, &back, &from, &dues, &again));
    expect_at("and back to the very minute", again.step_due_s, "2026-03-06 12:15");
    moved.step_started_s = at("2026-03-04 09:00"); /* another step since, with a deadline of its own */
    moved.step_due_s = at("2026-03-10 15:00");
    assert_true(dossier_recount_back(&moved, &back, &from, &dues, &again));
    expect_at("a new step is counted", again.step_due_s, "2026-03-06 15:00");
    expect_at("the promise goes back", again.due_clock_s, "2026-03-09 09:30");
}

/* Any ledger: by the old calendar it gives its own promise; a storm never shortens; and back is back. */
static void any_ledger_goes_there_and_back(void **state)
{
    static const enum limit_unit units[] = {LIMIT_WORK_DAY, LIMIT_CAL_DAY, LIMIT_MONTH, LIMIT_WORK_HOUR,
                                            LIMIT_SAME_DAY_15};
    struct calendar_change const change = change_of("", "H17.105", storm);
    int32_t days[CALENDAR_CHANGE_DAYS_MAX];
    struct recount_change const recount = {.before = calendar_for(NULL, 0, "H17.105"),
                                           .after = calendar_for(&change, 1, "H17.105"),
                                           .days = days,
                                           .day_count = calendar_change_days(&change, days)};
    struct recount_change const back = {recount.after, recount.before, days, recount.day_count, 0};
    uint64_t random = 11;
    size_t moved_count = 0;

    (void)state;
    for (int i = 0; i < 100000; i++) {
        struct dossier dossier;
        struct recount_dues from, dues, again;
        char received[INSTANT_TEXT_BYTES];

        random = random * 6364136223846793005U + 1442695040888963407U;
        dossier =
            accepted(recount.before,
                     local(at("2026-02-09 00:00") + (int64_t)(random >> 33) % (40 * 24 * 60) * 60, received),
                     units[(random >> 20) % array_length(units)], (int64_t)(1 + (random >> 24) % 40) * 500);
        if ((random >> 15 & 3) == 0) { /* a stop, over or not */
            int64_t const stop_s = dossier.accepted_at_s + (int64_t)(random >> 40) % 3000 * 60;

            dossier.pauses[dossier.pause_count++].stop_s = stop_s;
            if ((random & 1) == 0 || !clock_resume(&dossier, recount.before, stop_s + 86400 * 3, false,
                                                   &dossier.due_clock_s, &dossier.due_eod_s))
                dossier.state = STATE_FINANCIAL_WAIT;
            else
                dossier.pauses[0].resume_s = stop_s + 86400 * 3;
        }
        from = dossier_dues(&dossier);
        if (!dossier_recount(&dossier, &recount, &dues)) {
            assert_memory_equal(&dues, &from, sizeof dues);
            continue;
        }
        moved_count++;
        /* in calendar days, a stop begun while the offices were shut has cost the citizen less */
        if (dossier.pause_count == 0 || dossier.plan.limit_unit == LIMIT_WORK_DAY ||
            dossier.plan.limit_unit == LIMIT_WORK_HOUR)
            assert_true(dues.due_clock_s >= from.due_clock_s && dues.due_eod_s >= from.due_eod_s &&
                        dues.step_due_s >= from.step_due_s);
        dossier = dossier_with_dues(&dossier, &dues);
        assert_false(dossier_recount(
            &dossier, &(struct recount_change){recount.after, recount.after, days, 2, 0}, &again));
        assert_true(dossier_recount_back(&dossier, &back, &from, &dues, &again));
        assert_memory_equal(&again, &from, sizeof again);
        assert_true(dossier_recount(&dossier, &back, &again)); /* counted, without the record of the first */
        assert_int_equal(again.due_clock_s, from.due_clock_s);
        assert_int_equal(again.due_eod_s, from.due_eod_s);
    }
    assert_true(moved_count > 10000);
}

static void refused(const char *calendar, const char *agency, const char *days, const char *expected)
{
    struct calendar_change const change = change_of(calendar, agency, days);
    struct calendar_faults faults;
    char found[200];

    assert_null(calendars_build(arena, catalogue, &change, 1, &faults));
    snprintf(found, sizeof found, "%s%s %s", faults.first->file, faults.first->pointer, faults.first->rule);
    if (strcmp(found, expected) != 0)
        fail_msg("%s: %s, expected %s", days, found, expected);
}

static void what_no_calendar_can_be(void **state)
{
    (void)state;
    refused("VN", "",
            "[{\"date\":\"2026-04-30\",\"kind\":\"PLAIN\"},{\"date\":\"2026-05-09\",\"kind\":\"MAKEUP_WORK\","
            "\"name\":\"x\",\"makes_up_for\":\"2026-05-08\"}]",
            "/days/1 makeup-for-nothing");
    refused("", "H17.105", "[{\"date\":\"2026-04-30\",\"kind\":\"MAKEUP_WORK\",\"name\":\"x\"}]",
            "/days/0 makeup-on-holiday");
    refused("", "H17.105", "[{\"date\":\"2026-04-30\",\"kind\":\"CLOSED\",\"name\":\"x\"}]",
            "/days/0 holiday-replaced");
    refused("VN", "",
            "[{\"date\":\"2026-04-29\",\"kind\":\"OWN_HOURS\",\"name\":\"x\","
            "\"sessions\":[[\"08:00\",\"07:00\"]]}]",
            "/days/0/sessions/0 session-ends-before-start");
    refused("VN", "",
            "[{\"date\":\"2026-04-29\",\"kind\":\"HOLIDAY\",\"name\":\"x\"},"
            "{\"date\":\"2026-04-29\",\"kind\":\"CLOSED\",\"name\":\"x\"}]",
            "/days/1 duplicate-day");
    refused("VN", "", "[{\"date\":\"2026-02-30\",\"kind\":\"CLOSED\",\"name\":\"x\"}]",
            "/days/0/date bad-date");
    refused("VN", "", "[{\"date\":\"2026-01-02\",\"kind\":\"PLAIN\"}]", "VN/days/14 makeup-for-nothing");
}

static void the_opposite(void **state)
{
    struct calendar_change const first = change_of("VN", "", withdrawn),
                                 storm_a = change_of("", "H17.105", storm);
    struct calendar_change changes[2] = {first, {0}};
    struct text const opposite = calendar_change_opposite(arena, catalogue, NULL, 0, &first);
    const struct calendar *plain = calendar_for(NULL, 0, "H17.105"), *there, *back;

    (void)state;
    changes[1] = change_of("VN", "", opposite.data);
    there = calendar_for(changes, 1, "H17.105");
    back = calendar_for(changes, 2, "H17.105");
    assert_int_equal(calendar_day_of(plain, on("2026-08-22")).kind, CALENDAR_DAY_MAKEUP_WORK);
    assert_int_equal(calendar_day_of(there, on("2026-08-22")).kind, CALENDAR_DAY_WEEKEND);
    assert_int_equal(calendar_day_of(back, on("2026-08-22")).kind, CALENDAR_DAY_MAKEUP_WORK);
    assert_int_equal(calendar_day_of(back, on("2026-08-31")).kind, CALENDAR_DAY_SWAP_OFF);
    assert_string_equal(
        calendar_change_opposite(arena, catalogue, NULL, 0, &storm_a).data,
        "[{\"date\":\"2026-03-05\",\"kind\":\"PLAIN\"},{\"date\":\"2026-03-06\",\"kind\":\"PLAIN\"}]");
    /* the province after the commune: the commune has both */
    changes[0] = storm_a;
    changes[1] = change_of("", "H17", "[{\"date\":\"2026-03-09\",\"kind\":\"CLOSED\",\"name\":\"Lũ\"}]");
    there = calendar_for(changes, 2, "H17.105.02");
    assert_int_equal(calendar_day_of(there, on("2026-03-05")).kind, CALENDAR_DAY_CLOSED);
    assert_int_equal(calendar_day_of(there, on("2026-03-09")).kind, CALENDAR_DAY_CLOSED);
    assert_int_equal(calendar_day_of(calendar_for(changes, 2, "H17.106"), on("2026-03-05")).kind,
                     CALENDAR_DAY_PLAIN);
    assert_string_equal(calendar_day_of(there, on("2026-03-05")).source.data, "QĐ 1/QĐ-UBND");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_moves_as_the_law_says),
        cmocka_unit_test(reach),
        cmocka_unit_test(ledgers),
        cmocka_unit_test(a_step_set_by_hand_keeps_its_minutes),
        cmocka_unit_test(any_ledger_goes_there_and_back),
        cmocka_unit_test(what_no_calendar_can_be),
        cmocka_unit_test(the_opposite),
    };

    return cmocka_run_group_tests(tests, open_all, close_all);
}
