#include "core/config.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

#include "core/config_value.h"

enum { FILE_BYTES_MAX = 64 * 1024 };

static const char usual_file[] = "/etc/motcua/motcua.conf";

/* A configuration being filled. Faults are told as they are found, and reading goes on. */
struct loading {
    struct config *config;
    struct arena *arena;
    FILE *faults;
    unsigned fault_count;
};

/* A file being read. */
struct reading {
    const char *place;               /* of the line in hand: "FILE:LINE" */
    struct text section;             /* data == NULL before the first */
    bool is_section_known;           /* keys of an unknown one are passed over: it has been told of */
    bool is_given[CONFIG_KEY_COUNT]; /* in this file already */
};

__attribute__((format(printf, 3, 4))) static void fault(struct loading *loading, const char *place,
                                                        const char *format, ...)
{
    va_list args;

    loading->fault_count++;
    fprintf(loading->faults, "%s: ", place);
    va_start(args, format);
    vfprintf(loading->faults, format, args);
    va_end(args);
    fputc('\n', loading->faults);
}

static void fault_unknown(struct loading *loading, const char *place, struct text section, struct text key)
{
    const struct config_row *const nearest = config_row_nearest(section, key);

    if (nearest != NULL)
        fault(loading, place, "unknown key %.*s.%.*s; did you mean %s.%s?", TEXT_ARG(section), TEXT_ARG(key),
              nearest->section, nearest->key);
    else
        fault(loading, place, "unknown key %.*s.%.*s", TEXT_ARG(section), TEXT_ARG(key));
}

static void assign(struct loading *loading, const char *place, const struct config_row *row,
                   struct text value)
{
    if (config_value_set(loading->config, row, value, loading->arena))
        loading->config->origin[row - config_rows] = place;
    else /* without the value: it may be a secret in the wrong line */
        fault(loading, place, "%s.%s must be %s", row->section, row->key,
              config_value_expected(row, loading->arena));
}

static void read_section(struct loading *loading, struct reading *reading, struct text name)
{
    const char *nearest;

    reading->section = name;
    reading->is_section_known = config_section_exists(name);
    if (reading->is_section_known)
        return;
    nearest = config_section_nearest(name);
    if (nearest != NULL)
        fault(loading, reading->place, "unknown section [%.*s]; did you mean [%s]?", TEXT_ARG(name), nearest);
    else
        fault(loading, reading->place, "unknown section [%.*s]", TEXT_ARG(name));
}

static void read_key(struct loading *loading, struct reading *reading, struct text key, struct text value)
{
    const struct config_row *row;

    if (reading->section.data == NULL) {
        fault(loading, reading->place, "%.*s stands before the first [section]", TEXT_ARG(key));
        return;
    }
    if (!reading->is_section_known)
        return;
    row = config_row_find(reading->section, key);
    if (row == NULL) {
        fault_unknown(loading, reading->place, reading->section, key);
        return;
    }
    if (reading->is_given[row - config_rows])
        fault(loading, reading->place, "%s.%s is given a second time in this file", row->section, row->key);
    reading->is_given[row - config_rows] = true;
    assign(loading, reading->place, row, value);
}

static void read_line(struct loading *loading, struct reading *reading, struct text line)
{
    struct text key, value;

    line = text_trim(line);
    if (line.length == 0 || line.data[0] == '#')
        return;
    if (line.data[0] == '[' && line.data[line.length - 1] == ']') {
        read_section(loading, reading, text_trim((struct text){line.data + 1, line.length - 2}));
        return;
    }
    key = text_trim(text_cut(line, '=', &value));
    if (value.data == NULL)
        fault(loading, reading->place, "neither [section] nor key = value nor # comment");
    else
        read_key(loading, reading, key, text_trim(value));
}

static void read_text(struct loading *loading, const char *path, struct text rest)
{
    struct reading reading = {.section = TEXT_NONE};

    if (!text_is_utf8(rest)) {
        fault(loading, path, "not a UTF-8 text");
        return;
    }
    for (unsigned number = 1; rest.data != NULL; number++) {
        struct text const line = text_cut(rest, '\n', &rest);

        reading.place = arena_printf(loading->arena, "%s:%u", path, number);
        read_line(loading, &reading, line);
    }
}

/* A file that is not there is a fault only where somebody asked for it by name. */
static void read_file(struct loading *loading, const char *path, bool is_optional)
{
    FILE *const file = fopen(path, "re");
    char *const bytes = malloc(FILE_BYTES_MAX + 1);
    size_t length;

    must(bytes != NULL);
    if (file == NULL) {
        if (!is_optional || errno != ENOENT)
            fault(loading, path, "cannot be read: %s", strerror(errno));
        free(bytes);
        return;
    }
    length = fread(bytes, 1, FILE_BYTES_MAX + 1, file);
    if (ferror(file))
        fault(loading, path, "cannot be read: %s", strerror(errno));
    else if (length > FILE_BYTES_MAX)
        fault(loading, path, "larger than 64 KiB");
    else
        read_text(loading, path, (struct text){bytes, length});
    fclose(file);
    free(bytes);
}

