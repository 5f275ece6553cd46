#include "ledger/proof/verify.h"

#include <sodium.h>

#include "ledger/proof/verify_lines.h"

const char *ledger_step_name(enum ledger_step step)
{
    static const char *const names[] = {
        [LEDGER_VALID] = "valid",
        [LEDGER_STEP_FORMAT] = "format",
        [LEDGER_STEP_CHECKPOINT] = "checkpoint",
        [LEDGER_STEP_RECORD] = "record",
        [LEDGER_STEP_KEY] = "key",
        [LEDGER_STEP_SIGNATURE] = "signature",
        [LEDGER_STEP_INCLUSION] = "inclusion",
        [LEDGER_STEP_LINK] = "link",
        [LEDGER_STEP_CONSISTENCY] = "consistency",
        [LEDGER_STEP_ANCHOR] = "anchor",
        [LEDGER_STEP_PAYLOAD] = "payload",
    };

    must(step >= LEDGER_VALID && step <= LEDGER_STEP_PAYLOAD);
    return names[step];
}

struct verifying {
    struct arena *arena;
    const struct ledger_trust *trust;
    struct export_lines lines;
    struct ledger_ring ring;
    struct ledger_verdict verdict;
    uint32_t *table; /* leaf number + 1 by its hash; open addressing */
    size_t table_mask;
};

static bool fail_at(struct verifying *v, enum ledger_step step, int64_t index)
{
    v->verdict.step = step;
    v->verdict.index = index;
    return false;
}

/* --- checkpoints --- */

static bool check_checkpoints(struct verifying *v)
{
    if (v->lines.ckpt_count == 0)
        return fail_at(v, LEDGER_STEP_CHECKPOINT, -1);
    for (size_t i = 0; i < v->lines.ckpt_count; i++) {
        struct export_ckpt *ckpt = &v->lines.ckpts[i];
        struct ledger_note *note = arena_new(v->arena, struct ledger_note);

        if (!ledger_trust_checkpoint(v->trust, ckpt->note, note, &ckpt->checkpoint))
            return fail_at(v, LEDGER_STEP_CHECKPOINT, -1);
        ckpt->witnesses = ledger_trust_count(v->trust, note);
        if (i == 0 || ckpt->witnesses < v->verdict.witnesses)
            v->verdict.witnesses = ckpt->witnesses;
        if (ckpt->checkpoint.size > v->verdict.size)
            v->verdict.size = ckpt->checkpoint.size;
    }
    v->verdict.is_witnessed = v->verdict.witnesses >= (size_t)v->trust->k;
    return true;
}

static const struct export_ckpt *find_ckpt(const struct verifying *v, int64_t size)
{
    for (size_t i = 0; i < v->lines.ckpt_count; i++)
        if (v->lines.ckpts[i].checkpoint.size == size)
            return &v->lines.ckpts[i];
    return NULL;
}

/* --- leaves, in the order of the log --- */

static bool check_leaf(struct verifying *v, struct export_leaf *leaf)
{
    const struct ledger_key *key;

    if (!ledger_record_read(v->arena, leaf->rec, &leaf->record) ||
        !text_equal(leaf->record.log, v->trust->origin))
        return fail_at(v, LEDGER_STEP_RECORD, leaf->index);
    key = ledger_ring_find(&v->ring, leaf->record.kid, leaf->index);
    if (key == NULL)
        return fail_at(v, LEDGER_STEP_KEY, leaf->index);
    if (!ledger_record_verify(leaf->rec, leaf->signature, key->public_key))
        return fail_at(v, LEDGER_STEP_SIGNATURE, leaf->index);
    if (leaf->record.vkey.length > 0 && !ledger_ring_turn(&v->ring, &leaf->record, leaf->index))
        return fail_at(v, LEDGER_STEP_KEY, leaf->index);
    leaf->hash = ledger_leaf_hash(leaf->rec, leaf->signature);
    return true;
}

static struct export_leaf *find_leaf(const struct verifying *v, int64_t index)
{
    size_t low = 0, high = v->lines.leaf_count;

