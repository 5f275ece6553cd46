/*
 * What the loader refuses, and where it says the fault is: one row a rule. And what it must take.
 */
#include "test_calendar.h"

#define WEEKDAYS                                                                                             \
    "{\"weekdays\": [\"MON\", \"TUE\", \"WED\", \"THU\", \"FRI\"], \"sessions\": [[\"07:00\", \"11:30\"]]}"
#define WEEKS                 ONE_WEEK(WEEKDAYS)
#define HEAD                  "{\"code\": \"A\", \"name\": \"Lịch\", \"known_until\": \"2026-12-31\", "
#define HOLIDAY               "{\"date\": \"2026-09-02\", \"kind\": \"HOLIDAY\", \"name\": \"Quốc khánh\"}"
#define DAY(date, kind, more) "{\"date\": \"" date "\", \"kind\": \"" kind "\", \"name\": \"Ngày\"" more "}"
#define ONE_WEEK(days)        "\"weeks\": [{\"days\": [" days "]}]"
#define SESSIONS(list)        HEAD ONE_WEEK("{\"weekdays\": [\"MON\"], \"sessions\": " list "}") "}"
#define PARENT                                                                                               \
    "{\"calendars\": [" HEAD WEEKS ", \"days\": [" HOLIDAY "]}, {\"code\": \"B\", \"name\": \"Lịch\", "

