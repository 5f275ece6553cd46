#pragma once
/*
 * The pages of the staff, as the build left them in a folder (server/pages/build.mjs): one index.html for
 * every address of a page, and assets whose names change with their contents. All of it is read once, at the
 * start of a worker; nothing is read from disk for a request, so no address ever becomes a path of a file.
 */
#include "path/path.h"

void pages_start(struct worker *worker);
void pages_stop(struct worker *worker);

extern const struct route pages_routes[14];
