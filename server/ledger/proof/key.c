/* Keys: their text, what is no key, the self-test. */
#include <sodium.h>

#include "ledger/proof/note.h"

struct text ledger_base64(struct arena *arena, const uint8_t *bytes, size_t length)
{
    size_t const most = sodium_base64_encoded_len(length, sodium_base64_VARIANT_ORIGINAL);
    char *encoded = arena_alloc(arena, most);

    sodium_bin2base64(encoded, most, bytes, length, sodium_base64_VARIANT_ORIGINAL);
    return text_of(encoded);
}

bool ledger_base64_read(struct text source, uint8_t *bytes, size_t most, size_t *length)
{
    const char *end = NULL;

    return source.length > 0 &&
           sodium_base642bin(bytes, most, source.data, source.length, NULL, length, &end,
                             sodium_base64_VARIANT_ORIGINAL) == 0 &&
           end == source.data + source.length;
}

/* First four bytes of SHA-256(name, "\n", type, key). */
static uint32_t key_id(struct text name, uint8_t type, const uint8_t public_key[32])
{
    crypto_hash_sha256_state state;
    uint8_t hash[32];

    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, (const uint8_t *)name.data, name.length);
    crypto_hash_sha256_update(&state, (const uint8_t *)"\n", 1);
    crypto_hash_sha256_update(&state, &type, 1);
    crypto_hash_sha256_update(&state, public_key, 32);
    crypto_hash_sha256_final(&state, hash);
    return (uint32_t)hash[0] << 24 | (uint32_t)hash[1] << 16 | (uint32_t)hash[2] << 8 | hash[3];
}

const char *ledger_key_id_hex(uint32_t id, char hex[9])
{
    uint8_t const bytes[4] = {(uint8_t)(id >> 24), (uint8_t)(id >> 16), (uint8_t)(id >> 8), (uint8_t)id};

    return sodium_bin2hex(hex, 9, bytes, sizeof bytes);
}

static bool is_name(struct text name)
{
    if (name.length == 0 || name.length > LEDGER_NAME_BYTES_MAX)
        return false;
    for (size_t i = 0; i < name.length; i++)
        if (name.data[i] <= 0x20 || name.data[i] > 0x7e || name.data[i] == '+')
            return false;
    return true;
}

/* name+hash+base64(type, 32 bytes): base64 may hold '+', so only the first two count. */
static bool read_parts(struct text source, struct text *name, struct text *hash, uint8_t bytes[33])
{
    struct text rest;
    size_t length = 0;

    *name = text_cut(source, '+', &rest);
    *hash = text_cut(rest, '+', &rest);
    return is_name(*name) && ledger_is_hex(*hash, 8) && ledger_base64_read(rest, bytes, 33, &length) &&
           length == 33;
}

struct ledger_key ledger_key_as(const struct ledger_key *key, uint8_t type)
{
    struct ledger_key other = *key;

    other.type = type;
    other.id = key_id(key->name, type, key->public_key);
    return other;
}

bool ledger_key_read(struct text source, struct ledger_key *key)
{
    uint8_t bytes[33];
    struct text name, hash;
    char hex[9];

    if (!read_parts(source, &name, &hash, bytes) ||
        (bytes[0] != LEDGER_KEY_SIGNATURE && bytes[0] != LEDGER_KEY_COSIGNATURE) ||
        crypto_core_ed25519_is_valid_point(bytes + 1) != 1)
        return false;
    *key = (struct ledger_key){.name = name, .type = bytes[0]};
    memcpy(key->public_key, bytes + 1, sizeof key->public_key);
    key->id = key_id(name, key->type, key->public_key);
    return text_equal(text_of(ledger_key_id_hex(key->id, hex)), hash);
}

struct text ledger_key_write(struct arena *arena, const struct ledger_key *key)
{
    uint8_t bytes[33] = {key->type};
    char hex[9];

    memcpy(bytes + 1, key->public_key, sizeof key->public_key);
    return text_of(arena_printf(arena, "%.*s+%s+%s", TEXT_ARG(key->name), ledger_key_id_hex(key->id, hex),
                                ledger_base64(arena, bytes, sizeof bytes).data));
}

void ledger_signer_make(struct text name, uint8_t type, const uint8_t seed[32], struct ledger_signer *signer)
{
    *signer = (struct ledger_signer){.key = {.name = name, .type = type}};
    must(crypto_sign_seed_keypair(signer->key.public_key, signer->secret, seed) == 0);
    signer->key.id = key_id(name, type, signer->key.public_key);
}

bool ledger_signer_read(struct text source, struct ledger_signer *signer)
{
    static const char start[] = "PRIVATE+KEY+";
    uint8_t bytes[33];
    struct text name, hash;
    char hex[9];
    bool is_read = false;

    if (!text_starts(source, TEXT("PRIVATE+KEY+")))
        return false;
    source = (struct text){source.data + sizeof start - 1, source.length - (sizeof start - 1)};
    if (read_parts(source, &name, &hash, bytes)) {
        ledger_signer_make(name, bytes[0], bytes + 1, signer);
        is_read = text_equal(text_of(ledger_key_id_hex(signer->key.id, hex)), hash);
    }
    sodium_memzero(bytes, sizeof bytes);
    return is_read;
}

struct text ledger_signer_write(struct arena *arena, const struct ledger_signer *signer)
{
    uint8_t bytes[33] = {signer->key.type};
    struct text written;
    char hex[9];

    must(crypto_sign_ed25519_sk_to_seed(bytes + 1, signer->secret) == 0);
    written = text_of(arena_printf(arena, "PRIVATE+KEY+%.*s+%s+%s", TEXT_ARG(signer->key.name),
                                   ledger_key_id_hex(signer->key.id, hex),
                                   ledger_base64(arena, bytes, sizeof bytes).data));
    sodium_memzero(bytes, sizeof bytes);
    return written;
}

bool ledger_crypto_is_sound(void)
{
    /* of order 8, and the base point as a control */
    static const uint8_t small[32] = {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b,
                                      0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39,
                                      0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a};
    static const uint8_t seed[32] = {1};
    uint8_t good[32], secret[64], mixed[32];

    if (sodium_init() < 0 || crypto_sign_seed_keypair(good, secret, seed) != 0)
        return false;
    sodium_memzero(secret, sizeof secret);
    return crypto_core_ed25519_is_valid_point(good) == 1 && crypto_core_ed25519_is_valid_point(small) == 0 &&
           crypto_core_ed25519_add(mixed, good, small) == 0 && crypto_core_ed25519_is_valid_point(mixed) == 0;
}
