#pragma once
/*
 * One connection to PostgreSQL that wants to be up: connects without blocking, tells its owner when it is up,
 * when there is something to read and when it is gone, and comes back by itself (back-off 50 ms … 5 s,
 * jittered). What is said over it is its owner's business. Embedded in its owner; link_init() … link_fini().
 *
 *      LINK_DOWN --timer--> LINK_CONNECTING --PQconnectPoll OK--> LINK_UP --link_settle()--> LINK_SETTLED
 *          ^                      |                                  |                           |
 *          +----- failed, lost, link_drop(), or not settled within 10 s of the start -----------+
 */
#include <stdbool.h>

#include <event2/event.h>
#include <event2/event_struct.h>
#include <libpq-fe.h>

#include "core/must.h"
#include "db/connect_options.h"

enum link_state { LINK_DOWN, LINK_CONNECTING, LINK_UP, LINK_SETTLED };

struct link_calls {
    void (*on_up)(void *owner);       /* connected: say what must be said before it can serve */
    void (*on_readable)(void *owner); /* bytes were consumed: PQisBusy(), PQgetResult() */
    void (*on_down)(void *owner);     /* it was up and is gone; link->pg is NULL already */
};

struct link {
    enum link_state state;
    PGconn *pg; /* NULL when LINK_DOWN */
    struct event_base *base;
    struct connect_options options;
    const struct link_calls *calls;
    void *owner;
    struct event read_event, write_event; /* write_event only while PQflush() has bytes left */
    struct event timer;                   /* LINK_DOWN: when to try; LINK_CONNECTING, LINK_UP: the deadline */
    int back_off_ms;
    int64_t lost_count;
    bool is_failure_told; /* the log has one line for the first failure, not one for each try */
};

void link_init(struct link *link, struct event_base *base, const struct connect_options *options);
void link_fini(struct link *link);
void link_start(struct link *link, const struct link_calls *calls, void *owner);
/* The owner has said all it must and serves: the back-off starts anew. */
void link_settle(struct link *link);
/* Ends this connection, calls on_down, and comes back later. `reason` goes to the log. */
void link_drop(struct link *link, const char *reason);
/* Like link_drop(), and waits the longest back-off: what is wrong will not mend by itself soon. */
void link_refuse(struct link *link, const char *reason);
/* Tries at once if it is waiting for its back-off: another connection has just come up. */
void link_hurry(struct link *link);
/* Sends what libpq has gathered, now and when the socket takes more; where it breaks, it is dropped. */
void link_flush(struct link *link);
