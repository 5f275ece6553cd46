/*
 * The evidence by itself: the published vectors of test/vectors/ledger, which another implementation has
 * made, and what the strict readers must refuse. Invariants are named as in docs/ledger.md.
 */
#include "ledger/proof/note.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <setjmp.h>

#include <cmocka.h>
#include <sodium.h>

#define VECTORS SOURCE_DIR "/test/vectors/ledger/"

enum { TREE_MAX = 33, LINE_MAX_BYTES = 8192, NODES_MAX = 256 };

static struct ledger_hash leaves[TREE_MAX];

static void make_leaves(void)
{
    for (int i = 0; i < TREE_MAX; i++) {
        char text[32] = {0};
        int const length = snprintf(text + 1, sizeof text - 1, "leaf %d", i);

        crypto_hash_sha256(leaves[i].bytes, (const uint8_t *)text, (size_t)length + 1);
    }
}

/* Whole nodes as a database would keep them. */
struct kept {
    size_t count;
    struct {
        unsigned level;
        int64_t at;
        struct ledger_hash hash;
    } nodes[NODES_MAX];
};

static void keep(void *owner, unsigned level, int64_t at, const struct ledger_hash *hash)
{
    struct kept *kept = owner;

    assert_true(kept->count < NODES_MAX);
    kept->nodes[kept->count].level = level;
    kept->nodes[kept->count].at = at;
    kept->nodes[kept->count++].hash = *hash;
}

static bool find(void *owner, unsigned level, int64_t at, struct ledger_hash *hash)
{
    const struct kept *kept = owner;

    for (size_t i = 0; i < kept->count; i++) {
        if (kept->nodes[i].level == level && kept->nodes[i].at == at) {
            *hash = kept->nodes[i].hash;
            return true;
        }
    }
    return false;
}

static struct ledger_path path_of(char *list)
{
    struct ledger_path path = {.count = 0};

    for (char *rest = list, *one; (one = strsep(&rest, ",\n")) != NULL;)
        if (*one != '\0')
            assert_int_equal(
                sodium_hex2bin(path.hashes[path.count++].bytes, 32, one, strlen(one), NULL, NULL, NULL), 0);
    return path;
}

static bool is_same_path(const struct ledger_path *a, const struct ledger_path *b)
{
    return a->count == b->count && memcmp(a->hashes, b->hashes, a->count * sizeof a->hashes[0]) == 0;
}

/* Neither another place, nor another size, nor a path changed anywhere is believed. */
static void refuse_neighbours(int64_t m, int64_t n, const struct ledger_path *path,
                              const struct ledger_hash *root)
{
    for (int64_t other = 0; other < n; other++)
        if (other != m)
            assert_false(ledger_verify_inclusion(&leaves[m], other, n, path, root));
    for (size_t i = 0; i < path->count; i++) {
        struct ledger_path broken = *path;

        broken.hashes[i].bytes[7] ^= 1;
        assert_false(ledger_verify_inclusion(&leaves[m], m, n, &broken, root));
    }
    if (path->count > 0) {
        struct ledger_path shorter = *path;

        shorter.count--;
        assert_false(ledger_verify_inclusion(&leaves[m], m, n, &shorter, root));
    }
}

static void check_inclusion(struct ledger_nodes *nodes, int64_t m, int64_t n, const struct ledger_path *want,
                            const struct ledger_hash *roots)
{
    struct ledger_path path;

    assert_true(ledger_prove_inclusion(nodes, m, n, &path));
    assert_true(is_same_path(&path, want));
    assert_true(ledger_verify_inclusion(&leaves[m], m, n, &path, &roots[n]));
    refuse_neighbours(m, n, &path, &roots[n]);
}

