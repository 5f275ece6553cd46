#pragma once
/*
 * What would become of the catalogue if these documents were loaded: the present one with every row of theirs
 * put in the place of its namesake, held against all rules, and told row by row. Pure; takes seconds for a
 * country, so the daemon runs it in a process of its own (proposal.c).
 */
#include "core/arena.h"
#include "core/text.h"

struct proposal {
    size_t fault_count, change_count;
    struct text report;    /* {"fault_count", "faults": […], "changes": […], "counts": {…}} */
    struct text documents; /* what command.catalogue_load() takes: the documents and all other agencies */
};

/* present: as sql/catalogue_snapshot.sql gives it; body: {"documents": [{"name": …, "document": {…}}]}.
 * Neither has to be sound; everything in *out is in the arena. */
void proposal_study(struct arena *arena, struct text present, struct text body, struct proposal *out);
