#pragma once
/*
 * The legs of a chain as they are loaded, shown and stored. Who sees which leg: the desk, the lead agency and
 * monitors all of them; a leg's agency its own from the hand-over on, and what the legs before handed to it.
 */
#include "dossier/dossier_change.h"
#include "dossier/dossier_view.h"

enum leg_sight { LEG_UNSEEN, LEG_OUTLINE, LEG_SEEN };

/* Reads the legs that dossier_load gives as JSON rows. */
void view_legs_load(struct req *req, struct dossier_view *view, struct text rows);
/* What the version says of one leg, as the rules ask it. */
struct dossier_plan leg_plan_of(const struct procedure_version *version, const struct leg *leg);

/* The asker sees this dossier by its legs alone. */
bool view_is_of_legs(const struct dossier_view *view);
enum leg_sight view_leg_sight(const struct dossier_view *view, size_t at);
/* Roles that count for an action on that leg; going on without it is decided where the chain is led. */
unsigned view_leg_roles(const struct dossier_view *view, size_t at, enum dossier_action action);
struct chain view_chain(const struct dossier_view *view);

/* "legs": [...], as the asker may see them. */
void view_legs_write(struct json_out *out, const struct dossier_view *view);
/* One row of `actions` for each thing he may do on a leg. */
void view_leg_offers_write(struct json_out *out, const struct dossier_view *view);
/* The papers that go with the legs he sees. */
struct text view_leg_components(struct json_out *out, const struct dossier_view *view);
/* [need, …] */
void needs_write(struct json_out *out, const char *key, unsigned needs);

/* Rows of motcua.leg, named by its columns. */
struct text view_legs_rows(struct req *req, const struct dossier_view *view);
/* ["stop", "resume", …] */
struct text view_stops_json(struct arena *arena, const struct dossier *work);
/* leg_act.c: one action on a chain; `acting` of act_inside.h. */
struct acting;
MUST_USE enum act chain_act(struct req *req, struct acting *acting);
