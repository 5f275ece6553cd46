#include "ledger/proof/witness.h"

#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "ledger/proof/verify_lines.h"

enum { FILE_BYTES_MAX = 32768 };

struct witnessing {
    struct arena *arena;
    const char *folder;
    struct export_lines lines;
    struct ledger_note fresh_note, kept_note;
    struct ledger_checkpoint fresh, kept; /* kept.size == 0: none */
};

static struct text read_file(struct arena *arena, const char *path)
{
    char *bytes = arena_alloc(arena, FILE_BYTES_MAX);
    FILE *file = fopen(path, "re");
    size_t length;

    if (file == NULL)
        return TEXT_NONE;
    length = fread(bytes, 1, FILE_BYTES_MAX, file);
    fclose(file);
    return length == FILE_BYTES_MAX ? TEXT_NONE : (struct text){bytes, length};
}

/* On the disk, under its name, before anything is said. */
static bool write_file(struct arena *arena, const char *folder, const char *name, mode_t mode,
                       struct text content)
{
    const char *path = arena_printf(arena, "%s/%s", folder, name),
               *fresh = arena_printf(arena, "%s.new", path);
    int const fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    int const dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool const is_written = fd >= 0 && dir >= 0 &&
                            write(fd, content.data, content.length) == (ssize_t)content.length &&
                            fsync(fd) == 0 && rename(fresh, path) == 0 && fsync(dir) == 0;

    if (fd >= 0)
        close(fd);
    if (dir >= 0)
        close(dir);
    return is_written;
}

bool ledger_witness_make(struct arena *arena, const char *folder, struct text name, struct text *vkey)
{
    struct ledger_signer signer;
    uint8_t seed[32];
    bool is_made;

    if (access(arena_printf(arena, "%s/witness.key", folder), F_OK) == 0)
        return false;
    randombytes_buf(seed, sizeof seed);
    ledger_signer_make(name, LEDGER_KEY_COSIGNATURE, seed, &signer);
    is_made = write_file(arena, folder, "witness.key", 0400, ledger_signer_write(arena, &signer));
    *vkey = ledger_key_write(arena, &signer.key);
    sodium_memzero(seed, sizeof seed);
    sodium_memzero(&signer, sizeof signer);
    return is_made;
}

static bool is_signed_by_its_log(struct witnessing *w)
{
    struct text rest = read_file(w->arena, arena_printf(w->arena, "%s/logs.vkeys", w->folder));

    while (rest.length > 0) {
        struct text const line = text_trim(text_cut(rest, '\n', &rest));
        struct ledger_key key;

        if (line.length > 0 && ledger_key_read(line, &key) && key.type == LEDGER_KEY_SIGNATURE &&
            text_equal(key.name, w->fresh.origin) && ledger_note_is_signed(&w->fresh_note, &key, NULL))
            return true;
    }
    return false;
}

static const char *kept_name(struct witnessing *w)
{
    struct ledger_hash hash;
    char hex[LEDGER_HEX_BYTES];

    crypto_hash_sha256(hash.bytes, (const uint8_t *)w->fresh.origin.data, w->fresh.origin.length);
    return arena_printf(w->arena, "%.16s.note", ledger_hash_hex(&hash, hex));
}

/* False: what was kept cannot be read, which is not the same as nothing kept. */
static bool read_kept(struct witnessing *w)
{
    const char *path = arena_printf(w->arena, "%s/%s", w->folder, kept_name(w));

    if (access(path, F_OK) != 0)
        return true;
    return ledger_note_read(read_file(w->arena, path), &w->kept_note) &&
           ledger_checkpoint_read(w->kept_note.body, &w->kept) && text_equal(w->kept.origin, w->fresh.origin);
}

static enum ledger_witness_outcome compare(const struct witnessing *w)
{
    const struct export_proof *proof = w->lines.proof_count == 1 ? &w->lines.proofs[0] : NULL;

    if (w->kept.size == 0)
        return LEDGER_WITNESSED;
    if (w->fresh.size == w->kept.size)
        return ledger_hash_equal(&w->fresh.root, &w->kept.root) ? LEDGER_WITNESSED : LEDGER_WITNESS_CONFLICT;
    if (w->fresh.size < w->kept.size || proof == NULL || !proof->is_consistency ||
        proof->first != w->kept.size || proof->size != w->fresh.size)
        return LEDGER_WITNESS_BEHIND;
    return ledger_verify_consistency(w->kept.size, w->fresh.size, proof->path, &w->kept.root, &w->fresh.root)
               ? LEDGER_WITNESSED
               : LEDGER_WITNESS_CONFLICT;
}

static enum ledger_witness_outcome cosign(struct witnessing *w, int64_t now_s, struct text *note)
{
    struct ledger_signer signer;
    struct text line;

    if (!ledger_signer_read(
            text_trim(read_file(w->arena, arena_printf(w->arena, "%s/witness.key", w->folder))), &signer) ||
        signer.key.type != LEDGER_KEY_COSIGNATURE ||
        !write_file(w->arena, w->folder, kept_name(w), 0600, w->lines.ckpts[0].note))
        return LEDGER_WITNESS_FAILED;
    line = ledger_note_sign(w->arena, w->fresh_note.body, &signer, now_s);
    sodium_memzero(&signer, sizeof signer);
    *note = text_of(arena_printf(w->arena, "%.*s\n%.*s", TEXT_ARG(w->fresh_note.body), TEXT_ARG(line)));
    return LEDGER_WITNESSED;
}

enum ledger_witness_outcome ledger_witness(struct arena *arena, const char *folder, struct text request,
                                           int64_t now_s, struct text *note, int64_t *size)
{
    struct witnessing *w = arena_new(arena, struct witnessing);
    int const lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum ledger_witness_outcome outcome = LEDGER_WITNESS_NO_REQUEST;

    *w = (struct witnessing){.arena = arena, .folder = folder};
    if (lock < 0 || flock(lock, LOCK_EX) != 0)
        outcome = LEDGER_WITNESS_FAILED;
    else if (export_lines_read(arena, request, &w->lines) && w->lines.ckpt_count == 1 &&
             ledger_note_read(w->lines.ckpts[0].note, &w->fresh_note) &&
             ledger_checkpoint_read(w->fresh_note.body, &w->fresh) && is_signed_by_its_log(w))
        outcome = read_kept(w) ? compare(w) : LEDGER_WITNESS_FAILED;
    if (outcome == LEDGER_WITNESSED)
        outcome = cosign(w, now_s, note);
    *size = w->kept.size;
    if (lock >= 0)
        close(lock);
    return outcome;
}
