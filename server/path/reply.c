/* Answers and refusals: the only places where a status and its body are made. */
#include "path/path.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct {
    int status;
    const char *code, *title;
} refusals[] = {
#define REFUSAL(name, status_, code_, title_) [REFUSE_##name] = {status_, code_, title_},
#include "path/refusal.def"
#undef REFUSAL
};

const char *refusal_code(enum refusal refusal)
{
    return refusals[refusal].code;
}

int refusal_status(enum refusal refusal)
{
    return refusals[refusal].status;
}

const char *refusal_title(enum refusal refusal)
{
    return refusals[refusal].title;
}

void reply_header(struct req *req, const char *name, struct text value)
{
    must(req->header_count < REPLY_HEADERS_MAX);
    req->headers[req->header_count++] = (struct net_header){text_of(name), value};
}

static enum act reply(struct req *req, int status, const char *content_type, struct text body)
{
    must(!req->is_replied);
    req->is_replied = true;
    req->status = status;
    req->reply = body;
    if (content_type != NULL)
        reply_header(req, "Content-Type", text_of(content_type));
    return ACT_DONE;
}

enum act reply_json(struct req *req, int status, struct text json)
{
    return reply(req, status, "application/json; charset=utf-8", json);
}

enum act reply_bytes(struct req *req, int status, const char *content_type, struct text bytes)
{
    return reply(req, status, content_type, bytes);
}

enum act reply_empty(struct req *req, int status)
{
    return reply(req, status, NULL, TEXT_NONE);
}

enum act reply_stream(struct req *req, const char *content_type, const struct req_stream *stream)
{
    req->stream = stream;
    return reply(req, 200, content_type, TEXT_NONE);
}

struct kept_reply *reply_put_aside(struct req *req)
{
    struct kept_reply *kept = arena_new(req->arena, struct kept_reply);

    must(req->is_replied && !req->is_waiting);
    kept->status = req->status;
    kept->refusal = req->refusal;
    kept->header_count = req->header_count;
    memcpy(kept->headers, req->headers, sizeof kept->headers);
    kept->body = req->reply;
    req->is_replied = false;
    req->header_count = 0;
    return kept;
}

enum act reply_kept(struct req *req, const struct kept_reply *kept)
{
    req->header_count = kept->header_count;
    memcpy(req->headers, kept->headers, sizeof kept->headers);
    req->refusal = kept->refusal;
    return reply(req, kept->status, NULL, kept->body);
}

void reply_version(struct req *req, int64_t version)
{
    reply_header(req, "ETag", text_of(arena_printf(req->arena, "\"%" PRId64 "\"", version)));
}

/* If-None-Match: a list of tags, weak or strong, or "*" (RFC 9110 13.1.2). */
bool req_is_unchanged(const struct req *req, int64_t version)
{
    struct text rest = req->if_none_match;
    char tag[32];

    snprintf(tag, sizeof tag, "\"%" PRId64 "\"", version);
    while (rest.data != NULL) {
        struct text one = text_trim(text_cut(rest, ',', &rest));

        if (text_starts(one, TEXT("W/"))) {
            one.data += 2;
            one.length -= 2;
        }
        if (text_equal(one, TEXT("*")) || text_equal(one, text_of(tag)))
            return true;
    }
    return false;
}

static void write_errors(struct json_out *out, const struct req *req)
{
    json_key(out, "errors");
    json_open_array(out);
    for (int i = 0; i < req->error_count; i++) {
        json_open_object(out);
        json_put_string(out, "pointer", req->errors[i].pointer);
        json_put_string(out, "code", req->errors[i].code);
        json_put_string(out, "detail", req->errors[i].detail);
        json_close_object(out);
    }
    json_close_array(out);
}

enum act refuse_with(struct req *req, enum refusal refusal, const char *detail)
{
    struct json_out out = json_out_begin(req->arena);
    int const status = refusals[refusal].status;

    json_open_object(&out);
    json_put_string(&out, "type", arena_printf(req->arena, "/problems/%s", refusals[refusal].code));
    json_put_string(&out, "title", refusals[refusal].title);
    json_put_i64(&out, "status", status);
    json_put_string(&out, "code", refusals[refusal].code);
    if (detail != NULL)
        json_put_string(&out, "detail", detail);
    if (req->id[0] != '\0')
        json_put_string(&out, "request_id", req->id);
    if (req->error_count > 0)
        write_errors(&out, req);
    json_close_object(&out);
    req->header_count = 0;
    req->refusal = refusal;
    if (status == 503 || status == 429)
        reply_header(req, "Retry-After", TEXT("2"));
    if (status == 401)
        reply_header(req, "WWW-Authenticate", TEXT("Bearer"));
    if (refusal == REFUSE_METHOD)
        reply_header(req, "Allow", text_of(match_allowed(req->arena, req->path)));
    return reply(req, status, "application/problem+json; charset=utf-8", json_out_end(&out));
}

enum act refuse(struct req *req, enum refusal refusal)
{
    return refuse_with(req, refusal, NULL);
}

/* What net refuses by itself gets the same shape; written once, kept for the life of the process. */
struct text path_fault_body(void *owner, enum net_fault fault)
{
    static const enum refusal meaning[NET_FAULT_COUNT] = {
        [NET_FAULT_BAD_REQUEST] = REFUSE_BAD_REQUEST,
        [NET_FAULT_HEAD_TIMEOUT] = REFUSE_TIMEOUT,
        [NET_FAULT_BODY_TOO_LARGE] = REFUSE_TOO_LARGE,
        [NET_FAULT_TARGET_TOO_LONG] = REFUSE_TARGET_TOO_LONG,
        [NET_FAULT_EXPECTATION] = REFUSE_EXPECTATION,
        [NET_FAULT_HEAD_TOO_LARGE] = REFUSE_HEAD_TOO_LARGE,
        [NET_FAULT_NOT_IMPLEMENTED] = REFUSE_NOT_IMPLEMENTED,
        [NET_FAULT_VERSION] = REFUSE_VERSION,
    };
    static char bodies[NET_FAULT_COUNT][256];
    char *body = bodies[fault];

    (void)owner;
    if (body[0] == '\0')
        snprintf(body, sizeof bodies[fault],
                 "{\"type\":\"/problems/%s\",\"title\":\"%s\",\"status\":%d,\"code\":\"%s\"}",
                 refusals[meaning[fault]].code, refusals[meaning[fault]].title,
                 refusals[meaning[fault]].status, refusals[meaning[fault]].code);
    return text_of(body);
}
