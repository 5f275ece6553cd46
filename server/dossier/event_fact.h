#pragma once
/* What the history of a dossier tells its rules: event by event, oldest first. */
#include "dossier/dossier.h"

struct cJSON;

/* One event, as far as steps and clock go. */
struct event_fact {
    int64_t seq, at_s;
    struct text action, actor, unit, role, handler, clock, ground, document;
    struct text reason; /* of an apology or a change of the calendar; others keep theirs in the event alone */
    struct text actor_role, actor_unit;
    const struct cJSON *input; /* what the actor gave, where a form tells it; else NULL */
    enum dossier_state state;
    int64_t due_clock_s, due_eod_s, step_due_s;
    enum dossier_phase phase;
    bool is_step_start;
    int leg; /* of a chain; 0: the whole dossier */
};