static void check_consistency(struct ledger_nodes *nodes, int64_t m, int64_t n,
                              const struct ledger_path *want, const struct ledger_hash *roots)
{
    struct ledger_path path;

    assert_true(ledger_prove_consistency(nodes, m, n, &path));
    assert_true(is_same_path(&path, want));
    assert_true(ledger_verify_consistency(m, n, &path, &roots[m], &roots[n]));
    for (int64_t other = 1; other <= n; other++)
        if (other != m)
            assert_false(ledger_verify_consistency(other, n, &path, &roots[m], &roots[n]));
    for (size_t i = 0; i < path.count; i++) {
        path.hashes[i].bytes[31] ^= 0x80;
        assert_false(ledger_verify_consistency(m, n, &path, &roots[m], &roots[n]));
        path.hashes[i].bytes[31] ^= 0x80;
    }
}

static void trees_of_0_to_33_are_those_of_the_second_implementation(void **state)
{
    FILE *file = fopen(VECTORS "trees.txt", "re");
    struct ledger_hash roots[TREE_MAX + 1];
    struct kept kept = {.count = 0};
    struct ledger_nodes nodes = {find, &kept};
    struct ledger_frontier frontier = {.size = 0};
    char line[LINE_MAX_BYTES], kind[8], list[LINE_MAX_BYTES];
    int lines = 0;

    (void)state;
    assert_non_null(file);
    make_leaves();
    roots[0] = ledger_frontier_root(&frontier);
    for (int i = 0; i < TREE_MAX; i++) {
        ledger_frontier_append(&frontier, &leaves[i], keep, &kept);
        roots[i + 1] = ledger_frontier_root(&frontier);
    }
    while (fgets(line, sizeof line, file) != NULL) {
        long m = 0, n = 0;
        struct ledger_path want;

        list[0] = '\0';
        if (sscanf(line, "root %ld %8191s", &n, list) == 2) {
            char hex[LEDGER_HEX_BYTES];

            assert_string_equal(ledger_hash_hex(&roots[n], hex), list);
            lines++;
            continue;
        }
        assert_true(sscanf(line, "%7s %ld %ld %8191s", kind, &m, &n, list) >= 3);
        want = path_of(list);
        if (strcmp(kind, "incl") == 0)
            check_inclusion(&nodes, m, n, &want, roots);
        else
            check_consistency(&nodes, m, n, &want, roots);
        lines++;
    }
    fclose(file);
    assert_int_equal(lines, 34 + 2 * 561);
}

static void records_are_those_of_the_second_implementation(void **state)
{
    FILE *file = fopen(VECTORS "records.txt", "re");
    struct arena *arena = arena_create(1 << 20);
    struct ledger_key keys[3];
    char line[LINE_MAX_BYTES], sig_hex[129], hash_hex[65], rec[LINE_MAX_BYTES];
    int key_count = 0, record_count = 0;

    (void)state;
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        struct ledger_record record;
        struct ledger_hash hash;
        struct text bytes;
        uint8_t sig[64];
        char hex[LEDGER_HEX_BYTES];

        if (sscanf(line, "key %8191s", rec) == 1) {
            assert_true(ledger_key_read(text_of(arena_copy(arena, rec, strlen(rec))), &keys[key_count]));
            assert_string_equal(ledger_key_write(arena, &keys[key_count++]).data, rec);
            continue;
        }
        assert_int_equal(sscanf(line, "rec %128s %64s %8191[^\n]", sig_hex, hash_hex, rec), 3);
        bytes = text_of(rec);
        assert_int_equal(sodium_hex2bin(sig, sizeof sig, sig_hex, 128, NULL, NULL, NULL), 0);
        assert_true(ledger_record_read(arena, bytes, &record));
        assert_true(text_equal(ledger_record_write(arena, &record), bytes));
        hash = ledger_leaf_hash(bytes, sig);
        assert_string_equal(ledger_hash_hex(&hash, hex), hash_hex);
        assert_true(ledger_record_verify(bytes, sig, keys[0].public_key) ||
                    ledger_record_verify(bytes, sig, keys[1].public_key));
        assert_false(ledger_record_verify(bytes, sig, keys[2].public_key));
        record_count++;
    }
    fclose(file);
    arena_destroy(arena);
    assert_int_equal(key_count, 3);
    assert_int_equal(record_count, 13);
}

