#pragma once
/*
 * What the render process gives up once its fonts are open: new privileges, sockets of its own, starting
 * programs, writing files, core dumps (they would hold personal data), memory without bound. It draws texts
 * that strangers typed with libraries that are large; whoever breaks them finds little to do.
 */
#include <stdbool.h>

#include "core/must.h"

/* False: the kernel refused; errno says why. */
MUST_USE bool confine(void);
