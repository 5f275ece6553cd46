#pragma once
/*
 * Changes of the calendar, worked at: what each would move, and after approval the moves. Batch after batch,
 * at the share of the time that deadlines have; the rules are dossier/recount_rules.h.
 *
 *   RECOUNT_RESTING --recount_pulse()--> RECOUNT_TAKING --a change--> RECOUNT_LOADING --a batch--+
 *        ^  ^                              ^       |                                            |
 *        |  +------------- none -----------|-------+             +-- preview: RECOUNT_WRITING <-+
 *        |                                 |                     |                              |
 *        +--------- something failed ------+--- RECOUNT_PAUSING <+-- moves: RECOUNT_MOVING <----+
 *
 * It owns nothing that a crash could lose: how far it is stands in the change, what is moved in
 * motcua.calendar_move. Any number of processes may run it.
 */
#include "catalogue/calendar_change_rules.h"
#include "dossier/recount_rules.h"
#include "path/path.h"

struct config;
struct db;
struct db_answer;
struct event;
struct event_base;

enum recount_state {
    RECOUNT_RESTING,
    RECOUNT_TAKING,
    RECOUNT_LOADING,
    RECOUNT_WRITING,
    RECOUNT_MOVING,
    RECOUNT_PAUSING,
};

/* One dossier of a batch that is to be written. */
struct recount_item {
    int64_t id, version, state_since_s;
    bool moves; /* else: only what is watched changes */
    struct dossier dossier;
    struct recount_dues dues;
    const struct calendar *after;
    const char *kinds, *ats; /* timers afterwards */
    struct text code, head, approved_unit; /* head: of its ledger, hex */
    int64_t last_at_s;                     /* of its last event */
};

/* The change in hand; lives in an arena of its own. */
struct recount_job {
    struct calendar_change change;
    bool is_apply;
    int64_t epoch, reverses, reached;
    bool is_begin; /* the first batch of a preview is still to be written */
    const struct live *live;
    const struct calendar_book *before, *after;
    int32_t days[CALENDAR_CHANGE_DAYS_MAX];
    size_t day_count;
    const char *reason; /* for people, in every event */
};

struct recount {
    const struct config *config;
    struct db *db;
    struct worker worker; /* what the catalogue's room asks for */
    struct event *pause;
    enum recount_state state;
    char owner[33];
    struct arena *job_arena, *batch_arena; /* NULL: none */
    struct recount_job job;
    struct recount_item *items; /* of the batch, in batch_arena */
    size_t item_count, item_at;
    int64_t looked_at, last_id, moved;
    bool is_end, must_repeat;
    int failures;        /* of this pass */
    unsigned idle_ticks; /* pulses to let pass before the next question */
    int64_t asked_us;
};

void recount_init(struct recount *recount, const struct config *config, struct event_base *base,
                  struct db *db);
void recount_fini(struct recount *recount);
/* Twice a second: begins where it rests. */
void recount_pulse(struct recount *recount);

/* recount_batch.c: the rows of recount_batch as items, in recount->batch_arena. */
void recount_read_batch(struct recount *recount, const struct db_answer *answer, int64_t now_s);
/* What would move, as JSON rows of command.recount_preview(). */
struct text recount_preview_rows(const struct recount *recount, int64_t now_s);
/* The move as evidence, in recount->batch_arena. NULL: no ledger is kept. */
const char *recount_evidence(const struct recount *recount, const struct recount_item *item, int64_t now_s);
/* recount_job.c: the change of a recount_take row as recount->job. NULL: usable; else why not, for people. */
const char *recount_job_read(struct recount *recount, const struct db_answer *answer);