#define HEX32 "00112233445566778899aabbccddeeff"
#define HEX64 HEX32 HEX32
#define RECORD(act, at, dos, prev, typ, end)                                                                 \
    "{\"act\":" act ",\"at\":" at ",\"bid\":\"\",\"dos\":" dos ",\"dsq\":1,\"kid\":\"0011aabb\","            \
    "\"log\":\"x/log1\",\"mh\":\"\",\"msg\":\"\",\"nbr\":0,\"org\":\"\",\"pay\":\"\",\"peer\":\"\","         \
    "\"prev\":" prev ",\"rid\":\"" HEX32 "\",\"salt\":\"" HEX32 "\",\"sq\":0,\"st\":\"\",\"typ\":" typ       \
    ",\"v\":1,\"vkey\":\"\"" end

static void only_the_one_form_is_a_record(void **state)
{
    static const struct {
        const char *what;
        bool is_record;
        const char *bytes;
    } rows[] = {
        {"as it must be", true, RECORD("\"7\"", "1", "\"H1\"", "[]", "\"dossier.open\"", "}")},
        {"escapes", true, RECORD("\"a\\\"b\\\\\"", "1", "\"H1\"", "[]", "\"dossier.open\"", "}")},
        {"2^53-1", true, RECORD("\"\"", "9007199254740991", "\"H1\"", "[]", "\"dossier.open\"", "}")},
        {"two parents, sorted", true,
         RECORD("\"\"", "1", "\"H1\"", "[\"" HEX64 "\",\"1" HEX32 "0112233445566778899aabbccddeeff\"]",
                "\"step\"", "}")},
        {"parents not sorted", false,
         RECORD("\"\"", "1", "\"H1\"", "[\"1" HEX32 "0112233445566778899aabbccddeeff\",\"" HEX64 "\"]",
                "\"step\"", "}")},
        {"a parent twice", false,
         RECORD("\"\"", "1", "\"H1\"", "[\"" HEX64 "\",\"" HEX64 "\"]", "\"step\"", "}")},
        {"a step without parent", false, RECORD("\"\"", "1", "\"H1\"", "[]", "\"step\"", "}")},
        {"an opening with a parent", false,
         RECORD("\"\"", "1", "\"H1\"", "[\"" HEX64 "\"]", "\"dossier.open\"", "}")},
        {"an opening of no dossier", false, RECORD("\"\"", "1", "\"\"", "[]", "\"dossier.open\"", "}")},
        {"unknown kind", false, RECORD("\"\"", "1", "\"H1\"", "[]", "\"dossier.erase\"", "}")},
        {"2^53", false, RECORD("\"\"", "9007199254740992", "\"H1\"", "[]", "\"dossier.open\"", "}")},
        {"leading zero", false, RECORD("\"\"", "01", "\"H1\"", "[]", "\"dossier.open\"", "}")},
        {"sign", false, RECORD("\"\"", "-1", "\"H1\"", "[]", "\"dossier.open\"", "}")},
        {"fraction", false, RECORD("\"\"", "1.0", "\"H1\"", "[]", "\"dossier.open\"", "}")},
        {"exponent", false, RECORD("\"\"", "1e3", "\"H1\"", "[]", "\"dossier.open\"", "}")},
        {"number as text", false, RECORD("\"\"", "\"1\"", "\"H1\"", "[]", "\"dossier.open\"", "}")},
        {"null", false, RECORD("null", "1", "\"H1\"", "[]", "\"dossier.open\"", "}")},
        {"text as number", false, RECORD("7", "1", "\"H1\"", "[]", "\"dossier.open\"", "}")},
        {"\\u escape", false, RECORD("\"\\u0041\"", "1", "\"H1\"", "[]", "\"dossier.open\"", "}")},
        {"\\/ escape", false, RECORD("\"\\/\"", "1", "\"H1\"", "[]", "\"dossier.open\"", "}")},
        {"not ASCII", false, RECORD("\"\xc4\x90\"", "1", "\"H1\"", "[]", "\"dossier.open\"", "}")},
        {"control character", false, RECORD("\"\t\"", "1", "\"H1\"", "[]", "\"dossier.open\"", "}")},
        {"blank", false, RECORD(" \"\"", "1", "\"H1\"", "[]", "\"dossier.open\"", "}")},
        {"a key more", false, RECORD("\"\"", "1", "\"H1\"", "[]", "\"dossier.open\"", ",\"w\":1}")},
        {"not closed", false, RECORD("\"\"", "1", "\"H1\"", "[]", "\"dossier.open\"", "")},
        {"something behind it", false, RECORD("\"\"", "1", "\"H1\"", "[]", "\"dossier.open\"", "}\n")},
        {"nothing", false, ""},
        {"BOM", false, "\xef\xbb\xbf" RECORD("\"\"", "1", "\"H1\"", "[]", "\"dossier.open\"", "}")},
    };
    struct arena *arena = arena_create(1 << 20);

    (void)state;
    for (size_t i = 0; i < array_length(rows); i++) {
        struct ledger_record record;

        if (ledger_record_read(arena, text_of(rows[i].bytes), &record) != rows[i].is_record)
            fail_msg("%s: expected %s", rows[i].what, rows[i].is_record ? "a record" : "none");
    }
    arena_destroy(arena);
}

