/* What server/db promises when several writes become one call: each gets its own answer, an error is nobody
 * else's, and what the commit of all decides is told to all. */
#include <stdio.h>
#include <string.h>

#include "core/must.h"
#include "db_fixture.h"

enum { ID = 2000000, BATCH = 4 };

static struct asked asked[64];
static char ids[64][16];

static struct db *begin(const struct db_options *options)
{
    struct db *db = db_open(options);

    memset(asked, 0, sizeof(asked));
    superuser("DELETE FROM motcua.trial WHERE id >= %d", ID);
    assert_true(await_ready(db, 5000));
    return db;
}

/* All in one turn of the loop, so that they meet. */
static void ask_all(struct db *db, const char *const words[], int count)
{
    int const given = answer_count;

    memset(asked, 0, sizeof(asked));
    for (int i = 0; i < count; i++) {
        snprintf(ids[i], sizeof(ids[i]), "%d", ID + i);
        ask(db, SQL_TRIAL_BATCH, &asked[i], ids[i], words == NULL ? NULL : words[i]);
    }
    assert_true(await(&answer_count, given + count, 20000));
    for (int i = 0; i < count; i++)
        assert_int_equal(asked[i].answers, 1);
}

static int64_t rows_written(void)
{
    return superuser("SELECT count(*) FROM motcua.trial WHERE id >= %d", ID);
}

static void many_share_transactions_and_each_gets_its_own_row(void **state)
{
    struct db *db = begin(NULL);

    (void)state;
    ask_all(db, NULL, 40);
    for (int i = 0; i < 40; i++) {
        assert_int_equal(asked[i].outcome, DB_ROWS);
        assert_int_equal(asked[i].rows, 1);
        assert_int_equal(asked[i].third, ID + i);
        assert_int_equal(asked[i].second, BATCH);
    }
    assert_int_equal(rows_written(), 40);
    assert_int_equal(superuser("SELECT count(DISTINCT xmin::text) FROM motcua.trial WHERE id >= %d", ID),
                     40 / BATCH);
    db_shut(db);
}

static void values_arrive_as_they_were(void **state)
{
    static const char *const words[BATCH] = {"a\"b\\c{},'", "", "NULL", "Nguyễn \\\" ế"};
    static const char *const stored[BATCH] = {"a\"b\\c{},''", "", "NULL", "Nguyễn \\\" ế"};
    struct db *db = begin(NULL);

    (void)state;
    ask_all(db, words, BATCH);
    for (int i = 0; i < BATCH; i++)
        assert_int_equal(
            superuser("SELECT count(*) FROM motcua.trial WHERE id = %d AND label = '%s'", ID + i, stored[i]),
            1);
    superuser("DELETE FROM motcua.trial WHERE id >= %d", ID);
    ask_all(db, NULL, BATCH);
    assert_int_equal(superuser("SELECT count(*) FROM motcua.trial WHERE id >= %d AND label IS NULL", ID),
                     BATCH);
    db_shut(db);
}

/* What the second of four does, and what becomes of it; the others are done whatever it is. */
static void an_error_of_one_is_not_the_others(void **state)
{
    static const struct {
        const char *word;
        enum db_outcome outcome;
        int64_t written;
    } rows[] = {
        {"taken", DB_FAILED, 3}, /* a unique label: found at the commit of all */
        {"clash", DB_ROWS, 4},   /* only in company */
        {"shy", DB_ROWS, 4},     /* no row in company */
        {"mute", DB_CONFLICT, 3},
    };

    (void)state;
    for (size_t i = 0; i < array_length(rows); i++) {
        struct db *db = begin(NULL);
        const char *const words[BATCH] = {"one", rows[i].word, "three", "four"};

        superuser("INSERT INTO motcua.trial (id, label) VALUES (%d, 'taken')", ID + 100);
        ask_all(db, words, BATCH);
        for (int k = 0; k < BATCH; k++)
            assert_int_equal(asked[k].outcome, k == 1 ? rows[i].outcome : DB_ROWS);
        if (rows[i].outcome == DB_ROWS)
            assert_int_equal(asked[1].second, 1); /* alone in the end */
        assert_int_equal(rows_written(), rows[i].written + 1);
        db_shut(db);
    }
}

