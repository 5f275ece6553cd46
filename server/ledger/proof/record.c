#include "ledger/proof/record.h"

#include <sodium.h>

#include "core/text_out.h"

enum value_kind { VALUE_TEXT, VALUE_NUMBER, VALUE_HASHES };

enum { HEX_ANY = 0 };

/* Keys in byte order; that order is the form. */
static const struct key_row {
    const char *key;
    enum value_kind kind;
    size_t offset;
    size_t hex; /* exactly so many hex digits; HEX_ANY: any printable text */
    bool may_be_empty;
} rows[] = {
#define ROW(key_, kind_, hex_, empty_)                                                                       \
    {                                                                                                        \
#key_, kind_, offsetof(struct ledger_record, key_), hex_, empty_                                     \
    }
    ROW(act, VALUE_TEXT, HEX_ANY, true),  ROW(at, VALUE_NUMBER, 0, true),
    ROW(bid, VALUE_TEXT, HEX_ANY, true),  ROW(dos, VALUE_TEXT, HEX_ANY, true),
    ROW(dsq, VALUE_NUMBER, 0, true),      ROW(kid, VALUE_TEXT, 8, false),
    ROW(log, VALUE_TEXT, HEX_ANY, false), ROW(mh, VALUE_TEXT, 64, true),
    ROW(msg, VALUE_TEXT, HEX_ANY, true),  ROW(nbr, VALUE_NUMBER, 0, true),
    ROW(org, VALUE_TEXT, HEX_ANY, true),  ROW(pay, VALUE_TEXT, 64, true),
    ROW(peer, VALUE_TEXT, HEX_ANY, true), ROW(prev, VALUE_HASHES, 64, true),
    ROW(rid, VALUE_TEXT, 32, false),      ROW(salt, VALUE_TEXT, 32, false),
    ROW(sq, VALUE_NUMBER, 0, true),       ROW(st, VALUE_TEXT, HEX_ANY, true),
    ROW(typ, VALUE_TEXT, HEX_ANY, false), ROW(v, VALUE_NUMBER, 0, false),
    ROW(vkey, VALUE_TEXT, HEX_ANY, true),
#undef ROW
};

static const char *const types[] = {"dossier.open", "step",      "branch.fork",  "branch.join", "xfer.send",
                                    "xfer.recv",    "xfer.ack",  "xfer.dead",    "key.add",     "key.end",
                                    "peer.enrol",   "log.break", "dossier.close"};

static const struct text *text_at(const struct ledger_record *record, const struct key_row *row)
{
    return (const struct text *)(const void *)((const char *)record + row->offset);
}

static int64_t number_at(const struct ledger_record *record, const struct key_row *row)
{
    int64_t value;

    memcpy(&value, (const char *)record + row->offset, sizeof value);
    return value;
}

bool ledger_is_hex(struct text value, size_t length)
{
    if (value.length != length)
        return false;
    for (size_t i = 0; i < length; i++)
        if (strchr("0123456789abcdef", value.data[i]) == NULL || value.data[i] == '\0')
            return false;
    return true;
}

/* --- writing --- */

static void put_text(struct text_out *out, struct text value)
{
    text_out_byte(out, '"');
    for (size_t i = 0; i < value.length; i++) {
        must(value.data[i] >= 0x20 && value.data[i] <= 0x7e);
        if (value.data[i] == '"' || value.data[i] == '\\')
            text_out_byte(out, '\\');
        text_out_byte(out, value.data[i]);
    }
    text_out_byte(out, '"');
}

static void put_hashes(struct text_out *out, const struct ledger_record *record)
{
    text_out_byte(out, '[');
    for (size_t i = 0; i < record->prev_count; i++) {
        if (i > 0)
            text_out_byte(out, ',');
        put_text(out, record->prev[i]);
    }
    text_out_byte(out, ']');
}

struct text ledger_record_write(struct arena *arena, const struct ledger_record *record)
{
    struct text_out out = text_out_begin(arena);

    for (size_t i = 0; i < array_length(rows); i++) {
        text_out_byte(&out, i == 0 ? '{' : ',');
        put_text(&out, text_of(rows[i].key));
        text_out_byte(&out, ':');
        switch (rows[i].kind) {
        case VALUE_TEXT: put_text(&out, *text_at(record, &rows[i])); break;
        case VALUE_NUMBER: text_out_i64(&out, number_at(record, &rows[i])); break;
        case VALUE_HASHES: put_hashes(&out, record); break;
        }
    }
    text_out_byte(&out, '}');
    return text_out_end(&out);
}

