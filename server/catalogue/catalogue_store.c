#include "catalogue/catalogue_store.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sysexits.h>

#include "calendar/book.h"
#include "catalogue/build_rules.h"
#include "catalogue/check_rules.h"
#include "core/json.h"
#include "core/json_out.h"
#include "core/json_place.h"
#include "db/once.h"

enum { FILES_MAX = 5000, FOLDER_DEPTH_MAX = 4, CALENDARS_MAX = 100 };
#define FILE_BYTES_MAX  ((size_t)16 << 20)
#define STORE_BYTES_MAX ((size_t)2 << 30)

/* What one run of the command holds; everything is in the arena. */
struct store {
    struct arena *arena;
    struct catalogue_source *sources; /* FILES_MAX */
    size_t count;
    struct catalogue_faults faults;
    FILE *out;
};

static bool read_source(struct store *store, const char *path)
{
    FILE *file = fopen(path, "rb");
    struct stat status;
    bool is_read = false;

    if (file == NULL || fstat(fileno(file), &status) != 0 || store->count == FILES_MAX ||
        (size_t)status.st_size > FILE_BYTES_MAX) {
        fprintf(store->out, "%s: %s\n", path, file == NULL ? strerror(errno) : "quá lớn, hoặc quá nhiều tệp");
    } else {
        size_t size = (size_t)status.st_size;
        char *data = arena_alloc(store->arena, size + 1);

        is_read = fread(data, 1, size, file) == size;
        store->sources[store->count++] =
            (struct catalogue_source){.name = arena_printf(store->arena, "%s", path), .text = {data, size}};
    }
    if (file != NULL)
        fclose(file);
    return is_read;
}

static bool ends_in_json(const char *name)
{
    size_t length = strlen(name);

    return length > 5 && strcmp(name + length - 5, ".json") == 0;
}

static int is_wanted(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && (entry->d_type != DT_REG || ends_in_json(entry->d_name));
}

static bool read_folder(struct store *store, const char *folder, int depth)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_wanted, alphasort);
    bool is_read = count >= 0;

    if (count < 0)
        fprintf(store->out, "%s: %s\n", folder, strerror(errno));
    for (int i = 0; i < count; i++) {
        const char *path = arena_printf(store->arena, "%s/%s", folder, entries[i]->d_name);
        struct stat status;

        if (stat(path, &status) != 0)
            is_read = false;
        else if (S_ISDIR(status.st_mode) && depth < FOLDER_DEPTH_MAX)
            is_read = read_folder(store, path, depth + 1) && is_read;
        else if (S_ISREG(status.st_mode) && ends_in_json(entries[i]->d_name))
            is_read = read_source(store, path) && is_read;
        free(entries[i]);
    }
    free(entries);
    return is_read;
}

/* file:line: pointer: rule: words */
static void print_fault(const struct store *store, const char *file, const char *pointer, const char *rule,
                        const char *message)
{
    size_t line = 1, offset;

    for (size_t i = 0; i < store->count; i++) {
        if (strcmp(store->sources[i].name, file) != 0)
            continue;
        if (json_check(store->sources[i].text, &json_limits_file, &offset) != JSON_OK)
            line = json_line_at(store->sources[i].text, offset);
        else
            line = json_line(store->sources[i].text, pointer);
    }
    fprintf(store->out, "%s:%zu: %s: %s: %s\n", file, line, pointer, rule, message);
}

static size_t print_faults(const struct store *store)
{
    for (const struct catalogue_fault *fault = store->faults.first; fault != NULL; fault = fault->next)
        print_fault(store, fault->file, fault->pointer, fault->rule, fault->message);
    if (store->faults.count > FAULTS_KEPT)
        fprintf(store->out, "… và %zu lỗi nữa\n", store->faults.count - FAULTS_KEPT);
    return store->faults.count;
}

