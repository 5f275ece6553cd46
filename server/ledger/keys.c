#include "ledger/keys.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/config.h"
#include "core/log.h"

enum { KEY_FILE_BYTES_MAX = 8192 };

static const char *const key_files[] = {[LEDGER_FILE_RECORD] = "record.key", [LEDGER_FILE_LOG] = "log.key"};
static const char *const public_files[] = {
    [LEDGER_FILE_RECORD] = "record.vkeys", [LEDGER_FILE_LOG] = "log.vkeys"};

const char *ledger_path(const struct config *config, struct arena *arena, const char *name)
{
    if (strcmp(name, "mirror") == 0 && config->ledger_mirror[0] != '\0')
        return config->ledger_mirror;
    return arena_printf(arena, "%s/%s", config->ledger_directory, name);
}

/* The whole file; data == NULL: none. */
static struct text read_whole(struct arena *arena, const char *path)
{
    char *bytes = arena_alloc(arena, KEY_FILE_BYTES_MAX);
    FILE *file = fopen(path, "re");
    size_t length;

    if (file == NULL)
        return TEXT_NONE;
    length = fread(bytes, 1, KEY_FILE_BYTES_MAX, file);
    fclose(file);
    return length == KEY_FILE_BYTES_MAX ? TEXT_NONE : text_trim((struct text){bytes, length});
}

bool ledger_keys_load(const struct config *config, enum ledger_key_file file, struct arena *arena,
                      struct ledger_signer *signer)
{
    const char *path = ledger_path(config, arena, key_files[file]);

    if (ledger_crypto_is_sound() && ledger_signer_read(read_whole(arena, path), signer) &&
        signer->key.type == LEDGER_KEY_SIGNATURE)
        return true;
    log_error("a key of the ledger cannot be read", LOG_S("file", path));
    return false;
}

static bool read_public(const struct config *config, struct arena *arena, const char *name, uint8_t type,
                        struct ledger_key *keys, size_t *count)
{
    struct text rest = read_whole(arena, ledger_path(config, arena, name));

    *count = 0;
    while (rest.length > 0) {
        struct text const line = text_trim(text_cut(rest, '\n', &rest));

        if (line.length == 0)
            continue;
        if (*count == LEDGER_TRUST_KEYS_MAX || !ledger_key_read(line, &keys[*count]) ||
            keys[*count].type != type) {
            log_error("a line of the ledger's public keys is none", LOG_S("file", name));
            return false;
        }
        ++*count;
    }
    return true;
}

bool ledger_keys_trust(const struct config *config, struct arena *arena, struct ledger_trust *trust)
{
    *trust =
        (struct ledger_trust){.origin = text_of(config->ledger_origin), .k = config->ledger_cosignatures};
    return read_public(config, arena, "record.vkeys", LEDGER_KEY_SIGNATURE, trust->record,
                       &trust->record_count) &&
           read_public(config, arena, "log.vkeys", LEDGER_KEY_SIGNATURE, trust->log, &trust->log_count) &&
           read_public(config, arena, "witness.vkeys", LEDGER_KEY_COSIGNATURE, trust->witness,
                       &trust->witness_count) &&
           trust->record_count > 0 && trust->log_count > 0;
}

static bool write_new(const char *path, mode_t mode, struct text content)
{
    int const fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    bool is_written;

    if (fd < 0) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return false;
    }
    is_written = write(fd, content.data, content.length) == (ssize_t)content.length &&
                 write(fd, "\n", 1) == 1 && fsync(fd) == 0;
    close(fd);
    return is_written;
}

