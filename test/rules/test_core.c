/* The ground the rooms stand on: arenas, text, instants. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/arena.h"
#include "core/instant.h"
#include "core/text.h"
#include "core/text_out.h"

enum { ARENA_BYTES = 4 << 20 };

static char ended[16];

static void end_one(void *letter)
{
    strncat(ended, letter, 1);
}

static void test_an_arena_ends_in_reverse(void **state)
{
    static char a[] = "a", b[] = "b", c[] = "c";
    struct arena *const arena = arena_create(ARENA_BYTES);

    (void)state;
    ended[0] = '\0';
    arena_on_end(arena, end_one, a);
    arena_on_end(arena, end_one, b);
    arena_reset(arena);
    assert_string_equal(ended, "ba");
    arena_reset(arena); /* once, and not again */
    assert_string_equal(ended, "ba");
    arena_on_end(arena, end_one, c);
    arena_destroy(arena);
    assert_string_equal(ended, "bac");
    arena_destroy(NULL);
}

static void test_an_arena_gives_zeroed_aligned_memory(void **state)
{
    struct arena *const arena = arena_create(ARENA_BYTES);

    (void)state;
    for (int turn = 0; turn < 3; turn++) {
        for (size_t size = 0; size < 20000; size = size * 2 + 1) {
            unsigned char *const memory = arena_alloc(arena, size);

            assert_int_equal((uintptr_t)memory % _Alignof(max_align_t), 0);
            for (size_t i = 0; i < size; i++)
                assert_int_equal(memory[i], 0);
            memset(memory, 0xAA, size);
        }
        assert_true(arena_bytes(arena) > 30000);
        arena_reset(arena);
        assert_int_equal(arena_bytes(arena), 0);
    }
    assert_string_equal(arena_printf(arena, "%s %d", "hồ sơ", 7), "hồ sơ 7");
    assert_string_equal(arena_copy(arena, "abc", 2), "ab");
    assert_string_equal(arena_copy(arena, NULL, 0), "");
    arena_destroy(arena);
}

