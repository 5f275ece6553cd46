/* What the catalogue answers: codes, the tree, who decides what on which day. Asked of the shipped
 * demonstration. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "catalogue/check_rules.h"
#include "catalogue/code_rules.h"
#include "identity/role.h"
#include "test_catalogue_files.h"

static struct shipped shipped;

static int load(void **state)
{
    (void)state;
    shipped = shipped_load();
    return 0;
}

static int unload(void **state)
{
    (void)state;
    arena_destroy(shipped.arena);
    return 0;
}

static const struct agency *agency(const char *code)
{
    const struct agency *found = catalogue_agency(shipped.catalogue, text_of(code));

    if (found == NULL)
        fail_msg("no agency %s", code);
    return found;
}

static const struct procedure_version *procedure(const char *code, const char *date)
{
    return catalogue_procedure(shipped.catalogue, text_of(code), day_of(date));
}

static void agency_codes_have_two_shapes(void **state)
{
    static const struct {
        const char *code;
        bool is_valid;
    } rows[] = {
        {"000.00.16.H47", true},
        {"000.17.22.H56", true},
        {"000.00.00.H56", true},
        {"H47", true},
        {"H47.16", true},
        {"H01.151.01", true},
        {"H15.50.05.13", true},
        {"G15.12", true},
        {"000.0.16.H47", false},
        {"h47", false},
        {"47.H16", false},
        {"H01.1511.01", false},
        {"H15.50.05.13.07", false},
        {"H4.16", false},
        {"", false},
        {"H47.", false},
        {"H47.1", false},
        {"H47..16", false},
        {"000.00.16.H47.01", false},
        {"H47 ", false},
        {"H47.1a", false},
        {"000.00.16.h47", false},
    };

    (void)state;
    for (size_t i = 0; i < array_length(rows); i++)
        if (code_is_agency(text_of(rows[i].code)) != rows[i].is_valid)
            fail_msg("%s", rows[i].code);
}

static void procedure_codes_are_text_with_an_owner(void **state)
{
    static const struct {
        const char *code, *owner; /* NULL: not valid */
    } rows[] = {
        {"1.004222", ""},
        {"2.000908.H13", "H13"},
        {"1.001193.000.00.00.H48", "H48"},
        {"3.000527.G15", "G15"},
        {"1.4222", NULL},
        {"1,004222", NULL},
        {"01.004222", NULL},
        {"1.004222.H4", NULL},
        {"1.004222.A13", NULL},
        {"1.0042222", NULL},
        {"", NULL},
        {"1.004222.", NULL},
        {"1.001193.000.00.01.H48", NULL},
    };

    (void)state;
    for (size_t i = 0; i < array_length(rows); i++) {
        struct text code = text_of(rows[i].code);

        if (code_is_procedure(code) != (rows[i].owner != NULL))
            fail_msg("%s", rows[i].code);
        if (rows[i].owner != NULL)
            assert_true(text_equal(code_procedure_owner(code), text_of(rows[i].owner)));
    }
}

static void the_shipped_catalogue_has_no_fault(void **state)
{
    (void)state;
    catalogue_check(shipped.catalogue, &shipped.faults);
    faults_print(&shipped.faults, stderr);
    assert_int_equal(shipped.faults.count, 0);
    assert_int_equal(shipped.catalogue->version_count, 21);
    assert_non_null(catalogue_calendar(shipped.catalogue, TEXT("VN")));
}

static void every_agency_is_found_and_stands_in_the_tree(void **state)
{
    const struct catalogue *catalogue = shipped.catalogue;

    (void)state;
    for (size_t i = 0; i < catalogue->agency_count; i++) {
        const struct agency *each = &catalogue->agencies[i];

        assert_ptr_equal(catalogue_agency(catalogue, each->code), each);
        for (size_t j = 0; j < catalogue->agency_count; j++) {
            bool is_above = false;

            for (const struct agency *up = each; up != NULL; up = up->parent)
                is_above = is_above || up == &catalogue->agencies[j];
            assert_int_equal(agency_is_under(each, &catalogue->agencies[j]), is_above);
        }
    }
    assert_null(catalogue_agency(catalogue, TEXT("H17.1")));
    assert_null(catalogue_agency(catalogue, TEXT("")));
}

