/*
 * The server as a whole: its beginning and end, the sweep of deadlines, the end of a loop turn.
 */
#include <errno.h>
#include <time.h>
#include <unistd.h>

#include "net/inside.h"

/* Deadlines may be kept this late: a fraction of the shortest one, within these bounds. */
enum { SWEEP_STEP_MIN_US = 1000, SWEEP_STEP_MAX_US = 100000, SWEEP_FRACTION = 10 };

int64_t net_now_us(void)
{
    struct timespec now;

    must(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void arm_sweep(struct net_server *server, int64_t at_us)
{
    int64_t const in_us = at_us - net_now_us();
    int64_t const wait_us = in_us < server->sweep_step_us ? server->sweep_step_us : in_us;
    struct timeval const wait = {.tv_sec = wait_us / 1000000, .tv_usec = wait_us % 1000000};

    server->sweep_at_us = at_us;
    must(event_add(server->sweep_event, &wait) == 0);
}

void server_wait_for(struct net_server *server, int64_t deadline_us)
{
    if (deadline_us < server->sweep_at_us)
        arm_sweep(server, deadline_us);
}

static void on_sweep(evutil_socket_t fd, short what, void *argument)
{
    struct net_server *server = argument;
    int64_t const now_us = net_now_us();
    int64_t next_us = INT64_MAX;
    struct net_connection *first;

    (void)fd, (void)what;
    server->sweep_at_us = INT64_MIN; /* whoever is moved to another phase meanwhile is seen below */
    for (int i = 0; i < NET_PHASE_COUNT; i++)
        while (server->phase_us[i] != 0 && (first = TAILQ_FIRST(&server->phases[i])) != NULL &&
               first->deadline_us <= now_us)
            connection_expire(first);
    for (int i = 0; i < NET_PHASE_COUNT; i++)
        if (server->phase_us[i] != 0 && (first = TAILQ_FIRST(&server->phases[i])) != NULL &&
            first->deadline_us < next_us)
            next_us = first->deadline_us;
    server->sweep_at_us = INT64_MAX;
    if (next_us != INT64_MAX)
        arm_sweep(server, next_us);
}

void server_end_turn(struct net_server *server)
{
    event_active(server->turn_event, EV_TIMEOUT, 0);
}

static void on_turn(evutil_socket_t fd, short what, void *argument)
{
    struct net_server *server = argument;
    void (*drained)(void *) = server->drained;

    (void)fd, (void)what;
    TAILQ_CONCAT(&server->spare, &server->phases[NET_PHASE_ENDED], neighbours);
    if (drained == NULL || server->counts.connections > 0 || !TAILQ_EMPTY(&server->exchanges))
        return;
    server->drained = NULL;
    drained(server->owner); /* may destroy the server */
}

static struct net_server *create(struct event_base *base, const struct net_options *options)
{
    size_t const bytes =
        sizeof(struct net_server) + (size_t)options->connections_max * sizeof(struct net_connection);
    struct arena *arena = arena_create(bytes + bytes / 8 + 4096);
    struct net_server *server = arena_new(arena, struct net_server);
    int64_t shortest_us = INT64_MAX;

    *server = (struct net_server){
        .arena = arena,
        .base = base,
        .connections_max = options->connections_max,
        .sweep_at_us = INT64_MAX,
        .phase_us = {[NET_PHASE_IDLE] = options->idle_timeout_ms * 1000,
                     [NET_PHASE_HEAD] = options->head_timeout_ms * 1000,
                     [NET_PHASE_BODY] = options->body_timeout_ms * 1000,
                     [NET_PHASE_WRITE] = options->write_timeout_ms * 1000,
                     [NET_PHASE_LINGER] = (int64_t)NET_LINGER_MS * 1000},
    };
    for (int i = 0; i < NET_PHASE_COUNT; i++) {
        TAILQ_INIT(&server->phases[i]);
        if (server->phase_us[i] != 0 && server->phase_us[i] < shortest_us)
            shortest_us = server->phase_us[i];
    }
    TAILQ_INIT(&server->spare);
    TAILQ_INIT(&server->exchanges);
    server->sweep_step_us = shortest_us / SWEEP_FRACTION;
    if (server->sweep_step_us > SWEEP_STEP_MAX_US)
        server->sweep_step_us = SWEEP_STEP_MAX_US;
    if (server->sweep_step_us < SWEEP_STEP_MIN_US)
        server->sweep_step_us = SWEEP_STEP_MIN_US;
    return server;
}

struct net_server *net_server_create(struct event_base *base, const struct net_options *options,
                                     const struct net_calls *calls, void *owner, const char **reason)
{
    struct net_server *server;
    int port = 0;
    int fd;

    must(options->connections_max > 0 && options->head_timeout_ms > 0 && options->body_timeout_ms > 0);
    must(options->idle_timeout_ms > 0 && options->write_timeout_ms > 0);
    fd = listener_open(options, &port, reason);
    if (fd < 0)
        return NULL;
    server = create(base, options);
    server->calls = *calls;
    server->owner = owner;
    server->listen_fd = fd;
    server->port = port;
    server->sweep_event = event_new(base, -1, 0, on_sweep, server);
    server->turn_event = event_new(base, -1, 0, on_turn, server);
    must(server->sweep_event != NULL && server->turn_event != NULL);
    listener_start(server);
    return server;
}

int net_server_port(const struct net_server *server)
{
    return server->port;
}

const struct net_counts *net_server_counts(const struct net_server *server)
{
    return &server->counts;
}

/* Whoever listens to a stream comes back to another server. */
static void end_streams(struct net_server *server)
{
    struct net_connection *connection;

    while ((connection = TAILQ_FIRST(&server->phases[NET_PHASE_STREAM])) != NULL)
        connection_end(connection);
}

/* Each of a list, which may lose any of its elements while they are looked after. */
static void drain_phase(struct net_server *server, enum net_phase phase)
{
    struct net_connections waiting = TAILQ_HEAD_INITIALIZER(waiting);
    struct net_connection *connection;

    TAILQ_CONCAT(&waiting, &server->phases[phase], neighbours);
    while ((connection = TAILQ_FIRST(&waiting)) != NULL) {
        TAILQ_REMOVE(&waiting, connection, neighbours);
        TAILQ_INSERT_TAIL(&server->phases[phase], connection, neighbours);
        connection_drain(connection);
    }
}

void net_server_drain(struct net_server *server, void (*drained)(void *owner))
{
    must(!server->is_draining);
    listener_stop(server);
    server->is_draining = true;
    server->drained = drained;
    drain_phase(server, NET_PHASE_IDLE);
    drain_phase(server, NET_PHASE_HEAD);
    end_streams(server);
    server_end_turn(server);
}

void net_server_destroy(struct net_server *server)
{
    struct net_connection *connection;
    struct net_exchange *exchange;

    if (server == NULL)
        return;
    listener_stop(server);
    for (int i = 0; i < NET_PHASE_ENDED; i++)
        while ((connection = TAILQ_FIRST(&server->phases[i])) != NULL)
            connection_end(connection);
    while ((exchange = TAILQ_FIRST(&server->exchanges)) != NULL) {
        TAILQ_REMOVE(&server->exchanges, exchange, neighbours);
        exchange->server = NULL;
    }
    event_free(server->sweep_event);
    event_free(server->turn_event);
    arena_destroy(server->arena);
}
