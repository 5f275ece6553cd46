#pragma once
/*
 * A chain (liên thông): one dossier of the citizen, and its legs, each one agency's part.
 *
 * A leg is decided like a dossier of one agency: struct dossier and dossier_decide() again, with the leg's
 * own places, clock and step (its clock starts with the real hand-over; that of the legs which wait for
 * nobody, with the receipt). What follows for the others and for the whole is worked out here: who is handed
 * over to, what the whole dossier's state, holder and clock are. Pure. Source: NĐ 118/2025, NĐ 297/2025;
 * docs/lifecycle.md, docs/decisions/015.
 */
#include "dossier/dossier.h"

enum { LEGS_MAX = 64, LEG_WHOLE = -1 };

struct chain_leg {
    int no;           /* from 1, as in the events */
    struct text code; /* of the leg in the procedure version */
    uint64_t after;   /* bit i: waits for legs[i], which stands before it */
    struct dossier work;
    const struct calendar *calendar; /* of its agency */
    int64_t given_at_s, taken_at_s;  /* the two events of the hand-over; 0: not yet */
    int64_t given_by, taken_by;      /* persons */
    struct text given_unit;   /* the unit that handed it over: the desk, or the agency of a leg before */
    int64_t late_answer_at_s; /* of a leg that was joined without: recorded, applied by nobody */
};

/* `whole` is the citizen's dossier as stored: its state, holder and handler while legs are at work are
 * derived from them, see chain_decide(). */
struct chain {
    struct dossier whole;
    struct chain_leg *legs;
    size_t count;
};

/* What was decided: the chain itself is changed in place, the rest is for the records. */
struct chain_change {
    enum clock_kind clock;        /* entry of the whole dossier's clock */
    bool is_finished;             /* the whole dossier was judged by this change */
    bool opens_step;              /* of the whole: the desk's, or the return desk's */
    struct dossier_change detail; /* of the leg that was acted on, or of the whole */
};

/*
 * One action on legs[at], or with LEG_WHOLE on the whole chain. `actor->roles` are those that hold there;
 * `calendar` is the whole dossier's. Refusals as in dossier_decide(); the chain is in no defined state after
 * one.
 */
MUST_USE enum dossier_refusal chain_decide(struct chain *chain, int at, enum dossier_action action,
                                           const struct dossier_actor *actor,
                                           const struct dossier_input *input, const struct calendar *calendar,
                                           int64_t now_s, struct chain_change *change, unsigned *missing);

/* Bits of legs by their dependencies: is_onward and is_branch of each. Once, when legs are made or loaded. */
void chain_link(struct chain *chain);
/* The leg that holds the whole dossier now: the one that waits for the citizen, or else is least far;
 * LEG_WHOLE: none is open. */
int chain_leading_leg(const struct chain *chain);
/* The leg that made the chain late: whose own deadline passed first; where none passed, the last to end. */
int chain_late_leg(const struct chain *chain);
/* Planned ends at acceptance, every leg using its whole limit (calendar/chain.h); ends_s has one row a leg.
 * False: outside 1990–2100. */
MUST_USE bool chain_plan(const struct chain *chain, const struct calendar *calendar, int64_t *starts_s,
                         int64_t *ends_s);

bool leg_is_open(const struct chain_leg *leg);     /* somebody of its agency has it */
bool leg_is_over(const struct chain_leg *leg);     /* those who wait for it need wait no longer */
const char *leg_stage_name(enum leg_stage stage);  /* "WAITING" */
const char *leg_stage_label(enum leg_stage stage); /* "Chờ chặng trước" */
/* False: no such stage. */
MUST_USE bool leg_stage_from_name(struct text name, enum leg_stage *stage);
