#pragma once
/* Looking for news while anybody listens, and telling it. One question at a time; state of one worker. */
#include "news/listeners.h"
#include "path/path.h"

struct poll {
    struct worker *worker;
    struct listeners *listeners;
    bool is_busy;   /* a question is out */
    bool has_gap;   /* something may have been missed: all look again */
    char since[24]; /* oldest transaction under way at the last look; "": nobody listened yet */
    int64_t *seen;  /* ids of the last answer, ascending: they may come again */
    size_t seen_count;
    struct arena *round;     /* what the present telling works with */
    struct listener **asked; /* in the order of the question's pairs */
    bool *is_work;           /* which of the two a pair is about */
    size_t asked_count, asked_from, asked_to;
};

void poll_start(struct poll *poll, struct worker *worker, struct listeners *listeners);
void poll_stop(struct poll *poll);
/* The database's own mark; the first listener brings it. */
void poll_begin_at(struct poll *poll, const char *since);
/* Once a second. */
void poll_look(struct poll *poll);
