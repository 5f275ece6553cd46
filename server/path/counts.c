#include "path/counts.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "core/text_out.h"
#include "db/db.h"
#include "path/path.h"

static const int64_t bucket_us[COUNT_BUCKETS] = {500,   1000,  2500,   5000,   10000,
                                                 25000, 50000, 100000, 500000, 2500000};
static const char *const bucket_names[COUNT_BUCKETS + 1] = {
    "0.0005", "0.001", "0.0025", "0.005", "0.01", "0.025", "0.05", "0.1", "0.5", "2.5", "+Inf"};

static void __attribute__((format(printf, 2, 3))) put(struct text_out *out, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    text_out_put(out, text_of(arena_vprintf(out->arena, format, args)));
    va_end(args);
}

/* 1-based place of a route among all rooms' rows; 0 for none. */
static size_t route_number(const struct route *route)
{
    size_t before = 1;

    if (route == NULL)
        return 0;
    for (size_t i = 0; i < room_count; i++) {
        if (route >= rooms[i].routes && route < rooms[i].routes + rooms[i].route_count)
            return before + (size_t)(route - rooms[i].routes);
        before += rooms[i].route_count;
    }
    unreachable();
}

void counts_request(struct worker_counts *counts, const struct route *route, int status, int64_t took_us)
{
    size_t const row = route_number(route);
    size_t bucket = 0;

    must(row < COUNT_ROUTES_MAX && status >= 100 && status < 600);
    while (bucket < COUNT_BUCKETS && took_us > bucket_us[bucket])
        bucket++;
    counts->requests[row][status / 100]++;
    counts->buckets[row][bucket]++;
    counts->sum_us[row] += took_us;
}

static int64_t resident_bytes(void)
{
    char line[128] = "";
    long total = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");

    if (file == NULL)
        return 0;
    if (fgets(line, sizeof line, file) == NULL || sscanf(line, "%ld %ld", &total, &resident) != 2)
        resident = 0;
    fclose(file);
    return (int64_t)resident * sysconf(_SC_PAGESIZE);
}

void counts_refresh(struct worker *worker)
{
    struct worker_counts *counts = worker->counts;
    const struct net_counts *net = net_server_counts(worker->server);
    struct db_counts const db = db_counts(worker->db);

    counts->connections = net->connections;
    counts->accepted = net->accepted;
    counts->net_timeouts = net->timeouts;
    counts->bytes_in = net->bytes_in;
    counts->bytes_out = net->bytes_out;
    counts->faults = 0;
    for (int i = 0; i < NET_FAULT_COUNT; i++)
        counts->faults += net->faults[i];
    counts->db_asked = db.asked;
    counts->db_failed = db.failed;
    counts->db_unavailable = db.unavailable;
    counts->db_timeouts = db.timeouts;
    counts->db_full = db.full;
    counts->db_retried = db.retried;
    counts->db_reconnects = db.reconnects;
    counts->db_waiting = db.waiting;
    counts->under_way = worker->under_way_count;
    counts->resident_bytes = resident_bytes();
}

static const struct {
    size_t offset;
    const char *name, *type, *help;
} singles[] = {
#define SINGLE(member, name, type, help)                                                                     \
    {                                                                                                        \
        offsetof(struct worker_counts, member), name, type, help                                             \
    }
    SINGLE(connections, "motcua_http_connections", "gauge", "Open connections."),
    SINGLE(accepted, "motcua_http_accepted_total", "counter", "Connections accepted."),
    SINGLE(faults, "motcua_http_faults_total", "counter", "Messages refused before routing."),
    SINGLE(net_timeouts, "motcua_http_timeouts_total", "counter", "Connections cut at a deadline."),
    SINGLE(bytes_in, "motcua_http_received_bytes_total", "counter", "Bytes received."),
    SINGLE(bytes_out, "motcua_http_sent_bytes_total", "counter", "Bytes sent."),
    SINGLE(under_way, "motcua_http_requests_in_flight", "gauge", "Requests under way."),
    SINGLE(db_asked, "motcua_db_questions_total", "counter", "Questions asked of PostgreSQL."),
    SINGLE(db_failed, "motcua_db_failures_total", "counter", "Questions that PostgreSQL refused."),
    SINGLE(db_unavailable, "motcua_db_unavailable_total", "counter", "Questions no connection could take."),
    SINGLE(db_timeouts, "motcua_db_timeouts_total", "counter", "Questions unanswered at their deadline."),
    SINGLE(db_full, "motcua_db_queue_full_total", "counter", "Questions refused by a full queue."),
    SINGLE(db_retried, "motcua_db_retries_total", "counter", "Questions asked again."),
    SINGLE(db_reconnects, "motcua_db_reconnects_total", "counter", "Connections made again."),
    SINGLE(db_waiting, "motcua_db_questions_waiting", "gauge", "Questions waiting for a connection."),
    SINGLE(sign_in_failures, "motcua_login_failures_total", "counter", "Wrong credentials."),
    SINGLE(resident_bytes, "motcua_workers_resident_bytes", "gauge", "Resident memory of all workers."),
#undef SINGLE
};

