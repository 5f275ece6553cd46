#include "main/secret.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/log.h"

enum secret_outcome secret_read(const char *path, char buffer[static SECRET_BYTES_MAX])
{
    FILE *file;
    size_t length;

    if (*path == '\0')
        return SECRET_NONE;
    file = fopen(path, "re");
    if (file == NULL) {
        log_error("a secret cannot be read", LOG_S("file", path), LOG_S("reason", strerror(errno)));
        return SECRET_UNREADABLE;
    }
    length = fread(buffer, 1, SECRET_BYTES_MAX, file);
    fclose(file);
    if (length == SECRET_BYTES_MAX)
        length = 0; /* cut: better none than half of one */
    while (length > 0 && (buffer[length - 1] == '\n' || buffer[length - 1] == '\r'))
        length--;
    buffer[length] = '\0';
    if (length > 0)
        return SECRET_READ;
    log_error("a secret is empty or too long", LOG_S("file", path), LOG_N("bytes_max", SECRET_BYTES_MAX - 1));
    return SECRET_UNREADABLE;
}
