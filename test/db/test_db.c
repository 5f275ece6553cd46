/* What server/db promises to those who ask, against a real PostgreSQL that is killed, stopped and cut off. */
#include <signal.h>
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

/* A backend that is stopped says nothing at all: the deadline is ours, and the connection is replaced. */
static void a_silent_server_is_not_awaited(void **state)
{
    struct db_options options = {.wait_timeout_ms = 500, .read_connections = 1, .write_connections = 1};
    struct db *db = db_open(&options);
    int reader = 0;
    int writer = 0;

    (void)state;
    assert_true(await_ready(db, 5000));
    reader = (int)superuser("SELECT pid FROM pg_stat_activity WHERE application_name = 'motcuad read'");
    writer = (int)superuser("SELECT pid FROM pg_stat_activity WHERE application_name = 'motcuad write'");
    assert_true(reader > 0 && writer > 0);
    assert_int_equal(kill(reader, SIGSTOP), 0);
    assert_int_equal(kill(writer, SIGSTOP), 0);
    assert_int_equal(ask_now(db, SQL_TRIAL_ECHO, "1", NULL).outcome, DB_TIMEOUT);
    assert_int_equal(ask_now(db, SQL_TRIAL_PUT, "77", NULL).outcome, DB_UNKNOWN);
    turn_for(2000);
    assert_int_equal(ask_now(db, SQL_TRIAL_ECHO, "1", NULL).outcome, DB_ROWS);
    kill(reader, SIGCONT);
    kill(writer, SIGCONT);
    assert_true(await_ready(db, 5000));
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

static void kill_backends(const char *application)
{
    superuser("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = '%s'",
              application);
}

static void a_read_outlives_its_connection_once(void **state)
{
    struct db_options options = {.read_connections = 1};
    struct db *db = db_open(&options);
    struct asked asked = {.answers = 0};

    (void)state;
    assert_true(await_ready(db, 5000));
    ask(db, SQL_TRIAL_SLEEP, &asked, "0.6", NULL);
    turn_for(150);
    kill_backends("motcuad read");
    assert_true(await(&asked.answers, 1, 5000));
    assert_int_equal(asked.outcome, DB_ROWS);
    assert_int_equal(db_counts(db).retried, 1);

    asked.answers = 0;
    ask(db, SQL_TRIAL_SLEEP, &asked, "0.6", NULL);
    for (int i = 0; i < 2; i++) {
        turn_for(350);
        kill_backends("motcuad read");
    }
    assert_true(await(&asked.answers, 1, 5000));
    assert_int_equal(asked.outcome, DB_UNAVAILABLE);
    db_shut(db);
}

static void a_write_cut_off_is_unknown_and_never_repeated(void **state)
{
    struct db *db = db_open(NULL);
    struct asked asked = {.answers = 0};

    (void)state;
    superuser("DELETE FROM motcua.trial WHERE id = 5");
    assert_true(await_ready(db, 5000));
    ask(db, SQL_TRIAL_PUT_SLOWLY, &asked, "5", "1");
    turn_for(200);
    kill_backends("motcuad write");
    assert_true(await(&asked.answers, 1, 5000));
    assert_int_equal(asked.outcome, DB_UNKNOWN);
    turn_for(1500);
    assert_int_equal(asked.answers, 1);
    assert_int_equal(superuser("SELECT count(*) FROM motcua.trial WHERE id = 5"), 0);
    assert_int_equal(db_counts(db).retried, 0);
    assert_int_equal(ask_now(db, SQL_TRIAL_PUT, "5", NULL).outcome, DB_ROWS);
    db_shut(db);
}

/* Connections are killed ten times a second under writers and readers: what is answered is so, whatever it
 * is. */
static void what_is_answered_is_so_while_connections_die(void **state)
{
    enum { WRITES = 3000, WAVE = 40, FIRST_ID = 1000000 };
    static struct asked writes[WRITES], reads[WRITES];
    static char ids[WRITES][16];
    int by_outcome[DB_FAILED + 1] = {0};
    struct db *db = db_open(NULL);
    int reads_served = 0;

    (void)state;
    memset(writes, 0, sizeof(writes));
    memset(reads, 0, sizeof(reads));
    superuser("DELETE FROM motcua.trial WHERE id >= %d", FIRST_ID);
    assert_true(await_ready(db, 5000));
    for (int i = 0; i < WRITES; i++) {
        snprintf(ids[i], sizeof(ids[i]), "%d", FIRST_ID + i);
        ask(db, SQL_TRIAL_PUT, &writes[i], ids[i], NULL);
        ask(db, SQL_TRIAL_ECHO, &reads[i], ids[i], NULL);
        if (i % (2 * WAVE) == 0)
            kill_backends(i % (4 * WAVE) == 0 ? "motcuad write" : "motcuad read");
        if (i % WAVE == 0)
            turn_for(20);
    }
    assert_true(await(&answer_count, 2 * WRITES, 20000));
    for (int i = 0; i < WRITES; i++) {
        int64_t found = superuser("SELECT count(*) FROM motcua.trial WHERE id = %s", ids[i]);
        by_outcome[writes[i].outcome]++;
        reads_served += reads[i].outcome == DB_ROWS ? 1 : 0;
        assert_int_equal(writes[i].answers, 1);
        assert_int_equal(reads[i].answers, 1);
        assert_true(reads[i].outcome != DB_ROWS || strcmp(reads[i].value, ids[i]) == 0);
        if (writes[i].outcome != DB_UNKNOWN)
            assert_int_equal(found, writes[i].outcome == DB_ROWS ? 1 : 0);
    }
    print_message("writes: %d done, %d unknown; reads: %d of %d served; %d reconnects\n", by_outcome[DB_ROWS],
                  by_outcome[DB_UNKNOWN], reads_served, WRITES, (int)db_counts(db).reconnects);
    assert_in_range(by_outcome[DB_UNKNOWN], 1,
                    WRITES / 20); /* some were cut off, or this test has tested nothing */
    assert_in_range(reads_served, WRITES - WRITES / 100, WRITES);
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

static void a_stopped_server_is_told_soon_and_comes_back(void **state)
{
    struct db *db = db_open(NULL);
    struct asked flying[8];
    int given = 0;

    (void)state;
    memset(flying, 0, sizeof(flying));
    assert_true(await_ready(db, 5000));
    given = answer_count;
    for (size_t i = 0; i < array_length(flying); i++)
        ask(db, i % 2 == 0 ? SQL_TRIAL_SLEEP : SQL_TRIAL_PUT_SLOWLY, &flying[i], i % 2 == 0 ? "3" : "31",
            "3");
    turn_for(200);
    superuser_end();
    cluster_do("stop", "immediate");
    assert_true(await(&answer_count, given + (int)array_length(flying), 3000));
    for (size_t i = 0; i < array_length(flying); i++) {
        assert_int_equal(flying[i].answers, 1);
        assert_true(flying[i].outcome == DB_UNAVAILABLE || (i % 2 == 1 && flying[i].outcome == DB_UNKNOWN));
    }
    assert_false(db_is_ready(db));
    assert_int_equal(ask_now(db, SQL_TRIAL_ECHO, "1", NULL).outcome, DB_UNAVAILABLE);
    turn_for(3000);
    cluster_do("start", "");
    assert_true(await_ready(db, 5500));
    assert_int_equal(ask_now(db, SQL_TRIAL_ECHO, "1", NULL).outcome, DB_ROWS);
    assert_int_equal(superuser("SELECT count(*) FROM motcua.trial WHERE id = 31"), 0);
    db_shut(db);
}

struct heard {
    int messages, lost, back;
    char last[64];
};

static void on_notice(void *owner, enum db_notice notice, struct text payload)
{
    struct heard *heard = owner;

    switch (notice) {
    case DB_NOTICE_MESSAGE:
        heard->messages++;
        snprintf(heard->last, sizeof(heard->last), "%.*s", TEXT_ARG(payload));
        break;
    case DB_NOTICE_LOST: heard->lost++; break;
    case DB_NOTICE_BACK: heard->back++; break;
    }
}

static void listeners_hear_messages_and_losses(void **state)
{
    struct db *db = db_open(NULL);
    struct heard sessions = {.messages = 0};
    struct heard others = {.messages = 0};

    (void)state;
    db_listen(db, "sessions", on_notice, &sessions);
    db_listen(db, "others", on_notice, &others);
    assert_true(await(&sessions.back, 1, 5000) && await(&others.back, 1, 5000));
    ask_now(db, SQL_TRIAL_NOTIFY, "sessions", "ended 7");
    assert_true(await(&sessions.messages, 1, 2000));
    assert_string_equal(sessions.last, "ended 7");
    assert_int_equal(others.messages, 0);

    kill_backends("motcuad listen");
    assert_true(await(&sessions.lost, 1, 2000) && await(&others.lost, 1, 2000));
    assert_true(await(&sessions.back, 2, 6000));
    ask_now(db, SQL_TRIAL_NOTIFY, "sessions", "ended 8");
    assert_true(await(&sessions.messages, 2, 2000));
    assert_string_equal(sessions.last, "ended 8");

    struct heard late = {.messages = 0};
    db_listen(db, "late", on_notice, &late);
    assert_true(await(&late.back, 1, 2000));
    ask_now(db, SQL_TRIAL_NOTIFY, "late", "too");
    assert_true(await(&late.messages, 1, 2000));
    db_shut(db);
}

/* Takes half a minute, so only where it is asked for. */
static void a_silent_listening_connection_is_noticed(void **state)
{
    struct db *db = NULL;
    struct heard heard = {.messages = 0};
    int backend = 0;

    (void)state;
    if (getenv("MOTCUA_TEST_SLOW") == NULL)
        skip();
    db = db_open(NULL);
    db_listen(db, "sessions", on_notice, &heard);
    assert_true(await(&heard.back, 1, 5000));
    backend = (int)superuser("SELECT pid FROM pg_stat_activity WHERE application_name = 'motcuad listen'");
    assert_int_equal(kill(backend, SIGSTOP), 0);
    assert_true(await(&heard.lost, 1, 21000));
    assert_true(await(&heard.back, 2, 6000));
    assert_int_equal(kill(backend, SIGCONT), 0);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(many_questions_and_some_failures_keep_apart, shut_what_is_left),
        cmocka_unit_test_teardown(parameters_of_all_sizes_arrive_whole, shut_what_is_left),
        cmocka_unit_test_teardown(full_buffers_on_both_sides_do_not_stop_either, shut_what_is_left),
        cmocka_unit_test_teardown(a_slow_statement_is_ended_in_time, shut_what_is_left),
        cmocka_unit_test_teardown(a_silent_server_is_not_awaited, shut_what_is_left),
        cmocka_unit_test_teardown(a_full_queue_refuses_at_once, shut_what_is_left),
        cmocka_unit_test_teardown(a_read_outlives_its_connection_once, shut_what_is_left),
        cmocka_unit_test_teardown(a_write_cut_off_is_unknown_and_never_repeated, shut_what_is_left),
        cmocka_unit_test_teardown(what_is_answered_is_so_while_connections_die, shut_what_is_left),
        cmocka_unit_test_teardown(a_failure_at_commit_is_a_failure, shut_what_is_left),
        cmocka_unit_test_teardown(conflicts_are_asked_again_where_the_head_allows, shut_what_is_left),
        cmocka_unit_test_teardown(a_held_lock_is_awaited_shortly, shut_what_is_left),
        cmocka_unit_test_teardown(each_sqlstate_has_its_outcome, shut_what_is_left),
        cmocka_unit_test_teardown(the_read_lane_cannot_write, shut_what_is_left),
        cmocka_unit_test_teardown(listeners_hear_messages_and_losses, shut_what_is_left),
        cmocka_unit_test_teardown(a_silent_listening_connection_is_noticed, shut_what_is_left),
        cmocka_unit_test_teardown(the_end_answers_everybody_once, shut_what_is_left),
        cmocka_unit_test_teardown(a_kept_answer_lives_as_long_as_its_arena, shut_what_is_left),
        cmocka_unit_test_teardown(a_database_that_does_not_fit_never_serves, shut_what_is_left),
        cmocka_unit_test_teardown(sessions_have_their_fixed_settings, shut_what_is_left),
        cmocka_unit_test_teardown(a_stopped_server_is_told_soon_and_comes_back, shut_what_is_left),
    };
    return cmocka_run_group_tests_name("db", tests, cluster_setup, cluster_teardown);
}
