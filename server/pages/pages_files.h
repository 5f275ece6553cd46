#pragma once
/*
 * The built files in memory. The arena that is handed in owns them; they live as long as the worker.
 */
#include "core/arena.h"
#include "core/text.h"

enum { ASSETS_MAX = 64, PAGES_BYTES_MAX = 8 * 1024 * 1024 };

struct asset {
    struct text name; /* "staff-5F3K2A.js" */
    const char *type; /* of the content */
    struct text plain;
    struct text brotli, gzip; /* data == NULL where the build made none */
};

struct pages_files {
    struct text index; /* data == NULL: there are no pages */
    struct asset assets[ASSETS_MAX];
    size_t asset_count;
};

/* False: no folder, no index.html in it, or something that cannot be read; the log says which. */
MUST_USE bool pages_files_load(struct pages_files *files, struct arena *arena, const char *folder);
const struct asset *pages_files_find(const struct pages_files *files, struct text name);
