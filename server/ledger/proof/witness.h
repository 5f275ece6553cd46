#pragma once
/*
 * Being a witness of other logs: a checkpoint is cosigned once it is proved to go on from the last one that
 * was cosigned. The folder holds witness.key, logs.vkeys (the logs that are witnessed, one a line) and of
 * each log its whole last checkpoint. A request is two lines of an export, `ckpt` and (but for the first)
 * `cons`; what comes back is the checkpoint with the cosignature as a signed note.
 */
#include "ledger/proof/note.h"

enum ledger_witness_outcome {
    LEDGER_WITNESSED,
    LEDGER_WITNESS_NO_REQUEST, /* not such lines, an unknown log, or not signed by it */
    LEDGER_WITNESS_BEHIND,     /* *size is what it must go on from */
    LEDGER_WITNESS_CONFLICT,   /* two histories: both notes are evidence against the log */
    LEDGER_WITNESS_FAILED,     /* folder or key */
};

/* One call at a time for a folder (it is locked). The cosigned note stands in the arena. */
enum ledger_witness_outcome ledger_witness(struct arena *arena, const char *folder, struct text request,
                                           int64_t now_s, struct text *note, int64_t *size);
/* Makes witness.key and prints nothing; false: it is there, or cannot be written. */
MUST_USE bool ledger_witness_make(struct arena *arena, const char *folder, struct text name,
                                  struct text *vkey);
