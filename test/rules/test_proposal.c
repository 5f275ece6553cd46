/* What a proposal says of each kind of row, and that whatever is sent is told and never believed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "catalogue/proposal_rules.h"
#include "core/json.h"

#define TERMS                                                                                                \
    "\"levels\":[{\"code\":\"PROVINCE\",\"name\":\"Tỉnh\"}],\"kinds\":[{\"code\":\"PROVINCE\",\"name\":"   \
    "\"Tỉnh\"}]"
#define WEEK                                                                                                 \
    "\"weeks\":[{\"valid_from\":null,\"valid_to\":null,\"source\":\"x\",\"days\":[{\"weekdays\":[\"MON\"],"  \
    "\"sessions\":[[\"07:00\",\"11:30\"]]}]}],\"notices\":[],\"days\":[]"
#define CALENDARS                                                                                            \
    "\"calendars\":[{\"code\":\"VN\",\"name\":\"Lịch\",\"parent\":null,\"known_until\":\"2026-12-31\"," WEEK \
    "}]"
#define TOP                                                                                                  \
    "{\"code\":\"H17\",\"name\":\"Tỉnh\",\"level\":\"PROVINCE\",\"kind\":\"PROVINCE\",\"calendar\":\"VN\"}"

static const char present[] =
    "{\"epoch\":7," TERMS "," CALENDARS ",\"agencies\":[" TOP "],\"procedures\":[]}";

static const struct {
    const char *sent, *rule; /* of the first fault; NULL: sound */
    const char *change;      /* of the first change; NULL: none */
} rows[] = {
    {"{\"documents\":[]}", NULL, NULL},
    {"{\"documents\":[{\"document\":{\"agencies\":[" TOP "]}}]}", NULL, NULL},
    {"{\"documents\":[{\"document\":{\"agencies\":[{\"code\":\"H17\",\"name\":\"Tỉnh "
     "mới\",\"level\":\"PROVINCE\","
     "\"kind\":\"PROVINCE\",\"calendar\":\"VN\"}]}}]}",
     NULL, "CHANGED"},
    {"{\"documents\":[{\"document\":{\"agencies\":[{\"code\":\"H17\",\"name\":\"Tỉnh\",\"level\":"
     "\"PROVINCE\","
     "\"kind\":\"PROVINCE\",\"calendar\":\"VN\",\"valid_to\":\"2030-12-31\"}]}}]}",
     "successor-missing", "ENDED"},
    {"{\"documents\":[{\"document\":{\"kinds\":[{\"code\":\"TAX\",\"name\":\"Thuế\"}]}}]}", NULL, "NEW"},
    {"{\"documents\":[{\"document\":{\"agencies\":[{\"code\":\"H18\",\"name\":\"Khác\",\"level\":"
     "\"PROVINCE\","
     "\"kind\":\"PROVINCE\",\"parent\":\"H99\",\"calendar\":\"VN\"}]}}]}",
     "unknown-agency", "NEW"},
    {"{\"documents\":[{\"name\":\"x\"}]}", "wrong-type", NULL},
    {"{\"documents\":{}}", "wrong-type", NULL},
    {"{\"documents\":[", "json-syntax", NULL},
    {"", "json-syntax", NULL},
};

static const char *first(const cJSON *report, const char *list, const char *member)
{
    const cJSON *rows_told = cJSON_GetObjectItemCaseSensitive(report, list);

    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(rows_told, 0), member));
}

static void test_each_proposal_is_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < array_length(rows); i++) {
        struct arena *arena = arena_create((size_t)64 << 20);
        struct proposal proposal;
        struct json_result report;
        const char *rule, *change;

        proposal_study(arena, text_of(present), text_of(rows[i].sent), &proposal);
        report = json_parse(arena, proposal.report, &json_limits_file);
        assert_int_equal(report.fault, JSON_OK);
        rule = first(report.root, "faults", "rule");
        change = first(report.root, "changes", "change");
        assert_string_equal(rule != NULL ? rule : "none", rows[i].rule != NULL ? rows[i].rule : "none");
        assert_string_equal(change != NULL ? change : "none",
                            rows[i].change != NULL ? rows[i].change : "none");
        assert_int_equal(proposal.fault_count > 0, rows[i].rule != NULL);
        assert_int_equal(proposal.documents.length > 0, rows[i].rule == NULL);
        arena_destroy(arena);
    }
}

/* What goes to the database names every agency, given or not: none is lost by a load of others. */
static void test_all_agencies_are_named(void **state)
{
    struct arena *arena = arena_create((size_t)64 << 20);
    struct proposal proposal;

    (void)state;
    proposal_study(
        arena, text_of(present),
        TEXT("{\"documents\":[{\"document\":{\"kinds\":[{\"code\":\"TAX\",\"name\":\"Thuế\"}]}}]}"),
        &proposal);
    assert_non_null(strstr(proposal.documents.data, "\"H17\""));
    assert_non_null(strstr(proposal.documents.data, "\"TAX\""));
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_proposal_is_told),
        cmocka_unit_test(test_all_agencies_are_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
