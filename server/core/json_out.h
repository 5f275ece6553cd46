#pragma once
/*
 * Writes JSON into memory of an arena: grows by doubling up to the arena's own limit, puts the commas, escapes
 * strings. The writer keeps no tree: what is opened must be closed, and must() says so when it is not.
 * A text with data == NULL is written as null.
 */
#include <stdbool.h>
#include <stdint.h>

#include "core/text.h"

struct json_out {
    struct arena *arena;
    char *data;
    size_t length;
    size_t capacity;
    unsigned depth;
    bool wants_comma;
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
