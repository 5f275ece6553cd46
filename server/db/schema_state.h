#pragma once
/*
 * Is the database the one this program was built for? Compares the rows of motcua.schema_version with the
 * migrations built in. Talks to nobody.
 */
#include <libpq-fe.h>

#include "db/migrate.h"

enum { SCHEMA_CHECKSUM_BYTES = 65 };

/* BLAKE2b-256 of a migration's text as hexadecimal digits with a NUL; returns buffer. */
char *schema_checksum(char buffer[static SCHEMA_CHECKSUM_BYTES], const char *text, size_t length);
/* `applied` is the answer of statement schema_version, rows or error. */
enum db_schema_state schema_state_of(const PGresult *applied);
