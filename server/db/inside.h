#pragma once
/*
 * What the files of this room share: the database as a whole, its two lanes, their connections.
 *
 * A question goes lane->queue -> connection->in_flight -> answered; lane->again is for those that come back
 * and stand before the queue at the next turn. What is queued in a turn of the loop is sent at its end,
 * together. In flight on a write connection are the members of one call: one, or a batch (batch.h).
 */
#include <event2/event.h>

#include "db/answer.h"
#include "db/link.h"
#include "db/listen.h"
#include "db/question.h"
#include "db/statement.h"

/*
 *  AWAY --link up--> PREPARING --schema, statements and heads are right--> SERVING --link down--> AWAY
 */
enum connection_state { CONNECTION_AWAY, CONNECTION_PREPARING, CONNECTION_SERVING };

struct connection {
    struct link link;
    struct lane *lane;
    enum connection_state state;
    struct question_list in_flight;
    int in_flight_count;
    bool needs_sync;   /* something was sent in this turn and no Sync behind it yet */
    PGresult *held;    /* of a write: its result, until the Sync says that it is committed */
    int prepare_step;  /* results seen while PREPARING */
    int prepare_index; /* the statement the next result is about */
};

struct lane {
    struct db *db;
    enum sql_lane kind;
    struct connection *connections;
    int connection_count;
    int serving_count;
    int in_flight_max;     /* of each connection */
    int64_t away_since_us; /* since when none serves */
    struct question_list queue, again;
    int queue_count, queue_max; /* both lists */
};

enum { LANE_COUNT = 2 };

struct db {
    struct arena *arena; /* everything here, until db_destroy() */
    struct event_base *base;
    struct event *turn_event; /* end of the loop turn */
    struct event *tick_event; /* while questions are out: deadlines */
    bool is_turn_due, is_tick_due, is_ending;
    bool was_ready; /* every lane has served once */
    int answering;  /* depth of on_answer() calls */
    int64_t wait_timeout_us;
    struct lane lanes[LANE_COUNT]; /* by enum sql_lane */
    struct arena *scratch;         /* of one connection_send() */
    struct question_list free, refused;
    int out_count; /* questions in any list but free */
    struct listener listener;
    struct db_counts counts;
    struct {
        int64_t count, micro_sum;
    } times[SQL_COUNT + 1];
};

/* The one place where a question ends. Takes result (may be NULL). */
void db_deliver(struct db *db, struct question *question, enum db_outcome outcome, PGresult *result);
/* Answers now what the server may still answer later; the question stays in flight until then. */
void db_give_up(struct db *db, struct question *question, enum db_outcome outcome);
/* Lanes are looked at when this turn of the loop ends. */
void db_turn_soon(struct db *db);

void connection_init(struct connection *connection, struct lane *lane, const struct connect_options *options);
/* Without a word to those in flight. */
void connection_fini(struct connection *connection);
bool connection_has_room(const struct connection *connection);
/* Must have room. Several are of one statement and become one call. False: the connection broke, and the
 * questions are still the caller's. */
MUST_USE bool connection_send(struct connection *connection, struct question_list *questions, int count);
/* The Sync behind what was sent in this turn. */
void connection_end_turn(struct connection *connection);
/* Answers what is overdue; ends the connection when the server owes an answer for long. */
void connection_tick(struct connection *connection, int64_t now_us);
/* The end of all in flight when the program ends or the connection is lost. */
void connection_give_up(struct connection *connection);

void lane_init(struct lane *lane, struct db *db, const struct db_options *options, enum sql_lane kind);
void lane_put(struct lane *lane, struct question *question);
void lane_put_again(struct lane *lane, struct question *question);
void lane_send(struct lane *lane);
void lane_tick(struct lane *lane, int64_t now_us);
/* A connection has begun to serve, or has ceased to. */
void lane_has_gained(struct lane *lane);
void lane_has_lost(struct lane *lane);
void lane_give_up(struct lane *lane);
