/* A log line is one line, whatever is logged, and says what was logged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/json.h"
#include "core/log.h"

enum { LINE_BYTES_MAX = 4096, READ_BYTES = 3 * LINE_BYTES_MAX };

static char got[READ_BYTES];
static int ends[2]; /* datagrams: each read(2) gives back one write(2) */
static int real_stderr;

static void catch_stderr(void)
{
    assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends), 0);
    fflush(stderr);
    real_stderr = dup(STDERR_FILENO);
    assert_true(dup2(ends[1], STDERR_FILENO) >= 0);
}

static void release_stderr(void)
{
    assert_true(dup2(real_stderr, STDERR_FILENO) >= 0);
    close(real_stderr);
    close(ends[0]);
    close(ends[1]);
}

/* What one write(2) wrote; "" if there was none. */
static const char *take_line(void)
{
    ssize_t const length = recv(ends[0], got, sizeof got - 1, MSG_DONTWAIT);

    got[length > 0 ? length : 0] = '\0';
    return got;
}

/* The line behind its time, which is checked for its shape. */
static const char *behind_time(const char *line)
{
    static const char shape[] = "0000-00-00T00:00:00.000+07:00";

    line += strcspn(line, "0123456789");
    for (size_t i = 0; i < sizeof shape - 1; i++)
        assert_true(shape[i] == '0' ? line[i] >= '0' && line[i] <= '9' : line[i] == shape[i]);
    return line + sizeof shape - 1;
}

static const char *logged(enum log_format format, struct text value)
{
    static char line[READ_BYTES];

    catch_stderr();
    log_start(LOG_DEBUG, format, "worker-0");
    log_info("x", LOG_T("v", value));
    snprintf(line, sizeof line, "%s", take_line());
    assert_string_equal(take_line(), "");
    release_stderr();
    return behind_time(line);
}

