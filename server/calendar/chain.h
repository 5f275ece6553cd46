#pragma once
/*
 * Plans made of several limits: the legs of a chain (liên thông) and the steps of one internal process.
 *
 * A leg is planned from the planned end of the legs it waits for, the last of them; legs that wait for the
 * same ones run at once. The citizen's due is the last planned end of all. What really happens moves only the
 * own due of the following leg (calendar_due_find() from the real hand-over), never the citizen's.
 */
#include "calendar/due.h"

enum { CALENDAR_LEGS_MAX = 64 };

struct calendar_leg {
    struct calendar_limit limit;
    uint64_t after; /* bit i: waits for leg i, which stands before it; 0: starts with the receipt */
    /* Filled by the plan: */
    int64_t starts_s;
    int64_t ends_s; /* due_eod, or due_clock for hours; CALENDAR_NO_LIMIT ends where it starts */
};

/* False as in calendar_due_find(), or more than CALENDAR_LEGS_MAX legs. The last-hour rule counts for legs
 * that start with the receipt only. *ends_s is the citizen's due. */
MUST_USE bool calendar_chain_plan(const struct calendar *calendar, int64_t received_s,
                                  struct calendar_leg *legs, size_t count, int64_t *ends_s);
/* `after` of one leg behind the other. */
uint64_t calendar_leg_after(size_t leg);

struct calendar_step {
    int64_t quota_min;
    unsigned parallel_group;  /* neighbours with the same group, not 0, run at once */
    int64_t starts_s, ends_s; /* filled by the split */
};

/* Steps one after the other from the normalised receipt, each using its whole quota. False: outside
 * 1990–2100. */
MUST_USE bool calendar_steps_split(const struct calendar *calendar, int64_t received_s,
                                   struct calendar_step *steps, size_t count);
/* The worked minutes they take together, a parallel group as long as its longest. */
int64_t calendar_steps_min(const struct calendar_step *steps, size_t count);
