#pragma once
/*
 * Who read whose dossier: a row in motcua.access_log, committed before the answer leaves; where it cannot be
 * written nothing is shown (503). Reads that come while one batch is being written are the next batch, so
 * that many readers share a commit and a single one waits for nobody.
 */
#include "path/path.h"

/* The asker reads this dossier (motcua.dossier.id): the reply that is `ready` leaves when the row is there.
 */
MUST_USE enum act access_note(struct req *req, int64_t dossier, enum act ready);

/* access_list.c: GET /access-log */
extern const struct route access_routes[1];
