#pragma once
/*
 * The way of a request: match → identify → authorise → decode → ask → answer → send (path/steps.c has the
 * table).
 *
 * A route is one row; its handler is two adjacent functions: ask (what goes to the database) and answer (what
 * the row means), both of which end by replying, refusing, or asking again. A request lives in its own arena
 * from the moment it is whole until its answer is handed to net and its last database answer is in; nobody
 * frees anything. Path knows no handler: it walks the tables of routes.c.
 */
#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/json_out.h"
#include "core/text.h"
#include "db/db.h"
#include "net/net.h"
#include "path/field.h"

struct cJSON;
struct config;
struct worker;
struct req;

enum act { ACT_NEXT, ACT_WAIT, ACT_DONE };

enum refusal {
#define REFUSAL(name, status, code, title) REFUSE_##name,
#include "path/refusal.def"
#undef REFUSAL
    REFUSE_COUNT
};

/* Who may: anyone, anyone signed in, or a mask of enum role. */
enum { WHO_ANYONE = 0, WHO_STAFF = -1 };

enum route_flag {
    ROUTE_KEY = 1 << 0,      /* Idempotency-Key is demanded */
    ROUTE_IF_MATCH = 1 << 1, /* If-Match with a version is demanded */
    ROUTE_PAGE = 1 << 2,     /* answers HTML or another type than JSON */
    ROUTE_FORM = 1 << 3,     /* its body is what an HTML form sends (application/x-www-form-urlencoded) */
    ROUTE_RAW =
        1 << 4, /* the handler reads the JSON body itself: up to 16 MiB; body->format names its schema */
    ROUTE_STALE = 1 << 5, /* also for who must change his password first */
};

enum { ROUTE_IDS_MAX = 2, ROUTE_ANSWERS_MAX = 16 };

struct route {
    enum net_method method;
    const char *path;          /* "/api/v1/dossiers/{code}/actions" */
    int who;                   /* WHO_… or a mask of roles */
    unsigned flags;            /* ROUTE_… */
    const struct field *query; /* NULL: no query allowed */
    size_t query_size;
    const struct field *body; /* NULL: no body allowed */
    size_t body_size;
    enum act (*ask)(struct req *req);
    const char *name;     /* operation id: "dossier_act" */
    const char *summary;  /* for docs, Vietnamese */
    const char *answers;  /* "201 Dossier +ETag; 304": status, schema and headers of each success */
    const char *refusals; /* codes besides those every such route has: "wrong-state not-your-action" */
};

/* Who asks; filled by the identify step. person == 0: nobody signed in. */
struct asker {
    int64_t person;
    unsigned roles; /* of all his grants together; what holds on one dossier is asked of the database */
    struct text username, name;
    struct text
        session_hex; /* SHA-256 of the token as bytea text "\x…": the first parameter of staff statements */
    struct text grants; /* JSON [{role, agency, agency_name}] */
    bool is_by_cookie;
    bool must_change_password;
};

struct field_error {
    const char *pointer, *code, *detail;
};
enum { FIELD_ERRORS_MAX = 20, REPLY_HEADERS_MAX = 8 };

/* An answer without an end: who has it from then on. */
struct req_stream {
    void (*begun)(void *owner,
                  struct net_stream *stream); /* NULL: the client is gone; then nothing else comes */
    void (*ended)(void *owner);
    void *owner;
};

struct req {
    struct arena *arena;
    struct worker *worker;
    struct net_exchange *exchange;
    const struct route *route;
    struct text path;
    struct text ids[ROUTE_IDS_MAX];
    struct asker asker;
    const void *query, *body;  /* decoded, of the route's tables */
    struct text key;           /* Idempotency-Key */
    struct text body_hash_hex; /* SHA-256 of method, path, If-Match and body, as bytea text */
    int64_t if_match;          /* version; 0: none demanded */
    struct text if_none_match;
    char id[17];   /* request id, hex */
    int64_t db_us; /* time spent waiting for the database */
    int64_t asked_us;

    /* Room for the handler between ask and answer. */
    void *state;
    bool has_retried;

    /* Set by path. */
    unsigned step;
    bool is_waiting, is_replied;
    enum act (*answer)(struct req *req, const struct db_answer *answer);
    struct field_error errors[FIELD_ERRORS_MAX];
    int error_count;
    int status;
    enum refusal refusal; /* of a refused request; for the log */
    struct net_header headers[REPLY_HEADERS_MAX];
    size_t header_count;
    struct text reply;
    const struct req_stream *stream; /* NULL: an answer with an end, as nearly all */
    struct req *next;                /* in the worker's list of requests under way */
    struct req **previous;
};

/* Parameters for ask(): text forms in the request's arena; NULL is SQL NULL. */
const char *param_text(struct req *req, struct text value); /* data == NULL is NULL */
const char *param_i64(struct req *req, int64_t value);
const char *param_i64_or_null(struct req *req, int64_t value); /* 0 and FIELD_ABSENT are NULL */
const char *param_instant(struct req *req, int64_t at_s);      /* 0 and FIELD_ABSENT are NULL */
const char *param_bool(bool value);
const char *param_bytes(struct req *req, const void *bytes, size_t length);

