#pragma once
/* The catalogue of the demonstration, as it is shipped, for tests that ask it. Include after <cmocka.h>. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "catalogue/build_rules.h"

enum { SHIPPED_FILES_MAX = 200, SHIPPED_FILE_BYTES_MAX = 1 << 20 };

struct shipped {
    struct arena *arena;
    struct catalogue_faults faults;
    const struct catalogue *catalogue;
    struct catalogue_source sources[SHIPPED_FILES_MAX];
    size_t count;
};

static int shipped_is_json(const struct dirent *entry)
{
    const char *end = strrchr(entry->d_name, '.');

    return end != NULL && strcmp(end, ".json") == 0;
}

static void shipped_read(struct shipped *shipped, const char *folder)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, shipped_is_json, alphasort);

    assert_true(count > 0);
    for (int i = 0; i < count; i++) {
        const char *path = arena_printf(shipped->arena, "%s/%s", folder, entries[i]->d_name);
        char *data = arena_alloc(shipped->arena, SHIPPED_FILE_BYTES_MAX);
        FILE *file = fopen(path, "rb");

        assert_non_null(file);
        assert_true(shipped->count < SHIPPED_FILES_MAX);
        shipped->sources[shipped->count++] =
            (struct catalogue_source){path, {data, fread(data, 1, SHIPPED_FILE_BYTES_MAX, file)}};
        fclose(file);
        free(entries[i]);
    }
    free(entries);
}

static struct shipped shipped_load(void)
{
    struct shipped shipped = {.arena = arena_create((size_t)256 << 20)};

    shipped.faults = faults_begin(shipped.arena);
    shipped_read(&shipped, SOURCE_DIR "/config/catalogue");
    shipped_read(&shipped, SOURCE_DIR "/config/catalogue/procedures");
    shipped_read(&shipped, SOURCE_DIR "/config/calendars");
    shipped.catalogue = catalogue_build(shipped.sources, shipped.count, &shipped.faults);
    return shipped;
}

static int32_t day_of(const char *date)
{
    int32_t day = 0;

    assert_true(day_parse(text_of(date), &day));
    return day;
}
