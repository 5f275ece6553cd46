#pragma once
/*
 * Memory with a life of its own, for what outlives any arena: one named owner creates and destroys it.
 * Zeroed; out of memory aborts, so nobody checks.
 */
#include <stddef.h>

#include "core/must.h"

MUST_USE void *heap_alloc(size_t size);
/* NULL is fine. */
void heap_free(void *memory);

#define heap_new(type) ((type *)heap_alloc(sizeof(type)))
