/*
 * How many questions a second go through db_ask(), and what one costs this process:
 *     bench_questions CONNINFO ping|row OUTSTANDING SECONDS [READ_CONNECTIONS PIPELINE_MAX]
 * Prints questions per second, microseconds of CPU per question, and the mean time from asking to answering.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "core/log.h"
#include "core/must.h"
#include "db_fixture.h"

enum { OUTSTANDING_MAX = 4096, ROWS = 100000 };

struct slot {
    struct run *run;
    char id[16];
};

struct run {
    struct db *db;
    struct event_base *base;
    enum sql statement;
    int64_t answered, failed;
    uint32_t chance;
    bool is_over;
    struct slot slots[OUTSTANDING_MAX];
};

static struct run run;

static void on_bench_answer(void *owner, const struct db_answer *answer);

static void ask_next(struct slot *slot)
{
    struct db_params params = {.count = slot->run->statement == SQL_PING ? 0 : 1, .values = {slot->id}};

    slot->run->chance = slot->run->chance * 1664525u + 1013904223u;
    snprintf(slot->id, sizeof(slot->id), "-%u", slot->run->chance / 7u % ROWS + 1);
    db_ask(slot->run->db, slot->run->statement, &params, on_bench_answer, slot);
}

static void on_bench_answer(void *owner, const struct db_answer *answer)
{
    struct slot *slot = owner;

    slot->run->answered++;
    slot->run->failed += db_outcome(answer) == DB_ROWS && db_row_count(answer) == 1 ? 0 : 1;
    if (!slot->run->is_over)
        ask_next(slot);
}

static double cpu_s(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_utime.tv_sec + (double)usage.ru_stime.tv_sec +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void on_end(evutil_socket_t fd, short events, void *owner)
{
    (void)fd;
    (void)events;
    event_base_loopbreak(owner);
}

static void measure(int outstanding, int seconds)
{
    struct timeval length = {.tv_sec = seconds};
    double begin_cpu_s = cpu_s();
    int64_t count = 0;
    int64_t micro_sum = 0;

    event_base_once(run.base, -1, EV_TIMEOUT, on_end, run.base, &length);
    for (int i = 0; i < outstanding; i++) {
        run.slots[i].run = &run;
        ask_next(&run.slots[i]);
    }
    event_base_dispatch(run.base);
    db_statement_times(run.db, run.statement, &count, &micro_sum);
    printf("%.0f /s  %.2f us CPU  %.3f ms each  %lld failed\n", (double)run.answered / seconds,
           (cpu_s() - begin_cpu_s) * 1e6 / (double)run.answered, (double)micro_sum / 1e3 / (double)count,
           (long long)run.failed);
    run.is_over = true;
}

int main(int argc, char **argv)
{
    struct db_options options = {.read_connections = 2, .queue_max = OUTSTANDING_MAX};

    if (argc < 5)
        return EXIT_FAILURE;
    log_start(LOG_ERROR, LOG_LOGFMT, "bench");
    options.conninfo = argv[1];
    options.read_connections = argc > 5 ? (int)strtol(argv[5], NULL, 10) : 2;
    options.pipeline_max = argc > 6 ? (int)strtol(argv[6], NULL, 10) : 0;
    run.base = loop();
    run.db = db_open(&options);
    run.statement = strcmp(argv[2], "ping") == 0 ? SQL_PING : SQL_TRIAL_ROW;
    must(await_ready(run.db, 10000));
    turn_for(200);
    measure((int)strtol(argv[3], NULL, 10), (int)strtol(argv[4], NULL, 10));
    db_shut(run.db);
    return EXIT_SUCCESS;
}
