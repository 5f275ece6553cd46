/*
 * Who may connect. A full house and a lack of descriptors turn clients away; neither ever spins the loop.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/log.h"
#include "net/inside.h"

enum {
    BACKLOG = 1024,
    ACCEPTS_PER_TURN = 64,     /* then the clients already here have their turn */
    REST_MS = 100,             /* not listening, after descriptors ran out */
    CLIENT_SILENCE_MS = 30000, /* TCP_USER_TIMEOUT: sent bytes that nobody acknowledges */
};

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

static bool read_address(const char *text, int port, union address *address, socklen_t *length)
{
    *address = (union address){.v6 = {.sin6_family = AF_UNSPEC}};
    if (port < 0 || port > UINT16_MAX)
        return false;
    if (inet_pton(AF_INET, text, &address->v4.sin_addr) == 1) {
        address->v4.sin_family = AF_INET;
        address->v4.sin_port = htons((uint16_t)port);
        *length = sizeof address->v4;
        return true;
    }
    *address = (union address){.v6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)}};
    *length = sizeof address->v6;
    return inet_pton(AF_INET6, text, &address->v6.sin6_addr) == 1;
}

static bool set(int fd, int level, int option, int value)
{
    return setsockopt(fd, level, option, &value, sizeof value) == 0;
}

/* What is set on the listening socket, Linux hands on to those it accepts: no call for each of them. */
static bool set_options(int fd, bool is_shared_port)
{
    return set(fd, SOL_SOCKET, SO_REUSEADDR, 1) && set(fd, SOL_SOCKET, SO_KEEPALIVE, 1) &&
           set(fd, IPPROTO_TCP, TCP_NODELAY, 1) &&
           set(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, CLIENT_SILENCE_MS) &&
           (!is_shared_port || set(fd, SOL_SOCKET, SO_REUSEPORT, 1));
}

int listener_open(const struct net_options *options, int *port, const char **reason)
{
    union address address;
    socklen_t length = 0;
    int fd;

    if (!read_address(options->address, options->port, &address, &length)) {
        *reason = "not a numeric IPv4 or IPv6 address and a port";
        return -1;
    }
    fd = socket(address.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0 || !set_options(fd, options->is_shared_port) || bind(fd, &address.any, length) != 0 ||
        listen(fd, BACKLOG) != 0 || getsockname(fd, &address.any, &length) != 0) {
        *reason = strerror(errno);
        if (fd >= 0)
            close(fd);
        return -1;
    }
    *port = ntohs(address.any.sa_family == AF_INET ? address.v4.sin_port : address.v6.sin6_port);
    return fd;
}

static void name_source(const union address *address, char source[static NET_SOURCE_BYTES])
{
    const void *bytes = &address->v4.sin_addr;

    memset(source, 0, NET_SOURCE_BYTES);
    if (address->any.sa_family == AF_INET6) {
        bool const is_v4 = IN6_IS_ADDR_V4MAPPED(&address->v6.sin6_addr);

        bytes = is_v4 ? &address->v6.sin6_addr.s6_addr[12] : (const void *)&address->v6.sin6_addr;
        must(inet_ntop(is_v4 ? AF_INET : AF_INET6, bytes, source, NET_SOURCE_BYTES) != NULL);
        return;
    }
    must(inet_ntop(AF_INET, bytes, source, NET_SOURCE_BYTES) != NULL);
}

/* No descriptor left: the spare one makes room to accept a client and hang up, so that it does not wait for
 * nothing; then we rest a little instead of being called again at once. */
static void turn_away(struct net_server *server)
{
    struct timeval const rest = {.tv_usec = REST_MS * 1000};
    int fd;

    log_warning("no descriptor left", LOG_N("connections", server->counts.connections));
    if (server->spare_fd >= 0)
        close(server->spare_fd);
    fd = accept4(server->listen_fd, NULL, NULL, SOCK_CLOEXEC);
    if (fd >= 0) {
        close(fd);
        server->counts.refused_full++;
    }
    server->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    must(event_del(server->listen_event) == 0 && event_add(server->rest_event, &rest) == 0);
}

/* False: nobody waits any more. */
static bool accept_one(struct net_server *server)
{
    union address address;
    socklen_t length = sizeof address;
    char source[NET_SOURCE_BYTES];
    int const fd = accept4(server->listen_fd, &address.any, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);

    if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)) {
        turn_away(server);
        return false;
    }
    if (fd < 0)
        return errno == ECONNABORTED || errno == EINTR || errno == EPROTO;
    if (server->counts.connections >= server->connections_max) {
        close(fd);
        server->counts.refused_full++;
        return true;
    }
    name_source(&address, source);
    connection_open(server, fd, source);
    return true;
}

static void on_listen(evutil_socket_t fd, short what, void *argument)
{
    (void)fd, (void)what;
    for (int i = 0; i < ACCEPTS_PER_TURN && accept_one(argument); i++)
        continue;
}

static void on_rested(evutil_socket_t fd, short what, void *argument)
{
    struct net_server *server = argument;

    (void)fd, (void)what;
    must(event_add(server->listen_event, NULL) == 0);
}

void listener_start(struct net_server *server)
{
    server->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    server->listen_event =
        event_new(server->base, server->listen_fd, EV_READ | EV_PERSIST, on_listen, server);
    server->rest_event = event_new(server->base, -1, 0, on_rested, server);
    must(server->listen_event != NULL && server->rest_event != NULL);
    must(event_add(server->listen_event, NULL) == 0);
}

void listener_stop(struct net_server *server)
{
    if (server->listen_fd < 0)
        return;
    for (int i = 0; i < BACKLOG && accept_one(server); i++) /* a closed socket would reset them */
        continue;
    event_free(server->listen_event);
    event_free(server->rest_event);
    close(server->listen_fd);
    server->listen_fd = -1;
    if (server->spare_fd >= 0)
        close(server->spare_fd);
    server->spare_fd = -1;
}
