#include "db/inside.h"

#include "core/log.h"
#include "db/batch.h"
#include "db/describe.h"
#include "db/schema_state.h"

/* So long past its deadline an answer is still awaited before the connection is taken for dead. */
enum { OVERDUE_GRACE_US = 1000000 };

static const struct sql_statement *statement_at(int index)
{
    return &sql_statements[index];
}

/* The next statement of this lane, from `index` on; SQL_COUNT when there is none. */
static int next_of_lane(const struct connection *connection, int index)
{
    while (index < SQL_COUNT && statement_at(index)->lane != connection->lane->kind)
        index++;
    return index;
}

/* Asks for the schema, then prepares and describes every statement of the lane, all in one go. */
static bool send_preparations(struct connection *connection)
{
    PGconn *pg = connection->link.pg;
    bool is_sent =
        PQenterPipelineMode(pg) == 1 &&
        PQsendQueryParams(pg, statement_at(SQL_SCHEMA_VERSION)->text, 0, NULL, NULL, NULL, NULL, 0) == 1;

    for (int i = next_of_lane(connection, 0); i < SQL_COUNT && is_sent; i = next_of_lane(connection, i + 1)) {
        const struct sql_statement *statement = statement_at(i);
        is_sent = PQsendPrepare(pg, statement->name, statement->text, statement->param_count,
                                statement->param_oids) == 1 &&
                  PQsendDescribePrepared(pg, statement->name) == 1;
    }
    return is_sent && PQpipelineSync(pg) == 1;
}

static void on_up(void *owner)
{
    struct connection *connection = owner;

    must(connection->state == CONNECTION_AWAY);
    connection->state = CONNECTION_PREPARING;
    connection->prepare_step = 0;
    connection->prepare_index = next_of_lane(connection, 0);
    if (!send_preparations(connection))
        link_drop(&connection->link, NULL);
    else
        link_flush(&connection->link);
}

/* A schema that grew under a running program is let in: versions overlap in an upgrade, and its statements
 * prepare. */
static bool is_schema_right(struct connection *connection, const PGresult *result)
{
    enum db_schema_state state = schema_state_of(result);

    if (state == DB_SCHEMA_CURRENT || (state == DB_SCHEMA_NEWER && connection->lane->db->was_ready))
        return true;
    link_refuse(&connection->link, db_schema_sentence(state));
    return false;
}

static bool is_statement_right(struct connection *connection, const PGresult *result)
{
    const struct sql_statement *statement = statement_at(connection->prepare_index);
    char fault[DESCRIBE_FAULT_BYTES] = "does not prepare";
    bool is_describe = connection->prepare_step % 2 == 0;

    must(connection->prepare_index < SQL_COUNT);
    if (PQresultStatus(result) == PGRES_COMMAND_OK &&
        (!is_describe || describe_is_as_promised(statement, result, fault))) {
        if (is_describe)
            connection->prepare_index = next_of_lane(connection, connection->prepare_index + 1);
        return true;
    }
    log_error("statement refused", LOG_S("statement", statement->name), LOG_S("fault", fault),
              LOG_S("sqlstate", PQresultErrorField(result, PG_DIAG_SQLSTATE)),
              LOG_S("message", PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY)));
    link_refuse(&connection->link, "a statement does not fit this database");
    return false;
}

static void take_preparation(struct connection *connection, const PGresult *result)
{
    if (PQresultStatus(result) == PGRES_PIPELINE_SYNC) {
        connection->state = CONNECTION_SERVING;
        link_settle(&connection->link);
        lane_has_gained(connection->lane);
        return;
    }
    if (answer_kind(result) == ANSWER_LOST)
        link_drop(&connection->link, PQresultErrorMessage(result));
    else if (connection->prepare_step == 0 ? is_schema_right(connection, result)
                                           : is_statement_right(connection, result))
        connection->prepare_step++;
}

static struct question *take_first(struct connection *connection)
{
    struct question *question = TAILQ_FIRST(&connection->in_flight);

    must(question != NULL);
    TAILQ_REMOVE(&connection->in_flight, question, link);
    connection->in_flight_count--;
    return question;
}

static void ask_again(struct connection *connection, struct question *question)
{
    if (question->is_answered)
        db_deliver(connection->lane->db, question, DB_UNAVAILABLE, NULL);
    else
        lane_put_again(connection->lane, question);
}

static bool may_try_again(const struct connection *connection, struct question *question)
{
    bool is_read = connection->lane->kind == SQL_LANE_READ;

    return (is_read || statement_at((int)question->statement)->is_retryable) && question->conflicts++ == 0;
}