static void children_come_in_order(void **state)
{
    size_t count;
    const struct agency *const *children = catalogue_children(shipped.catalogue, agency("H17.106"), &count);

    (void)state;
    assert_int_equal(count, 5);
    for (size_t i = 0; i < count; i++)
        assert_ptr_equal(children[i]->parent, agency("H17.106"));
    catalogue_children(shipped.catalogue, NULL, &count);
    assert_int_equal(count, 3); /* one root an era */
    catalogue_children(shipped.catalogue, agency("H17.105.01"), &count);
    assert_int_equal(count, 0);
}

static void a_closed_desk_leads_to_its_successor(void **state)
{
    static const struct {
        const char *code, *date, *holder; /* NULL: nobody */
    } rows[] = {
        {"000.00.16.H47", "2020-06-15", "000.00.16.H47"}, {"000.00.16.H47", "2024-06-15", "H47.16"},
        {"000.00.16.H47", "2026-06-15", "H17.105"},       {"H47.16.01", "2025-06-30", "H47.16.01"},
        {"H47.16.01", "2025-07-01", "H17.105.01"},        {"H17.105.01", "2025-06-30", NULL},
    };

    (void)state;
    for (size_t i = 0; i < array_length(rows); i++) {
        const struct agency *holder = catalogue_holder(agency(rows[i].code), day_of(rows[i].date));

        assert_ptr_equal(holder, rows[i].holder == NULL ? NULL : agency(rows[i].holder));
    }
}

static void calendar_and_place_are_inherited(void **state)
{
    (void)state;
    assert_string_equal(catalogue_calendar_code(agency("H17.105.02")).data, "VN");
    assert_string_equal(catalogue_place(agency("H17.105.02")).data, "Tam Kỳ");
    assert_string_equal(catalogue_place(agency("H17.11")).data, "Đà Nẵng");
}

static void the_day_chooses_the_version(void **state)
{
    static const struct {
        const char *code, *date;
        int64_t number; /* 0: none in force */
    } rows[] = {
        {"1.001612", "2021-12-31", 0}, {"1.001612", "2022-01-01", 1}, {"1.001612", "2025-06-30", 1},
        {"1.001612", "2025-07-01", 2}, {"1.001612", "2099-01-01", 2}, {"1.001611", "2026-01-01", 0},
        {"1.001193", "2026-01-01", 1}, {"1.001193", "2025-06-30", 0}, {"9.999999", "2026-01-01", 0},
        {"3.000722", "2025-12-31", 0}, {"3.000722", "2026-01-01", 1},
    };

    (void)state;
    for (size_t i = 0; i < array_length(rows); i++) {
        const struct procedure_version *version = procedure(rows[i].code, rows[i].date);

        if ((version == NULL ? 0 : version->number) != rows[i].number)
            fail_msg("%s on %s", rows[i].code, rows[i].date);
    }
}

/* what, received where, when → who decides, and which unit works on it */
static void the_receipt_finds_who_decides(void **state)
{
    static const struct {
        const char *code, *receiving, *date, *decides, *works; /* decides NULL: nobody */
    } rows[] = {
        {"1.001612", "H17.105.01", "2026-03-02", "H17.105", "H17.105.02"},
        {"1.001612", "H17.106.01", "2026-03-02", "H17.106", "H17.106.02"},
        {"1.001612", "H47.16.01", "2024-03-01", "H47.16", "H47.16.02"},
        {"1.001612", "H17.02", "2026-03-02", NULL, NULL}, /* which commune? the receiver must say */
        {"1.009994", "H17.02", "2026-03-02", "H17.11", "H17.11"},
        {"1.001193", "H17.105.01", "2026-03-02", "H17.105", "H17.105.05"},
        {"1.001776", "H17.106.01", "2026-03-02", "H17.106", "H17.106.04"},
        {"1.004222", "H17.105.01", "2026-03-02", "H17.105.03", "H17.105.03"},
        {"1.004222", "H17.106.01", "2026-03-02", "H17.106.03", "H17.106.03"},
        {"2.000488", "H17.105.01", "2026-03-02", "H17.13", "H17.13"},
        {"1.900014.H17", "H17.106.01", "2026-03-02", "H17.20", "H17.20"},
        {"1.900020.H17", "H17.02", "2026-03-02", "H17.11", "H17.11"},
        {"1.012644", "H17.02", "2026-03-02", "H17", "H17.01"},
        {"1.009994", "H17.105.01", "2026-03-02", "H17.105", "H17.105.02"},
    };

    (void)state;
    for (size_t i = 0; i < array_length(rows); i++) {
        int32_t day = day_of(rows[i].date);
        const struct procedure_version *version = procedure(rows[i].code, rows[i].date);
        const struct agency *decides;

        assert_non_null(version);
        decides = catalogue_competent_agency(shipped.catalogue, version, agency(rows[i].receiving), day);
        if ((decides == NULL) != (rows[i].decides == NULL) ||
            (decides != NULL && !text_equal(decides->code, text_of(rows[i].decides))))
            fail_msg("%s at %s: %s decides", rows[i].code, rows[i].receiving,
                     decides ? decides->code.data : "nobody");
        if (decides == NULL)
            continue;
        assert_true(catalogue_may_decide(version, decides, day));
        assert_string_equal(catalogue_department(shipped.catalogue, decides, version->field, day)->code.data,
                            rows[i].works);
    }
}

