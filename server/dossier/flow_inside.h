#pragma once
/* One decision under way, and the effects its action can have; for flow_rules.c and flow_effect_rules.c
 * alone. */
#include "dossier/flow_table_rules.h"

/* Target of rows whose action decides where it goes, or stays. */
enum { STAYS = -1 };

struct deciding {
    const struct dossier *before;
    const struct dossier_actor *actor;
    const struct dossier_input *input;
    const struct calendar *calendar;
    int64_t now_s;
    struct dossier_change *change;
    unsigned *missing;
};

/* Who has it from now on. */
void change_hold(struct deciding *d, struct text unit, unsigned role);
/* A new step with its own quota; the open one ends. */
void change_open_step(struct deciding *d, enum dossier_phase phase);
/* The open step ends, none begins. */
void change_close_step(struct deciding *d);
/* Notes the field and returns REFUSED_BAD_INPUT. */
MUST_USE enum dossier_refusal input_is_bad(struct deciding *d, unsigned need);
/* A NEED_ bit was given. */
MUST_USE bool input_has(const struct deciding *d, unsigned need);
/* The holder's own deadline as somebody sets it: still to come, and not behind the citizen's. */
MUST_USE enum dossier_refusal change_set_step_due(struct deciding *d);
/* Nothing where it stands already: overlapping stops count once. */
MUST_USE enum dossier_refusal change_pause_clock(struct deciding *d);
/* The dossier and its step go on with what was left, or from the start. */
void change_resume_clock(struct deciding *d, bool is_restart);
/* The decision exists: the clock ends, timeliness is fixed. */
void change_finish(struct deciding *d);
/* flow_leg_rules.c: of legs alone. */
MUST_USE enum dossier_refusal hand_over_leg(struct deciding *d);
MUST_USE enum dossier_refusal recall_leg(struct deciding *d);
MUST_USE enum dossier_refusal join_without(struct deciding *d);
/* Over without a result. */
void change_end_without_result(struct deciding *d);
