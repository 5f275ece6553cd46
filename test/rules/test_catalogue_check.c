/* What the catalogue's check promises: each rule finds its fault, says where, and nothing else cries along.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "catalogue/build_rules.h"
#include "catalogue/check_rules.h"
#include "core/json.h"

enum { ARENA_BYTES = 64 << 20 };

/* A small province without a fault; the rows below spoil it in one place each. */
static char province[32768];

static int read_province(void **state)
{
    FILE *file = fopen(SOURCE_DIR "/test/rules/test_catalogue_province.json", "rb");
    size_t length;

    (void)state;
    assert_non_null(file);
    length = fread(province, 1, sizeof(province) - 1, file);
    fclose(file);
    assert_true(length > 0 && length < sizeof(province) - 1);
    province[length] = '\0';
    return 0;
}

#define TEN(x) x "," x "," x "," x "," x "," x "," x "," x "," x "," x
/* Set `value` (JSON; NULL takes the member away) at `at`, and the check says `rule` at `pointer`, nothing
 * else. */
struct spoil {
    const char *rule, *at, *value, *pointer;
    const char *also_at, *also_value; /* a second edit, where one alone would break two rules */
};

static const struct spoil spoils[] = {
    {"unknown-member", "/procedures/0/colour", "1", "/procedures/0/colour", NULL, NULL},
    {"unknown-member", "/procedures/0/a~1b", "1", "/procedures/0/a~1b", NULL, NULL},
    {"missing-member", "/procedures/0/decision_no", NULL, "/procedures/0", NULL, NULL},
    {"wrong-type", "/procedures/0/is_separate_signer", "\"yes\"", "/procedures/0/is_separate_signer", NULL,
     NULL},
    {"wrong-type", "/agencies/0/name", "[]", "/agencies/0/name", NULL, NULL},
    {"wrong-type", "/calendars", "{}", "/calendars", NULL, NULL},
    {"bad-value", "/procedures/0/valid_from", "\"2025-02-30\"", "/procedures/0/valid_from", NULL, NULL},
    {"bad-value", "/procedures/0/max_supplements", "1.5", "/procedures/0/max_supplements", NULL, NULL},
    {"bad-value", "/procedures/0/online_level", "\"full\"", "/procedures/0/online_level",
     "/procedures/0/channels", "[\"COUNTER\"]"},
    {"text-not-nfc", "/agencies/0/name", "\"Tha\xcc\x80nh pho\xcc\x82\xcc\x81\"", "/agencies/0/name", NULL,
     NULL},
    {"list-too-long", "/procedures/0/legal_basis", "[" TEN(TEN("\"a\"")) "," TEN(TEN("\"a\"")) ",\"a\"]",
     "/procedures/0/legal_basis", NULL, NULL},
    {"bad-code", "/agencies/1/calendar", "\"vn 1\"", "/agencies/1/calendar", NULL, NULL},
    {"bad-agency-code", "/agencies/1/area", "[\"h17\"]", "/agencies/1/area/0", NULL, NULL},
    {"bad-procedure-code", "/procedures/0/replaces", "\"1,004222\"", "/procedures/0/replaces", NULL, NULL},
    {"duplicate-code", "/procedures/0/components/1/code", "\"FORM\"", "/procedures/0/components/1/code", NULL,
     NULL},
    {"duplicate-code", "/procedures/0/steps/2/code", "\"R\"", "/procedures/0/steps/2/code", NULL, NULL},
    {"duplicate-code", "/procedures/0/fees/1/code", "\"COPY\"", "/procedures/0/fees/1/code", NULL, NULL},
    {"duplicate-code", "/kinds/3/code", "\"POLICE\"", NULL, NULL, NULL},
    {"unknown-agency", "/agencies/2/area", "[\"H99\"]", "/agencies/2/area", NULL, NULL},
    {"unknown-agency", "/agencies/1/successor", "\"H99\"", "/agencies/1/successor", NULL, NULL},
    {"agency-cycle", "/agencies/2/parent", "\"H17.105.03\"", "/agencies/2/parent", "/agencies/2/calendar",
     "\"VN\""},
    {"unknown-term", "/procedures/0/level", "\"MARS\"", "/procedures/0/level", NULL, NULL},
    {"unknown-term", "/agencies/3/kind", "\"MARS\"", "/agencies/3/kind", NULL, NULL},
    {"unknown-field", "/agencies/3/fields", "[\"MARS\"]", "/agencies/3/fields", NULL, NULL},
    {"end-before-start", "/agencies/4/valid_from", "\"2025-07-01\"", "/agencies/4/valid_to", NULL, NULL},
    {"successor-missing", "/agencies/3/successor", NULL, "/agencies/3/successor", NULL, NULL},
    {"successor-gap", "/agencies/4/valid_to", "\"2025-05-31\"", "/agencies/4/successor", NULL, NULL},
    {"successor-gap", "/agencies/4/successor", "\"H47\"", "/agencies/4/successor", NULL, NULL},
    {"outlives-parent", "/agencies/4/valid_to", "\"2025-07-31\"", "/agencies/4/valid_to", NULL, NULL},
    {"calendar-missing", "/agencies/3/calendar", NULL, "/agencies/3/calendar", NULL, NULL},
    {"unknown-calendar", "/agencies/1/calendar", "\"XX\"", "/agencies/1/calendar", NULL, NULL},
    {"version-overlap", "/procedures/0/valid_to", NULL, "/procedures/2/valid_from", NULL, NULL},
    {"version-overlap", "/procedures/2/valid_from", "\"2026-12-31\"", "/procedures/2/valid_from", NULL, NULL},
    {"duplicate-version", "/procedures/2/version", "1", "/procedures/2/version", NULL, NULL},
    {"empty-part", "/procedures/0/name", "\"\"", "/procedures/0/name", NULL, NULL},
    {"empty-part", "/procedures/0/order", "[]", "/procedures/0/order", NULL, NULL},
    {"empty-part", "/procedures/0/manner", NULL, "/procedures/0/manner", NULL, NULL},
    {"empty-part", "/procedures/0/components", "[]", "/procedures/0/components", NULL, NULL},
    {"empty-part", "/procedures/0/sets", "0", "/procedures/0/components", NULL, NULL},
    {"empty-part", "/procedures/0/time_limit", NULL, "/procedures/0/time_limit", NULL, NULL},
    {"empty-part", "/procedures/0/applicants", NULL, "/procedures/0/applicants", NULL, NULL},
    {"empty-part", "/procedures/0/competences", "[]", "/procedures/0/solver", NULL, NULL},
    {"empty-part", "/procedures/0/result", NULL, "/procedures/0/result", NULL, NULL},
    {"local-owner", "/procedures/0/is_local", "true", "/procedures/0/code", NULL, NULL},
    {"no-agency", "/procedures/0/competences/0/kind", "\"LAND_OFFICE\"", "/procedures/0/competences/0", NULL,
     NULL},
    {"no-agency", "/procedures/1/legs/1/field", "\"HO_TICH\"", "/procedures/1/legs/1/agency", NULL, NULL},
    {"channel", "/procedures/0/return_channels", "[]", "/procedures/0/return_channels", NULL, NULL},
    {"channel", "/procedures/0/channels", "[\"COUNTER\"]", "/procedures/0/channels", NULL, NULL},
    {"channel", "/procedures/0/return_channels", "[\"POST\"]", "/procedures/0/return_channels",
     "/procedures/0/needs_both_present", "true"},
    {"component-count", "/procedures/0/components/0/originals", "0", "/procedures/0/components/0", NULL,
     NULL},
    {"component-count", "/procedures/0/components/1/plain_copies", "1", "/procedures/0/components/1", NULL,
     NULL},
    {"unknown-database", "/procedures/0/components/1/replaceable_by", "[\"MARS\"]",
     "/procedures/0/components/1/replaceable_by/0", NULL, NULL},
    {"unknown-case", "/procedures/0/components/1/cases", "[\"LONG\", \"MARS\"]",
     "/procedures/0/components/1/cases/1", NULL, NULL},
    {"unknown-case", "/procedures/0/fees/1/cases", "[\"MARS\"]", "/procedures/0/fees/1/cases/0", NULL, NULL},
    {"no-steps", "/procedures/0/steps", "[]", "/procedures/0/steps", NULL, NULL},
    {"no-steps", "/procedures/0/cases/0/steps", "[]", "/procedures/0/cases/0/steps", NULL, NULL},
    {"step-sum", "/procedures/0/steps/1/hours", "4.5", "/procedures/0/steps", NULL, NULL},
    {"step-sum", "/procedures/0/steps/1/hours", "3", "/procedures/0/steps", NULL, NULL},
    {"step-sum", "/procedures/0/cases/0/steps/0/hours", "24", "/procedures/0/cases/0/steps", NULL, NULL},
    {"step-sum", "/procedures/2/steps/0/hours", "89", "/procedures/2/steps", NULL, NULL},
    {"step-nobody", "/procedures/0/steps/0/role", "\"records_clerk\"", "/procedures/0/steps/0/role", NULL,
     NULL},
    {"parallel-split", "/procedures/0/steps/2/parallel_group", "\"G\"",
     "/procedures/0/steps/2/parallel_group", "/procedures/0/steps/0/parallel_group", "\"G\""},
    {"chain-steps", "/procedures/1/steps",
     "[{\"code\": \"S\", \"name\": \"Bước\", \"phase\": \"PROCESS\", \"role\": \"handler\", \"hours\": 24}]",
     "/procedures/1/steps", NULL, NULL},
    {"leg-sum", "/procedures/1/legs/0/steps/0/hours", "9", "/procedures/1/legs/0/steps", NULL, NULL},
    {"chain-sum", "/procedures/1/time_limit/quantity", "5", "/procedures/1/legs", NULL, NULL},
    {"leg-cycle", "/procedures/1/legs/0/depends_on", "[\"D1\"]", "/procedures/1/legs/0/depends_on", NULL,
     NULL},
    {"leg-order", "/procedures/1/legs/0/depends_on", "[\"E\"]", "/procedures/1/legs/0/depends_on", NULL,
     NULL},
    {"unknown-leg", "/procedures/1/legs/3/depends_on", "[\"B\", \"C\", \"Z\"]",
     "/procedures/1/legs/3/depends_on", NULL, NULL},
    {"unknown-component", "/procedures/1/legs/0/components", "[\"MARS\"]", "/procedures/1/legs/0/components",
     NULL, NULL},
    {"leg-group", "/procedures/1/legs/2/depends_on", "[]", "/procedures/1/legs/2/depends_on", NULL, NULL},
    {"leg-choice", "/procedures/1/legs/3/condition", NULL, "/procedures/1/legs/3/choice_group", NULL, NULL},
    {"fee-tiers", "/procedures/0/fees/0/tiers/0/from", "2", "/procedures/0/fees/0/tiers", NULL, NULL},
    {"fee-tiers", "/procedures/0/fees/0/tiers/1/from", "1", "/procedures/0/fees/0/tiers", NULL, NULL},
    {"fee-cap", "/procedures/0/fees/0/cap", "1000", "/procedures/0/fees/0/cap", NULL, NULL},
    {"fee-cap", "/procedures/0/fees/1/cap", "1000", "/procedures/0/fees/1/cap", NULL, NULL},
    {"fee-reduction", "/procedures/0/fees/1/reductions/0/amount", "1000", "/procedures/0/fees/1/reductions/0",
     NULL, NULL},
    {"fee-reduction", "/procedures/0/fees/1/reductions/0/percent", "0", "/procedures/0/fees/1/reductions/0",
     NULL, NULL},
};