/* --- reading --- */

struct scan {
    struct arena *arena;
    struct text rest;
};

static bool take(struct scan *scan, char byte)
{
    if (scan->rest.length == 0 || scan->rest.data[0] != byte)
        return false;
    scan->rest.data++;
    scan->rest.length--;
    return true;
}

static bool take_text(struct scan *scan, struct text *value)
{
    const char *begin;
    char *plain;
    size_t length = 0, at = 0;

    if (!take(scan, '"'))
        return false;
    begin = scan->rest.data;
    while (at < scan->rest.length && begin[at] != '"') {
        if (begin[at] < 0x20 || begin[at] > 0x7e)
            return false;
        if (begin[at] == '\\' && (++at == scan->rest.length || (begin[at] != '"' && begin[at] != '\\')))
            return false;
        at++;
        length++;
    }
    if (at == scan->rest.length)
        return false;
    plain = arena_alloc(scan->arena, length + 1);
    for (size_t from = 0, to = 0; to < length; from++, to++)
        plain[to] = begin[from] == '\\' ? begin[++from] : begin[from];
    *value = (struct text){plain, length};
    scan->rest = (struct text){begin + at + 1, scan->rest.length - at - 1};
    return true;
}

static bool take_number(struct scan *scan, int64_t *value)
{
    size_t length = 0;

    while (length < scan->rest.length && scan->rest.data[length] >= '0' && scan->rest.data[length] <= '9')
        length++;
    if (length == 0 || length > 16 || !text_to_i64((struct text){scan->rest.data, length}, value))
        return false;
    scan->rest = (struct text){scan->rest.data + length, scan->rest.length - length};
    return *value <= LEDGER_NUMBER_MAX; /* a leading zero is found by writing again */
}

static bool take_hashes(struct scan *scan, struct ledger_record *record)
{
    if (!take(scan, '['))
        return false;
    if (take(scan, ']'))
        return true;
    do {
        struct text *hash = &record->prev[record->prev_count];

        if (record->prev_count == LEDGER_PREV_MAX || !take_text(scan, hash) || !ledger_is_hex(*hash, 64))
            return false;
        if (record->prev_count > 0 && memcmp(hash[-1].data, hash->data, 64) >= 0)
            return false;
        record->prev_count++;
    } while (take(scan, ','));
    return take(scan, ']');
}

static bool take_value(struct scan *scan, struct ledger_record *record, const struct key_row *row)
{
    struct text value;
    int64_t number;

    switch (row->kind) {
    case VALUE_TEXT:
        if (!take_text(scan, &value) || (value.length == 0 && !row->may_be_empty) ||
            (value.length > 0 && row->hex != HEX_ANY && !ledger_is_hex(value, row->hex)))
            return false;
        memcpy((char *)record + row->offset, &value, sizeof value);
        return true;
    case VALUE_NUMBER:
        if (!take_number(scan, &number))
            return false;
        memcpy((char *)record + row->offset, &number, sizeof number);
        return true;
    case VALUE_HASHES: return take_hashes(scan, record);
    }
    unreachable();
}

bool ledger_type_has_no_parent(struct text typ)
{
    return text_equal(typ, TEXT("dossier.open")) || text_equal(typ, TEXT("peer.enrol")) ||
           text_equal(typ, TEXT("log.break")) || text_starts(typ, TEXT("key."));
}

/* What the values must be to each other. */
static bool is_sound(const struct ledger_record *record)
{
    bool is_known = false;

    for (size_t i = 0; i < array_length(types); i++)
        is_known = is_known || text_equal(record->typ, text_of(types[i]));
    if (!is_known || record->v != 1)
        return false;
    if ((record->prev_count == 0) != ledger_type_has_no_parent(record->typ))
        return false;
    if ((record->vkey.length > 0) != text_starts(record->typ, TEXT("key.")))
        return false;
    return !text_equal(record->typ, TEXT("dossier.open")) || (record->dos.length > 0 && record->dsq > 0);
}

