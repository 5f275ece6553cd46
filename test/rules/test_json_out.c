/* What goes out as JSON is JSON, and comes back the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "core/json.h"
#include "core/json_out.h"

enum { ARENA_BYTES = 64 << 20 };

static void test_integers_are_exact(void **state)
{
    static const int64_t numbers[] = {0, 1, -1, 2147483648, 9007199254740, 999999999999999, -999999999999999};
    struct arena *const arena = arena_create(ARENA_BYTES);

    (void)state;
    for (size_t i = 0; i < array_length(numbers); i++) {
        struct json_out out = json_out_begin(arena);
        struct json_result result;

        json_i64(&out, numbers[i]);
        result = json_parse(arena, json_out_end(&out), &json_limits_body);
        assert_int_equal(result.fault, JSON_OK);
        assert_true((int64_t)result.root->valuedouble == numbers[i]);
    }
    arena_destroy(arena);
}

/* Each byte but NUL, alone and between letters, and what is written for it. */
static void test_strings_come_back_the_same(void **state)
{
    static const char *const strings[] = {"",
                                          "\"",
                                          "\\",
                                          "/",
                                          "\b\f\n\r\t",
                                          "\x01\x02\x0B\x1F\x7F",
                                          "Nguyễn Đệ",
                                          "\\u0041",
                                          "</script>",
                                          "\xF0\x9F\x98\x80",
                                          "\xE2\x80\xA8",
                                          "a\"b\\c\nd"};
    struct arena *const arena = arena_create(ARENA_BYTES);

    (void)state;
    for (size_t i = 0; i < array_length(strings); i++) {
        struct json_out out = json_out_begin(arena);
        struct json_result result;

        json_open_object(&out);
        json_put_string(&out, strings[i], strings[i]);
        json_close_object(&out);
        result = json_parse(arena, json_out_end(&out), &json_limits_body);
        assert_int_equal(result.fault, JSON_OK);
        assert_string_equal(result.root->child->valuestring, strings[i]);
        assert_string_equal(result.root->child->string, strings[i]);
    }
    arena_destroy(arena);
}

static void test_what_is_written(void **state)
{
    struct arena *const arena = arena_create(ARENA_BYTES);
    struct json_out out = json_out_begin(arena);

    (void)state;
    json_open_object(&out);
    json_put_text(&out, "a", TEXT("x\ny\x01\"\\\b\f\r\t"));
    json_put_text(&out, "b", TEXT_NONE);
    json_put_text(&out, "c", TEXT(""));
    json_put_text(&out, "d", TEXT("a\0b\xFF\xE1\xBB"));
    json_put_i64(&out, "e", INT64_MIN);
    json_put_bool(&out, "f", true);
    json_put_raw(&out, "g", TEXT("{\"z\":1}"));
    json_put_raw(&out, "h", TEXT_NONE);
    json_put_instant(&out, "i", 1772704800);
    json_put_instant(&out, "j", 0);
    json_key(&out, "k");
    json_open_array(&out);
    json_open_array(&out);
    json_close_array(&out);
    json_open_object(&out);
    json_close_object(&out);
    json_bool(&out, false);
    json_null(&out);
    json_close_array(&out);
    json_put_string(&out, "l", NULL);
    json_close_object(&out);
    assert_string_equal(
        json_out_end(&out).data,
        "{\"a\":\"x\\ny\\u0001\\\"\\\\\\b\\f\\r\\t\",\"b\":null,\"c\":\"\","
        "\"d\":\"a\xEF\xBF\xBD"
        "b\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\",\"e\":-9223372036854775808,"
        "\"f\":true,\"g\":{\"z\":1},\"h\":null,\"i\":\"2026-03-05T17:00:00+07:00\",\"j\":null,"
        "\"k\":[[],{},false,null],\"l\":null}");
    arena_destroy(arena);
}

/* A reader must not be able to tell a text that grew many times from one that did not. */
static void test_writing_grows(void **state)
{
    struct arena *const arena = arena_create(ARENA_BYTES);
    struct json_out out = json_out_begin(arena);
    struct text written;
    size_t offset;

    (void)state;
    json_open_array(&out);
    for (int i = 0; i < 9000; i++)
        json_text(&out, TEXT("Nguyễn \"An\""));
    json_close_array(&out);
    written = json_out_end(&out);
    assert_int_equal(written.length, strlen(written.data));
    assert_int_equal(json_check(written, &json_limits_body, &offset), JSON_OK);
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_integers_are_exact),
        cmocka_unit_test(test_strings_come_back_the_same),
        cmocka_unit_test(test_what_is_written),
        cmocka_unit_test(test_writing_grows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
