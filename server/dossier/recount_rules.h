#pragma once
/*
 * What a change of the calendar does to one dossier: its clock's ledger counted once more by the new
 * calendar. Pure. A finished dossier never moves, nor one whose run no changed day touches; the ledger itself
 * (starts, stops) stays as it was, so the same ledger by the old calendar gives the old promise again.
 *
 * - The promise and the legal limit: the present run with its stops. While the clock is stopped, the promise
 *   is that of the run up to the stop, as it stands on the receipt; the resume counts by the new calendar.
 * - The step: as many worked minutes as its deadline left it when it began, or when the clock last resumed,
 *   whether that deadline came from its quota or was set by hand. A stopped step keeps its minutes.
 * - The citizen's own limit for a supplement: worked days from the notice.
 * - The limit for an opinion asked of another unit: its worked minutes since the question.
 * - The one re-appointment is a date the agency gave with its signature: it stays.
 */
#include "dossier/dossier.h"

/* The instants a calendar can move; 0: none. */
struct recount_dues {
    int64_t due_clock_s, due_eod_s, step_due_s, supplement_due_s, consult_due_s;
};

struct recount_dues dossier_dues(const struct dossier *dossier);
/* The same dossier with other instants. */
struct dossier dossier_with_dues(const struct dossier *dossier, const struct recount_dues *dues);

/* Which days changed, the calendar before and after, and since when this dossier is in its present state. */
struct recount_change {
    const struct calendar *before, *after;
    const int32_t *days;
    size_t day_count;
    int64_t state_since_s;
};

/* True: it moves, *dues is what it moves to. */
MUST_USE bool dossier_recount(const struct dossier *dossier, const struct recount_change *change,
                              struct recount_dues *dues);
/* Of a change that takes another back: what the other moved and nobody has touched since goes back to exactly
 * what it was; the rest is counted. `from`, `to`: what the other did to this dossier. */
MUST_USE bool dossier_recount_back(const struct dossier *dossier, const struct recount_change *change,
                                   const struct recount_dues *from, const struct recount_dues *to,
                                   struct recount_dues *dues);
