/*
 * One request and its one answer. It has its own memory, so that it outlives the connection it came on.
 */
#include "net/http_decode_rules.h"
#include "net/inside.h"

/* A backstop: heads and bodies are limited at the door, growing by doubling takes up to four times a body. */
enum { EXCHANGE_ARENA_BYTES = 1024 * 1024 * 1024 };

/* The copy of the head stands in `body` until it is parsed. */
struct net_exchange *exchange_create(struct net_connection *connection, struct text head)
{
    struct arena *arena = arena_create(EXCHANGE_ARENA_BYTES);
    struct net_exchange *exchange = arena_new(arena, struct net_exchange);

    must(connection->exchange == NULL);
    exchange->arena = arena;
    exchange->server = connection->server;
    exchange->connection = connection;
    exchange->started_us = connection->started_us;
    exchange->growing = text_out_begin(arena);
    exchange->body = (struct text){arena_copy(arena, head.data, head.length), head.length};
    memcpy(exchange->source, connection->source, sizeof exchange->source);
    connection->exchange = exchange;
    return exchange;
}

void exchange_destroy(struct net_exchange *exchange)
{
    arena_destroy(exchange->arena);
}

enum net_method net_method(const struct net_exchange *exchange)
{
    return exchange->head.method;
}

struct text net_path(const struct net_exchange *exchange)
{
    return exchange->head.path;
}

struct text net_query(const struct net_exchange *exchange)
{
    return exchange->head.query;
}

struct text net_body(const struct net_exchange *exchange)
{
    return exchange->body;
}

struct text net_header(const struct net_exchange *exchange, const char *name, unsigned *count)
{
    struct text const wanted = text_of(name);
    struct text first = TEXT_NONE;
    unsigned found = 0;

    for (size_t i = 0; i < exchange->head.header_count; i++) {
        if (!text_equal_fold(exchange->head.headers[i].name, wanted))
            continue;
        if (found++ == 0)
            first = exchange->head.headers[i].value;
    }
    if (count != NULL)
        *count = found;
    return first;
}

struct text net_source(const struct net_exchange *exchange)
{
    return text_of(exchange->source);
}

bool net_client_is_gone(const struct net_exchange *exchange)
{
    return exchange->connection == NULL;
}

int64_t net_started_us(const struct net_exchange *exchange)
{
    return exchange->started_us;
}

bool net_decode(struct arena *arena, struct text encoded, bool is_query, struct text *decoded)
{
    char *to = arena_alloc(arena, encoded.length + 1);
    size_t length;

    if (!http_decode(encoded, is_query, to, &length))
        return false;
    *decoded = (struct text){.data = to, .length = length};
    return true;
}
