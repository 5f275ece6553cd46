#pragma once
/*
 * The head of a request: where it ends, and what it says. Pure: bytes in, slices of the same bytes out.
 *
 * First http_head_scan() finds the end, however the bytes come in; then http_head_parse() reads the whole
 * head in one pass. Whatever leaves a doubt about where the message ends is a fault; the caller answers it
 * and closes.
 */
#include "net.h"

enum { HTTP_HEAD_BYTES_MAX = 16 * 1024, HTTP_HEADERS_MAX = 64 };

enum http_scan { HTTP_SCAN_MORE, HTTP_SCAN_WHOLE, HTTP_SCAN_FAULT };

/* How far a head was looked at; all zero at its first byte. */
struct http_head_scan {
    size_t line;    /* where the line begins that is not whole yet */
    size_t scanned; /* no line end stands before this */
};

/* `bytes` are all that came of this request so far, those of the last call first. HTTP_SCAN_WHOLE: *length
 * bytes are the head, its empty line included. */
MUST_USE enum http_scan http_head_scan(struct http_head_scan *scan, struct text bytes, size_t *length,
                                       enum net_fault *fault);

struct http_head {
    enum net_method method;
    struct text path, query; /* as net_path() and net_query() give them; "OPTIONS *" asks of "/" */
    struct net_header headers[HTTP_HEADERS_MAX];
    size_t header_count;
    int64_t content_length; /* 0 where there is none */
    bool is_chunked;
    bool is_version_1_0;
    bool is_closing; /* the client wants no further request on this connection */
    bool is_expecting_continue;
};

/* `bytes` is a whole head, as http_head_scan() found it. */
MUST_USE bool http_head_parse(struct text bytes, struct http_head *head, enum net_fault *fault);
/* Whether a body follows the head. */
bool http_head_has_body(const struct http_head *head);
