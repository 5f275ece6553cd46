#pragma once
/*
 * What a worker adds to a change so that it becomes evidence: a signed record and the payload it commits to,
 * as one parameter of the statement that writes the change (command.ledger_add, command.ledger_new).
 */
#include "path/path.h"

struct evidence_step {
    struct text dos;        /* the dossier's code as known now, see ledger_dossier_follows() */
    int64_t dsq;            /* version after the change */
    struct text prev;       /* hash of the step before, hex; empty: the dossier begins */
    int64_t at_s, before_s; /* now; the instant of the step before or 0: `at` is never before it */
    int64_t person;
    struct text org;
    const char *state;
    bool is_closed;
    struct text payload; /* JSON; may hold personal data, the record does not */
};

/* The parameter, in the arena. NULL: this server keeps no ledger. */
const char *evidence_param(struct arena *arena, const struct evidence_step *step);

void evidence_start(struct worker *worker);
/* The ledger is off, or its record key was read. */
bool evidence_is_ready(const struct worker *worker);
