/* ledger_run(): the ledger room's sequencer with this process's database connections. */
#include "core/config.h"
#include "ledger/sequencer.h"
#include "main/database_options.h"
#include "main/reload.h"
#include "main/worker_setup.h"

/* What SIGHUP to the supervisor may have changed. */
struct following {
    const struct worker_setup *setup;
    int log_level;
};

static void follow_log_level(void *owner)
{
    struct following *following = owner;
    int const level = atomic_load(following->setup->log_level);

    if (level == following->log_level)
        return;
    following->log_level = level;
    reload_log_start(following->setup->config, (enum log_level)level, "ledger");
}

int ledger_run(const struct worker_setup *setup)
{
    struct following following = {.setup = setup, .log_level = atomic_load(setup->log_level)};
    struct sequencer_setup const sequencer = {.config = setup->config,
                                              .pulse = setup->pulse,
                                              .ready_fd = setup->ready_fd,
                                              .on_pulse = follow_log_level,
                                              .owner = &following};
    struct database_options database;

    database_options_read(&database, setup->config);
    if (setup->config->ledger_conninfo[0] != '\0')
        database.db.conninfo = setup->config->ledger_conninfo;
    database.db.read_connections = 1;
    database.db.write_connections = 1;
    return sequencer_loop(&sequencer, &database.db);
}