static void an_error_while_it_runs_is_not_the_others(void **state)
{
    struct db *db = begin(NULL);

    (void)state;
    superuser("INSERT INTO motcua.trial (id) VALUES (%d)", ID + 2);
    ask_all(db, NULL, BATCH);
    for (int i = 0; i < BATCH; i++)
        assert_int_equal(asked[i].outcome, i == 2 ? DB_FAILED : DB_ROWS);
    assert_string_equal(asked[2].sqlstate, "23505");
    assert_int_equal(rows_written(), BATCH);
    db_shut(db);
}

/* No room on the disk is everybody's. */
static void what_ails_the_server_is_told_to_all_at_once(void **state)
{
    static const char *const words[BATCH] = {"one", "full", "three", "four"};
    struct db *db = begin(NULL);

    (void)state;
    ask_all(db, words, BATCH);
    for (int i = 0; i < BATCH; i++)
        assert_int_equal(asked[i].outcome, DB_UNAVAILABLE);
    assert_int_equal(rows_written(), 0);
    assert_int_equal(db_counts(db).retried, 0);
    db_shut(db);
}

/* The backend dies with the batch in it: all are unknown, none is repeated, none is half there. */
static void a_batch_cut_off_is_unknown_to_all(void **state)
{
    struct db_options const options = {.write_connections = 1};
    static const char *const words[BATCH] = {"one", "sleep", "three", "four"};
    struct db *db = begin(&options);
    int const given = answer_count;

    (void)state;
    for (int i = 0; i < BATCH; i++) {
        snprintf(ids[i], sizeof(ids[i]), "%d", ID + i);
        ask(db, SQL_TRIAL_BATCH, &asked[i], ids[i], words[i]);
    }
    turn_for(200);
    superuser("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = "
              "'motcuad write'");
    assert_true(await(&answer_count, given + BATCH, 5000));
    for (int i = 0; i < BATCH; i++)
        assert_int_equal(asked[i].outcome, DB_UNKNOWN);
    turn_for(1000);
    assert_int_equal(rows_written(), 0);
    assert_int_equal(db_counts(db).retried, 0);
    db_shut(db);
}

/* While enough batches are out, other writes pass those that wait for the next. */
static void other_writes_pass_those_that_wait(void **state)
{
    struct db_options const options = {.write_connections = 3};
    struct db *db = begin(&options);
    struct asked other = {.answers = 0};

    (void)state;
    for (int i = 0; i < 2 * BATCH; i++) {
        snprintf(ids[i], sizeof(ids[i]), "%d", ID + i);
        ask(db, SQL_TRIAL_BATCH, &asked[i], ids[i], i % BATCH == 0 ? "sleep" : NULL);
    }
    ask(db, SQL_TRIAL_PUT, &other, "2000200", NULL);
    assert_true(await(&other.answers, 1, 5000));
    assert_int_equal(other.outcome, DB_ROWS);
    assert_int_equal(asked[2 * BATCH - 1].answers, 0);
    assert_true(await(&asked[2 * BATCH - 1].answers, 1, 20000));
    assert_int_equal(asked[2 * BATCH - 1].outcome, DB_ROWS);
    db_shut(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(many_share_transactions_and_each_gets_its_own_row, shut_what_is_left),
        cmocka_unit_test_teardown(values_arrive_as_they_were, shut_what_is_left),
        cmocka_unit_test_teardown(an_error_of_one_is_not_the_others, shut_what_is_left),
        cmocka_unit_test_teardown(an_error_while_it_runs_is_not_the_others, shut_what_is_left),
        cmocka_unit_test_teardown(what_ails_the_server_is_told_to_all_at_once, shut_what_is_left),
        cmocka_unit_test_teardown(a_batch_cut_off_is_unknown_to_all, shut_what_is_left),
        cmocka_unit_test_teardown(other_writes_pass_those_that_wait, shut_what_is_left),
    };
    return cmocka_run_group_tests_name("db batch", tests, cluster_setup, cluster_teardown);
}