static bool make_one(const struct config *config, struct arena *arena, enum ledger_key_file file)
{
    const char *path = ledger_path(config, arena, key_files[file]);
    const char *name =
        arena_printf(arena, "%s%s", config->ledger_origin, file == LEDGER_FILE_RECORD ? "/record" : "");
    struct ledger_signer signer;
    uint8_t seed[32];
    bool is_made;

    if (access(path, F_OK) == 0)
        return true;
    randombytes_buf(seed, sizeof seed);
    ledger_signer_make(text_of(name), LEDGER_KEY_SIGNATURE, seed, &signer);
    is_made =
        write_new(path, 0400, ledger_signer_write(arena, &signer)) &&
        write_new(ledger_path(config, arena, public_files[file]), 0444, ledger_key_write(arena, &signer.key));
    sodium_memzero(seed, sizeof seed);
    sodium_memzero(&signer, sizeof signer);
    return is_made;
}

bool ledger_keys_make(const struct config *config, struct arena *arena)
{
    if (config->ledger_directory[0] == '\0' || config->ledger_origin[0] == '\0') {
        fprintf(stderr, "ledger.directory and ledger.origin must be set\n");
        return false;
    }
    if (!ledger_crypto_is_sound()) {
        fprintf(stderr, "the cryptographic library takes keys that are none\n");
        return false;
    }
    if (mkdir(config->ledger_directory, 0700) != 0 && errno != EEXIST) {
        fprintf(stderr, "%s: %s\n", config->ledger_directory, strerror(errno));
        return false;
    }
    return make_one(config, arena, LEDGER_FILE_LOG) && make_one(config, arena, LEDGER_FILE_RECORD);
}

static struct text key_add(const struct config *config, struct arena *arena, const struct ledger_signer *old,
                           const struct ledger_key *fresh)
{
    char kid[9], rid[33], salt[33];
    uint8_t random[32];
    struct timespec now;

    must(clock_gettime(CLOCK_REALTIME, &now) == 0);
    randombytes_buf(random, sizeof random);
    return ledger_record_write(arena, &(struct ledger_record){
                                          .at = (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000,
                                          .kid = text_of(ledger_key_id_hex(old->key.id, kid)),
                                          .log = text_of(config->ledger_origin),
                                          .rid = text_of(sodium_bin2hex(rid, sizeof rid, random, 16)),
                                          .salt = text_of(sodium_bin2hex(salt, sizeof salt, random + 16, 16)),
                                          .typ = TEXT("key.add"),
                                          .v = 1,
                                          .vkey = ledger_key_write(arena, fresh),
                                      });
}

const char *ledger_keys_turn(const struct config *config, struct arena *arena)
{
    const char *next = ledger_path(config, arena, "record.key.next");
    uint8_t seed[32], head[98] = {0};
    struct ledger_signer old, fresh;
    size_t bytes;
    struct text rec;
    char *hex;

    if (!ledger_keys_load(config, LEDGER_FILE_RECORD, arena, &old))
        return NULL;
    randombytes_buf(seed, sizeof seed);
    ledger_signer_make(old.key.name, LEDGER_KEY_SIGNATURE, seed, &fresh);
    sodium_memzero(seed, sizeof seed);
    if (!write_new(next, 0400, ledger_signer_write(arena, &fresh)))
        return NULL;
    rec = key_add(config, arena, &old, &fresh.key);
    ledger_record_sign(rec, old.secret, head + LEDGER_SALT_BYTES);
    head[96] = (uint8_t)(rec.length >> 8);
    head[97] = (uint8_t)rec.length;
    bytes = sizeof head + rec.length;
    hex = arena_alloc(arena, 2 * bytes + 3);
    hex[0] = '\\';
    hex[1] = 'x';
    sodium_bin2hex(hex + 2, 2 * sizeof head + 1, head, sizeof head);
    sodium_bin2hex(hex + 2 + 2 * sizeof head, 2 * rec.length + 1, (const uint8_t *)rec.data, rec.length);
    sodium_memzero(&old, sizeof old);
    sodium_memzero(&fresh, sizeof fresh);
    return hex;
}

bool ledger_keys_turned(const struct config *config, struct arena *arena)
{
    if (rename(ledger_path(config, arena, "record.key.next"), ledger_path(config, arena, "record.key")) == 0)
        return true;
    fprintf(stderr, "record.key.next: %s\n", strerror(errno));
    return false;
}
