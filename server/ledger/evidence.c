#include "ledger/evidence.h"

#include <inttypes.h>
#include <sodium.h>

#include "core/config.h"
#include "core/log.h"
#include "ledger/keys.h"

enum { KEY_ARENA_BYTES = 1 << 16, RANDOM_HEX_BYTES = 33 };

/* One a worker process, from its start to its end. */
static struct {
    bool is_on, is_ready;
    struct text origin;
    char kid[9];
    struct ledger_signer signer;
} keeper;

void evidence_start(struct worker *worker)
{
    struct arena *arena;

    keeper.is_on = worker->config->ledger_directory[0] != '\0';
    if (!keeper.is_on) {
        log_warning("no ledger is configured: steps are not signed", LOG_NONE);
        keeper.is_ready = true;
        return;
    }
    arena = arena_create(KEY_ARENA_BYTES);
    (void)sodium_mlock(&keeper.signer, sizeof keeper.signer); /* a limit of the system is no reason to stop */
    keeper.is_ready = ledger_keys_load(worker->config, LEDGER_FILE_RECORD, arena, &keeper.signer);
    keeper.signer.key.name = TEXT_NONE; /* it lived in the arena */
    keeper.origin = text_of(worker->config->ledger_origin);
    ledger_key_id_hex(keeper.signer.key.id, keeper.kid);
    arena_destroy(arena);
}

bool evidence_is_ready(const struct worker *worker)
{
    (void)worker;
    return keeper.is_ready;
}

static struct text random_hex(char hex[RANDOM_HEX_BYTES])
{
    uint8_t bytes[16];

    randombytes_buf(bytes, sizeof bytes);
    return text_of(sodium_bin2hex(hex, RANDOM_HEX_BYTES, bytes, sizeof bytes));
}

static struct text record_of(struct arena *arena, const struct evidence_step *step, const char *pay)
{
    int64_t const at_s = step->at_s > step->before_s ? step->at_s : step->before_s;
    char rid[RANDOM_HEX_BYTES], salt[RANDOM_HEX_BYTES];
    struct ledger_record record = {
        .act = step->person != 0 ? text_of(arena_printf(arena, "%" PRId64, step->person)) : TEXT_NONE,
        .at = at_s * 1000000,
        .dos = step->dos,
        .dsq = step->dsq,
        .kid = text_of(keeper.kid),
        .log = keeper.origin,
        .org = step->org,
        .pay = text_of(pay),
        .rid = random_hex(rid),
        .salt = random_hex(salt),
        .st = text_of(step->state),
        .typ = step->is_closed ? TEXT("dossier.close") : TEXT("step"),
        .v = 1,
    };

    if (step->prev.length == 0) {
        record.typ = TEXT("dossier.open");
    } else {
        record.prev[0] = step->prev;
        record.prev_count = 1;
    }
    return ledger_record_write(arena, &record);
}

const char *evidence_param(struct arena *arena, const struct evidence_step *step)
{
    uint8_t head[LEDGER_SALT_BYTES + LEDGER_SIGNATURE_BYTES + 2];
    struct ledger_hash commitment;
    char pay[LEDGER_HEX_BYTES];
    struct text rec;
    size_t length;
    char *whole, *hex;

    if (!keeper.is_on)
        return NULL;
    must(keeper.is_ready);
    randombytes_buf(head, LEDGER_SALT_BYTES);
    commitment = ledger_commitment(head, step->payload);
    rec = record_of(arena, step, ledger_hash_hex(&commitment, pay));
    must(rec.length <= LEDGER_RECORD_BYTES_MAX);
    ledger_record_sign(rec, keeper.signer.secret, head + LEDGER_SALT_BYTES);
    head[96] = (uint8_t)(rec.length >> 8);
    head[97] = (uint8_t)rec.length;
    length = sizeof head + rec.length + step->payload.length;
    whole = arena_alloc(arena, length);
    memcpy(whole, head, sizeof head);
    memcpy(whole + sizeof head, rec.data, rec.length);
    memcpy(whole + sizeof head + rec.length, step->payload.data, step->payload.length);
    hex = arena_alloc(arena, 2 * length + 3);
    memcpy(hex, "\\x", 2);
    sodium_bin2hex(hex + 2, 2 * length + 1, (const unsigned char *)whole, length);
    return hex;
}
