/* Proofs of any numbers and hashes, and whole exports: nothing a stranger sends is believed or breaks
 * anything. */
#include "ledger/proof/verify.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_proofs(const uint8_t *data, size_t size)
{
    static struct ledger_path path;
    struct ledger_hash leaf = {{1}}, root = {{2}};
    int64_t numbers[2];

    memcpy(numbers, data, sizeof numbers);
    path.count = (size - sizeof numbers) / LEDGER_HASH_BYTES;
    if (path.count > LEDGER_PATH_MAX)
        path.count = LEDGER_PATH_MAX;
    memcpy(path.hashes, data + sizeof numbers, path.count * LEDGER_HASH_BYTES);
    must(!ledger_verify_inclusion(&leaf, numbers[0], numbers[1], &path, &root));
    must(!ledger_verify_consistency(numbers[0], numbers[1], &path, &leaf, &root));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct ledger_trust trust; /* no key: nothing is valid */
    struct arena *arena = arena_create(64 << 20);

    if (size >= 16)
        try_proofs(data, size);
    trust.origin = TEXT("x");
    trust.k = 1;
    must(ledger_verify(arena, (struct text){(const char *)data, size}, &trust).step != LEDGER_VALID);
    arena_destroy(arena);
    return 0;
}
