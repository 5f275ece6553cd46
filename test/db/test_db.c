/* What server/db promises to those who ask, against a real PostgreSQL. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/must.h"
#include "db_fixture.h"

enum { MANY = 500 };

static struct db_options quick(int64_t wait_timeout_ms)
{
    return (struct db_options){.wait_timeout_ms = wait_timeout_ms};
}

/* Each of many gets its own answer, and those that fail take nobody with them. */
static void many_questions_and_some_failures_keep_apart(void **state)
{
    static struct asked asked[MANY];
    static char words[MANY][16];
    struct db *db = db_open(NULL);
    int given = answer_count;

    (void)state;
    memset(asked, 0, sizeof(asked));
    assert_true(await_ready(db, 5000));
    for (int i = 0; i < MANY; i++) {
        snprintf(words[i], sizeof(words[i]), "%d", i % 7);
        ask(db, i % 3 == 0 ? SQL_TRIAL_DIVIDE : SQL_TRIAL_ECHO, &asked[i], words[i], NULL);
    }
    assert_true(await(&answer_count, given + MANY, 10000));
    for (int i = 0; i < MANY; i++) {
        bool is_failing = i % 3 == 0 && i % 7 == 0;
        assert_int_equal(asked[i].answers, 1);
        assert_int_equal(asked[i].outcome, is_failing ? DB_FAILED : DB_ROWS);
        assert_string_equal(asked[i].sqlstate, is_failing ? "22012" : "");
        if (!is_failing)
            assert_int_equal(asked[i].number, i % 3 == 0 ? 840 / (i % 7) : i % 7);
    }
    assert_int_equal(db_counts(db).failed, MANY / 21 + 1);
    db_shut(db);
}

static void parameters_of_all_sizes_arrive_whole(void **state)
{
    static const size_t sizes[] = {0, 1, 2, 8191, 8192, 65536, 1 << 20, 8 << 20};
    struct db *db = db_open(NULL);
    char *value = calloc(1, (8 << 20) + 1);

    (void)state;
    assert_non_null(value);
    for (size_t i = 0; i < array_length(sizes); i++) {
        struct asked asked;
        memset(value, 'a' + (int)i, sizes[i]);
        value[sizes[i]] = '\0';
        asked = ask_now(db, SQL_TRIAL_ECHO, value, NULL);
        assert_int_equal(asked.outcome, DB_ROWS);
        assert_int_equal(asked.value_bytes, sizes[i]);
        assert_int_equal(asked.value[0], value[0]);
    }
    assert_true(ask_now(db, SQL_TRIAL_ECHO, NULL, NULL).is_null);
    assert_false(ask_now(db, SQL_TRIAL_ECHO, "", NULL).is_null);
    assert_string_equal(ask_now(db, SQL_TRIAL_ECHO, "Nguyễn Thị Đượm", NULL).value, "Nguyễn Thị Đượm");
    free(value);
    db_shut(db);
}

/* Big questions and big answers at once: each side must read while it writes. */
static void full_buffers_on_both_sides_do_not_stop_either(void **state)
{
    struct db_options options = quick(30000); /* libpq moves what is left of its buffer at each send */
    struct asked asked[16];
    struct db *db = db_open(&options);
    char *value = calloc(1, (4 << 20) + 1);
    int given = answer_count;

    (void)state;
    assert_non_null(value);
    memset(asked, 0, sizeof(asked));
    memset(value, 'z', 4 << 20);
    for (size_t i = 0; i < array_length(asked); i++)
        ask(db, SQL_TRIAL_ECHO, &asked[i], value, NULL);
    assert_true(await(&answer_count, given + (int)array_length(asked), 31000));
    for (size_t i = 0; i < array_length(asked); i++)
        assert_int_equal(asked[i].outcome == DB_ROWS ? asked[i].value_bytes : 0, 4 << 20);
    free(value);
    db_shut(db);
}

static void a_slow_statement_is_ended_in_time(void **state)
{
    struct db_options options = quick(500);
    struct db *db = db_open(&options);
    struct asked asked;

    (void)state;
    assert_true(await_ready(db, 5000));
    asked = ask_now(db, SQL_TRIAL_SLEEP, "10", NULL);
    assert_int_equal(asked.outcome, DB_TIMEOUT);
    assert_string_equal(asked.sqlstate, "57014"); /* the server's own limit came first */
    assert_int_equal(ask_now(db, SQL_TRIAL_ECHO, "1", NULL).outcome, DB_ROWS);
    db_shut(db);
}

