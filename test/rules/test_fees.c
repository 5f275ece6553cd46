/* What an intake costs: the tariff of the shipped procedures, line by line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "catalogue/fees_rules.h"
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

/* The sum to pay of one intake; -1 - outcome where it is refused. */
static int64_t pay(const struct procedure_version *version, const char *chosen, struct fee_inputs inputs)
{
    struct fee_line *lines;
    size_t count;
    int64_t sum = 0;

    inputs.chosen = chosen != NULL ? version_case(version, text_of(chosen)) : NULL;
    assert_true((chosen == NULL) == (inputs.chosen == NULL));
    enum fees_outcome outcome = fees_count(shipped.arena, version, &inputs, &lines, &count);

    if (outcome != FEES_COUNTED)
        return -1 - (int64_t)outcome;
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(lines[i].amount, lines[i].full - lines[i].reduced);
        assert_true(lines[i].reduced >= 0 && lines[i].amount >= 0);
        sum += lines[i].amount;
    }
    return sum;
}

enum { REFUSED_GROUND = -1 - FEES_UNKNOWN_GROUND, REFUSED_QUANTITY = -1 - FEES_BAD_QUANTITY };

static void each_intake_costs_what_the_tariff_says(void **state)
{
    static const struct {
        const char *about, *code, *chosen;
        unsigned channel;
        int64_t copies, pages;
        const char *ground;
        int64_t amount;
    } rows[] = {
        {"5 pages, 3 copies", "2.000815", NULL, CHANNEL_COUNTER, 3, 5, "", 21000},
        {"one copy of 5 pages", "2.000815", NULL, CHANNEL_COUNTER, 1, 5, "", 7000},
        {"300 pages: the cap", "2.000815", NULL, CHANNEL_COUNTER, 1, 300, "", 200000},
        {"the cap is for each copy", "2.000815", NULL, CHANNEL_COUNTER, 2, 300, "", 400000},
        {"just below the cap", "2.000815", NULL, CHANNEL_COUNTER, 1, 197, "", 199000},
        {"exactly the cap", "2.000815", NULL, CHANNEL_COUNTER, 1, 198, "", 200000},
        {"just above the cap", "2.000815", NULL, CHANNEL_COUNTER, 1, 199, "", 200000},
        {"one page", "2.000815", NULL, CHANNEL_COUNTER, 1, 1, "", 2000},
        {"two pages", "2.000815", NULL, CHANNEL_COUNTER, 1, 2, "", 4000},
        {"three pages", "2.000815", NULL, CHANNEL_COUNTER, 1, 3, "", 5000},
        {"nothing said: one page once", "2.000815", NULL, CHANNEL_COUNTER, 0, 0, "", 2000},
        {"extracts, each", "2.000635", NULL, CHANNEL_COUNTER, 4, 0, "", 32000},
        {"signatures, each", "2.000884", NULL, CHANNEL_COUNTER, 2, 9, "", 20000},
        {"residence at the desk", "1.004222", NULL, CHANNEL_COUNTER, 0, 0, "", 20000},
        {"residence online", "1.004222", NULL, CHANNEL_ONLINE, 0, 0, "", 10000},
        {"residence by post, as at the desk", "1.004222", NULL, CHANNEL_POST, 0, 0, "", 20000},
        {"copies do not count for a dossier", "1.004222", NULL, CHANNEL_COUNTER, 5, 0, "", 20000},
        {"residence of a child", "1.004222", NULL, CHANNEL_COUNTER, 0, 0, "CHILD", 0},
        {"household business", "1.001612", NULL, CHANNEL_COUNTER, 0, 0, "", 100000},
        {"birth on time is free", "1.001193", NULL, CHANNEL_COUNTER, 0, 0, "", 0},
        {"late birth", "1.001193", "LATE", CHANNEL_COUNTER, 0, 0, "", 8000},
        {"late birth, poor household", "1.001193", "LATE", CHANNEL_COUNTER, 0, 0, "POOR", 0},
        {"judicial record", "2.000488", NULL, CHANNEL_COUNTER, 0, 0, "", 200000},
        {"judicial record of a student", "2.000488", NULL, CHANNEL_COUNTER, 0, 0, "STUDENT", 100000},
        {"karaoke chain: the sum of three", "1.900019.H17", NULL, CHANNEL_ONLINE, 0, 0, "", 4400000},
        {"unknown ground", "1.004222", NULL, CHANNEL_COUNTER, 0, 0, "HANDSOME", REFUSED_GROUND},
        {"a ground where nothing is due", "1.001193", NULL, CHANNEL_COUNTER, 0, 0, "POOR", REFUSED_GROUND},
        {"a ground of another procedure", "1.001612", NULL, CHANNEL_COUNTER, 0, 0, "CHILD", REFUSED_GROUND},
        {"fewer than no copies", "2.000815", NULL, CHANNEL_COUNTER, -1, 1, "", REFUSED_QUANTITY},
        {"fewer than no pages", "2.000815", NULL, CHANNEL_COUNTER, 1, -1, "", REFUSED_QUANTITY},
        {"too many copies", "2.000815", NULL, CHANNEL_COUNTER, 10001, 1, "", REFUSED_QUANTITY},
        {"too many pages", "2.000815", NULL, CHANNEL_COUNTER, 1, 100001, "", REFUSED_QUANTITY},
        {"as many as may be", "2.000815", NULL, CHANNEL_COUNTER, 10000, 100000, "", INT64_C(2000000000)},
    };

    (void)state;
    for (size_t i = 0; i < array_length(rows); i++) {
        const struct procedure_version *version =
            catalogue_procedure(shipped.catalogue, text_of(rows[i].code), day_of("2026-03-02"));
        struct fee_inputs inputs = {.channel = rows[i].channel,
                                    .copies = rows[i].copies,
                                    .pages = rows[i].pages,
                                    .ground = text_of(rows[i].ground)};
        int64_t amount;

        assert_non_null(version);
        amount = pay(version, rows[i].chosen, inputs);
        if (amount != rows[i].amount)
            fail_msg("%s: %lld đồng", rows[i].about, (long long)amount);
    }
}