#define OFFICE(code_, more)                                                                                  \
    "{\"code\": \"" code_                                                                                    \
    "\", \"name\": \"X\", \"level\": \"REGION\", \"kind\": \"TAX\", \"parent\": \"H17\"" more "}"

/* Offices of one kind below one province: who names the sector and serves the receiver comes before who is
 * silent. */
static void the_closest_fit_decides(void **state)
{
    static const struct {
        const char *offices, *decides; /* NULL: not to be told from each other */
    } rows[] = {
        {OFFICE("H17.20", ""), "H17.20"},
        {OFFICE("H17.20", "") "," OFFICE("H17.21", ""), NULL},
        {OFFICE("H17.20", "") "," OFFICE("H17.21", ", \"fields\": [\"DAT_DAI\"]"), "H17.21"},
        {OFFICE("H17.20", ", \"fields\": [\"DAT_DAI\"]") "," OFFICE("H17.21", ""), "H17.20"},
        {OFFICE("H17.20", "") "," OFFICE("H17.21", ", \"fields\": [\"HO_TICH\"]"), "H17.20"},
        {OFFICE("H17.20", "") "," OFFICE("H17.21", ", \"area\": [\"H17.105\"]"), "H17.21"},
        {OFFICE("H17.20", ", \"area\": [\"H17.105\"]") "," OFFICE("H17.21", ""), "H17.20"},
        {OFFICE("H17.20", ", \"area\": [\"H17.106\"]"), NULL},
        {OFFICE("H17.20", ", \"valid_to\": \"2026-03-01\", \"successor\": \"H17.21\"") "," OFFICE("H17.21",
                                                                                                  ""),
         "H17.21"},
    };
    static const struct competence tax = {{"REGION", 6}, {"TAX", 3}};
    static const struct procedure_version version = {
        .field = {"DAT_DAI", 7}, .competences = &tax, .competence_count = 1};

    (void)state;
    for (size_t i = 0; i < array_length(rows); i++) {
        struct arena *arena = arena_create((size_t)16 << 20);
        struct catalogue_faults faults = faults_begin(arena);
        const char *text = arena_printf(
            arena,
            "{\"agencies\": [{\"code\": \"H17\", \"name\": \"X\", \"level\": \"PROVINCE\", \"kind\": "
            "\"PROVINCE\"},"
            "{\"code\": \"H17.105\", \"name\": \"X\", \"level\": \"COMMUNE\", \"kind\": \"PEOPLE_COMMITTEE\","
            "\"parent\": \"H17\"}, {\"code\": \"H17.106\", \"name\": \"X\", \"level\": \"COMMUNE\","
            "\"kind\": \"PEOPLE_COMMITTEE\", \"parent\": \"H17\"}, %s]}",
            rows[i].offices);
        struct catalogue_source source = {"offices.json", text_of(text)};
        const struct catalogue *catalogue = catalogue_build(&source, 1, &faults);
        const struct agency *decides = catalogue_competent_agency(
            catalogue, &version, catalogue_agency(catalogue, TEXT("H17.105")), day_of("2026-03-02"));

        assert_int_equal(faults.count, 0);
        if ((decides == NULL) != (rows[i].decides == NULL) ||
            (decides != NULL && !text_equal(decides->code, text_of(rows[i].decides))))
            fail_msg("%s: %s", rows[i].offices, decides != NULL ? decides->code.data : "nobody");
        arena_destroy(arena);
    }
}

