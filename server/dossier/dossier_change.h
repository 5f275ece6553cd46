#pragma once
/*
 * A decided change, carried out: on the view in memory (so that the answer can be written before the commit)
 * and in the database, by the one statement that writes all of it or nothing.
 */
#include "dossier/dossier_view.h"

/* What the actor gave, kept as JSON in the event, and who he was. */
struct change_facts {
    struct text input; /* JSON object */
    struct text ground, document;
    unsigned actor_role;
    struct text actor_unit, actor_name;
    struct text late;       /* JSON rows for motcua.lateness; data == NULL: nothing late ended */
    struct text components; /* new list of papers; data == NULL: as it was */
    struct text fees;       /* new content of fees; data == NULL: as they were */
};

/* The view becomes what it will be after the commit: version + 1, one fact more. */
void view_change(struct dossier_view *view, const struct dossier_change *change,
                 const struct change_facts *facts);
/* Asks dossier_apply with the changed view; `answered` gets its row. */
MUST_USE enum act change_ask(struct req *req, const struct dossier_view *view,
                             const struct dossier_change *change, const struct change_facts *facts,
                             struct text answer,
                             enum act (*answered)(struct req *, const struct db_answer *));

bool state_is_final(enum dossier_state state);
/* Where that role is held, on this dossier. */
struct text acting_unit(const struct dossier *dossier, enum dossier_action action, unsigned role);
/* The earliest deadline its holder can miss, for the order of the inbox. */
int64_t dossier_risk_at(const struct dossier *dossier, const struct calendar *calendar, int64_t now_s);
/* What this change ends late, to be asked before view_change(); data == NULL: nothing. */
struct text view_lateness(struct req *req, const struct dossier_view *view,
                          const struct dossier_change *change, struct text cause);
/* What is to be waited for from now on, as the parameters of command.watch(). */
struct watch_params {
    const char *kinds, *ats;
};
struct watch_params view_timers(struct req *req, const struct dossier_view *view);
