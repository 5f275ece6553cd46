#pragma once
/*
 * People as administrators look after them: accounts, roles at agencies with dates, absences, sessions, and
 * the record of every such change. An administrator looks after those who belong to his agency or below it,
 * never after himself. Every change is one transaction with its row in motcua.admin_event
 * (schema/0016_reports.sql).
 */
#include "identity/identity.h"

extern const struct route people_routes[9];
/* passwords.c */
extern const struct route password_routes[2];
/* administration.c */
extern const struct route administration_routes[2];

/* What all statements of administration say: outcome and answer, in the first two columns of the first row.
 * Replies `status` with the answer (204 without one), or refuses by the outcome's word. */
MUST_USE enum act people_outcome(struct req *req, const struct db_answer *answer, int status);
