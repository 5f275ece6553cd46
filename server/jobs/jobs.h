#pragma once
/* The jobs process, as the assembly in server/main starts it. README.md of this room says what it does. */
#include <stdatomic.h>
#include <stdint.h>

struct config;
struct db_options;

struct jobs_setup {
    const struct config *config;
    atomic_uint_least64_t *pulse;  /* raised twice a second */
    int ready_fd;                  /* one byte when the database is there, then closed */
    void (*on_pulse)(void *owner); /* what the process itself looks after, twice a second */
    void *owner;
};

/* Until SIGTERM. Returns the exit status. */
int jobs_loop(const struct jobs_setup *setup, const struct db_options *database);
