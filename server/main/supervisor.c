#include "main/supervisor.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "core/config.h"
#include "core/log.h"
#include "main/child.h"
#include "main/reload.h"
#include "main/render.h"
#include "main/sd_notify.h"
#include "main/sockets.h"

enum {
    WORKERS_MAX = 64,
    CHILDREN_MAX = WORKERS_MAX + 3, /* and jobs, ledger, render */
    LOOK_EVERY_MS = 1000, /* at pulses */
    ARENA_BYTES = 64 * 1024,
};

/* Shared with all children, so that it outlives each of them. */
struct common_page {
    atomic_int log_level;
    atomic_uint_least64_t pulses[CHILDREN_MAX];
};

enum supervisor_state { SUPERVISOR_SERVING, SUPERVISOR_DRAINING };

struct supervisor {
    const struct config *config;
    const struct options *options;
    struct common_page *page;
    struct child children[CHILDREN_MAX];
    int child_count, worker_count;
    int signal_fd;
    int port_fd; /* keeps http.port ours while no worker lives */
    struct render render;

    enum supervisor_state state;
    int status;        /* to exit with */
    bool is_announced; /* READY=1 was sent */
    int64_t kill_at_ms;
    int64_t watchdog_at_ms; /* when WATCHDOG=1 is due */
};

