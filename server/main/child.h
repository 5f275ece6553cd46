#pragma once
/*
 * One child process of the supervisor: started, watched, started again when it dies, told to end.
 *
 *                 child_start                first byte on the pipe
 *   CHILD_RESTING ------------> CHILD_STARTING ------------> CHILD_SERVING
 *       ^    |                       |                            |
 *       |    | child_end             |         it died            |
 *       +----|-----------------------+----------------------------+
 *            v                       |  it died after child_end   |
 *        CHILD_ENDED <---------------+----------------------------+
 *
 * A child that dies soon is left resting longer each time, 100 ms doubling to 5 s, so that a crash at start
 * costs neither the machine nor the log. Who owns the structure owns the process.
 */
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/must.h"
#include "main/worker_setup.h"

enum child_state { CHILD_RESTING, CHILD_STARTING, CHILD_SERVING, CHILD_ENDED };

enum { CHILD_NAME_BYTES = 24 };

struct child {
    char name[CHILD_NAME_BYTES]; /* "worker-0": in each of its log lines */
    int (*run)(const struct worker_setup *setup);
    struct worker_setup setup; /* what it is given; ready_fd is set at each start */
    /* Instead of run: this program with --listen-fd listen_fd. It tells nothing; that it runs counts as
     * serving. */
    const char *program;
    int listen_fd;  /* -1 without program */
    bool is_helper; /* ends after those it helps */

    enum child_state state; /* set by set_state() alone */
    bool is_to_end;
    pid_t pid;    /* 0: no process */
    int ready_fd; /* the read end; -1 outside CHILD_STARTING, and once it was closed there */
    int64_t started_ms;
    int64_t due_ms;     /* CHILD_RESTING: when to start it */
    int64_t backoff_ms; /* of the latest rest */
    uint64_t pulse;     /* as last seen; 0: it has none yet and is not judged */
    int64_t pulse_ms;   /* when it was last seen to move */
};

/* Forks. False: no process could be made, it rests and is due again. Does not return in the child. */
bool child_start(struct child *child, int64_t now_ms);
/* Its ready_fd can be read: it serves, or has ended. */
void child_told(struct child *child);
/* waitpid() has brought this status: logs the cause, and the child rests or has ended. */
void child_died(struct child *child, int status, int64_t now_ms);
/* Asks it to end by SIGTERM; one that rests has ended at once. */
void child_end(struct child *child);
/* Looks at its pulse; one silent too long is killed. True: alive and well, or not to be judged. */
MUST_USE bool child_is_well(struct child *child, int64_t now_ms);
void child_kill(struct child *child);
