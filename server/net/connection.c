/*
 * The life of one connection: bytes in, phases, deadlines, the end. What the bytes mean is request.c's.
 */
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/inside.h"

enum { HELD_ARENA_BYTES = 1024 * 1024 }; /* outgrown blocks count, too */

static void on_event(evutil_socket_t fd, short what, void *argument);

/* Deadlines of a phase that is entered again are new ones. */
void connection_enter(struct net_connection *connection, enum net_phase phase)
{
    struct net_server *server = connection->server;

    must(connection->phase != NET_PHASE_ENDED);
    TAILQ_REMOVE(&server->phases[connection->phase], connection, neighbours);
    TAILQ_INSERT_TAIL(&server->phases[phase], connection, neighbours);
    connection->phase = phase;
    if (server->phase_us[phase] != 0) {
        connection->deadline_us = net_now_us() + server->phase_us[phase];
        server_wait_for(server, connection->deadline_us);
    }
}

void connection_want(struct net_connection *connection, short interest)
{
    if (connection->interest == interest)
        return;
    if (connection->interest != 0)
        must(event_del(&connection->event) == 0);
    connection->interest = interest;
    if (interest == 0)
        return;
    must(event_assign(&connection->event, connection->server->base, connection->fd,
                      (short)(interest | EV_PERSIST), on_event, connection) == 0);
    must(event_add(&connection->event, NULL) == 0);
}

void connection_open(struct net_server *server, int fd, const char *source)
{
    struct net_connection *connection = TAILQ_FIRST(&server->spare);

    if (connection != NULL)
        TAILQ_REMOVE(&server->spare, connection, neighbours);
    else
        connection = arena_new(server->arena, struct net_connection);
    *connection = (struct net_connection){.server = server, .fd = fd, .phase = NET_PHASE_HEAD};
    memcpy(connection->source, source, sizeof connection->source);
    TAILQ_INSERT_TAIL(&server->phases[NET_PHASE_HEAD], connection, neighbours);
    connection_enter(connection, NET_PHASE_HEAD);
    connection_want(connection, EV_READ);
    server->counts.accepted++;
    server->counts.connections++;
}

static void release(struct text_out *bytes)
{
    arena_destroy(bytes->arena);
    *bytes = (struct text_out){.arena = NULL};
}

void connection_end(struct net_connection *connection)
{
    struct net_server *server = connection->server;
    struct net_exchange *exchange = connection->exchange;

    if (connection->phase == NET_PHASE_ENDED)
        return;
    if (connection->phase == NET_PHASE_STREAM)
        stream_is_ending(connection);
    connection_want(connection, 0);
    event_del(&connection->event); /* also where it was made active by hand */
    close(connection->fd);
    connection->exchange = NULL;
    if (exchange != NULL) {
        exchange->connection = NULL;
        if (connection->phase != NET_PHASE_WORK)
            exchange_destroy(exchange);
    }
    connection->input = TEXT_NONE;
    release(&connection->held);
    release(&connection->out);
    connection_enter(connection, NET_PHASE_ENDED);
    server->counts.connections--;
    server_end_turn(server);
}