static int64_t monotonic_ms(void)
{
    struct timespec now;

    must(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void *map_shared(size_t bytes)
{
    void *page = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    must(page != MAP_FAILED);
    return page;
}

/* ---- who is started ---- */

static struct child *add_child(struct supervisor *supervisor, const char *name)
{
    int const slot = supervisor->child_count++;
    struct child *child = &supervisor->children[slot];

    must(slot < CHILDREN_MAX);
    *child = (struct child){.listen_fd = -1, .ready_fd = -1, .state = CHILD_RESTING};
    snprintf(child->name, sizeof child->name, "%s", name);
    child->setup = (struct worker_setup){
        .config = supervisor->config,
        .count = supervisor->worker_count,
        .render_address = supervisor->render.address,
        .render_address_length = supervisor->render.address_length,
        .pulse = &supervisor->page->pulses[slot],
        .log_level = &supervisor->page->log_level,
        .ready_fd = -1,
    };
    return child;
}

static int workers_wanted(const struct config *config)
{
    long const cores = sysconf(_SC_NPROCESSORS_ONLN);

    if (config->process_workers > 0)
        return (int)config->process_workers;
    if (cores < 1)
        return 1;
    return cores > WORKERS_MAX ? WORKERS_MAX : (int)cores;
}

static void add_children(struct supervisor *supervisor, int port)
{
    void *metrics = map_shared(worker_metrics_bytes());
    struct child *jobs;

    if (supervisor->render.program != NULL) {
        struct child *child = add_child(supervisor, "render");

        child->program = supervisor->render.program;
        child->listen_fd = supervisor->render.listen_fd;
        child->is_helper = true;
    }
    for (int i = 0; i < supervisor->worker_count; i++) {
        char name[CHILD_NAME_BYTES];
        struct child *child;

        snprintf(name, sizeof name, "worker-%d", i);
        child = add_child(supervisor, name);
        child->run = worker_run;
        child->setup.index = i;
        child->setup.port = port;
        child->setup.metrics = metrics;
    }
    jobs = add_child(supervisor, "jobs");
    jobs->run = jobs_run;
    jobs->setup.index = supervisor->worker_count;
    jobs->setup.metrics = metrics;
    if (supervisor->config->ledger_directory[0] != '\0') {
        struct child *ledger = add_child(supervisor, "ledger");

        ledger->run = ledger_run;
        ledger->setup.index = supervisor->worker_count;
        ledger->setup.metrics = metrics;
    }
}

static int open_signals(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    must(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
    signal(SIGPIPE, SIG_IGN);
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* EX_OK, or the status to exit with; the reason was logged. */
static int prepare(struct supervisor *supervisor, struct arena *arena)
{
    const struct config *config = supervisor->config;
    const char *reason;
    int port = (int)config->http_port;

    if (config->process_workers < 0 || config->process_workers > WORKERS_MAX) {
        log_error("process.workers is out of range", LOG_N("value", config->process_workers),
                  LOG_N("most", WORKERS_MAX));
        return EX_CONFIG;
    }
    supervisor->port_fd = sockets_hold_port(config->http_address, &port, &reason);
    if (supervisor->port_fd < 0) {
        log_error("cannot listen", LOG_S("address", config->http_address), LOG_N("port", config->http_port),
                  LOG_S("reason", reason));
        return EX_CANTCREAT;
    }
    if (!render_prepare(&supervisor->render, config, arena))
        return EX_CONFIG;
    supervisor->signal_fd = open_signals();
    must(supervisor->signal_fd >= 0);
    supervisor->worker_count = workers_wanted(config);
    supervisor->page = map_shared(sizeof *supervisor->page);
    atomic_store(&supervisor->page->log_level, (int)reload_log_level(config));
    add_children(supervisor, port);
    log_info("starting", LOG_S("address", config->http_address), LOG_N("port", port),
             LOG_N("workers", supervisor->worker_count), LOG_S("version", MOTCUA_VERSION));
    return EX_OK;
}

/* ---- draining ---- */

static int count_in(const struct supervisor *supervisor, bool is_helper)
{
    int count = 0;

    for (int i = 0; i < supervisor->child_count; i++)
        if (supervisor->children[i].is_helper == is_helper && supervisor->children[i].state != CHILD_ENDED)
            count++;
    return count;
}

static void end_all(struct supervisor *supervisor, bool is_helper)
{
    for (int i = 0; i < supervisor->child_count; i++)
        if (supervisor->children[i].is_helper == is_helper)
            child_end(&supervisor->children[i]);
}

static void kill_all(struct supervisor *supervisor)
{
    log_warning("not drained in time, the rest is killed",
                LOG_N("children", count_in(supervisor, false) + count_in(supervisor, true)));
    end_all(supervisor, true); /* a helper that rests has ended with this */
    for (int i = 0; i < supervisor->child_count; i++)
        child_kill(&supervisor->children[i]);
    supervisor->kill_at_ms = INT64_MAX;
}

static void drain(struct supervisor *supervisor, int status, int64_t now_ms)
{
    if (supervisor->state == SUPERVISOR_DRAINING) {
        supervisor->kill_at_ms = now_ms; /* asked a second time: at once */
        return;
    }
    supervisor->state = SUPERVISOR_DRAINING;
    supervisor->status = status;
    supervisor->kill_at_ms = now_ms + supervisor->config->process_drain_timeout_ms;
    sd_notify("STOPPING=1");
    log_info("draining", LOG_N("timeout_ms", supervisor->config->process_drain_timeout_ms));
    end_all(supervisor, false);
}

/* ---- what comes in ---- */

static struct child *find_child(struct supervisor *supervisor, pid_t pid)
{
    for (int i = 0; i < supervisor->child_count; i++)
        if (supervisor->children[i].pid == pid)
            return &supervisor->children[i];
    return NULL;
}

/* Starting again would end the same way; of a server that has once served that is not believed. */
static bool is_hopeless(const struct supervisor *supervisor, int status)
{
    return supervisor->state == SUPERVISOR_SERVING && !supervisor->is_announced && WIFEXITED(status) &&
           (WEXITSTATUS(status) == EX_CONFIG || WEXITSTATUS(status) == EX_USAGE);
}

static void reap(struct supervisor *supervisor, int64_t now_ms)
{
    int status;
    pid_t pid;

    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        struct child *child = find_child(supervisor, pid);

        if (child == NULL)
            continue; /* as process 1 of a container also strangers' orphans come here */
        child_died(child, status, now_ms);
        if (is_hopeless(supervisor, status))
            drain(supervisor, WEXITSTATUS(status), now_ms);
    }
}

static void take_signals(struct supervisor *supervisor, int64_t now_ms)
{
    struct signalfd_siginfo info;

    while (read(supervisor->signal_fd, &info, sizeof info) == (ssize_t)sizeof info) {
        if (info.ssi_signo == SIGCHLD)
            continue; /* they merge: reap() looks at every turn */
        log_info("signal", LOG_S("name", sigabbrev_np((int)info.ssi_signo)), LOG_N("from_pid", info.ssi_pid));
        if (info.ssi_signo == SIGHUP)
            reload_config(supervisor->config, supervisor->options, &supervisor->page->log_level);
        else
            drain(supervisor, EX_OK, now_ms);
    }
}

/* ---- the turn ---- */

static void start_due(struct supervisor *supervisor, int64_t now_ms)
{
    for (int i = 0; i < supervisor->child_count; i++) {
        struct child *child = &supervisor->children[i];

        if (child->state == CHILD_RESTING && child->due_ms <= now_ms)
            (void)child_start(child, now_ms);
    }
}

static void announce(struct supervisor *supervisor)
{
    char text[96];
    int serving = 0;

    for (int i = 0; i < supervisor->child_count; i++)
        if (!supervisor->children[i].is_helper && supervisor->children[i].state == CHILD_SERVING)
            serving++;
    if (supervisor->state != SUPERVISOR_SERVING || supervisor->is_announced ||
        serving < supervisor->child_count - count_in(supervisor, true))
        return;
    supervisor->is_announced = true;
    snprintf(text, sizeof text, "READY=1\nSTATUS=%d workers serve", supervisor->worker_count);
    sd_notify(text);
    log_info("ready", LOG_N("workers", supervisor->worker_count));
}

/* The watchdog is fed only by a turn in which every child is well. */
static void look(struct supervisor *supervisor, int64_t now_ms)
{
    bool is_well = true;

    for (int i = 0; i < supervisor->child_count; i++)
        is_well = child_is_well(&supervisor->children[i], now_ms) && is_well;
    if (!is_well || sd_notify_watchdog_ms() == 0 || now_ms < supervisor->watchdog_at_ms)
        return;
    sd_notify("WATCHDOG=1");
    supervisor->watchdog_at_ms = now_ms + sd_notify_watchdog_ms();
}

static int wait_ms(const struct supervisor *supervisor, int64_t now_ms)
{
    int64_t until_ms = now_ms + LOOK_EVERY_MS;

    for (int i = 0; i < supervisor->child_count; i++) {
        const struct child *child = &supervisor->children[i];

        if (child->state == CHILD_RESTING && child->due_ms < until_ms)
            until_ms = child->due_ms;
    }
    if (supervisor->state == SUPERVISOR_DRAINING && supervisor->kill_at_ms < until_ms)
        until_ms = supervisor->kill_at_ms;
    return until_ms > now_ms ? (int)(until_ms - now_ms) : 0;
}

static void wait_and_listen(struct supervisor *supervisor)
{
    struct pollfd polled[CHILDREN_MAX + 1];
    int count = supervisor->child_count;

    for (int i = 0; i < count; i++) /* a descriptor of -1 is passed over */
        polled[i] = (struct pollfd){.fd = supervisor->children[i].ready_fd, .events = POLLIN};
    polled[count] = (struct pollfd){.fd = supervisor->signal_fd, .events = POLLIN};
    if (poll(polled, (nfds_t)count + 1, wait_ms(supervisor, monotonic_ms())) < 0) {
        must(errno == EINTR || errno == EAGAIN);
        return;
    }
    for (int i = 0; i < count; i++)
        if (polled[i].revents != 0)
            child_told(&supervisor->children[i]);
}

int supervisor_run(const struct config *config, const struct options *options)
{
    struct arena *arena = arena_create(ARENA_BYTES);
    struct supervisor supervisor = {.config = config, .options = options, .port_fd = -1};

    sd_notify_start();
    supervisor.status = prepare(&supervisor, arena);
    while (supervisor.child_count > 0 &&
           count_in(&supervisor, false) + count_in(&supervisor, true) > 0) {
        int64_t now_ms = monotonic_ms();

        if (supervisor.state == SUPERVISOR_SERVING)
            start_due(&supervisor, now_ms);
        wait_and_listen(&supervisor);
        now_ms = monotonic_ms();
        take_signals(&supervisor, now_ms);
        reap(&supervisor, now_ms);
        announce(&supervisor);
        look(&supervisor, now_ms);
        if (supervisor.state == SUPERVISOR_DRAINING && count_in(&supervisor, false) == 0)
            end_all(&supervisor, true);
        if (supervisor.state == SUPERVISOR_DRAINING && now_ms >= supervisor.kill_at_ms)
            kill_all(&supervisor);
    }
    log_info("ended", LOG_N("status", supervisor.status));
    arena_destroy(arena);
    return supervisor.status;
}
