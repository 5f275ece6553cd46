#include "core/heap.h"

#include <stdlib.h>

void *heap_alloc(size_t size)
{
    void *memory = calloc(1, size > 0 ? size : 1);

    must(memory != NULL);
    return memory;
}

void heap_free(void *memory)
{
    free(memory);
}