static void a_step_follows_only_its_own_dossier(void **state)
{
    static const struct {
        const char *before, *after;
        bool follows;
    } rows[] = {
        {"H48.15-261123-0001", "H48.15-261123-0001", true},
        {"H48.15-261123", "H48.15-261123-0001", true},
        {"H48.15-261123", "H48.15-261123-S0001", true},
        {"H48.15-261123-S0001", "H48.15-261124-0007", true},
        {"H48.15-261123-0001", "H48.15-261123-0002", false},
        {"H48.15-261123", "H48.15-261124-0001", false},
        {"H48.15-261123-S0001", "H48.16-261123-0001", false},
        {"H48.15-261123-S0001", "H48.15-261123-S0002", false},
        {"", "H48.15-261123-0001", false},
        {"H48.15-261123", "H48.15-2611230001", false},
        {"H48.15-261123-0001", "H48.15-261123", false},
    };

    (void)state;
    for (size_t i = 0; i < array_length(rows); i++)
        if (ledger_dossier_follows(text_of(rows[i].before), text_of(rows[i].after)) != rows[i].follows)
            fail_msg("%s then %s: expected %d", rows[i].before, rows[i].after, rows[i].follows);
}

/* Every point of small order, with its encodings that are not canonical; none is a key (Z13). */
static void keys_that_are_none_are_refused(void **state)
{
    static const char *const points[] = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    };
    struct arena *arena = arena_create(1 << 20);
    uint8_t const seed[32] = {9};
    struct ledger_signer signer;
    struct ledger_key key, mixed;
    uint8_t small[32];

    (void)state;
    ledger_signer_make(TEXT("x"), LEDGER_KEY_SIGNATURE, seed, &signer);
    assert_true(ledger_key_read(ledger_key_write(arena, &signer.key), &key));
    for (size_t i = 0; i < array_length(points); i++) {
        key = signer.key;
        assert_int_equal(sodium_hex2bin(key.public_key, 32, points[i], 64, NULL, NULL, NULL), 0);
        key = ledger_key_as(&key, LEDGER_KEY_SIGNATURE); /* its id is right, its point is not */
        if (ledger_key_read(ledger_key_write(arena, &key), &key))
            fail_msg("a key: %s", points[i]);
    }
    mixed = signer.key;
    assert_int_equal(sodium_hex2bin(small, 32, points[5], 64, NULL, NULL, NULL), 0);
    assert_int_equal(crypto_core_ed25519_add(mixed.public_key, signer.key.public_key, small), 0);
    mixed = ledger_key_as(&mixed, LEDGER_KEY_SIGNATURE);
    assert_false(ledger_key_read(ledger_key_write(arena, &mixed), &key));
    assert_true(ledger_crypto_is_sound());
    arena_destroy(arena);
}

