#pragma once
/* What the ledger shows: the proof of one dossier, the newest checkpoint, whom to trust. */
#include "path/path.h"

extern const struct route ledger_routes[3];
