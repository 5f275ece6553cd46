/* How forms write amounts, dates, counts and identity numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/instant.h"
#include "forms/form_words_rules.h"

static struct arena *arena;

static void check(struct text got, const char *wanted)
{
    assert_string_equal(text_copy(arena, got), wanted);
    assert_ptr_equal(text_nfc(arena, got).data, got.data); /* NFC already */
}

static void an_amount_reads_as_a_cashier_reads_it(void **state)
{
    static const struct {
        int64_t amount;
        const char *words;
    } rows[] = {
        {0, "Không đồng"},
        {1, "Một đồng"},
        {4, "Bốn đồng"},
        {5, "Năm đồng"},
        {10, "Mười đồng"},
        {11, "Mười một đồng"},
        {14, "Mười bốn đồng"},
        {15, "Mười lăm đồng"},
        {20, "Hai mươi đồng"},
        {21, "Hai mươi mốt đồng"},
        {24, "Hai mươi tư đồng"},
        {25, "Hai mươi lăm đồng"},
        {100, "Một trăm đồng"},
        {101, "Một trăm linh một đồng"},
        {105, "Một trăm linh năm đồng"},
        {110, "Một trăm mười đồng"},
        {111, "Một trăm mười một đồng"},
        {999, "Chín trăm chín mươi chín đồng"},
        {1000, "Một nghìn đồng"},
        {1001, "Một nghìn không trăm linh một đồng"},
        {1010, "Một nghìn không trăm mười đồng"},
        {8000, "Tám nghìn đồng"},
        {15000, "Mười lăm nghìn đồng"},
        {21000, "Hai mươi mốt nghìn đồng"},
        {105000, "Một trăm linh năm nghìn đồng"},
        {200000, "Hai trăm nghìn đồng"},
        {1000000, "Một triệu đồng"},
        {1000005, "Một triệu không trăm linh năm đồng"},
        {1005000, "Một triệu không trăm linh năm nghìn đồng"},
        {1250000, "Một triệu hai trăm năm mươi nghìn đồng"},
        {10000005, "Mười triệu không trăm linh năm đồng"},
        {31000000, "Ba mươi mốt triệu đồng"},
        {1000000000, "Một tỷ đồng"},
        {1000000001, "Một tỷ không trăm linh một đồng"},
        {1000000000000, "Một nghìn tỷ đồng"},
        {1005000000000, "Một nghìn không trăm linh năm tỷ đồng"},
        {1000000000000000000, "Một tỷ tỷ đồng"},
        {INT64_MAX, "Chín tỷ hai trăm hai mươi ba triệu ba trăm bảy mươi hai nghìn không trăm ba mươi sáu tỷ "
                    "tám trăm năm mươi tư triệu bảy trăm bảy mươi lăm nghìn tám trăm linh bảy đồng"},
    };

    (void)state;
    for (size_t i = 0; i < array_length(rows); i++)
        check(form_amount_words(arena, rows[i].amount, FORM_LINH), rows[i].words);
}

static void the_south_says_le(void **state)
{
    (void)state;
    check(form_amount_words(arena, 105000, FORM_LE), "Một trăm lẻ năm nghìn đồng");
    check(form_amount_words(arena, 115000, FORM_LE), "Một trăm mười lăm nghìn đồng");
}

static void money_has_a_dot_every_three_digits(void **state)
{
    static const struct {
        int64_t amount;
        const char *digits;
    } rows[] = {
        {0, "0"},
        {7, "7"},
        {999, "999"},
        {1000, "1.000"},
        {12345, "12.345"},
        {1250000, "1.250.000"},
        {INT64_MAX, "9.223.372.036.854.775.807"},
    };

    (void)state;
    for (size_t i = 0; i < array_length(rows); i++)
        check(form_money(arena, rows[i].amount), rows[i].digits);
}

/* NĐ 30/2020: days below 10 and the months 1 and 2 with a zero, the months 3–9 without. */
static void dates_follow_the_decree_on_layout(void **state)
{
    static const struct {
        const char *at;
        const char *date;
        const char *moment;
    } rows[] = {
        {"2026-02-05T08:05:00+07:00", "ngày 05 tháng 02 năm 2026",
         "08 giờ 05 phút, ngày 05 tháng 02 năm 2026"},
        {"2026-01-31T16:30:59+07:00", "ngày 31 tháng 01 năm 2026",
         "16 giờ 30 phút, ngày 31 tháng 01 năm 2026"},
        {"2026-03-09T00:00:00+07:00", "ngày 09 tháng 3 năm 2026", "00 giờ 00 phút, ngày 09 tháng 3 năm 2026"},
        {"2026-09-10T11:00:00+07:00", "ngày 10 tháng 9 năm 2026", "11 giờ 00 phút, ngày 10 tháng 9 năm 2026"},
        {"2026-10-01T11:00:00+07:00", "ngày 01 tháng 10 năm 2026",
         "11 giờ 00 phút, ngày 01 tháng 10 năm 2026"},
        {"2026-12-31T17:00:00Z", "ngày 01 tháng 01 năm 2027", "00 giờ 00 phút, ngày 01 tháng 01 năm 2027"},
    };

    (void)state;
    for (size_t i = 0; i < array_length(rows); i++) {
        int64_t at_s;

        assert_true(instant_parse(text_of(rows[i].at), &at_s));
        check(form_date(arena, at_s), rows[i].date);
        check(form_moment(arena, at_s), rows[i].moment);
    }
}

static void counts_below_ten_get_a_zero(void **state)
{
    (void)state;
    check(form_count(arena, 1), "01");
    check(form_count(arena, 9), "09");
    check(form_count(arena, 10), "10");
    check(form_count(arena, 125), "125");
}

static void an_identity_number_shows_its_last_three_characters(void **state)
{
    (void)state;
    check(form_masked(arena, TEXT("049190001234")), "*********234");
    check(form_masked(arena, TEXT("C1234567")), "*****567");
    check(form_masked(arena, TEXT("1234")), "*234");
    check(form_masked(arena, TEXT("123")), "***");
}

static int setup(void **state)
{
    (void)state;
    arena = arena_create(1 << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_destroy(arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_amount_reads_as_a_cashier_reads_it),
        cmocka_unit_test(the_south_says_le),
        cmocka_unit_test(money_has_a_dot_every_three_digits),
        cmocka_unit_test(dates_follow_the_decree_on_layout),
        cmocka_unit_test(counts_below_ten_get_a_zero),
        cmocka_unit_test(an_identity_number_shows_its_last_three_characters),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
