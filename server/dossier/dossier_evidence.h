#pragma once
/* A decided change as evidence: what its record says and what it commits to. NULL: no ledger is kept. */
#include "dossier/dossier_change.h"

/* Of a change that the view has undergone, and whose fact is its last. */
const char *dossier_evidence(struct req *req, const struct dossier_view *view,
                             const struct change_facts *facts);
/* Of a new dossier, whose code only the database knows: the record names agency and day. */
const char *intake_evidence(struct req *req, const struct dossier_view *view, struct text input);