/* A result that stands: the question's end, or its way back into the queue. Takes result. */
static void conclude(struct connection *connection, struct question *question, PGresult *result)
{
    struct db *db = connection->lane->db;
    enum answer_kind kind = answer_kind(result);
    enum db_outcome outcome = kind == ANSWER_ROWS ? DB_ROWS : answer_outcome(result);

    must(kind != ANSWER_LOST);
    if (kind == ANSWER_ABORTED || (kind == ANSWER_CONFLICT && may_try_again(connection, question))) {
        PQclear(result);
        ask_again(connection, question);
        return;
    }
    if (connection->lane->kind == SQL_LANE_READ && answer_is_read_only_server(result))
        outcome = DB_FAILED; /* a statement of the read lane that writes: a mistake in its file */
    if (outcome == DB_FAILED || outcome == DB_UNAVAILABLE)
        answer_log_failure(question->statement, result);
    db_deliver(db, question, outcome, result);
}

/* A member whose batch was undone, or left it out. Nobody waits for its answer any more: so be it. */
static void ask_alone(struct connection *connection, struct question *question)
{
    question->is_alone = true;
    ask_again(connection, question);
}

/* The end of a write's call, which may be a batch. What failed for several is asked again one by one: their
 * transaction is undone, and only one of them may be to blame. Takes result. */
static void conclude_call(struct connection *connection, PGresult *result)
{
    struct question *question = take_first(connection);
    bool const is_batch = statement_at((int)question->statement)->batch_max > 0;
    bool const is_single = connection->in_flight_count == 0;
    enum db_outcome const outcome = answer_outcome(result);

    if (!is_batch || (is_single && answer_kind(result) != ANSWER_ROWS)) {
        conclude(connection, question, result);
        return;
    }
    for (int member = 1; question != NULL; member++) {
        bool const is_over = outcome == DB_TIMEOUT || outcome == DB_UNAVAILABLE;
        PGresult *own = answer_kind(result) == ANSWER_ROWS ? batch_row(result, member) : NULL;

        if (own != NULL)
            conclude(connection, question, own);
        else if (is_over || is_single)
            db_deliver(connection->lane->db, question, is_over ? outcome : DB_CONFLICT, NULL);
        else
            ask_alone(connection, question);
        question = connection->in_flight_count > 0 ? take_first(connection) : NULL;
    }
    PQclear(result);
}

/* A write's result counts when its Sync is there; an error behind it comes from the commit and takes its
 * place. */
static void hold(struct connection *connection, PGresult *result)
{
    PQclear(connection->held);
    connection->held = result;
}

static void take_sync(struct connection *connection)
{
    bool is_standby = false;

    if (connection->held != NULL) {
        PGresult *result = connection->held;
        connection->held = NULL;
        is_standby = answer_is_read_only_server(result);
        conclude_call(connection, result);
    }
    /* With more in flight libpq says PQTRANS_ACTIVE; the next Sync will tell. */
    if (is_standby)
        link_drop(&connection->link, "the server takes no writes");
    else if (connection->in_flight_count == 0 && PQtransactionStatus(connection->link.pg) != PQTRANS_IDLE)
        link_drop(&connection->link, "a transaction was left open");
    else if (connection->lane->queue_count > 0)
        db_turn_soon(connection->lane->db);
}

/* Takes result. */
static void take_answer(struct connection *connection, PGresult *result)
{
    if (PQresultStatus(result) == PGRES_PIPELINE_SYNC) {
        PQclear(result);
        take_sync(connection);
    } else if (connection->in_flight_count == 0 || answer_kind(result) == ANSWER_LOST) {
        link_drop(&connection->link, PQresultErrorMessage(result));
        PQclear(result);
    } else if (connection->lane->kind == SQL_LANE_WRITE) {
        hold(connection, result);
    } else {
        conclude(connection, take_first(connection), result);
    }
}

/* In pipeline mode a NULL stands behind each result; two of them in a row mean that nothing is left. A lost
 * connection gives one error and then NULL for ever, never its Sync. */
static void on_readable(void *owner)
{
    struct connection *connection = owner;
    int nulls = 0;

    while (connection->link.state >= LINK_UP && nulls < 2 && !PQisBusy(connection->link.pg)) {
        PGresult *result = PQgetResult(connection->link.pg);
        if (result == NULL) {
            nulls++;
            continue;
        }
        nulls = 0;
        if (connection->state == CONNECTION_SERVING) {
            take_answer(connection, result);
        } else {
            take_preparation(connection, result);
            PQclear(result);
        }
    }
}

