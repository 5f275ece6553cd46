#include "db_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/log.h"
#include "core/must.h"
#include "db/migrate.h"
#include "db/statement.h"

enum { COMMAND_BYTES = 1024, TICK_US = 5000 };

int answer_count;
bool is_asking;

static char folder[256];
static bool is_own_folder;
static struct event_base *base;
static struct event *waker;

void cluster_do(const char *verb, const char *how)
{
    char command[COMMAND_BYTES];

    snprintf(command, sizeof(command), "%s/test/cluster %s %s %s", SOURCE_DIR, verb, folder, how);
    if (system(command) != 0)
        fail_msg("%s", command);
}

const char *cluster_conninfo(const char *role, const char *database)
{
    static char conninfos[3][FIXTURE_TEXT_BYTES];
    char *conninfo = conninfos[role[0] == 'd' ? 0 : role[0] == 'm' ? 1 : 2];
    const char *user = role[0] == 'd' ? "motcua_daemon" : role[0] == 'm' ? "motcua_migrate" : "postgres";

    snprintf(conninfo, FIXTURE_TEXT_BYTES, "host='%s/run' dbname=%s user=%s", folder,
             database == NULL ? "motcua" : database, user);
    return conninfo;
}

static int64_t first_number(const PGresult *result)
{
    return PQntuples(result) > 0 && PQnfields(result) > 0 ? strtoll(PQgetvalue(result, 0, 0), NULL, 10) : 0;
}

static int64_t run_sql(PGconn *pg, const char *sql)
{
    PGresult *result = PQexec(pg, sql);
    ExecStatusType status = PQresultStatus(result);
    int64_t number = first_number(result);

    PQclear(result);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(pg));
    return number;
}

static PGconn *beside;

int64_t superuser(const char *format, ...)
{
    char sql[COMMAND_BYTES];
    va_list args;

    va_start(args, format);
    vsnprintf(sql, sizeof(sql), format, args);
    va_end(args);
    if (beside == NULL)
        beside = PQconnectdb(cluster_conninfo("postgres", NULL));
    return run_sql(beside, sql);
}

void superuser_end(void)
{
    PQfinish(beside);
    beside = NULL;
}

void superuser_in(const char *database, const char *sql)
{
    PGconn *pg = PQconnectdb(cluster_conninfo("postgres", database));

    run_sql(pg, sql);
    PQfinish(pg);
}

static char *read_setup(void)
{
    FILE *file = fopen(SOURCE_DIR "/test/db/setup.sql", "rb");
    char *text = calloc(1, 65536);

    must(file != NULL && text != NULL && fread(text, 1, 65535, file) > 0);
    fclose(file);
    return text;
}

int cluster_setup(void **state)
{
    const char *given = getenv("MOTCUA_TEST_CLUSTER");
    char *setup = NULL;

    (void)state;
    log_start(getenv("MOTCUA_TEST_VERBOSE") != NULL ? LOG_DEBUG : LOG_ERROR, LOG_LOGFMT, "test");
    snprintf(folder, sizeof(folder), "%s", given != NULL ? given : "/tmp/motcua-db-XXXXXX");
    is_own_folder = given == NULL && mkdtemp(folder) != NULL;
    cluster_do("start", "");
    must(db_migrate(cluster_conninfo("migrate", NULL), stderr, false));
    if (superuser("SELECT 1 WHERE to_regclass('motcua.trial') IS NULL") == 1) {
        setup = read_setup();
        superuser_in(NULL, setup);
        free(setup);
    }
    return 0;
}

int cluster_teardown(void **state)
{
    char command[COMMAND_BYTES];

    (void)state;
    superuser_end();
    if (!is_own_folder)
        return 0;
    cluster_do("stop", "immediate");
    snprintf(command, sizeof(command), "rm -rf %s", folder);
    return system(command);
}

static void on_waker(evutil_socket_t fd, short events, void *owner)
{
    (void)fd;
    (void)events;
    (void)owner;
}

struct event_base *loop(void)
{
    struct timeval tick = {.tv_usec = TICK_US};

    if (base == NULL) {
        base = event_base_new();
        waker = event_new(base, -1, EV_PERSIST, on_waker, NULL);
        must(base != NULL && event_add(waker, &tick) == 0);
        answer_count = 0;
    }
    return base;
}

/* The one that is open, so that a failed test takes no later one with it. */
static struct db *open_db;

struct db *db_open(const struct db_options *changes)
{
    struct db_options options = changes == NULL ? (struct db_options){.conninfo = NULL} : *changes;

    if (options.conninfo == NULL)
        options.conninfo = cluster_conninfo("daemon", NULL);
    if (options.read_connections == 0)
        options.read_connections = 2;
    if (options.write_connections == 0)
        options.write_connections = 2;
    if (options.queue_max == 0)
        options.queue_max = 4096;
    if (options.wait_timeout_ms == 0)
        options.wait_timeout_ms = 5000;
    open_db = db_create(loop(), &options);
    return open_db;
}

int shut_what_is_left(void **state)
{
    (void)state;
    if (open_db != NULL)
        db_shut(open_db);
    return 0;
}

void db_shut(struct db *db)
{
    open_db = NULL;
    db_destroy(db);
    event_free(waker);
    event_base_free(base);
    base = NULL;
}

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool await(const int *counter, int wanted, int timeout_ms)
{
    int64_t end_ms = now_ms() + timeout_ms;

    while (*counter < wanted && now_ms() < end_ms)
        event_base_loop(loop(), EVLOOP_ONCE);
    return *counter >= wanted;
}

bool await_ready(struct db *db, int timeout_ms)
{
    int64_t end_ms = now_ms() + timeout_ms;

    while (!db_is_ready(db) && now_ms() < end_ms)
        event_base_loop(loop(), EVLOOP_ONCE);
    return db_is_ready(db);
}

void turn_for(int ms)
{
    int never = 0;

    await(&never, 1, ms);
}

static void on_answer(void *owner, const struct db_answer *answer)
{
    struct asked *asked = owner;

    assert_false(is_asking);
    answer_count++;
    asked->answers++;
    asked->outcome = db_outcome(answer);
    asked->rows = db_row_count(answer);
    snprintf(asked->sqlstate, sizeof(asked->sqlstate), "%s", db_sqlstate(answer));
    if (asked->rows > 0) {
        struct text value = db_text(answer, 0, 0);
        asked->number = db_i64(answer, 0, 0);
        if (sql_statements[asked->statement].column_count >= 3) {
            asked->second = db_i64(answer, 0, 1);
            asked->third = db_i64(answer, 0, 2);
        }
        asked->value_bytes = value.length;
        snprintf(asked->value, sizeof(asked->value), "%.*s", (int)(value.length < 63 ? value.length : 63),
                 value.data == NULL ? "" : value.data);
        asked->is_null = db_is_null(answer, 0, 0);
    }
}

void ask(struct db *db, enum sql statement, struct asked *asked, const char *first, const char *second)
{
    struct db_params params = {.count = sql_statements[statement].param_count, .values = {first, second}};

    asked->statement = statement;
    is_asking = true;
    db_ask(db, statement, &params, on_answer, asked);
    is_asking = false;
}

struct asked ask_now(struct db *db, enum sql statement, const char *first, const char *second)
{
    struct asked asked = {.answers = 0};

    ask(db, statement, &asked, first, second);
    assert_true(await(&asked.answers, 1, 20000));
    assert_int_equal(asked.answers, 1);
    return asked;
}
