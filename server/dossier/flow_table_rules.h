#pragma once
/* The table of the life cycle as the decision asks it; the rows themselves are dossier_rules() in dossier.h.
 */
#include "dossier/dossier.h"

/* The row by which this actor may do this now: DECIDED and *found, or why not. */
MUST_USE enum dossier_refusal rule_find(const struct dossier *dossier, enum dossier_action action,
                                        const struct dossier_actor *actor, const struct dossier_rule **found);
/* A row of this kind of dossier, of one agency or of a chain as a whole, in whatever state; not for legs. */
bool rule_concerns(const struct dossier_rule *rule, const struct dossier *dossier);
/* The actor's roles that a row counts here, before it asks for some of them. */
unsigned rule_roles_held(const struct dossier_rule *rule, const struct dossier *dossier,
                         const struct dossier_actor *actor);
/* The role by which he does it, for the history: the lowest bit of those that count. It must be decided
 * already. */
unsigned rule_acting_role(const struct dossier *dossier, enum dossier_action action,
                          const struct dossier_actor *actor);
