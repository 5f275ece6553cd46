#pragma once
/*
 * What a PGresult means for the one who asked. The SQLSTATE table stands here, and nowhere else.
 */
#include <libpq-fe.h>

#include "db/db.h"

struct db_answer {
    enum db_outcome outcome;
    const PGresult *result; /* NULL where nothing came */
    bool *is_kept;          /* set by db_keep(): the arena ends the result */
};

enum answer_kind {
    ANSWER_ROWS,
    ANSWER_ABORTED,  /* not run, because one before it in the same batch failed */
    ANSWER_CONFLICT, /* 40001, 40P01: may go well when asked again */
    ANSWER_ERROR,    /* the server refused it and surely changed nothing */
    ANSWER_LOST,     /* the connection is ending; a write may have been committed */
};

enum answer_kind answer_kind(const PGresult *result);
/* Of ANSWER_CONFLICT and ANSWER_ERROR. */
enum db_outcome answer_outcome(const PGresult *result);
/* The server has become a standby or is otherwise no place for writes: the connection is to be dropped. */
bool answer_is_read_only_server(const PGresult *result);
/* One line for what ended DB_FAILED; never values. */
void answer_log_failure(enum sql statement, const PGresult *result);
