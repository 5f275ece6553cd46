#pragma once
/*
 * What the files of this room share and nobody else sees: the server, its connections, their exchanges.
 *
 * Being in a phase is being on that phase's list; connection_enter() is the only function that changes it.
 * Each phase lasts equally long for all, so a list is in the order of its deadlines and its first element is
 * the next to expire: deadlines are total, and bytes that come in never move them.
 *
 *            ┌──────────────────────── answered, kept open ───────────────────────┐
 *            ▼                                                                    │
 *   accept → HEAD ⇄ IDLE ──► HEAD ──► BODY ──► WORK ──► WRITE ────────────────────┤
 *              │      (whole at once: straight to WORK)   │ (sent at once: none) ─┤
 *              │                                          │ (a stream: STREAM ─► ENDED)
 *              └── fault: answered by net itself ─────────┴─► LINGER ─► ENDED ◄───┘ closing
 *   Every phase → ENDED when the client goes, the deadline passes or the server is destroyed.
 */
#include <event2/event.h>
#include <event2/event_struct.h>
#include <sys/queue.h>

#include "core/text_out.h"
#include "net/http_chunk_rules.h"
#include "net/http_head_rules.h"
#include "net/net.h"

enum {
    NET_READ_BYTES = 64 * 1024, /* of one read(2), and what may wait behind a request in work */
    NET_REQUESTS_MAX =
        1000, /* of one connection; then it is closed, so that load spreads over workers again */
    NET_LINGER_BYTES_MAX = 64 * 1024,
    NET_LINGER_MS = 2000,
    NET_STREAM_BYTES_MAX = 64 * 1024,     /* of a stream, not taken by the client yet */
    NET_BODY_BYTES_PER_S_MIN = 16 * 1024, /* a body that comes this fast may take longer than its deadline */
    NET_SOURCE_BYTES = 46,                /* an IPv6 address and its NUL */
};

enum net_phase {
    NET_PHASE_IDLE,   /* between two requests, nothing of the next one is here */
    NET_PHASE_HEAD,   /* a part of a head is here, or the connection is new */
    NET_PHASE_BODY,   /* the head is accepted */
    NET_PHASE_WORK,   /* the exchange is the caller's; it has deadlines of its own */
    NET_PHASE_WRITE,  /* the client has not taken all of an answer yet */
    NET_PHASE_STREAM, /* an answer without an end; it has no deadline but what waits to be written is bounded
                       */
    NET_PHASE_LINGER, /* answered and shut down; what still comes is thrown away, so that the answer arrives
                       */
    NET_PHASE_ENDED,  /* closed; the memory is used again after this turn of the loop */
    NET_PHASE_COUNT
};

struct net_connection {
    TAILQ_ENTRY(net_connection) neighbours;
    struct net_server *server;
    struct net_exchange *exchange; /* from the head on, until it is answered */
    struct event event;
    int64_t deadline_us;
    int64_t started_us;   /* first byte of the present request; 0: none came */
    struct text input;    /* came and not read yet; between two events it lies in `held` */
    struct text_out held; /* no memory while there is nothing to hold */
    struct text_out out;  /* what the socket did not take; likewise */
    size_t out_sent;
    struct http_head_scan scan;
    unsigned request_count;
    unsigned linger_bytes;
    int fd;
    short interest; /* EV_READ, EV_WRITE or 0: what the event is added for */
    enum net_phase phase;
    bool is_running;        /* connection_run() is on the stack */
    bool is_closing;        /* after the present answer */
    bool is_stream_over;    /* told, or about to be told: see stream.c */
    bool is_client_closing; /* it asked for that, so it will send nothing more: no need to linger */
    void (*stream_ended)(void *owner); /* NULL: no stream, or nobody waits for its end any more */
    void *stream_owner;
    char source[NET_SOURCE_BYTES];
};

TAILQ_HEAD(net_connections, net_connection);

