#include "ledger/mirror.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <unistd.h>

#include "core/config.h"
#include "core/log.h"
#include "ledger/keys.h"

enum { HEAD_BYTES = 2, STATE_BYTES_MAX = 512, SCRATCH_BYTES = 1 << 20 };

const char *ledger_mirror_sentence(enum ledger_mirror_fault fault)
{
    switch (fault) {
    case LEDGER_MIRROR_GOOD: return "good";
    case LEDGER_MIRROR_UNREADABLE: return "the mirror cannot be read or written";
    case LEDGER_MIRROR_TORN_STATE: return "the signer's state is damaged";
    case LEDGER_MIRROR_OTHER_ROOT: return "the mirror is not the history that was signed";
    case LEDGER_MIRROR_MACHINE: return "the signer's state is of another machine";
    }
    unreachable();
}

/* Who this machine is; empty where it has no id. */
static void read_machine(char machine[33])
{
    FILE *file = fopen("/etc/machine-id", "re");

    machine[0] = '\0';
    if (file == NULL)
        return;
    if (fgets(machine, 33, file) == NULL)
        machine[0] = '\0';
    fclose(file);
    machine[strcspn(machine, "\n")] = '\0';
}

/* "motcua-signer/1 SIZE ROOT MACHINE SUM\n"; SUM is the hash of what stands before it. */
static bool parse_state(char *line, struct ledger_state *state)
{
    char root[LEDGER_HEX_BYTES], sum[LEDGER_HEX_BYTES];
    char *end = strrchr(line, ' ');
    struct ledger_hash hash;
    char want[LEDGER_HEX_BYTES];

    if (end == NULL || sscanf(end, " %64[0-9a-f]", sum) != 1 || strlen(end) != 66)
        return false;
    *end = '\0';
    crypto_hash_sha256(hash.bytes, (const uint8_t *)line, strlen(line));
    if (strcmp(ledger_hash_hex(&hash, want), sum) != 0)
        return false;
    state->machine[0] = '\0';
    return sscanf(line, "motcua-signer/1 %" SCNd64 " %64[0-9a-f] %32[0-9a-f]", &state->size, root,
                  state->machine) >= 2 &&
           state->size >= 0 &&
           sodium_hex2bin(state->root.bytes, sizeof state->root.bytes, root, 64, NULL, NULL, NULL) == 0;
}

static enum ledger_mirror_fault read_state(const char *path, struct ledger_state *state)
{
    char line[STATE_BYTES_MAX] = "", machine[33];
    FILE *file = fopen(path, "re");

    *state = (struct ledger_state){.size = 0};
    read_machine(machine);
    if (file == NULL && errno == ENOENT) {
        memcpy(state->machine, machine, sizeof machine);
        return LEDGER_MIRROR_GOOD;
    }
    if (file == NULL)
        return LEDGER_MIRROR_UNREADABLE;
    if (fgets(line, sizeof line, file) == NULL)
        line[0] = '\0';
    fclose(file);
    if (!parse_state(line, state))
        return LEDGER_MIRROR_TORN_STATE;
    return strcmp(state->machine, machine) == 0 ? LEDGER_MIRROR_GOOD : LEDGER_MIRROR_MACHINE;
}

static bool write_whole(int fd, const void *bytes, size_t length)
{
    const char *at = bytes;

    while (length > 0) {
        ssize_t const written = write(fd, at, length);

        if (written < 0 && errno != EINTR)
            return false;
        at += written > 0 ? written : 0;
        length -= written > 0 ? (size_t)written : 0;
    }
    return true;
}

