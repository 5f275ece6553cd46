/* What server/db promises when connections are killed, backends fall silent and the server is stopped. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/must.h"
#include "db_fixture.h"

static void kill_backends(const char *application)
{
    superuser("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = '%s'",
              application);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_silent_server_is_not_awaited, shut_what_is_left),
        cmocka_unit_test_teardown(a_read_outlives_its_connection_once, shut_what_is_left),
        cmocka_unit_test_teardown(a_write_cut_off_is_unknown_and_never_repeated, shut_what_is_left),
        cmocka_unit_test_teardown(what_is_answered_is_so_while_connections_die, shut_what_is_left),
        cmocka_unit_test_teardown(listeners_hear_messages_and_losses, shut_what_is_left),
        cmocka_unit_test_teardown(a_silent_listening_connection_is_noticed, shut_what_is_left),
        cmocka_unit_test_teardown(a_stopped_server_is_told_soon_and_comes_back, shut_what_is_left),
    };
    return cmocka_run_group_tests_name("db losses", tests, cluster_setup, cluster_teardown);
}