static void a_full_queue_refuses_at_once(void **state)
{
    struct db_options options = {.read_connections = 1, .queue_max = 10, .pipeline_max = 4};
    struct db *db = db_open(&options);
    struct asked asked[100];
    int full = 0;
    int given = 0;

    (void)state;
    memset(asked, 0, sizeof(asked));
    assert_true(await_ready(db, 5000));
    given = answer_count;
    for (size_t i = 0; i < array_length(asked); i++)
        ask(db, SQL_TRIAL_SLEEP, &asked[i], "0.1", NULL);
    assert_true(await(&answer_count, given + 90, 50));
    for (size_t i = 0; i < array_length(asked); i++)
        full += asked[i].answers == 1 && asked[i].outcome == DB_FULL ? 1 : 0;
    assert_int_equal(full, 90);
    assert_true(await(&answer_count, given + 100, 10000));
    assert_int_equal(db_counts(db).full, 90);
    assert_int_equal(db_counts(db).waiting, 0);
    db_shut(db);
}

/* The row came back before the commit did: only the commit counts. */
static void a_failure_at_commit_is_a_failure(void **state)
{
    struct db *db = db_open(NULL);
    struct asked asked;

    (void)state;
    superuser("DELETE FROM motcua.trial WHERE id IN (11, 12)");
    assert_int_equal(ask_now(db, SQL_TRIAL_PUT_SAME, "11", "same").outcome, DB_ROWS);
    asked = ask_now(db, SQL_TRIAL_PUT_SAME, "12", "same");
    assert_int_equal(asked.outcome, DB_FAILED);
    assert_string_equal(asked.sqlstate, "23505");
    assert_int_equal(superuser("SELECT count(*) FROM motcua.trial WHERE id IN (11, 12)"), 1);
    assert_int_equal(ask_now(db, SQL_TRIAL_PUT, "12", NULL).outcome, DB_ROWS);
    db_shut(db);
}

static void conflicts_are_asked_again_where_the_head_allows(void **state)
{
    struct db *db = db_open(NULL);

    (void)state;
    superuser("SELECT setval('motcua.trial_tries', 1000)");
    assert_int_equal(ask_now(db, SQL_TRIAL_CONFLICT_ONCE, NULL, NULL).number, 1002);
    assert_int_equal(ask_now(db, SQL_TRIAL_CONFLICT, NULL, NULL).outcome, DB_CONFLICT);
    assert_int_equal(superuser("SELECT last_value FROM motcua.trial_tries"), 1003);
    assert_int_equal(db_counts(db).retried, 1);
    db_shut(db);
}

static void a_held_lock_is_awaited_shortly(void **state)
{
    struct db_options options = quick(1000);
    struct db *db = db_open(&options);
    struct asked asked;

    (void)state;
    superuser("BEGIN");
    superuser("SELECT 1 FROM motcua.trial WHERE id = -1 FOR UPDATE");
    asked = ask_now(db, SQL_TRIAL_LOCK, "-1", NULL);
    superuser("ROLLBACK");
    assert_int_equal(asked.outcome,
                     asked.sqlstate[0] == '5' && asked.sqlstate[1] == '5' ? DB_CONFLICT : DB_TIMEOUT);
    assert_int_equal(ask_now(db, SQL_TRIAL_LOCK, "-1", NULL).outcome, DB_ROWS);
    db_shut(db);
}

static void each_sqlstate_has_its_outcome(void **state)
{
    static const struct {
        const char *sqlstate;
        enum db_outcome outcome;
    } rows[] = {
        {"40001", DB_CONFLICT},    {"40P01", DB_CONFLICT},    {"55P03", DB_CONFLICT},
        {"57014", DB_TIMEOUT},     {"53100", DB_UNAVAILABLE}, {"53200", DB_UNAVAILABLE},
        {"58030", DB_UNAVAILABLE}, {"25006", DB_UNAVAILABLE}, {"23505", DB_FAILED},
        {"22P02", DB_FAILED},      {"P0001", DB_FAILED},      {"XX000", DB_FAILED},
    };
    struct db *db = db_open(NULL);

    (void)state;
    for (size_t i = 0; i < array_length(rows); i++) {
        struct asked asked = ask_now(db, SQL_TRIAL_RAISE, rows[i].sqlstate, NULL);
        if (asked.outcome != rows[i].outcome || strcmp(asked.sqlstate, rows[i].sqlstate) != 0)
            fail_msg("%s gave %d", rows[i].sqlstate, asked.outcome);
    }
    assert_int_equal(db_counts(db).reconnects, 1); /* 25006: that server takes no writes */
    db_shut(db);
}

static void the_read_lane_cannot_write(void **state)
{
    struct db *db = db_open(NULL);
    struct asked asked;

    (void)state;
    asked = ask_now(db, SQL_TRIAL_WRONG_LANE, "21", NULL);
    assert_int_equal(asked.outcome, DB_FAILED);
    assert_string_equal(asked.sqlstate, "25006");
    assert_int_equal(superuser("SELECT count(*) FROM motcua.trial WHERE id = 21"), 0);
    db_shut(db);
}

