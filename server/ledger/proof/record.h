#pragma once
/*
 * One step of one dossier as evidence: a record in the LT profile, a strict subset of RFC 8785 JSON
 * (printable ASCII, the same 21 keys always present in byte order, strings, integers up to 2^53-1, one sorted
 * array of hashes, no blank, no escape but \" and \\). What is hashed and signed are the stored bytes; a
 * reader parses strictly, writes again and compares. A record holds codes, random values and commitments,
 * never personal data or free text. Nothing here knows a database or a socket.
 */
#include "core/text.h"

enum {
    LEDGER_RECORD_BYTES_MAX = 4096,
    LEDGER_PREV_MAX = 16,
    LEDGER_SIGNATURE_BYTES = 64,
    LEDGER_HASH_BYTES = 32,
    LEDGER_SALT_BYTES = 32, /* of a payload */
};

#define LEDGER_NUMBER_MAX INT64_C(9007199254740991) /* 2^53 - 1 */

struct ledger_hash {
    uint8_t bytes[LEDGER_HASH_BYTES];
};

struct ledger_record {
    struct text act;  /* who: staff id in digits, a pseudonym; empty: the system */
    int64_t at;       /* microseconds UTC, never before its parent's */
    struct text bid;  /* branch; empty: the trunk */
    struct text dos;  /* the dossier's code as known to the signer, see ledger_dossier_follows() */
    int64_t dsq;      /* step of the dossier: 1, 2, 3… = version of the dossier after it; 0: no dossier */
    struct text kid;  /* id of the signing key, 8 hex */
    struct text log;  /* origin: binds the record to one log */
    struct text mh;   /* hash of an envelope, 64 hex or empty */
    struct text msg;  /* id of a message */
    int64_t nbr;      /* branches of a fork */
    struct text org;  /* code of the acting unit */
    struct text pay;  /* commitment to the payload, 64 hex or empty */
    struct text peer; /* the other log */
    struct text prev[LEDGER_PREV_MAX]; /* leaf hashes of the heads it follows, sorted, 64 hex each */
    size_t prev_count;
    struct text rid;  /* 128 random bits, 32 hex */
    struct text salt; /* the same, so that a leaf hash cannot be guessed */
    int64_t sq;       /* number in a stream */
    struct text st;   /* state after it */
    struct text typ;  /* one of the kinds of exchange between servers, or step, dossier.open … */
    int64_t v;        /* 1 */
    struct text vkey; /* the key a key.* record is about */
};

/* The bytes, in the arena; must fit LEDGER_RECORD_BYTES_MAX, and every text must be printable ASCII. */
struct text ledger_record_write(struct arena *arena, const struct ledger_record *record);
/* False unless these bytes are exactly what ledger_record_write() makes of what they say, and every value has
 * its shape. Texts point into the arena or into bytes. */
MUST_USE bool ledger_record_read(struct arena *arena, struct text bytes, struct ledger_record *record);
/* A kind that begins without a parent: dossier.open, key.*, peer.enrol, log.break. */
bool ledger_type_has_no_parent(struct text typ);
/* The name a step may have after a step named `before`: the same; a whole code where only agency and day were
 * known, as in the record of an intake, which is signed before the code exists; an accepted code after a
 * submission number of the same agency. Source: docs/decisions/016. */
bool ledger_dossier_follows(struct text before, struct text after);
bool ledger_is_hex(struct text value, size_t length);

/* SHA-256(0x00, rec, sig): the leaf of the tree and the link of the dossier. */
struct ledger_hash ledger_leaf_hash(struct text rec, const uint8_t signature[LEDGER_SIGNATURE_BYTES]);
/* SHA-256(0x02, salt, SHA-256(payload)) */
struct ledger_hash ledger_commitment(const uint8_t salt[LEDGER_SALT_BYTES], struct text payload);
void ledger_record_sign(struct text rec, const uint8_t secret[64], uint8_t signature[LEDGER_SIGNATURE_BYTES]);
MUST_USE bool ledger_record_verify(struct text rec, const uint8_t signature[LEDGER_SIGNATURE_BYTES],
                                   const uint8_t public_key[32]);

enum { LEDGER_HEX_BYTES = 2 * LEDGER_HASH_BYTES + 1 };
/* 64 lower-case hex and NUL */
const char *ledger_hash_hex(const struct ledger_hash *hash, char hex[LEDGER_HEX_BYTES]);
bool ledger_hash_equal(const struct ledger_hash *a, const struct ledger_hash *b);
