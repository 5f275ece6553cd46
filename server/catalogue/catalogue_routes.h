#pragma once
/* Routes of the catalogue room: agencies, procedures, deadlines; open to anyone. */
#include "path/path.h"

extern const struct route catalogue_routes[];
extern const size_t catalogue_route_count;
