#include "main/options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "core/config.h"

enum { CODE_HELP = 256, CODE_VERSION, CODE_FIRST_ROW };

static const struct option_row {
    enum option_bit bit;
    const char *name;
    const char *argument; /* NULL: takes none */
    const char *about;
} option_rows[] = {
    { OPTION_CONFIG,   "config",   "FILE",              "read this file instead of /etc/motcua/motcua.conf" },
    { OPTION_SET,      "set",      "SECTION.KEY=VALUE", "set one key; may come again, wins over everything" },
    { OPTION_DRY_RUN,  "dry-run",  NULL,                "say what would be done and do nothing" },
    { OPTION_SHOW,     "show",     NULL,                "print each key with its value and its origin" },
    { OPTION_DOCUMENT, "document", NULL,                "print the reference of all keys" },
    { OPTION_TRUST,    "trust",    "FILE",              "whom to trust, from elsewhere than the export" },
    { OPTION_YAML,     "yaml",     NULL,                "as YAML instead of JSON" },
};

static int usage_error(const struct program *program, const char *fault, const char *what)
{
    fprintf(stderr, "%s: %s: %s\nTry '%s --help'.\n", program->name, fault, what, program->name);
    return EX_USAGE;
}

void program_help(const struct program *program)
{
    printf("Usage: %s COMMAND [OPTION]...\n%s\n\nCommands:\n", program->name, program->about);
    for (size_t i = 0; i < program->command_count; i++) {
        const struct command *command = &program->commands[i];
        int const width = 24 - (int)strlen(command->name);

        printf("  %s %-*s %s%s\n", command->name, width, command->arguments, command->about,
               command == program->otherwise ? " (when no command is named)" : "");
    }
    printf("\nOptions:\n");
    for (size_t i = 0; i < array_length(option_rows); i++) {
        const struct option_row *row = &option_rows[i];

        for (size_t j = 0; j < program->command_count; j++) {
            if ((program->commands[j].takes & row->bit) == 0)
                continue;
            printf("  --%s %-*s %s\n", row->name, 22 - (int)strlen(row->name),
                   row->argument == NULL ? "" : row->argument, row->about);
            break;
        }
    }
    printf("  --help\n  --version\n");
}

static void make_long_options(struct option longs[array_length(option_rows) + 3])
{
    size_t const rows = array_length(option_rows);

    for (size_t i = 0; i < rows; i++) {
        const struct option_row *row = &option_rows[i];

        longs[i] = (struct option){.name = row->name,
                                   .has_arg = row->argument == NULL ? no_argument : required_argument,
                                   .val = CODE_FIRST_ROW + (int)i};
    }
    longs[rows] = (struct option){.name = "help", .val = CODE_HELP};
    longs[rows + 1] = (struct option){.name = "version", .val = CODE_VERSION};
    longs[rows + 2] = (struct option){.name = NULL};
}

static bool take_option(struct options *options, const struct option_row *row)
{
    options->given |= row->bit;
    if (row->bit == OPTION_CONFIG)
        options->config_file = optarg;
    if (row->bit == OPTION_TRUST)
        options->trust_file = optarg;
    if (row->bit != OPTION_SET)
        return true;
    if (options->set_count == OPTION_SETS_MAX)
        return false;
    options->sets[options->set_count++] = optarg;
    return true;
}

/* How many of the words the command's name uses up; 0: it is another command. */
static size_t name_words(const struct command *command, char *const words[], size_t word_count)
{
    struct text rest = text_of(command->name);
    size_t used = 0;

    while (rest.data != NULL) {
        struct text const word = text_cut(rest, ' ', &rest);

        if (used == word_count || !text_equal(word, text_of(words[used])))
            return 0;
        used++;
    }
    return used;
}

static const struct command *find_command(const struct program *program, char *const words[],
                                          size_t word_count, size_t *used)
{
    *used = 0;
    if (word_count == 0)
        return program->otherwise;
    for (size_t i = 0; i < program->command_count; i++) {
        *used = name_words(&program->commands[i], words, word_count);
        if (*used > 0)
            return &program->commands[i];
    }
    return NULL;
}

static int run_command(const struct program *program, struct options *options, char *const words[],
                       size_t word_count)
{
    size_t used = 0;
    const struct command *command = find_command(program, words, word_count, &used);

    if (command == NULL && word_count == 0)
        return usage_error(program, "missing", "COMMAND");
    if (command == NULL)
        return usage_error(program, "unknown command", words[0]);
    if (word_count - used > command->word_count)
        return usage_error(program, "one word too many", words[used + command->word_count]);
    if (word_count - used < command->word_count)
        return usage_error(program, "missing", command->arguments);
    for (size_t i = 0; i < array_length(option_rows); i++)
        if ((options->given & ~command->takes & option_rows[i].bit) != 0)
            return usage_error(program, "this command does not take the option", option_rows[i].name);
    must(command->word_count <= OPTION_WORDS_MAX);
    for (; used < word_count; used++)
        options->words[options->word_count++] = words[used];
    return command->run(options);
}

int program_run(const struct program *program, int argc, char *argv[])
{
    struct options options = {.set_count = 0};
    struct option longs[array_length(option_rows) + 3];
    int code;

    make_long_options(longs);
    while ((code = getopt_long(argc, argv, "", longs, NULL)) != -1) {
        if (code == CODE_HELP) {
            program_help(program);
            return EX_OK;
        }
        if (code == CODE_VERSION) {
            printf("%s %s\n", program->name, MOTCUA_VERSION);
            return EX_OK;
        }
        if (code == '?') { /* getopt has said what is wrong */
            fprintf(stderr, "Try '%s --help'.\n", program->name);
            return EX_USAGE;
        }
        if (!take_option(&options, &option_rows[code - CODE_FIRST_ROW]))
            return usage_error(program, "too many", "--set");
    }
    return run_command(program, &options, argv + optind, (size_t)(argc - optind));
}

bool options_load_config(const struct options *options, struct config *config, struct arena *arena)
{
    struct config_sources const sources = {
        .file = options->config_file, .sets = options->sets, .environment = environ};

    return config_load(config, &sources, arena, stderr);
}