/* A client that does not even take its answer is cut so that the kernel keeps nothing for it. */
static void reset(struct net_connection *connection)
{
    struct linger const at_once = {.l_onoff = 1, .l_linger = 0};

    setsockopt(connection->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    connection_end(connection);
}

/* Bodies that keep coming get their time again, for as long as they do; how long they are is limited anyway.
 */
static bool is_fast_enough(struct net_connection *connection)
{
    struct net_exchange *exchange = connection->exchange;
    size_t const came = exchange->growing.length - exchange->body_mark;
    int64_t const wanted = connection->server->phase_us[NET_PHASE_BODY] * NET_BODY_BYTES_PER_S_MIN / 1000000;

    exchange->body_mark = exchange->growing.length;
    return (int64_t)came >= wanted;
}

void connection_expire(struct net_connection *connection)
{
    struct net_server *server = connection->server;

    if (connection->phase == NET_PHASE_BODY && is_fast_enough(connection)) {
        connection_enter(connection, NET_PHASE_BODY);
        return;
    }
    if (connection->phase != NET_PHASE_IDLE && connection->phase != NET_PHASE_LINGER)
        server->counts.timeouts++;
    switch (connection->phase) {
    case NET_PHASE_HEAD:
    case NET_PHASE_BODY:
        if (connection->started_us != 0)
            answer_fault(connection, NET_FAULT_HEAD_TIMEOUT);
        else
            connection_end(connection); /* it never said a word */
        return;
    case NET_PHASE_WRITE: reset(connection); return;
    case NET_PHASE_IDLE:
    case NET_PHASE_LINGER: connection_end(connection); return;
    case NET_PHASE_WORK:
    case NET_PHASE_STREAM:
    case NET_PHASE_ENDED:
    case NET_PHASE_COUNT: break;
    }
    unreachable();
}

/* Behind what is held already; input is what is left of it. */
static void hold(struct net_connection *connection, struct text fresh)
{
    size_t const left = connection->input.length;
    struct text_out *held = &connection->held;

    if (held->arena == NULL)
        *held = text_out_begin(arena_create(HELD_ARENA_BYTES));
    if (left < held->length) { /* the part that was read makes room */
        if (left > 0)
            memmove(held->data, connection->input.data, left);
        held->length = left;
    }
    text_out_put(held, fresh);
    connection->input = text_out_end(held);
}

static void run(struct net_connection *connection)
{
    connection_run(connection);
    if (connection->input.length == 0) {
        connection->input = TEXT_NONE;
        release(&connection->held);
    }
}

/* Reads fresh bytes where they are; only what cannot be used yet is copied. */
static void take(struct net_connection *connection, struct text fresh)
{
    struct net_server *server = connection->server;

    if (connection->input.length > 0) {
        hold(connection, fresh);
        run(connection);
        return;
    }
    connection->input = fresh;
    run(connection);
    if (connection->input.length > 0 && connection->held.arena == NULL) {
        fresh = connection->input;
        must(fresh.data >= server->scratch && fresh.data < server->scratch + sizeof server->scratch);
        connection->input = TEXT_NONE;
        hold(connection, fresh);
    }
}

/* Throws away; too much of it, and the connection is cut. */
static void drop_input(struct net_connection *connection, size_t length)
{
    connection->linger_bytes += (unsigned)length;
    if (connection->linger_bytes > NET_LINGER_BYTES_MAX)
        connection_end(connection);
}

static void receive(struct net_connection *connection)
{
    struct net_server *server = connection->server;
    ssize_t const length = recv(connection->fd, server->scratch, sizeof server->scratch, 0);

    if (length > 0) {
        server->counts.bytes_in += length;
        if (connection->phase == NET_PHASE_LINGER)
            drop_input(connection, (size_t)length);
        else
            take(connection, (struct text){server->scratch, (size_t)length});
    } else if (length < 0 && (errno == EAGAIN || errno == EINTR)) {
        run(connection); /* pipelined requests wait in `held` */
    } else {
        connection_end(connection);
        return;
    }
    if (connection->phase == NET_PHASE_WORK && connection->input.length >= NET_READ_BYTES)
        connection_want(connection, 0);
}

static void on_event(evutil_socket_t fd, short what, void *argument)
{
    struct net_connection *connection = argument;

    (void)fd;
    must(connection->phase != NET_PHASE_ENDED);
    if (connection->phase == NET_PHASE_STREAM) {
        if ((what & EV_WRITE) != 0)
            stream_writable(connection);
        if ((what & EV_READ) != 0 && connection->phase == NET_PHASE_STREAM)
            stream_readable(connection);
        return;
    }
    if (connection->phase != NET_PHASE_WRITE) {
        receive(connection);
    } else if ((what & EV_WRITE) != 0) {
        if (!answer_flush(connection))
            connection_end(connection);
        else if (connection->out.length == connection->out_sent)
            connection_answered(connection);
    }
}

static void close_or_linger(struct net_connection *connection)
{
    if (connection->is_client_closing && connection->input.length == 0) {
        connection_end(connection);
        return;
    }
    shutdown(connection->fd, SHUT_WR);
    connection->input = TEXT_NONE;
    release(&connection->held);
    connection_enter(connection, NET_PHASE_LINGER);
    connection_want(connection, EV_READ);
}

void connection_answered(struct net_connection *connection)
{
    must(connection->exchange == NULL);
    if (connection->out.length > connection->out_sent) {
        connection_enter(connection, NET_PHASE_WRITE);
        connection_want(connection, EV_WRITE);
        return;
    }
    release(&connection->out);
    connection->out_sent = 0;
    if (connection->is_closing) {
        close_or_linger(connection);
        return;
    }
    connection->started_us = 0;
    connection->scan = (struct http_head_scan){.line = 0};
    connection_enter(connection, NET_PHASE_IDLE);
    connection_want(connection, EV_READ);
    if (connection->input.length > 0 && !connection->is_running) /* pipelined: from the loop, never deeper */
        event_active(&connection->event, EV_READ, 0);
}

void connection_drain(struct net_connection *connection)
{
    receive(connection);
    if (connection->phase == NET_PHASE_IDLE ||
        (connection->phase == NET_PHASE_HEAD && connection->started_us == 0))
        connection_end(connection);
}
