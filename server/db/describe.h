#pragma once
/*
 * Compares what PostgreSQL says of a prepared statement with what the head of its file promises: number and
 * types of parameters, number, types and order of columns. Talks to nobody.
 */
#include <stdbool.h>

#include <libpq-fe.h>

#include "core/must.h"
#include "db/statement.h"

enum { DESCRIBE_FAULT_BYTES = 200 };

/* `description` is the answer to a Describe. False: `fault` says what differs. */
MUST_USE bool describe_is_as_promised(const struct sql_statement *statement, const PGresult *description,
                                      char fault[static DESCRIBE_FAULT_BYTES]);
