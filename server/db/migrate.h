#pragma once
/*
 * For `motcuad migrate`, `motcuad check` and the moment before the workers start: blocking, without a loop.
 * Brings the database up to the migrations built into this program, says whether it is, and whether every
 * statement built into it prepares there with the parameters and columns its head promises.
 */
#include <stdbool.h>
#include <stdio.h>

#include "core/must.h"

enum db_schema_state {
    DB_SCHEMA_CURRENT,
    DB_SCHEMA_BEHIND,  /* migrations are missing, or there is no schema at all */
    DB_SCHEMA_NEWER,   /* it has had more than this program knows */
    DB_SCHEMA_ALTERED, /* one it has had differs from the one built in */
    DB_SCHEMA_UNKNOWN, /* no connection, or it may not be read; *log says why */
};

/* Each missing migration in a transaction of its own, under one advisory lock, with a line on `log` for each.
 * A dry run applies them all in one transaction and rolls it back. False: a line on `log` says why; what went
 * before the failing migration stays. */
MUST_USE bool db_migrate(const char *conninfo, FILE *log, bool is_dry_run);
MUST_USE enum db_schema_state db_schema_state(const char *conninfo, const char *password, FILE *log);
/* What the state means and what to do, one English sentence without a full stop. */
const char *db_schema_sentence(enum db_schema_state state);
/* As the daemon's own role. False: each fault is a line on `log`. */
MUST_USE bool db_check_statements(const char *conninfo, const char *password, FILE *log);