/* One question to the database; `answer` is called with its rows. Where the database cannot answer, the
 * request is refused and `answer` is not called. */
#define ask(req_, answer_, statement_, ...)                                                                  \
    ask_with((req_), (answer_), (statement_), (const char *const[]){__VA_ARGS__},                            \
             (int)(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *)))
MUST_USE enum act ask_with(struct req *req, enum act (*answer)(struct req *, const struct db_answer *),
                           enum sql statement, const char *const *values, int count);
/* Waits for something that is not the database (a password, a printed form). When it has come: req_wake(),
 * then req_go_on() with what the handler says next. */
MUST_USE enum act req_wait(struct req *req);
void req_wake(struct req *req);
void req_go_on(struct req *req, enum act act);

MUST_USE enum act refuse(struct req *req, enum refusal refusal);
MUST_USE enum act refuse_with(struct req *req, enum refusal refusal, const char *detail);
/* Adds one fault of a field; then `return refuse(req, REFUSE_INVALID)`. */
void req_error(struct req *req, const char *pointer, const char *code, const char *detail);

MUST_USE enum act reply_json(struct req *req, int status, struct text json);
MUST_USE enum act reply_bytes(struct req *req, int status, const char *content_type, struct text bytes);
MUST_USE enum act reply_empty(struct req *req, int status);
/* 200 and a stream: the request is over, `stream` (in its arena) names who goes on. */
MUST_USE enum act reply_stream(struct req *req, const char *content_type, const struct req_stream *stream);
void reply_header(struct req *req, const char *name, struct text value);
/* ETag: "version"; and 304 instead of the body when If-None-Match names it (GET only). */
void reply_version(struct req *req, int64_t version);
MUST_USE bool req_is_unchanged(const struct req *req, int64_t version);

/* A reply made but not sent, put aside while something is asked, and given after all. */
struct kept_reply {
    int status;
    enum refusal refusal;
    size_t header_count;
    struct net_header headers[REPLY_HEADERS_MAX];
    struct text body;
};
struct kept_reply *reply_put_aside(struct req *req);
MUST_USE enum act reply_kept(struct req *req, const struct kept_reply *kept);

const char *refusal_code(enum refusal refusal);
int refusal_status(enum refusal refusal);
const char *refusal_title(enum refusal refusal);

/* decode.c: true when *out is filled; false when req->errors hold why. */
MUST_USE bool decode_query(struct req *req, struct text query, const struct field *fields, void *out);
MUST_USE bool decode_object(struct req *req, const struct cJSON *object, const struct field *fields,
                            void *out, const char *pointer);

/* Keyset cursors: opaque to the caller, a checked JSON text inside. */
struct text cursor_write(struct req *req, struct text position);
MUST_USE bool cursor_read(struct req *req, struct text cursor, struct text *position);
/* Of a list ordered by an instant and an id, "<timestamptz>|<id>" as the database wrote it: the two as
 * parameters. No cursor: before the first. */
MUST_USE bool instant_cursor_read(struct req *req, struct text cursor, const char **after,
                                  const char **after_id);
MUST_USE bool instant_position_read(struct req *req, struct text position, const char **after,
                                    const char **after_id);

/* What a room needs at the start of a worker, besides its routes. Any function may be NULL. */
struct room {
    const char *name;
    const struct route *routes;
    size_t route_count;
    void (*start)(struct worker *worker);
    bool (*is_ready)(const struct worker *worker);
    void (*stop)(struct worker *worker);
    void (*tick)(struct worker *worker); /* once a second */
};

/* routes.c: the only place that knows all rooms. */
extern const struct room rooms[];
extern const size_t room_count;
/* The identify step is a room's, not path's: NULL-safe, fills req->asker or leaves it empty. */
extern enum act (*const identify_step)(struct req *req);
/* Likewise the names of the bits of `who`, for the description. */
extern const char *(*const name_of_role)(unsigned role);

/* The worker: what all requests of one process share. */
struct event_base;
struct worker_counts;
struct worker {
    struct event_base *base;
    const struct config *config;
    struct text render_address; /* sockaddr_un bytes of the render process */
    struct net_server *server;
    struct db *db;
    struct worker_counts *counts; /* own slot of the shared page */
    struct worker_counts *slots;  /* all of them */
    int slot_count;
    struct req *under_way; /* all requests not yet finished */
    int under_way_count;
    bool is_draining;
    uint64_t request_seed, request_number;
};

/* The server's clock: wall time plus time.clock_offset. */
int64_t worker_now(const struct worker *worker);
/* Who sent it, as an address: the peer, or what the trusted front says in X-Forwarded-For. */
struct text req_source(const struct req *req);
/* From net: a whole request. */
void path_begin(void *owner, struct net_exchange *exchange);
size_t path_body_bytes_max(void *owner, struct net_exchange *exchange);
struct text path_fault_body(void *owner, enum net_fault fault);

/* match.c */
void match_start(void);
/* NULL: no such path, or (when *is_path_known) another method. */
const struct route *match_route(enum net_method method, struct text path,
                                struct text ids[static ROUTE_IDS_MAX], bool *is_path_known);
/* "GET, POST" for the Allow header of that path. */
const char *match_allowed(struct arena *arena, struct text path);
