#include "core/text_out.h"

#include <stdint.h>
#include <string.h>

enum { CAPACITY_FIRST = 1024 };

/* Makes room for `more` bytes and the NUL behind them. */
static void grow(struct text_out *out, size_t more)
{
    size_t capacity = out->capacity == 0 ? CAPACITY_FIRST : out->capacity;
    char *data;

    must(more < SIZE_MAX / 4 && out->length < SIZE_MAX / 4);
    while (capacity < out->length + more + 1)
        capacity *= 2;
    data = arena_alloc(out->arena, capacity);
    if (out->length > 0)
        memcpy(data, out->data, out->length);
    out->data = data;
    out->capacity = capacity;
}

struct text_out text_out_begin(struct arena *arena)
{
    return (struct text_out){.arena = arena};
}

struct text text_out_end(struct text_out *out)
{
    if (out->data == NULL)
        grow(out, 0);
    out->data[out->length] = '\0';
    return (struct text){.data = out->data, .length = out->length};
}

void text_out_put(struct text_out *out, struct text t)
{
    if (t.length == 0)
        return;
    if (t.length >= out->capacity - out->length)
        grow(out, t.length);
    memcpy(out->data + out->length, t.data, t.length);
    out->length += t.length;
}

void text_out_byte(struct text_out *out, char byte)
{
    text_out_put(out, (struct text){.data = &byte, .length = 1});
}

void text_out_i64(struct text_out *out, int64_t value)
{
    char digits[24];
    char *const end = digits + sizeof digits, *at = end;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

    do
        *--at = (char)('0' + rest % 10);
    while ((rest /= 10) > 0);
    if (value < 0)
        *--at = '-';
    text_out_put(out, (struct text){.data = at, .length = (size_t)(end - at)});
}
