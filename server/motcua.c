/*
 * motcua: administration of what the daemon serves, by those who may change the database. Each command is a
 * row below; the daemon and its schema are the other program, motcuad.
 */
#include <sodium.h>
#include <stdio.h>
#include <sysexits.h>

#include "catalogue/catalogue_store.h"
#include "core/config.h"
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

static int help_command(const struct options *options);

static const struct command commands[] = {
    { "catalogue check", "DIR", 1, 0, "name every fault of catalogue files", catalogue_check_command },
    { "catalogue load",  "DIR", 1, OPTIONS_OF_CONFIG, "check, then publish them", catalogue_load_command },
    { "catalogue rules", "",    0, 0, "list what the check asks", catalogue_rules_command },
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
