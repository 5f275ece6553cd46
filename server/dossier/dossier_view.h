#pragma once
/*
 * A dossier with everything its detail shows: the row as the rules see it, its content, its history, and who
 * asks. Made from the answer of dossier_load (or by intake, from what it decided), read by the JSON writer
 * and the forms.
 */
#include "catalogue/live.h"
#include "dossier/dossier.h"
#include "dossier/event_fact.h"
#include "dossier/leg_rules.h"
#include "path/path.h"

enum { FACTS_MAX = 512 };

/* What a leg's detail shows besides what its rules read. */
struct leg_view {
    const struct leg *plan; /* in the procedure version */
    unsigned roles;         /* of the asker on this leg */
    unsigned asking_roles;  /* see struct dossier_actor */
    struct text handler_username, handler_name, given_by_name, taken_by_name;
    struct text document, papers; /* number of its result; JSON list handed over */
    int64_t document_day;         /* FIELD_ABSENT: none */
};

struct dossier_view {
    struct dossier dossier;
    int64_t id;
    struct text code, submission_code, channel, assist_unit;
    int64_t register_year, register_no, submitted_at_s, returned_at_s, fee_owed;
    bool is_closed;
    struct text owner, submitter, components, fees; /* JSON as stored; data == NULL: erased or none */
    struct text note, lookup_secret;
    struct text head; /* hash of the last step in the ledger, hex; empty: it has none */
    struct text handler_username, handler_name;
    const struct procedure_version *version;
    const struct procedure_case *chosen; /* NULL: the usual case */
    const struct live *live;
    const struct agency *competent;
    const struct calendar *calendar; /* of the deciding agency */
    struct event_fact *facts;        /* oldest first; room for one more */
    size_t fact_count;
    unsigned roles;        /* of the asker on this dossier; 0: not his business */
    unsigned asking_roles; /* see struct dossier_actor */
    int64_t person;        /* the asker; 0: session is over */
    int64_t now_s;         /* the database's clock, with the configured offset */
    int64_t new_handler;   /* of the person named in an input, 0: no handler of that name here */
    struct text new_handler_username, new_handler_name, new_handler_units;
    struct chain_leg *legs; /* of a chain, by number; the asker may not see all of them, see leg_sight() */
    struct leg_view *leg_views;
    size_t leg_count;
    const struct leg *shown_leg; /* while the steps of one leg are written */
    int shown_leg_no;
};

/* From a dossier_load answer. NULL: no such dossier, or not his business; the request is then refused already
 * (*act says what to return): 401, 404, 503. */
struct dossier_view *dossier_view_load(struct req *req, const struct db_answer *answer, enum act *act);
/* What the version says, as the rules ask it. */
struct dossier_plan dossier_plan_of(const struct procedure_version *version,
                                    const struct procedure_case *chosen);
/* The name of an agency; its code where the catalogue does not know it. */
struct text view_agency_name(const struct dossier_view *view, struct text code);

/* The detail: {"code": …, …}. Without its first member when `is_headless` (the database puts the code there).
 */
struct text dossier_detail(struct req *req, const struct dossier_view *view, bool is_headless);
/* The clock ledger with worked minutes by step, agency and citizen. */
struct text dossier_clock_json(struct req *req, const struct dossier_view *view);
/* Steps, done, current and to come; part of the detail. */
void dossier_steps_write(struct json_out *out, const struct dossier_view *view);