static void the_end_answers_everybody_once(void **state)
{
    struct db_options options = {.read_connections = 1, .write_connections = 1};
    struct db *db = db_open(&options);
    struct asked asked[40];

    (void)state;
    memset(asked, 0, sizeof(asked));
    assert_true(await_ready(db, 5000));
    for (size_t i = 0; i < array_length(asked); i++)
        ask(db, i % 2 == 0 ? SQL_TRIAL_SLEEP : SQL_TRIAL_PUT_SLOWLY, &asked[i], i % 2 == 0 ? "3" : "41", "3");
    turn_for(100);
    db_shut(db);
    for (size_t i = 0; i < array_length(asked); i++) {
        assert_int_equal(asked[i].answers, 1);
        assert_int_equal(asked[i].outcome, i == 1 ? DB_UNKNOWN : DB_UNAVAILABLE);
    }
}

static struct text kept;

static void on_kept(void *owner, const struct db_answer *answer)
{
    kept = db_text(answer, 0, COL_TRIAL_ECHO_VALUE);
    db_keep(answer, owner);
    answer_count++;
}

static void a_kept_answer_lives_as_long_as_its_arena(void **state)
{
    struct db *db = db_open(NULL);
    struct arena *arena = arena_create(1 << 16);
    struct db_params params = {.count = 1, .values = {"giữ lại"}};

    (void)state;
    db_ask(db, SQL_TRIAL_ECHO, &params, on_kept, arena);
    assert_true(await(&answer_count, 1, 5000));
    db_shut(db);
    assert_true(text_equal(kept, text_of("giữ lại")));
    arena_destroy(arena);
}

/* A schema without the tables our statements name: connected, and never serving. */
static void a_database_that_does_not_fit_never_serves(void **state)
{
    struct db_options options = {.conninfo = cluster_conninfo("daemon", "postgres")};
    struct db *db = db_open(&options);

    (void)state;
    assert_false(await_ready(db, 1000));
    assert_int_equal(ask_now(db, SQL_PING, NULL, NULL).outcome, DB_UNAVAILABLE);
    db_shut(db);
}

static void sessions_have_their_fixed_settings(void **state)
{
    struct db *db = db_open(NULL);

    (void)state;
    assert_true(await_ready(db, 5000));
    assert_int_equal(ask_now(db, SQL_TRIAL_ROW, "-1", NULL).value_bytes, 935);
    assert_int_equal(ask_now(db, SQL_TRIAL_SETTINGS, NULL, NULL).rows, 1);
    assert_string_equal(ask_now(db, SQL_TRIAL_SETTINGS, NULL, NULL).value,
                        "motcua,command,pg_temp|4s|2s|10s|on|Asia/Ho_Chi_Minh");
    db_shut(db);
}

/* What is acknowledged is on disk, whatever somebody has made the role's or the database's default. */
static void no_default_makes_a_commit_less(void **state)
{
    static const char *const less[] = {"synchronous_commit = off",
                                       "default_transaction_isolation = 'serializable'",
                                       "default_transaction_read_only = on"};
    struct db *db;

    (void)state;
    for (size_t i = 0; i < array_length(less); i++) {
        superuser("ALTER ROLE motcua_daemon SET %s", less[i]);
        superuser("ALTER ROLE motcua_daemon IN DATABASE motcua SET %s", less[i]);
    }
    db = db_open(NULL);
    assert_true(await_ready(db, 5000));
    assert_string_equal(ask_now(db, SQL_TRIAL_DURABLE, NULL, NULL).value, "on|read committed|off");
    db_shut(db);
    superuser("ALTER ROLE motcua_daemon RESET ALL");
    superuser("ALTER ROLE motcua_daemon IN DATABASE motcua RESET ALL");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(many_questions_and_some_failures_keep_apart, shut_what_is_left),
        cmocka_unit_test_teardown(parameters_of_all_sizes_arrive_whole, shut_what_is_left),
        cmocka_unit_test_teardown(full_buffers_on_both_sides_do_not_stop_either, shut_what_is_left),
        cmocka_unit_test_teardown(a_slow_statement_is_ended_in_time, shut_what_is_left),
        cmocka_unit_test_teardown(a_full_queue_refuses_at_once, shut_what_is_left),
        cmocka_unit_test_teardown(a_failure_at_commit_is_a_failure, shut_what_is_left),
        cmocka_unit_test_teardown(conflicts_are_asked_again_where_the_head_allows, shut_what_is_left),
        cmocka_unit_test_teardown(a_held_lock_is_awaited_shortly, shut_what_is_left),
        cmocka_unit_test_teardown(each_sqlstate_has_its_outcome, shut_what_is_left),
        cmocka_unit_test_teardown(the_read_lane_cannot_write, shut_what_is_left),
        cmocka_unit_test_teardown(the_end_answers_everybody_once, shut_what_is_left),
        cmocka_unit_test_teardown(a_kept_answer_lives_as_long_as_its_arena, shut_what_is_left),
        cmocka_unit_test_teardown(a_database_that_does_not_fit_never_serves, shut_what_is_left),
        cmocka_unit_test_teardown(sessions_have_their_fixed_settings, shut_what_is_left),
        cmocka_unit_test_teardown(no_default_makes_a_commit_less, shut_what_is_left),
    };
    return cmocka_run_group_tests_name("db", tests, cluster_setup, cluster_teardown);
}
