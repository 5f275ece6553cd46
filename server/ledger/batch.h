#pragma once
/* Records on their way to be leaves: checked one by one, then handed to the database as arrays. */
#include "db/db.h"
#include "ledger/mirror.h"

enum { BATCH_LEAVES_MAX = 1000, BATCH_NODES_MAX = 2 * BATCH_LEAVES_MAX };

struct batch {
    size_t count, node_count;
    struct batch_leaf {
        int64_t pid;
        struct text rec; /* in the turn's arena */
        uint8_t signature[LEDGER_SIGNATURE_BYTES];
        struct ledger_hash hash;
    } leaves[BATCH_LEAVES_MAX];
    struct batch_node {
        unsigned level;
        int64_t at;
        struct ledger_hash hash;
    } nodes[BATCH_NODES_MAX]; /* level 1 and above */
    int64_t false_pid;        /* with a fault: whose */
};

/* Rows of ledger_pending: takes them up to the first that is false (I3, I4, I5, I7), or that turns the keys.
 * Returns what is wrong with the one after the last taken, NULL if nothing is. */
const char *batch_fill(struct batch *batch, const struct db_answer *answer, struct arena *arena,
                       const struct ledger_mirror *mirror, struct text origin);
struct db_params batch_params(const struct batch *batch, struct arena *arena, int64_t epoch, int64_t size);
/* Rows of ledger_leaves, checked and appended to the mirror. */
MUST_USE bool batch_mirror(const struct db_answer *answer, struct arena *arena, struct ledger_mirror *mirror,
                           const struct ledger_state *state);
