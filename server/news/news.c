#include "news/news.h"

#include <inttypes.h>

#include "core/config.h"
#include "core/heap.h"
#include "identity/identity.h"
#include "news/poll.h"

/* A stream's life is not the same for all, so that they do not come back together. */
enum { LIFE_S = 240, LIFE_SPREAD_S = 120, BEAT_S = 25, TICKS_A_LOOK = 2 };

static struct listeners listeners; /* of the worker; this file's own, as is poll */
static struct poll poll;
static unsigned ticks;

void news_start(struct worker *worker)
{
    poll_start(&poll, worker, &listeners);
}

void news_stop(struct worker *worker)
{
    (void)worker;
    while (listeners.first != NULL)
        listener_end(&listeners, listeners.first);
    poll_stop(&poll);
}

void news_tick(struct worker *worker)
{
    int64_t const now_s = worker_now(worker);

    for (struct listener *each = listeners.first, *next; each != NULL; each = next) {
        next = each->next;
        if (now_s >= each->until_s)
            listener_end(&listeners, each);
        else if (now_s - each->heard_s >= BEAT_S) /* who is gone without a word is found by it */
            listener_tell(each, TEXT(":\n\n"), now_s);
    }
    if (ticks++ % TICKS_A_LOOK == 0)
        poll_look(&poll);
}

/* --- GET /api/v1/live --- */

struct live_query {
    struct text dossier;
};

static const struct field live_query_fields[] = {
    FIELD_OF(struct live_query, dossier, FIELD_TEXT, .min = 1, .max = 64),
    {.kind = FIELD_END},
};

static void begun(void *owner, struct net_stream *stream)
{
    struct listener *listener = owner;
    int64_t const now_s = worker_now(poll.worker);
    char open[96];
    int length;

    if (stream == NULL) {
        heap_free(listener);
        return;
    }
    listener->stream = stream;
    listener->until_s = now_s + LIFE_S + listener->person % LIFE_SPREAD_S;
    listeners_add(&listeners, listener);
    length = snprintf(open, sizeof open, "retry: 2000\nevent: begin\ndata: {\"version\":%" PRId64 "}\n\n",
                      listener->version);
    listener_tell(listener, (struct text){open, (size_t)length}, now_s);
}

static void ended(void *owner)
{
    listener_gone(&listeners, owner);
}

static enum act opened(struct req *req, const struct db_answer *answer)
{
    const struct live_query *query = req->query;
    struct req_stream *stream = arena_new(req->arena, struct req_stream);
    struct listener *listener;

    if (db_is_null(answer, 0, COL_NEWS_OPEN_PERSON))
        return refuse_not_signed_in(req);
    if (query->dossier.data != NULL && db_is_null(answer, 0, COL_NEWS_OPEN_DOSSIER))
        return refuse(req, REFUSE_NO_SUCH_DOSSIER);
    poll_begin_at(&poll, db_string(answer, 0, COL_NEWS_OPEN_SINCE));
    listeners_make_room(&listeners, req->asker.session_hex);
    listener = listener_new(req->asker.person, req->asker.session_hex, req->asker.grants);
    listener->dossier = db_i64(answer, 0, COL_NEWS_OPEN_DOSSIER);
    listener->version = db_i64(answer, 0, COL_NEWS_OPEN_VERSION);
    *stream = (struct req_stream){begun, ended, listener};
    reply_header(req, "X-Accel-Buffering", TEXT("no")); /* a front must not wait for more */
    return reply_stream(req, "text/event-stream; charset=utf-8", stream);
}

static enum act live_ask(struct req *req)
{
    const struct live_query *query = req->query;

    if (listeners.count >= (int)(req->worker->config->http_connections_max / 2))
        return refuse(req, REFUSE_UNAVAILABLE);
    return ask(req, opened, SQL_NEWS_OPEN, param_text(req, req->asker.session_hex),
               param_text(req, query->dossier));
}

const struct route news_routes[1] = {
    {NET_GET, "/api/v1/live", WHO_STAFF, ROUTE_PAGE, live_query_fields, sizeof(struct live_query), NULL, 0,
     live_ask, "live", "Báo ngay khi việc của người hỏi hoặc hồ sơ đang mở có thay đổi (server-sent events)",
     "200 events", "no-such-dossier"},
};
