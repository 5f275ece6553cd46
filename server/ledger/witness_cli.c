/* `motcua ledger request | witness | cosigned`: checkpoints to other organisations and back. */
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <sysexits.h>

#include "core/config.h"
#include "core/instant.h"
#include "db/once.h"
#include "ledger/keys.h"
#include "ledger/ledger_cli.h"
#include "ledger/proof/witness.h"

enum { WITNESS_ARENA_BYTES = 64 << 20, INPUT_BYTES_MAX = 1 << 16 };

static struct text read_input(struct arena *arena)
{
    char *bytes = arena_alloc(arena, INPUT_BYTES_MAX);

    return (struct text){bytes, fread(bytes, 1, INPUT_BYTES_MAX, stdin)};
}

static int tell(enum ledger_witness_outcome outcome, struct text note, int64_t size)
{
    switch (outcome) {
    case LEDGER_WITNESSED: return printf("%.*s", TEXT_ARG(note)) > 0 ? EX_OK : EX_IOERR;
    case LEDGER_WITNESS_NO_REQUEST: fprintf(stderr, "no request, or not of a log of logs.vkeys\n"); break;
    case LEDGER_WITNESS_BEHIND: fprintf(stderr, "must go on from %" PRId64 "\n", size); return EX_TEMPFAIL;
    case LEDGER_WITNESS_CONFLICT:
        fprintf(stderr, "TWO HISTORIES: it does not go on from the checkpoint of size %" PRId64 "\n", size);
        return 1;
    case LEDGER_WITNESS_FAILED:
        fprintf(stderr, "folder or key of the witness cannot be used\n");
        return EX_IOERR;
    }
    return EX_DATAERR;
}

int ledger_cli_witness(const char *folder)
{
    struct arena *arena = arena_create(WITNESS_ARENA_BYTES);
    struct text note = TEXT_NONE;
    int64_t size = 0;
    int status = EX_SOFTWARE;

    if (ledger_crypto_is_sound()) {
        enum ledger_witness_outcome const outcome =
            ledger_witness(arena, folder, read_input(arena), instant_now(), &note, &size);

        status = tell(outcome, note, size);
    }
    arena_destroy(arena);
    return status;
}

int ledger_cli_witness_key(const char *folder, const char *name)
{
    struct arena *arena = arena_create(WITNESS_ARENA_BYTES);
    struct text vkey = TEXT_NONE;
    int status = EX_CANTCREAT;

    if (ledger_crypto_is_sound() && ledger_witness_make(arena, folder, text_of(name), &vkey))
        status = printf("%.*s\n", TEXT_ARG(vkey)) > 0 ? EX_OK : EX_IOERR;
    else
        fprintf(stderr, "%s: a key is there already, or the folder cannot be written\n", folder);
    arena_destroy(arena);
    return status;
}

/* The line of the first witness who has signed it; data == NULL: none of ours has. */
static struct text good_line(const struct ledger_trust *trust, const struct ledger_note *note,
                             struct text *name)
{
    for (size_t i = 0; i < trust->witness_count; i++) {
        if (!ledger_note_is_signed(note, &trust->witness[i], NULL))
            continue;
        for (size_t j = 0; j < note->line_count; j++) {
            if (note->lines[j].id != trust->witness[i].id)
                continue;
            *name = trust->witness[i].name;
            return note->lines[j].whole;
        }
    }
    return TEXT_NONE;
}

static int keep(const struct config *config, struct arena *arena, const struct ledger_note *note)
{
    struct ledger_trust *trust = arena_new(arena, struct ledger_trust);
    struct ledger_checkpoint checkpoint;
    struct db_once_answer answer;
    struct text name = TEXT_NONE, line = TEXT_NONE;
    const char *values[4];

    if (ledger_keys_trust(config, arena, trust))
        line = good_line(trust, note, &name);
    if (line.length == 0 || !ledger_checkpoint_read(note->body, &checkpoint)) {
        fprintf(stderr, "not cosigned by a witness of witness.vkeys\n");
        return EX_DATAERR;
    }
    values[0] = arena_printf(arena, "%" PRId64, checkpoint.size);
    values[1] = arena_printf(arena, "%.*s", TEXT_ARG(name));
    values[2] = arena_printf(arena, "%.*s\n", TEXT_ARG(line));
    values[3] = arena_printf(arena, "%.*s\n", TEXT_ARG(note->body));
    if (db_once(config->database_migrate_conninfo,
                "SELECT command.ledger_cosign($1::int8, $2, $3) FROM motcua.ledger_ckpt c "
                "WHERE c.size = $1::int8 AND starts_with(c.note, $4)",
                4, values, &answer, stderr) != DB_ONCE_DONE)
        return EX_UNAVAILABLE;
    if (answer.text[0] == '\0') {
        fprintf(stderr, "this is no checkpoint of this server\n");
        return EX_DATAERR;
    }
    return EX_OK;
}

int ledger_cli_cosigned(const struct config *config)
{
    struct arena *arena = arena_create(WITNESS_ARENA_BYTES);
    struct ledger_note *note = arena_new(arena, struct ledger_note);
    int status = EX_DATAERR;

    if (!ledger_crypto_is_sound())
        status = EX_SOFTWARE;
    else if (ledger_note_read(read_input(arena), note))
        status = keep(config, arena, note);
    else
        fprintf(stderr, "no signed note\n");
    arena_destroy(arena);
    return status;
}
