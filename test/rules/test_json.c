/* What comes in as JSON is exactly RFC 8259, within its limits, and in time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <cmocka.h>

#include "core/json.h"
#include "core/text_out.h"

enum { ARENA_BYTES = 64 << 20 };

struct promise {
    struct text source;
    enum json_fault fault;
    int offset; /* of the fault; -1: not looked at */
};

/* clang-format off */
#define GIVES_AT(fault_, offset_, literal_) {{(literal_), sizeof(literal_) - 1}, JSON_FAULT_##fault_, offset_}
#define GIVES(fault_, literal_) GIVES_AT(fault_, -1, literal_)
#define TAKES(literal_) {{(literal_), sizeof(literal_) - 1}, JSON_OK, -1}

static const struct promise promises[] = {
    /* values */
    TAKES("{}"), TAKES("[]"), TAKES("\"\""), TAKES("true"), TAKES("false"), TAKES("null"), TAKES("0"),
    TAKES(" \t\r\n{ \"a\" : [ 1 , 2 ] } \n"), TAKES("[[],{},\"\",0,null]"), TAKES("{\"\":1}"),
    TAKES("{\"a\":{\"a\":{\"a\":1}},\"b\":{\"a\":1}}"), TAKES("[{\"a\":1},{\"a\":2}]"),
    TAKES("{\"họ_tên\":\"Nguyễn Văn Đệ\"}"), TAKES("\"\xF0\x9F\x98\x80\""), TAKES("\"\x7F\""),
    TAKES("\"\xEF\xBF\xBF\""), TAKES("\"\xF4\x8F\xBF\xBF\""), TAKES("\"\xED\x9F\xBF\xEE\x80\x80\""),
    /* nothing, or not all of it */
    GIVES_AT(EMPTY, 0, ""), GIVES_AT(EMPTY, 3, " \n\t"), GIVES_AT(SYNTAX, 1, "{"), GIVES_AT(SYNTAX, 1, "["),
    GIVES_AT(SYNTAX, 1, "\""), GIVES(SYNTAX, "\"a"), GIVES(SYNTAX, "[1"), GIVES(SYNTAX, "[1,"),
    GIVES(SYNTAX, "{\"a\""), GIVES(SYNTAX, "{\"a\":"), GIVES(SYNTAX, "{\"a\":1"),
    GIVES(SYNTAX, "{\"a\":1,"), GIVES(SYNTAX, "tru"), GIVES(SYNTAX, "t"), GIVES(SYNTAX, "nul"),
    GIVES(SYNTAX, "fals"), GIVES(SYNTAX, "-"), GIVES(SYNTAX, "\"\\"), GIVES(SYNTAX, "[\"a\",\"b"),
    GIVES(SYNTAX, "[[[[[["), GIVES(SYNTAX, "{\"a\":[{"),
    /* grammar */
    GIVES(SYNTAX, "]"), GIVES(SYNTAX, "}"), GIVES(SYNTAX, ","), GIVES(SYNTAX, ":"), GIVES(SYNTAX, "[,]"),
    GIVES(SYNTAX, "[1,]"), GIVES(SYNTAX, "[,1]"), GIVES(SYNTAX, "[1 2]"), GIVES(SYNTAX, "[1,,2]"),
    GIVES(SYNTAX, "[1}"), GIVES(SYNTAX, "{]"), GIVES(SYNTAX, "{,}"), GIVES(SYNTAX, "{\"a\":1,}"),
    GIVES(SYNTAX, "{\"a\" 1}"), GIVES(SYNTAX, "{\"a\":}"), GIVES(SYNTAX, "{\"a\"}"), GIVES(SYNTAX, "{a:1}"),
    GIVES(SYNTAX, "{'a':1}"), GIVES(SYNTAX, "{1:1}"), GIVES(SYNTAX, "{null:1}"),
    GIVES(SYNTAX, "{\"a\":1 \"b\":2}"), GIVES(SYNTAX, "{\"a\":1;}"), GIVES(SYNTAX, "{\"a\"::1}"),
    GIVES(SYNTAX, "'a'"), GIVES(SYNTAX, "True"), GIVES(SYNTAX, "NULL"), GIVES(SYNTAX, "undefined"),
    GIVES(SYNTAX, "NaN"), GIVES(SYNTAX, "Infinity"), GIVES(SYNTAX, "-Infinity"), GIVES(SYNTAX, "/* */1"),
    GIVES(SYNTAX, "// x\n1"), GIVES(SYNTAX, "[1,//x\n2]"), GIVES(SYNTAX, "#"), GIVES(SYNTAX, "a"),
    GIVES(SYNTAX, "[a]"),
    /* behind the value */
    GIVES_AT(TRAILING, 7, "{\"a\":1}xyz"), GIVES(TRAILING, "{}{}"), GIVES(TRAILING, "1 2"),
    GIVES(TRAILING, "[]]"), GIVES(TRAILING, "{}}"), GIVES(TRAILING, "truex"), GIVES(TRAILING, "\"a\"\"b\""),
    GIVES(TRAILING, "1,"), GIVES(TRAILING, "nullnull"), GIVES(TRAILING, "1/**/"), GIVES(TRAILING, "{}\x1A"),
    GIVES(TRAILING, "{}\xEF\xBB\xBF"),
    /* what passes for a blank elsewhere */
    GIVES(SYNTAX, "\xEF\xBB\xBF{}"), GIVES(SYNTAX, "\x01{}"), GIVES(SYNTAX, "[\x0B" "1]"),
    GIVES(SYNTAX, "[\x0C" "1]"), GIVES(SYNTAX, "[1\x1F]"), GIVES(SYNTAX, "\xC2\xA0" "1"),
    GIVES(SYNTAX, "[\xE2\x80\xA8]"), GIVES(SYNTAX, "\xFF"), GIVES(TRAILING, "1\x0B"),
    /* NUL, in whatever dress */
    GIVES_AT(NUL, 0, "\0"), GIVES(NUL, "{}\0"), GIVES(NUL, "\0{}"), GIVES(NUL, "\"a\0b\""),
    GIVES(NUL, "[1,\0]"), GIVES(NUL, "{\0}"), GIVES(NUL, "[1\0]"), GIVES(NUL, "{\"a\"\0:1}"),
    GIVES(NUL, "\"\\u0000\""), GIVES(NUL, "{\"a\\u0000b\":1}"), GIVES(NUL, "-\0"), GIVES(NUL, "1.\0"),
    GIVES(NUL, "1 \0 2"),
    /* control characters */
    GIVES_AT(CONTROL, 2, "\"a\nb\""), GIVES(CONTROL, "\"\t\""), GIVES(CONTROL, "\"\r\""),
    GIVES(CONTROL, "\"\x01\""), GIVES(CONTROL, "\"\x1F\""), GIVES(CONTROL, "{\"a\nb\":1}"),
    /* escapes */
    TAKES("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), TAKES("\"\\u00e9\\u00E9\\u1ec5\""),
    TAKES("\"\\uD83D\\uDE00\""), TAKES("\"\\ud83d\\ude00\""), TAKES("\"\\uFFFF\""), TAKES("\"\\u0001\""),
    TAKES("\"\\uDBFF\\uDFFF\""), GIVES_AT(ESCAPE, 1, "\"\\x41\""), GIVES(ESCAPE, "\"\\a\""),
    GIVES(ESCAPE, "\"\\0\""), GIVES(ESCAPE, "\"\\'\""), GIVES(ESCAPE, "\"\\U0041\""),
    GIVES(ESCAPE, "\"\\u\""), GIVES(ESCAPE, "\"\\u1\""), GIVES(ESCAPE, "\"\\u12\""),
    GIVES(ESCAPE, "\"\\u123\""), GIVES(ESCAPE, "\"\\u12G4\""), GIVES(ESCAPE, "\"\\u+123\""),
    GIVES(ESCAPE, "\"\\u 123\""), GIVES(ESCAPE, "\"\\u12"), GIVES(ESCAPE, "\"\\\n\""),
    GIVES(ESCAPE, "\"\\\xC3\xA9\""), GIVES(ESCAPE, "\"\\uD800\""), GIVES(ESCAPE, "\"\\uDBFF\""),
    GIVES(ESCAPE, "\"\\uDC00\""), GIVES(ESCAPE, "\"\\uDFFF\""), GIVES(ESCAPE, "\"\\uD800x\""),
    GIVES(ESCAPE, "\"\\uD800\\n\""), GIVES(ESCAPE, "\"\\uD800\\u0041\""),
    GIVES(ESCAPE, "\"\\uD800\\uD800\""), GIVES(ESCAPE, "\"\\uDC00\\uD800\""),
    GIVES(ESCAPE, "\"\\uD800\\u\""), GIVES(ESCAPE, "\"\\uD800\\uDC"), GIVES(ESCAPE, "{\"\\uD800\":1}"),
    /* UTF-8: alone, cut, overlong, surrogates, beyond U+10FFFF */
    GIVES_AT(UTF8, 1, "\"\x80\""), GIVES(UTF8, "\"\xBF\""), GIVES(UTF8, "\"\xC3\""),
    GIVES(UTF8, "\"\xE1\xBB\""), GIVES(UTF8, "\"\xE1\xBB"), GIVES(UTF8, "\"\xF0\x9F\x98\""),
    GIVES(UTF8, "\"\xC3\x28\""), GIVES(UTF8, "\"\xE1\x28\xA1\""), GIVES(UTF8, "\"\xC0\x80\""),
    GIVES(UTF8, "\"\xC0\xAF\""), GIVES(UTF8, "\"\xC1\xBF\""), GIVES(UTF8, "\"\xE0\x80\x80\""),
    GIVES(UTF8, "\"\xE0\x9F\xBF\""), GIVES(UTF8, "\"\xF0\x80\x80\x80\""),
    GIVES(UTF8, "\"\xF0\x8F\xBF\xBF\""), GIVES(UTF8, "\"\xED\xA0\x80\""), GIVES(UTF8, "\"\xED\xBF\xBF\""),
    GIVES(UTF8, "\"\xF4\x90\x80\x80\""), GIVES(UTF8, "\"\xF5\x80\x80\x80\""),
    GIVES(UTF8, "\"\xF8\x88\x80\x80\x80\""), GIVES(UTF8, "\"\xFE\""), GIVES(UTF8, "\"\xFF\""),
    GIVES(UTF8, "{\"\xFF\":1}"), GIVES(UTF8, "\"Nguy\xEAn\""),
    /* numbers */
    TAKES("1"), TAKES("-1"), TAKES("10"), TAKES("999999999999999"), TAKES("-999999999999999"),
    TAKES("[0,0]"), GIVES(SYNTAX, "01"), GIVES(SYNTAX, "00"), GIVES(SYNTAX, "-01"), GIVES(SYNTAX, "[007]"),
    GIVES(SYNTAX, "+1"), GIVES(SYNTAX, ".5"), GIVES(SYNTAX, "-.5"), GIVES(SYNTAX, "5."),
    GIVES(SYNTAX, "[5.]"), GIVES(SYNTAX, "5.e1"), GIVES(SYNTAX, "1e"), GIVES(SYNTAX, "1e+"),
    GIVES(SYNTAX, "1E-"), GIVES(SYNTAX, "--1"), GIVES(SYNTAX, "-a"), GIVES(SYNTAX, "[1a]"),
    GIVES(SYNTAX, "[0x10]"), GIVES(SYNTAX, "[1_000]"), GIVES(NUMBER, "[1.5.5]"), GIVES(NUMBER, "[1e5e5]"),
    GIVES(SYNTAX, "\xEF\xBC\x91"), GIVES_AT(NUMBER, 1, "[-0]"), GIVES(NUMBER, "-0"), GIVES(NUMBER, "1.5"),
    GIVES(NUMBER, "1.0"), GIVES(NUMBER, "0.0"), GIVES(NUMBER, "1e2"), GIVES(NUMBER, "1E2"),
    GIVES(NUMBER, "1e400"), GIVES(NUMBER, "-1e400"), GIVES(NUMBER, "1e-400"), GIVES(NUMBER, "-0.0"),
    GIVES(NUMBER, "1000000000000000"), GIVES(NUMBER, "-1000000000000000"),
    GIVES(NUMBER, "9007199254740993"), GIVES(NUMBER, "123456789012345678"),
    GIVES(NUMBER, "18446744073709551616"),
    GIVES(NUMBER, "1000000000000000000000000000000000000000000000000000000000000000000000"),
    /* a key twice, however it is spelt */
    GIVES_AT(DUPLICATE, 7, "{\"a\":1,\"a\":2}"), GIVES(DUPLICATE, "{\"a\":1,\"b\":2,\"a\":1}"),
    GIVES(DUPLICATE, "{\"a\":1,\"\\u0061\":2}"), GIVES(DUPLICATE, "{\"\\u0061\":1,\"a\":2}"),
    GIVES(DUPLICATE, "{\"\\u00e9\":1,\"\xC3\xA9\":2}"),
    GIVES(DUPLICATE, "{\"\\uD83D\\uDE00\":1,\"\xF0\x9F\x98\x80\":2}"),
    GIVES(DUPLICATE, "{\"\\/\":1,\"/\":2}"), GIVES(DUPLICATE, "{\"\\n\":1,\"\\u000a\":2}"),
    GIVES(DUPLICATE, "{\"\":1,\"\":2}"), GIVES(DUPLICATE, "[{\"x\":{\"a\":1,\"a\":2}}]"),
    GIVES(DUPLICATE, "{\"a\":{\"b\":1},\"a\":2}"),
    GIVES(DUPLICATE, "{\"\\u0061b\":{\"\\u0063\":1},\"a\\u0062\":2}"), TAKES("{\"a\":1,\"A\":2}"),
    TAKES("{\"a\":1,\"a \":2}"), TAKES("{\"\xC3\xA9\":1,\"e\xCC\x81\":2}"),
    TAKES("{\"\\\\u0061\":1,\"a\":2}"), TAKES("{\"\\u0061\":{\"a\":1},\"b\":{\"\\u0061\":1}}"),
};