static void add_up(struct worker_counts *sum, const struct worker_counts *slot)
{
    int64_t *to = (int64_t *)(void *)sum;
    const int64_t *from = (const int64_t *)(const void *)slot;

    for (size_t i = 0; i < sizeof *sum / sizeof(int64_t); i++)
        to[i] += from[i];
}

static void write_route(struct text_out *out, const struct worker_counts *sum, size_t row, const char *method,
                        const char *path)
{
    int64_t so_far = 0;

    for (size_t bucket = 0; bucket <= COUNT_BUCKETS; bucket++) {
        so_far += sum->buckets[row][bucket];
        put(out,
            "motcua_http_request_duration_seconds_bucket{method=\"%s\",route=\"%s\",le=\"%s\"} %" PRId64 "\n",
            method, path, bucket_names[bucket], so_far);
    }
    put(out, "motcua_http_request_duration_seconds_sum{method=\"%s\",route=\"%s\"} %.6f\n", method, path,
        (double)sum->sum_us[row] / 1e6);
    put(out, "motcua_http_request_duration_seconds_count{method=\"%s\",route=\"%s\"} %" PRId64 "\n", method,
        path, so_far);
}

static void write_requests(struct text_out *out, const struct worker_counts *sum, size_t row,
                           const char *method, const char *path)
{
    for (int class = 1; class < COUNT_CLASSES; class ++)
        if (sum->requests[row][class] > 0)
            put(out, "motcua_http_requests_total{method=\"%s\",route=\"%s\",code=\"%dxx\"} %" PRId64 "\n",
                method, path, class, sum->requests[row][class]);
}

static void each_route(struct text_out *out, const struct worker_counts *sum,
                       void (*write)(struct text_out *, const struct worker_counts *, size_t, const char *,
                                     const char *))
{
    size_t row = 1;

    write(out, sum, 0, "-", "-");
    for (size_t i = 0; i < room_count; i++)
        for (size_t j = 0; j < rooms[i].route_count; j++, row++)
            write(out, sum, row, net_method_name(rooms[i].routes[j].method), rooms[i].routes[j].path);
}

struct text counts_text(struct worker *worker, struct arena *arena)
{
    struct worker_counts *sum = arena_new(arena, struct worker_counts);
    struct text_out out = text_out_begin(arena);

    counts_refresh(worker);
    for (int i = 0; i < worker->slot_count; i++)
        add_up(sum, &worker->slots[i]);
    put(&out,
        "# HELP motcua_build_info The version that runs.\n# TYPE motcua_build_info gauge\n"
        "motcua_build_info{version=\"%s\"} 1\n",
        MOTCUA_VERSION);
    put(&out, "# HELP motcua_http_requests_total Requests answered, by route and status class.\n"
              "# TYPE motcua_http_requests_total counter\n");
    each_route(&out, sum, write_requests);
    put(&out,
        "# HELP motcua_http_request_duration_seconds Time from the first byte of a request to its answer.\n"
        "# TYPE motcua_http_request_duration_seconds histogram\n");
    each_route(&out, sum, write_route);
    for (size_t i = 0; i < array_length(singles); i++)
        put(&out, "# HELP %s %s\n# TYPE %s %s\n%s %" PRId64 "\n", singles[i].name, singles[i].help,
            singles[i].name, singles[i].type, singles[i].name,
            *(const int64_t *)(const void *)((const char *)sum + singles[i].offset));
    return text_out_end(&out);
}
