#include "ledger/ledger_export.h"

#include <sodium.h>
#include <stdlib.h>

#include "core/json_out.h"
#include "ledger/proof/note.h"

struct node {
    unsigned level;
    int64_t at;
    struct ledger_hash hash;
};

struct exporting {
    struct arena *arena;
    const struct db_answer *answer;
    struct node *nodes;
    size_t node_count;
    int64_t size;
    struct json_out out;
    struct text_out lines;
};

static int compare_nodes(const void *a, const void *b)
{
    const struct node *left = a, *right = b;

    if (left->level != right->level)
        return left->level < right->level ? -1 : 1;
    return left->at == right->at ? 0 : left->at < right->at ? -1 : 1;
}

static bool find_node(void *owner, unsigned level, int64_t at, struct ledger_hash *hash)
{
    const struct exporting *e = owner;
    struct node const wanted = {.level = level, .at = at};
    const struct node *found = bsearch(&wanted, e->nodes, e->node_count, sizeof wanted, compare_nodes);

    if (found != NULL)
        *hash = found->hash;
    return found != NULL;
}

static bool is_kind(const struct exporting *e, int row, const char *kind)
{
    return text_equal(db_text(e->answer, row, COL_LEDGER_DOSSIER_KIND), text_of(kind));
}

static void take_nodes(struct exporting *e)
{
    int const rows = db_row_count(e->answer);

    e->nodes = arena_array(e->arena, struct node, rows);
    for (int row = 0; row < rows; row++) {
        struct node *node = &e->nodes[e->node_count];
        struct text const hex = db_text(e->answer, row, COL_LEDGER_DOSSIER_HASH);

        if (!is_kind(e, row, "node") || sodium_hex2bin(node->hash.bytes, sizeof node->hash.bytes, hex.data,
                                                       hex.length, NULL, NULL, NULL) != 0)
            continue;
        node->level = (unsigned)db_i64(e->answer, row, COL_LEDGER_DOSSIER_LEVEL);
        node->at = db_i64(e->answer, row, COL_LEDGER_DOSSIER_N);
        e->node_count++;
    }
    qsort(e->nodes, e->node_count, sizeof *e->nodes, compare_nodes);
}

static void begin_line(struct exporting *e, const char *kind)
{
    e->out = json_out_begin(e->arena);
    json_open_object(&e->out);
    json_put_string(&e->out, "t", kind);
}

static void end_line(struct exporting *e)
{
    json_close_object(&e->out);
    text_out_put(&e->lines, json_out_end(&e->out));
    text_out_byte(&e->lines, '\n');
}

static void put_path(struct exporting *e, const struct ledger_path *path)
{
    json_key(&e->out, "path");
    json_open_array(&e->out);
    for (size_t i = 0; i < path->count; i++)
        json_text(&e->out, ledger_base64(e->arena, path->hashes[i].bytes, LEDGER_HASH_BYTES));
    json_close_array(&e->out);
}

static void put_leaf(struct exporting *e, int row)
{
    struct text const hex = db_text(e->answer, row, COL_LEDGER_DOSSIER_SIG);
    uint8_t signature[LEDGER_SIGNATURE_BYTES] = {0};

    (void)sodium_hex2bin(signature, sizeof signature, hex.data, hex.length, NULL, NULL, NULL);
    begin_line(e, "leaf");
    json_put_i64(&e->out, "i", db_i64(e->answer, row, COL_LEDGER_DOSSIER_N));
    json_put_text(&e->out, "rec", db_text(e->answer, row, COL_LEDGER_DOSSIER_REC));
    json_put_text(&e->out, "sig", ledger_base64(e->arena, signature, sizeof signature));
    end_line(e);
}

static void put_inclusion(struct exporting *e, int row)
{
    struct ledger_nodes const nodes = {find_node, e};
    int64_t const index = db_i64(e->answer, row, COL_LEDGER_DOSSIER_N);
    struct ledger_path path;

    if (!ledger_prove_inclusion(&nodes, index, e->size, &path))
        return; /* a node is gone: without its proof the leaf is not believed, and that is right */
    begin_line(e, "incl");
    json_put_i64(&e->out, "i", index);
    json_put_i64(&e->out, "size", e->size);
    put_path(e, &path);
    end_line(e);
}

static void put_payload(struct exporting *e, int row)
{
    if (db_is_null(e->answer, row, COL_LEDGER_DOSSIER_BODY))
        return;
    begin_line(e, "pay");
    json_put_i64(&e->out, "i", db_i64(e->answer, row, COL_LEDGER_DOSSIER_N));
    json_put_text(&e->out, "salt", db_text(e->answer, row, COL_LEDGER_DOSSIER_SALT));
    json_put_text(&e->out, "body", db_text(e->answer, row, COL_LEDGER_DOSSIER_BODY));
    end_line(e);
}

static void put_consistency(struct exporting *e, int64_t old)
{
    struct ledger_nodes const nodes = {find_node, e};
    struct ledger_path path;

    if (old <= 0 || old > e->size || !ledger_prove_consistency(&nodes, old, e->size, &path))
        return;
    begin_line(e, "cons");
    json_put_i64(&e->out, "old", old);
    json_put_i64(&e->out, "size", e->size);
    put_path(e, &path);
    end_line(e);
}

static void each(struct exporting *e, const char *kind, void (*put)(struct exporting *e, int row))
{
    for (int row = 0; row < db_row_count(e->answer); row++)
        if (is_kind(e, row, kind))
            put(e, row);
}

static void put_checkpoint(struct exporting *e, int row)
{
    e->size = db_i64(e->answer, row, COL_LEDGER_DOSSIER_N);
    begin_line(e, "ckpt");
    json_put_text(&e->out, "note", db_text(e->answer, row, COL_LEDGER_DOSSIER_REC));
    end_line(e);
}

enum ledger_export_outcome ledger_export(struct arena *arena, const struct db_answer *answer,
                                         bool is_operator, const int64_t *olds, size_t old_count,
                                         struct text *export)
{
    struct exporting e = {.arena = arena, .answer = answer, .lines = text_out_begin(arena)};
    bool has_leaf = false;

    must(db_row_count(answer) > 0 && is_kind(&e, 0, "who"));
    if (!is_operator && db_is_null(answer, 0, COL_LEDGER_DOSSIER_N))
        return LEDGER_EXPORT_NOBODY;
    if (db_is_null(answer, 0, COL_LEDGER_DOSSIER_LEVEL))
        return LEDGER_EXPORT_NONE;
    for (int row = 0; row < db_row_count(answer); row++)
        has_leaf = has_leaf || is_kind(&e, row, "leaf");
    if (!has_leaf)
        return LEDGER_EXPORT_NOT_YET;
    take_nodes(&e);
    each(&e, "leaf", put_leaf);
    each(&e, "ckpt", put_checkpoint);
    each(&e, "leaf", put_inclusion);
    for (size_t i = 0; i < old_count; i++)
        put_consistency(&e, olds[i]);
    each(&e, "leaf", put_payload);
    *export = text_out_end(&e.lines);
    return LEDGER_EXPORTED;
}

enum ledger_export_outcome ledger_export_checkpoint(struct arena *arena, const struct db_answer *answer,
                                                    int64_t old, struct text *export)
{
    struct exporting e = {.arena = arena, .answer = answer, .lines = text_out_begin(arena)};

    take_nodes(&e);
    each(&e, "ckpt", put_checkpoint);
    if (e.size == 0)
        return LEDGER_EXPORT_NOT_YET;
    if (old < e.size)
        put_consistency(&e, old);
    *export = text_out_end(&e.lines);
    return LEDGER_EXPORTED;
}