    while (low < high) {
        size_t const middle = low + (high - low) / 2;

        if (v->lines.leaves[middle].index == index)
            return &v->lines.leaves[middle];
        if (v->lines.leaves[middle].index < index)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static bool check_inclusions(struct verifying *v)
{
    for (size_t i = 0; i < v->lines.proof_count; i++) {
        const struct export_proof *proof = &v->lines.proofs[i];
        const struct export_ckpt *ckpt = find_ckpt(v, proof->size);
        struct export_leaf *leaf;

        if (proof->is_consistency)
            continue;
        leaf = find_leaf(v, proof->first);
        if (leaf == NULL || ckpt == NULL ||
            !ledger_verify_inclusion(&leaf->hash, leaf->index, proof->size, proof->path,
                                     &ckpt->checkpoint.root))
            return fail_at(v, LEDGER_STEP_INCLUSION, proof->first);
        leaf->is_included = true;
    }
    for (size_t i = 0; i < v->lines.leaf_count; i++)
        if (!v->lines.leaves[i].is_included)
            return fail_at(v, LEDGER_STEP_INCLUSION, v->lines.leaves[i].index);
    return true;
}

/* --- the chain of a dossier --- */

static size_t slot_of(const struct verifying *v, const struct ledger_hash *hash)
{
    size_t at = 0;

    memcpy(&at, hash->bytes, sizeof at);
    return at & v->table_mask;
}

static struct export_leaf *leaf_by_hash(const struct verifying *v, struct text hex)
{
    struct ledger_hash hash;

    if (sodium_hex2bin(hash.bytes, sizeof hash.bytes, hex.data, hex.length, NULL, NULL, NULL) != 0)
        return NULL;
    for (size_t at = slot_of(v, &hash); v->table[at] != 0; at = (at + 1) & v->table_mask) {
        struct export_leaf *leaf = &v->lines.leaves[v->table[at] - 1];

        if (ledger_hash_equal(&leaf->hash, &hash))
            return leaf;
    }
    return NULL;
}

static void fill_table(struct verifying *v)
{
    size_t size = 16;

    while (size < 2 * v->lines.leaf_count)
        size *= 2;
    v->table = arena_array(v->arena, uint32_t, size);
    v->table_mask = size - 1;
    for (size_t i = 0; i < v->lines.leaf_count; i++) {
        size_t at = slot_of(v, &v->lines.leaves[i].hash);

        while (v->table[at] != 0)
            at = (at + 1) & v->table_mask;
        v->table[at] = (uint32_t)i + 1;
    }
}

/* A head is consumed once, unless it forks into branches. */
static bool follows(struct export_leaf *parent, const struct export_leaf *leaf)
{
    bool const is_fork = text_equal(parent->record.typ, TEXT("branch.fork"));

    return parent->index < leaf->index && parent->record.at <= leaf->record.at &&
           ++parent->children <= (is_fork ? parent->record.nbr : 1) &&
           ledger_dossier_follows(parent->record.dos, leaf->record.dos);
}

static bool check_link(struct verifying *v, const struct export_leaf *leaf)
{
    int64_t before = 0;

    for (size_t i = 0; i < leaf->record.prev_count; i++) {
        struct export_leaf *parent = leaf_by_hash(v, leaf->record.prev[i]);

        if (parent == NULL || !follows(parent, leaf))
            return fail_at(v, LEDGER_STEP_LINK, leaf->index);
        if (parent->record.dsq > before)
            before = parent->record.dsq;
    }
    if (leaf->record.prev_count > 0 && leaf->record.dsq != before + 1)
        return fail_at(v, LEDGER_STEP_LINK, leaf->index);
    return true;
}

static bool check_links(struct verifying *v)
{
    fill_table(v);
    for (size_t i = 0; i < v->lines.leaf_count; i++)
        if (!check_link(v, &v->lines.leaves[i]))
            return false;
    return true;
}

/* --- histories: checkpoints of this export among themselves, then those the auditor holds --- */

static bool is_connected(const struct verifying *v, const struct ledger_checkpoint *a,
                         const struct ledger_checkpoint *b)
{
    const struct ledger_checkpoint *old = a->size <= b->size ? a : b, *new = old == a ? b : a;

    if (old->size == new->size)
        return ledger_hash_equal(&old->root, &new->root);
    if (old->size == 0)
        return true;
    for (size_t i = 0; i < v->lines.proof_count; i++) {
        const struct export_proof *proof = &v->lines.proofs[i];

        if (proof->is_consistency && proof->first == old->size && proof->size == new->size)
            return ledger_verify_consistency(old->size, new->size, proof->path, &old->root, &new->root);
    }
    return false;
}

static bool check_histories(struct verifying *v)
{
    const struct ledger_checkpoint *newest = &find_ckpt(v, v->verdict.size)->checkpoint;

    for (size_t i = 0; i < v->lines.ckpt_count; i++)
        if (!is_connected(v, &v->lines.ckpts[i].checkpoint, newest))
            return fail_at(v, LEDGER_STEP_CONSISTENCY, -1);
    for (size_t i = 0; i < v->trust->anchor_count; i++)
        if (!is_connected(v, &v->trust->anchors[i], newest))
            return fail_at(v, LEDGER_STEP_ANCHOR, -1);
    return true;
}

static bool check_payloads(struct verifying *v)
{
    for (size_t i = 0; i < v->lines.pay_count; i++) {
        const struct export_pay *pay = &v->lines.pays[i];
        const struct export_leaf *leaf = find_leaf(v, pay->index);
        struct ledger_hash const commitment = ledger_commitment(pay->salt, pay->body);
        char hex[LEDGER_HEX_BYTES];

        if (leaf == NULL || !text_equal(text_of(ledger_hash_hex(&commitment, hex)), leaf->record.pay))
            return fail_at(v, LEDGER_STEP_PAYLOAD, pay->index);
    }
    return true;
}

static bool check_leaves(struct verifying *v)
{
    ledger_ring_begin(&v->ring, v->trust->record, v->trust->record_count);
    for (size_t i = 0; i < v->lines.leaf_count; i++)
        if (!check_leaf(v, &v->lines.leaves[i]))
            return false;
    return true;
}

struct ledger_verdict ledger_verify(struct arena *arena, struct text export, const struct ledger_trust *trust)
{
    struct verifying *v = arena_new(arena, struct verifying);

    *v = (struct verifying){.arena = arena, .trust = trust, .verdict = {.index = -1}};
    if (!export_lines_read(arena, export, &v->lines) || v->lines.leaf_count == 0)
        (void)fail_at(v, LEDGER_STEP_FORMAT, -1);
    else if (check_checkpoints(v) && check_leaves(v) && check_inclusions(v) && check_links(v) &&
             check_histories(v) && check_payloads(v))
        v->verdict.leaves = (int64_t)v->lines.leaf_count;
    if (v->verdict.step != LEDGER_VALID)
        v->verdict.is_witnessed = false;
    return v->verdict;
}
