#pragma once
/*
 * The judge of an export, with public keys alone: no database, no clock, no network. An export is NDJSON:
 *   {"t":"leaf","i":N,"rec":"…","sig":"base64"}           strictly rising i
 *   {"t":"ckpt","note":"…"}                               signed note of the log
 *   {"t":"incl","i":N,"size":N,"path":["base64",…]}       of each leaf, in a checkpoint of this export
 *   {"t":"cons","old":N,"size":N,"path":["base64",…]}     to a checkpoint the auditor holds (an anchor)
 *   {"t":"pay","i":N,"salt":"hex","body":"…"}             the payload a record commits to, where it still
 * exists The first fault found, in the order of enum ledger_step, is the verdict.
 */
#include "ledger/proof/trust.h"

enum ledger_step {
    LEDGER_VALID,
    LEDGER_STEP_FORMAT,     /* not such lines, or not in order */
    LEDGER_STEP_CHECKPOINT, /* none, of another log, or not signed by it */
    LEDGER_STEP_RECORD,     /* not canonical, or of another log */
    LEDGER_STEP_KEY,        /* signed with a key that was not valid at its index */
    LEDGER_STEP_SIGNATURE,
    LEDGER_STEP_INCLUSION,   /* a leaf without a proof to a checkpoint of this export */
    LEDGER_STEP_LINK,        /* the dossier's own chain is broken */
    LEDGER_STEP_CONSISTENCY, /* two checkpoints of two histories */
    LEDGER_STEP_ANCHOR,  /* a checkpoint the auditor holds is of another history, or nothing leads to it */
    LEDGER_STEP_PAYLOAD, /* a payload is not the one committed to */
};

struct ledger_verdict {
    enum ledger_step step; /* LEDGER_VALID, or where it broke */
    bool is_witnessed;     /* k witnesses have cosigned every checkpoint that was needed */
    int64_t index;         /* the leaf, where one is to blame; else -1 */
    int64_t leaves, size;  /* checked; of the newest checkpoint */
    size_t witnesses;      /* on the checkpoint that has fewest */
};

struct ledger_verdict ledger_verify(struct arena *arena, struct text export,
                                    const struct ledger_trust *trust);
const char *ledger_step_name(enum ledger_step step);

/* The program: reads both files, prints one line, returns the exit status: 0 valid and witnessed, 1 invalid,
 * 3 valid but not yet witnessed, 65 the trust file is none, 66 a file cannot be read. */
int ledger_verify_files(const char *export_file, const char *trust_file);
