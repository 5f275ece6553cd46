/* The figures: buckets, sums over rows, and a page that Prometheus reads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/metrics.h"

enum { ARENA_BYTES = 1 << 20 };

static void test_a_duration_falls_into_its_bucket(void **state)
{
    static const struct {
        uint64_t duration_us;
        size_t bucket;
    } rows[] = {
        {0, 0},    {250, 0},      {251, 1},      {500, 1},       {1000, 2},      {1001, 3},
        {5000, 4}, {1000000, 11}, {1000001, 12}, {10000000, 14}, {10000001, 15}, {UINT64_MAX / 2, 15},
    };

    (void)state;
    for (size_t i = 0; i < array_length(rows); i++) {
        struct metrics_histogram histogram = {0};

        metrics_observe(&histogram, rows[i].duration_us);
        for (size_t b = 0; b <= METRICS_BUCKETS; b++)
            assert_int_equal(histogram.counts[b], b == rows[i].bucket ? 1 : 0);
        assert_int_equal(histogram.sum_us, rows[i].duration_us);
    }
}

/* Processes write their rows of a shared page; the sum has all of it. */
static void test_rows_of_processes_add_up(void **state)
{
    enum { WORKERS = 4, TIMES = 20000 };
    struct metrics_histogram *const rows =
        mmap(NULL, sizeof *rows * WORKERS, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct metrics_histogram sum = {0};
    uint64_t count = 0;

    (void)state;
    assert_true(rows != MAP_FAILED);
    for (int worker = 0; worker < WORKERS; worker++)
        if (fork() == 0) {
            for (uint64_t i = 0; i < TIMES; i++)
                metrics_observe(&rows[worker], i);
            _exit(0);
        }
    for (int worker = 0; worker < WORKERS; worker++)
        assert_true(wait(NULL) > 0);
    for (int worker = 0; worker < WORKERS; worker++)
        metrics_histogram_add(&sum, &rows[worker]);
    for (size_t i = 0; i <= METRICS_BUCKETS; i++)
        count += sum.counts[i];
    assert_int_equal(count, WORKERS * TIMES);
    assert_int_equal(sum.counts[0], WORKERS * 251);
    assert_int_equal(sum.sum_us, (uint64_t)WORKERS * TIMES * (TIMES - 1) / 2);
    munmap(rows, sizeof *rows * WORKERS);
}

static struct text page(struct arena *arena)
{
    struct metrics_out out = metrics_begin(arena);
    struct metrics_histogram histogram = {0};
    uint64_t requests = 40;
    int64_t open_cases = 0;

    metrics_add(&requests, 2);
    metrics_set(&open_cases, -3);
    metrics_observe(&histogram, 300);
    metrics_observe(&histogram, 20000000);
    metrics_family(&out, METRICS_COUNTER, "motcua_http_requests_total", "Requests answered.");
    metrics_i64(&out, METRICS_LABELS({"method", TEXT("GET")}, {"route", TEXT("/a/{b}")}),
                (int64_t)metrics_counter(&requests));
    metrics_i64(&out, METRICS_LABELS({"method", TEXT("a\"b\\c\nd")}, {"route", TEXT("\xFF")}), 1);
    metrics_family(&out, METRICS_GAUGE, "motcua_cases_open", "Open\ncases \\ \"all\".");
    metrics_i64(&out, METRICS_NO_LABELS, metrics_gauge(&open_cases));
    metrics_family(&out, METRICS_GAUGE, "motcua_outbox_oldest_seconds", "Age of the oldest message.");
    metrics_seconds(&out, METRICS_NO_LABELS, 1500000);
    metrics_seconds(&out, METRICS_LABELS({"peer", TEXT("x")}), -1);
    metrics_family(&out, METRICS_HISTOGRAM, "motcua_db_query_seconds", "Time of a statement.");
    metrics_histogram(&out, METRICS_LABELS({"stmt", TEXT("case_move")}), &histogram);
    metrics_histogram(&out, METRICS_LABELS({"stmt", TEXT("case_find")}), &histogram);
    return metrics_end(&out);
}

static void test_the_page(void **state)
{
    struct arena *const arena = arena_create(ARENA_BYTES);
    const char *const text = page(arena).data;

    (void)state;
    assert_non_null(strstr(text, "# HELP motcua_http_requests_total Requests answered.\n"
                                 "# TYPE motcua_http_requests_total counter\n"
                                 "motcua_http_requests_total{method=\"GET\",route=\"/a/{b}\"} 42\n"
                                 "motcua_http_requests_total{method=\"a\\\"b\\\\c\\nd\",route=\"?\"} 1\n"
                                 "# HELP motcua_cases_open Open\\ncases \\\\ \"all\".\n"
                                 "# TYPE motcua_cases_open gauge\n"
                                 "motcua_cases_open -3\n"));
    assert_non_null(strstr(text, "motcua_outbox_oldest_seconds 1.500000\n"
                                 "motcua_outbox_oldest_seconds{peer=\"x\"} -0.000001\n"));
    assert_non_null(strstr(text, "motcua_db_query_seconds_bucket{stmt=\"case_move\",le=\"0.00025\"} 0\n"
                                 "motcua_db_query_seconds_bucket{stmt=\"case_move\",le=\"0.0005\"} 1\n"));
    assert_non_null(strstr(text, "motcua_db_query_seconds_bucket{stmt=\"case_move\",le=\"10\"} 1\n"
                                 "motcua_db_query_seconds_bucket{stmt=\"case_move\",le=\"+Inf\"} 2\n"
                                 "motcua_db_query_seconds_sum{stmt=\"case_move\"} 20.000300\n"
                                 "motcua_db_query_seconds_count{stmt=\"case_move\"} 2\n"));
    arena_destroy(arena);
}

/* Prometheus' own reader and linter. */
static void test_promtool_has_no_complaint(void **state)
{
    struct arena *const arena = arena_create(ARENA_BYTES);
    struct text const text = page(arena);
    FILE *promtool;

    (void)state;
    promtool = popen("promtool check metrics", "w");
    assert_non_null(promtool);
    assert_int_equal(fwrite(text.data, 1, text.length, promtool), text.length);
    assert_int_equal(pclose(promtool), 0);
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_duration_falls_into_its_bucket),
        cmocka_unit_test(test_rows_of_processes_add_up),
        cmocka_unit_test(test_the_page),
        cmocka_unit_test(test_promtool_has_no_complaint),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