struct net_exchange {
    struct arena *arena;                  /* holds the exchange itself, head and body */
    struct net_server *server;            /* NULL: destroyed meanwhile */
    struct net_connection *connection;    /* NULL: the client is gone */
    TAILQ_ENTRY(net_exchange) neighbours; /* on server->exchanges while it is the caller's */
    int64_t started_us;
    struct http_head head;
    struct text body;
    struct text_out growing; /* the body while it comes in pieces */
    struct http_chunks chunks;
    size_t body_bytes_max;
    size_t body_mark; /* body bytes at the last body deadline */
    char source[NET_SOURCE_BYTES];
};

TAILQ_HEAD(net_exchanges, net_exchange);

struct net_server {
    struct arena *arena; /* the server and all connections there ever were at once */
    struct event_base *base;
    struct net_calls calls;
    void *owner;
    struct net_counts counts;
    struct net_connections phases[NET_PHASE_COUNT];
    struct net_connections spare; /* memory of connections that ended */
    struct net_exchanges exchanges;
    int64_t phase_us[NET_PHASE_COUNT]; /* how long each may last; 0: no deadline */
    int64_t sweep_at_us;               /* when sweep_event fires; INT64_MAX: not armed */
    int64_t sweep_step_us;             /* it never fires more often than this */
    struct event *sweep_event;         /* cuts whoever passed a deadline */
    struct event *turn_event;          /* end of the loop turn: frees, and tells that the server is drained */
    struct event *listen_event;
    struct event *rest_event; /* listens again after descriptors ran out */
    int listen_fd;
    int spare_fd; /* given up for a moment to turn a client away when there is no other descriptor left */
    int port;
    int connections_max;
    bool is_draining;
    void (*drained)(void *owner); /* NULL: told already, or not draining */
    time_t date_s;
    char date[32]; /* of date_s, as the Date header has it */
    char scratch[NET_READ_BYTES];
};

int64_t net_now_us(void);

/* connection.c */
void connection_open(struct net_server *server, int fd, const char *source);
void connection_enter(struct net_connection *connection, enum net_phase phase);
void connection_end(struct net_connection *connection);
/* Its phase's deadline has passed. */
void connection_expire(struct net_connection *connection);
/* Serves what has come already, then closes it if it is idle. */
void connection_drain(struct net_connection *connection);
/* The answer is on its way (in `out`) or gone: on to the next request, or to the end. */
void connection_answered(struct net_connection *connection);
void connection_want(struct net_connection *connection, short interest);

/* request.c: reads connection->input as far as it can. */
void connection_run(struct net_connection *connection);

/* exchange.c */
struct net_exchange *exchange_create(struct net_connection *connection, struct text head);
void exchange_destroy(struct net_exchange *exchange);

/* answer.c */
void answer_fault(struct net_connection *connection, enum net_fault fault);
void answer_continue(struct net_connection *connection);
/* Sends bytes, as many as the socket takes; the rest stays in connection->out. False: the client is gone. */
MUST_USE bool answer_flush(struct net_connection *connection);

/* The head of an answer; without Content-Length where it has no end. */
struct text answer_head(struct net_connection *connection, struct arena *arena,
                        const struct net_answer *answer, bool is_endless);
/* As much as the socket takes now, the rest into connection->out. False: the client is gone. */
MUST_USE bool answer_send(struct net_connection *connection, struct text bytes);

/* stream.c: the socket is writable, readable, or the connection is ending. */
void stream_writable(struct net_connection *connection);
void stream_readable(struct net_connection *connection);
void stream_is_ending(struct net_connection *connection);

/* listener.c */
/* -1: *reason says why */
int listener_open(const struct net_options *options, int *port, const char **reason);
void listener_start(struct net_server *server);
/* Takes in whoever has already connected, then stops. */
void listener_stop(struct net_server *server);

/* server.c */
void server_wait_for(struct net_server *server, int64_t deadline_us);
/* Has the end of this loop turn looked after. */
void server_end_turn(struct net_server *server);
