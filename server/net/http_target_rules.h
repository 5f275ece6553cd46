#pragma once
/*
 * What a request line and a Host header may point at. Slices only; nothing is copied or decoded here.
 */
#include "core/text.h"

enum { HTTP_TARGET_BYTES_MAX = 8 * 1024 };

struct http_target {
    struct text path;      /* starts with '/', or is "*" */
    struct text query;     /* without '?'; data == NULL where there is none */
    struct text authority; /* of absolute-form; else data == NULL */
};

/* Origin-form, absolute-form (http or https) reduced to it, or "*". False: any other, a byte that has no
 * business there, a bad escape, %00, or "//" at the start, which some readers take for another host. */
MUST_USE bool http_target_parse(struct text source, struct http_target *target);
/* A name, an IPv4 address or [IPv6], and perhaps a port of 1–65535. */
MUST_USE bool http_host_is_valid(struct text host);
