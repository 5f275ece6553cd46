#include "db/db.h"

#include "core/log.h"
#include "db/inside.h"

enum { ARENA_BYTES_MAX = 256 * 1024 * 1024, TICK_MS = 50 };

static void arm_tick(struct db *db)
{
    struct timeval delay = {.tv_usec = TICK_MS * 1000};

    if (db->is_tick_due || db->out_count == 0)
        return;
    db->is_tick_due = true;
    must(event_add(db->tick_event, &delay) == 0);
}

void db_turn_soon(struct db *db)
{
    if (db->is_turn_due || db->is_ending)
        return;
    db->is_turn_due = true;
    event_active(db->turn_event, 0, 0);
}

static void call_back(struct db *db, const struct question *question, const struct db_answer *answer)
{
    int64_t micro = monotonic_us() - question->asked_us;

    db->counts.answered++;
    db->counts.failed += answer->outcome == DB_FAILED ? 1 : 0;
    db->counts.unavailable += answer->outcome == DB_UNAVAILABLE || answer->outcome == DB_UNKNOWN ? 1 : 0;
    db->counts.timeouts += answer->outcome == DB_TIMEOUT ? 1 : 0;
    db->counts.full += answer->outcome == DB_FULL ? 1 : 0;
    db->times[question->statement].count++;
    db->times[question->statement].micro_sum += micro;
    db->answering++;
    question->on_answer(question->owner, answer);
    db->answering--;
}

void db_deliver(struct db *db, struct question *question, enum db_outcome outcome, PGresult *result)
{
    bool is_kept = false;
    struct db_answer answer = {.outcome = outcome, .result = result, .is_kept = &is_kept};

    if (!question->is_answered)
        call_back(db, question, &answer);
    if (!is_kept)
        PQclear(result);
    TAILQ_INSERT_HEAD(&db->free, question, link);
    db->out_count--;
}

void db_give_up(struct db *db, struct question *question, enum db_outcome outcome)
{
    bool is_kept = false;
    struct db_answer answer = {.outcome = outcome, .is_kept = &is_kept};

    if (question->is_answered)
        return;
    question->is_answered = true;
    call_back(db, question, &answer);
}

static void deliver_refused(struct db *db)
{
    struct question_list refused;
    struct question *question = NULL;

    /* Those refused anew in the callbacks wait for the next turn, or one who asks at once again would turn
     * for ever. */
    TAILQ_INIT(&refused);
    TAILQ_CONCAT(&refused, &db->refused, link);
    while ((question = TAILQ_FIRST(&refused)) != NULL) {
        TAILQ_REMOVE(&refused, question, link);
        db_deliver(db, question, question->refusal, NULL);
    }
}

static void on_turn(evutil_socket_t fd, short events, void *owner)
{
    struct db *db = owner;

    (void)fd;
    (void)events;
    db->is_turn_due = false;
    deliver_refused(db);
    for (int i = 0; i < LANE_COUNT; i++)
        lane_send(&db->lanes[i]);
    arm_tick(db);
}

static void on_tick(evutil_socket_t fd, short events, void *owner)
{
    struct db *db = owner;

    (void)fd;
    (void)events;
    db->is_tick_due = false;
    for (int i = 0; i < LANE_COUNT; i++)
        lane_tick(&db->lanes[i], monotonic_us());
    arm_tick(db);
}

struct db *db_create(struct event_base *base, const struct db_options *options)
{
    struct arena *arena = arena_create(ARENA_BYTES_MAX);
    struct db *db = arena_new(arena, struct db);

    must(options->wait_timeout_ms > 0 && options->queue_max > 0);
    db->arena = arena;
    db->scratch = arena_create(ARENA_BYTES_MAX);
    db->base = base;
    db->wait_timeout_us = options->wait_timeout_ms * 1000;
    TAILQ_INIT(&db->free);
    TAILQ_INIT(&db->refused);
    db->turn_event = event_new(base, -1, 0, on_turn, db);
    db->tick_event = event_new(base, -1, 0, on_tick, db);
    must(db->turn_event != NULL && db->tick_event != NULL);
    lane_init(&db->lanes[SQL_LANE_READ], db, options, SQL_LANE_READ);
    lane_init(&db->lanes[SQL_LANE_WRITE], db, options, SQL_LANE_WRITE);
    struct connect_options connect = db->lanes[SQL_LANE_READ].connections[0].link.options;
    connect.kind = CONNECT_LISTEN;
    listener_init(&db->listener, base, &connect);
    return db;
}

