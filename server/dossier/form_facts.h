#pragma once
/*
 * What the forms of a dossier say, from its view: JSON for the render process, as server/forms/README.md
 * lists it. The same dossier in the same state gives the same facts, and so the same bytes; what comes later
 * does not change a form that told of what was before, except the control slip, which grows.
 */
#include "dossier/dossier_view.h"

/* data == NULL: there is no such form of this dossier; *why says so for people, or is NULL. */
typedef struct text form_facts(struct req *req, const struct dossier_view *view, const char **why);

form_facts supplement_facts, refusal_facts, stop_notice_facts, control_slip_facts;

/* form_set (of `governs_at_s`), code, address to look it up, the agency's lines, place, dated. */
void form_put_head(struct req *req, struct json_out *out, const struct dossier_view *view,
                   int64_t governs_at_s, const struct agency *agency, int64_t dated_s);
/* A member of owner or submitter; data == NULL: none. */
struct text form_person_member(struct req *req, struct text person, const char *name);
/* "https://motcua.example.vn", from the configuration. */
const char *form_base_url(struct req *req);
