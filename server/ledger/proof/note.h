#pragma once
/*
 * C2SP signed notes (c2sp.org/signed-note), checkpoints (tlog-checkpoint) and cosignatures
 * (tlog-cosignature), and the text form of keys: `name+hash+base64(type, key)`. A note is a text that ends
 * with a line end, an empty line, and lines `— name base64(id, signature)`. Lines of unknown keys are passed
 * over.
 */
#include "ledger/proof/tree.h"

enum { LEDGER_KEY_SIGNATURE = 1, LEDGER_KEY_COSIGNATURE = 4 };
enum {
    LEDGER_NOTE_BYTES_MAX = 16384,
    LEDGER_NOTE_LINES_MAX = 32,
    LEDGER_NAME_BYTES_MAX = 200,
    LEDGER_KEY_TEXT_BYTES = LEDGER_NAME_BYTES_MAX + 64,
};

struct ledger_key {
    struct text name;
    uint32_t id;
    uint8_t type; /* LEDGER_KEY_… */
    uint8_t public_key[32];
};

/* A key that may sign. Lives in memory of its owner, who wipes it. */
struct ledger_signer {
    struct ledger_key key;
    uint8_t secret[64];
};

/* False: not a key text, another type, a name with blanks or '+', or a point that is no key: of small or
 * mixed order or not canonical. */
MUST_USE bool ledger_key_read(struct text source, struct ledger_key *key);
/* NUL-terminated, in the arena. */
struct text ledger_key_write(struct arena *arena, const struct ledger_key *key);
/* The key of the same name and bytes as another type: id differs by type. */
struct ledger_key ledger_key_as(const struct ledger_key *key, uint8_t type);
/* "PRIVATE+KEY+name+hash+base64(type, seed)" */
MUST_USE bool ledger_signer_read(struct text source, struct ledger_signer *signer);
void ledger_signer_make(struct text name, uint8_t type, const uint8_t seed[32], struct ledger_signer *signer);
struct text ledger_signer_write(struct arena *arena, const struct ledger_signer *signer);
/* 8 hex of the id, and NUL. */
const char *ledger_key_id_hex(uint32_t id, char hex[9]);
/* Whether this libsodium refuses keys of mixed order; a fixed and an unfixed one have the same version
 * (CVE-2025-69277), so it is tried. Also calls sodium_init(). */
MUST_USE bool ledger_crypto_is_sound(void);

struct ledger_note_line {
    struct text name;
    uint32_t id;
    uint8_t signature[72]; /* without the id */
    size_t signature_bytes;
    struct text whole; /* the line without its end */
};

struct ledger_note {
    struct text body; /* with its last line end */
    size_t line_count;
    struct ledger_note_line lines[LEDGER_NOTE_LINES_MAX];
};

MUST_USE bool ledger_note_read(struct text source, struct ledger_note *note);
/* True: one line is of this key and good, and none of this key is bad. `time_s` of a cosignature; may be
 * NULL. */
MUST_USE bool ledger_note_is_signed(const struct ledger_note *note, const struct ledger_key *key,
                                    int64_t *time_s);
/* The line "— name …" with its end; a cosignature carries the time. */
struct text ledger_note_sign(struct arena *arena, struct text body, const struct ledger_signer *signer,
                             int64_t time_s);

struct ledger_checkpoint {
    struct text origin;
    int64_t size;
    struct ledger_hash root;
};

MUST_USE bool ledger_checkpoint_read(struct text body, struct ledger_checkpoint *checkpoint);
struct text ledger_checkpoint_write(struct arena *arena, const struct ledger_checkpoint *checkpoint);

/* Base64 with padding, in the arena; and back, exactly so many bytes or fewer. */
struct text ledger_base64(struct arena *arena, const uint8_t *bytes, size_t length);
MUST_USE bool ledger_base64_read(struct text source, uint8_t *bytes, size_t most, size_t *length);