static cJSON *parse(struct arena *arena, const char *json)
{
    struct json_result result = json_parse(arena, text_of(json), &json_limits_file);

    assert_int_equal(result.fault, JSON_OK);
    return result.root;
}

/* Sets or takes away what stands at a JSON pointer; everything above it must be there. */
static void edit(struct arena *arena, cJSON *document, const char *at, const char *value)
{
    struct text rest = text_of(at + 1), name = text_cut(rest, '/', &rest);
    cJSON *parent = document;

    while (rest.data != NULL) {
        char *key = text_copy(arena, name);

        parent = cJSON_IsArray(parent) ? cJSON_GetArrayItem(parent, (int)strtol(key, NULL, 10))
                                       : cJSON_GetObjectItemCaseSensitive(parent, key);
        assert_non_null(parent);
        name = text_cut(rest, '/', &rest);
    }
    char *key =
        strcmp(text_copy(arena, name), "a~1b") == 0 ? text_copy(arena, TEXT("a/b")) : text_copy(arena, name);

    cJSON_DeleteItemFromObjectCaseSensitive(parent, key);
    if (value != NULL)
        cJSON_AddItemToObject(parent, key, cJSON_Duplicate(parse(arena, value), true));
}

static void check_text(struct arena *arena, struct text text, struct catalogue_faults *faults)
{
    struct catalogue_source source = {"province.json", text};

    *faults = faults_begin(arena);
    catalogue_check(catalogue_build(&source, 1, faults), faults);
}

