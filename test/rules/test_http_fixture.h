#pragma once
/*
 * A server and its clients in one process and one loop: the tests write, let the loop turn, and read. The
 * server answers "METHOD path\nbody"; to paths with "later" only when the test says so.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "net/net.h"

enum { WORLD_LATER_MAX = 8, WORLD_BODY_BYTES_MAX = 1000, WORLD_BIG_BYTES = 8 * 1024 * 1024 };

struct world {
    struct event_base *base;
    struct net_server *server;
    struct net_exchange *later[WORLD_LATER_MAX]; /* taken and not answered yet */
    int later_count;
    int taken;
    int limit_asked; /* how often body_bytes_max() was called */
    int drained;
};

static inline size_t world_body_bytes_max(void *owner, struct net_exchange *exchange)
{
    struct world *world = owner;

    world->limit_asked++;
    if (text_equal(net_path(exchange), TEXT("/bodiless")))
        return 0;
    return text_equal(net_path(exchange), TEXT("/big")) ? WORLD_BIG_BYTES : WORLD_BODY_BYTES_MAX;
}

static inline void world_answer(struct net_exchange *exchange)
{
    static const struct net_header plain[] = {{{"Content-Type", 12}, {"text/plain", 10}}};
    struct arena *arena = arena_create(4 * WORLD_BIG_BYTES);
    struct text const path = net_path(exchange), body = net_body(exchange);
    struct net_answer answer = {.status = 200, .headers = plain, .header_count = 1};

    if (text_equal(path, TEXT("/big")))
        answer.body = (struct text){arena_alloc(arena, WORLD_BIG_BYTES), WORLD_BIG_BYTES};
    else
        answer.body = text_of(arena_printf(arena, "%s %.*s\n%.*s", net_method_name(net_method(exchange)),
                                           TEXT_ARG(path), TEXT_ARG(body)));
    if (text_equal(path, TEXT("/204")))
        answer.status = 204;
    if (text_equal(path, TEXT("/304")))
        answer.status = 304;
    net_answer(exchange, &answer);
    arena_destroy(arena);
}

static inline void world_on_request(void *owner, struct net_exchange *exchange)
{
    struct world *world = owner;

    world->taken++;
    if (!text_starts(net_path(exchange), TEXT("/later"))) {
        world_answer(exchange);
        return;
    }
    must(world->later_count < WORLD_LATER_MAX);
    world->later[world->later_count++] = exchange;
}

static inline struct text world_fault_body(void *owner, enum net_fault fault)
{
    (void)owner;
    must(fault < NET_FAULT_COUNT);
    return TEXT("{\"status\":0}");
}

static inline void world_drained(void *owner)
{
    ((struct world *)owner)->drained++;
}

static inline struct world *world_begin(struct net_options options)
{
    static const struct net_calls calls = {world_body_bytes_max, world_on_request, world_fault_body};
    struct world *world = calloc(1, sizeof *world);
    const char *reason = "";

    options.address = options.address == NULL ? "127.0.0.1" : options.address;
    options.connections_max = options.connections_max == 0 ? 4000 : options.connections_max;
    options.head_timeout_ms = options.head_timeout_ms == 0 ? 10000 : options.head_timeout_ms;
    options.body_timeout_ms = options.body_timeout_ms == 0 ? 10000 : options.body_timeout_ms;
    options.idle_timeout_ms = options.idle_timeout_ms == 0 ? 10000 : options.idle_timeout_ms;
    options.write_timeout_ms = options.write_timeout_ms == 0 ? 10000 : options.write_timeout_ms;
    must(world != NULL);
    world->base = event_base_new();
    world->server = net_server_create(world->base, &options, &calls, world, &reason);
    if (world->server == NULL)
        fail_msg("%s", reason);
    return world;
}

static inline void world_end(struct world *world)
{
    net_server_destroy(world->server);
    event_base_free(world->base);
    free(world);
}

static inline void world_turn(struct world *world)
{
    for (int i = 0; i < 4; i++)
        event_base_loop(world->base, EVLOOP_NONBLOCK);
}

static inline int64_t world_now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static inline void world_turn_ms(struct world *world, int64_t ms)
{
    struct timespec const nap = {.tv_nsec = 1000000};

    for (int64_t const end_ms = world_now_ms() + ms; world_now_ms() < end_ms; nanosleep(&nap, NULL))
        world_turn(world);
}

