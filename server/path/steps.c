/* The way of a request, as one table. Adding a step is adding a row. */
#include "path/path.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <time.h>

#include "core/config.h"
#include "core/json.h"
#include "core/log.h"
#include "path/counts.h"

enum { REQUEST_BYTES_MAX = 24 * 1024 * 1024, BODY_BYTES_MAX = 1024 * 1024, KEY_BYTES_MAX = 255 };

static enum act step_match(struct req *req);
static enum act step_identify(struct req *req);
static enum act step_authorise(struct req *req);
static enum act step_decode(struct req *req);
static enum act step_ask(struct req *req);

/* ACT_NEXT goes down, ACT_WAIT suspends, ACT_DONE jumps to send. */
static const struct step {
    const char *name;
    enum act (*run)(struct req *req);
} steps[] = {
    {"match", step_match},         /* method and path → route, path ids                    404 405 503 */
    {"identify", step_identify},   /* cookie or bearer → session → who asks                401         */
    {"authorise", step_authorise}, /* the route's roles against his                        401 403     */
    {"decode", step_decode},       /* query, headers, body → the route's field tables  400 415 422 428 */
    {"ask", step_ask},             /* the handler: decision and question                   403 409 …   */
};                                 /* then: the handler's answer functions, and send() */

static int64_t monotonic_us(void)
{
    struct timespec now;

    must(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void request_end(struct req *req)
{
    *req->previous = req->next;
    if (req->next != NULL)
        req->next->previous = req->previous;
    req->worker->under_way_count--;
    arena_destroy(req->arena); /* req itself is in it */
}

/* Who is refused for asking too often must not fill the disk with it: of a second's such requests the first
 * has its line, and the next line tells how many had none. /metrics counts them all. */
static bool is_one_of_many(const struct req *req)
{
    static int64_t second, unlogged;
    int64_t const now_s = monotonic_us() / 1000000;

    if (req->status != 429)
        return false;
    if (now_s == second) {
        unlogged++;
        return true;
    }
    if (unlogged > 0)
        log_info("too_many_requests", LOG_N("unlogged", unlogged));
    second = now_s;
    unlogged = 0;
    return false;
}

/* Never a query string, a body or a name. */
static void log_request(const struct req *req, int64_t took_us)
{
    if (is_one_of_many(req))
        return;
    log_info("request", LOG_S("request_id", req->id),
             LOG_S("method", net_method_name(net_method(req->exchange))),
             LOG_S("route", req->route != NULL ? req->route->path : "-"), LOG_N("status", req->status),
             LOG_S("code", req->status >= 400 ? refusal_code(req->refusal) : "-"),
             LOG_N("user", req->asker.person), LOG_US("dur_ms", took_us), LOG_US("db_ms", req->db_us));
}

/* Bytes out, then one line in the log. */
static void send(struct req *req)
{
    int64_t const took_us = monotonic_us() - net_started_us(req->exchange);
    struct net_answer const answer = {
        .status = req->status,
        .headers = req->headers,
        .header_count = req->header_count,
        .body = req->reply,
        .is_closing = req->worker->is_draining,
    };

    must(req->is_replied && !req->is_waiting);
    counts_request(req->worker->counts, req->route, req->status, took_us);
    log_request(req, took_us);
    net_answer(req->exchange, &answer);
    request_end(req);
}

void req_go_on(struct req *req, enum act act)
{
    while (act == ACT_NEXT) {
        must(req->step < array_length(steps));
        act = steps[req->step++].run(req);
    }
    if (act == ACT_DONE)
        send(req);
    else
        must(req->is_waiting);
}

size_t path_body_bytes_max(void *owner, struct net_exchange *exchange)
{
    struct text ids[ROUTE_IDS_MAX];
    bool is_path_known;
    const struct route *route = match_route(net_method(exchange), net_path(exchange), ids, &is_path_known);

    (void)owner;
    /* A body for an unknown path is read, so that the answer can be 404. */
    return route == NULL || route->body != NULL ? BODY_BYTES_MAX : 0;
}

void path_begin(void *owner, struct net_exchange *exchange)
{
    struct worker *worker = owner;
    struct arena *arena = arena_create(REQUEST_BYTES_MAX);
    struct req *req = arena_new(arena, struct req);

    req->arena = arena;
    req->worker = worker;
    req->exchange = exchange;
    req->path = net_path(exchange);
    req->next = worker->under_way;
    req->previous = &worker->under_way;
    if (req->next != NULL)
        req->next->previous = &req->next;
    worker->under_way = req;
    worker->under_way_count++;
    snprintf(req->id, sizeof req->id, "%016" PRIx64, worker->request_seed + worker->request_number++);
    req_go_on(req, ACT_NEXT);
}

struct text req_source(const struct req *req)
{
    const char *proxy = req->worker->config->http_trusted_proxy;
    struct text const peer = net_source(req->exchange);
    struct text forwarded = net_header(req->exchange, "X-Forwarded-For", NULL), last = TEXT_NONE;

    if (*proxy == '\0' || !text_equal(peer, text_of(proxy)))
        return peer;
    while (forwarded.data != NULL) /* the front appends; only its own entry, the last, is believed */
        last = text_trim(text_cut(forwarded, ',', &forwarded));
    return last.length > 0 ? last : peer;
}

static enum act step_match(struct req *req)
{
    bool is_path_known;

    req->route = match_route(net_method(req->exchange), req->path, req->ids, &is_path_known);
    reply_header(req, "X-Request-Id", text_of(req->id));
    if (req->route == NULL)
        return refuse(req, is_path_known ? REFUSE_METHOD : REFUSE_NOT_FOUND);
    for (int i = 0; i < ROUTE_IDS_MAX && req->ids[i].data != NULL; i++) {
        struct text decoded;

        if (!net_decode(req->arena, req->ids[i], false, &decoded))
            return refuse(req, REFUSE_NOT_FOUND);
        req->ids[i] = text_nfc(req->arena, decoded);
    }
    return ACT_NEXT;
}

static enum act step_identify(struct req *req)
{
    return identify_step(req);
}

/* A page's cookie is sent by the browser; a request made by another site's page is told by these headers. */
static bool is_cross_site(const struct req *req)
{
    struct text const site = net_header(req->exchange, "Sec-Fetch-Site", NULL);
    struct text const origin = net_header(req->exchange, "Origin", NULL);
    struct text const host = net_header(req->exchange, "Host", NULL);

    if (site.data != NULL && !text_equal(site, TEXT("same-origin")) && !text_equal(site, TEXT("none")))
        return true;
    return origin.data != NULL &&
           (origin.length <= host.length ||
            !text_equal((struct text){origin.data + origin.length - host.length, host.length}, host) ||
            origin.data[origin.length - host.length - 1] != '/');
}

static enum act step_authorise(struct req *req)
{
    int const who = req->route->who;

    if (who == WHO_ANYONE)
        return ACT_NEXT;
    if (req->asker.person == 0)
        return refuse(req, REFUSE_NOT_SIGNED_IN);
    if (req->asker.is_by_cookie && req->route->method != NET_GET && is_cross_site(req))
        return refuse(req, REFUSE_CROSS_SITE);
    if (who != WHO_STAFF && ((unsigned)who & req->asker.roles) == 0)
        return refuse(req, REFUSE_NOT_ALLOWED);
    return ACT_NEXT;
}

/* A version as we give it: "17". No weak tags, no lists; "*" would overwrite what nobody looked at. */
static bool etag_parse(struct text tag, int64_t *version)
{
    if (tag.length < 3 || tag.data[0] != '"' || tag.data[tag.length - 1] != '"')
        return false;
    return text_to_i64((struct text){tag.data + 1, tag.length - 2}, version);
}

static enum act decode_headers(struct req *req)
{
    unsigned count;

    req->if_none_match = net_header(req->exchange, "If-None-Match", NULL);
    if ((req->route->flags & ROUTE_KEY) != 0) {
        req->key = net_header(req->exchange, "Idempotency-Key", &count);
        if (count > 1)
            return refuse_with(req, REFUSE_BAD_HEADER, "Idempotency-Key có nhiều hơn một giá trị");
        if (req->key.data == NULL || req->key.length == 0)
            return refuse(req, REFUSE_KEY_REQUIRED);
        for (size_t i = 0; i < req->key.length; i++)
            if (req->key.data[i] < 0x21 || req->key.data[i] > 0x7E || req->key.length > KEY_BYTES_MAX)
                return refuse_with(req, REFUSE_KEY_REQUIRED, "Khóa gồm 1–255 ký tự ASCII thấy được");
    }
    if ((req->route->flags & ROUTE_IF_MATCH) != 0) {
        struct text const tag = net_header(req->exchange, "If-Match", &count);

        if (tag.data == NULL || tag.length == 0)
            return refuse(req, REFUSE_VERSION_REQUIRED);
        if (text_equal(tag, TEXT("*")))
            return refuse_with(req, REFUSE_VERSION_REQUIRED, "Cần phiên bản cụ thể, không nhận \"*\"");
        if (count > 1 || !etag_parse(tag, &req->if_match))
            return refuse_with(req, REFUSE_VERSION_STALE, "If-Match không phải phiên bản do máy chủ cấp");
    }
    return ACT_NEXT;
}

static void hash_request(struct req *req)
{
    crypto_hash_sha256_state state;
    unsigned char hash[crypto_hash_sha256_BYTES];
    struct text const body = net_body(req->exchange);
    unsigned char const method = (unsigned char)net_method(req->exchange);

    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, &method, 1);
    crypto_hash_sha256_update(&state, (const unsigned char *)req->path.data, req->path.length);
    crypto_hash_sha256_update(&state, (const unsigned char *)"\n", 1);
    crypto_hash_sha256_update(&state, (const unsigned char *)&req->if_match, sizeof req->if_match);
    crypto_hash_sha256_update(&state, (const unsigned char *)body.data, body.length);
    crypto_hash_sha256_final(&state, hash);
    req->body_hash_hex = text_of(param_bytes(req, hash, sizeof hash));
}

static bool is_json(struct text type)
{
    struct text parameters;
    struct text const media = text_trim(text_cut(type, ';', &parameters));
    struct text const charset = text_trim(parameters);

    return text_equal_fold(media, TEXT("application/json")) &&
           (charset.length == 0 || text_equal_fold(charset, TEXT("charset=utf-8")) ||
            text_equal_fold(charset, TEXT("charset=\"utf-8\"")));
}

static enum act decode_body(struct req *req)
{
    struct json_result json;
    void *out;

    if (!is_json(net_header(req->exchange, "Content-Type", NULL)))
        return refuse(req, REFUSE_MEDIA_TYPE);
    json = json_parse(req->arena, net_body(req->exchange), &json_limits_body);
    if (json.fault != JSON_OK)
        return refuse_with(
            req, REFUSE_BAD_JSON,
            arena_printf(req->arena, "Lỗi tại byte %zu: %s", json.offset, json_fault_label(json.fault)));
    out = arena_alloc(req->arena, req->route->body_size);
    if (!cJSON_IsObject(json.root))
        req_error(req, "", "type", "Cần một đối tượng");
    else if (decode_object(req, json.root, req->route->body, out, ""))
        req->body = out;
    return req->error_count > 0 ? refuse(req, REFUSE_INVALID) : ACT_NEXT;
}

static enum act step_decode(struct req *req)
{
    void *query = arena_alloc(req->arena, req->route->query_size);
    enum act act;

    if (!decode_query(req, net_query(req->exchange), req->route->query, query))
        return refuse(req, REFUSE_INVALID);
    req->query = query;
    act = decode_headers(req);
    if (act == ACT_NEXT && req->route->body != NULL)
        act = decode_body(req);
    if (act == ACT_NEXT && (req->route->flags & ROUTE_KEY) != 0)
        hash_request(req);
    return act;
}

static enum act step_ask(struct req *req)
{
    return (req->route->ask)(req); /* the member, not the macro */
}

static enum act database_refusal(struct req *req, enum db_outcome outcome)
{
    switch (outcome) {
    case DB_UNAVAILABLE:
    case DB_FULL:
    case DB_TIMEOUT:
    case DB_CONFLICT: return refuse(req, REFUSE_UNAVAILABLE);
    case DB_UNKNOWN:
        return refuse_with(req, REFUSE_UNAVAILABLE, "Chưa rõ kết quả, hãy gửi lại với cùng Idempotency-Key");
    case DB_FAILED: return refuse(req, REFUSE_FAILED);
    case DB_ROWS: break;
    }
    unreachable();
}

static void asked(void *owner, const struct db_answer *answer)
{
    struct req *req = owner;
    enum db_outcome const outcome = db_outcome(answer);

    must(req->is_waiting);
    req->is_waiting = false;
    req->db_us += monotonic_us() - req->asked_us;
    req_go_on(req, outcome == DB_ROWS ? req->answer(req, answer) : database_refusal(req, outcome));
}

enum act ask_with(struct req *req, enum act (*answer)(struct req *, const struct db_answer *),
                  enum sql statement, const char *const *values, int count)
{
    struct db_params *params = arena_new(req->arena, struct db_params);

    must(!req->is_waiting && !req->is_replied && count <= DB_PARAMS_MAX);
    params->count = count;
    for (int i = 0; i < count; i++)
        params->values[i] = values[i];
    req->answer = answer;
    req->is_waiting = true;
    req->asked_us = monotonic_us();
    db_ask(req->worker->db, statement, params, asked, req);
    return ACT_WAIT;
}

enum act req_wait(struct req *req)
{
    must(!req->is_waiting && !req->is_replied);
    req->is_waiting = true;
    return ACT_WAIT;
}

void req_wake(struct req *req)
{
    must(req->is_waiting);
    req->is_waiting = false;
}