static void expect_only(const struct catalogue_faults *faults, const char *rule, const char *pointer)
{
    if (faults->count == 0)
        fail_msg("%s: no fault was found", rule);
    for (const struct catalogue_fault *fault = faults->first; fault != NULL; fault = fault->next) {
        if (strcmp(fault->rule, rule) != 0)
            fail_msg("%s: also %s at %s: %s", rule, fault->rule, fault->pointer, fault->message);
        assert_string_equal(fault->file, "province.json");
        assert_true(strlen(fault->message) > 0);
    }
    if (pointer != NULL && strcmp(faults->first->pointer, pointer) != 0)
        fail_msg("%s: at %s instead of %s", rule, faults->first->pointer, pointer);
}

static void each_rule_finds_its_fault_and_no_other(void **state)
{
    (void)state;
    for (size_t i = 0; i < array_length(spoils); i++) {
        struct arena *arena = arena_create(ARENA_BYTES);
        cJSON *document = parse(arena, province);
        struct catalogue_faults faults;

        edit(arena, document, spoils[i].at, spoils[i].value);
        if (spoils[i].also_at != NULL)
            edit(arena, document, spoils[i].also_at, spoils[i].also_value);
        char *printed = cJSON_PrintUnformatted(document);

        check_text(arena, text_of(printed), &faults);
        expect_only(&faults, spoils[i].rule, spoils[i].pointer);
        cJSON_free(printed);
        arena_destroy(arena);
    }
}

