/*
 * motcua: administration of what the daemon serves, by those who may change the database. Each command is a
 * row below; the daemon and its schema are the other program, motcuad.
 */
#include <sodium.h>
#include <stdio.h>
#include <sysexits.h>

#include "catalogue/catalogue_store.h"
#include "core/config.h"
#include "ledger/ledger_cli.h"
#include "ledger/proof/verify.h"
#include "main/health.h"
#include "main/options.h"

enum { CONFIG_ARENA_BYTES = 1 << 20 };

static int catalogue_check_command(const struct options *options)
{
    return catalogue_check_folder(options->words[0], stdout);
}

static int catalogue_load_command(const struct options *options)
{
    struct arena *arena = arena_create(CONFIG_ARENA_BYTES);
    struct config config;
    int status = EX_CONFIG;

    if (options_load_config(options, &config, arena))
        status = catalogue_load_folder(options->words[0], config.database_migrate_conninfo, stdout);
    arena_destroy(arena);
    return status;
}

static int catalogue_rules_command(const struct options *options)
{
    (void)options;
    catalogue_list_rules(stdout);
    return EX_OK;
}

/* With the configuration that the options name. */
static int configured(const struct options *options, int (*run)(const struct config *config,
                                                                const struct options *options))
{
    struct arena *arena = arena_create(CONFIG_ARENA_BYTES);
    struct config config;
    int const status = options_load_config(options, &config, arena) ? run(&config, options) : EX_CONFIG;

    arena_destroy(arena);
    return status;
}

#define LEDGER_COMMAND(name, call)                                                                           \
    static int name##_run(const struct config *config, const struct options *options)                        \
    {                                                                                                        \
        (void)options;                                                                                       \
        return call;                                                                                         \
    }                                                                                                        \
    static int name##_command(const struct options *options)                                                 \
    {                                                                                                        \
        return configured(options, name##_run);                                                              \
    }

LEDGER_COMMAND(ledger_keys, ledger_cli_keys(config))
LEDGER_COMMAND(ledger_rotate, ledger_cli_rotate(config))
LEDGER_COMMAND(ledger_trust, ledger_cli_trust(config))
LEDGER_COMMAND(ledger_check, ledger_cli_check(config))
LEDGER_COMMAND(ledger_export, ledger_cli_export(config, options->words[0], options->trust_file))
LEDGER_COMMAND(ledger_request, ledger_cli_request(config, options->words[0]))
LEDGER_COMMAND(ledger_cosigned, ledger_cli_cosigned(config))
LEDGER_COMMAND(ledger_erase, ledger_cli_erase(config, options->words[0], options->words[1]))

static int witness_command(const struct options *options)
{
    return ledger_cli_witness(options->words[0]);
}

static int witness_key_command(const struct options *options)
{
    return ledger_cli_witness_key(options->words[0], options->words[1]);
}

static int verify_command(const struct options *options)
{
    if (options->trust_file == NULL) {
        fprintf(stderr, "motcua: missing: --trust FILE\n");
        return EX_USAGE;
    }
    return ledger_verify_files(options->words[0], options->trust_file);
}

static int help_command(const struct options *options);

static const struct command commands[] = {
    { "catalogue check", "DIR", 1, 0, "name every fault of catalogue files", catalogue_check_command },
    { "catalogue load",  "DIR", 1, OPTIONS_OF_CONFIG, "check, then publish them", catalogue_load_command },
    { "catalogue rules", "",    0, 0, "list what the check asks", catalogue_rules_command },
    { "ledger keys",     "",    0, OPTIONS_OF_CONFIG, "make the ledger's missing keys", ledger_keys_command },
    { "ledger rotate",   "",    0, OPTIONS_OF_CONFIG, "add a new record key by the old one",
      ledger_rotate_command },
    { "ledger trust",    "",    0, OPTIONS_OF_CONFIG, "print the trust file of this log",
      ledger_trust_command },
    { "ledger export",   "CODE", 1, OPTIONS_OF_CONFIG | OPTION_TRUST, "print the proof of one dossier",
      ledger_export_command },
    { "ledger check",    "",    0, OPTIONS_OF_CONFIG, "hold every dossier against its records",
      ledger_check_command },
    { "ledger request",  "SIZE", 1, OPTIONS_OF_CONFIG, "print what a witness is asked with",
      ledger_request_command },
    { "ledger cosigned", "",    0, OPTIONS_OF_CONFIG, "keep what a witness has answered (stdin)",
      ledger_cosigned_command },
    { "witness key",     "DIR NAME", 2, 0, "make a witness's key", witness_key_command },
    { "witness cosign",  "DIR", 1, 0, "cosign another log's checkpoint (stdin)", witness_command },
    { "ledger erase",    "CODE GROUND", 2, OPTIONS_OF_CONFIG, "empty a closed dossier's personal data by law",
      ledger_erase_command },
    { "verify",          "EXPORT", 1, OPTION_TRUST, "judge an export with public keys alone",
      verify_command },
    { "health",          "",    0, OPTIONS_OF_CONFIG, "ask the running server how it is", health_run },
    { "help",            "",    0, 0, "print this", help_command },
};

static const struct program motcua = {
    .name = "motcua",
    .about = "Administration of the one-stop shop (một cửa).",
    .commands = commands,
    .command_count = array_length(commands),
};

static int help_command(const struct options *options)
{
    (void)options;
    program_help(&motcua);
    return EX_OK;
}

int main(int argc, char *argv[])
{
    if (sodium_init() < 0)
        return EX_SOFTWARE;
    return program_run(&motcua, argc, argv);
}
