#include "jobs/recount.h"

#include <event2/event.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <time.h>

#include "catalogue/live.h"
#include "core/config.h"
#include "core/instant.h"
#include "core/log.h"
#include "db/db.h"
#include "dossier/dossier_change.h"
#include "ledger/evidence.h"

enum {
    SECOND_US = 1000000,
    PAUSE_MAX_US = 2 * SECOND_US,
    JOB_BYTES_MAX = 1024 * 1024 * 1024, /* a second set of a country's calendars */
    BATCH_BYTES_MAX = 16 * 1024 * 1024,
    PREVIEW_BATCH = 500,
    MOVE_BATCH = 50,
    LOOK_EVERY_PULSES = 2,
    FAILED_REST_PULSES = 60, /* half a minute until what failed is tried again */
};

static int64_t monotonic_us(void)
{
    struct timespec now;

    must(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return (int64_t)now.tv_sec * SECOND_US + now.tv_nsec / 1000;
}

static int64_t now_of(const struct recount *recount)
{
    return instant_now() + recount->config->time_clock_offset_ms / 1000;
}

/* --- parameters, in the batch's arena --- */

static const char *param_number(struct recount *recount, int64_t value)
{
    return arena_printf(recount->batch_arena, "%" PRId64, value);
}

static const char *param_at(struct recount *recount, int64_t at_s)
{
    char *text = arena_alloc(recount->batch_arena, INSTANT_TEXT_BYTES);

    return at_s == 0 ? NULL : instant_format(text, at_s);
}

static const char *param_flag(bool value)
{
    return value ? "t" : "f";
}

static void question(struct recount *recount, enum sql statement, db_on_answer *answered,
                     const struct db_params *params)
{
    db_ask(recount->db, statement, params, answered, recount);
}

/* --- states --- */

static void end_batch(struct recount *recount)
{
    if (recount->batch_arena != NULL)
        arena_destroy(recount->batch_arena);
    recount->batch_arena = NULL;
}

static void end_job(struct recount *recount)
{
    end_batch(recount);
    if (recount->job_arena != NULL)
        arena_destroy(recount->job_arena);
    recount->job_arena = NULL;
}

static void rest(struct recount *recount, unsigned pulses)
{
    end_job(recount);
    recount->idle_ticks = pulses;
    recount->state = RECOUNT_RESTING;
}

/* As long as the batch took, and so much longer that this has no more than its share of the time. */
static void pause_then_go_on(struct recount *recount)
{
    int64_t const share = recount->config->watch_share_percent;
    int64_t pause_us = (monotonic_us() - recount->asked_us) * (100 - share) / share;
    struct timeval length;

    if (pause_us > PAUSE_MAX_US)
        pause_us = PAUSE_MAX_US;
    length = (struct timeval){.tv_sec = pause_us / SECOND_US, .tv_usec = pause_us % SECOND_US};
    end_batch(recount);
    recount->state = RECOUNT_PAUSING;
    must(event_add(recount->pause, &length) == 0);
}

/* The batch is written: the next one begins behind it. */
static void batch_done(struct recount *recount)
{
    bool const is_over = recount->is_end && !recount->must_repeat && recount->failures == 0;

    if (is_over) {
        log_info(recount->job.is_apply ? "calendar change applied" : "calendar change previewed",
                 LOG_N("change", recount->job.change.id));
        rest(recount, 0);
        return;
    }
    if (recount->is_end && recount->failures > 0) { /* once more from the beginning, later */
        log_error("dossiers that a calendar change could not move", LOG_N("change", recount->job.change.id),
                  LOG_N("dossiers", recount->failures));
        rest(recount, FAILED_REST_PULSES);
        return;
    }
    if (!recount->must_repeat)
        recount->job.reached = recount->last_id;
    recount->job.is_begin = false;
    pause_then_go_on(recount);
}

static void written(void *owner, const struct db_answer *answer)
{
    struct recount *recount = owner;

    if (db_outcome(answer) != DB_ROWS || !db_bool(answer, 0, 0))
        rest(recount, LOOK_EVERY_PULSES);
    else
        batch_done(recount);
}

static void write_preview(struct recount *recount, const char *fault)
{
    const struct recount_job *job = &recount->job;
    struct arena *arena = recount->batch_arena;
    int64_t const now_s = now_of(recount);
    size_t count;
    const struct calendar_change *changes = live_changes(job->live, &count);
    const char *days_before =
        job->is_begin && fault == NULL
            ? calendar_change_opposite(arena, live_catalogue(job->live), changes, count, &job->change).data
            : NULL;
    struct db_params const params = {
        .count = 11,
        .values = {param_number(recount, job->change.id), recount->owner, param_number(recount, job->epoch),
                   param_flag(job->is_begin), param_number(recount, recount->looked_at),
                   param_number(recount, recount->last_id),
                   fault != NULL ? "[]" : recount_preview_rows(recount, now_s).data,
                   param_flag(recount->is_end), days_before, fault, param_at(recount, now_s)}};

    recount->state = RECOUNT_WRITING;
    question(recount, SQL_RECOUNT_PREVIEW, written, &params);
}

/* --- moves --- */

static void move_next(struct recount *recount);

static void moved(void *owner, const struct db_answer *answer)
{
    struct recount *recount = owner;
    const struct recount_item *item = &recount->items[recount->item_at];
    struct text outcome;

    _Static_assert((int)COL_RECOUNT_MOVE_OUTCOME == (int)COL_RECOUNT_TIMERS_OUTCOME, "one answer for both");
    if (db_outcome(answer) == DB_FAILED) { /* logged there; the others go on */
        recount->failures++;
        recount->item_at++;
        move_next(recount);
        return;
    }
    if (db_outcome(answer) != DB_ROWS) { /* the database is away or too busy: the same batch again */
        rest(recount, LOOK_EVERY_PULSES);
        return;
    }
    outcome = db_text(answer, 0, COL_RECOUNT_MOVE_OUTCOME);
    if (text_equal(outcome, TEXT("stopped"))) {
        rest(recount, LOOK_EVERY_PULSES);
        return;
    }
    if (text_equal(outcome, TEXT("stale"))) /* somebody was faster */
        recount->must_repeat = true;
    recount->moved += item->moves && text_equal(outcome, TEXT("done"));
    recount->item_at++;
    move_next(recount);
}

static void ask_move(struct recount *recount, const struct recount_item *item)
{
    int64_t const now_s = now_of(recount);
    struct dossier const after = dossier_with_dues(&item->dossier, &item->dues);
    struct db_params const params = {
        .count = 14,
        .values = {param_number(recount, recount->job.change.id), param_number(recount, item->id),
                   param_number(recount, item->version), param_at(recount, now_s),
                   param_at(recount, item->dues.due_clock_s), param_at(recount, item->dues.due_eod_s),
                   param_at(recount, item->dues.step_due_s), param_at(recount, item->dues.supplement_due_s),
                   param_at(recount, item->dues.consult_due_s),
                   param_at(recount, dossier_risk_at(&after, item->after, now_s)), item->kinds, item->ats,
                   recount->job.reason, recount_evidence(recount, item, now_s)}};

    question(recount, SQL_RECOUNT_MOVE, moved, &params);
}

static void ask_timers(struct recount *recount, const struct recount_item *item)
{
    struct db_params const params = {.count = 5,
                                     .values = {param_number(recount, item->id),
                                                param_number(recount, item->version),
                                                param_at(recount, now_of(recount)), item->kinds, item->ats}};

    question(recount, SQL_RECOUNT_TIMERS, moved, &params);
}

static void move_next(struct recount *recount)
{
    const struct recount_job *job = &recount->job;

    if (recount->item_at < recount->item_count) {
        const struct recount_item *item = &recount->items[recount->item_at];

        if (item->moves)
            ask_move(recount, item);
        else
            ask_timers(recount, item);
        return;
    }
    struct db_params const params = {
        .count = 6,
        .values = {
            param_number(recount, job->change.id), recount->owner,
            param_number(recount, recount->must_repeat || recount->failures > 0 ? 0 : recount->last_id),
            param_number(recount, recount->moved),
            param_flag(recount->is_end && !recount->must_repeat && recount->failures == 0),
            param_at(recount, now_of(recount))}};

    question(recount, SQL_RECOUNT_ADVANCE, written, &params);
}

static void loaded(void *owner, const struct db_answer *answer)
{
    struct recount *recount = owner;

    if (db_outcome(answer) != DB_ROWS) {
        rest(recount, LOOK_EVERY_PULSES);
        return;
    }
    recount_read_batch(recount, answer, now_of(recount));
    recount->is_end = db_row_count(answer) < (recount->job.is_apply ? MOVE_BATCH : PREVIEW_BATCH);
    recount->must_repeat = false;
    recount->moved = 0;
    if (!recount->job.is_apply) {
        write_preview(recount, NULL);
        return;
    }
    recount->state = RECOUNT_MOVING;
    move_next(recount);
}

static void load(struct recount *recount)
{
    const struct recount_job *job = &recount->job;
    struct db_params params = {.count = 5};

    params.values[0] = param_number(recount, job->change.id);
    params.values[1] = param_number(recount, job->reached);
    params.values[2] = param_number(recount, job->is_apply ? MOVE_BATCH : PREVIEW_BATCH);
    params.values[3] = job->reverses != 0 ? param_number(recount, job->reverses) : NULL;
    params.values[4] = param_flag(job->is_apply);
    recount->state = RECOUNT_LOADING;
    question(recount, SQL_RECOUNT_BATCH, loaded, &params);
}

/* --- taking --- */

static bool is_in_hand(const struct recount *recount, const struct db_answer *answer)
{
    const struct recount_job *job = &recount->job;

    return recount->job_arena != NULL && job->change.id == db_i64(answer, 0, COL_RECOUNT_TAKE_ID) &&
           job->epoch == db_i64(answer, 0, COL_RECOUNT_TAKE_EPOCH_NOW) &&
           job->is_apply == text_equal(db_text(answer, 0, COL_RECOUNT_TAKE_STATE), TEXT("APPLYING"));
}

/* False: not yet, for the catalogue in memory is not the present one. */
static bool take_in_hand(struct recount *recount, const struct db_answer *answer)
{
    const char *fault;

    end_job(recount);
    recount->job_arena = arena_create(JOB_BYTES_MAX);
    if (!live_is_ready(&recount->worker) ||
        live_epoch(live_hold_in(recount->job_arena)) != db_i64(answer, 0, COL_RECOUNT_TAKE_EPOCH_NOW)) {
        live_start(&recount->worker); /* asks for it */
        return false;
    }
    recount->batch_arena = arena_create(BATCH_BYTES_MAX);
    recount->failures = 0;
    fault = recount_job_read(recount, answer);
    if (fault == NULL) {
        load(recount);
        return true;
    }
    recount->is_end = false;
    recount->looked_at = recount->last_id = 0;
    recount->job.is_begin = true;
    log_error("a calendar change of which no calendar can be made", LOG_N("change", recount->job.change.id));
    if (recount->job.is_apply)
        return false;
    write_preview(recount, fault);
    return true;
}

static void taken(void *owner, const struct db_answer *answer)
{
    struct recount *recount = owner;

    if (db_outcome(answer) != DB_ROWS || db_row_count(answer) == 0 ||
        text_equal(db_text(answer, 0, COL_RECOUNT_TAKE_STATE), TEXT("APPROVED"))) {
        rest(recount, LOOK_EVERY_PULSES);
        return;
    }
    if (is_in_hand(recount, answer)) {
        recount->batch_arena = arena_create(BATCH_BYTES_MAX);
        load(recount);
    } else if (!take_in_hand(recount, answer)) {
        rest(recount, 1);
    }
}

static void take(struct recount *recount)
{
    struct db_params const params = {.count = 1, .values = {recount->owner}};

    recount->asked_us = monotonic_us();
    recount->state = RECOUNT_TAKING;
    question(recount, SQL_RECOUNT_TAKE, taken, &params);
}

static void on_pause_over(evutil_socket_t fd, short what, void *owner)
{
    (void)fd;
    (void)what;
    take(owner);
}

void recount_pulse(struct recount *recount)
{
    if (recount->state != RECOUNT_RESTING || !db_is_ready(recount->db))
        return;
    if (recount->idle_ticks > 0) {
        recount->idle_ticks--;
        return;
    }
    take(recount);
}

void recount_init(struct recount *recount, const struct config *config, struct event_base *base,
                  struct db *db)
{
    unsigned char name[16];

    *recount =
        (struct recount){.config = config, .db = db, .worker = {.base = base, .config = config, .db = db}};
    randombytes_buf(name, sizeof name);
    sodium_bin2hex(recount->owner, sizeof recount->owner, name, sizeof name);
    evidence_start(&recount->worker);
    recount->pause = event_new(base, -1, 0, on_pause_over, recount);
    must(recount->pause != NULL);
}

void recount_fini(struct recount *recount)
{
    end_job(recount);
    live_stop(&recount->worker);
    event_free(recount->pause);
}
