/*
 * motcuad: the daemon and what an operator does with it. Each command is a row below; administration of the
 * content (catalogue, people) is the other program, motcua.
 */
#include <sodium.h>
#include <stdio.h>
#include <sysexits.h>

#include "core/config.h"
#include "core/log.h"
#include "main/database.h"
#include "main/health.h"
#include "main/options.h"
#include "main/reload.h"
#include "main/supervisor.h"
#include "path/describe.h"

enum { CONFIG_ARENA_BYTES = 1 << 20, DESCRIPTION_ARENA_BYTES = 16 << 20 };

static int sodium_ready(const struct config *config)
{
    (void)config;
    if (sodium_init() >= 0)
        return EX_OK;
    log_error("the cryptographic library does not start", LOG_NONE);
    return EX_SOFTWARE;
}

/* What must hold before the first process is forked: tried in this order, the first that fails ends the start
 * with its exit status and has said why. */
static int (*const start_checks[])(const struct config *config) = {sodium_ready, database_check_schema};

static int serve(const struct options *options)
{
    struct arena *arena = arena_create(CONFIG_ARENA_BYTES);
    struct config config;
    int status = EX_CONFIG;

    if (options_load_config(options, &config, arena)) {
        status = EX_OK;
        reload_log_start(&config, reload_log_level(&config), "supervisor");
        for (size_t i = 0; i < array_length(start_checks) && status == EX_OK; i++)
            status = start_checks[i](&config);
        if (status == EX_OK)
            status = supervisor_run(&config, options);
    }
    arena_destroy(arena);
    return status;
}

static int migrate(const struct options *options)
{
    struct arena *arena = arena_create(CONFIG_ARENA_BYTES);
    struct config config;
    int status = EX_CONFIG;

    if (options_load_config(options, &config, arena)) {
        reload_log_start(&config, reload_log_level(&config), "migrate");
        status = database_migrate(&config, (options->given & OPTION_DRY_RUN) != 0);
    }
    arena_destroy(arena);
    return status;
}

static int check_config(const struct options *options)
{
    struct arena *arena;
    struct config config;
    bool is_sound;

    if ((options->given & OPTION_DOCUMENT) != 0) {
        config_document(stdout);
        return EX_OK;
    }
    arena = arena_create(CONFIG_ARENA_BYTES);
    is_sound = options_load_config(options, &config, arena);
    if (is_sound && (options->given & OPTION_SHOW) != 0)
        config_show(&config, stdout);
    arena_destroy(arena);
    return is_sound ? EX_OK : EX_CONFIG;
}

static int describe(const struct options *options)
{
    struct arena *arena = arena_create(DESCRIPTION_ARENA_BYTES);
    bool const is_yaml = (options->given & OPTION_YAML) != 0;
    struct text const description = is_yaml ? describe_yaml(arena) : describe_json(arena);
    bool const is_written = fwrite(description.data, 1, description.length, stdout) == description.length;

    arena_destroy(arena);
    return is_written && fflush(stdout) == 0 ? EX_OK : EX_IOERR;
}

static int version(const struct options *options)
{
    (void)options;
    printf("motcuad %s\n", MOTCUA_VERSION);
    return EX_OK;
}

static int help(const struct options *options);

static const struct command commands[] = {
    { "serve",        "", 0, OPTIONS_OF_CONFIG, "serve until SIGTERM", serve },
    { "migrate",      "", 0, OPTIONS_OF_CONFIG | OPTION_DRY_RUN,
      "bring the schema of the database up to date", migrate },
    { "check-config", "", 0, OPTIONS_OF_CONFIG | OPTION_SHOW | OPTION_DOCUMENT,
      "read the configuration and name its faults", check_config },
    { "health",       "", 0, OPTIONS_OF_CONFIG, "ask the running server how it is", health_run },
    { "describe",     "", 0, OPTION_YAML, "print the API as OpenAPI 3.1", describe },
    { "version",      "", 0, 0, "print the version", version },
    { "help",         "", 0, 0, "print this", help },
};

static const struct program motcuad = {
    .name = "motcuad",
    .about = "The server of the one-stop shop (một cửa).",
    .commands = commands,
    .command_count = array_length(commands),
    .otherwise = &commands[0],
};

static int help(const struct options *options)
{
    (void)options;
    program_help(&motcuad);
    return EX_OK;
}

int main(int argc, char *argv[])
{
    return program_run(&motcuad, argc, argv);
}
