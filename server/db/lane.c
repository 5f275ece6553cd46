#include "db/inside.h"

/* Without any connection a question waits this long for one, and no longer: 503 soon is better than late. */
enum { AWAY_WAIT_US = 1000000 };

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
    TAILQ_INSERT_TAIL(&lane->queue, question, link);
    lane->queue_count++;
    db_turn_soon(lane->db);
}

void lane_put_again(struct lane *lane, struct question *question)
{
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
    /* Removing needs the list only for its last element, and that may be of either. */
    if (question == TAILQ_FIRST(&lane->again))
        TAILQ_REMOVE(&lane->again, question, link);
    else
        TAILQ_REMOVE(&lane->queue, question, link);
    lane->queue_count--;
}

void lane_send(struct lane *lane)
{
    struct question *question = NULL;
    struct connection *connection = NULL;

    while ((question = first_waiting(lane)) != NULL && (connection = freest_connection(lane)) != NULL) {
        take_out(lane, question);
        if (!connection_send(connection, question))
            lane_put_again(lane, question);
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