/* Where fractions are taken: no more digits than a double keeps, and no exponent that could leave it. */
static const struct promise file_promises[] = {
    TAKES("1.5"), TAKES("0.25"), TAKES("-0.5"), TAKES("1e2"), TAKES("1E+2"), TAKES("1e-2"), TAKES("0.0"),
    TAKES("0e5"), TAKES("1e200"), TAKES("0.000000000000000000000000001"), TAKES("12345.6789012345"),
    TAKES("999999999999999"), GIVES(NUMBER, "1e201"), GIVES(NUMBER, "1e400"), GIVES(NUMBER, "1e-400"),
    GIVES(NUMBER, "1e99999999999999999999"), GIVES(NUMBER, "-0"), GIVES(NUMBER, "-0.0"),
    GIVES(NUMBER, "-0e1"), GIVES(NUMBER, "1.234567890123456"), GIVES(NUMBER, "1000000000000000"),
    GIVES(SYNTAX, "01.5"), GIVES(SYNTAX, "[1.5.5]"), GIVES(SYNTAX, "[1e5e5]"), GIVES(SYNTAX, "5."),
    GIVES(SYNTAX, ".5"), GIVES(NUMBER, "0.00000000000000000000000000000000000000000000000000000000000001"),
};

/* clang-format on */

