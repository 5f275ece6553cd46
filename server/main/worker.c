/* A worker process: one loop, one listener of its own, one set of database connections, all rooms. */
#include <event2/event.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

#include "core/config.h"
#include "core/log.h"
#include "main/database_options.h"
#include "main/reload.h"
#include "main/worker_setup.h"
#include "path/counts.h"
#include "path/path.h"

enum { TICK_MS = 500 };

/* What the callbacks of the loop need beside the worker. */
struct running {
    struct worker worker;
    const struct worker_setup *setup;
    bool has_told;
    int log_level;
};

size_t worker_metrics_bytes(void)
{
    return sizeof(struct worker_counts) * COUNT_SLOTS_MAX;
}

static void drained(void *owner)
{
    struct worker *worker = owner;

    event_base_loopexit(worker->base, NULL);
}

static void on_terminate(evutil_socket_t number, short what, void *owner)
{
    struct worker *worker = owner;

    (void)number;
    (void)what;
    if (worker->is_draining)
        return;
    worker->is_draining = true;
    log_info("draining", LOG_N("under_way", worker->under_way_count));
    net_server_drain(worker->server, drained);
}

/* SIGHUP to the supervisor may have changed it. */
static void follow_log_level(struct running *running)
{
    int const level = atomic_load(running->setup->log_level);
    char name[32];

    if (level == running->log_level)
        return;
    running->log_level = level;
    snprintf(name, sizeof name, "worker-%d", running->setup->index);
    reload_log_start(running->setup->config, (enum log_level)level, name);
}

static bool rooms_are_ready(const struct worker *worker)
{
    for (size_t i = 0; i < room_count; i++)
        if (rooms[i].is_ready != NULL && !rooms[i].is_ready(worker))
            return false;
    return true;
}

static void on_tick(evutil_socket_t number, short what, void *owner)
{
    struct running *running = owner;
    struct worker *worker = &running->worker;

    (void)number;
    (void)what;
    atomic_fetch_add(running->setup->pulse, 1);
    follow_log_level(running);
    for (size_t i = 0; i < room_count; i++)
        if (rooms[i].tick != NULL)
            rooms[i].tick(worker);
    counts_refresh(worker);
    if (!running->has_told && db_is_ready(worker->db) && rooms_are_ready(worker)) {
        running->has_told = true;
        if (write(running->setup->ready_fd, "r", 1) != 1)
            log_warning("the supervisor does not listen", LOG_NONE);
        close(running->setup->ready_fd);
    }
}

static struct net_server *open_listener(struct worker *worker, const struct worker_setup *setup)
{
    const struct config *config = setup->config;
    static const struct net_calls calls = {path_body_bytes_max, path_begin, path_fault_body};
    struct net_options const options = {
        .address = config->http_address,
        .port = setup->port,
        .is_shared_port = true,
        .connections_max = (int)config->http_connections_max,
        .head_timeout_ms = config->http_head_timeout_ms,
        .body_timeout_ms = config->http_body_timeout_ms,
        .idle_timeout_ms = config->http_idle_timeout_ms,
        .write_timeout_ms = config->http_write_timeout_ms,
    };
    const char *reason = NULL;
    struct net_server *server = net_server_create(worker->base, &options, &calls, worker, &reason);

    if (server == NULL)
        log_error("cannot listen", LOG_S("address", config->http_address), LOG_N("port", setup->port),
                  LOG_S("reason", reason));
    return server;
}

static void run_loop(struct running *running)
{
    struct worker *worker = &running->worker;
    struct timeval const tick = {.tv_usec = TICK_MS * 1000};
    struct event *terminate = evsignal_new(worker->base, SIGTERM, on_terminate, worker);
    struct event *ticking = event_new(worker->base, -1, EV_PERSIST, on_tick, running);

    must(terminate != NULL && ticking != NULL);
    must(event_add(terminate, NULL) == 0 && event_add(ticking, &tick) == 0);
    for (size_t i = 0; i < room_count; i++)
        if (rooms[i].start != NULL)
            rooms[i].start(worker);
    event_active(ticking, 0, 0);
    must(event_base_dispatch(worker->base) >= 0);
    event_free(ticking);
    event_free(terminate);
}

static void close_rooms(struct worker *worker)
{
    db_destroy(worker->db); /* answers what still waits */
    for (size_t i = 0; i < room_count; i++)
        if (rooms[i].stop != NULL)
            rooms[i].stop(worker);
}

int worker_run(const struct worker_setup *setup)
{
    struct running running = {.setup = setup, .log_level = atomic_load(setup->log_level)};
    struct worker *worker = &running.worker;
    struct event_base *base = event_base_new();
    struct database_options database;

    must(base != NULL && setup->index < COUNT_SLOTS_MAX && sodium_init() >= 0);
    *worker = (struct worker){
        .base = base,
        .config = setup->config,
        .render_address = {(const char *)&setup->render_address, setup->render_address_length},
        .slots = setup->metrics,
        .counts = (struct worker_counts *)setup->metrics + setup->index,
        .slot_count = setup->count,
    };
    randombytes_buf(&worker->request_seed, sizeof worker->request_seed);
    match_start();
    database_options_read(&database, setup->config);
    worker->db = db_create(base, &database.db);
    worker->server = open_listener(worker, setup);
    if (worker->server == NULL) {
        db_destroy(worker->db);
        event_base_free(base);
        return EX_CONFIG;
    }
    run_loop(&running);
    close_rooms(worker);
    net_server_destroy(worker->server);
    event_base_free(base);
    return EX_OK;
}
