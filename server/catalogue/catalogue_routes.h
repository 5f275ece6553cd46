#pragma once
/* Routes of the catalogue room: agencies, procedures, deadlines; open to anyone. */
#include "path/path.h"

extern const struct route catalogue_routes[5];