/* Reads may be asked once more; of a write nobody knows, unless its error had come. */
static void give_back(struct connection *connection)
{
    struct db *db = connection->lane->db;
    PGresult *held = connection->held;

    connection->held = NULL;
    if (held != NULL && connection->in_flight_count > 0 && answer_kind(held) != ANSWER_ROWS)
        conclude_call(connection, held);
    else
        PQclear(held);
    while (connection->in_flight_count > 0) {
        struct question *question = take_first(connection);

        if (connection->lane->kind == SQL_LANE_WRITE)
            db_deliver(db, question, DB_UNKNOWN, NULL);
        else if (question->breaks++ == 0)
            ask_again(connection, question);
        else
            db_deliver(db, question, DB_UNAVAILABLE, NULL);
    }
}

static void on_down(void *owner)
{
    struct connection *connection = owner;
    bool was_serving = connection->state == CONNECTION_SERVING;

    connection->state = CONNECTION_AWAY;
    connection->needs_sync = false;
    connection->lane->db->counts.reconnects++;
    if (was_serving)
        lane_has_lost(connection->lane);
    give_back(connection);
}

static const struct link_calls calls = {.on_up = on_up, .on_readable = on_readable, .on_down = on_down};

void connection_init(struct connection *connection, struct lane *lane, const struct connect_options *options)
{
    *connection = (struct connection){.lane = lane, .state = CONNECTION_AWAY};
    TAILQ_INIT(&connection->in_flight);
    link_init(&connection->link, lane->db->base, options);
    link_start(&connection->link, &calls, connection);
}

void connection_fini(struct connection *connection)
{
    must(connection->in_flight_count == 0);
    link_fini(&connection->link);
}

bool connection_has_room(const struct connection *connection)
{
    return connection->state == CONNECTION_SERVING &&
           connection->in_flight_count < connection->lane->in_flight_max;
}

bool connection_send(struct connection *connection, struct question_list *questions, int count)
{
    const struct question *first = TAILQ_FIRST(questions);
    const struct sql_statement *statement = statement_at((int)first->statement);
    const char *packed[DB_PARAMS_MAX];
    const char *const *values = first->values;

    must(connection_has_room(connection) && (count == 1 || count <= statement->batch_max));
    if (statement->batch_max > 0) {
        batch_pack(connection->lane->db->scratch, first, count, packed);
        values = packed;
    }
    bool const is_sent = PQsendQueryPrepared(connection->link.pg, statement->name, first->param_count, values,
                                             NULL, NULL, 0) == 1;

    arena_reset(connection->lane->db->scratch); /* libpq has its own copy */
    if (!is_sent) {
        link_drop(&connection->link, NULL);
        return false;
    }
    TAILQ_CONCAT(&connection->in_flight, questions, link);
    connection->in_flight_count += count;
    connection->needs_sync = true;
    return true;
}

/* One Sync for all of a connection's questions of a turn: what an error aborts behind it was not run and is
 * asked again. A Sync each would cost a system call each on both sides (libpq 15 flushes at every Sync). */
void connection_end_turn(struct connection *connection)
{
    if (!connection->needs_sync)
        return;
    connection->needs_sync = false;
    if (PQpipelineSync(connection->link.pg) == 0)
        link_drop(&connection->link, NULL);
    else
        link_flush(&connection->link);
}

void connection_tick(struct connection *connection, int64_t now_us)
{
    struct db *db = connection->lane->db;
    enum db_outcome outcome = connection->lane->kind == SQL_LANE_WRITE ? DB_UNKNOWN : DB_TIMEOUT;
    struct question *question = TAILQ_FIRST(&connection->in_flight);

    if (question != NULL && now_us - question->asked_us >= db->wait_timeout_us + OVERDUE_GRACE_US) {
        link_drop(&connection->link, "an answer is long overdue");
        return;
    }
    for (; question != NULL; question = TAILQ_NEXT(question, link))
        if (now_us - question->asked_us >= db->wait_timeout_us)
            db_give_up(db, question, outcome);
}

void connection_give_up(struct connection *connection)
{
    bool is_write = connection->lane->kind == SQL_LANE_WRITE;

    PQclear(connection->held);
    connection->held = NULL;
    while (connection->in_flight_count > 0)
        db_deliver(connection->lane->db, take_first(connection), is_write ? DB_UNKNOWN : DB_UNAVAILABLE,
                   NULL);
    connection->state = CONNECTION_AWAY;
}
