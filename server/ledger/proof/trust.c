#include "ledger/proof/trust.h"

#include "core/json.h"
#include "core/json_out.h"

static bool read_keys(const cJSON *list, uint8_t type, struct ledger_key *keys, size_t *count)
{
    const cJSON *item;

    *count = 0;
    if (!cJSON_IsArray(list))
        return false;
    cJSON_ArrayForEach(item, list)
    {
        if (!cJSON_IsString(item) || *count == LEDGER_TRUST_KEYS_MAX ||
            !ledger_key_read(text_of(item->valuestring), &keys[*count]) || keys[*count].type != type)
            return false;
        for (size_t i = 0; i < *count; i++)
            if (memcmp(keys[i].public_key, keys[*count].public_key, 32) == 0)
                return false; /* one witness must not count twice */
        ++*count;
    }
    return true;
}

static bool read_anchors(const cJSON *list, struct ledger_trust *trust)
{
    const cJSON *item;
    struct ledger_note note;

    if (!cJSON_IsArray(list))
        return false;
    cJSON_ArrayForEach(item, list)
    {
        if (!cJSON_IsString(item) || trust->anchor_count == LEDGER_ANCHORS_MAX ||
            !ledger_trust_checkpoint(trust, text_of(item->valuestring), &note,
                                     &trust->anchors[trust->anchor_count]))
            return false;
        trust->anchor_count++;
    }
    return true;
}

bool ledger_trust_read(struct arena *arena, struct text source, struct ledger_trust *trust,
                       const char **fault)
{
    struct json_result const read = json_parse(arena, source, &json_limits_file);
    const cJSON *root = read.root, *origin, *k;

    *trust = (struct ledger_trust){.k = 0};
    *fault = "not JSON";
    if (read.fault != JSON_OK || !cJSON_IsObject(root))
        return false;
    origin = cJSON_GetObjectItemCaseSensitive(root, "origin");
    k = cJSON_GetObjectItemCaseSensitive(root, "k");
    *fault = "origin";
    if (!cJSON_IsString(origin) || origin->valuestring[0] == '\0')
        return false;
    trust->origin = text_of(origin->valuestring);
    *fault = "log";
    if (!read_keys(cJSON_GetObjectItemCaseSensitive(root, "log"), LEDGER_KEY_SIGNATURE, trust->log,
                   &trust->log_count) ||
        trust->log_count == 0)
        return false;
    *fault = "witness";
    if (!read_keys(cJSON_GetObjectItemCaseSensitive(root, "witness"), LEDGER_KEY_COSIGNATURE, trust->witness,
                   &trust->witness_count))
        return false;
    *fault = "record";
    if (!read_keys(cJSON_GetObjectItemCaseSensitive(root, "record"), LEDGER_KEY_SIGNATURE, trust->record,
                   &trust->record_count) ||
        trust->record_count == 0)
        return false;
    *fault = "k";
    if (!cJSON_IsNumber(k) || k->valuedouble < 1 || k->valuedouble > LEDGER_TRUST_KEYS_MAX)
        return false;
    trust->k = (int64_t)k->valuedouble;
    *fault = "anchors";
    return read_anchors(cJSON_GetObjectItemCaseSensitive(root, "anchors"), trust);
}

static void put_keys(struct json_out *out, const char *name, const struct ledger_key *keys, size_t count)
{
    json_key(out, name);
    json_open_array(out);
    for (size_t i = 0; i < count; i++)
        json_text(out, ledger_key_write(out->text.arena, &keys[i]));
    json_close_array(out);
}

struct text ledger_trust_write(struct arena *arena, const struct ledger_trust *trust)
{
    struct json_out out = json_out_begin(arena);

    must(trust->anchor_count == 0); /* anchors are what the auditor adds */
    json_open_object(&out);
    json_put_text(&out, "origin", trust->origin);
    put_keys(&out, "log", trust->log, trust->log_count);
    put_keys(&out, "witness", trust->witness, trust->witness_count);
    json_put_i64(&out, "k", trust->k);
    put_keys(&out, "record", trust->record, trust->record_count);
    json_key(&out, "peer");
    json_open_object(&out);
    json_close_object(&out);
    json_key(&out, "anchors");
    json_open_array(&out);
    json_close_array(&out);
    json_close_object(&out);
    return json_out_end(&out);
}

size_t ledger_trust_count(const struct ledger_trust *trust, const struct ledger_note *note)
{
    size_t count = 0;

    for (size_t i = 0; i < trust->witness_count; i++)
        count += ledger_note_is_signed(note, &trust->witness[i], NULL) ? 1 : 0;
    return count;
}

bool ledger_trust_checkpoint(const struct ledger_trust *trust, struct text source, struct ledger_note *note,
                             struct ledger_checkpoint *checkpoint)
{
    bool is_signed = false;

    if (!ledger_note_read(source, note) || !ledger_checkpoint_read(note->body, checkpoint) ||
        !text_equal(checkpoint->origin, trust->origin))
        return false;
    for (size_t i = 0; i < trust->log_count; i++)
        is_signed = is_signed || ledger_note_is_signed(note, &trust->log[i], NULL);
    return is_signed;
}

/* --- record keys by index --- */

void ledger_ring_begin(struct ledger_ring *ring, const struct ledger_key *keys, size_t count)
{
    must(count <= LEDGER_RING_MAX);
    ring->count = count;
    for (size_t i = 0; i < count; i++)
        ring->keys[i] = (struct ledger_ring_key){.key = keys[i], .from = 0, .until = LEDGER_NUMBER_MAX};
}

const struct ledger_key *ledger_ring_find(const struct ledger_ring *ring, struct text kid, int64_t index)
{
    char hex[9];

    for (size_t i = 0; i < ring->count; i++)
        if (text_equal(text_of(ledger_key_id_hex(ring->keys[i].key.id, hex)), kid) &&
            ring->keys[i].from <= index && index <= ring->keys[i].until)
            return &ring->keys[i].key;
    return NULL;
}

bool ledger_ring_turn(struct ledger_ring *ring, const struct ledger_record *record, int64_t index)
{
    bool const is_add = text_equal(record->typ, TEXT("key.add"));
    struct ledger_ring_key *found = NULL;
    struct ledger_key key;

    if (!ledger_key_read(record->vkey, &key) || key.type != LEDGER_KEY_SIGNATURE)
        return false;
    for (size_t i = 0; i < ring->count; i++)
        if (ring->keys[i].key.id == key.id ||
            memcmp(ring->keys[i].key.public_key, key.public_key, sizeof key.public_key) == 0)
            found = &ring->keys[i];
    if (is_add) {
        if (found != NULL || ring->count == LEDGER_RING_MAX)
            return false;
        ring->keys[ring->count++] =
            (struct ledger_ring_key){.key = key, .from = index + 1, .until = LEDGER_NUMBER_MAX};
        return true;
    }
    if (found == NULL || found->until != LEDGER_NUMBER_MAX)
        return false;
    found->until = index;
    return true;
}
