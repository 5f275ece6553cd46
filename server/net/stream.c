/*
 * Answers without an end: a few bytes now and then to a client that only listens. A stream is its connection;
 * between two events it holds no memory but that.
 */
#include <errno.h>
#include <sys/socket.h>

#include "net/inside.h"

static struct net_connection *connection_of(struct net_stream *stream)
{
    return (struct net_connection *)(void *)stream;
}

struct net_stream *net_stream(struct net_exchange *exchange, const struct net_answer *head,
                              void (*ended)(void *owner), void *owner)
{
    struct net_server *server = exchange->server;
    struct net_connection *connection = exchange->connection;
    struct net_answer answer = *head;

    must(head->status == 200 && head->body.length == 0);
    answer.is_closing = true;
    if (server == NULL || connection == NULL || server->is_draining || exchange->head.method == NET_HEAD) {
        net_answer(exchange, &answer);
        return NULL;
    }
    TAILQ_REMOVE(&server->exchanges, exchange, neighbours);
    connection->exchange = NULL;
    connection->is_closing = true;
    connection->input = TEXT_NONE; /* who listens to a stream asks nothing more on its connection */
    if (!answer_send(connection, answer_head(connection, exchange->arena, &answer, true))) {
        exchange_destroy(exchange);
        connection_end(connection);
        return NULL;
    }
    exchange_destroy(exchange);
    connection->is_stream_over = false;
    connection->stream_ended = ended;
    connection->stream_owner = owner;
    connection_enter(connection, NET_PHASE_STREAM);
    connection_want(connection, connection->out.length > connection->out_sent ? EV_READ | EV_WRITE : EV_READ);
    return (struct net_stream *)(void *)connection;
}

/* Not at once: the caller is in the middle of something. */
static void end_soon(struct net_connection *connection)
{
    connection->is_stream_over = true;
    connection_want(connection, EV_READ);
    event_active(&connection->event, EV_READ, 0);
}

bool net_stream_put(struct net_stream *stream, struct text bytes)
{
    struct net_connection *connection = connection_of(stream);

    must(connection->phase == NET_PHASE_STREAM);
    if (connection->is_stream_over)
        return false;
    if (connection->out.length - connection->out_sent + bytes.length > NET_STREAM_BYTES_MAX ||
        !answer_send(connection, bytes)) {
        end_soon(connection);
        return false;
    }
    if (connection->out.length > connection->out_sent)
        connection_want(connection, EV_READ | EV_WRITE);
    return true;
}

void net_stream_end(struct net_stream *stream)
{
    struct net_connection *connection = connection_of(stream);

    must(connection->phase == NET_PHASE_STREAM);
    connection->stream_ended = NULL;
    connection_end(connection);
}

void stream_writable(struct net_connection *connection)
{
    if (!answer_flush(connection)) {
        connection_end(connection);
        return;
    }
    if (connection->out.length > connection->out_sent)
        return;
    connection->out.length = connection->out_sent = 0;
    connection_want(connection, EV_READ);
}

/* Bytes of a client that should only listen are thrown away, as after a last answer; its end is the end. */
void stream_readable(struct net_connection *connection)
{
    struct net_server *server = connection->server;
    ssize_t length;

    if (connection->is_stream_over) {
        connection_end(connection);
        return;
    }
    length = recv(connection->fd, server->scratch, sizeof server->scratch, 0);
    if (length > 0) {
        server->counts.bytes_in += length;
        connection->linger_bytes += (unsigned)length;
        if (connection->linger_bytes <= NET_LINGER_BYTES_MAX)
            return;
    } else if (length < 0 && (errno == EAGAIN || errno == EINTR)) {
        return;
    }
    connection_end(connection);
}

void stream_is_ending(struct net_connection *connection)
{
    void (*ended)(void *) = connection->stream_ended;

    connection->stream_ended = NULL;
    if (ended != NULL)
        ended(connection->stream_owner);
}