static void keep(const struct promise *promise, const struct json_limits *limits)
{
    /* A copy of exactly that size, so that a sanitizer sees one byte read too many. */
    char *const bytes = malloc(promise->source.length > 0 ? promise->source.length : 1);
    struct arena *const arena = arena_create(ARENA_BYTES);
    struct text const source = {bytes, promise->source.length};
    struct json_result result;
    size_t offset;

    memcpy(bytes, promise->source.data, source.length);
    result = json_parse(arena, source, limits);
    if (result.fault != promise->fault || (promise->offset >= 0 && result.offset != (size_t)promise->offset))
        fail_msg("`%.*s`: %s at %zu, not %s", TEXT_ARG(promise->source), json_fault_name(result.fault),
                 result.offset, json_fault_name(promise->fault));
    assert_int_equal(result.root != NULL, result.fault == JSON_OK);
    assert_int_equal(json_check(source, limits, &offset), result.fault);
    assert_int_equal(offset, result.offset);
    arena_destroy(arena);
    free(bytes);
}

static void test_each_text_gives_its_fault(void **state)
{
    (void)state;
    assert_true(array_length(promises) >= 120);
    for (size_t i = 0; i < array_length(promises); i++)
        keep(&promises[i], &json_limits_body);
    for (size_t i = 0; i < array_length(file_promises); i++)
        keep(&file_promises[i], &json_limits_file);
}