static const struct {
    const char *rule, *pointer, *json;
} refused[] = {
    {"not-json", "", "{\"code\": \"A\","},
    {"not-json", "", "{\"code\": \"A\", \"code\": \"B\"}"},
    {"wrong-type", "", "[]"},
    {"wrong-type", "/calendars", "{\"calendars\": 3}"},
    {"wrong-type", "/calendars/0", "{\"calendars\": [3]}"},
    {"missing-member", "/code", "{\"name\": \"Lịch\", \"known_until\": \"2026-12-31\", " WEEKS "}"},
    {"bad-code", "/code",
     "{\"code\": \"a b\", \"name\": \"Lịch\", \"known_until\": \"2026-12-31\", " WEEKS "}"},
    {"missing-member", "/name", "{\"code\": \"A\", \"known_until\": \"2026-12-31\", " WEEKS "}"},
    {"missing-member", "/known_until", "{\"code\": \"A\", \"name\": \"Lịch\", " WEEKS "}"},
    {"missing-member", "/weeks", HEAD "\"days\": []}"},
    {"unknown-member", "/holidays", HEAD WEEKS ", \"holidays\": []}"},
    {"text-not-nfc", "/name",
     "{\"code\": \"A\", \"name\": \"Li\\u0323ch\", \"known_until\": \"2026-12-31\", " WEEKS "}"},
    {"bad-date", "/known_until",
     "{\"code\": \"A\", \"name\": \"Lịch\", \"known_until\": \"2026-02-30\", " WEEKS "}"},
    {"no-weeks", "/weeks", HEAD "\"weeks\": []}"},
    {"week-without-work", "/weeks/0", HEAD "\"weeks\": [{\"days\": []}]}"},
    {"session-ends-before-start", "/weeks/0/days/0/sessions/0", SESSIONS("[[\"11:30\", \"07:00\"]]")},
    {"session-ends-before-start", "/weeks/0/days/0/sessions/0", SESSIONS("[[\"07:00\", \"07:00\"]]")},
    {"sessions-overlap", "/weeks/0/days/0/sessions/1",
     SESSIONS("[[\"07:00\", \"11:30\"], [\"11:00\", \"17:00\"]]")},
    {"sessions-overlap", "/weeks/0/days/0/sessions/1",
     SESSIONS("[[\"07:00\", \"11:30\"], [\"11:30\", \"17:00\"]]")},
    {"sessions-overlap", "/weeks/0/days/0/sessions/1",
     SESSIONS("[[\"13:00\", \"17:00\"], [\"07:00\", \"11:30\"]]")},
    {"bad-session", "/weeks/0/days/0/sessions/0", SESSIONS("[[\"07:00\"]]")},
    {"bad-clock", "/weeks/0/days/0/sessions/0/1", SESSIONS("[[\"07:00\", \"24:00\"]]")},
    {"bad-clock", "/weeks/0/days/0/sessions/0/0", SESSIONS("[[\"7:00\", \"11:30\"]]")},
    {"no-session", "/weeks/0/days/0/sessions", SESSIONS("[]")},
    {"unknown-word", "/weeks/0/days/0/weekdays/0",
     HEAD "\"weeks\": [{\"days\": [{\"weekdays\": [\"T2\"], \"sessions\": [[\"07:00\", \"11:30\"]]}]}]}"},
    {"weekday-twice", "/weeks/0/days/1/weekdays/0",
     HEAD "\"weeks\": [{\"days\": [" WEEKDAYS ", " WEEKDAYS "]}]}"},
    {"weeks-gap", "/weeks/0",
     HEAD "\"weeks\": [{\"valid_from\": \"2026-01-01\", \"days\": [" WEEKDAYS "]}]}"},
    {"weeks-gap", "/weeks/0", HEAD "\"weeks\": [{\"valid_to\": \"2026-01-01\", \"days\": [" WEEKDAYS "]}]}"},
    {"weeks-gap", "/weeks/1",
     HEAD "\"weeks\": [{\"valid_to\": \"2026-04-15\", \"days\": [" WEEKDAYS
          "]}, {\"valid_from\": \"2026-04-17\", "
          "\"days\": [" WEEKDAYS "]}]}"},
    {"weeks-overlap", "/weeks/1",
     HEAD "\"weeks\": [{\"valid_to\": \"2026-04-15\", \"days\": [" WEEKDAYS
          "]}, {\"valid_from\": \"2026-04-15\", "
          "\"days\": [" WEEKDAYS "]}]}"},
    {"week-ends-before-start", "/weeks/0/valid_to",
     HEAD "\"weeks\": [{\"valid_from\": \"2026-04-15\", \"valid_to\": \"2026-04-14\", \"days\": [" WEEKDAYS
          "]}]}"},
    {"missing-member", "/days/0/name",
     HEAD WEEKS ", \"days\": [{\"date\": \"2026-09-02\", \"kind\": \"HOLIDAY\"}]}"},
    {"unknown-word", "/days/0/kind", HEAD WEEKS ", \"days\": [" DAY("2026-09-02", "TET", "") "]}"},
    {"bad-date", "/days/0/date", HEAD WEEKS ", \"days\": [" DAY("2026-02-29", "HOLIDAY", "") "]}"},
    {"bad-date", "/days/0/date", HEAD WEEKS ", \"days\": [" DAY("2101-01-01", "HOLIDAY", "") "]}"},
    {"duplicate-day", "/days/1", HEAD WEEKS ", \"days\": [" HOLIDAY ", " HOLIDAY "]}"},
    {"makeup-on-holiday", "/days/1",
     HEAD WEEKS ", \"days\": [" HOLIDAY ", " DAY("2026-09-02", "MAKEUP_WORK", "") "]}"},
    {"makeup-on-holiday", "/calendars/1/days/0",
     PARENT "\"parent\": \"A\", \"days\": [" DAY("2026-09-02", "MAKEUP_WORK", "") "]}]}"},
    {"holiday-replaced", "/calendars/1/days/0",
     PARENT "\"parent\": \"A\", \"days\": [" DAY("2026-09-02", "OWN_HOURS",
                                                 ", \"sessions\": [[\"07:00\", \"08:00\"]]") "]}]}"},
    {"holiday-replaced", "/calendars/1/days/0",
     PARENT "\"parent\": \"A\", \"days\": [" DAY("2026-09-02", "SWAP_OFF", "") "]}]}"},
    {"makeup-for-nothing", "/days/0",
     HEAD WEEKS ", \"days\": [" DAY("2026-09-05", "MAKEUP_WORK", ", \"makes_up_for\": \"2026-09-04\"") "]}"},
    {"makeup-for-nothing", "/days/0/makes_up_for",
     HEAD WEEKS ", \"days\": [" DAY("2026-09-05", "SWAP_OFF", ", \"makes_up_for\": \"2026-09-04\"") "]}"},
    {"sessions-on-day-off", "/days/0/sessions",
     HEAD WEEKS
     ", \"days\": [" DAY("2026-09-02", "HOLIDAY", ", \"sessions\": [[\"07:00\", \"08:00\"]]") "]}"},
    {"missing-member", "/days/0/sessions",
     HEAD WEEKS ", \"days\": [" DAY("2026-09-02", "OWN_HOURS", "") "]}"},
    {"unknown-word", "/days/0/sureness",
     HEAD WEEKS ", \"days\": [" DAY("2026-09-02", "HOLIDAY", ", \"sureness\": \"perhaps\"") "]}"},
    {"wrong-type", "/notices/0/year",
     HEAD WEEKS ", \"notices\": [{\"year\": \"2026\", \"source\": \"TB\"}]}"},
    {"duplicate-code", "/calendars/1/code", "{\"calendars\": [" HEAD WEEKS "}, " HEAD WEEKS "}]}"},
    {"unknown-parent", "/calendars/1/parent", PARENT "\"parent\": \"C\"}]}"},
    {"parent-cycle", "/calendars/1/parent", PARENT "\"parent\": \"B\"}]}"},
    {"parent-cycle", "/calendars/1/parent",
     "{\"calendars\": [{\"code\": \"A\", \"name\": \"Lịch\", \"parent\": \"B\"}, {\"code\": \"B\", \"name\": "
     "\"Lịch\", "
     "\"parent\": \"A\"}]}"},
};

