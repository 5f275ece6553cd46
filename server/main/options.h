#pragma once
/*
 * The command line of both programs, motcuad and motcua: a table of commands, a table of options, and which
 * command takes which. Whatever is not in the tables is refused with exit status 64 and a hint where help is.
 */
#include <stdbool.h>
#include <stddef.h>

#include "core/text.h"

struct arena;
struct config;

enum { OPTION_SETS_MAX = 64, OPTION_WORDS_MAX = 8 };

/* The options besides --help and --version, which every command takes; bits, since a command takes a set of
 * them. */
enum option_bit {
    OPTION_CONFIG = 1 << 0,
    OPTION_SET = 1 << 1,
    OPTION_DRY_RUN = 1 << 2,
    OPTION_SHOW = 1 << 3,
    OPTION_DOCUMENT = 1 << 4,
    OPTION_YAML = 1 << 5,
    OPTION_TRUST = 1 << 6,
    OPTIONS_OF_CONFIG = OPTION_CONFIG | OPTION_SET,
};

struct options {
    unsigned given;                        /* enum option_bit, ORed */
    const char *config_file;               /* NULL: the usual place */
    const char *trust_file;                /* NULL: none given */
    const char *sets[OPTION_SETS_MAX + 1]; /* "section.key=value", NULL behind the last */
    size_t set_count;
    const char *words[OPTION_WORDS_MAX]; /* what is left after the command's own name */
    size_t word_count;
};

struct command {
    const char *name;      /* one word or two: "catalogue check" */
    const char *arguments; /* for the help: "DIR" */
    size_t word_count;     /* exactly so many words must follow the name */
    unsigned takes;        /* enum option_bit, ORed */
    const char *about;
    int (*run)(const struct options *options);
};

struct program {
    const char *name;
    const char *about;
    const struct command *commands;
    size_t command_count;
    const struct command *otherwise; /* when no command is named; NULL: that is a usage error */
};

/* Reads the line, runs the command, returns the exit status. */
int program_run(const struct program *program, int argc, char *argv[]);

/* What --help prints. */
void program_help(const struct program *program);

/* The configuration as these options and the environment make it. False: the faults stand on stderr, exit
 * with 78. */
MUST_USE bool options_load_config(const struct options *options, struct config *config, struct arena *arena);