void db_destroy(struct db *db)
{
    if (db == NULL)
        return;
    must(db->answering == 0);
    db->is_ending = true;
    for (int i = 0; i < LANE_COUNT; i++)
        lane_give_up(&db->lanes[i]);
    while (!TAILQ_EMPTY(&db->refused))
        deliver_refused(db);
    must(db->out_count == 0);
    for (int i = 0; i < LANE_COUNT; i++)
        for (int k = 0; k < db->lanes[i].connection_count; k++)
            connection_fini(&db->lanes[i].connections[k]);
    listener_fini(&db->listener);
    event_free(db->turn_event);
    event_free(db->tick_event);
    arena_destroy(db->scratch);
    arena_destroy(db->arena);
}

bool db_is_ready(const struct db *db)
{
    return db->lanes[SQL_LANE_READ].serving_count > 0 && db->lanes[SQL_LANE_WRITE].serving_count > 0;
}

static struct question *new_question(struct db *db)
{
    struct question *question = TAILQ_FIRST(&db->free);

    if (question == NULL)
        question = arena_new(db->arena, struct question);
    else
        TAILQ_REMOVE(&db->free, question, link);
    question->breaks = question->conflicts = 0;
    question->is_answered = question->is_alone = false;
    db->out_count++;
    return question;
}

static void refuse(struct db *db, struct question *question, enum db_outcome outcome)
{
    question->refusal = outcome;
    TAILQ_INSERT_TAIL(&db->refused, question, link);
    db_turn_soon(db);
}

void db_ask(struct db *db, enum sql statement, const struct db_params *params, db_on_answer *on_answer,
            void *owner)
{
    struct question *question = new_question(db);
    struct lane *lane = &db->lanes[sql_statements[statement].lane];

    must((int)statement >= 0 && statement < SQL_COUNT);
    must((params == NULL ? 0 : params->count) == sql_statements[statement].param_count);
    question->statement = statement;
    question->on_answer = on_answer;
    question->owner = owner;
    question->asked_us = monotonic_us();
    question->param_count = params == NULL ? 0 : params->count;
    for (int i = 0; i < question->param_count; i++)
        question->values[i] = params->values[i];
    db->counts.asked++;
    if (db->is_ending)
        refuse(db, question, DB_UNAVAILABLE);
    else if (lane->queue_count >= lane->queue_max)
        refuse(db, question, DB_FULL);
    else
        lane_put(lane, question);
}

static int idle_count(const struct lane *lane)
{
    int idle = 0;

    for (int i = 0; i < lane->connection_count; i++)
        idle += lane->connections[i].state == CONNECTION_SERVING && lane->connections[i].in_flight_count == 0
                    ? 1
                    : 0;
    return idle;
}

struct db_counts db_counts(const struct db *db)
{
    struct db_counts counts = db->counts;

    counts.idle_read = idle_count(&db->lanes[SQL_LANE_READ]);
    counts.idle_write = idle_count(&db->lanes[SQL_LANE_WRITE]);
    counts.waiting = db->lanes[SQL_LANE_READ].queue_count + db->lanes[SQL_LANE_WRITE].queue_count;
    return counts;
}

void db_statement_times(const struct db *db, enum sql statement, int64_t *count, int64_t *micro_sum)
{
    must((int)statement >= 0 && statement < SQL_COUNT);
    *count = db->times[statement].count;
    *micro_sum = db->times[statement].micro_sum;
}

void db_listen(struct db *db, const char *channel, db_on_notice *on_notice, void *owner)
{
    listener_add(&db->listener, channel, on_notice, owner);
}