bool ledger_record_read(struct arena *arena, struct text bytes, struct ledger_record *record)
{
    struct scan scan = {.arena = arena, .rest = bytes};

    *record = (struct ledger_record){.at = 0};
    if (bytes.length == 0 || bytes.length > LEDGER_RECORD_BYTES_MAX)
        return false;
    for (size_t i = 0; i < array_length(rows); i++) {
        struct text key;

        if (!take(&scan, i == 0 ? '{' : ',') || !take_text(&scan, &key) ||
            !text_equal(key, text_of(rows[i].key)) || !take(&scan, ':') ||
            !take_value(&scan, record, &rows[i]))
            return false;
    }
    if (!take(&scan, '}') || scan.rest.length > 0 || !is_sound(record))
        return false;
    return text_equal(ledger_record_write(arena, record), bytes);
}

bool ledger_dossier_follows(struct text before, struct text after)
{
    static const char *const submission = "-S";
    const char *mark;

    if (text_equal(before, after))
        return true;
    if (before.length == 0 || after.length <= before.length + 1)
        mark = NULL;
    else if (text_starts(after, before) && after.data[before.length] == '-')
        return true;
    mark = before.length == 0 ? NULL : memmem(before.data, before.length, submission, 2);
    if (mark == NULL || mark - before.data < 8 || memmem(after.data, after.length, submission, 2) != NULL)
        return false;
    /* "AGENCY-YYMMDD-S0001": up to the day */
    return text_starts(after, (struct text){before.data, (size_t)(mark - before.data) - 6});
}

/* --- hashes and signatures --- */

static const char context[] = "motcua/ledger-record/v1\n";

enum { CONTEXT_BYTES = sizeof context - 1 };

struct ledger_hash ledger_leaf_hash(struct text rec, const uint8_t signature[LEDGER_SIGNATURE_BYTES])
{
    static const uint8_t leaf = 0;
    crypto_hash_sha256_state state;
    struct ledger_hash hash;

    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, &leaf, 1);
    crypto_hash_sha256_update(&state, (const uint8_t *)rec.data, rec.length);
    crypto_hash_sha256_update(&state, signature, LEDGER_SIGNATURE_BYTES);
    crypto_hash_sha256_final(&state, hash.bytes);
    return hash;
}

struct ledger_hash ledger_commitment(const uint8_t salt[LEDGER_SALT_BYTES], struct text payload)
{
    static const uint8_t mark = 2;
    crypto_hash_sha256_state state;
    struct ledger_hash hash;

    crypto_hash_sha256(hash.bytes, (const uint8_t *)payload.data, payload.length);
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, &mark, 1);
    crypto_hash_sha256_update(&state, salt, LEDGER_SALT_BYTES);
    crypto_hash_sha256_update(&state, hash.bytes, sizeof hash.bytes);
    crypto_hash_sha256_final(&state, hash.bytes);
    return hash;
}

static size_t message_of(struct text rec, uint8_t message[CONTEXT_BYTES + LEDGER_RECORD_BYTES_MAX])
{
    must(rec.length <= LEDGER_RECORD_BYTES_MAX);
    memcpy(message, context, CONTEXT_BYTES);
    memcpy(message + CONTEXT_BYTES, rec.data, rec.length);
    return CONTEXT_BYTES + rec.length;
}

void ledger_record_sign(struct text rec, const uint8_t secret[64], uint8_t signature[LEDGER_SIGNATURE_BYTES])
{
    uint8_t message[CONTEXT_BYTES + LEDGER_RECORD_BYTES_MAX];
    size_t const length = message_of(rec, message);

    must(crypto_sign_detached(signature, NULL, message, length, secret) == 0);
}

bool ledger_record_verify(struct text rec, const uint8_t signature[LEDGER_SIGNATURE_BYTES],
                          const uint8_t public_key[32])
{
    uint8_t message[CONTEXT_BYTES + LEDGER_RECORD_BYTES_MAX];

    if (rec.length > LEDGER_RECORD_BYTES_MAX)
        return false;
    return crypto_sign_verify_detached(signature, message, message_of(rec, message), public_key) == 0;
}

const char *ledger_hash_hex(const struct ledger_hash *hash, char hex[LEDGER_HEX_BYTES])
{
    return sodium_bin2hex(hex, LEDGER_HEX_BYTES, hash->bytes, sizeof hash->bytes);
}

bool ledger_hash_equal(const struct ledger_hash *a, const struct ledger_hash *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}
