#pragma once
/* The clock's arithmetic for decisions: thin over server/calendar, in the words of the dossier. */
#include "dossier/dossier.h"

/* Due times of the present run with all its stops; `now_s` is the resume of the open one. False: outside
 * 1990–2100. */
MUST_USE bool clock_resume(const struct dossier *dossier, const struct calendar *calendar, int64_t now_s,
                           bool is_restart, int64_t *due_clock_s, int64_t *due_eod_s);
/* Worked minutes of the present run's limit, and how many of them were used before its last stop. False: no
 * run.
 */
MUST_USE bool clock_used(const struct dossier *dossier, const struct calendar *calendar, int64_t *limit_min,
                         int64_t *used_min);
/* Worked minutes between two instants of the present run, its stops left out. */
int64_t clock_running_min(const struct dossier *dossier, const struct calendar *calendar, int64_t from_s,
                          int64_t to_s);
/* Of a run that starts now: acceptance or reopening. 0: no limit. The last-hour rule asks only receipts. */
struct dossier_acceptance clock_start(const struct dossier_plan *plan, const struct calendar *calendar,
                                      int64_t now_s, bool is_receipt);
/* The first counted minute of the present run: what was received at noon counts from the afternoon. 0: none.
 */
int64_t clock_counts_from(const struct dossier *dossier, const struct calendar *calendar);
/* When the open stop of the run began; 0: the clock runs. */
int64_t clock_stopped_at(const struct dossier *dossier);
/* When the law is broken: the close of the last day, or the very minute for limits in hours. 0: no limit. */
int64_t clock_legal_due(const struct dossier *dossier);
/* The legal limit is over at that instant. */
bool clock_is_late(const struct dossier *dossier, const struct calendar *calendar, int64_t at_s);
/* The last moment for the answer to a supplement notice sent now; 0: the procedure sets no limit. */
int64_t clock_supplement_due(const struct dossier_plan *plan, const struct calendar *calendar, int64_t now_s);
/* The step's own deadline when it starts now; 0: none. */
int64_t clock_step_due(const struct dossier_plan *plan, const struct calendar *calendar,
                       enum dossier_phase phase, int64_t now_s);
/* How it is judged when it finishes now, while the clock is stopped as of the stop: the citizen's time is not
 * the agency's. Withdrawn dossiers are never early. */
enum timeliness clock_judge(const struct dossier *dossier, const struct calendar *calendar, int64_t now_s,
                            bool is_withdrawn);
