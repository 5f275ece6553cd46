#include "main/sockets.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

enum { RENDER_BACKLOG = 128 };

socklen_t sockets_address(struct sockaddr_storage *storage, const char *address, int port)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};

    memset(storage, 0, sizeof *storage);
    if (inet_pton(AF_INET, address, &v4.sin_addr) == 1) {
        memcpy(storage, &v4, sizeof v4);
        return sizeof v4;
    }
    if (inet_pton(AF_INET6, address, &v6.sin6_addr) == 1) {
        memcpy(storage, &v6, sizeof v6);
        return sizeof v6;
    }
    return 0;
}

static int port_of(const struct sockaddr_storage *storage)
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;

    if (storage->ss_family == AF_INET) {
        memcpy(&v4, storage, sizeof v4);
        return ntohs(v4.sin_port);
    }
    memcpy(&v6, storage, sizeof v6);
    return ntohs(v6.sin6_port);
}

/* A listener of somebody else is in the way, connections about to end are not (SO_REUSEADDR). Shared,
 * listeners of this user that are shared too are not in the way either (SO_REUSEPORT). */
static int bind_tcp(const struct sockaddr_storage *storage, socklen_t length, bool is_shared)
{
    int const yes = 1, shared = is_shared;
    int const fd = socket(storage->ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int kept_errno;

    if (fd < 0)
        return -1;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
        setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &shared, sizeof shared) == 0 &&
        bind(fd, (const struct sockaddr *)storage, length) == 0)
        return fd;
    kept_errno = errno;
    close(fd);
    errno = kept_errno;
    return -1;
}

int sockets_hold_port(const char *address, int *port, const char **reason)
{
    struct sockaddr_storage storage;
    socklen_t length = sockets_address(&storage, address, *port);
    int probe, fd;

    if (length == 0) {
        *reason = "not a numeric IPv4 or IPv6 address";
        return -1;
    }
    if (*port != 0) {
        probe = bind_tcp(&storage, length, false);
        if (probe < 0) {
            *reason = errno == EADDRINUSE ? "another program listens there already" : strerror(errno);
            return -1;
        }
        close(probe);
    }
    fd = bind_tcp(&storage, length, true);
    if (fd < 0 || getsockname(fd, (struct sockaddr *)&storage, &length) != 0) {
        *reason = strerror(errno);
        if (fd >= 0)
            close(fd);
        return -1;
    }
    *port = port_of(&storage);
    return fd;
}

int sockets_listen_render(struct sockaddr_un *address, socklen_t *length)
{
    int const fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int kept_errno;

    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    *length = sizeof *address;
    if (fd < 0)
        return -1;
    /* Nothing but the family: the kernel picks a free abstract name (unix(7), autobind). */
    if (bind(fd, (const struct sockaddr *)address, offsetof(struct sockaddr_un, sun_path)) == 0 &&
        getsockname(fd, (struct sockaddr *)address, length) == 0 && listen(fd, RENDER_BACKLOG) == 0)
        return fd;
    kept_errno = errno;
    close(fd);
    errno = kept_errno;
    return -1;
}