static int is_conf(const struct dirent *entry)
{
    size_t const length = strlen(entry->d_name);

    return entry->d_name[0] != '.' && length > 5 && strcmp(entry->d_name + length - 5, ".conf") == 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name); /* not alphasort(): it asks the locale */
}

/* conf.d beside the file, in name order. */
static void read_beside(struct loading *loading, const char *path)
{
    const char *const slash = strrchr(path, '/');
    const char *const folder =
        slash == NULL ? "conf.d" : arena_printf(loading->arena, "%.*sconf.d", (int)(slash + 1 - path), path);
    struct dirent **entries = NULL;
    int const count = scandir(folder, &entries, is_conf, by_name);

    if (count < 0 && errno != ENOENT && errno != ENOTDIR)
        fault(loading, folder, "cannot be read: %s", strerror(errno));
    for (int i = 0; i < count; i++) {
        read_file(loading, arena_printf(loading->arena, "%s/%s", folder, entries[i]->d_name), false);
        free(entries[i]);
    }
    free(entries);
}

/* "HTTP__PORT" to "http" and "port"; false where there is no "__" or a small letter. */
static bool split_variable(struct arena *arena, struct text name, struct text *section, struct text *key)
{
    char *const small = text_copy(arena, name);
    char *const middle = strstr(small, "__");

    for (size_t i = 0; i < name.length; i++) {
        if (small[i] >= 'a' && small[i] <= 'z')
            return false;
        if (small[i] >= 'A' && small[i] <= 'Z')
            small[i] = (char)(small[i] - 'A' + 'a');
    }
    if (middle == NULL)
        return false;
    *section = (struct text){small, (size_t)(middle - small)};
    *key = text_of(middle + 2);
    return true;
}

static void read_variable(struct loading *loading, struct text name, struct text value)
{
    static const char prefix[] = "MOTCUA_";
    const char *const place = arena_printf(loading->arena, "environment %.*s", TEXT_ARG(name));
    struct text const bare = {name.data + strlen(prefix), name.length - strlen(prefix)};
    const struct config_row *row;
    struct text section, key;

    if (text_equal(bare, TEXT("CONFIG")) || text_starts(bare, TEXT("TEST_")) ||
        text_starts(bare, TEXT("PROPERTY_")))
        return;
    if (!split_variable(loading->arena, bare, &section, &key)) {
        fault(loading, place, "not of the form MOTCUA_SECTION__KEY");
        return;
    }
    row = config_row_find(section, key);
    if (row == NULL)
        fault_unknown(loading, place, section, key);
    else
        assign(loading, place, row, text_trim(value));
}

static void read_environment(struct loading *loading, char *const *environment)
{
    for (; environment != NULL && *environment != NULL; environment++) {
        struct text value;
        struct text const name = text_cut(text_of(*environment), '=', &value);

        if (text_starts(name, TEXT("MOTCUA_")) && value.data != NULL)
            read_variable(loading, name, value);
    }
}

static void read_set(struct loading *loading, const char *set)
{
    struct text value, key;
    struct text const name = text_cut(text_of(set), '=', &value);
    struct text const section = text_cut(name, '.', &key);
    const struct config_row *row;

    if (value.data == NULL || key.data == NULL) {
        fault(loading, "--set", "not of the form section.key=value");
        return;
    }
    row = config_row_find(text_trim(section), text_trim(key));
    if (row == NULL)
        fault_unknown(loading, "--set", section, key);
    else
        assign(loading, "--set", row, text_trim(value));
}

static const char *variable(char *const *environment, struct text name)
{
    for (; environment != NULL && *environment != NULL; environment++) {
        struct text value;

        if (text_equal(text_cut(text_of(*environment), '=', &value), name) && value.length > 0)
            return value.data;
    }
    return NULL;
}

bool config_load(struct config *config, const struct config_sources *sources, struct arena *arena,
                 FILE *faults)
{
    struct loading loading = {.config = config, .arena = arena, .faults = faults};
    const char *const named =
        sources->file != NULL ? sources->file : variable(sources->environment, TEXT("MOTCUA_CONFIG"));
    const char *const path = named != NULL ? named : usual_file;

    *config = (struct config){0};
    for (size_t i = 0; i < CONFIG_KEY_COUNT; i++)
        assign(&loading, "default", &config_rows[i], text_of(config_rows[i].value));
    must(loading.fault_count == 0); /* a default outside its own range */
    read_file(&loading, path, named == NULL);
    read_beside(&loading, path);
    read_environment(&loading, sources->environment);
    for (const char *const *set = sources->sets; set != NULL && *set != NULL; set++)
        read_set(&loading, *set);
    return loading.fault_count == 0;
}
