/* The folder of the built pages, read into memory. */
#include "pages/pages_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/log.h"

static const struct {
    const char *ending, *type;
} types[] = {
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".svg", "image/svg+xml"},
};

/* The whole of a regular file; data == NULL where it cannot be had. */
static struct text read_file(struct arena *arena, const char *path)
{
    struct text none = TEXT_NONE, whole = TEXT_NONE;
    struct stat status;
    char *bytes;
    int const fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

    if (fd < 0)
        return none;
    if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0 &&
        (size_t)status.st_size <= PAGES_BYTES_MAX - arena_bytes(arena)) {
        bytes = arena_alloc(arena, (size_t)status.st_size);
        whole = (struct text){bytes, (size_t)status.st_size};
        for (size_t got = 0; got < whole.length;) {
            ssize_t const count = read(fd, bytes + got, whole.length - got);

            if (count <= 0) {
                whole = none;
                break;
            }
            got += (size_t)count;
        }
    }
    close(fd);
    return whole;
}

static const char *type_of(const char *name)
{
    size_t const length = strlen(name);

    for (size_t i = 0; i < array_length(types); i++) {
        size_t const tail = strlen(types[i].ending);

        if (length > tail && strcmp(name + length - tail, types[i].ending) == 0)
            return types[i].type;
    }
    return NULL;
}

/* What is no asset (a packed twin, a stranger's file) is passed over. */
static bool take_asset(struct pages_files *files, struct arena *arena, const char *folder, const char *name)
{
    const char *type = type_of(name);
    const char *path = arena_printf(arena, "%s/assets/%s", folder, name);
    struct asset *asset;

    if (type == NULL)
        return true;
    if (files->asset_count == ASSETS_MAX) {
        log_error("too many files among the pages", LOG_S("folder", folder), LOG_N("most", ASSETS_MAX));
        return false;
    }
    asset = &files->assets[files->asset_count++];
    *asset = (struct asset){
        .name = text_of(arena_printf(arena, "%s", name)),
        .type = type,
        .plain = read_file(arena, path),
        .brotli = read_file(arena, arena_printf(arena, "%s.br", path)),
        .gzip = read_file(arena, arena_printf(arena, "%s.gz", path)),
    };
    if (asset->plain.data == NULL)
        log_error("a file of the pages cannot be read", LOG_S("file", path));
    return asset->plain.data != NULL;
}

bool pages_files_load(struct pages_files *files, struct arena *arena, const char *folder)
{
    bool is_whole = true;
    const struct dirent *entry;
    DIR *assets;

    *files = (struct pages_files){.index = read_file(arena, arena_printf(arena, "%s/index.html", folder))};
    assets = opendir(arena_printf(arena, "%s/assets", folder));
    if (files->index.data == NULL || assets == NULL) {
        log_warning("no pages here: their addresses answer 404", LOG_S("folder", folder));
        is_whole = false;
    }
    while (is_whole && (entry = readdir(assets)) != NULL)
        is_whole = take_asset(files, arena, folder, entry->d_name);
    if (assets != NULL)
        closedir(assets);
    if (!is_whole)
        *files = (struct pages_files){.asset_count = 0};
    return is_whole;
}

const struct asset *pages_files_find(const struct pages_files *files, struct text name)
{
    for (size_t i = 0; i < files->asset_count; i++)
        if (text_equal(files->assets[i].name, name))
            return &files->assets[i];
    return NULL;
}