static void a_reduction_never_pays_out(void **state)
{
    static const struct fee_reduction reductions[] = {{.ground = {"BIG", 3}, .amount = 5000},
                                                      {.ground = {"THIRD", 5}, .percent = 33}};
    static const struct fee fees[] = {{.code = {"F", 1},
                                       .basis = FEE_PER_COPY,
                                       .amount = 2000,
                                       .online_amount = 1001,
                                       .reductions = reductions,
                                       .reduction_count = 2}};
    static const struct procedure_version version = {.fees = fees, .fee_count = 1};

    (void)state;
    assert_int_equal(pay(&version, NULL, (struct fee_inputs){.copies = 3, .ground = TEXT("BIG")}), 0);
    /* a percentage is taken off in whole đồng, rounded down */
    assert_int_equal(
        pay(&version, NULL, (struct fee_inputs){.channel = CHANNEL_ONLINE, .ground = TEXT("THIRD")}),
        1001 - 330);
}

static void a_monstrous_line_is_refused_not_overflowed(void **state)
{
    static const struct fee_tier tiers[] = {{1, 1000000000}};
    static const struct fee fees[] = {
        {.code = {"F", 1}, .basis = FEE_PER_PAGE, .online_amount = -1, .tiers = tiers, .tier_count = 1}};
    static const struct procedure_version version = {.fees = fees, .fee_count = 1};

    (void)state;
    assert_int_equal(pay(&version, NULL, (struct fee_inputs){.copies = 10000, .pages = 100000}),
                     -1 - FEES_TOO_LARGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_intake_costs_what_the_tariff_says),
        cmocka_unit_test(a_reduction_never_pays_out),
        cmocka_unit_test(a_monstrous_line_is_refused_not_overflowed),
    };

    return cmocka_run_group_tests_name("fees", tests, load, unload);
}
