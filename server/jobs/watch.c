#include "jobs/watch.h"

#include <event2/event.h>
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "core/config.h"
#include "core/instant.h"
#include "core/log.h"
#include "db/db.h"

enum { SECOND_US = 1000000, PAUSE_MAX_US = 2 * SECOND_US };

static int64_t monotonic_us(void)
{
    struct timespec now;

    must(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return (int64_t)now.tv_sec * SECOND_US + now.tv_nsec / 1000;
}

static void ask_batch(struct watch *watch, enum sql statement, db_on_answer *answered)
{
    struct db_params params = {.count = 2, .values = {watch->now, watch->batch}};

    instant_format(watch->now, instant_now() + watch->config->time_clock_offset_ms / 1000);
    watch->state = WATCH_ASKING;
    watch->asked_us = monotonic_us();
    db_ask(watch->db, statement, &params, answered, watch);
}

static void rest(struct watch *watch)
{
    if (watch->told > 0)
        log_info("deadlines told", LOG_N("notices", watch->told));
    watch->told = 0;
    watch->state = WATCH_RESTING;
}

/* As long as the batch took, and so much longer that telling has no more than its share of the time. */
static void pause(struct watch *watch)
{
    int64_t const took_us = monotonic_us() - watch->asked_us;
    int64_t const share = watch->config->watch_share_percent;
    int64_t pause_us = took_us * (100 - share) / share;
    struct timeval length;

    if (pause_us > PAUSE_MAX_US)
        pause_us = PAUSE_MAX_US;
    length = (struct timeval){.tv_sec = pause_us / SECOND_US, .tv_usec = pause_us % SECOND_US};
    watch->state = WATCH_PAUSING;
    must(event_add(watch->pause, &length) == 0);
}

static void told_singly(void *owner, const struct db_answer *answer)
{
    struct watch *watch = owner;

    if (db_outcome(answer) != DB_ROWS) {
        rest(watch);
        return;
    }
    watch->told += db_i64(answer, 0, COL_TIMERS_FIRE_SINGLY_TOLD);
    log_warning("deadlines that could not be told",
                LOG_N("put_off", db_i64(answer, 0, COL_TIMERS_FIRE_SINGLY_FAILED)));
    pause(watch);
}

static void told(void *owner, const struct db_answer *answer)
{
    struct watch *watch = owner;

    if (db_outcome(answer) == DB_FAILED) { /* one of them cannot be told; logged there */
        ask_batch(watch, SQL_TIMERS_FIRE_SINGLY, told_singly);
        return;
    }
    if (db_outcome(answer) != DB_ROWS) {
        rest(watch); /* the next pulse tries again */
        return;
    }
    watch->told += db_i64(answer, 0, COL_TIMERS_FIRE_TOLD);
    if (db_i64(answer, 0, COL_TIMERS_FIRE_TAKEN) < watch->config->watch_batch)
        rest(watch);
    else
        pause(watch);
}

static void on_pause_over(evutil_socket_t fd, short what, void *owner)
{
    (void)fd;
    (void)what;
    ask_batch(owner, SQL_TIMERS_FIRE, told);
}

void watch_pulse(struct watch *watch)
{
    if (watch->state == WATCH_RESTING && db_is_ready(watch->db))
        ask_batch(watch, SQL_TIMERS_FIRE, told);
}

void watch_init(struct watch *watch, const struct config *config, struct event_base *base, struct db *db)
{
    *watch = (struct watch){.config = config, .db = db, .state = WATCH_RESTING};
    snprintf(watch->batch, sizeof watch->batch, "%" PRId64, config->watch_batch);
    watch->pause = event_new(base, -1, 0, on_pause_over, watch);
    must(watch->pause != NULL);
}

void watch_fini(struct watch *watch)
{
    event_free(watch->pause);
}
