#pragma once
/* Where a chain stands, for those who lead it and those who have a part in it. */
#include "path/path.h"

extern const struct route chain_routes[1];
