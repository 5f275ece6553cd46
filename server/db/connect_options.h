#pragma once
/*
 * What every connection to PostgreSQL is opened with: who it says it is, its time limits, its fixed session
 * settings. The operator's conninfo says where; what stands here cannot be overridden by it, but for the
 * network's patience.
 */
#include <stdint.h>

#include <libpq-fe.h>

enum connect_kind {
    CONNECT_READ, /* questions that change nothing: the session is read only */
    CONNECT_WRITE,
    CONNECT_LISTEN,
    CONNECT_OWNER, /* migrations: no time limits */
};

struct connect_options {
    const char *conninfo;
    const char *password; /* NULL: none */
    enum connect_kind kind;
    int64_t wait_timeout_ms; /* a statement's limit is a little less, so that the server itself ends it */
};

/* Begins; the caller goes on with PQconnectPoll(). Never NULL. */
PGconn *connect_begin(const struct connect_options *options);
/* Blocks; for programs without a loop. Never NULL. */
PGconn *connect_now(const struct connect_options *options);
