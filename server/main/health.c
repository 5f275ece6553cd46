#include "main/health.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sysexits.h>
#include <unistd.h>

#include "core/config.h"
#include "main/options.h"
#include "main/sockets.h"

enum { PATIENCE_S = 3, CONFIG_ARENA_BYTES = 1 << 20 };

/* Where to call a server that listens on all addresses. */
static const char *callable(const char *address)
{
    if (strcmp(address, "0.0.0.0") == 0)
        return "127.0.0.1";
    return strcmp(address, "::") == 0 ? "::1" : address;
}

static bool send_request(int fd, const char *host)
{
    char request[160];
    bool const is_v6 = strchr(host, ':') != NULL;
    int const length = snprintf(request, sizeof request,
                                "GET /healthz HTTP/1.1\r\nHost: %s%s%s\r\nConnection: close\r\n\r\n",
                                is_v6 ? "[" : "", host, is_v6 ? "]" : "");

    must(length > 0 && (size_t)length < sizeof request);
    return send(fd, request, (size_t)length, MSG_NOSIGNAL) == (ssize_t)length;
}

/* The status of the answer; 0: none came. */
static int read_status(int fd)
{
    char line[64];
    size_t length = 0;
    int status = 0;

    while (length < sizeof line - 1) {
        ssize_t const got = recv(fd, line + length, sizeof line - 1 - length, 0);

        if (got <= 0)
            break;
        length += (size_t)got;
    }
    line[length] = '\0';
    return sscanf(line, "HTTP/1.1 %3d ", &status) == 1 ? status : 0;
}

static int ask(const char *address, int port, const char **reason)
{
    struct timeval const patience = {.tv_sec = PATIENCE_S};
    struct sockaddr_storage storage;
    socklen_t const length = sockets_address(&storage, address, port);
    int const fd = length == 0 ? -1 : socket(storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int status = 0;

    *reason = length == 0 ? "not a numeric address" : strerror(errno);
    if (fd < 0)
        return 0;
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience); /* of connect() too */
    if (connect(fd, (const struct sockaddr *)&storage, length) != 0 || !send_request(fd, address))
        *reason = strerror(errno);
    else if ((status = read_status(fd)) == 0)
        *reason = "no answer";
    close(fd);
    return status;
}

int health_run(const struct options *options)
{
    struct arena *arena = arena_create(CONFIG_ARENA_BYTES);
    struct config config;
    const char *reason = "";
    int code = EX_CONFIG, status;

    if (options_load_config(options, &config, arena)) {
        const char *address = callable(config.http_address);

        status = ask(address, (int)config.http_port, &reason);
        code = status == 200 ? EX_OK : EX_UNAVAILABLE;
        if (status == 0)
            fprintf(stderr, "%s port %d: %s\n", address, (int)config.http_port, reason);
        else if (status != 200)
            fprintf(stderr, "%s port %d: answered %d\n", address, (int)config.http_port, status);
    }
    arena_destroy(arena);
    return code;
}