/* Every proper beginning of a faultless text is a fault, and none reads past its end. */
static void test_cut_anywhere_is_a_fault(void **state)
{
    static const char whole[] =
        "{\"a\\u1ec5\":[1,-23,\"\\uD83D\\uDE00 ễ\",true,false,null],\"b\":{\"c\":\"\\n\"}}";

    (void)state;
    for (size_t length = 0; length < sizeof whole - 1; length++) {
        char *const bytes = malloc(length + 1);
        size_t offset;

        memcpy(bytes, whole, length);
        if (json_check((struct text){bytes, length}, &json_limits_body, &offset) == JSON_OK)
            fail_msg("cut at %zu is taken", length);
        assert_true(offset <= length);
        free(bytes);
    }
}

static struct text repeated(struct arena *arena, const char *before, const char *each, size_t count,
                            const char *after)
{
    struct text_out out = text_out_begin(arena);

    text_out_put(&out, text_of(before));
    for (size_t i = 0; i < count; i++)
        text_out_put(&out, text_of(each));
    text_out_put(&out, text_of(after));
    return text_out_end(&out);
}

static struct text with_keys(struct arena *arena, size_t count, const char *value)
{
    struct text_out out = text_out_begin(arena);

    for (size_t i = 0; i < count; i++)
        text_out_put(&out, text_of(arena_printf(arena, "%s\"k%zu\":%s", i == 0 ? "{" : ",", i, value)));
    text_out_put(&out, TEXT("}"));
    return text_out_end(&out);
}