static void a_district_decides_nothing_after_it_ended(void **state)
{
    const struct procedure_version *old = procedure("1.001612", "2025-06-30");

    (void)state;
    assert_true(catalogue_may_decide(old, agency("H47.16"), day_of("2025-06-30")));
    assert_false(catalogue_may_decide(old, agency("H47.16"), day_of("2025-07-01")));
    assert_false(catalogue_may_decide(old, agency("H17.105"), day_of("2025-07-01")));
    assert_null(
        catalogue_competent_agency(shipped.catalogue, old, agency("H17.105.01"), day_of("2025-07-01")));
}

/* chain, leg, received where → who acts */
static void each_leg_finds_its_agency(void **state)
{
    static const struct {
        const char *code, *leg, *receiving, *acts;
    } rows[] = {
        {"3.000722", "A", "H17.105.01", "H17.105"},       {"3.000722", "B", "H17.105.01", "H17.105.03"},
        {"3.000722", "C", "H17.105.01", "H17.22"},        {"3.000722", "D", "H17.106.01", "H17.106.03"},
        {"2.002913", "C2", "H17.106.01", "H17.106"},      {"1.900013.H17", "B", "H17.105.01", "H17.20"},
        {"1.900013.H17", "C", "H17.105.01", "H17.21"},    {"1.012644", "DEPT_PREPARE", "H17.02", "H17.10"},
        {"1.012644", "PROVINCE_DECIDE", "H17.02", "H17"}, {"1.900019.H17", "C", "H17.105.01", "H17"},
    };

    (void)state;
    for (size_t i = 0; i < array_length(rows); i++) {
        const struct procedure_version *version = procedure(rows[i].code, "2026-03-02");
        const struct leg *leg = version_leg(version, text_of(rows[i].leg));
        const struct agency *acts = catalogue_leg_agency(shipped.catalogue, version, leg,
                                                         agency(rows[i].receiving), day_of("2026-03-02"));

        if (acts == NULL || !text_equal(acts->code, text_of(rows[i].acts)))
            fail_msg("%s leg %s at %s", rows[i].code, rows[i].leg, rows[i].receiving);
    }
}

static void quotas_follow_the_phases(void **state)
{
    const struct procedure_version *household = procedure("1.001612", "2026-03-02");
    const struct procedure_version *birth = procedure("1.001193", "2026-03-02");
    int64_t quota_min[STEP_PHASE_COUNT];

    (void)state;
    version_quotas(household, NULL, NULL, quota_min);
    assert_int_equal(quota_min[STEP_DESK], 120);
    assert_int_equal(quota_min[STEP_ASSIGN], 120);
    assert_int_equal(quota_min[STEP_PROCESS], 720);
    assert_int_equal(quota_min[STEP_SIGN], 240);
    assert_int_equal(quota_min[STEP_ISSUE], 240);
    assert_int_equal(quota_min[STEP_REVIEW], 0);
    assert_int_equal(household->steps[3].role, ROLE_DEPT_HEAD);

    const struct procedure_case *verify = version_case(birth, TEXT("VERIFY"));

    version_quotas(birth, verify, NULL, quota_min);
    assert_int_equal(quota_min[STEP_PROCESS], 35 * 60);
    assert_int_equal(version_limit(birth, verify).quantity_milli, 5000);
    assert_int_equal(version_limit(birth, version_case(birth, TEXT("LATE"))).unit, TERM_SAME_DAY_15);

    const struct procedure_version *chain = procedure("3.000722", "2026-03-02");

    version_quotas(chain, NULL, version_leg(chain, TEXT("B")), quota_min);
    assert_int_equal(quota_min[STEP_PROCESS], 600);
    version_quotas(chain, NULL, NULL, quota_min);
    assert_int_equal(quota_min[STEP_PROCESS], 0);
}

