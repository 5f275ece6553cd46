#pragma once
/*
 * The lines of the control slip (phiếu kiểm soát): each time a dossier passed from one unit to another, and
 * the return to the citizen. What passes between people of one unit is in the history, not here: the slip
 * judges agencies. Pure.
 */
#include "dossier/event_fact.h"

struct calendar;

struct handoff {
    struct text giving_unit, taking_unit; /* taking_unit.data == NULL: the citizen */
    size_t given, taken;                  /* facts; taken 0: nobody has taken it by a deed of his own */
    enum timeliness result; /* of the giver's finished steps: late if one was, else as the last; NONE: none */
};

/* At most `count` hand-offs from `count` facts, oldest first; returns how many. */
size_t handoffs_of(const struct event_fact *facts, size_t count, const struct calendar *calendar,
                   struct handoff *handoffs);
