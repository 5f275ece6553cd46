#pragma once
/*
 * What the process asks of the database before it serves, and the migrations: sentences and exit codes over
 * what db/migrate.h knows.
 */
#include <stdbool.h>

struct config;

/* EX_OK: the schema is the one this program was built for. EX_UNAVAILABLE: the database does not answer.
 * EX_CONFIG: the schema is behind, newer or altered. The reason was logged. */
int database_check_schema(const struct config *config);
/* Brings the schema up to date, or says what would be done. Returns the exit status. */
int database_migrate(const struct config *config, bool is_dry_run);
