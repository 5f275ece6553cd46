/* The configuration: which source wins, what is refused and how it is told, and that the documents are the
 * table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/config.h"
#include "core/config_table.h"

enum { ARENA_BYTES = 4 << 20 };

static struct arena *arena;
static char folder[] = "/tmp/test_config.XXXXXX";

static char *const no_environment[] = {NULL};

static const char *in_folder(const char *name)
{
    return arena_printf(arena, "%s/%s", folder, name);
}

static const char *write_file(const char *name, const char *content)
{
    const char *const path = in_folder(name);
    FILE *const file = fopen(path, "w");

    assert_non_null(file);
    fputs(content, file);
    fclose(file);
    return path;
}

/* Loads and returns what was told, with the folder's name cut out of it. */
static const char *load(struct config *config, const struct config_sources *sources)
{
    char *told = NULL, *at;
    const char *kept;
    size_t length = 0;
    FILE *const faults = open_memstream(&told, &length);
    bool const is_loaded = config_load(config, sources, arena, faults);

    fclose(faults);
    assert_int_equal(is_loaded, length == 0);
    while ((at = strstr(told, folder)) != NULL)
        memmove(at, at + sizeof folder, strlen(at + sizeof folder) + 1); /* and its slash */
    kept = arena_copy(arena, told, strlen(told));
    free(told);
    return kept;
}

static const char *load_text(struct config *config, const char *content)
{
    return load(config, &(struct config_sources){.file = write_file("a.conf", content),
                                                 .environment = no_environment});
}

static const char *load_set(struct config *config, const char *set)
{
    const char *const sets[] = {set, NULL};

    return load(config, &(struct config_sources){
                            .file = write_file("a.conf", ""), .sets = sets, .environment = no_environment});
}

static const char *load_variable(struct config *config, const char *variable)
{
    char *const environment[] = {arena_printf(arena, "%s", variable), NULL};

    return load(config,
                &(struct config_sources){.file = write_file("a.conf", ""), .environment = environment});
}

static void test_a_later_source_wins(void **state)
{
    static const struct {
        const char *variable, *set;
        int64_t port;
        const char *origin;
    } rows[] = {
        {"X=1", NULL, 1003, "conf.d/20.conf:3"},
        {"MOTCUA_HTTP__PORT=1004", NULL, 1004, "environment MOTCUA_HTTP__PORT"},
        {"MOTCUA_HTTP__PORT=1004", "http.port=1005", 1005, "--set"},
    };
    struct config config;

    (void)state;
    assert_int_equal(mkdir(in_folder("conf.d"), 0700), 0);
    write_file("conf.d/20.conf", "# later\n[http]\nport = 1003\n");
    write_file("conf.d/10.conf", "[http]\nport = 1002\nhead_timeout = 7s\n");
    write_file("conf.d/30.conf.bak", "[http]\nport = 9\n");
    write_file("conf.d/.40.conf", "[http]\nport = 9\n");
    for (size_t i = 0; i < array_length(rows); i++) {
        const char *const sets[] = {rows[i].set, NULL};
        char *const environment[] = {arena_printf(arena, "%s", rows[i].variable), NULL};
        const char *const path =
            write_file("a.conf", "[http]\nport = 1001\nhead_timeout = 6s\nbody_timeout = 5s\n");

        assert_string_equal(load(&config, &(struct config_sources){path, sets, environment}), "");
        assert_int_equal(config.http_port, rows[i].port);
        assert_non_null(
            strstr(config.origin[config_row_find(TEXT("http"), TEXT("port")) - config_rows], rows[i].origin));
        assert_int_equal(config.http_head_timeout_ms, 7000);
        assert_int_equal(config.http_body_timeout_ms, 5000);
        assert_int_equal(config.http_idle_timeout_ms, 60000);
    }
    unlink(in_folder("conf.d/10.conf"));
    unlink(in_folder("conf.d/20.conf"));
    unlink(in_folder("conf.d/30.conf.bak"));
    unlink(in_folder("conf.d/.40.conf"));
    rmdir(in_folder("conf.d"));
}

