#include "core/metrics.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

/* A duration falls into the first bucket whose bound it does not exceed. */
static const uint64_t bounds_us[METRICS_BUCKETS] = {250,    500,     1000,    2500,    5000,
                                                    10000,  25000,   50000,   100000,  250000,
                                                    500000, 1000000, 2500000, 5000000, 10000000};

/*
 * One writer a row, so reading and storing suffice; both are atomic each for itself, which keeps a reader in
 * another process from seeing half a number. Relaxed: no figure tells anything about another one.
 */
static uint64_t load(const uint64_t *figure)
{
    return __atomic_load_n(figure, __ATOMIC_RELAXED);
}

void metrics_add(uint64_t *counter, uint64_t more)
{
    __atomic_store_n(counter, load(counter) + more, __ATOMIC_RELAXED);
}

void metrics_set(int64_t *gauge, int64_t value)
{
    __atomic_store_n(gauge, value, __ATOMIC_RELAXED);
}

uint64_t metrics_counter(const uint64_t *counter)
{
    return load(counter);
}

int64_t metrics_gauge(const int64_t *gauge)
{
    return __atomic_load_n(gauge, __ATOMIC_RELAXED);
}

void metrics_observe(struct metrics_histogram *histogram, uint64_t duration_us)
{
    size_t low = 0, high = METRICS_BUCKETS; /* the bucket is in [low, high] */

    while (low < high) {
        size_t const middle = (low + high) / 2;

        if (duration_us <= bounds_us[middle])
            high = middle;
        else
            low = middle + 1;
    }
    metrics_add(&histogram->counts[low], 1);
    metrics_add(&histogram->sum_us, duration_us);
}

void metrics_histogram_add(struct metrics_histogram *sum, const struct metrics_histogram *part)
{
    for (size_t i = 0; i <= METRICS_BUCKETS; i++)
        sum->counts[i] += load(&part->counts[i]);
    sum->sum_us += load(&part->sum_us);
}

struct metrics_out metrics_begin(struct arena *arena)
{
    return (struct metrics_out){.text = text_out_begin(arena)};
}

struct text metrics_end(struct metrics_out *out)
{
    return text_out_end(&out->text);
}

static void put(struct metrics_out *out, const char *nul_terminated)
{
    text_out_put(&out->text, text_of(nul_terminated));
}

/* The format knows three escapes and no others; a quote needs none in a help text. */
static void put_escaped(struct metrics_out *out, struct text value, bool is_label)
{
    for (size_t i = 0; i < value.length; i++) {
        char const c = value.data[i];

        if (c == '\n')
            put(out, "\\n");
        else if (c == '\\' || (c == '"' && is_label))
            text_out_put(&out->text, (struct text){(const char[]){'\\', c}, 2});
        else
            text_out_byte(&out->text, c);
    }
}

static bool is_name(const char *name)
{
    return name[0] >= 'a' && name[0] <= 'z' &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(name);
}

static bool ends(const char *name, const char *end)
{
    size_t const name_length = strlen(name), end_length = strlen(end);

    return name_length >= end_length && strcmp(name + name_length - end_length, end) == 0;
}

void metrics_family(struct metrics_out *out, enum metrics_type type, const char *name, const char *help)
{
    static const char *const types[] = {
        [METRICS_COUNTER] = "counter", [METRICS_GAUGE] = "gauge", [METRICS_HISTOGRAM] = "histogram"};

    must(is_name(name) && help[0] != '\0');
    must(ends(name, "_total") == (type == METRICS_COUNTER));
    must(type != METRICS_HISTOGRAM || ends(name, "_seconds"));
    out->family = name;
    out->type = type;
    put(out, "# HELP ");
    put(out, name);
    put(out, " ");
    put_escaped(out, text_of(help), false);
    put(out, "\n# TYPE ");
    put(out, name);
    put(out, " ");
    put(out, types[type]);
    put(out, "\n");
}

/* A label is UTF-8 or it is not written: one bad byte would make Prometheus drop the whole page. */
static void put_label(struct metrics_out *out, const char *before, const char *name, struct text value)
{
    must(is_name(name));
    put(out, before);
    put(out, name);
    put(out, "=\"");
    put_escaped(out, text_is_utf8(value) ? value : TEXT("?"), true);
    put(out, "\"");
}

/* `family suffix{labels,le="bound"} `, le only where it is given. */
static void put_series(struct metrics_out *out, const char *suffix, const struct metrics_label *labels,
                       const char *le)
{
    const char *before = "{";

    must(out->family != NULL);
    put(out, out->family);
    put(out, suffix);
    for (; labels->name != NULL; labels++) {
        put_label(out, before, labels->name, labels->value);
        before = ",";
    }
    if (le != NULL) {
        put_label(out, before, "le", text_of(le));
        before = ",";
    }
    put(out, before[0] == ',' ? "} " : " ");
}

static char *seconds(char buffer[static 32], uint64_t duration_us)
{
    snprintf(buffer, 32, "%" PRIu64 ".%06u", duration_us / 1000000, (unsigned)(duration_us % 1000000));
    return buffer;
}

static void put_count(struct metrics_out *out, uint64_t count)
{
    char buffer[24];

    snprintf(buffer, sizeof buffer, "%" PRIu64 "\n", count);
    put(out, buffer);
}

void metrics_i64(struct metrics_out *out, const struct metrics_label *labels, int64_t value)
{
    must(out->type != METRICS_HISTOGRAM && (out->type == METRICS_GAUGE || value >= 0));
    put_series(out, "", labels, NULL);
    text_out_i64(&out->text, value);
    put(out, "\n");
}

void metrics_seconds(struct metrics_out *out, const struct metrics_label *labels, int64_t value_us)
{
    char buffer[32];

    must(out->type != METRICS_HISTOGRAM && (out->type == METRICS_GAUGE || value_us >= 0));
    put_series(out, "", labels, NULL);
    put(out, value_us < 0 ? "-" : "");
    put(out, seconds(buffer, value_us < 0 ? 0 - (uint64_t)value_us : (uint64_t)value_us));
    put(out, "\n");
}

/* The bound as Prometheus writes it, without idle zeros: "0.0025", "10". */
static char *bound_text(char buffer[static 32], uint64_t bound_us)
{
    size_t length = strlen(seconds(buffer, bound_us));

    while (buffer[length - 1] == '0')
        length--;
    if (buffer[length - 1] == '.')
        length--;
    buffer[length] = '\0';
    return buffer;
}

void metrics_histogram(struct metrics_out *out, const struct metrics_label *labels,
                       const struct metrics_histogram *histogram)
{
    char buffer[32];
    uint64_t count = 0;

    must(out->type == METRICS_HISTOGRAM);
    for (size_t i = 0; i < METRICS_BUCKETS; i++) {
        count += load(&histogram->counts[i]);
        put_series(out, "_bucket", labels, bound_text(buffer, bounds_us[i]));
        put_count(out, count);
    }
    count += load(&histogram->counts[METRICS_BUCKETS]);
    put_series(out, "_bucket", labels, "+Inf");
    put_count(out, count);
    put_series(out, "_sum", labels, NULL);
    put(out, seconds(buffer, load(&histogram->sum_us)));
    put(out, "\n");
    put_series(out, "_count", labels, NULL);
    put_count(out, count); /* the sum of the buckets, so that the two can never disagree */
}
