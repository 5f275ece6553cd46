#pragma once
/*
 * What /metrics tells. Each worker writes its own slot of a page that all processes share, and whichever
 * worker is asked adds the slots up; no lock: a slot has one writer and numbers of 64 bits. Labels are routes
 * as templates, never paths, so the number of series is fixed at build.
 */
#include <stdint.h>

#include "core/text.h"

struct route;
struct worker;

enum { COUNT_ROUTES_MAX = 128, COUNT_CLASSES = 6, COUNT_BUCKETS = 10, COUNT_SLOTS_MAX = 65 };

struct worker_counts {
    int64_t requests[COUNT_ROUTES_MAX][COUNT_CLASSES]; /* by status class; row 0: no route */
    int64_t buckets[COUNT_ROUTES_MAX][COUNT_BUCKETS + 1];
    int64_t sum_us[COUNT_ROUTES_MAX];
    int64_t connections, accepted, faults, net_timeouts, bytes_in, bytes_out;
    int64_t db_asked, db_failed, db_unavailable, db_timeouts, db_full, db_retried, db_reconnects, db_waiting;
    int64_t sign_in_failures, under_way, resident_bytes;
};

void counts_request(struct worker_counts *counts, const struct route *route, int status, int64_t took_us);
/* Once a second: what net, db and the process itself count. */
void counts_refresh(struct worker *worker);
/* OpenMetrics text of all slots together. */
struct text counts_text(struct worker *worker, struct arena *arena);