/* The very rule, at the very place, among whatever else is wrong; and no book. */
static void faulty_documents_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < array_length(refused); i++) {
        struct arena *arena = arena_create(8 * CALENDAR_BYTES_MAX);
        struct calendar_faults faults;
        const struct calendar_fault *fault;

        if (calendar_book_parse(arena, "lich.json", text_of(refused[i].json), &faults) != NULL)
            fail_msg("taken: %s", refused[i].json);
        fault = faults.first;
        while (fault != NULL &&
               (strcmp(fault->rule, refused[i].rule) != 0 || strcmp(fault->pointer, refused[i].pointer) != 0))
            fault = fault->next;
        if (fault != NULL) {
            assert_string_equal(fault->file, "lich.json");
        } else {
            calendar_faults_print(&faults, stderr);
            fail_msg("not refused for %s at %s: %s", refused[i].rule, refused[i].pointer, refused[i].json);
        }
        arena_destroy(arena);
    }
}

/* All faults of a document are told at once. */
static void each_fault_is_told(void **state)
{
    struct arena *arena = arena_create(CALENDAR_BYTES_MAX);
    struct calendar_faults faults;

    (void)state;
    assert_null(calendar_book_parse(arena, "lich.json",
                                    TEXT(HEAD WEEKS ", \"x\": 1, \"days\": [" DAY(
                                        "2026-13-02", "HOLIDAY", "") ", " DAY("2026-09-02", "TET", "") "]}"),
                                    &faults));
    assert_int_equal(faults.count, 3);
    arena_destroy(arena);
}

/* A child replaces what its parent has, and a holiday of its own is fine on any day. */
static void children_may_differ(void **state)
{
    struct arena *arena = arena_create(8 * CALENDAR_BYTES_MAX);
    const struct calendar_book *book = book_of(
        arena, "lich.json",
        text_of(
            PARENT
            "\"parent\": \"A\", \"weeks\": [{\"days\": [{\"weekdays\": [\"SAT\"], \"sessions\": [[\"08:00\", "
            "\"09:00\"]]}]}], \"days\": [" HOLIDAY ", " DAY("2026-09-05", "HOLIDAY", "") "]}]}"));
    const struct calendar *child = calendar_find(book, TEXT("B"));

    (void)state;
    assert_int_equal(calendar_worked_days(child, on("2026-08-31"), on("2026-09-14")), 1);
    assert_int_equal(calendar_worked_days(calendar_find(book, TEXT("A")), on("2026-08-31"), on("2026-09-14")),
                     9);
    arena_destroy(arena);
}

/* The delivered file is as it was published: 31 days, worked only where they are made up for. */
static void the_national_calendar_loads(void **state)
{
    struct arena *arena = arena_create(8 * CALENDAR_BYTES_MAX);
    const struct calendar *calendar = national_calendar(arena);
    int named = 0, makeups = 0;

    (void)state;
    for (int32_t day = on("1990-01-01"); day <= on("2100-12-31"); day++) {
        struct calendar_day const info = calendar_day_of(calendar, day);

        if (info.kind == CALENDAR_DAY_PLAIN || info.kind == CALENDAR_DAY_WEEKEND)
            continue;
        named++;
        makeups += info.kind == CALENDAR_DAY_MAKEUP_WORK;
        assert_true(info.source.length > 0);
        assert_int_equal(info.worked_min, info.kind == CALENDAR_DAY_MAKEUP_WORK ? 480 : 0);
    }
    assert_int_equal(named, 31);
    assert_int_equal(makeups, 3);
    assert_int_equal(calendar_known_until_day(calendar), on("2026-12-31"));
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faulty_documents_are_refused),
        cmocka_unit_test(each_fault_is_told),
        cmocka_unit_test(children_may_differ),
        cmocka_unit_test(the_national_calendar_loads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