static void test_values_with_units(void **state)
{
    static const struct {
        const char *set;
        size_t offset;
        int64_t value;
    } rows[] = {
        {"http.head_timeout=100ms", offsetof(struct config, http_head_timeout_ms), 100},
        {"http.head_timeout=10s", offsetof(struct config, http_head_timeout_ms), 10000},
        {"http.head_timeout=2min", offsetof(struct config, http_head_timeout_ms), 120000},
        {"http.head_timeout=1h", offsetof(struct config, http_head_timeout_ms), 3600000},
        {"identity.session_lifetime=3d", offsetof(struct config, identity_session_lifetime_ms), 259200000},
        {"time.clock_offset=0ms", offsetof(struct config, time_clock_offset_ms), 0},
        {"identity.hash_memory=8192B", offsetof(struct config, identity_hash_memory), 8192},
        {"identity.hash_memory=64KiB", offsetof(struct config, identity_hash_memory), 65536},
        {"identity.hash_memory=19MiB", offsetof(struct config, identity_hash_memory), 19922944},
        {"identity.hash_memory=4GiB", offsetof(struct config, identity_hash_memory), INT64_C(4294967296)},
        {" http.port = 0 ", offsetof(struct config, http_port), 0},
        {"http.port=65535", offsetof(struct config, http_port), 65535},
        {"http.port=00080", offsetof(struct config, http_port), 80},
    };
    struct config config;

    (void)state;
    for (size_t i = 0; i < array_length(rows); i++) {
        int64_t value;

        assert_string_equal(load_set(&config, rows[i].set), "");
        memcpy(&value, (const char *)&config + rows[i].offset, sizeof value);
        assert_int_equal(value, rows[i].value);
    }
    assert_string_equal(load_set(&config, "http.secure_cookie=false"), "");
    assert_false(config.http_secure_cookie);
    assert_string_equal(load_set(&config, "log.level=warning"), "");
    assert_string_equal(config.log_level, "warning");
    assert_string_equal(load_set(&config, "database.conninfo=host=/run dbname=x # no comment"), "");
    assert_string_equal(config.database_conninfo, "host=/run dbname=x # no comment");
    assert_string_equal(load_set(&config, "http.public_url="), "");
    assert_string_equal(config.http_public_url, "");
}

#define PORT    "--set: http.port must be a whole number from 0 to 65535\n"
#define HEAD    "--set: http.head_timeout must be a duration from 100ms to 1h (units ms s min h d)\n"
#define MEMORY  "--set: identity.hash_memory must be a size from 8KiB to 4GiB (units B KiB MiB GiB)\n"
#define COOKIE  "--set: http.secure_cookie must be true or false\n"
#define LEVEL   "--set: log.level must be one of: debug info warning error\n"
#define ADDRESS "--set: http.address must be one line of text without quotes around it\n"

