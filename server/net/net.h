#pragma once
/*
 * HTTP/1.1 in and out, strict. The only room that sees a client's socket. It reads one request at a time from
 * each connection, refuses whatever leaves doubt about where a message ends, and hands over requests that are
 * whole.
 *
 * Ownership: an exchange (one request and its one answer) belongs to the caller from on_request() until it
 * calls net_answer(), exactly once, on every exchange it was given, also when the client has gone meanwhile
 * (net_client_is_gone()): then the answer is dropped. All texts of an exchange live until net_answer()
 * returns. Rules: RFC 9112; docs/decisions has what is stricter than the RFC and why.
 */
#include <stdbool.h>
#include <stdint.h>

#include "core/text.h"

struct event_base;
struct net_server;
struct net_exchange;

enum net_method { NET_GET, NET_HEAD, NET_POST, NET_PUT, NET_PATCH, NET_DELETE, NET_OPTIONS };

/* What net refuses by itself, before anyone above sees a request. */
enum net_fault {
    NET_FAULT_BAD_REQUEST,     /* 400: any doubt about framing, syntax, Host, target */
    NET_FAULT_HEAD_TIMEOUT,    /* 408 */
    NET_FAULT_BODY_TOO_LARGE,  /* 413 */
    NET_FAULT_TARGET_TOO_LONG, /* 414 */
    NET_FAULT_EXPECTATION,     /* 417 */
    NET_FAULT_HEAD_TOO_LARGE,  /* 431 */
    NET_FAULT_NOT_IMPLEMENTED, /* 501: unknown method, unknown transfer coding */
    NET_FAULT_VERSION,         /* 505 */
    NET_FAULT_COUNT
};

struct net_header {
    struct text name;  /* as sent; compare with text_equal_fold() */
    struct text value; /* trimmed */
};

/* What the caller provides. `owner` is handed to each function. */
struct net_calls {
    /* The head is in and says that a body follows: how many bytes may it have? Asked before one of them is
     * read, and before a client that waits for 100 Continue is told to send; more is refused with 413, and
     * with 0 any body is. Method, path and headers of the exchange can be read already. */
    size_t (*body_bytes_max)(void *owner, struct net_exchange *exchange);
    /* The request is whole. */
    void (*on_request)(void *owner, struct net_exchange *exchange);
    /* The body of the answer to a fault, application/problem+json, constant for the life of the server. */
    struct text (*fault_body)(void *owner, enum net_fault fault);
};

struct net_options {
    const char *address; /* numeric IPv4 or IPv6 */
    int port;            /* 0: any, see net_server_port() */
    bool is_shared_port; /* SO_REUSEPORT */
    int connections_max;
    /* Of each phase as a whole, whatever trickles in. Only a body that brings 16 KiB a second gets its time
     * again. */
    /* A connection that has never sent a byte has the time of a head, not that of one between two requests:
     * it has proved nothing yet, and a browser that opened it in advance opens another. */
    int64_t head_timeout_ms, body_timeout_ms, idle_timeout_ms, write_timeout_ms;
};

/* Listens at once. NULL: *reason says why (static or errno text). Texts of options need not outlive the call.
 */
struct net_server *net_server_create(struct event_base *base, const struct net_options *options,
                                     const struct net_calls *calls, void *owner, const char **reason);
int net_server_port(const struct net_server *server);
/* Stops listening and closes idle connections; those with an exchange in work close after its answer.
 * `drained` is called once, from the loop, when no connection is left and no exchange is out; it may destroy.
 */
void net_server_drain(struct net_server *server, void (*drained)(void *owner));
/* Ends everything at once; exchanges still out stay valid until their net_answer(). Not from within
 * net_calls. */
void net_server_destroy(struct net_server *server);

struct net_counts {
    int64_t accepted, refused_full, faults[NET_FAULT_COUNT], timeouts, bytes_in, bytes_out;
    int connections; /* open now */
};
const struct net_counts *net_server_counts(const struct net_server *server);

enum net_method net_method(const struct net_exchange *exchange);
const char *net_method_name(enum net_method method);
/* Origin-form, undecoded, without the query; starts with '/'. "OPTIONS *" asks of "/". */
struct text net_path(const struct net_exchange *exchange);
/* Undecoded, without '?'; data == NULL where there was none. */
struct text net_query(const struct net_exchange *exchange);
struct text net_body(const struct net_exchange *exchange);
/* The value of the only header of that name; data == NULL where there is none. When there are several: the
 * first, and *count (may be NULL) says how many. */
struct text net_header(const struct net_exchange *exchange, const char *name, unsigned *count);
/* Numeric address of the peer, "127.0.0.1" or "::1". */
struct text net_source(const struct net_exchange *exchange);
/* It has closed its side, or the connection broke. A half-closed connection counts as gone, too. */
bool net_client_is_gone(const struct net_exchange *exchange);
/* Monotonic microseconds at which the first byte of this request came. */
int64_t net_started_us(const struct net_exchange *exchange);

/* Percent-decodes a path segment or query value into the arena ('+' stays '+' in a path, is a blank in a
 * query). False: bad escape, NUL, or not UTF-8. */
MUST_USE bool net_decode(struct arena *arena, struct text encoded, bool is_query, struct text *decoded);

struct net_answer {
    int status;
    const struct net_header *headers; /* besides Content-Length, Date, Connection, which net writes */
    size_t header_count;
    struct text body; /* copied, or sent before the call returns; HEAD, 204 and 304 send none */
    bool is_closing;  /* close the connection after this answer */
};
/* The end of the exchange: its memory may be gone when this returns. Header values must not hold CR, LF, NUL.
 */
void net_answer(struct net_exchange *exchange, const struct net_answer *answer);
