#include "path/operator.h"

#include "path/counts.h"
#include "path/describe.h"

enum { DESCRIPTION_ARENA_BYTES = 16 << 20 };

static enum act health_ask(struct req *req)
{
    return reply_json(req, 200, TEXT("{\"status\":\"live\"}"));
}

static enum act ready_answered(struct req *req, const struct db_answer *answer)
{
    (void)answer;
    return reply_json(req, 200, TEXT("{\"status\":\"ready\"}"));
}

static enum act ready_ask(struct req *req)
{
    if (req->worker->is_draining || !db_is_ready(req->worker->db))
        return refuse(req, REFUSE_UNAVAILABLE);
    for (size_t i = 0; i < room_count; i++)
        if (rooms[i].is_ready != NULL && !rooms[i].is_ready(req->worker))
            return refuse(req, REFUSE_UNAVAILABLE);
    return ask_with(req, ready_answered, SQL_PING, NULL, 0);
}

static enum act metrics_ask(struct req *req)
{
    struct text const peer = req_source(req); /* what a trusted front passes on is not this machine */

    if (!text_starts(peer, TEXT("127.")) && !text_equal(peer, TEXT("::1")))
        return refuse(req, REFUSE_NOT_FOUND);
    return reply_bytes(req, 200, "text/plain; version=0.0.4; charset=utf-8",
                       counts_text(req->worker, req->arena));
}

/* Written once a process, as it never changes while that runs: anybody may ask for it, and often. */
static enum act description_ask(struct req *req)
{
    static struct arena *kept;
    static struct text description;

    if (kept == NULL) {
        kept = arena_create(DESCRIPTION_ARENA_BYTES);
        description = describe_json(kept);
    }
    reply_header(req, "Cache-Control", TEXT("public, no-cache"));
    return reply_json(req, 200, description);
}

const struct route operator_routes[4] = {
    {NET_GET, "/healthz", WHO_ANYONE, 0, NULL, 0, NULL, 0, health_ask, "health", "Tiến trình còn sống",
     "200 Health", ""},
    {NET_GET, "/readyz", WHO_ANYONE, 0, NULL, 0, NULL, 0, ready_ask, "ready",
     "Sẵn sàng nhận việc: có cơ sở dữ liệu, đúng lược đồ", "200 Health", "unavailable"},
    {NET_GET, "/metrics", WHO_ANYONE, ROUTE_PAGE, NULL, 0, NULL, 0, metrics_ask, "metrics",
     "Số đo cho người vận hành, chỉ trả lời máy tại chỗ", "200 text", "not-found"},
    {NET_GET, "/api/v1/openapi.json", WHO_ANYONE, 0, NULL, 0, NULL, 0, description_ask, "openapi",
     "Bản mô tả mà máy chủ đang chạy tuân theo", "200 Description", ""},
};