static void a_parallel_group_counts_its_longest(void **state)
{
    static const struct step steps[] = {
        {.phase = STEP_DESK, .quota_min = 60},
        {.phase = STEP_PROCESS, .quota_min = 120, .parallel_group = {"G", 1}},
        {.phase = STEP_PROCESS, .quota_min = 300, .parallel_group = {"G", 1}},
        {.phase = STEP_PROCESS, .quota_min = 30, .parallel_group = {"H", 1}},
        {.phase = STEP_SIGN, .quota_min = 30},
    };

    (void)state;
    assert_int_equal(steps_worked_min(steps, array_length(steps)), 60 + 300 + 30 + 30);
}

static void limits_hold_so_much_work(void **state)
{
    static const struct {
        enum term_unit unit;
        int64_t quantity_milli, worked_min;
    } rows[] = {
        {TERM_WORK_DAY, 3000, 1440},   {TERM_WORK_DAY, 500, 240},      {TERM_WORK_HOUR, 4000, 240},
        {TERM_SAME_DAY_15, 1000, 480}, {TERM_CAL_DAY, 15000, 88 * 60}, {TERM_CAL_DAY, 10000, 64 * 60},
        {TERM_CAL_DAY, 7000, 40 * 60}, {TERM_CAL_DAY, 6000, 40 * 60},  {TERM_NONE, 0, -1},
    };

    (void)state;
    for (size_t i = 0; i < array_length(rows); i++)
        assert_int_equal(limit_worked_min((struct time_limit){rows[i].unit, rows[i].quantity_milli}),
                         rows[i].worked_min);
}

/* The snapshot of the database has the shape of the files, with ids. */
static void a_snapshot_is_read_like_the_files(void **state)
{
    struct arena *arena = arena_create((size_t)64 << 20);
    struct catalogue_faults faults = faults_begin(arena);
    struct catalogue_source source = {
        "snapshot",
        TEXT("{\"epoch\": 7, \"agencies\": [], \"calendars\": [{\"code\": \"VN\", \"name\": \"x\"}],"
             "\"procedures\": [{\"id\": 12, \"code\": \"1.001193\", \"version\": 2, \"name\": \"K\","
             "\"field\": \"HO_TICH\", \"decision_no\": \"1\", \"valid_from\": \"2025-07-01\","
             "\"valid_to\": null, \"level\": \"COMMUNE\", \"supplement_mode\": \"PAUSE\","
             "\"online_level\": \"NONE\", \"channels\": [\"COUNTER\"],"
             "\"return_channels\": [\"COUNTER\"]}]}")};
    const struct catalogue *catalogue = catalogue_build(&source, 1, &faults);

    (void)state;
    faults_print(&faults, stderr);
    assert_int_equal(faults.count, 0);
    assert_int_equal(catalogue->epoch, 7);
    assert_int_equal(catalogue_version(catalogue, 12)->number, 2);
    assert_null(catalogue_version(catalogue, 11));
    assert_null(catalogue_version(catalogue, 13));
    assert_int_equal(catalogue_version(catalogue, 12)->valid_to_day, DAY_FOREVER);
    assert_int_equal(catalogue_version(catalogue, 12)->max_supplements, 1);
    assert_non_null(catalogue_calendar(catalogue, TEXT("VN")));
    assert_null(catalogue_calendar(catalogue, TEXT("XX")));
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agency_codes_have_two_shapes),
        cmocka_unit_test(procedure_codes_are_text_with_an_owner),
        cmocka_unit_test(the_shipped_catalogue_has_no_fault),
        cmocka_unit_test(every_agency_is_found_and_stands_in_the_tree),
        cmocka_unit_test(children_come_in_order),
        cmocka_unit_test(a_closed_desk_leads_to_its_successor),
        cmocka_unit_test(calendar_and_place_are_inherited),
        cmocka_unit_test(the_day_chooses_the_version),
        cmocka_unit_test(the_receipt_finds_who_decides),
        cmocka_unit_test(the_closest_fit_decides),
        cmocka_unit_test(a_district_decides_nothing_after_it_ended),
        cmocka_unit_test(each_leg_finds_its_agency),
        cmocka_unit_test(quotas_follow_the_phases),
        cmocka_unit_test(a_parallel_group_counts_its_longest),
        cmocka_unit_test(limits_hold_so_much_work),
        cmocka_unit_test(a_snapshot_is_read_like_the_files),
    };

    return cmocka_run_group_tests_name("catalogue", tests, load, unload);
}
