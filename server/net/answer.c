/*
 * Answers out. The one place that writes a status line, so that framing is right whatever a handler asks for.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "net/date.h"
#include "net/http_byte_rules.h"
#include "net/inside.h"
#include "net/status.h"

enum { OUT_ARENA_BYTES = 1024 * 1024 * 1024 }; /* a backstop: what is in it was in memory before */

/* CR, LF or NUL in a header would start another one: whoever lets them through has a bug. */
static void put_header(struct text_out *out, struct text name, struct text value)
{
    must(name.length > 0 && http_text_in(&http_bytes_token, name) && http_text_in(&http_bytes_value, value));
    text_out_put(out, name);
    text_out_put(out, TEXT(": "));
    text_out_put(out, value);
    text_out_put(out, TEXT("\r\n"));
}

static bool has_header(const struct net_answer *answer, struct text name)
{
    for (size_t i = 0; i < answer->header_count; i++)
        if (text_equal_fold(answer->headers[i].name, name))
            return true;
    return false;
}

/* RFC 9110 6.4.1: these never have a body, and 204 no length either. */
static bool is_bodiless(int status)
{
    return status == 204 || status == 304;
}

static void put_status_line(struct text_out *out, int status)
{
    must(status >= 200 && status <= 599);
    text_out_put(out, TEXT("HTTP/1.1 "));
    text_out_i64(out, status);
    text_out_put(out, TEXT(" "));
    text_out_put(out, text_of(status_reason(status)));
    text_out_put(out, TEXT("\r\nDate: "));
}

static void put_own_headers(struct text_out *out, const struct net_answer *answer, bool is_version_1_0,
                            bool is_endless)
{
    if (!is_endless && !is_bodiless(answer->status)) {
        text_out_put(out, TEXT("Content-Length: "));
        text_out_i64(out, (int64_t)answer->body.length);
        text_out_put(out, TEXT("\r\n"));
    }
    if (!has_header(answer, TEXT("X-Content-Type-Options")))
        text_out_put(out, TEXT("X-Content-Type-Options: nosniff\r\n"));
    if (!has_header(answer, TEXT("Cache-Control")))
        text_out_put(out, TEXT("Cache-Control: no-store\r\n"));
    if (answer->is_closing)
        text_out_put(out, TEXT("Connection: close\r\n"));
    else if (is_version_1_0)
        text_out_put(out, TEXT("Connection: keep-alive\r\n"));
    text_out_put(out, TEXT("\r\n"));
}

static struct text write_head(struct net_server *server, struct arena *arena, const struct net_answer *answer,
                              bool is_version_1_0, bool is_endless)
{
    struct text_out out = text_out_begin(arena);

    put_status_line(&out, answer->status);
    text_out_put(&out, date_now(&server->date_s, server->date));
    text_out_put(&out, TEXT("\r\n"));
    for (size_t i = 0; i < answer->header_count; i++)
        put_header(&out, answer->headers[i].name, answer->headers[i].value);
    put_own_headers(&out, answer, is_version_1_0, is_endless);
    return text_out_end(&out);
}

