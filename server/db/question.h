#pragma once
/*
 * One question on its way: from db_ask() until its one answer. It stands in exactly one list: free, refused,
 * a lane's queue, or a connection's in flight.
 */
#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>
#include <time.h>

#include "db/db.h"

struct question {
    TAILQ_ENTRY(question) link;
    enum sql statement;
    db_on_answer *on_answer;
    void *owner;
    int64_t asked_us;
    int breaks;              /* connections that broke under it */
    int conflicts;           /* serialization failures and deadlocks */
    bool is_again;           /* while it waits: in lane->again */
    bool is_alone;           /* of a batch that failed: asked without others from now on */
    bool is_answered;        /* given up before the server was: its answer will be dropped */
    enum db_outcome refusal; /* in the list of refused: with what */
    int param_count;
    const char *values[DB_PARAMS_MAX];
};

TAILQ_HEAD(question_list, question);

static inline int64_t monotonic_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}