struct client {
    struct world *world;
    int fd;
    char bytes[64 * 1024]; /* came and not looked at yet */
    size_t length;
    bool is_ended; /* the server has closed, or reset */
};

static inline int world_socket(void)
{
    int const fd = socket(AF_INET, SOCK_STREAM, 0);
    int const yes = 1;

    assert_true(fd >= 0);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    return fd;
}

static inline int world_connect(struct world *world, int fd)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

    address.sin_port = htons((uint16_t)net_server_port(world->server));
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    world_turn(world);
    return fd;
}

static inline struct client *client_open(struct world *world)
{
    struct client *client = calloc(1, sizeof *client);

    must(client != NULL);
    client->world = world;
    client->fd = world_connect(world, world_socket());
    return client;
}

static inline void client_close(struct client *client)
{
    close(client->fd);
    world_turn(client->world);
    free(client);
}

static inline void client_send(struct client *client, struct text bytes)
{
    while (bytes.length > 0) {
        ssize_t const sent = send(client->fd, bytes.data, bytes.length, MSG_NOSIGNAL);

        world_turn(client->world);
        if (sent < 0 && errno != EAGAIN)
            return; /* it has hung up: what it said is still to be read */
        bytes.data += sent > 0 ? sent : 0;
        bytes.length -= sent > 0 ? (size_t)sent : 0;
    }
}

/* Reads what is there. */
static inline void client_read(struct client *client)
{
    ssize_t length = 1;

    while (length > 0 && !client->is_ended && client->length < sizeof client->bytes - 1) {
        length =
            recv(client->fd, client->bytes + client->length, sizeof client->bytes - 1 - client->length, 0);
        if (length > 0)
            client->length += (size_t)length;
        else if (length == 0 || errno != EAGAIN)
            client->is_ended = true;
    }
    client->bytes[client->length] = '\0';
}

struct seen {
    int status; /* -1: no whole answer came in time */
    char head[2048];
    char body[4096];
    size_t body_length; /* as Content-Length says */
};

static inline bool client_take(struct client *client, bool is_head_asked, struct seen *seen)
{
    const char *end = strstr(client->bytes, "\r\n\r\n");
    const char *said;
    size_t head_length, body_length;

    if (end == NULL)
        return false;
    head_length = (size_t)(end - client->bytes) + 4;
    must(head_length < sizeof seen->head);
    memcpy(seen->head, client->bytes, head_length);
    seen->head[head_length] = '\0';
    said = strstr(seen->head, "\r\nContent-Length: ");
    seen->body_length = said == NULL ? 0 : strtoul(said + 18, NULL, 10);
    body_length = is_head_asked || strstr(seen->head, "HTTP/1.1 304") != NULL ? 0 : seen->body_length;
    if (body_length >= sizeof seen->body || client->length - head_length < body_length)
        return false;
    memcpy(seen->body, client->bytes + head_length, body_length);
    seen->body[body_length] = '\0';
    seen->status = (int)strtol(seen->head + 9, NULL, 10);
    client->length -= head_length + body_length;
    memmove(client->bytes, client->bytes + head_length + body_length, client->length + 1);
    return true;
}

/* Waits for the next answer, up to two seconds. */
static inline struct seen client_answer(struct client *client, bool is_head_asked)
{
    struct seen seen = {.status = -1};
    struct timespec const nap = {.tv_nsec = 1000000};

    for (int64_t const end_ms = world_now_ms() + 2000; world_now_ms() < end_ms; nanosleep(&nap, NULL)) {
        world_turn(client->world);
        client_read(client);
        if (client_take(client, is_head_asked, &seen) || client->is_ended)
            break;
    }
    return seen;
}

/* Whether the server hangs up within that time. */
static inline bool client_is_cut(struct client *client, int64_t within_ms)
{
    struct timespec const nap = {.tv_nsec = 1000000};
    int64_t const end_ms = world_now_ms() + within_ms;

    for (;;) {
        world_turn(client->world);
        client_read(client);
        if (client->is_ended || world_now_ms() >= end_ms)
            return client->is_ended;
        nanosleep(&nap, NULL);
    }
}
