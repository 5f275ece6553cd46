#pragma once
/*
 * Figures for Prometheus: plain structs that processes share, and a writer of its text format 0.0.4.
 *
 * The structs hold no pointers. They live in a MAP_SHARED page, a row for each worker; only that worker
 * writes its row, without locks, and whichever worker is asked sums all rows. A reader may see a figure a
 * moment old, never a torn one. Label values are route templates, codes and names of ours, never paths or
 * persons: series stay few.
 */
#include <stdint.h>

#include "core/text_out.h"

enum { METRICS_BUCKETS = 15 };

/* How long something took. Bounds are the same for all: 250 µs to 10 s, and one bucket for what took longer.
 */
struct metrics_histogram {
    uint64_t counts[METRICS_BUCKETS + 1]; /* not cumulative */
    uint64_t sum_us;
};

/* In the caller's own row only. */
void metrics_add(uint64_t *counter, uint64_t more);
void metrics_set(int64_t *gauge, int64_t value);
void metrics_observe(struct metrics_histogram *histogram, uint64_t duration_us);
/* Of anybody's row. */
uint64_t metrics_counter(const uint64_t *counter);
int64_t metrics_gauge(const int64_t *gauge);
/* Adds a row's histogram to one of the caller's own. */
void metrics_histogram_add(struct metrics_histogram *sum, const struct metrics_histogram *part);

struct metrics_label {
    const char *name; /* NULL ends the list */
    struct text value;
};
#define METRICS_LABELS(...) ((const struct metrics_label[]){__VA_ARGS__, {.name = NULL}})
#define METRICS_NO_LABELS   ((const struct metrics_label[]){{.name = NULL}})

enum metrics_type { METRICS_COUNTER, METRICS_GAUGE, METRICS_HISTOGRAM };

struct metrics_out {
    struct text_out text;
    const char *family; /* the name the next lines belong to */
    enum metrics_type type;
};

#define METRICS_CONTENT_TYPE "text/plain; version=0.0.4; charset=utf-8"

struct metrics_out metrics_begin(struct arena *arena);
struct text metrics_end(struct metrics_out *out);
/* HELP and TYPE; a counter's name ends in _total, a histogram's in _seconds. Each family once. */
void metrics_family(struct metrics_out *out, enum metrics_type type, const char *name, const char *help);
/* One line of the family; a counter is not negative. */
void metrics_i64(struct metrics_out *out, const struct metrics_label *labels, int64_t value);
/* The same for microseconds, written as seconds. */
void metrics_seconds(struct metrics_out *out, const struct metrics_label *labels, int64_t value_us);
void metrics_histogram(struct metrics_out *out, const struct metrics_label *labels,
                       const struct metrics_histogram *histogram);