static void test_bad_values_are_told(void **state)
{
    static const struct {
        const char *set, *told;
    } rows[] = {
        {"http.port=65536", PORT},
        {"http.port=-1", PORT},
        {"http.port=", PORT},
        {"http.port=80a", PORT},
        {"http.port=8 0", PORT},
        {"http.port=0x50", PORT},
        {"http.port=80.0", PORT},
        {"http.port=+80", PORT},
        {"http.port=1234567890123456789", PORT},
        {"http.port=99999999999999999999999", PORT},
        {"http.head_timeout=10", HEAD},
        {"http.head_timeout=0", HEAD},
        {"http.head_timeout=99ms", HEAD},
        {"http.head_timeout=61min", HEAD},
        {"http.head_timeout=10 s", HEAD},
        {"http.head_timeout=10S", HEAD},
        {"http.head_timeout=10sec", HEAD},
        {"http.head_timeout=s", HEAD},
        {"http.head_timeout=1m", HEAD},
        {"http.head_timeout=-5s", HEAD},
        {"http.head_timeout=1h30min", HEAD},
        {"http.head_timeout=5MiB", HEAD},
        {"http.head_timeout=999999999999999999d", HEAD},
        {"identity.hash_memory=19MB", MEMORY},
        {"identity.hash_memory=19M", MEMORY},
        {"identity.hash_memory=1B", MEMORY},
        {"identity.hash_memory=19mib", MEMORY},
        {"identity.hash_memory=19922944", MEMORY},
        {"http.secure_cookie=1", COOKIE},
        {"http.secure_cookie=yes", COOKIE},
        {"http.secure_cookie=True", COOKIE},
        {"http.secure_cookie=", COOKIE},
        {"log.level=loud", LEVEL},
        {"log.level=", LEVEL},
        {"log.level=debug info", LEVEL},
        {"log.level=INFO", LEVEL},
        {"http.address=\"127.0.0.1\"", ADDRESS},
        {"http.address='::1'", ADDRESS},
        {"http.address=a\tb", ADDRESS},
        {"http.address=a\nb", ADDRESS},
        {"http.address=\xFF", ADDRESS},
        {"http.port", "--set: not of the form section.key=value\n"},
        {"port=1", "--set: not of the form section.key=value\n"},
        {"", "--set: not of the form section.key=value\n"},
        {"http.prot=1", "--set: unknown key http.prot; did you mean http.port?\n"},
        {"htpp.port=1", "--set: unknown key htpp.port; did you mean http.port?\n"},
        {"http.workers=1", "--set: unknown key http.workers; did you mean process.workers?\n"},
        {"database.wait_timout=1s",
         "--set: unknown key database.wait_timout; did you mean database.wait_timeout?\n"},
        {"http.zzzzzzzz=1", "--set: unknown key http.zzzzzzzz\n"},
        {"HTTP.PORT=1", "--set: unknown key HTTP.PORT\n"},
        {".=", "--set: unknown key .\n"},
    };
    struct config config;

    (void)state;
    for (size_t i = 0; i < array_length(rows); i++)
        assert_string_equal(load_set(&config, rows[i].set), rows[i].told);
}

static void test_variables(void **state)
{
    static const struct {
        const char *variable, *told;
    } rows[] = {
        {"MOTCUA_HTTP__PORT=81", ""},
        {"MOTCUA_HTTP__PUBLIC_URL=", ""},
        {"MOTCUA_TEST_SEED=1", ""},
        {"MOTCUA_PROPERTY_RUNS=1", ""},
        {"MOTCUA_CONFIG=/nowhere", ""}, /* --config was given */
        {"MOTCUA", ""},
        {"MOTCUAX_Y__Z=1", ""},
        {"MOTCUA_HTTP__PORT=x",
         "environment MOTCUA_HTTP__PORT: http.port must be a whole number from 0 to 65535\n"},
        {"MOTCUA_HTTP_PORT=1", "environment MOTCUA_HTTP_PORT: not of the form MOTCUA_SECTION__KEY\n"},
        {"MOTCUA_http__port=1", "environment MOTCUA_http__port: not of the form MOTCUA_SECTION__KEY\n"},
        {"MOTCUA_=1", "environment MOTCUA_: not of the form MOTCUA_SECTION__KEY\n"},
        {"MOTCUA___=1", "environment MOTCUA___: unknown key .\n"},
        {"MOTCUA_HTTP__PROT=1",
         "environment MOTCUA_HTTP__PROT: unknown key http.prot; did you mean http.port?\n"},
    };
    struct config config;

    (void)state;
    for (size_t i = 0; i < array_length(rows); i++)
        assert_string_equal(load_variable(&config, rows[i].variable), rows[i].told);
}

static void test_the_file_by_variable(void **state)
{
    struct config config;
    char *const environment[] = {
        arena_printf(arena, "MOTCUA_CONFIG=%s", write_file("a.conf", "[http]\nport=7\n")), NULL};
    char *const nowhere[] = {arena_printf(arena, "MOTCUA_CONFIG=%s", in_folder("none.conf")), NULL};

    (void)state;
    assert_string_equal(load(&config, &(struct config_sources){.environment = environment}), "");
    assert_int_equal(config.http_port, 7);
    assert_string_equal(load(&config, &(struct config_sources){.environment = nowhere}),
                        "none.conf: cannot be read: No such file or directory\n");
    assert_string_equal(load(&config, &(struct config_sources){.file = "/"}),
                        "/: cannot be read: Is a directory\n");
}