/* Calendars have rules of their own; their room knows them, and reads the files as they are. */
static size_t check_calendars(struct store *store, const struct catalogue *catalogue)
{
    struct calendar_source *sources = arena_array(store->arena, struct calendar_source, store->count + 1);
    struct calendar_faults faults = {0};
    size_t count = 0;

    if (catalogue->calendar_count > CALENDARS_MAX) {
        fprintf(store->out, "quá nhiều lịch: %zu, nhiều nhất %d\n", catalogue->calendar_count, CALENDARS_MAX);
        return 1;
    }
    for (size_t i = 0; i < store->count; i++) {
        struct json_result const parsed = json_parse(store->arena, store->sources[i].text, &json_limits_file);

        if (parsed.fault == JSON_OK && cJSON_GetObjectItemCaseSensitive(parsed.root, "calendars") != NULL)
            sources[count++] = (struct calendar_source){store->sources[i].name, parsed.root};
    }
    if (count == 0)
        return 0;
    if (calendar_book_build(store->arena, sources, count, &faults) == NULL && faults.count == 0)
        faults.count = 1;
    for (const struct calendar_fault *fault = faults.first; fault != NULL; fault = fault->next)
        print_fault(store, fault->file, fault->pointer, fault->rule, fault->message);
    return faults.count;
}

static int check(struct store *store, const char *folder)
{
    const char *calendars = arena_printf(store->arena, "%s/../calendars", folder);
    struct stat status;
    size_t count;

    store->sources = arena_array(store->arena, struct catalogue_source, FILES_MAX);
    store->faults = faults_begin(store->arena);
    if (!read_folder(store, folder, 0) ||
        (stat(calendars, &status) == 0 && !read_folder(store, calendars, 0)))
        return EX_NOINPUT;

    const struct catalogue *catalogue = catalogue_build(store->sources, store->count, &store->faults);

    catalogue_check(catalogue, &store->faults);
    count = print_faults(store) + check_calendars(store, catalogue);
    if (count > 0) {
        fprintf(store->out, "%zu lỗi trong %zu tệp\n", count, store->count);
        return EX_DATAERR;
    }
    fprintf(store->out, "%zu tệp: %zu cơ quan, %zu phiên bản thủ tục, %zu lịch, không có lỗi\n", store->count,
            catalogue->agency_count, catalogue->version_count, catalogue->calendar_count);
    return EX_OK;
}

int catalogue_check_folder(const char *folder, FILE *out)
{
    struct store store = {.arena = arena_create(STORE_BYTES_MAX), .out = out};
    int status = check(&store, folder);

    arena_destroy(store.arena);
    return status;
}

static int load(struct store *store, const char *conninfo)
{
    struct json_out documents = json_out_begin(store->arena);
    struct db_once_answer epoch;

    json_open_array(&documents);
    for (size_t i = 0; i < store->count; i++)
        json_raw(&documents, store->sources[i].text);
    json_close_array(&documents);

    const char *values[] = {json_out_end(&documents).data};

    switch (db_once(conninfo, "SELECT command.catalogue_load($1::jsonb)", 1, values, &epoch, store->out)) {
    case DB_ONCE_DONE: fprintf(store->out, "danh mục lần thứ %s\n", epoch.text); return EX_OK;
    case DB_ONCE_UNAVAILABLE: return EX_UNAVAILABLE;
    case DB_ONCE_REFUSED: return EX_DATAERR;
    }
    unreachable();
}

int catalogue_load_folder(const char *folder, const char *conninfo, FILE *out)
{
    struct store store = {.arena = arena_create(STORE_BYTES_MAX), .out = out};
    int status = check(&store, folder);

    if (status == EX_OK)
        status = load(&store, conninfo);
    arena_destroy(store.arena);
    return status;
}

void catalogue_list_rules(FILE *out)
{
    size_t count;
    const struct check_rule *rules = check_rules(&count);

    for (size_t i = 0; i < count; i++)
        fprintf(out, "%-22s %s\n", rules[i].code, rules[i].about);
}
