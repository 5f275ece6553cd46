#pragma once
/*
 * The ledger's own process: makes leaves of new records, keeps the mirror, signs checkpoints. Order of each
 * checkpoint (I8): leaves committed, mirror fsynced, signatures checked and own frontier extended, state
 * fsynced, signed, kept.
 *
 *   OPENING --log is ours--> MEETING --database = mirror >= state, roots agree--> WAITING <--> ASKING
 *      any of them --history lost, other root, another machine, fenced off--> REFUSING (for good, logged)
 */
#include <stdatomic.h>
#include <stdint.h>

struct config;
struct db_options;

struct sequencer_setup {
    const struct config *config;
    atomic_uint_least64_t *pulse;
    int ready_fd;
    void (*on_pulse)(void *owner);
    void *owner;
};

/* Until SIGTERM. Returns the exit status. */
int sequencer_loop(const struct sequencer_setup *setup, const struct db_options *database);
