#pragma once
/*
 * Who is late, and by how much: a step by worked minutes over its own deadline, a dossier by its law, laid at
 * the door of the step whose own deadline passed first. Minutes while the clock stood are nobody's. Pure.
 */
#include "dossier/event_fact.h"

struct calendar;

struct lateness {
    bool is_late;
    size_t fact; /* that began the step: it says phase, unit, role and handler */
    int64_t due_s, minutes_over;
};

/* The open step, if it ended at now_s. `before`: the dossier until then; `facts`: its events so far. */
struct lateness lateness_of_step(const struct dossier *before, const struct event_fact *facts, size_t count,
                                 const struct calendar *calendar, int64_t now_s);
/* The dossier, found overdue when it ended at now_s: minutes over its legal limit, and the step that was late
 * first; where none was, the one that was open when the limit passed. */
struct lateness lateness_of_dossier(const struct dossier *before, const struct event_fact *facts,
                                    size_t count, const struct calendar *calendar, int64_t now_s);
