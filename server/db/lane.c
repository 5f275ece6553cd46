#include "db/inside.h"

/* Without any connection a question waits this long for one, and no longer: 503 soon is better than late. */
enum { AWAY_WAIT_US = 1000000 };
/* So many batches a lane has out at once: what comes meanwhile makes the next one, the fuller the busier, and
 * two of one worker never wait for each other's counters. Beyond so many bytes of parameters a batch takes no
 * more members. */
enum { BATCHES_OUT_MAX = 1, BATCH_BYTES_MAX = 256 * 1024 };

static const enum connect_kind connect_kinds[] = {
    [SQL_LANE_READ] = CONNECT_READ,
    [SQL_LANE_WRITE] = CONNECT_WRITE,
};

void lane_init(struct lane *lane, struct db *db, const struct db_options *options, enum sql_lane kind)
{
    bool is_read = kind == SQL_LANE_READ;
    int pipeline_max = options->pipeline_max > 0 ? options->pipeline_max : DB_PIPELINE_DEFAULT;
    struct connect_options connect = {
        .conninfo = arena_copy(db->arena, options->conninfo, strlen(options->conninfo)),
        .password = options->password == NULL
                        ? NULL
                        : arena_copy(db->arena, options->password, strlen(options->password)),
        .kind = connect_kinds[kind],
        .wait_timeout_ms = options->wait_timeout_ms};

    *lane = (struct lane){.db = db, .kind = kind, .queue_max = options->queue_max};
    lane->in_flight_max = is_read ? pipeline_max : 1;
    lane->away_since_us = monotonic_us();
    lane->connection_count = is_read ? options->read_connections : options->write_connections;
    must(lane->connection_count > 0);
    TAILQ_INIT(&lane->queue);
    TAILQ_INIT(&lane->again);
    lane->connections = arena_array(db->arena, struct connection, lane->connection_count);
    for (int i = 0; i < lane->connection_count; i++)
        connection_init(&lane->connections[i], lane, &connect);
}

void lane_put(struct lane *lane, struct question *question)
{
    question->is_again = false;
    TAILQ_INSERT_TAIL(&lane->queue, question, link);
    lane->queue_count++;
    db_turn_soon(lane->db);
}

void lane_put_again(struct lane *lane, struct question *question)
{
    question->is_again = true;
    TAILQ_INSERT_TAIL(&lane->again, question, link);
    lane->queue_count++;
    lane->db->counts.retried++;
    db_turn_soon(lane->db);
}

/* The one with the fewest in flight, so that both backends work; NULL when none has room. */
static struct connection *freest_connection(struct lane *lane)
{
    struct connection *freest = NULL;

    for (int i = 0; i < lane->connection_count; i++) {
        struct connection *connection = &lane->connections[i];
        if (connection_has_room(connection) &&
            (freest == NULL || connection->in_flight_count < freest->in_flight_count))
            freest = connection;
    }
    return freest;
}

static struct question *first_waiting(struct lane *lane)
{
    struct question *question = TAILQ_FIRST(&lane->again);

    return question != NULL ? question : TAILQ_FIRST(&lane->queue);
}

static void take_out(struct lane *lane, struct question *question)
{
    struct question_list *list = question->is_again ? &lane->again : &lane->queue;

    TAILQ_REMOVE(list, question, link);
    lane->queue_count--;
}

static int batch_max(const struct question *question)
{
    return question->is_alone ? 0 : sql_statements[question->statement].batch_max;
}

static int batches_out(const struct lane *lane)
{
    int out = 0;

    for (int i = 0; i < lane->connection_count; i++) {
        const struct question *first = TAILQ_FIRST(&lane->connections[i].in_flight);
        out += first != NULL && batch_max(first) > 0 ? 1 : 0;
    }
    return out;
}

/* Those of a batch wait while enough batches are out; others pass them. */
static struct question *next_to_send(struct lane *lane)
{
    bool const is_held = lane->kind == SQL_LANE_WRITE && batches_out(lane) >= BATCHES_OUT_MAX;
    struct question *question = NULL;

