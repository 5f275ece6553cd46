#pragma once
/*
 * The Merkle tree of RFC 6962 over leaf hashes: its frontier while it grows, its root, proofs and their
 * verification. Level 0 are the leaves; node (level, at) covers leaves at·2^level … (at+1)·2^level - 1 and
 * never changes once it is there. Sizes are counted in leaves.
 */
#include "ledger/proof/record.h"

enum { LEDGER_LEVELS = 53, LEDGER_PATH_MAX = 2 * LEDGER_LEVELS };

struct ledger_hash ledger_hash_pair(const struct ledger_hash *left, const struct ledger_hash *right);

/* What is left of a tree that only grows: nodes[level] is the whole subtree that ends it at that level, where
 * the bit of size is set. Zeroed: the empty tree. */
struct ledger_frontier {
    int64_t size;
    struct ledger_hash nodes[LEDGER_LEVELS];
};

/* A node that has become whole; level 0 is the leaf itself. May be NULL. */
typedef void ledger_on_node(void *owner, unsigned level, int64_t at, const struct ledger_hash *hash);
void ledger_frontier_append(struct ledger_frontier *frontier, const struct ledger_hash *leaf,
                            ledger_on_node *on_node, void *owner);
struct ledger_hash ledger_frontier_root(const struct ledger_frontier *frontier);

/* Where a proof takes whole nodes from. False: it is not there. */
struct ledger_nodes {
    bool (*find)(void *owner, unsigned level, int64_t at, struct ledger_hash *hash);
    void *owner;
};

struct ledger_path {
    size_t count;
    struct ledger_hash hashes[LEDGER_PATH_MAX];
};

/* Of leaf `index` in the tree of `size`: 0 <= index < size. False: a node is missing. Nodes that are asked
 * for: siblings on the way of the leaf, and the frontier of `size`. */
MUST_USE bool ledger_prove_inclusion(const struct ledger_nodes *nodes, int64_t index, int64_t size,
                                     struct ledger_path *path);
/* That the tree of `size` begins with the tree of `old`: 0 < old <= size. */
MUST_USE bool ledger_prove_consistency(const struct ledger_nodes *nodes, int64_t old, int64_t size,
                                       struct ledger_path *path);
MUST_USE bool ledger_verify_inclusion(const struct ledger_hash *leaf, int64_t index, int64_t size,
                                      const struct ledger_path *path, const struct ledger_hash *root);
MUST_USE bool ledger_verify_consistency(int64_t old, int64_t size, const struct ledger_path *path,
                                        const struct ledger_hash *old_root, const struct ledger_hash *root);
