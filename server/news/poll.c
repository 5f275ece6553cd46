#include "news/poll.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/heap.h"
#include "identity/role.h"

enum { ROWS_MAX = 2000, PAIRS_MAX = 500, ROUND_BYTES = 64 * 1024 * 1024 };
#define ROWS_MAX_TEXT "2001" /* one more tells that there are more */

void poll_start(struct poll *poll, struct worker *worker, struct listeners *listeners)
{
    *poll = (struct poll){
        .worker = worker, .listeners = listeners, .seen = heap_alloc(sizeof(int64_t) * (ROWS_MAX + 1))};
}

void poll_stop(struct poll *poll)
{
    must(!poll->is_busy); /* the database has answered everything by now */
    heap_free(poll->seen);
}

void poll_begin_at(struct poll *poll, const char *since)
{
    if (poll->since[0] == '\0' && !poll->is_busy)
        snprintf(poll->since, sizeof poll->since, "%s", since);
}

static bool was_seen(const struct poll *poll, int64_t id)
{
    size_t low = 0, high = poll->seen_count;

    while (low < high) {
        size_t const middle = low + (high - low) / 2;

        if (poll->seen[middle] == id)
            return true;
        if (poll->seen[middle] < id)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

static void end_round(struct poll *poll)
{
    for (size_t i = 0; i < poll->asked_count; i++)
        listener_release(poll->asked[i]);
    poll->asked_count = 0;
    arena_destroy(poll->round);
    poll->round = NULL;
    poll->is_busy = false;
}

static void ask_next(struct poll *poll);

static void tell(struct poll *poll, const struct db_answer *answer, int row, struct listener *listener,
                 bool is_work)
{
    int64_t const now_s = worker_now(poll->worker), version = db_i64(answer, row, COL_NEWS_TELL_VERSION);

    if (!db_bool(answer, row, COL_NEWS_TELL_IS_SIGNED_IN))
        return; /* his next question will say so */
    if (is_work) {
        listener_tell(listener, TEXT("event: work\ndata: {}\n\n"), now_s);
    } else if (!db_is_null(answer, row, COL_NEWS_TELL_CODE) && version > listener->version) {
        listener->version = version;
        listener_tell(listener,
                      text_of(arena_printf(
                          poll->round, "event: dossier\ndata: {\"code\":\"%s\",\"version\":%" PRId64 "}\n\n",
                          db_string(answer, row, COL_NEWS_TELL_CODE), version)),
                      now_s);
    }
}

static void told(void *owner, const struct db_answer *answer)
{
    struct poll *poll = owner;

    if (db_outcome(answer) != DB_ROWS) {
        poll->has_gap = true;
        end_round(poll);
        return;
    }
    must((size_t)db_row_count(answer) == poll->asked_to - poll->asked_from);
    for (int row = 0; row < db_row_count(answer); row++)
        tell(poll, answer, row, poll->asked[poll->asked_from + (size_t)row],
             poll->is_work[poll->asked_from + (size_t)row]);
    poll->asked_from = poll->asked_to;
    if (poll->asked_from < poll->asked_count)
        ask_next(poll);
    else
        end_round(poll);
}

static void ask_next(struct poll *poll)
{
    struct text_out sessions = text_out_begin(poll->round), dossiers = text_out_begin(poll->round);
    struct db_params params = {.count = 2};

    poll->asked_to = poll->asked_from + PAIRS_MAX;
    if (poll->asked_to > poll->asked_count)
        poll->asked_to = poll->asked_count;
    for (size_t i = poll->asked_from; i < poll->asked_to; i++) {
        const struct listener *listener = poll->asked[i];

        text_out_put(&sessions, text_of(i == poll->asked_from ? "{\"\\" : ",\"\\"));
        text_out_put(&sessions, text_of(listener->session_hex)); /* \x…, its backslash doubled */
        text_out_put(&sessions, TEXT("\""));
        text_out_put(&dossiers, text_of(i == poll->asked_from ? "{" : ","));
        text_out_i64(&dossiers, poll->is_work[i] ? 0 : listener->dossier);
    }
    text_out_put(&sessions, TEXT("}"));
    text_out_put(&dossiers, TEXT("}"));
    params.values[0] = text_out_end(&sessions).data;
    params.values[1] = text_out_end(&dossiers).data;
    db_ask(poll->worker->db, SQL_NEWS_TELL, &params, told, poll);
}

static void put_pair(struct poll *poll, struct listener *listener, bool is_work)
{
    listener_hold(listener);
    poll->is_work[poll->asked_count] = is_work;
    poll->asked[poll->asked_count++] = listener;
}

/* Whoever is marked is asked for; nobody is: the round is over. */
static void tell_marked(struct poll *poll)
{
    size_t const most = 2 * (size_t)poll->listeners->count + 1;

    poll->round = arena_create(ROUND_BYTES);
    poll->asked = arena_array(poll->round, struct listener *, most);
    poll->is_work = arena_array(poll->round, bool, most);
    poll->asked_count = poll->asked_from = 0;
    for (struct listener *each = poll->listeners->first; each != NULL; each = each->next) {
        if (each->has_work)
            put_pair(poll, each, true);
        if (each->has_dossier)
            put_pair(poll, each, false);
        each->has_work = each->has_dossier = false;
    }
    if (poll->asked_count == 0)
        end_round(poll);
    else
        ask_next(poll);
}

static void mark_rows(struct poll *poll, const struct db_answer *answer, int rows)
{
    for (int row = 0; row < rows; row++) {
        struct change_place const place = {
            .dossier = db_i64(answer, row, COL_NEWS_POLL_DOSSIER),
            .handler = db_i64(answer, row, COL_NEWS_POLL_HANDLER),
            .unit = db_text(answer, row, COL_NEWS_POLL_HOLDER_UNIT),
            .role = role_from_name(db_text(answer, row, COL_NEWS_POLL_HOLDER_ROLE)),
        };

        if (!was_seen(poll, db_i64(answer, row, COL_NEWS_POLL_ID)))
            listeners_mark(poll->listeners, &place);
    }
}

static void looked(void *owner, const struct db_answer *answer)
{
    struct poll *poll = owner;
    int rows;

    if (db_outcome(answer) != DB_ROWS) {
        poll->has_gap = true;
        poll->is_busy = false;
        return;
    }
    rows = db_is_null(answer, 0, COL_NEWS_POLL_ID) ? 0 : db_row_count(answer);
    if (rows > ROWS_MAX || poll->has_gap)
        listeners_mark_all(poll->listeners);
    else
        mark_rows(poll, answer, rows);
    poll->has_gap = false;
    poll->seen_count = (size_t)rows;
    for (int row = 0; row < rows; row++)
        poll->seen[row] = db_i64(answer, row, COL_NEWS_POLL_ID);
    snprintf(poll->since, sizeof poll->since, "%s", db_string(answer, 0, COL_NEWS_POLL_NEXT));
    tell_marked(poll);
}

void poll_look(struct poll *poll)
{
    struct db_params const params = {.count = 2, .values = {poll->since, ROWS_MAX_TEXT}};

    if (poll->is_busy || poll->since[0] == '\0')
        return;
    if (poll->listeners->count == 0) { /* the next one brings a mark of its own */
        poll->since[0] = '\0';
        poll->seen_count = 0;
        return;
    }
    poll->is_busy = true;
    db_ask(poll->worker->db, SQL_NEWS_POLL, &params, looked, poll);
}