static void check(struct text source, enum json_fault fault)
{
    size_t offset;

    assert_string_equal(json_fault_name(json_check(source, &json_limits_body, &offset)),
                        json_fault_name(fault));
}

static void test_limits_hold_to_the_unit(void **state)
{
    struct arena *const arena = arena_create(ARENA_BYTES);
    struct text const inner = repeated(arena, "", "]", 15, "");

    (void)state;
    check(repeated(arena, "[", "[", 15, repeated(arena, "]", "]", 15, "").data), JSON_OK);
    check(repeated(arena, "[", "[", 16, repeated(arena, "]", "]", 16, "").data), JSON_FAULT_DEPTH);
    check(repeated(arena, "[", "{\"a\":", 15, repeated(arena, "1", "}", 15, "]").data), JSON_OK);
    check(repeated(arena, "[", "{\"a\":", 16, repeated(arena, "1", "}", 16, "]").data), JSON_FAULT_DEPTH);
    check(repeated(arena, "", "[", 100000, inner.data), JSON_FAULT_DEPTH);
    check(repeated(arena, "[1", ",1", 9998, "]"), JSON_OK); /* with the array: 10,000 */
    check(repeated(arena, "[1", ",1", 9999, "]"), JSON_FAULT_COUNT);
    check(with_keys(arena, 64, "1"), JSON_OK);
    check(with_keys(arena, 65, "1"), JSON_FAULT_COUNT);
    /* What is closed counts no more. */
    check(repeated(arena, "[[]", ",[{}]", 3000, "]"), JSON_OK);
    check(with_keys(arena, 64, with_keys(arena, 64, "1").data), JSON_OK);
    check(repeated(arena, "\"", "a", 65536, "\""), JSON_OK);
    check(repeated(arena, "\"", "a", 65537, "\""), JSON_FAULT_STRING);
    check(repeated(arena, "\"", "\\u0061", 65536, "\""), JSON_OK); /* counted as it stands for */
    check(repeated(arena, "\"", "\\u0061", 65537, "\""), JSON_FAULT_STRING);
    check(repeated(arena, "\"a", "\\uD83D\\uDE00", 16383, "\""), JSON_OK);
    check(repeated(arena, "\"a", "\\uD83D\\uDE00", 16384, "\""), JSON_FAULT_STRING);
    check(repeated(arena, "\"aa", "ễ", 21845, "\""), JSON_FAULT_STRING);
    check(repeated(arena, "\"a", "ễ", 21845, "\""), JSON_OK);
    check(repeated(arena, "{\"", "k", 65537, "\":1}"), JSON_FAULT_STRING);
    arena_destroy(arena);
}

