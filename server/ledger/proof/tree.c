#include "ledger/proof/tree.h"

#include <sodium.h>

struct ledger_hash ledger_hash_pair(const struct ledger_hash *left, const struct ledger_hash *right)
{
    uint8_t bytes[1 + 2 * LEDGER_HASH_BYTES] = {1};
    struct ledger_hash hash;

    memcpy(bytes + 1, left->bytes, LEDGER_HASH_BYTES);
    memcpy(bytes + 1 + LEDGER_HASH_BYTES, right->bytes, LEDGER_HASH_BYTES);
    crypto_hash_sha256(hash.bytes, bytes, sizeof bytes);
    return hash;
}

void ledger_frontier_append(struct ledger_frontier *frontier, const struct ledger_hash *leaf,
                            ledger_on_node *on_node, void *owner)
{
    struct ledger_hash hash = *leaf;
    unsigned level = 0;

    must(frontier->size < LEDGER_NUMBER_MAX);
    if (on_node != NULL)
        on_node(owner, 0, frontier->size, &hash);
    for (; (frontier->size >> level & 1) != 0; level++) {
        hash = ledger_hash_pair(&frontier->nodes[level], &hash);
        if (on_node != NULL)
            on_node(owner, level + 1, frontier->size >> (level + 1), &hash);
    }
    frontier->nodes[level] = hash;
    frontier->size++;
}

struct ledger_hash ledger_frontier_root(const struct ledger_frontier *frontier)
{
    struct ledger_hash root;
    bool is_begun = false;

    crypto_hash_sha256(root.bytes, NULL, 0); /* of the empty tree */
    for (unsigned level = 0; level < LEDGER_LEVELS; level++) {
        if ((frontier->size >> level & 1) == 0)
            continue;
        root = is_begun ? ledger_hash_pair(&frontier->nodes[level], &root) : frontier->nodes[level];
        is_begun = true;
    }
    return root;
}

/* The largest power of two below count, as its exponent; count > 1. */
static unsigned split_level(int64_t count)
{
    unsigned level = 0;

    must(count > 1);
    while (INT64_C(2) << level < count)
        level++;
    return level;
}

/* Root of leaves begin … begin + count - 1; recursion is as deep as the tree. */
static bool range_root(const struct ledger_nodes *nodes, int64_t begin, int64_t count,
                       struct ledger_hash *root)
{
    struct ledger_hash left, right;
    unsigned level;

    if ((count & (count - 1)) == 0) {
        for (level = 0; INT64_C(1) << level < count; level++)
            ;
        return nodes->find(nodes->owner, level, begin >> level, root);
    }
    level = split_level(count);
    if (!range_root(nodes, begin, INT64_C(1) << level, &left) ||
        !range_root(nodes, begin + (INT64_C(1) << level), count - (INT64_C(1) << level), &right))
        return false;
    *root = ledger_hash_pair(&left, &right);
    return true;
}

static bool path_add(const struct ledger_nodes *nodes, int64_t begin, int64_t count, struct ledger_path *path)
{
    must(path->count < LEDGER_PATH_MAX);
    return range_root(nodes, begin, count, &path->hashes[path->count++]);
}

static void path_turn(struct ledger_path *path)
{
    for (size_t i = 0; i < path->count / 2; i++) {
        struct ledger_hash const kept = path->hashes[i];

        path->hashes[i] = path->hashes[path->count - 1 - i];
        path->hashes[path->count - 1 - i] = kept;
    }
}

bool ledger_prove_inclusion(const struct ledger_nodes *nodes, int64_t index, int64_t size,
                            struct ledger_path *path)
{
    int64_t begin = 0, count = size;

    must(index >= 0 && index < size);
    path->count = 0;
    while (count > 1) { /* from the root down; the path is read from the leaf up */
        int64_t const half = INT64_C(1) << split_level(count);
        bool const is_left = index - begin < half;

        if (!path_add(nodes, is_left ? begin + half : begin, is_left ? count - half : half, path))
            return false;
        begin += is_left ? 0 : half;
        count = is_left ? half : count - half;
    }
    path_turn(path);
    return true;
}

bool ledger_prove_consistency(const struct ledger_nodes *nodes, int64_t old, int64_t size,
                              struct ledger_path *path)
{
    int64_t begin = 0, count = size, part = old;
    bool is_known = true; /* the subtree is the whole old tree, whose root the verifier has */

    must(old > 0 && old <= size);
    path->count = 0;
    while (part != count) {
        int64_t const half = INT64_C(1) << split_level(count);
        bool const is_left = part <= half;

        if (!path_add(nodes, is_left ? begin + half : begin, is_left ? count - half : half, path))
            return false;
        if (is_left) {
            count = half;
            continue;
        }
        begin += half;
        count -= half;
        part -= half;
        is_known = false;
    }
    if (!is_known && !path_add(nodes, begin, count, path))
        return false;
    path_turn(path);
    return true;
}

bool ledger_verify_inclusion(const struct ledger_hash *leaf, int64_t index, int64_t size,
                             const struct ledger_path *path, const struct ledger_hash *root)
{
    struct ledger_hash hash = *leaf;
    int64_t at = index, last = size - 1;

    if (index < 0 || index >= size || size > LEDGER_NUMBER_MAX)
        return false;
    for (size_t i = 0; i < path->count; i++) {
        if (last == 0)
            return false;
        if ((at & 1) != 0 || at == last) {
            hash = ledger_hash_pair(&path->hashes[i], &hash);
            while ((at & 1) == 0 && at != 0) {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash = ledger_hash_pair(&hash, &path->hashes[i]);
        }
        at >>= 1;
        last >>= 1;
    }
    return last == 0 && ledger_hash_equal(&hash, root);
}

bool ledger_verify_consistency(int64_t old, int64_t size, const struct ledger_path *path,
                               const struct ledger_hash *old_root, const struct ledger_hash *root)
{
    int64_t at = old - 1, last = size - 1;
    struct ledger_hash first, second;
    size_t i = 0;

    if (old <= 0 || old > size || size > LEDGER_NUMBER_MAX)
        return false;
    if (old == size)
        return path->count == 0 && ledger_hash_equal(old_root, root);
    if (path->count == 0)
        return false;
    while ((at & 1) != 0) {
        at >>= 1;
        last >>= 1;
    }
    first = second = at == 0 ? *old_root : path->hashes[i++];
    for (; i < path->count; i++) {
        if (last == 0)
            return false;
        if ((at & 1) != 0 || at == last) {
            first = ledger_hash_pair(&path->hashes[i], &first);
            second = ledger_hash_pair(&path->hashes[i], &second);
            while ((at & 1) == 0 && at != 0) {
                at >>= 1;
                last >>= 1;
            }
        } else {
            second = ledger_hash_pair(&second, &path->hashes[i]);
        }
        at >>= 1;
        last >>= 1;
    }
    return last == 0 && ledger_hash_equal(&first, old_root) && ledger_hash_equal(&second, root);
}
