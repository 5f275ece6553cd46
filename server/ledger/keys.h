#pragma once
/*
 * The folder of the ledger's keys and of the signer's own state (ledger.directory):
 *   record.key   signs records; read by each worker at its start
 *   log.key      signs checkpoints; read by the ledger's process alone
 *   record.vkeys, log.vkeys, witness.vkeys   public, one a line: what `motcua ledger trust` tells
 * Private files have mode 0400. Backups leave this folder out; mirror and state are no keys but stand here
 * too.
 */
#include "ledger/proof/trust.h"

struct config;

enum ledger_key_file { LEDGER_FILE_RECORD, LEDGER_FILE_LOG };

/* False: it is not there or is none; said in the log. Texts live in the arena. */
MUST_USE bool ledger_keys_load(const struct config *config, enum ledger_key_file file, struct arena *arena,
                               struct ledger_signer *signer);
/* Everything public: what this server would tell an auditor. */
MUST_USE bool ledger_keys_trust(const struct config *config, struct arena *arena, struct ledger_trust *trust);
/* Makes what is missing. False: said on stderr. */
MUST_USE bool ledger_keys_make(const struct config *config, struct arena *arena);
/* A new record key in record.key.next and the key.add record that the old key signs, as evidence in bytea
 * text; and, once that record is committed, the new key in the place of the old one. NULL, false: said on
 * stderr. */
const char *ledger_keys_turn(const struct config *config, struct arena *arena);
MUST_USE bool ledger_keys_turned(const struct config *config, struct arena *arena);
/* A path in the folder; a name of "mirror" may be elsewhere (ledger.mirror). */
const char *ledger_path(const struct config *config, struct arena *arena, const char *name);
