/* The jobs process: a loop, two database connections, one timer. */
#include <event2/event.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

#include "core/config.h"
#include "core/instant.h"
#include "core/log.h"
#include "db/db.h"
#include "jobs/jobs.h"
#include "jobs/watch.h"

enum { PULSE_MS = 500, WORK_EVERY_PULSES = 120 };

#define BATCH_TEXT "5000"

struct jobs {
    const struct jobs_setup *setup;
    struct event_base *base;
    struct db *db;
    struct watch watch;
    unsigned pulses;
    bool has_told, is_working;
    char now[INSTANT_TEXT_BYTES]; /* of the question under way */
};

static void worked(void *owner, const struct db_answer *answer)
{
    struct jobs *jobs = owner;

    jobs->is_working = false;
    if (db_outcome(answer) != DB_ROWS)
        return; /* db has logged it; the next minute tries again */
    if (db_i64(answer, 0, COL_HOUSEKEEPING_REMOVED) + db_i64(answer, 0, COL_HOUSEKEEPING_PARTITIONS) > 0)
        log_info("housekeeping", LOG_N("removed", db_i64(answer, 0, COL_HOUSEKEEPING_REMOVED)),
                 LOG_N("partitions", db_i64(answer, 0, COL_HOUSEKEEPING_PARTITIONS)));
}

static void on_pulse(evutil_socket_t fd, short what, void *owner)
{
    struct jobs *jobs = owner;
    struct db_params const params = {.count = 2, .values = {BATCH_TEXT, jobs->now}};

    (void)fd;
    (void)what;
    atomic_fetch_add(jobs->setup->pulse, 1);
    jobs->setup->on_pulse(jobs->setup->owner);
    if (!jobs->has_told && db_is_ready(jobs->db)) {
        jobs->has_told = true;
        if (write(jobs->setup->ready_fd, "r", 1) != 1)
            log_warning("the supervisor does not listen", LOG_NONE);
        close(jobs->setup->ready_fd);
    }
    watch_pulse(&jobs->watch);
    if (jobs->pulses++ % WORK_EVERY_PULSES != 0 || jobs->is_working)
        return;
    jobs->is_working = true;
    instant_format(jobs->now, instant_now() + jobs->setup->config->time_clock_offset_ms / 1000);
    db_ask(jobs->db, SQL_HOUSEKEEPING, &params, worked, jobs);
}

static void on_terminate(evutil_socket_t fd, short what, void *owner)
{
    struct jobs *jobs = owner;

    (void)fd;
    (void)what;
    event_base_loopexit(jobs->base, NULL);
}

int jobs_loop(const struct jobs_setup *setup, const struct db_options *database)
{
    struct jobs jobs = {.setup = setup, .base = event_base_new()};
    struct timeval const pulse = {.tv_usec = PULSE_MS * 1000};
    struct event *ticking, *terminate;

    must(jobs.base != NULL);
    jobs.db = db_create(jobs.base, database);
    watch_init(&jobs.watch, setup->config, jobs.base, jobs.db);
    ticking = event_new(jobs.base, -1, EV_PERSIST, on_pulse, &jobs);
    terminate = evsignal_new(jobs.base, SIGTERM, on_terminate, &jobs);
    must(ticking != NULL && terminate != NULL);
    must(event_add(ticking, &pulse) == 0 && event_add(terminate, NULL) == 0);
    must(event_base_dispatch(jobs.base) >= 0);
    event_free(terminate);
    event_free(ticking);
    db_destroy(jobs.db);
    watch_fini(&jobs.watch);
    event_base_free(jobs.base);
    return EX_OK;
}
