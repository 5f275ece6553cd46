#pragma once
/* For whoever runs the server: live, ready, metrics, and the description it obeys. */
#include "path/path.h"

extern const struct route operator_routes[4];