static void the_province_itself_has_no_fault(void **state)
{
    struct arena *arena = arena_create(ARENA_BYTES);
    struct catalogue_faults faults;

    (void)state;
    check_text(arena, text_of(province), &faults);
    faults_print(&faults, stderr);
    assert_int_equal(faults.count, 0);
    arena_destroy(arena);
}

static void broken_json_is_said_with_its_byte(void **state)
{
    static const char *const texts[] = {"", "{", "{\"fields\": [}", "{\"fields\": [], \"fields\": []}",
                                        "{} {}"};

    (void)state;
    for (size_t i = 0; i < array_length(texts); i++) {
        struct arena *arena = arena_create(ARENA_BYTES);
        struct catalogue_faults faults;

        check_text(arena, text_of(texts[i]), &faults);
        expect_only(&faults, "json-syntax", "");
        arena_destroy(arena);
    }
}

static void every_rule_is_proved_here(void **state)
{
    size_t count;
    const struct check_rule *rules = check_rules(&count);

    (void)state;
    for (size_t i = 0; i < count; i++) {
        bool is_proved = strcmp(rules[i].code, "json-syntax") == 0;

        for (size_t j = 0; j < array_length(spoils); j++)
            is_proved = is_proved || strcmp(spoils[j].rule, rules[i].code) == 0;
        if (!is_proved)
            fail_msg("no row for rule %s", rules[i].code);
    }
    for (size_t j = 0; j < array_length(spoils); j++) {
        bool is_listed = false;

        for (size_t i = 0; i < count; i++)
            is_listed = is_listed || strcmp(spoils[j].rule, rules[i].code) == 0;
        if (!is_listed)
            fail_msg("rule %s is not in the list of rules", spoils[j].rule);
    }
}

static void many_faults_come_in_one_run(void **state)
{
    struct arena *arena = arena_create(ARENA_BYTES);
    cJSON *document = parse(arena, province);
    struct catalogue_faults faults;

    (void)state;
    edit(arena, document, "/procedures/0/colour", "1");
    edit(arena, document, "/procedures/0/result", NULL);
    edit(arena, document, "/procedures/0/steps/1/hours", "5");
    edit(arena, document, "/agencies/3/successor", NULL);
    char *printed = cJSON_PrintUnformatted(document);

    check_text(arena, text_of(printed), &faults);
    assert_int_equal(faults.count, 4);
    cJSON_free(printed);
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_province_itself_has_no_fault),
        cmocka_unit_test(each_rule_finds_its_fault_and_no_other),
        cmocka_unit_test(broken_json_is_said_with_its_byte),
        cmocka_unit_test(every_rule_is_proved_here),
        cmocka_unit_test(many_faults_come_in_one_run),
    };

    return cmocka_run_group_tests_name("catalogue check", tests, read_province, NULL);
}
