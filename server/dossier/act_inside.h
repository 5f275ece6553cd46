#pragma once
/* What dossier_act.c and leg_act.c share: one action under way, its inputs, its refusals, its end. */
#include "dossier/dossier_change.h"
#include "dossier/dossier_routes.h"
#include "dossier/leg_view.h"

/* Between its two trips. */
struct acting {
    enum dossier_action action;
    struct dossier_view *view;
};

struct dossier_input act_input(struct req *req, const struct dossier_view *view);
/* What was given, as the event keeps it: the body itself, checked and trimmed already. */
struct text act_input_json(struct req *req);
MUST_USE enum act act_refuse(struct req *req, enum dossier_refusal refusal, unsigned missing);
/* Every fee line paid: how and when. */
struct text act_paid_fees(struct req *req, const struct dossier_view *view, struct text method);
/* Papers given anew replace the list. False: *act says why not. */
MUST_USE bool act_take_papers(struct req *req, const struct acting *acting, struct change_facts *facts,
                              enum act *act);
/* One action on a chain, before and after. */
struct chaining {
    struct acting *acting;
    int at; /* index of the leg, or LEG_WHOLE */
    struct dossier_actor actor;
    struct dossier_input input;
    struct chain before, after;
    struct chain_change change;
    struct change_facts facts;
};

/* Rows for motcua.lateness; data == NULL: nothing late ended. */
struct text chain_lateness(struct req *req, const struct chaining *c);
/* The row of dossier_apply or chain_apply. */
enum act act_applied(struct req *req, const struct db_answer *answer);
