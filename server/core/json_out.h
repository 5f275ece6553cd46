#pragma once
/*
 * Writes JSON into memory of an arena: grows by doubling up to the arena's own limit, puts the commas,
 * escapes strings. The writer keeps no tree: what is opened must be closed, a key stands only in an object
 * and a value in an object only behind its key, and must() says so when it is not. A text with data == NULL
 * is written as null. Bytes that are not UTF-8, and U+0000, become U+FFFD: what leaves here is always JSON
 * that json_parse() takes.
 */
#include <stdbool.h>
#include <stdint.h>

#include "core/text_out.h"

enum { JSON_OUT_DEPTH_MAX = 32 };

struct json_out {
    struct text_out text;
    unsigned depth;
    uint32_t objects; /* bit n: what is open at depth n is an object */
    bool wants_comma;
    bool has_key; /* a key was written and waits for its value */
};

struct json_out json_out_begin(struct arena *arena);
/* All that was written; has a NUL behind it. Every object and array must be closed. */
struct text json_out_end(struct json_out *out);

void json_open_object(struct json_out *out);
void json_close_object(struct json_out *out);
void json_open_array(struct json_out *out);
void json_close_array(struct json_out *out);
void json_key(struct json_out *out, const char *key);

void json_text(struct json_out *out, struct text value);
void json_i64(struct json_out *out, int64_t value);
void json_bool(struct json_out *out, bool value);
void json_null(struct json_out *out);
/* A value that is JSON already, as PostgreSQL gives it; data == NULL is null. */
void json_raw(struct json_out *out, struct text json);

/* key and value at once */
void json_put_text(struct json_out *out, const char *key, struct text value);
void json_put_string(struct json_out *out, const char *key, const char *nul_terminated);
void json_put_i64(struct json_out *out, const char *key, int64_t value);
void json_put_bool(struct json_out *out, const char *key, bool value);
void json_put_raw(struct json_out *out, const char *key, struct text json);
/* RFC 3339 in +07:00; at_s == 0 is null. */
void json_put_instant(struct json_out *out, const char *key, int64_t at_s);
