#pragma once
/*
 * An arena: memory for everything that ends together, a request above all. Nothing in it is freed by itself.
 *
 * Out of memory aborts; running over bytes_max aborts too, so what a stranger can make grow is limited at the
 * door, never here. Things that are not memory (PGresult, cJSON, descriptors) hang on it with arena_on_end()
 * and end in the reverse order of their hanging. Built with -DARENA_MALLOC each allocation is a malloc of its
 * own, so that sanitizers see through it; otherwise unused bytes are poisoned under ASan.
 */
#include <stdarg.h>
#include <stddef.h>

struct arena;

struct arena *arena_create(size_t bytes_max);
void arena_destroy(struct arena *arena);
/* Back to empty; the first block is kept. Runs the on_end functions. */
void arena_reset(struct arena *arena);

/* Zeroed memory, aligned for any type. size may be 0. */
void *arena_alloc(struct arena *arena, size_t size);
/* A copy with a NUL behind it. */
char *arena_copy(struct arena *arena, const char *data, size_t length);
char *arena_printf(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));
void arena_on_end(struct arena *arena, void (*end)(void *), void *thing);
/* Bytes handed out since creation or reset: what allocation budgets in tests look at. */
size_t arena_bytes(const struct arena *arena);

#define arena_new(arena, type)          ((type *)arena_alloc((arena), sizeof(type)))
#define arena_array(arena, type, count) ((type *)arena_alloc((arena), sizeof(type) * (size_t)(count)))
