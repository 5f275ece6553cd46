#pragma once
/*
 * The papers of a dossier (thành phần hồ sơ) as they are handed in, checked and stored: at intake, when a
 * submission is accepted, when a supplement comes.
 */
#include "catalogue/catalogue.h"
#include "path/path.h"

/* One kind of paper, as a clerk counts it; a count not given is FIELD_ABSENT and means none. */
struct paper {
    struct text code, reused_from;
    int64_t originals, certified_copies, plain_copies;
};

enum { PAPERS_MAX = 60 };
extern const struct field paper_fields[];

/* Adds an error for each gap, at /components/…; unknown and doubled papers always, missing ones when
 * `must_be_complete`. True: none. */
MUST_USE bool papers_check(struct req *req, const struct procedure_version *version,
                           const struct procedure_case *chosen, struct field_list papers,
                           bool must_be_complete);
/* As stored and shown: [{code, name, originals, …}]. */
struct text papers_json(struct req *req, const struct procedure_version *version, struct field_list papers);
/* What papers_json() wrote. */
struct field_list papers_read(struct req *req, struct text json);
