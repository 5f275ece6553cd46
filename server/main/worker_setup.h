#pragma once
/*
 * What the supervisor hands to a child process after fork: everything it cannot find out by itself. The
 * structure lives in the child until it ends; nothing in it is freed.
 *
 * What holds in a child when its run function is called: descriptors 0, 1, 2 and ready_fd are open and
 * nothing else is; SIGINT, SIGHUP and SIGPIPE are ignored, SIGTERM has its default meaning and the child is
 * asked to drain by it; the death of the supervisor kills the child at once.
 */
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

struct config;

struct worker_setup {
    const struct config *config;
    int index; /* 0 … count - 1; of the jobs process: count */
    int count; /* workers, without the jobs process */
    int port;  /* to listen on with SO_REUSEPORT; never 0, also where http.port is */

    struct sockaddr_un render_address; /* abstract or a path; connect() with exactly this length */
    socklen_t render_address_length;

    void *metrics; /* shared by all children and by those that follow them; worker_metrics_bytes(), zeroed
                      once */

    /* Own pulse: to be raised at least once a second by the loop itself. Who has begun and is then silent for
     * 10 s counts as stuck, is killed and restarted. */
    atomic_uint_least64_t *pulse;
    /* enum log_level, changed by SIGHUP to the supervisor: to be looked at whenever the pulse is raised. */
    const atomic_int *log_level;
    /* One byte is written here, once, when this process serves; then it is closed. */
    int ready_fd;
};

/* Each returns the exit status of its process: 0 after a drain, a sysexits code otherwise. 64 and 78 at the
 * start end the whole server, since starting again would not help. */
int worker_run(const struct worker_setup *setup);
int jobs_run(const struct worker_setup *setup);
/* Only where ledger.directory is set. */
int ledger_run(const struct worker_setup *setup);

/* Size of the page behind `metrics`. */
size_t worker_metrics_bytes(void);
