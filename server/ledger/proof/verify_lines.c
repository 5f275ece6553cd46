#include "ledger/proof/verify_lines.h"

#include <sodium.h>

#include "core/json.h"

static struct text text_in(const cJSON *line, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(line, key);

    return cJSON_IsString(item) ? text_of(item->valuestring) : TEXT_NONE;
}

static bool number_in(const cJSON *line, const char *key, int64_t *value)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(line, key);

    /* json_parse() has refused what a double does not hold exactly */
    if (!cJSON_IsNumber(item) || item->valuedouble < 0 || item->valuedouble > (double)LEDGER_NUMBER_MAX)
        return false;
    *value = (int64_t)item->valuedouble;
    return (double)*value == item->valuedouble;
}

static bool path_in(struct arena *arena, const cJSON *line, const struct ledger_path **path)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(line, "path"), *item;
    struct ledger_path *read = arena_new(arena, struct ledger_path);

    if (!cJSON_IsArray(list))
        return false;
    cJSON_ArrayForEach(item, list)
    {
        size_t length = 0;

        if (!cJSON_IsString(item) || read->count == LEDGER_PATH_MAX ||
            !ledger_base64_read(text_of(item->valuestring), read->hashes[read->count].bytes,
                                LEDGER_HASH_BYTES, &length) ||
            length != LEDGER_HASH_BYTES)
            return false;
        read->count++;
    }
    *path = read;
    return true;
}

static bool read_leaf(struct arena *arena, const cJSON *line, struct export_lines *lines)
{
    struct export_leaf *leaf = &lines->leaves[lines->leaf_count];
    size_t length = 0;

    (void)arena;
    leaf->rec = text_in(line, "rec");
    if (!number_in(line, "i", &leaf->index) || leaf->rec.length == 0 ||
        leaf->rec.length > LEDGER_RECORD_BYTES_MAX ||
        !ledger_base64_read(text_in(line, "sig"), leaf->signature, sizeof leaf->signature, &length) ||
        length != sizeof leaf->signature)
        return false;
    if (lines->leaf_count > 0 && leaf[-1].index >= leaf->index)
        return false;
    lines->leaf_count++;
    return true;
}

static bool read_ckpt(struct arena *arena, const cJSON *line, struct export_lines *lines)
{
    struct export_ckpt *ckpt = &lines->ckpts[lines->ckpt_count++];

    (void)arena;
    ckpt->note = text_in(line, "note");
    return ckpt->note.length > 0;
}

static bool read_incl(struct arena *arena, const cJSON *line, struct export_lines *lines)
{
    struct export_proof *proof = &lines->proofs[lines->proof_count++];

    return number_in(line, "i", &proof->first) && number_in(line, "size", &proof->size) &&
           path_in(arena, line, &proof->path);
}

static bool read_cons(struct arena *arena, const cJSON *line, struct export_lines *lines)
{
    struct export_proof *proof = &lines->proofs[lines->proof_count++];

    proof->is_consistency = true;
    return number_in(line, "old", &proof->first) && number_in(line, "size", &proof->size) &&
           path_in(arena, line, &proof->path);
}

static bool read_pay(struct arena *arena, const cJSON *line, struct export_lines *lines)
{
    struct export_pay *pay = &lines->pays[lines->pay_count++];
    struct text const salt = text_in(line, "salt");

    (void)arena;
    pay->body = text_in(line, "body");
    return number_in(line, "i", &pay->index) && ledger_is_hex(salt, 2 * sizeof pay->salt) &&
           pay->body.data != NULL &&
           sodium_hex2bin(pay->salt, sizeof pay->salt, salt.data, salt.length, NULL, NULL, NULL) == 0;
}

static const struct line_kind {
    const char *name;
    int keys; /* members, with "t" */
    bool (*read)(struct arena *arena, const cJSON *line, struct export_lines *lines);
} kinds[] = {
    {"leaf", 4, read_leaf}, {"ckpt", 2, read_ckpt}, {"incl", 4, read_incl},
    {"cons", 4, read_cons}, {"pay", 4, read_pay},
};

static bool read_line(struct arena *arena, struct text source, struct export_lines *lines)
{
    struct json_result const read = json_parse(arena, source, &json_limits_file);

    if (read.fault != JSON_OK || !cJSON_IsObject(read.root))
        return false;
    for (size_t i = 0; i < array_length(kinds); i++)
        if (text_equal(text_in(read.root, "t"), text_of(kinds[i].name)))
            return cJSON_GetArraySize(read.root) == kinds[i].keys && kinds[i].read(arena, read.root, lines);
    return false;
}

bool export_lines_read(struct arena *arena, struct text source, struct export_lines *lines)
{
    struct text rest = source;
    size_t count = 0;

    if (source.length == 0 || source.data[source.length - 1] != '\n')
        return false; /* cut */
    for (size_t i = 0; i < source.length; i++)
        count += source.data[i] == '\n' ? 1 : 0;
    *lines = (struct export_lines){
        .leaves = arena_array(arena, struct export_leaf, count),
        .ckpts = arena_array(arena, struct export_ckpt, count),
        .proofs = arena_array(arena, struct export_proof, count),
        .pays = arena_array(arena, struct export_pay, count),
    };
    while (rest.length > 0) {
        struct text const line = text_cut(rest, '\n', &rest);

        if (!read_line(arena, line, lines))
            return false;
    }
    return true;
}
