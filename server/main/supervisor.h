#pragma once
/*
 * The first process: it makes the sockets, forks the workers, the jobs process and the render process, starts
 * again whichever dies, and ends them all in order. It answers no request, reads no input and holds no
 * connection, so there is little in it that could fail.
 *
 *   SUPERVISOR_SERVING --SIGTERM, SIGINT--> SUPERVISOR_DRAINING --no child is left--> the end
 *
 * Draining: workers and jobs get SIGTERM and finish what they have in work, then the helpers (render) end.
 * What is left after process.drain_timeout, or at a second signal, is killed. SIGHUP reads the configuration
 * again.
 */
#include "core/must.h"

struct config;
struct options;

/* Returns the exit status. `config` must stay as it is until then; `options` say where to read it again. */
MUST_USE int supervisor_run(const struct config *config, const struct options *options);
