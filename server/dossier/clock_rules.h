#pragma once
/* The clock's arithmetic for decisions: thin over server/calendar, in the words of the dossier. */
#include "dossier/dossier.h"

/* Due times of the present run with all its stops; `now_s` is the resume of the open one. False: outside
 * 1990–2100. */
MUST_USE bool clock_resume(const struct dossier *dossier, const struct calendar *calendar, int64_t now_s,
                           bool is_restart, int64_t *due_clock_s, int64_t *due_eod_s);
/* Of a run that starts now: acceptance or reopening. 0: no limit. */
struct dossier_acceptance clock_start(const struct dossier_plan *plan, const struct calendar *calendar,
                                      int64_t now_s);
/* The step's own deadline when it starts now; 0: none. */
int64_t clock_step_due(const struct dossier_plan *plan, const struct calendar *calendar,
                       enum dossier_phase phase, int64_t now_s);
/* How it is judged when it finishes now; withdrawn dossiers are never early. */
enum timeliness clock_judge(const struct dossier *dossier, const struct calendar *calendar, int64_t now_s,
                            bool is_withdrawn);
