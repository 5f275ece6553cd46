#pragma once
/*
 * PostgreSQL in and out, without blocking. The only room that sees PGconn.
 *
 * Every statement stands in a .sql file (server/<room>/sql/name.sql), is embedded at build and prepared on
 * each connection before that connection serves. Reads share a few pipelined connections, whose sessions are
 * read only; an error fails only its own question (others behind the same Sync are asked again unseen). A
 * write owns a connection for its one statement, which is its one transaction, and is answered after the
 * commit; where the statement's head says `batch: N` one call takes several waiting writes, each with its own
 * answer. Queues have a length, waits a deadline; when the database is away questions wait a second and are
 * then answered DB_UNAVAILABLE, and the connections come back by themselves (back-off 50 ms … 5 s, jittered).
 * A read is asked once more when its connection breaks; a write never is.
 *
 * Each question gets exactly one answer, never from inside db_ask(). Parameter bytes must live until then.
 */
#include <stdbool.h>
#include <stdint.h>

#include "core/text.h"
#include "sql_statements.h" /* made at build: enum sql, SQL_…, column indices */

struct event_base;
struct db;
struct db_answer;

struct db_options {
    const char *conninfo;
    const char *password; /* NULL: none */
    int read_connections, write_connections;
    int pipeline_max;        /* questions in flight on one read connection; 0: DB_PIPELINE_DEFAULT */
    int queue_max;           /* questions of one lane that wait for a connection */
    int64_t wait_timeout_ms; /* from asking to answering; statements end themselves a fifth earlier */
};

enum { DB_PARAMS_MAX = 64, DB_PIPELINE_DEFAULT = 16 };

/* A parameter, in text form; data == NULL is SQL NULL. */
struct db_params {
    int count;
    const char *values[DB_PARAMS_MAX]; /* NUL-terminated */
};

enum db_outcome {
    DB_ROWS,        /* it ran; rows may be none */
    DB_UNAVAILABLE, /* not sent, or sent and surely not committed: 503 */
    DB_UNKNOWN,     /* a write whose commit nobody knows: 503, the idempotency key settles it */
    DB_FULL,        /* the queue is full: 503 */
    DB_TIMEOUT,     /* no answer in time, surely not committed: 503 */
    DB_CONFLICT,    /* 40001, 40P01 (again after one retry where the head allows it), 55P03: 503 */
    DB_FAILED,      /* any other SQLSTATE: 500, logged here once */
};

typedef void db_on_answer(void *owner, const struct db_answer *answer);

struct db *db_create(struct event_base *base, const struct db_options *options);
/* Questions still waiting are answered DB_UNAVAILABLE, writes that were sent DB_UNKNOWN. Never from
 * on_answer(). */
void db_destroy(struct db *db);
/* At least one connection of each lane serves; none does unless the schema is the one this program was built
 * for and every statement of its lane is as its head says. */
bool db_is_ready(const struct db *db);

/* Read or write: the statement's head says which lane. params is copied, the bytes its values point to are
 * not; NULL is no parameters. */
void db_ask(struct db *db, enum sql statement, const struct db_params *params, db_on_answer *on_answer,
            void *owner);

enum db_outcome db_outcome(const struct db_answer *answer);
/* Five characters when the server refused (DB_FAILED, DB_CONFLICT, …), otherwise "". */
const char *db_sqlstate(const struct db_answer *answer);
int db_row_count(const struct db_answer *answer);
/* Columns by the indices made at build (COL_<STATEMENT>_<COLUMN>). The text lives as long as the answer:
 * until on_answer returns, or with db_keep() as long as the arena. */
struct text db_text(const struct db_answer *answer, int row, int column);
const char *db_string(const struct db_answer *answer, int row, int column); /* NULL for SQL NULL */
bool db_is_null(const struct db_answer *answer, int row, int column);
int64_t db_i64(const struct db_answer *answer, int row, int column); /* 0 for NULL */
bool db_bool(const struct db_answer *answer, int row, int column);
/* Keeps the answer's memory until the arena ends. */
void db_keep(const struct db_answer *answer, struct arena *arena);

struct db_counts {
    int64_t asked, answered, failed, unavailable, timeouts, full, retried, reconnects;
    int idle_read, idle_write, waiting; /* now */
};
struct db_counts db_counts(const struct db *db);
/* Microseconds spent between asking and answering, by statement: sum and count since start. */
void db_statement_times(const struct db *db, enum sql statement, int64_t *count, int64_t *micro_sum);

enum db_notice {
    DB_NOTICE_MESSAGE,
    DB_NOTICE_LOST, /* the connection that listens is gone: what is cached may be stale from now on */
    DB_NOTICE_BACK, /* it listens (again): what was cached before must go */
};

/* payload: of a message; the text lives until the function returns. */
typedef void db_on_notice(void *owner, enum db_notice notice, struct text payload);
/* LISTEN on a connection of its own that all channels of this db share. Lives as long as db. channel is a
 * plain small-letter name. DB_NOTICE_BACK comes when it begins to listen. */
void db_listen(struct db *db, const char *channel, db_on_notice *on_notice, void *owner);