/* What was sent of both; -1: the client is gone. */
static ssize_t send_both(struct net_connection *connection, struct text head, struct text body)
{
    struct iovec parts[] = {{.iov_len = head.length}, {.iov_len = body.length}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = body.length > 0 ? 2 : 1};
    ssize_t sent;

    memcpy(&parts[0].iov_base, &head.data, sizeof head.data); /* iovec has no const */
    memcpy(&parts[1].iov_base, &body.data, sizeof body.data);
    do
        sent = sendmsg(connection->fd, &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    if (sent < 0)
        return errno == EAGAIN ? 0 : -1;
    connection->server->counts.bytes_out += sent;
    return sent;
}

static void keep(struct net_connection *connection, struct text part, size_t sent)
{
    if (sent >= part.length)
        return;
    if (connection->out.arena == NULL)
        connection->out = text_out_begin(arena_create(OUT_ARENA_BYTES));
    text_out_put(&connection->out, (struct text){part.data + sent, part.length - sent});
}

/* Usually one write(2), without a copy; what the socket does not take now is copied. */
static bool send_or_keep(struct net_connection *connection, struct text head, struct text body)
{
    ssize_t const sent = send_both(connection, head, body);
    size_t const length = sent < 0 ? 0 : (size_t)sent;

    if (sent < 0)
        return false;
    keep(connection, head, length);
    keep(connection, body, length > head.length ? length - head.length : 0);
    return true;
}

struct text answer_head(struct net_connection *connection, struct arena *arena,
                        const struct net_answer *answer, bool is_endless)
{
    return write_head(connection->server, arena, answer, false, is_endless);
}

bool answer_send(struct net_connection *connection, struct text bytes)
{
    size_t const left = connection->out.length - connection->out_sent;

    if (left > 0 && connection->out_sent > 0) /* what was sent makes room, however long this goes on */
        memmove(connection->out.data, connection->out.data + connection->out_sent, left);
    connection->out.length = left;
    connection->out_sent = 0;
    if (left > 0) { /* in order: behind what waits */
        text_out_put(&connection->out, bytes);
        return true;
    }
    return send_or_keep(connection, bytes, TEXT_NONE);
}

bool answer_flush(struct net_connection *connection)
{
    struct text const rest = {connection->out.data + connection->out_sent,
                              connection->out.length - connection->out_sent};
    ssize_t const sent = send_both(connection, rest, TEXT_NONE);

    if (sent > 0)
        connection->out_sent += (size_t)sent;
    return sent >= 0;
}

void answer_continue(struct net_connection *connection)
{
    if (!send_or_keep(connection, TEXT("HTTP/1.1 100 Continue\r\n\r\n"), TEXT_NONE) ||
        connection->out.length > 0)
        connection_end(connection); /* nothing else is in the way of 25 bytes */
}

/* A fault before the head was read may still be one of a HEAD, which takes no body. */
static bool is_head_asked(const struct net_connection *connection)
{
    return connection->exchange != NULL ? connection->exchange->head.method == NET_HEAD
                                        : text_starts(connection->input, TEXT("HEAD "));
}

void answer_fault(struct net_connection *connection, enum net_fault fault)
{
    static const int status_of[NET_FAULT_COUNT] = {
        [NET_FAULT_BAD_REQUEST] = 400,     [NET_FAULT_HEAD_TIMEOUT] = 408, [NET_FAULT_BODY_TOO_LARGE] = 413,
        [NET_FAULT_TARGET_TOO_LONG] = 414, [NET_FAULT_EXPECTATION] = 417,  [NET_FAULT_HEAD_TOO_LARGE] = 431,
        [NET_FAULT_NOT_IMPLEMENTED] = 501, [NET_FAULT_VERSION] = 505,
    };
    static const struct net_header type[] = {{{"Content-Type", 12}, {"application/problem+json", 24}}};
    struct net_server *server = connection->server;
    struct net_answer const answer = {status_of[fault], type, 1,
                                      server->calls.fault_body(server->owner, fault), true};
    struct arena *arena = arena_create(OUT_ARENA_BYTES);
    struct text const head = write_head(server, arena, &answer, false, false);
    bool const is_sent = send_or_keep(connection, head, is_head_asked(connection) ? TEXT_NONE : answer.body);

    server->counts.faults[fault]++;
    arena_destroy(arena);
    if (connection->exchange != NULL)
        exchange_destroy(connection->exchange);
    connection->exchange = NULL;
    connection->input = TEXT_NONE;
    connection->is_closing = true;
    connection->is_client_closing = false;
    if (is_sent)
        connection_answered(connection);
    else
        connection_end(connection);
}

static void answer_now(struct net_connection *connection, struct net_exchange *exchange,
                       struct net_answer answer)
{
    bool const has_no_body = is_bodiless(answer.status) || exchange->head.method == NET_HEAD;
    struct text head;

    answer.is_closing = answer.is_closing || exchange->head.is_closing || connection->server->is_draining ||
                        connection->request_count >= NET_REQUESTS_MAX;
    connection->is_closing = answer.is_closing;
    head = write_head(connection->server, exchange->arena, &answer, exchange->head.is_version_1_0, false);
    connection->exchange = NULL;
    if (send_or_keep(connection, head, has_no_body ? TEXT_NONE : answer.body))
        connection_answered(connection);
    else
        connection_end(connection);
}

void net_answer(struct net_exchange *exchange, const struct net_answer *answer)
{
    struct net_server *server = exchange->server;

    if (server != NULL)
        TAILQ_REMOVE(&server->exchanges, exchange, neighbours);
    if (exchange->connection != NULL)
        answer_now(exchange->connection, exchange, *answer);
    exchange_destroy(exchange);
    if (server != NULL && server->is_draining)
        server_end_turn(server);
}
