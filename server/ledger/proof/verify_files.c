/* The verifier as a program: two files, one sentence. */
#include <inttypes.h>
#include <stdio.h>
#include <sysexits.h>

#include "ledger/proof/verify.h"

enum { INVALID = 1, NOT_WITNESSED = 3, FILE_BYTES_MAX = 256 << 20 };

static bool read_file(struct arena *arena, const char *path, struct text *out)
{
    FILE *file = fopen(path, "re");
    char *bytes;
    long length = -1;
    bool is_read = false;

    if (file == NULL)
        return false;
    if (fseek(file, 0, SEEK_END) == 0)
        length = ftell(file);
    if (length >= 0 && length <= FILE_BYTES_MAX && fseek(file, 0, SEEK_SET) == 0) {
        bytes = arena_alloc(arena, (size_t)length + 1);
        is_read = fread(bytes, 1, (size_t)length, file) == (size_t)length;
        *out = (struct text){bytes, (size_t)length};
    }
    fclose(file);
    return is_read;
}

static int tell(const struct ledger_verdict *verdict, const struct ledger_trust *trust)
{
    if (verdict->step != LEDGER_VALID) {
        printf("invalid at step %s", ledger_step_name(verdict->step));
        if (verdict->index >= 0)
            printf(" (leaf %" PRId64 ")", verdict->index);
        printf("\n");
        return INVALID;
    }
    printf("%s: %" PRId64 " records, checkpoint %" PRId64 ", %zu of %" PRId64 " cosignatures, %zu anchors\n",
           verdict->is_witnessed ? "valid and witnessed" : "valid, not yet witnessed", verdict->leaves,
           verdict->size, verdict->witnesses, trust->k, trust->anchor_count);
    return verdict->is_witnessed ? EX_OK : NOT_WITNESSED;
}

static int verify_both(struct arena *arena, const char *export_file, const char *trust_file)
{
    struct ledger_trust *trust = arena_new(arena, struct ledger_trust);
    struct text export, trusted;
    struct ledger_verdict verdict;
    const char *fault;

    if (!read_file(arena, trust_file, &trusted) || !read_file(arena, export_file, &export)) {
        fprintf(stderr, "a file cannot be read\n");
        return EX_NOINPUT;
    }
    if (!ledger_trust_read(arena, trusted, trust, &fault)) {
        fprintf(stderr, "%s: no trust file: %s\n", trust_file, fault);
        return EX_DATAERR;
    }
    verdict = ledger_verify(arena, export, trust);
    return tell(&verdict, trust);
}

int ledger_verify_files(const char *export_file, const char *trust_file)
{
    struct arena *arena;
    int status;

    if (!ledger_crypto_is_sound()) {
        fprintf(stderr, "the cryptographic library takes keys that are none\n");
        return EX_SOFTWARE;
    }
    arena = arena_create((size_t)16 * FILE_BYTES_MAX);
    status = verify_both(arena, export_file, trust_file);
    arena_destroy(arena);
    return status;
}