    TAILQ_FOREACH(question, &lane->again, link)
    if (!is_held || batch_max(question) == 0)
        return question;
    TAILQ_FOREACH(question, &lane->queue, link)
    if (!is_held || batch_max(question) == 0)
        return question;
    return NULL;
}

static size_t param_bytes(const struct question *question)
{
    size_t bytes = 0;

    for (int i = 0; i < question->param_count; i++)
        bytes += question->values[i] == NULL ? 0 : strlen(question->values[i]);
    return bytes;
}

/* Moves the question, and those that may be one call with it, from the lane into `call`; how many. */
static int gather(struct lane *lane, struct question *first, struct question_list *call)
{
    int const max = batch_max(first);
    size_t bytes = param_bytes(first);
    struct question *question = NULL, *next = NULL;
    int count = 1;

    TAILQ_INIT(call);
    take_out(lane, first);
    TAILQ_INSERT_TAIL(call, first, link);
    for (question = TAILQ_FIRST(&lane->queue); question != NULL && count < max; question = next) {
        next = TAILQ_NEXT(question, link);
        if (question->statement != first->statement)
            continue;
        bytes += param_bytes(question);
        if (bytes > BATCH_BYTES_MAX)
            break;
        take_out(lane, question);
        TAILQ_INSERT_TAIL(call, question, link);
        count++;
    }
    return count;
}

static void put_back(struct lane *lane, struct question_list *call)
{
    struct question *question = NULL;

    while ((question = TAILQ_FIRST(call)) != NULL) {
        TAILQ_REMOVE(call, question, link);
        lane_put_again(lane, question);
    }
}

void lane_send(struct lane *lane)
{
    struct question *question = NULL;
    struct connection *connection = NULL;
    struct question_list call;

    while ((connection = freest_connection(lane)) != NULL && (question = next_to_send(lane)) != NULL) {
        int const count = gather(lane, question, &call);

        if (!connection_send(connection, &call, count))
            put_back(lane, &call);
    }
    for (int i = 0; i < lane->connection_count; i++)
        connection_end_turn(&lane->connections[i]);
}

/* Everybody waits equally long, so who came first is overdue first. */
void lane_tick(struct lane *lane, int64_t now_us)
{
    bool is_away = lane->serving_count == 0 && now_us - lane->away_since_us >= AWAY_WAIT_US;
    struct question *question = NULL;

    while ((question = first_waiting(lane)) != NULL) {
        int64_t waited_us = now_us - question->asked_us;
        if (waited_us < lane->db->wait_timeout_us && !(is_away && waited_us >= AWAY_WAIT_US))
            break;
        take_out(lane, question);
        db_deliver(lane->db, question, lane->serving_count == 0 ? DB_UNAVAILABLE : DB_TIMEOUT, NULL);
    }
    for (int i = 0; i < lane->connection_count; i++)
        connection_tick(&lane->connections[i], now_us);
}

void lane_has_gained(struct lane *lane)
{
    struct db *db = lane->db;

    lane->serving_count++;
    for (int k = 0; k < LANE_COUNT; k++)
        for (int i = 0; i < db->lanes[k].connection_count; i++)
            link_hurry(&db->lanes[k].connections[i].link);
    if (db->lanes[SQL_LANE_READ].serving_count > 0 && db->lanes[SQL_LANE_WRITE].serving_count > 0)
        db->was_ready = true;
    db_turn_soon(db);
}

void lane_has_lost(struct lane *lane)
{
    must(lane->serving_count > 0);
    lane->serving_count--;
    if (lane->serving_count == 0)
        lane->away_since_us = monotonic_us();
}

void lane_give_up(struct lane *lane)
{
    struct question *question = NULL;

    for (int i = 0; i < lane->connection_count; i++)
        connection_give_up(&lane->connections[i]);
    while ((question = first_waiting(lane)) != NULL) {
        take_out(lane, question);
        db_deliver(lane->db, question, DB_UNAVAILABLE, NULL);
    }
}
