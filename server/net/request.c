/*
 * From bytes to a whole request. Nothing is read as a next request after an error, and none while one is in
 * work.
 */
#include "net/inside.h"

static void skip(struct text *input, size_t length)
{
    must(length <= input->length);
    input->data += length;
    input->length -= length;
}

static void hand_over(struct net_connection *connection)
{
    struct net_exchange *exchange = connection->exchange;
    struct net_server *server = connection->server;

    if (exchange->growing.length > 0)
        exchange->body = text_out_end(&exchange->growing);
    TAILQ_INSERT_TAIL(&server->exchanges, exchange, neighbours);
    connection_enter(connection, NET_PHASE_WORK);
    server->calls.on_request(server->owner, exchange);
}

/* Asks the caller how much it would take, and says so to a client that waits for that. */
static void begin_body(struct net_connection *connection)
{
    struct net_exchange *exchange = connection->exchange;
    const struct http_head *head = &exchange->head;
    struct net_server *server = connection->server;

    exchange->body_bytes_max = server->calls.body_bytes_max(server->owner, exchange);
    if ((uint64_t)head->content_length > exchange->body_bytes_max || exchange->body_bytes_max == 0) {
        answer_fault(connection, NET_FAULT_BODY_TOO_LARGE);
        return;
    }
    exchange->chunks = http_chunks_begin(exchange->body_bytes_max);
    connection_enter(connection, NET_PHASE_BODY);
    if (head->is_expecting_continue && connection->input.length == 0)
        answer_continue(connection);
}

static void read_head(struct net_connection *connection)
{
    enum net_fault fault;
    size_t length = 0;
    struct net_exchange *exchange;

    if (connection->started_us == 0)
        connection->started_us = net_now_us();
    switch (http_head_scan(&connection->scan, connection->input, &length, &fault)) {
    case HTTP_SCAN_MORE:
        if (connection->phase != NET_PHASE_HEAD)
            connection_enter(connection, NET_PHASE_HEAD);
        return;
    case HTTP_SCAN_FAULT: answer_fault(connection, fault); return;
    case HTTP_SCAN_WHOLE: break;
    }
    exchange = exchange_create(connection, (struct text){connection->input.data, length});
    if (!http_head_parse((struct text){exchange->body.data, length}, &exchange->head, &fault)) {
        answer_fault(connection, fault);
        return;
    }
    exchange->body = TEXT("");
    skip(&connection->input, length);
    connection->request_count++;
    connection->is_client_closing = exchange->head.is_closing;
    if (http_head_has_body(&exchange->head))
        begin_body(connection);
    else
        hand_over(connection);
}

/* Announced length: never more memory than what came. */
static void read_plain_body(struct net_connection *connection)
{
    struct net_exchange *exchange = connection->exchange;
    size_t const wanted = (size_t)exchange->head.content_length - exchange->growing.length;
    struct text part = connection->input;

    if (part.length > wanted)
        part.length = wanted;
    text_out_put(&exchange->growing, part);
    skip(&connection->input, part.length);
    if (part.length == wanted)
        hand_over(connection);
}

static void read_chunked_body(struct net_connection *connection)
{
    struct net_exchange *exchange = connection->exchange;

    for (;;) {
        struct text part = TEXT_NONE;

        switch (http_chunks_next(&exchange->chunks, &connection->input, &part)) {
        case HTTP_CHUNK_STEP_MORE: return;
        case HTTP_CHUNK_STEP_DATA: text_out_put(&exchange->growing, part); break;
        case HTTP_CHUNK_STEP_END: hand_over(connection); return;
        case HTTP_CHUNK_STEP_BAD: answer_fault(connection, NET_FAULT_BAD_REQUEST); return;
        case HTTP_CHUNK_STEP_TOO_LARGE: answer_fault(connection, NET_FAULT_BODY_TOO_LARGE); return;
        }
    }
}

/* One request's next part. False: nothing can be read now. */
static bool run_once(struct net_connection *connection)
{
    size_t const before = connection->input.length;

    if (before == 0)
        return false;
    switch (connection->phase) {
    case NET_PHASE_IDLE:
    case NET_PHASE_HEAD: read_head(connection); break;
    case NET_PHASE_BODY:
        if (connection->exchange->head.is_chunked)
            read_chunked_body(connection);
        else
            read_plain_body(connection);
        break;
    case NET_PHASE_WORK:
    case NET_PHASE_WRITE:
    case NET_PHASE_STREAM:
    case NET_PHASE_LINGER:
    case NET_PHASE_ENDED: return false;
    case NET_PHASE_COUNT: unreachable();
    }
    return connection->input.length < before;
}

void connection_run(struct net_connection *connection)
{
    must(!connection->is_running);
    connection->is_running = true;
    while (run_once(connection))
        continue;
    connection->is_running = false;
}
