#pragma once
/* `motcua ledger …`: what an operator does with the ledger. Each returns an exit status. */
struct config;

int ledger_cli_keys(const struct config *config);
/* The NDJSON of one dossier on stdout; trust_file (may be NULL) names the checkpoints its reader holds. */
int ledger_cli_export(const struct config *config, const char *code, const char *trust_file);
int ledger_cli_trust(const struct config *config);
/* State equals the fold of records, for every dossier: one line a fault, 1 where there is one. */
int ledger_cli_check(const struct config *config);
/* Personal data of a closed dossier, by law; the proof stays. */
int ledger_cli_erase(const struct config *config, const char *code, const char *ground);
/* A new record key, added by the old one; workers take it at their next start. */
int ledger_cli_rotate(const struct config *config);
/* The newest checkpoint on stdout, with its proof from the size a witness has ("0": it has none). */
int ledger_cli_request(const struct config *config, const char *size);
/* As a witness, in a folder of its own: a request on stdin, the cosigned checkpoint on stdout. */
int ledger_cli_witness(const char *folder);
/* A witness's key in that folder, made; its public text on stdout. */
int ledger_cli_witness_key(const char *folder, const char *name);
/* A cosigned checkpoint on stdin is kept, if a witness of witness.vkeys has signed exactly ours. */
int ledger_cli_cosigned(const struct config *config);
