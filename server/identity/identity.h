#pragma once
/*
 * Who is asking. A session is an opaque token of 256 bits; the database holds only its SHA-256. Each worker
 * keeps a small cache of sessions for the authorise step, seconds old at most; what is shown or changed is
 * decided by the statement itself, which looks at the live session again, so a stale cache can neither read
 * nor write.
 */
#include "core/json_out.h"
#include "path/path.h"

extern const struct route identity_routes[3];
extern const struct route delegation_routes[3];
extern const struct route unit_people_routes[1];

void identity_start(struct worker *worker);
void identity_stop(struct worker *worker);

/* 401, and the cache forgets: a statement found no live session behind the token. */
MUST_USE enum act refuse_not_signed_in(struct req *req);

/* Members "roles": ["receiver", …], "grants": [{role, role_label, agency, agency_name}] and "agency": {code,
 * name} (the first grant's) from the grants JSON of session statements. */
void identity_write_grants(struct json_out *out, struct arena *arena, struct text grants);
