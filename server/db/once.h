#pragma once
/*
 * One statement over a connection of its own, blocking: for the command line (`motcua catalogue load`), never
 * for the daemon. Connects as the operator's own role.
 */
#include <stdio.h>

#include "core/must.h"

enum db_once_outcome {
    DB_ONCE_DONE,
    DB_ONCE_UNAVAILABLE, /* no connection */
    DB_ONCE_REFUSED,     /* the database said no: its message is on `faults` */
};

/* The first column of the first row; empty where there is none. Longer values are cut. */
struct db_once_answer {
    char text[256];
};

/* `values` are parameters in text form, `count` of them; NULL is SQL NULL. */
MUST_USE enum db_once_outcome db_once(const char *conninfo, const char *sql, int count,
                                      const char *const *values, struct db_once_answer *answer, FILE *faults);
