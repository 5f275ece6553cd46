#pragma once
/*
 * For tests of server/db: a private cluster, a superuser's blocking connection beside it, and questions whose
 * answers are kept for looking at.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <event2/event.h>
#include <libpq-fe.h>

#include "db/db.h"

enum { FIXTURE_TEXT_BYTES = 512 };

/* One question asked, and what became of it. */
struct asked {
    enum sql statement;
    int answers;
    enum db_outcome outcome;
    int rows;
    int64_t number;        /* first column of the first row */
    int64_t second, third; /* those behind it, where there are three */
    char value[64];        /* the same as text, cut */
    size_t value_bytes;
    bool is_null;
    char sqlstate[6];
};

/* test/cluster start or stop, on the folder of this run; fails the test when it fails. */
void cluster_do(const char *verb, const char *how);
/* Starts it where it is not, migrates and sets up database motcua. */
int cluster_setup(void **state);
int cluster_teardown(void **state);
/* "daemon", "migrate" or "postgres"; database NULL is motcua. Static memory for each of the roles. */
const char *cluster_conninfo(const char *role, const char *database);
/* As superuser; the first value of the first row as a number, 0 where there is none. */
int64_t superuser(const char *format, ...) __attribute__((format(printf, 1, 2)));
void superuser_end(void);
void superuser_in(const char *database, const char *sql);

struct event_base *loop(void);
struct db *db_open(const struct db_options *changes);
/* Ends the db and the loop. */
void db_shut(struct db *db);
/* Teardown of each test: does it for one that failed halfway. */
int shut_what_is_left(void **state);
bool await(const int *counter, int wanted, int timeout_ms);
bool await_ready(struct db *db, int timeout_ms);
void turn_for(int ms);

/* Asks with up to two parameters, which must live until the answer. */
void ask(struct db *db, enum sql statement, struct asked *asked, const char *first, const char *second);
/* Asks and awaits. */
struct asked ask_now(struct db *db, enum sql statement, const char *first, const char *second);
/* How many answers have come in all since the loop was made. */
extern int answer_count;
/* True while db_ask() runs: no callback may. */
extern bool is_asking;