static void test_nobody_forges_a_line(void **state)
{
    /* clang-format off */
    static const struct {
        const char *value;
        size_t length;
        const char *logfmt, *json;
    } rows[] = {
#define VALUE(literal) (literal), sizeof(literal) - 1
        {VALUE("plain-1.5/x"), "plain-1.5/x", "\"plain-1.5/x\""},
        {VALUE(""), "\"\"", "\"\""},
        {VALUE("two words"), "\"two words\"", "\"two words\""},
        {VALUE("a=b"), "\"a=b\"", "\"a=b\""},
        {VALUE("x\nts=1 level=error msg=forged"),
         "\"x\\nts=1 level=error msg=forged\"", "\"x\\nts=1 level=error msg=forged\""},
        {VALUE("x\r\n{\"level\":\"error\"}"),
         "\"x\\r\\n{\\\"level\\\":\\\"error\\\"}\"", "\"x\\r\\n{\\\"level\\\":\\\"error\\\"}\""},
        {VALUE("\" level=error x=\""), "\"\\\" level=error x=\\\"\"", "\"\\\" level=error x=\\\"\""},
        {VALUE("a\\"), "\"a\\\\\"", "\"a\\\\\""},
        {VALUE("a\0b"), "\"a\\u0000b\"", "\"a\\u0000b\""},
        {VALUE("\x1B[2J\x07\x08\x7F\t"),
         "\"\\u001b[2J\\u0007\\u0008\\u007f\\t\"", "\"\\u001b[2J\\u0007\\u0008\\u007f\\t\""},
        {VALUE("\xC2\x9B" "2J\xC2\x85"), "\"\\u009b2J\\u0085\"", "\"\\u009b2J\\u0085\""},
        {VALUE("\xE2\x80\xA8\xE2\x80\xAE" "gpj"), "\"\\u2028\\u202egpj\"", "\"\\u2028\\u202egpj\""},
        {VALUE("Nguyễn"), "\"Nguyễn\"", "\"Nguyễn\""},
        {VALUE("\xFF\xE1\xBB"),
         "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"", "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""},
        /* an overlong newline */
        {VALUE("\xC0\x8A"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"", "\"\xEF\xBF\xBD\xEF\xBF\xBD\""},
    };
    /* clang-format on */
    char expected[512];

    (void)state;
    for (size_t i = 0; i < array_length(rows); i++) {
        struct text const value = {rows[i].value, rows[i].length};

        snprintf(expected, sizeof expected, " level=info process=worker-0 msg=x v=%s\n", rows[i].logfmt);
        assert_string_equal(logged(LOG_LOGFMT, value), expected);
        snprintf(expected, sizeof expected,
                 "\",\"level\":\"info\",\"process\":\"worker-0\",\"msg\":\"x\",\"v\":%s}\n", rows[i].json);
        assert_string_equal(logged(LOG_JSON, value), expected);
    }
}

/* Every two bytes there are, in both formats: one write, one newline at its end, no control character before
 * it. */
static void test_any_bytes_make_one_line(void **state)
{
    (void)state;
    for (int format = LOG_LOGFMT; format <= LOG_JSON; format++) {
        catch_stderr();
        log_start(LOG_DEBUG, (enum log_format)format, "p");
        for (int both = 0; both < 65536; both += 3) {
            char const bytes[] = {(char)(both >> 8), (char)both};
            const char *line;

            log_error("x", LOG_T("v", ((struct text){bytes, 2})));
            line = take_line();
            for (; *line != '\n'; line++)
                assert_true((unsigned char)*line >= 0x20 && *line != 0x7F);
            assert_int_equal(line[1], '\0');
        }
        release_stderr();
    }
}

static void test_a_long_line_is_cut(void **state)
{
    static const char *const letters[] = {"a", "ễ", "\n", "\xF0\x9F\x98\x80", "\"", "\x01"};
    static char long_value[8192];
    struct arena *const arena = arena_create(1 << 20);

    (void)state;
    for (size_t l = 0; l < array_length(letters); l++)
        for (int format = LOG_LOGFMT; format <= LOG_JSON; format++)
            for (size_t length = 3900; length < 4300; length++) {
                size_t const step = strlen(letters[l]);
                struct text line;

                for (size_t i = 0; i + step <= sizeof long_value; i += step)
                    memcpy(long_value + i, letters[l], step);
                catch_stderr();
                log_start(LOG_DEBUG, (enum log_format)format, "worker-0");
                log_info("x", LOG_T("v", ((struct text){long_value, length - length % step})),
                         LOG_N("behind", 7));
                line = text_of(take_line());
                release_stderr();
                assert_true(line.length <= LINE_BYTES_MAX && line.data[line.length - 1] == '\n');
                assert_true(text_is_utf8(line));
                assert_true((strstr(line.data, "behind") != NULL) !=
                            (strstr(line.data, "truncated") != NULL));
                if (format == LOG_JSON)
                    assert_int_equal(json_parse(arena, line, &json_limits_body).fault, JSON_OK);
                arena_reset(arena);
            }
    arena_destroy(arena);
}

static void test_kinds_levels_and_many_fields(void **state)
{
    struct log_field many[400];

    (void)state;
    catch_stderr();
    log_start(LOG_WARNING, LOG_LOGFMT, "");
    log_info("not written", LOG_NONE);
    assert_string_equal(take_line(), "");
    log_warning("two words", LOG_N("a", INT64_MIN), LOG_US("b_ms", 1), LOG_US("c_ms", -1234567),
                LOG_S("d", NULL));
    assert_string_equal(behind_time(take_line()), " level=warning msg=\"two words\" a=-9223372036854775808 "
                                                  "b_ms=0.001 c_ms=-1234.567 d=\"\"\n");
    log_error("x", LOG_NONE);
    assert_string_equal(behind_time(take_line()), " level=error msg=x\n");
    for (size_t i = 0; i < array_length(many); i++)
        many[i] = LOG_N("number", 123456789);
    many[array_length(many) - 1] = LOG_NONE;
    log_write(LOG_ERROR, "many", many);
    take_line();
    assert_true(strlen(got) <= LINE_BYTES_MAX);
    assert_string_equal(strstr(got, " truncated"), " truncated=true\n");
    assert_memory_equal(strstr(got, " truncated") - 17, " number=123456789", 17); /* never half a field */
    release_stderr();
}

static void test_the_journal_is_told_levels(void **state)
{
    struct stat status;
    char stream[64];

    (void)state;
    catch_stderr();
    assert_int_equal(fstat(STDERR_FILENO, &status), 0);
    snprintf(stream, sizeof stream, "%ju:%ju", (uintmax_t)status.st_dev, (uintmax_t)status.st_ino);
    setenv("JOURNAL_STREAM", stream, 1);
    log_start(LOG_DEBUG, LOG_LOGFMT, "p");
    log_debug("x", LOG_NONE);
    assert_memory_equal(take_line(), "<7>ts=", 6);
    log_info("x", LOG_NONE);
    assert_memory_equal(take_line(), "<6>ts=", 6);
    log_warning("x", LOG_NONE);
    assert_memory_equal(take_line(), "<4>ts=", 6);
    log_error("x", LOG_NONE);
    assert_memory_equal(take_line(), "<3>ts=", 6);
    setenv("JOURNAL_STREAM", "1:1", 1); /* inherited, but stderr goes elsewhere */
    log_start(LOG_DEBUG, LOG_JSON, "p");
    log_error("x", LOG_NONE);
    assert_memory_equal(take_line(), "{\"ts\":", 6);
    unsetenv("JOURNAL_STREAM");
    release_stderr();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nobody_forges_a_line),
        cmocka_unit_test(test_any_bytes_make_one_line),
        cmocka_unit_test(test_a_long_line_is_cut),
        cmocka_unit_test(test_kinds_levels_and_many_fields),
        cmocka_unit_test(test_the_journal_is_told_levels),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
