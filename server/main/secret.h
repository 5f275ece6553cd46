#pragma once
/*
 * A secret that stands in a file of its own (configuration keys ending in _file), so that it is in no process
 * list, no environment and no configuration that somebody prints.
 */
#include <stddef.h>

#include "core/must.h"

enum { SECRET_BYTES_MAX = 1024 };

enum secret_outcome { SECRET_NONE, SECRET_READ, SECRET_UNREADABLE };

/* Without the line end behind it. An empty path is SECRET_NONE; a file that is unreadable, empty or too long
 * was logged. Blocks. */
MUST_USE enum secret_outcome secret_read(const char *path, char buffer[static SECRET_BYTES_MAX]);