bool ledger_state_write(const struct config *config, struct arena *arena, const struct ledger_state *state)
{
    const char *path = ledger_path(config, arena, "state"), *fresh = ledger_path(config, arena, "state.new");
    char hex[LEDGER_HEX_BYTES], sum[LEDGER_HEX_BYTES];
    const char *line = arena_printf(arena, "motcua-signer/1 %" PRId64 " %s %s", state->size,
                                    ledger_hash_hex(&state->root, hex), state->machine);
    int const fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    int const folder = open(config->ledger_directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct ledger_hash hash;
    bool is_written;

    crypto_hash_sha256(hash.bytes, (const uint8_t *)line, strlen(line));
    line = arena_printf(arena, "%s %s\n", line, ledger_hash_hex(&hash, sum));
    is_written = fd >= 0 && folder >= 0 && write_whole(fd, line, strlen(line)) && fsync(fd) == 0 &&
                 rename(fresh, path) == 0 && fsync(folder) == 0;
    if (fd >= 0)
        close(fd);
    if (folder >= 0)
        close(folder);
    return is_written;
}

/* The leaf into frontier and ring. False: a key record that cannot be. */
static bool take(struct ledger_mirror *mirror, const struct ledger_state *state, struct text rec,
                 const uint8_t signature[LEDGER_SIGNATURE_BYTES])
{
    struct ledger_hash const hash = ledger_leaf_hash(rec, signature);
    struct ledger_record record;
    struct ledger_hash root;

    if (memmem(rec.data, rec.length, "\"typ\":\"key.", 11) != NULL) {
        struct text const kept = {arena_copy(mirror->arena, rec.data, rec.length), rec.length};

        if (!ledger_record_read(mirror->arena, kept, &record) ||
            (record.vkey.length > 0 && !ledger_ring_turn(&mirror->ring, &record, mirror->frontier.size)))
            return false;
    }
    ledger_frontier_append(&mirror->frontier, &hash, NULL, NULL);
    if (mirror->frontier.size == state->size) {
        root = ledger_frontier_root(&mirror->frontier);
        mirror->is_state_met = ledger_hash_equal(&root, &state->root);
    }
    return true;
}

static enum ledger_mirror_fault read_leaves(FILE *file, struct ledger_mirror *mirror,
                                            const struct ledger_state *state, off_t *good)
{
    uint8_t head[HEAD_BYTES], signature[LEDGER_SIGNATURE_BYTES];
    char rec[LEDGER_RECORD_BYTES_MAX];

    *good = 0;
    while (fread(head, 1, HEAD_BYTES, file) == HEAD_BYTES) {
        size_t const length = (size_t)head[0] << 8 | head[1];

        if (length > sizeof rec)
            return LEDGER_MIRROR_OTHER_ROOT;
        if (fread(rec, 1, length, file) != length ||
            fread(signature, 1, sizeof signature, file) != sizeof signature)
            break;
        if (!take(mirror, state, (struct text){rec, length}, signature))
            return LEDGER_MIRROR_OTHER_ROOT;
        *good = ftello(file);
    }
    if (ferror(file))
        return LEDGER_MIRROR_UNREADABLE;
    if (state->size <= mirror->frontier.size && !mirror->is_state_met)
        return LEDGER_MIRROR_OTHER_ROOT;
    return LEDGER_MIRROR_GOOD;
}

enum ledger_mirror_fault ledger_mirror_open(const struct config *config, struct arena *arena,
                                            const struct ledger_trust *trust, struct ledger_mirror *mirror,
                                            struct ledger_state *state)
{
    const char *path = ledger_path(config, arena, "mirror");
    enum ledger_mirror_fault fault = read_state(ledger_path(config, arena, "state"), state);
    FILE *file;
    off_t good;

    *mirror = (struct ledger_mirror){.fd = -1, .arena = arena, .is_state_met = state->size == 0};
    ledger_ring_begin(&mirror->ring, trust->record, trust->record_count);
    if (fault != LEDGER_MIRROR_GOOD)
        return fault;
    mirror->fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    file = mirror->fd < 0 ? NULL : fopen(path, "re");
    if (file == NULL)
        return LEDGER_MIRROR_UNREADABLE;
    fault = read_leaves(file, mirror, state, &good);
    if (fault == LEDGER_MIRROR_GOOD && (ftruncate(mirror->fd, good) != 0 || fsync(mirror->fd) != 0))
        fault = LEDGER_MIRROR_UNREADABLE;
    fclose(file);
    return fault;
}

bool ledger_mirror_append(struct ledger_mirror *mirror, const struct ledger_state *state, struct text rec,
                          const uint8_t signature[LEDGER_SIGNATURE_BYTES])
{
    uint8_t entry[HEAD_BYTES + LEDGER_RECORD_BYTES_MAX + LEDGER_SIGNATURE_BYTES];

    must(rec.length <= LEDGER_RECORD_BYTES_MAX);
    entry[0] = (uint8_t)(rec.length >> 8);
    entry[1] = (uint8_t)rec.length;
    memcpy(entry + HEAD_BYTES, rec.data, rec.length);
    memcpy(entry + HEAD_BYTES + rec.length, signature, LEDGER_SIGNATURE_BYTES);
    return write_whole(mirror->fd, entry, HEAD_BYTES + rec.length + LEDGER_SIGNATURE_BYTES) &&
           take(mirror, state, rec, signature);
}

bool ledger_mirror_sync(struct ledger_mirror *mirror)
{
    return fsync(mirror->fd) == 0;
}
