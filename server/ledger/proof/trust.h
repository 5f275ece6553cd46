#pragma once
/*
 * Whom an auditor trusts, from a file that he got elsewhere than the export: origin, keys of the log, of its
 * witnesses (k of them must have cosigned), the first record keys, and checkpoints he holds already.
 *   {"origin":"…","log":["vkey"],"witness":["vkey"],"k":2,"record":["vkey"],"peer":{},"anchors":["note"]}
 */
#include "ledger/proof/note.h"

enum { LEDGER_TRUST_KEYS_MAX = 16, LEDGER_ANCHORS_MAX = 64, LEDGER_TRUST_BYTES_MAX = 1 << 20 };

struct ledger_trust {
    struct text origin;
    struct ledger_key log[LEDGER_TRUST_KEYS_MAX], witness[LEDGER_TRUST_KEYS_MAX],
        record[LEDGER_TRUST_KEYS_MAX];
    size_t log_count, witness_count, record_count;
    int64_t k;
    struct ledger_checkpoint anchors[LEDGER_ANCHORS_MAX]; /* signed by a log key of above */
    size_t anchor_count;
};

/* False: *fault says in English what is wrong. Texts live in the arena. */
MUST_USE bool ledger_trust_read(struct arena *arena, struct text source, struct ledger_trust *trust,
                                const char **fault);
struct text ledger_trust_write(struct arena *arena, const struct ledger_trust *trust);
/* The good cosignatures of different witnesses on a note. */
size_t ledger_trust_count(const struct ledger_trust *trust, const struct ledger_note *note);
/* A checkpoint of this origin, signed by each log key that has a line, and by one at least. */
MUST_USE bool ledger_trust_checkpoint(const struct ledger_trust *trust, struct text source,
                                      struct ledger_note *note, struct ledger_checkpoint *checkpoint);

/* Record keys by leaf index: key.add at i makes a key valid from i + 1, key.end at j ends it after j. */
enum { LEDGER_RING_MAX = 256 };
struct ledger_ring {
    size_t count;
    struct ledger_ring_key {
        struct ledger_key key;
        int64_t from, until; /* valid where from <= index <= until */
    } keys[LEDGER_RING_MAX];
};

void ledger_ring_begin(struct ledger_ring *ring, const struct ledger_key *keys, size_t count);
/* NULL: no key of that id is valid at that index. */
const struct ledger_key *ledger_ring_find(const struct ledger_ring *ring, struct text kid, int64_t index);
/* A key.* record that was found good at its index. False: its key is none, is there already, or the ring is
 * full. The key's texts live as long as the record's. */
MUST_USE bool ledger_ring_turn(struct ledger_ring *ring, const struct ledger_record *record, int64_t index);
