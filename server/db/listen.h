#pragma once
/*
 * The one connection that listens. It says nothing else but a ping now and then, so that a silent network is
 * noticed within 20 s and caches that live by notices are not believed for longer.
 */
#include "db/db.h"
#include "db/link.h"

enum { LISTEN_CHANNELS_MAX = 16, LISTEN_CHANNEL_BYTES = 64 };

struct listen_channel {
    char name[LISTEN_CHANNEL_BYTES];
    db_on_notice *on_notice;
    void *owner;
};

struct listener {
    struct link link;
    struct event ping_timer;
    struct listen_channel channels[LISTEN_CHANNELS_MAX];
    int channel_count;
    bool is_started;
    bool is_asked;   /* LISTEN or ping is out */
    bool is_stale;   /* a channel was added while it was */
    bool is_serving; /* DB_NOTICE_BACK was told */
};

void listener_init(struct listener *listener, struct event_base *base, const struct connect_options *options);
void listener_fini(struct listener *listener);
void listener_add(struct listener *listener, const char *channel, db_on_notice *on_notice, void *owner);