static void keys_keep_their_text(void **state)
{
    struct arena *arena = arena_create(1 << 20);
    uint8_t const seed[32] = {3};
    struct ledger_signer signer, read;
    struct ledger_key key;
    struct text text;

    (void)state;
    ledger_signer_make(TEXT("motcua.example/log1"), LEDGER_KEY_COSIGNATURE, seed, &signer);
    assert_true(ledger_signer_read(ledger_signer_write(arena, &signer), &read));
    assert_memory_equal(read.secret, signer.secret, sizeof read.secret);
    text = ledger_key_write(arena, &signer.key);
    assert_true(ledger_key_read(text, &key));
    assert_int_equal(key.id, signer.key.id);
    /* another name with the same id is none */
    assert_false(ledger_key_read(text_of(arena_printf(arena, "other%s", text.data)), &key));
    assert_false(ledger_key_read(TEXT("a b+00000000+AQ=="), &key));
    assert_int_not_equal(ledger_key_as(&key, LEDGER_KEY_SIGNATURE).id, signer.key.id);
    arena_destroy(arena);
}

static void a_note_is_signed_or_not(void **state)
{
    struct arena *arena = arena_create(1 << 20);
    struct ledger_checkpoint checkpoint = {.origin = TEXT("x/log1"), .size = 7}, read;
    struct ledger_signer log, witness;
    uint8_t const a[32] = {1}, b[32] = {2};
    struct ledger_note note;
    struct text body, whole;
    int64_t time_s = 0;

    (void)state;
    ledger_signer_make(TEXT("x/log1"), LEDGER_KEY_SIGNATURE, a, &log);
    ledger_signer_make(TEXT("w"), LEDGER_KEY_COSIGNATURE, b, &witness);
    body = ledger_checkpoint_write(arena, &checkpoint);
    whole = text_of(arena_printf(arena, "%s\n%s%s", body.data, ledger_note_sign(arena, body, &log, 0).data,
                                 ledger_note_sign(arena, body, &witness, 1790000000).data));
    assert_true(ledger_note_read(whole, &note));
    assert_int_equal(note.line_count, 2);
    assert_true(ledger_checkpoint_read(note.body, &read) && read.size == 7);
    assert_true(ledger_note_is_signed(&note, &log.key, NULL));
    assert_true(ledger_note_is_signed(&note, &witness.key, &time_s) && time_s == 1790000000);
    for (size_t i = 0; i < whole.length; i++) { /* whatever byte is changed, one of them falls */
        char *broken = arena_copy(arena, whole.data, whole.length);

        broken[i] ^= 1;
        assert_false(ledger_note_read((struct text){broken, whole.length}, &note) &&
                     ledger_note_is_signed(&note, &log.key, NULL) &&
                     ledger_note_is_signed(&note, &witness.key, NULL));
    }
    assert_false(ledger_note_read(body, &note)); /* no signature at all */
    assert_false(ledger_checkpoint_read(TEXT("x\n07\nAAAA\n"), &read));
    arena_destroy(arena);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(trees_of_0_to_33_are_those_of_the_second_implementation),
        cmocka_unit_test(records_are_those_of_the_second_implementation),
        cmocka_unit_test(only_the_one_form_is_a_record),
        cmocka_unit_test(a_step_follows_only_its_own_dossier),
        cmocka_unit_test(keys_that_are_none_are_refused),
        cmocka_unit_test(keys_keep_their_text),
        cmocka_unit_test(a_note_is_signed_or_not),
    };

    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
