#include "main/reload.h"

#include <string.h>

#include "core/config.h"
#include "main/options.h"

enum { CONFIG_ARENA_BYTES = 1 << 20 };

enum log_level reload_log_level(const struct config *config)
{
    static const char *const names[] = {
        [LOG_DEBUG] = "debug", [LOG_INFO] = "info", [LOG_WARNING] = "warning", [LOG_ERROR] = "error"};

    for (size_t i = 0; i < array_length(names); i++)
        if (strcmp(config->log_level, names[i]) == 0)
            return (enum log_level)i;
    unreachable(); /* CONFIG_CHOICE lets nothing else in */
}

void reload_log_start(const struct config *config, enum log_level level, const char *process)
{
    log_start(level, strcmp(config->log_format, "json") == 0 ? LOG_JSON : LOG_LOGFMT, process);
}

/* Values of different kinds are compared through their own types. */
#define CONFIG_TEXT_EQUAL(a, b) (strcmp((a), (b)) == 0)
#define CONFIG_CHOICE_EQUAL(a, b) (strcmp((a), (b)) == 0)
#define CONFIG_INTEGER_EQUAL(a, b) ((a) == (b))
#define CONFIG_BOOL_EQUAL(a, b) ((a) == (b))
#define CONFIG_DURATION_MS_EQUAL(a, b) ((a) == (b))
#define CONFIG_BYTES_EQUAL(a, b) ((a) == (b))

struct comparison {
    const char *key;
    bool is_equal;
};

static void name_what_waits(const struct config *current, const struct config *fresh)
{
    struct comparison const comparisons[] = {
#define CONFIG_KEY(section, key, kind, field, value, choices, about)                                         \
    {section "." key, kind##_EQUAL(current->field, fresh->field)},
#include "core/config_keys.def"
#undef CONFIG_KEY
    };

    for (size_t i = 0; i < array_length(comparisons); i++)
        if (!comparisons[i].is_equal && strcmp(comparisons[i].key, "log.level") != 0)
            log_warning("this key has changed and needs a restart", LOG_S("key", comparisons[i].key));
}

void reload_config(const struct config *current, const struct options *options, atomic_int *log_level)
{
    struct arena *arena = arena_create(CONFIG_ARENA_BYTES);
    struct config fresh;

    if (options_load_config(options, &fresh, arena)) {
        enum log_level const level = reload_log_level(&fresh);

        atomic_store(log_level, (int)level);
        reload_log_start(current, level, "supervisor");
        log_info("configuration was read again", LOG_S("log_level", fresh.log_level));
        name_what_waits(current, &fresh);
    } else {
        log_error("the new configuration has faults, the old one stays", LOG_NONE);
    }
    arena_destroy(arena);
}
