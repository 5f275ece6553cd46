#pragma once
/* The lines of an export, read strictly: every key there once, no other, every value of its shape. */
#include "ledger/proof/trust.h"

struct export_leaf {
    int64_t index;
    struct text rec;
    uint8_t signature[LEDGER_SIGNATURE_BYTES];
    /* filled by the verifier */
    struct ledger_record record;
    struct ledger_hash hash;
    bool is_included;
    int64_t children;
};

struct export_ckpt {
    struct text note;
    struct ledger_checkpoint checkpoint;
    size_t witnesses;
};

struct export_proof {
    bool is_consistency;
    int64_t first, size; /* the leaf, or the older size */
    const struct ledger_path *path;
};

struct export_pay {
    int64_t index;
    uint8_t salt[LEDGER_SALT_BYTES];
    struct text body;
};

struct export_lines {
    size_t leaf_count, ckpt_count, proof_count, pay_count;
    struct export_leaf *leaves;
    struct export_ckpt *ckpts;
    struct export_proof *proofs;
    struct export_pay *pays;
};

MUST_USE bool export_lines_read(struct arena *arena, struct text source, struct export_lines *lines);
