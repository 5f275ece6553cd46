#include "ledger/batch.h"

#include <sodium.h>

#include "core/text_out.h"

/* A row's record and signature; false: not of their shape. */
static bool unpack(const struct db_answer *answer, int row, int rec_column, struct arena *arena,
                   struct text *rec, uint8_t signature[LEDGER_SIGNATURE_BYTES])
{
    struct text const rec_hex = db_text(answer, row, rec_column),
                      sig_hex = db_text(answer, row, rec_column + 1);
    char *bytes = arena_alloc(arena, rec_hex.length / 2 + 1);
    size_t length = 0, sig_length = 0;

    if (sodium_hex2bin((uint8_t *)bytes, rec_hex.length / 2 + 1, rec_hex.data, rec_hex.length, NULL, &length,
                       NULL) != 0 ||
        sodium_hex2bin(signature, LEDGER_SIGNATURE_BYTES, sig_hex.data, sig_hex.length, NULL, &sig_length,
                       NULL) != 0)
        return false;
    *rec = (struct text){bytes, length};
    return sig_length == LEDGER_SIGNATURE_BYTES;
}

static const char *fault_of(struct text rec, const uint8_t signature[LEDGER_SIGNATURE_BYTES],
                            struct arena *arena, const struct ledger_mirror *mirror, int64_t index,
                            struct ledger_record *record)
{
    const struct ledger_key *key;

    if (!ledger_record_read(arena, rec, record))
        return "not a record";
    key = ledger_ring_find(&mirror->ring, record->kid, index);
    if (key == NULL)
        return "a key that is not valid at this index";
    return ledger_record_verify(rec, signature, key->public_key) ? NULL : "signature";
}

static const char *place_fault(const struct db_answer *answer, int row, const struct ledger_record *record,
                               struct text origin)
{
    struct text const before = db_text(answer, row, COL_LEDGER_PENDING_BEFORE);

    if (!text_equal(record->log, origin))
        return "a record of another log";
    if (record->dsq != db_i64(answer, row, COL_LEDGER_PENDING_DSQ))
        return "number of the step";
    if (record->prev_count > 0 && (record->prev_count > 1 || !text_equal(record->prev[0], before)))
        return "it does not follow the step before";
    if (record->prev_count == 0 && before.length > 0)
        return "it begins a dossier that has begun";
    return NULL;
}

static void take_node(void *owner, unsigned level, int64_t at, const struct ledger_hash *hash)
{
    struct batch *batch = owner;

    if (level == 0)
        return;
    must(batch->node_count < BATCH_NODES_MAX);
    batch->nodes[batch->node_count++] = (struct batch_node){.level = level, .at = at, .hash = *hash};
}

const char *batch_fill(struct batch *batch, const struct db_answer *answer, struct arena *arena,
                       const struct ledger_mirror *mirror, struct text origin)
{
    struct ledger_frontier frontier = mirror->frontier;

    batch->count = batch->node_count = 0;
    for (int row = 0; row < db_row_count(answer) && batch->count < BATCH_LEAVES_MAX; row++) {
        struct batch_leaf *leaf = &batch->leaves[batch->count];
        struct ledger_record record = {.dsq = 0};
        const char *fault = "not a record";

        if (unpack(answer, row, COL_LEDGER_PENDING_REC, arena, &leaf->rec, leaf->signature))
            fault = fault_of(leaf->rec, leaf->signature, arena, mirror, frontier.size, &record);
        if (fault == NULL)
            fault = place_fault(answer, row, &record, origin);
        leaf->pid = batch->false_pid = db_i64(answer, row, COL_LEDGER_PENDING_PID);
        if (fault != NULL)
            return fault;
        leaf->hash = ledger_leaf_hash(leaf->rec, leaf->signature);
        ledger_frontier_append(&frontier, &leaf->hash, take_node, batch);
        batch->count++;
        if (record.vkey.length > 0)
            return NULL; /* what comes after it is checked with the keys it has turned */
    }
    return NULL;
}

static void put_separator(struct text_out *out, size_t index)
{
    text_out_byte(out, index == 0 ? '{' : ',');
}

static void put_hash(struct text_out *out, const struct ledger_hash *hash)
{
    char hex[LEDGER_HEX_BYTES];

    text_out_put(out, TEXT("\"\\\\x"));
    text_out_put(out, text_of(ledger_hash_hex(hash, hex)));
    text_out_byte(out, '"');
}

static const char *closed(struct text_out *out, size_t count)
{
    text_out_put(out, count == 0 ? TEXT("{}") : TEXT("}"));
    return text_out_end(out).data;
}

struct db_params batch_params(const struct batch *batch, struct arena *arena, int64_t epoch, int64_t size)
{
    struct text_out pids = text_out_begin(arena), hashes = text_out_begin(arena),
                    levels = text_out_begin(arena), ats = text_out_begin(arena),
                    nodes = text_out_begin(arena);

    for (size_t i = 0; i < batch->count; i++) {
        put_separator(&pids, i);
        text_out_i64(&pids, batch->leaves[i].pid);
        put_separator(&hashes, i);
        put_hash(&hashes, &batch->leaves[i].hash);
    }
    for (size_t i = 0; i < batch->node_count; i++) {
        put_separator(&levels, i);
        text_out_i64(&levels, batch->nodes[i].level);
        put_separator(&ats, i);
        text_out_i64(&ats, batch->nodes[i].at);
        put_separator(&nodes, i);
        put_hash(&nodes, &batch->nodes[i].hash);
    }
    return (struct db_params){.count = 7,
                              .values = {arena_printf(arena, "%lld", (long long)epoch),
                                         arena_printf(arena, "%lld", (long long)size),
                                         closed(&pids, batch->count), closed(&hashes, batch->count),
                                         closed(&levels, batch->node_count), closed(&ats, batch->node_count),
                                         closed(&nodes, batch->node_count)}};
}

bool batch_mirror(const struct db_answer *answer, struct arena *arena, struct ledger_mirror *mirror,
                  const struct ledger_state *state)
{
    for (int row = 0; row < db_row_count(answer); row++) {
        uint8_t signature[LEDGER_SIGNATURE_BYTES];
        struct ledger_record record;
        struct text rec;

        if (db_i64(answer, row, COL_LEDGER_LEAVES_IDX) != mirror->frontier.size ||
            !unpack(answer, row, COL_LEDGER_LEAVES_REC, arena, &rec, signature) ||
            fault_of(rec, signature, arena, mirror, mirror->frontier.size, &record) != NULL ||
            !ledger_mirror_append(mirror, state, rec, signature))
            return false;
    }
    return true;
}
