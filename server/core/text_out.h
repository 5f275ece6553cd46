#pragma once
/*
 * Text that grows in an arena, by doubling up to the arena's own limit: what JSON, metrics and pages are
 * written into. The bytes belong to the arena; outgrown blocks stay in it until it ends, at most as much
 * again.
 */
#include "core/text.h"

struct text_out {
    struct arena *arena;
    char *data;
    size_t length;
    size_t capacity; /* a NUL behind data[length] always fits */
};

struct text_out text_out_begin(struct arena *arena);
/* All that was written so far; has a NUL behind it and stays as it is until the next put. */
struct text text_out_end(struct text_out *out);
void text_out_put(struct text_out *out, struct text t);
void text_out_byte(struct text_out *out, char byte);
void text_out_i64(struct text_out *out, int64_t value);
