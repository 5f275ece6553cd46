#pragma once
/*
 * Deadlines, told when they pass: batch after batch, at a pace that leaves the database to requests.
 *
 *   WATCH_RESTING --watch_pulse()--> WATCH_ASKING --fewer than a batch--> WATCH_RESTING
 *                                     ^    |  |
 *                                     |    |  +--failed: once more, one by one--> WATCH_ASKING
 *                         pause over  |    | a full batch
 *                                     +-- WATCH_PAUSING
 *
 * It holds nothing: what is taken is locked in the database, told and let go in one transaction. Any number
 * of processes may watch; killed anywhere, a batch is whole or was never begun.
 */
#include <stdint.h>

struct config;
struct db;
struct event;
struct event_base;

enum watch_state { WATCH_RESTING, WATCH_ASKING, WATCH_PAUSING };

struct watch {
    const struct config *config;
    struct db *db;
    struct event *pause;
    enum watch_state state;
    int64_t asked_us;        /* when the present question went out; monotonic */
    char now[40], batch[24]; /* its parameters, alive until the answer */
    int64_t told;            /* since it last rested */
};

void watch_init(struct watch *watch, const struct config *config, struct event_base *base, struct db *db);
void watch_fini(struct watch *watch);
/* Twice a second: begins where it rests. */
void watch_pulse(struct watch *watch);
