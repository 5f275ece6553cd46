/*
 * The verifier: every export of test/vectors/ledger/exports gets exactly the verdict listed for it, and no
 * byte of a good one can be changed unseen.
 */
#include "ledger/proof/verify.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <setjmp.h>

#include <cmocka.h>
#include <sodium.h>

#define VECTORS SOURCE_DIR "/test/vectors/ledger/"

enum { FILE_MAX_BYTES = 1 << 16, ARENA_BYTES = 16 << 20, FLIPS = 10000 };

static struct text file_of(struct arena *arena, const char *name)
{
    FILE *file = fopen(name, "re");
    char *bytes = arena_alloc(arena, FILE_MAX_BYTES);
    size_t length;

    if (file == NULL)
        fail_msg("no file %s", name);
    length = fread(bytes, 1, FILE_MAX_BYTES, file);
    assert_true(length < FILE_MAX_BYTES);
    fclose(file);
    return (struct text){bytes, length};
}

static struct ledger_trust *trust_of(struct arena *arena, const char *name)
{
    struct ledger_trust *trust = arena_new(arena, struct ledger_trust);
    const char *fault;

    if (!ledger_trust_read(arena, file_of(arena, name), trust, &fault))
        fail_msg("%s: %s", name, fault);
    return trust;
}

static const char *said(const struct ledger_verdict *verdict)
{
    if (verdict->step != LEDGER_VALID)
        return ledger_step_name(verdict->step);
    return verdict->is_witnessed ? "valid and witnessed" : "valid, not yet witnessed";
}

static void every_mutant_gets_its_verdict(void **state)
{
    struct arena *arena = arena_create(ARENA_BYTES);
    struct text rest = file_of(arena, VECTORS "exports.txt");
    int count = 0;

    (void)state;
    while (rest.length > 0) {
        struct text want, line = text_cut(rest, '\n', &rest);
        struct text const name = text_cut(line, '\t', &want);
        const char *start = arena_printf(arena, VECTORS "exports/%.*s", TEXT_ARG(name));
        struct ledger_trust *trust = trust_of(arena, arena_printf(arena, "%s.trust.json", start));
        struct ledger_verdict const verdict =
            ledger_verify(arena, file_of(arena, arena_printf(arena, "%s.ndjson", start)), trust);

        if (!text_equal(text_of(said(&verdict)), want))
            fail_msg("%.*s: %s instead of %.*s", TEXT_ARG(name), said(&verdict), TEXT_ARG(want));
        count++;
    }
    assert_true(count >= 24);
    arena_destroy(arena);
}

/* Where the lines of the witnesses begin and end in the export's bytes: there a change may cost the witness.
 */
static void a_changed_byte_is_seen(void **state)
{
    struct arena *kept = arena_create(ARENA_BYTES);
    struct text const whole = file_of(kept, VECTORS "exports/valid.ndjson");
    struct ledger_trust *trust = trust_of(kept, VECTORS "exports/valid.trust.json");
    struct arena *arena = arena_create(ARENA_BYTES);
    uint64_t random = 88172645463325252; /* xorshift: the same flips each time */
    int passed = 0;

    (void)state;
    for (int i = 0; i < FLIPS; i++) {
        char *bytes = arena_copy(arena, whole.data, whole.length);
        struct ledger_verdict verdict;

        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        bytes[random % whole.length] ^= (char)(1 << (random >> 40) % 7);
        verdict = ledger_verify(arena, (struct text){bytes, whole.length}, trust);
        passed += verdict.step == LEDGER_VALID && verdict.is_witnessed ? 1 : 0;
        arena_reset(arena);
    }
    assert_int_equal(passed, 0);
    arena_destroy(arena);
    arena_destroy(kept);
}

static void a_trust_file_is_read_strictly(void **state)
{
    static const struct {
        const char *source, *fault;
    } rows[] = {
        {"[]", "not JSON"},
        {"{\"origin\":\"x\"", "not JSON"},
        {"{\"origin\":\"\"}", "origin"},
        {"{\"origin\":\"x\",\"log\":[]}", "log"},
        {"{\"origin\":\"x\",\"log\":[\"x+00000000+AQ==\"]}", "log"},
    };
    struct arena *arena = arena_create(ARENA_BYTES);

    (void)state;
    for (size_t i = 0; i < array_length(rows); i++) {
        struct ledger_trust trust;
        const char *fault = "";

        assert_false(ledger_trust_read(arena, text_of(rows[i].source), &trust, &fault));
        assert_string_equal(fault, rows[i].fault);
    }
    arena_destroy(arena);
}

/* I4: a key is valid by index, never by date. */
static void a_key_is_valid_by_index(void **state)
{
    struct arena *arena = arena_create(ARENA_BYTES);
    struct ledger_ring *ring = arena_new(arena, struct ledger_ring);
    uint8_t const a[32] = {1}, b[32] = {2};
    struct ledger_signer first, second;
    struct ledger_record turn = {.typ = TEXT("key.add")};
    char kid_a[9], kid_b[9];

    (void)state;
    ledger_signer_make(TEXT("x/record"), LEDGER_KEY_SIGNATURE, a, &first);
    ledger_signer_make(TEXT("x/record"), LEDGER_KEY_SIGNATURE, b, &second);
    ledger_key_id_hex(first.key.id, kid_a);
    ledger_key_id_hex(second.key.id, kid_b);
    ledger_ring_begin(ring, &first.key, 1);
    assert_non_null(ledger_ring_find(ring, text_of(kid_a), 0));
    assert_null(ledger_ring_find(ring, text_of(kid_b), 0));
    turn.vkey = ledger_key_write(arena, &second.key);
    assert_true(ledger_ring_turn(ring, &turn, 5));
    assert_false(ledger_ring_turn(ring, &turn, 6)); /* a second time */
    assert_null(ledger_ring_find(ring, text_of(kid_b), 5));
    assert_non_null(ledger_ring_find(ring, text_of(kid_b), 6));
    turn = (struct ledger_record){.typ = TEXT("key.end"), .vkey = ledger_key_write(arena, &first.key)};
    assert_true(ledger_ring_turn(ring, &turn, 8));
    assert_non_null(ledger_ring_find(ring, text_of(kid_a), 8));
    assert_null(ledger_ring_find(ring, text_of(kid_a), 9));
    arena_destroy(arena);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_mutant_gets_its_verdict),
        cmocka_unit_test(a_changed_byte_is_seen),
        cmocka_unit_test(a_trust_file_is_read_strictly),
        cmocka_unit_test(a_key_is_valid_by_index),
    };

    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
