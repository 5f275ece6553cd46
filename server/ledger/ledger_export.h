#pragma once
/* The rows of ledger_dossier as an export (proof/verify.h has its lines). */
#include "db/db.h"
#include "ledger/proof/tree.h"

enum ledger_export_outcome {
    LEDGER_EXPORTED,
    LEDGER_EXPORT_NOBODY,  /* the session is over */
    LEDGER_EXPORT_NONE,    /* no such dossier, or not his business */
    LEDGER_EXPORT_NOT_YET, /* no step of it is in a checkpoint yet */
};

/* What a witness is asked with: the newest checkpoint, and its proof from `old` (0: none). For an answer that
 * names no dossier. */
enum ledger_export_outcome ledger_export_checkpoint(struct arena *arena, const struct db_answer *answer,
                                                    int64_t old, struct text *export);
/* olds: sizes of checkpoints the reader holds; each that is not above the newest gets its consistency proof.
 */
enum ledger_export_outcome ledger_export(struct arena *arena, const struct db_answer *answer,
                                         bool is_operator, const int64_t *olds, size_t old_count,
                                         struct text *export);