/* True when doing it ends the process by abort(). */
static bool aborts(void (*act)(void))
{
    pid_t const child = fork();
    int status = 0;

    if (child == 0) {
        fclose(stderr);
        act();
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void fill_to_the_brim(void)
{
    struct arena *const arena = arena_create(64);

    arena_alloc(arena, 64);
    arena_destroy(arena);
}

static void run_over(void)
{
    struct arena *const arena = arena_create(64);

    arena_alloc(arena, 48);
    arena_alloc(arena, 17);
    arena_destroy(arena);
}

static void ask_for_everything(void)
{
    arena_alloc(arena_create(64), SIZE_MAX);
}

static void claim_what_is_false(void)
{
    must(1 + 1 == 3);
}

static void test_what_ends_the_process(void **state)
{
    (void)state;
    assert_false(aborts(fill_to_the_brim));
    assert_true(aborts(run_over));
    assert_true(aborts(ask_for_everything));
    assert_true(aborts(claim_what_is_false));
}

static void test_text_is_cut_and_trimmed(void **state)
{
    struct text rest;
    int64_t value = 5;

    (void)state;
    assert_true(text_equal(text_cut(TEXT("a=b=c"), '=', &rest), TEXT("a")) && text_equal(rest, TEXT("b=c")));
    assert_true(text_equal(text_cut(TEXT("a="), '=', &rest), TEXT("a")) && rest.data != NULL &&
                rest.length == 0);
    assert_true(text_equal(text_cut(TEXT("a"), '=', &rest), TEXT("a")) && rest.data == NULL);
    assert_true(text_equal(text_trim(TEXT(" \t\r\na b\n ")), TEXT("a b")) &&
                text_trim(TEXT(" \n")).length == 0);
    assert_true(text_equal_fold(TEXT("Content-LENGTH"), TEXT("content-length")));
    assert_false(text_equal_fold(TEXT("Đ"), TEXT("đ")));
    assert_false(text_equal_fold(TEXT("["), TEXT("{"))); /* 0x20 apart, and no letters */
    assert_true(text_starts(TEXT("abc"), TEXT("ab")) && !text_starts(TEXT("a"), TEXT("ab")));
    assert_true(text_to_i64(TEXT("999999999999999999"), &value) && value == 999999999999999999);
    assert_false(text_to_i64(TEXT("1000000000000000000"), &value) || text_to_i64(TEXT(""), &value) ||
                 text_to_i64(TEXT("-1"), &value) || text_to_i64(TEXT("1 "), &value) ||
                 text_to_i64(TEXT_NONE, &value));
    assert_int_equal(value, 999999999999999999);
}

/* What a keyboard of one maker sends must be found by what another one's sends. */
static void test_names_have_one_spelling(void **state)
{
    static const struct {
        const char *given, *nfc;
        size_t points;
    } rows[] = {
        {"Nguye\xCC\x82\xCC\x83n", "Nguy\xE1\xBB\x85n", 6}, /* e, circumflex, tilde */
        {"Nguy\xC3\xAA\xCC\x83n", "Nguy\xE1\xBB\x85n", 6},  /* ê, tilde */
        {"Nguy\xE1\xBB\x85n", "Nguy\xE1\xBB\x85n", 6},
        {"Ho\xCC\x80"
         "a Bi\xCC\x80nh",
         "H\xC3\xB2"
         "a B\xC3\xACnh",
         8},
        {"\xC4\x90\xE1\xBB\x87", "\xC4\x90\xE1\xBB\x87", 2}, /* Đệ */
        {"abc", "abc", 3},
        {"", "", 0},
    };
    static const char *const printable[] = {"", "Nguy\xE1\xBB\x85n\t1\r\n", "\xF0\x9F\x98\x80",
                                            "\xEF\xBF\xBD"};
    static const char *const unprintable[] = {
        "a\x1B[2J",      "\x7F",         "\xC2\x85",     "\xE2\x80\xA8",
        "a\xE2\x80\xAE", "\xE2\x81\xA6", "\xEF\xB7\x90", "\xEF\xBF\xBF",
    };
    struct arena *const arena = arena_create(ARENA_BYTES);

    (void)state;
    for (size_t i = 0; i < array_length(rows); i++) {
        struct text const nfc = text_nfc(arena, text_of(rows[i].given));

        assert_true(text_equal(nfc, text_of(rows[i].nfc)));
        assert_int_equal(text_points(nfc), rows[i].points);
        assert_true(text_nfc(arena, nfc).data == nfc.data); /* the same slice the second time */
    }
    assert_true(text_is_utf8(TEXT("Nguyễn")) && text_is_utf8(TEXT_NONE));
    assert_false(text_is_utf8(TEXT("a\0b")) || text_is_utf8(TEXT("\xC0\x80")) ||
                 text_is_utf8(TEXT("\xED\xA0\x80")) || text_is_utf8(TEXT("\xE1\xBB")));
    for (size_t i = 0; i < array_length(printable); i++)
        assert_true(text_is_printable(text_of(printable[i])));
    for (size_t i = 0; i < array_length(unprintable); i++)
        assert_false(text_is_printable(text_of(unprintable[i])));
    arena_destroy(arena);
}

static void test_text_grows(void **state)
{
    struct arena *const arena = arena_create(ARENA_BYTES);
    struct text_out out = text_out_begin(arena);

    (void)state;
    assert_string_equal(text_out_end(&out).data, "");
    for (int i = 0; i < 10000; i++) {
        text_out_byte(&out, (char)('a' + i % 26));
        text_out_put(&out, TEXT_NONE);
    }
    text_out_i64(&out, INT64_MIN);
    for (int i = 0; i < 10000; i++)
        assert_int_equal(text_out_end(&out).data[i], 'a' + i % 26);
    assert_string_equal(text_out_end(&out).data + 10000, "-9223372036854775808");
    arena_destroy(arena);
}

static void test_real_days_and_others(void **state)
{
    static const struct {
        const char *text;
        bool is_day;
    } rows[] = {
        {"2024-02-29", true},  {"2000-02-29", true},   {"1990-01-01", true},   {"2100-12-31", true},
        {"2096-02-29", true},  {"2023-02-29", false},  {"2100-02-29", false},  {"2026-04-31", false},
        {"2026-13-01", false}, {"2026-00-10", false},  {"2026-01-00", false},  {"2026-01-32", false},
        {"1989-12-31", false}, {"2101-01-01", false},  {"2026-1-1", false},    {"26-01-01", false},
        {"2026/01/01", false}, {"2026-01-01 ", false}, {" 2026-01-01", false}, {"2026-01-01T", false},
        {"", false},           {"2026-01", false},     {"2026-0a-01", false},  {"01/02/2026", false},
        {"-026-01-01", false},
    };
    char buffer[INSTANT_TEXT_BYTES];

    (void)state;
    for (size_t i = 0; i < array_length(rows); i++) {
        int32_t day = 12345;

        assert_int_equal(day_parse(text_of(rows[i].text), &day), rows[i].is_day);
        if (rows[i].is_day)
            assert_string_equal(day_format(buffer, day), rows[i].text);
        else
            assert_int_equal(day, 12345);
    }
}

/* Two centuries day by day: no day left out, none twice, and the week goes on. */
static void test_the_calendar_has_no_holes(void **state)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int32_t day = day_from_civil(1900, 1, 1);
    int weekday = 0; /* a Monday */

    (void)state;
    for (int year = 1900; year <= 2100; year++)
        for (int month = 1; month <= 12; month++) {
            bool const is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
            int const length = lengths[month - 1] + (month == 2 && is_leap ? 1 : 0);

            for (int date = 1; date <= length; date++, day++, weekday = (weekday + 1) % 7) {
                int y, m, d;

                assert_int_equal(day_from_civil(year, month, date), day);
                day_to_civil(day, &y, &m, &d);
                assert_true(y == year && m == month && d == date);
                assert_int_equal(day_weekday(day), weekday);
            }
        }
    assert_int_equal(day_from_civil(1970, 1, 1), 0);
}

static void test_instants(void **state)
{
    static const struct {
        const char *text;
        int64_t at_s; /* -1: refused */
        const char *local;
    } rows[] = {
        {"2026-03-05T17:00:00+07:00", 1772704800, "2026-03-05T17:00:00+07:00"},
        {"2026-03-05T10:00:00Z", 1772704800, "2026-03-05T17:00:00+07:00"},
        {"2026-03-05T10:00:00.999999999Z", 1772704800, "2026-03-05T17:00:00+07:00"},
        {"2026-03-05T05:00:00-05:00", 1772704800, "2026-03-05T17:00:00+07:00"},
        {"2026-03-05T15:30:00+05:30", 1772704800, "2026-03-05T17:00:00+07:00"},
        {"2023-12-31T17:00:00Z", 1704042000, "2024-01-01T00:00:00+07:00"},
        {"2024-02-28T16:59:59Z", 1709139599, "2024-02-28T23:59:59+07:00"},
        {"2024-02-28T17:00:00Z", 1709139600, "2024-02-29T00:00:00+07:00"},
        {"2026-03-05T17:00:00", -1, NULL},
        {"2026-03-05 17:00:00Z", -1, NULL},
        {"2026-03-05T17:00Z", -1, NULL},
        {"2026-03-05T24:00:00Z", -1, NULL},
        {"2026-03-05T17:60:00Z", -1, NULL},
        {"2026-03-05T17:00:60Z", -1, NULL},
        {"2026-03-05T17:00:00z", -1, NULL},
        {"2026-03-05t17:00:00Z", -1, NULL},
        {"2026-02-29T17:00:00Z", -1, NULL},
        {"2026-03-05T17:00:00.Z", -1, NULL},
        {"2026-03-05T17:00:00.1234567890Z", -1, NULL},
        {"2026-03-05T17:00:00+0700", -1, NULL},
        {"2026-03-05T17:00:00+07", -1, NULL},
        {"2026-03-05T17:00:00+15:00", -1, NULL},
        {"2026-03-05T17:00:00+07:60", -1, NULL},
        {"2026-03-05T17:00:00Z ", -1, NULL},
        {"2026-03-05", -1, NULL},
        {"", -1, NULL},
    };
    char buffer[INSTANT_TEXT_BYTES];

    (void)state;
    for (size_t i = 0; i < array_length(rows); i++) {
        int64_t at_s = -1;

        assert_int_equal(instant_parse(text_of(rows[i].text), &at_s), rows[i].at_s != -1);
        assert_int_equal(at_s, rows[i].at_s);
        if (rows[i].local == NULL)
            continue;
        assert_string_equal(instant_format(buffer, at_s), rows[i].local);
        assert_int_equal(instant_at(instant_day(at_s), instant_second_of_day(at_s)), at_s);
    }
    assert_string_equal(instant_format(buffer, -25201),
                        "1969-12-31T23:59:59+07:00"); /* before the epoch's own day */
    assert_int_equal(instant_day(-25201), -1);
    assert_int_equal(instant_second_of_day(-25201), 86399);
}

static void test_a_name_is_seen_and_compared_as_people_do(void **state)
{
    static const struct {
        const char *a, *b;
        bool is_same;
    } names[] = {
        {"Nguyễn Văn Đức", "NGUYỄN VĂN ĐỨC", true},
        {"nguyễn  văn\t đức ", "Nguyễn Văn Đức", true},
        {"Nguyễn\u00a0Văn\u200b Đức", "Nguyễn Văn Đức", true},
        {"\ufeffNguye\u0302\u0303n Va\u0306n Đu\u031b\u0301c", "nguyễn văn đức", true},
        {"Ỷ Ơ Ư Ẵ", "ỷ ơ ư ẵ", true},
        {"Nguyễn Văn Hùng", "Nguyễn Văn Hưng", false},
        {"Nguyen Van Duc", "Nguyễn Văn Đức", false},
        {"Nguyễn VănĐức", "Nguyễn Văn Đức", false},
        {"", "Nguyễn", false},
    };
    static const char *const invisible[] = {
        "", " ", "\u200b", "\ufeff", "\u00a0", "\u00ad\u2060 \u200d", "\u3000\u3164"};
    struct arena *arena = arena_create(4096);

    (void)state;
    for (size_t i = 0; i < array_length(names); i++)
        assert_int_equal(text_is_same_name(arena, text_of(names[i].a), text_of(names[i].b)),
                         names[i].is_same);
    for (size_t i = 0; i < array_length(invisible); i++)
        assert_false(text_is_visible(text_of(invisible[i])));
    assert_true(text_is_visible(TEXT("\u200bA")));
    assert_true(text_equal(text_words(arena, TEXT(" \u200b Trần \u00a0 \u200b Thị\u200bBình \n")),
                           TEXT("Trần ThịBình")));
    assert_int_equal(text_words(arena, TEXT(" \u200b ")).length, 0);
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_arena_ends_in_reverse),
        cmocka_unit_test(test_an_arena_gives_zeroed_aligned_memory),
        cmocka_unit_test(test_what_ends_the_process),
        cmocka_unit_test(test_text_is_cut_and_trimmed),
        cmocka_unit_test(test_a_name_is_seen_and_compared_as_people_do),
        cmocka_unit_test(test_names_have_one_spelling),
        cmocka_unit_test(test_text_grows),
        cmocka_unit_test(test_real_days_and_others),
        cmocka_unit_test(test_the_calendar_has_no_holes),
        cmocka_unit_test(test_instants),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
