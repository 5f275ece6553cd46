/*
 * A configuration from anywhere: the bytes up to the first NUL are the file, up to the second a variable, and
 * what follows is given by --set. It is taken or every fault is told; and what was taken can be shown.
 */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/config.h"

enum { ARENA_BYTES = 64 << 20, PATH_BYTES = 64 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int file_of(struct text content, char path[PATH_BYTES])
{
    int const file = memfd_create("config", MFD_CLOEXEC);

    must(file >= 0 && write(file, content.data, content.length) == (ssize_t)content.length);
    snprintf(path, PATH_BYTES, "/proc/self/fd/%d", file);
    return file;
}

/* Every key one line, with its origin. */
static void show(const struct config *config)
{
    char *shown = NULL;
    size_t length = 0;
    FILE *const out = open_memstream(&shown, &length);
    struct text rest;

    must(out != NULL);
    config_show(config, out);
    must(fclose(out) == 0);
    for (rest = (struct text){shown, length}; rest.length > 0;) {
        struct text const line = text_cut(rest, '\n', &rest);

        must(text_is_utf8(line) && memmem(line.data, line.length, " = ", 3) != NULL);
        must(memmem(line.data, line.length, "  # ", 4) != NULL);
    }
    free(shown);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *const arena = arena_create(ARENA_BYTES);
    struct text rest = {.data = (const char *)data, .length = size};
    struct text const content = text_cut(rest, '\0', &rest);
    struct text const variable = text_cut(rest, '\0', &rest);
    const char *const sets[] = {text_copy(arena, rest), NULL};
    char *const environment[] = {arena_printf(arena, "MOTCUA_%.*s", TEXT_ARG(variable)), NULL};
    char path[PATH_BYTES];
    int const file = file_of(content, path);
    char *told = NULL;
    size_t length = 0;
    FILE *const faults = open_memstream(&told, &length);
    struct config config;
    bool is_loaded;

    must(faults != NULL);
    is_loaded = config_load(&config, &(struct config_sources){path, sets, environment}, arena, faults);
    must(fclose(faults) == 0);
    must(is_loaded == (length == 0) && (length == 0 || told[length - 1] == '\n'));
    show(&config);
    must(config.http_port >= 0 && config.http_port <= 65535 && config.http_head_timeout_ms >= 100);
    free(told);
    close(file);
    arena_destroy(arena);
    return 0;
}
