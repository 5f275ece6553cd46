#pragma once
/*
 * Who listens. A listener is owned by this list; it goes when its stream ends, but not while it is `held` by
 * a question under way. One list a worker.
 */
#include <stdbool.h>
#include <stdint.h>

#include "core/text.h"
#include "net/net.h"

enum { LISTENERS_A_SESSION_MAX = 8, SESSION_HEX_BYTES = 67, UNIT_BYTES = 33 };

struct listener_place {
    char unit[UNIT_BYTES];
    unsigned role;
};

struct listener {
    struct listener *next, **previous;
    struct net_stream *stream; /* NULL: its client is gone */
    int64_t person;
    int64_t dossier, version; /* the one on the page, as last told; 0: none */
    int64_t until_s;          /* its stream ends then */
    int64_t heard_s;          /* something was last sent */
    unsigned held;
    bool has_work, has_dossier; /* what it is to be told in this round */
    char session_hex[SESSION_HEX_BYTES];
    unsigned place_count;
    struct listener_place places[];
};

struct listeners {
    struct listener *first;
    int count;
};

/* Not in the list yet. */
struct listener *listener_new(int64_t person, struct text session_hex, struct text grants_json);
void listeners_add(struct listeners *list, struct listener *listener);
/* Its stream has ended by itself. */
void listener_gone(struct listeners *list, struct listener *listener);
/* Ends its stream. */
void listener_end(struct listeners *list, struct listener *listener);
/* The oldest of a session goes when there are too many: a browser that lost count of its pages. */
void listeners_make_room(struct listeners *list, struct text session_hex);
void listener_hold(struct listener *listener);
void listener_release(struct listener *listener);
/* Sends; what cannot be sent ends it later, by itself. */
void listener_tell(struct listener *listener, struct text event, int64_t now_s);

/* A change of a dossier that this place holds or held: marks whom it concerns. */
struct change_place {
    int64_t dossier, handler;
    struct text unit;
    unsigned role;
};
void listeners_mark(struct listeners *list, const struct change_place *place);
void listeners_mark_all(struct listeners *list);
