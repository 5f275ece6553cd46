#pragma once
/*
 * What the signer trusts more than the database: the mirror, a file of all leaves (two bytes length, record,
 * signature; appended, fsynced), and the state, a small file of what was signed last (written anew, fsynced,
 * renamed, folder fsynced). A checkpoint leaves only after both are on the disk (I8).
 */
#include "ledger/proof/trust.h"

struct config;

struct ledger_state {
    int64_t size; /* 0: nothing was signed yet */
    struct ledger_hash root;
    char machine[33];
};

struct ledger_mirror {
    int fd;
    struct arena *arena; /* of the ring's texts; as long as the process */
    struct ledger_frontier frontier;
    struct ledger_ring ring;
    bool is_state_met; /* the tree had the state's root when it had its size */
};

enum ledger_mirror_fault {
    LEDGER_MIRROR_GOOD,
    LEDGER_MIRROR_UNREADABLE,
    LEDGER_MIRROR_TORN_STATE, /* the state file is there and is none */
    LEDGER_MIRROR_OTHER_ROOT, /* its leaves are not those that were signed */
    LEDGER_MIRROR_MACHINE,    /* state of another machine: a copy must not sign */
};

/* Reads the state and the whole mirror; a last entry that is cut is removed, since nothing signed stands on
 * it (else the size says so). mirror->ring begins with the trust's record keys. */
enum ledger_mirror_fault ledger_mirror_open(const struct config *config, struct arena *arena,
                                            const struct ledger_trust *trust, struct ledger_mirror *mirror,
                                            struct ledger_state *state);
const char *ledger_mirror_sentence(enum ledger_mirror_fault fault);
/* Not on the disk before ledger_mirror_sync(). The leaf also goes into the frontier, a key into the ring. */
MUST_USE bool ledger_mirror_append(struct ledger_mirror *mirror, const struct ledger_state *state,
                                   struct text rec, const uint8_t signature[LEDGER_SIGNATURE_BYTES]);
MUST_USE bool ledger_mirror_sync(struct ledger_mirror *mirror);
MUST_USE bool ledger_state_write(const struct config *config, struct arena *arena,
                                 const struct ledger_state *state);
