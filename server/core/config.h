#pragma once
/*
 * The configuration: one table of keys (config_keys.def), filled in this order, later wins:
 *   built-in default < the file < conf.d/ *.conf beside it in name order < environment MOTCUA_SECTION__KEY
 *   < --set section.key=value
 * An unknown key is refused with the nearest name, a bad value with what it should look like; durations and
 * sizes carry their unit ("30s", "20MiB"). A key whose name ends in _file names a file that holds the secret.
 * A file is lines of `[section]`, `key = value` and `# comment`; a value is the rest of its line, unquoted.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "core/text.h"

/* The kinds of values in config_keys.def, one row a key. */
enum config_kind {
    CONFIG_TEXT,
    CONFIG_INTEGER,
    CONFIG_BOOL,
    CONFIG_DURATION_MS,
    CONFIG_BYTES,
    CONFIG_CHOICE
};

enum {
    CONFIG_KEY_COUNT = 0
#define CONFIG_KEY(section, key, kind, field, value, allowed, about) +1
#include "core/config_keys.def"
#undef CONFIG_KEY
};

struct config {
#define CONFIG_TEXT_FIELD                                            const char *
#define CONFIG_INTEGER_FIELD                                         int64_t
#define CONFIG_BOOL_FIELD                                            bool
#define CONFIG_DURATION_MS_FIELD                                     int64_t
#define CONFIG_BYTES_FIELD                                           int64_t
#define CONFIG_CHOICE_FIELD                                          const char *
#define CONFIG_KEY(section, key, kind, field, value, allowed, about) kind##_FIELD field;
#include "core/config_keys.def"
#undef CONFIG_KEY
    /* In the order of the table: "default", "FILE:LINE", "environment NAME" or "--set". */
    const char *origin[CONFIG_KEY_COUNT];
};

/* One place a value can come from besides the defaults and the environment. */
struct config_sources {
    const char *file;        /* NULL: $MOTCUA_CONFIG, or else /etc/motcua/motcua.conf where it exists */
    const char *const *sets; /* "section.key=value", NULL-terminated; may be NULL */
    char *const *environment;
};

/*
 * Fills *config (strings live in the arena). False: every fault found is one line on `faults`, with its
 * place. $MOTCUA_CONFIG, $MOTCUA_TEST_… and $MOTCUA_PROPERTY_… are no keys; any other unknown $MOTCUA_… is a
 * fault.
 */
MUST_USE bool config_load(struct config *config, const struct config_sources *sources, struct arena *arena,
                          FILE *faults);
/* Each key with value and origin, one a line, secrets masked: `motcuad check-config --show`. */
void config_show(const struct config *config, FILE *out);
/* The reference that docs/configuration.md must equal. */
void config_document(FILE *out);
/* The sample that config/motcua.conf must equal: each key with its default, commented out. */
void config_sample(FILE *out);
