#pragma once
/*
 * Intake at the counter (NĐ 118/2025 art. 17–18): who decides and who processes, whether the papers are
 * complete, what it costs, by when it will be done; then one statement that gives it a code and stores
 * everything, or nothing.
 */
#include "counter/intake_body.h"
#include "dossier/dossier_view.h"

extern const struct route counter_routes[1];

enum intake_decision { INTAKE_ACCEPT, INTAKE_SUBMIT, INTAKE_REQUEST_MORE, INTAKE_REFUSE };

/* One intake under way. */
struct intake {
    enum intake_decision decision;
    const struct agency *receiving;
    struct dossier_view *view; /* as it will be after the commit, but for its code */
    const char *owner_key;     /* bytea text; NULL: no number */
    const char *action, *clock;
    struct text input; /* of the event */
};

/* intake_plan.c: places, papers, fees. False: req->errors or *act say why. */
MUST_USE bool intake_place(struct req *req, struct intake *intake, enum act *act);
MUST_USE bool intake_check_papers(struct req *req, const struct intake *intake, enum act *act);
MUST_USE bool intake_count_fees(struct req *req, struct intake *intake, enum act *act);
/* intake_legs.c: the legs of a chain, each with its agency. False: *act says why not. */
MUST_USE bool intake_legs(struct req *req, struct intake *intake, int32_t today, enum act *act);
/* intake_content.c: what is stored as JSON. */
void intake_write_content(struct req *req, struct intake *intake);
