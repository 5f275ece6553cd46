#include "core/arena.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/must.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#define POISON(at, size)   ASAN_POISON_MEMORY_REGION((at), (size))
#define UNPOISON(at, size) ASAN_UNPOISON_MEMORY_REGION((at), (size))
#else
#define POISON(at, size)   ((void)(at), (void)(size))
#define UNPOISON(at, size) ((void)(at), (void)(size))
#endif

enum { BLOCK_BYTES = 8 * 1024 };

/* Blocks form a list, newest first; the oldest one is kept by arena_reset(). */
struct block {
    struct block *older;
    size_t size; /* of data[] */
    size_t used;
    alignas(max_align_t) unsigned char data[];
};

/* Something to end with the arena; lives in the arena itself. */
struct ending {
    struct ending *earlier;
    void (*end)(void *);
    void *thing;
};

struct arena {
    struct block *newest;
    struct ending *last;
    size_t bytes;
    size_t bytes_max;
};

static struct block *block_create(struct block *older, size_t size)
{
    struct block *block = malloc(sizeof *block + size);

    must(block != NULL);
    block->older = older;
    block->size = size;
    block->used = 0;
    POISON(block->data, size);
    return block;
}

struct arena *arena_create(size_t bytes_max)
{
    struct arena *arena = malloc(sizeof *arena);

    must(arena != NULL);
    *arena = (struct arena){.bytes_max = bytes_max};
    return arena;
}

static void run_endings(struct arena *arena)
{
    while (arena->last != NULL) {
        struct ending *ending = arena->last;

        arena->last = ending->earlier;
        ending->end(ending->thing);
    }
}

void arena_reset(struct arena *arena)
{
    run_endings(arena);
    while (arena->newest != NULL && arena->newest->older != NULL) {
        struct block *older = arena->newest->older;

        free(arena->newest);
        arena->newest = older;
    }
#ifdef ARENA_MALLOC
    free(arena->newest);
    arena->newest = NULL;
#else
    if (arena->newest != NULL) {
        arena->newest->used = 0;
        POISON(arena->newest->data, arena->newest->size);
    }
#endif
    arena->bytes = 0;
}

void arena_destroy(struct arena *arena)
{
    if (arena == NULL)
        return;
    arena_reset(arena);
    free(arena->newest);
    free(arena);
}

void *arena_alloc(struct arena *arena, size_t size)
{
    size_t const step = alignof(max_align_t);
    size_t const rounded = (size + step - 1) & ~(step - 1);
    struct block *block = arena->newest;
    void *memory;

    must(size <= SIZE_MAX - step);
    must(rounded <= arena->bytes_max - arena->bytes);
#ifdef ARENA_MALLOC
    block = arena->newest = block_create(arena->newest, rounded);
#else
    if (block == NULL || rounded > block->size - block->used)
        block = arena->newest = block_create(block, rounded > BLOCK_BYTES ? rounded : (size_t)BLOCK_BYTES);
#endif
    memory = block->data + block->used;
    block->used += rounded;
    arena->bytes += rounded;
    UNPOISON(memory, size);
    memset(memory, 0, size);
    return memory;
}

char *arena_copy(struct arena *arena, const char *data, size_t length)
{
    char *copy = arena_alloc(arena, length + 1);

    if (length > 0)
        memcpy(copy, data, length);
    return copy;
}

char *arena_vprintf(struct arena *arena, const char *format, va_list args)
{
    va_list again;
    int length;
    char *text;

    va_copy(again, args);
    length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    must(length >= 0);
    text = arena_alloc(arena, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, args);
    return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args;
    char *text;

    va_start(args, format);
    text = arena_vprintf(arena, format, args);
    va_end(args);
    return text;
}

void arena_on_end(struct arena *arena, void (*end)(void *), void *thing)
{
    struct ending *ending = arena_new(arena, struct ending);

    *ending = (struct ending){.earlier = arena->last, .end = end, .thing = thing};
    arena->last = ending;
}

size_t arena_bytes(const struct arena *arena)
{
    return arena->bytes;
}
