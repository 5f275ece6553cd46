#pragma once
/* Statutory forms on paper: facts from the dossier, drawing by the render process, the same bytes at each
 * reprint. */
#include "path/path.h"

extern const struct route form_routes[1];
