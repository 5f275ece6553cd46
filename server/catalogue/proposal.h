#pragma once
/*
 * The catalogue as an administrator sees it: a dry run of documents, loading them, all versions of a
 * procedure, the calendars. A dry run may take seconds, so each is a child of the worker that lives as long
 * as it: it computes, writes its report into a pipe and ends; the worker's loop reads the pipe. One at a time
 * in a worker, others get 503.
 */
#include "path/path.h"

extern const struct route proposal_routes[4];
