/* Completeness at the desk: what is missing is said all at once, and better papers stand in for lesser ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "catalogue/components_rules.h"

static const struct text databases[] = {{"DAN_CU", 6}, {"HO_TICH", 7}};
static const struct text only_late[] = {{"LATE", 4}};
static const struct procedure_case cases[] = {{.code = {"LATE", 4}}};
static const struct component components[] = {
    {.code = {"FORM", 4}, .is_required = true, .originals = 1},
    {.code = {"DEED", 4},
     .is_required = true,
     .certified_copies = 1,
     .plain_copies = 2,
     .replaceable_by = databases,
     .replaceable_count = 2},
    {.code = {"CARD", 4},
     .is_required = true,
     .is_shown_only = true,
     .replaceable_by = databases,
     .replaceable_count = 1},
    {.code = {"PLAN", 4}, .is_required = false, .plain_copies = 1},
    {.code = {"PROOF", 5}, .is_required = true, .originals = 1, .cases = only_late, .case_count = 1},
};
static const struct procedure_version version = {.sets = 1,
                                                 .cases = cases,
                                                 .case_count = 1,
                                                 .components = components,
                                                 .component_count = array_length(components)};

/* "FORM:1/0/0 DEED@DAN_CU CARD": originals/certified/plain, or taken from a database. */
static size_t read_given(struct arena *arena, const char *line, struct component_given given[static 8])
{
    struct text rest = text_of(line);
    size_t count = 0;

    while (rest.length > 0) {
        struct text word = text_cut(rest, ' ', &rest), papers, part;
        struct component_given *one = &given[count++];

        *one = (struct component_given){0};
        word = text_cut(word, '@', &one->reused_from);
        one->code = text_cut(word, ':', &papers);
        if (papers.length > 0) {
            part = text_cut(papers, '/', &papers);
            assert_true(text_to_i64(part, &one->originals));
            part = text_cut(papers, '/', &papers);
            assert_true(text_to_i64(part, &one->certified_copies));
            assert_true(text_to_i64(papers, &one->plain_copies));
        }
        one->code = text_of(text_copy(arena, one->code));
    }
    return count;
}

/* handed in → what is said to be missing: "CODE reason originals/certified/plain" */
static void what_is_missing_is_said_at_once(void **state)
{
    static const struct {
        const char *about, *given, *gaps, *chosen;
    } rows[] = {
        {"complete", "FORM:1/0/0 DEED:0/1/2 CARD", "", NULL},
        {"nothing at all", "", "FORM missing 1/0/0; DEED missing 0/1/2; CARD missing 0/0/0; ", NULL},
        {"originals stand for any copy", "FORM:1/0/0 DEED:3/0/0 CARD", "", NULL},
        {"a certified copy stands for a plain one", "FORM:1/0/0 DEED:0/3/0 CARD", "", NULL},
        {"a plain copy never for a certified one", "FORM:1/0/0 DEED:0/0/3 CARD",
         "DEED copy-for-original 0/1/0; ", NULL},
        {"nor any copy for an original", "FORM:0/1/1 DEED:0/1/2 CARD", "FORM copy-for-original 1/0/0; ",
         NULL},
        {"too few", "FORM:1/0/0 DEED:0/1/1 CARD", "DEED too-few 0/0/1; ", NULL},
        {"the surplus of one paper is not another's", "FORM:9/0/0 DEED:0/1/1 CARD", "DEED too-few 0/0/1; ",
         NULL},
        {"from a database that may", "FORM:1/0/0 DEED@HO_TICH CARD@DAN_CU", "", NULL},
        {"from a database that may not", "FORM:1/0/0 DEED:0/1/2 CARD@HO_TICH", "CARD not-reusable 0/0/0; ",
         NULL},
        {"a form is in no database", "FORM@DAN_CU DEED:0/1/2 CARD", "FORM not-reusable 0/0/0; ", NULL},
        {"an optional paper may lack", "FORM:1/0/0 DEED:0/1/2 CARD PLAN:0/0/0", "", NULL},
        {"shown means listed", "FORM:1/0/0 DEED:0/1/2", "CARD missing 0/0/0; ", NULL},
        {"a paper of one case only, there", "FORM:1/0/0 DEED:0/1/2 CARD", "PROOF missing 1/0/0; ", "LATE"},
        {"unknown paper", "FORM:1/0/0 DEED:0/1/2 CARD MARS:1/0/0", "MARS unknown 0/0/0; ", NULL},
        {"listed twice", "FORM:1/0/0 FORM:1/0/0 DEED:0/1/2 CARD", "FORM twice 0/0/0; ", NULL},
        {"impossible count", "FORM:10001/0/0 DEED:0/1/2 CARD", "FORM bad-count 0/0/0; ", NULL},
    };

    (void)state;
    for (size_t i = 0; i < array_length(rows); i++) {
        struct arena *arena = arena_create(1 << 20);
        struct component_given given[8];
        struct component_gap *gaps;
        size_t given_count = read_given(arena, rows[i].given, given);
        const struct procedure_case *chosen =
            rows[i].chosen != NULL ? version_case(&version, text_of(rows[i].chosen)) : NULL;
        size_t count = components_missing(arena, &version, chosen, given, given_count, &gaps);
        const char *said = "";

        for (size_t j = 0; j < count; j++)
            said = arena_printf(arena, "%s%.*s %s %lld/%lld/%lld; ", said, TEXT_ARG(gaps[j].code),
                                component_gap_name(gaps[j].reason), (long long)gaps[j].originals,
                                (long long)gaps[j].certified_copies, (long long)gaps[j].plain_copies);
        if (strcmp(said, rows[i].gaps) != 0)
            fail_msg("%s: %s", rows[i].about, said);
        arena_destroy(arena);
    }
}

static void each_set_needs_its_papers(void **state)
{
    struct procedure_version two_sets = version;
    struct arena *arena = arena_create(1 << 20);
    struct component_given given[] = {{.code = TEXT("FORM"), .originals = 1},
                                      {.code = TEXT("DEED"), .certified_copies = 2, .plain_copies = 4},
                                      {.code = TEXT("CARD")}};
    struct component_gap *gaps;

    (void)state;
    two_sets.sets = 2;
    assert_int_equal(components_missing(arena, &two_sets, NULL, given, array_length(given), &gaps), 1);
    assert_int_equal(gaps[0].reason, GAP_TOO_FEW);
    assert_int_equal(gaps[0].originals, 1);
    arena_destroy(arena);
}

static void negative_counts_are_no_papers(void **state)
{
    struct arena *arena = arena_create(1 << 20);
    struct component_given given[] = {{.code = TEXT("FORM"), .originals = -1}};
    struct component_gap *gaps;
    size_t count = components_missing(arena, &version, NULL, given, 1, &gaps);

    (void)state;
    assert_int_equal(gaps[count - 1].reason, GAP_BAD_COUNT);
    assert_int_equal(gaps[count - 1].given, 0);
    assert_true(strlen(component_gap_label(GAP_BAD_COUNT)) > 0);
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_missing_is_said_at_once),
        cmocka_unit_test(each_set_needs_its_papers),
        cmocka_unit_test(negative_counts_are_no_papers),
    };

    return cmocka_run_group_tests_name("components", tests, NULL, NULL);
}
