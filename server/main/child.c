#include "main/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "core/log.h"
#include "main/reload.h"

enum {
    BACKOFF_FIRST_MS = 100,
    BACKOFF_LAST_MS = 5000,
    LIVED_LONG_MS = 10000, /* whoever lived so long starts again after the shortest rest */
    SILENT_MAX_MS = 10000, /* no pulse for so long: stuck */
};

static void assert_child_state(const struct child *child)
{
    must((child->pid > 0) == (child->state == CHILD_STARTING || child->state == CHILD_SERVING));
    must(child->ready_fd < 0 || child->state == CHILD_STARTING);
    must(child->state != CHILD_ENDED || child->is_to_end);
}

static void set_state(struct child *child, enum child_state state)
{
    child->state = state;
    assert_child_state(child);
    log_debug("child state", LOG_S("child", child->name), LOG_N("state", (int)state));
}

static void rest(struct child *child, int64_t now_ms)
{
    bool const has_lived = child->started_ms > 0 && now_ms - child->started_ms >= LIVED_LONG_MS;

    if (child->backoff_ms == 0 || has_lived)
        child->backoff_ms = BACKOFF_FIRST_MS;
    else if (child->backoff_ms < BACKOFF_LAST_MS / 2)
        child->backoff_ms *= 2;
    else
        child->backoff_ms = BACKOFF_LAST_MS;
    child->due_ms = now_ms + child->backoff_ms;
}

/* Everything above stderr but the two descriptors that are needed; they may be the same or -1. */
static void close_all_but(int a, int b)
{
    int const low = a < b ? a : b, high = a < b ? b : a;
    unsigned from = STDERR_FILENO + 1;

    if (low >= (int)from) {
        if (low > (int)from)
            must(close_range(from, (unsigned)low - 1, 0) == 0);
        from = (unsigned)low + 1;
    }
    if (high >= (int)from) {
        if (high > (int)from)
            must(close_range(from, (unsigned)high - 1, 0) == 0);
        from = (unsigned)high + 1;
    }
    must(close_range(from, ~0U, 0) == 0);
}

/* Does not return where it goes well. The pipe of readiness closes by itself then. */
static int run_program(const struct child *child)
{
    char number[16];

    snprintf(number, sizeof number, "%d", child->listen_fd);
    must(fcntl(child->listen_fd, F_SETFD, 0) == 0);
    execl(child->program, child->program, "--listen-fd", number, (char *)NULL);
    log_error("the program cannot be run", LOG_S("program", child->program),
              LOG_S("reason", strerror(errno)));
    return EX_OSERR;
}

/* From here on this is the child; see worker_setup.h for what it may count on. */
static _Noreturn void become(struct child *child, pid_t supervisor)
{
    sigset_t none;

    must(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0);
    if (getppid() != supervisor) /* it died before the line above */
        _exit(EX_SOFTWARE);
    (void)prctl(PR_SET_NAME, child->name);
    /* Ctrl-C and a lost terminal reach the whole group; the supervisor passes on what is meant. */
    signal(SIGINT, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    sigemptyset(&none);
    must(sigprocmask(SIG_SETMASK, &none, NULL) == 0);
    close_all_but(child->setup.ready_fd, child->listen_fd);
    reload_log_start(child->setup.config, (enum log_level)atomic_load(child->setup.log_level), child->name);
    exit(child->program != NULL ? run_program(child) : child->run(&child->setup));
}

bool child_start(struct child *child, int64_t now_ms)
{
    pid_t const supervisor = getpid();
    int ends[2];
    pid_t pid;

    must(child->state == CHILD_RESTING);
    child->started_ms = now_ms;
    child->pulse = 0;
    atomic_store(child->setup.pulse, 0);
    if (pipe2(ends, O_CLOEXEC) != 0) {
        log_error("no pipe for a child", LOG_S("child", child->name), LOG_S("reason", strerror(errno)));
        rest(child, now_ms);
        return false;
    }
    child->setup.ready_fd = ends[1];
    pid = fork();
    if (pid == 0)
        become(child, supervisor);
    close(ends[1]);
    if (pid < 0) {
        log_error("no process for a child", LOG_S("child", child->name), LOG_S("reason", strerror(errno)));
        close(ends[0]);
        rest(child, now_ms);
        return false;
    }
    child->pid = pid;
    child->ready_fd = ends[0];
    set_state(child, CHILD_STARTING);
    return true;
}

void child_told(struct child *child)
{
    char byte;
    ssize_t got;

    must(child->state == CHILD_STARTING);
    do
        got = read(child->ready_fd, &byte, 1);
    while (got < 0 && errno == EINTR);
    close(child->ready_fd);
    child->ready_fd = -1;
    if (got != 1 && child->program == NULL)
        return; /* it has gone, and waitpid() will say how */
    set_state(child, CHILD_SERVING);
    log_info("child serves", LOG_S("child", child->name), LOG_N("pid", child->pid));
}

static void log_death(const struct child *child, int status, int64_t lived_ms)
{
    bool const is_killed = WIFSIGNALED(status);
    int const code = is_killed ? WTERMSIG(status) : WEXITSTATUS(status);
    bool const is_as_told = is_killed ? code == SIGTERM || code == SIGKILL : code == EX_OK;
    enum log_level const level = child->is_to_end && is_as_told ? LOG_INFO : LOG_ERROR;

    log_line(level, "child ended", LOG_S("child", child->name), LOG_N("pid", child->pid),
             LOG_S("cause", is_killed ? "signal" : "exit"), LOG_N("code", code),
             LOG_S("signal", is_killed ? strsignal(code) : ""), LOG_N("lived_ms", lived_ms));
}

void child_died(struct child *child, int status, int64_t now_ms)
{
    must(child->pid > 0);
    log_death(child, status, now_ms - child->started_ms);
    child->pid = 0;
    if (child->ready_fd >= 0)
        close(child->ready_fd);
    child->ready_fd = -1;
    if (child->is_to_end) {
        set_state(child, CHILD_ENDED);
        return;
    }
    rest(child, now_ms);
    set_state(child, CHILD_RESTING);
}

void child_end(struct child *child)
{
    if (child->is_to_end)
        return;
    child->is_to_end = true;
    if (child->pid > 0)
        (void)kill(child->pid, SIGTERM);
    else
        set_state(child, CHILD_ENDED);
}

void child_kill(struct child *child)
{
    if (child->pid > 0)
        (void)kill(child->pid, SIGKILL);
}

bool child_is_well(struct child *child, int64_t now_ms)
{
    uint64_t const pulse = atomic_load(child->setup.pulse);

    if (child->state != CHILD_SERVING || pulse == 0)
        return true;
    if (pulse != child->pulse) {
        child->pulse = pulse;
        child->pulse_ms = now_ms;
        return true;
    }
    if (now_ms - child->pulse_ms < SILENT_MAX_MS)
        return true;
    log_error("child is stuck and will be killed", LOG_S("child", child->name), LOG_N("pid", child->pid),
              LOG_N("silent_ms", now_ms - child->pulse_ms));
    child->pulse_ms = now_ms;
    child_kill(child);
    return false;
}
