#pragma once
/*
 * Several questions of one statement as one call: each parameter becomes an array with an element a question,
 * each row of the result says in its first column (`member`, from 1) whose it is. For statements whose head
 * says `batch: N`; why and how much it pays is in docs/decisions/013.
 *
 * One call is one transaction: all members commit or none. A member without a row, and every member of a call
 * that failed, is asked again alone, so an error of one is never another's.
 */
#include <libpq-fe.h>

#include "db/question.h"

struct arena;

/* One array literal a parameter, for so many questions from `first` on (by their link); lives in the arena.
 */
void batch_pack(struct arena *arena, const struct question *first, int count, const char **values);
/* The row of one member as a result of its own, which the caller clears; NULL where it has none. */
PGresult *batch_row(const PGresult *result, int member);
