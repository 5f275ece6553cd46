/* jobs_run(): the jobs room with this process's database connections. */
#include "core/config.h"
#include "jobs/jobs.h"
#include "main/database_options.h"
#include "main/worker_setup.h"

int jobs_run(const struct worker_setup *setup)
{
    struct jobs_setup const jobs = {.pulse = setup->pulse, .ready_fd = setup->ready_fd};
    struct database_options database;

    database_options_read(&database, setup->config);
    database.db.read_connections = 1;
    database.db.write_connections = 1;
    return jobs_loop(&jobs, &database.db);
}