static void test_every_fault_in_one_run(void **state)
{
    struct config config;

    (void)state;
    assert_string_equal(
        load_text(&config, "port = 1\r\n"
                           "[http]\r\n"
                           "  port = 81  \r\n"
                           "; not a comment here\n"
                           "port = 82\n"
                           "head_timeout = 5\n"
                           "\n"
                           "   # a comment\n"
                           "[htpp]\n"
                           "anything = goes, the section was told\n"
                           "[zzzzzzzz]\n"
                           "[]\n"
                           "[ log ]\n"
                           "leval = info\n"
                           "[log\n"
                           "= info\n"
                           "format = xml"),
        "a.conf:1: port stands before the first [section]\n"
        "a.conf:4: neither [section] nor key = value nor # comment\n"
        "a.conf:5: http.port is given a second time in this file\n"
        "a.conf:6: http.head_timeout must be a duration from 100ms to 1h (units ms s min h d)\n"
        "a.conf:9: unknown section [htpp]; did you mean [http]?\n"
        "a.conf:11: unknown section [zzzzzzzz]\n"
        "a.conf:12: unknown section []\n"
        "a.conf:14: unknown key log.leval; did you mean log.level?\n"
        "a.conf:15: neither [section] nor key = value nor # comment\n"
        "a.conf:16: unknown key log.\n"
        "a.conf:17: log.format must be one of: logfmt json\n");
    assert_string_equal(load_text(&config, "[http]\nport = \xC0\x80\n"), "a.conf: not a UTF-8 text\n");
    assert_string_equal(load_text(&config, "[http]\nport = 5\n[log]\nlevel=debug\n[http]\naddress=::1"), "");
}

static void test_passwords_are_masked(void **state)
{
    static const struct {
        const char *conninfo, *shown;
    } rows[] = {
        {"dbname=x", "dbname=x"},
        {"/etc/motcua/password", "/etc/motcua/password"},
        {"dbname=x password=top-secret user=y", "dbname=x password=*** user=y"},
        {"password = top-secret", "password = ***"},
        {"password='top secret' user=y", "password=***"},
        {"sslpassword=top-secret", "sslpassword=***"},
        {"postgresql://y:top-secret@host/x", "postgresql://y:***@host/x"},
        {"postgresql://y:top@secret@host/x", "postgresql://y:***@host/x"},
        {"postgresql://host:5432/x", "postgresql://host:5432/x"},
        {"postgresql://host/x?password=top-secret&user=y", "postgresql://host/x?password=***&user=y"},
        {"postgresql://y:top-secret@host/x?password=top-secret", "***"},
        {"password=top-secret sslpassword=top-secret", "***"},
    };

    (void)state;
    for (size_t i = 0; i < array_length(rows); i++) {
        struct config config;
        char *shown = NULL;
        size_t length = 0;
        FILE *const out = open_memstream(&shown, &length);

        assert_string_equal(load_set(&config, arena_printf(arena, "database.conninfo=%s", rows[i].conninfo)),
                            "");
        config_show(&config, out);
        fclose(out);
        assert_non_null(
            strstr(shown, arena_printf(arena, "\ndatabase.conninfo = %s  # --set\n", rows[i].shown)));
        assert_null(strstr(shown, "secret"));
        free(shown);
    }
}

/* What config_show() prints is what a file would have to say. */
static void test_what_is_shown_can_be_read(void **state)
{
    struct config config, again;
    char *shown = NULL;
    size_t length = 0;
    FILE *const out = open_memstream(&shown, &length);
    struct text rest;

    (void)state;
    assert_string_equal(load_text(&config, ""), "");
    config_show(&config, out);
    fclose(out);
    for (rest = text_of(shown); rest.length > 0;) {
        struct text const line = text_cut(rest, '\n', &rest);
        const char *const comment = memmem(line.data, line.length, "  # default", 11);

        assert_non_null(comment);
        assert_string_equal(load_set(&again, arena_copy(arena, line.data, (size_t)(comment - line.data))),
                            "");
    }
    free(shown);
}

static const char *read_whole(const char *path)
{
    char *const content = arena_alloc(arena, 256 * 1024);
    FILE *const file = fopen(path, "r");

    if (file == NULL)
        return "";
    content[fread(content, 1, 256 * 1024 - 1, file)] = '\0';
    fclose(file);
    return content;
}