static double now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* 63 keys that differ only at the end, then the same with escapes: the dearest comparing that 1 MiB can buy.
 */
static struct text rivals(struct arena *arena, const char *letter, size_t letters)
{
    struct text_out out = text_out_begin(arena);
    struct text const prefix = repeated(arena, "", letter, letters, "");

    for (int i = 0; i < 63; i++) {
        text_out_put(&out, i == 0 ? TEXT("{\"") : TEXT(",\""));
        text_out_put(&out, prefix);
        text_out_put(&out, text_of(arena_printf(arena, "%02d\":1", i)));
    }
    text_out_put(&out, TEXT("}"));
    return text_out_end(&out);
}

static struct text strings_of_a_mebibyte(struct arena *arena, const char *each, size_t count)
{
    struct text_out out = text_out_begin(arena);

    for (int i = 0; i < 16; i++) {
        text_out_put(&out, i == 0 ? TEXT("[\"") : TEXT(",\""));
        text_out_put(&out, repeated(arena, "", each, count, "\""));
    }
    text_out_put(&out, TEXT("]"));
    return text_out_end(&out);
}

/* Whatever a mebibyte holds, it is checked and read in 50 ms; sanitized builds are given ten times as long.
 */
static void test_a_mebibyte_is_quick(void **state)
{
    struct arena *const arena = arena_create((size_t)ARENA_BYTES * 4);
    struct text const bodies[] = {
        repeated(arena, "[", " ", 1 << 20, "]"),
        repeated(arena, "[\"ab\"", ",\"Nguyễn Văn An, xã Hòa Bình, tỉnh Đồng Nai, số 12 đường Lê Lợi, ấp 3\"",
                 9998, "]"),
        strings_of_a_mebibyte(arena, "a", 65500),
        strings_of_a_mebibyte(arena, "ễ", 21800),
        strings_of_a_mebibyte(arena, "\\n", 32700),
        strings_of_a_mebibyte(arena, "\\u1ec5", 10900),
        rivals(arena, "k", 16000),
        rivals(arena, "\\u006b", 2700),
        repeated(arena, "[1", ",1", 9998, "]"),
    };
#ifdef ARENA_MALLOC
    double const allowed_ms = 500;
#else
    double const allowed_ms = 50;
#endif

    (void)state;
    for (size_t i = 0; i < array_length(bodies); i++) {
        double best_ms = 1e9;

        for (int turn = 0; turn < 5; turn++) {
            double const start_ms = now_ms();
            struct json_result const result = json_parse(arena, bodies[i], &json_limits_body);
            double const took_ms = now_ms() - start_ms;

            assert_int_equal(result.fault, JSON_OK);
            best_ms = took_ms < best_ms ? took_ms : best_ms;
        }
        print_message("body %zu: %zu bytes in %.2f ms, %.0f MB/s\n", i, bodies[i].length, best_ms,
                      (double)bodies[i].length / best_ms / 1e3);
        assert_true(best_ms < allowed_ms);
    }
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_text_gives_its_fault),
        cmocka_unit_test(test_cut_anywhere_is_a_fault),
        cmocka_unit_test(test_limits_hold_to_the_unit),
        cmocka_unit_test(test_a_mebibyte_is_quick),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
