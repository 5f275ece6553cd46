#pragma once
/*
 * The catalogue a worker works with: one snapshot from the database, compiled calendars beside it, replaced
 * as a whole when the epoch has moved. Who got a snapshot keeps it as long as he holds it. A stale one can do
 * no harm: every write names its epoch and is refused when it is not the present one; live_refresh() then
 * brings the new one.
 */
#include <stdbool.h>
#include <stdint.h>

#include "catalogue/catalogue.h"

struct arena;
struct calendar;
struct calendar_book;
struct calendar_change;
struct req;
struct worker;
struct live;

void live_start(struct worker *worker);
bool live_is_ready(const struct worker *worker);
void live_tick(struct worker *worker);
void live_stop(struct worker *worker);

/* The present snapshot, held until the request's arena ends; NULL before the first has come. */
const struct live *live_hold(struct req *req);
/* The same until that arena ends, for who serves no request. */
const struct live *live_hold_in(struct arena *arena);
const struct catalogue *live_catalogue(const struct live *live);
int64_t live_epoch(const struct live *live);
/* The approved changes that lie on its calendars, in their order (calendar_change_rules.h). */
const struct calendar_change *live_changes(const struct live *live, size_t *count);
/* All compiled calendars, changes and all; calendars_of() finds an agency's. */
const struct calendar_book *live_book(const struct live *live);
/* The compiled calendar of an agency, changes and all, inherited up the tree. Never NULL: the check at load
 * saw to it. */
const struct calendar *live_calendar(const struct live *live, const struct agency *agency);
/* For questions that name no agency: the first at the top of the tree that is in force and has no parent. */
const struct agency *live_default_agency(const struct live *live);
/* Asks for the snapshot again, as soon as possible; `then` is called on the loop when the answer is in,
 * whatever it was. False: too many wait already, refuse. */
MUST_USE bool live_refresh(struct req *req, void (*then)(struct req *req));
