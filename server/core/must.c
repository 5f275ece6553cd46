#include "core/must.h"

#include <stdio.h>
#include <stdlib.h>

void must_fail(const char *claim, const char *file, int line)
{
    fprintf(stderr, "level=fatal msg=\"a claim does not hold\" claim=\"%s\" at=%s:%d\n", claim, file, line);
    abort();
}