/* MOTCUA_TEST_UPDATE=1 writes them instead: after a row of config_keys.def was changed. */
static void test_the_documents_are_the_table(void **state)
{
    static const struct {
        const char *path;
        void (*print)(FILE *out);
    } documents[] = {
        {SOURCE_DIR "/docs/configuration.md", config_document},
        {SOURCE_DIR "/config/motcua.conf", config_sample},
    };

    (void)state;
    for (size_t i = 0; i < array_length(documents); i++) {
        char *printed = NULL;
        size_t length = 0;
        FILE *const out = getenv("MOTCUA_TEST_UPDATE") != NULL ? fopen(documents[i].path, "w")
                                                               : open_memstream(&printed, &length);

        assert_non_null(out);
        documents[i].print(out);
        fclose(out);
        if (printed != NULL)
            assert_string_equal(printed, read_whole(documents[i].path));
        free(printed);
    }
}

/* The sample with every # before a key taken away says what is built in. */
static void test_the_sample_is_the_defaults(void **state)
{
    struct config sample, built_in;
    struct text rest = text_of(read_whole(SOURCE_DIR "/config/motcua.conf"));
    const char *content = "";
    unsigned keys = 0;

    (void)state;
    while (rest.data != NULL) {
        struct text line = text_cut(rest, '\n', &rest);

        if (text_starts(line, TEXT("#")) && !text_starts(line, TEXT("# "))) {
            line.data++;
            line.length--;
            keys++;
        }
        content = arena_printf(arena, "%s%.*s\n", content, TEXT_ARG(line));
    }
    assert_int_equal(keys, CONFIG_KEY_COUNT);
    assert_string_equal(load_text(&sample, content), "");
    assert_string_equal(load_text(&built_in, ""), "");
#define CONFIG_TEXT_SAME(a, b)        assert_string_equal(a, b)
#define CONFIG_CHOICE_SAME(a, b)      assert_string_equal(a, b)
#define CONFIG_INTEGER_SAME(a, b)     assert_int_equal(a, b)
#define CONFIG_BOOL_SAME(a, b)        assert_int_equal(a, b)
#define CONFIG_DURATION_MS_SAME(a, b) assert_int_equal(a, b)
#define CONFIG_BYTES_SAME(a, b)       assert_int_equal(a, b)
#define CONFIG_KEY(section, key, kind, field, value, allowed, about)                                         \
    kind##_SAME(sample.field, built_in.field);
#include "core/config_keys.def"
#undef CONFIG_KEY
}

/* A row of a section far from its others would give the documents that section twice. */
static void test_sections_stay_together(void **state)
{
    (void)state;
    for (size_t i = 0; i < CONFIG_KEY_COUNT; i++)
        for (size_t j = i + 1; j < CONFIG_KEY_COUNT; j++) {
            if (strcmp(config_rows[i].section, config_rows[j].section) == 0)
                assert_string_equal(config_rows[j - 1].section, config_rows[j].section);
            assert_false(strcmp(config_rows[i].section, config_rows[j].section) == 0 &&
                         strcmp(config_rows[i].key, config_rows[j].key) == 0);
        }
}

static int start(void **state)
{
    (void)state;
    arena = arena_create(ARENA_BYTES);
    return mkdtemp(folder) == NULL;
}

static int end(void **state)
{
    (void)state;
    unlink(in_folder("a.conf"));
    rmdir(folder);
    arena_destroy(arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_later_source_wins),         cmocka_unit_test(test_values_with_units),
        cmocka_unit_test(test_bad_values_are_told),         cmocka_unit_test(test_variables),
        cmocka_unit_test(test_the_file_by_variable),        cmocka_unit_test(test_every_fault_in_one_run),
        cmocka_unit_test(test_passwords_are_masked),        cmocka_unit_test(test_what_is_shown_can_be_read),
        cmocka_unit_test(test_the_documents_are_the_table), cmocka_unit_test(test_the_sample_is_the_defaults),
        cmocka_unit_test(test_sections_stay_together),
    };

    return cmocka_run_group_tests(tests, start, end);
}
