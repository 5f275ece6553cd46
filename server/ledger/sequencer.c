#include "ledger/sequencer.h"

#include <event2/event.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "core/config.h"
#include "core/log.h"
#include "db/db.h"
#include "ledger/batch.h"
#include "ledger/keys.h"
#include "ledger/mirror.h"

enum { PULSE_MS = 100, CHECKPOINT_MS = 1000, ARENA_BYTES = 1 << 30, PENDING_MAX = 1000 };

#define PENDING_TEXT "1000"

enum sequencer_state {
    SEQUENCER_OPENING,
    SEQUENCER_MEETING,
    SEQUENCER_WAITING,
    SEQUENCER_ASKING,
    SEQUENCER_REFUSING
};

struct sequencer {
    const struct sequencer_setup *setup;
    struct event_base *base;
    struct db *db;
    struct arena *kept, *turn; /* for ever; until the next question */
    struct ledger_trust trust;
    struct ledger_signer signer;
    struct ledger_mirror mirror;
    struct ledger_state signed_last;
    struct batch batch;
    enum sequencer_state state;
    bool has_told, has_more;
    int64_t epoch, size; /* of the database */
    int64_t checkpoint_ms;
};

static int64_t monotonic_ms(void)
{
    struct timespec now;

    must(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void refuse_for_good(struct sequencer *s, const char *reason)
{
    s->state = SEQUENCER_REFUSING;
    log_error("the ledger is not signed any more", LOG_S("reason", reason),
              LOG_N("mirror", s->mirror.frontier.size), LOG_N("database", s->size),
              LOG_N("signed", s->signed_last.size));
}

/* Asks with parameters that live until the answer. */
static void ask_db(struct sequencer *s, enum sql statement, struct db_params params, db_on_answer *answered)
{
    db_ask(s->db, statement, &params, answered, s);
}

static const char *number(struct sequencer *s, int64_t value)
{
    return arena_printf(s->turn, "%lld", (long long)value);
}

/* False: no rows; the pulse will try again from the state `otherwise`. */
static bool has_rows(struct sequencer *s, const struct db_answer *answer, enum sequencer_state otherwise)
{
    if (db_outcome(answer) == DB_ROWS)
        return true;
    s->state = otherwise; /* db has logged it */
    return false;
}

/* --- checkpoints --- */

static void checkpoint_kept(void *owner, const struct db_answer *answer)
{
    struct sequencer *s = owner;

    if (!has_rows(s, answer, SEQUENCER_WAITING))
        return; /* signed and not kept: the next one will be, of the same bytes if nothing has come */
    if (!db_bool(answer, 0, COL_LEDGER_CHECKPOINT_IS_DONE)) {
        refuse_for_good(s, "another has taken the log over");
        return;
    }
    s->state = SEQUENCER_WAITING;
    s->checkpoint_ms = monotonic_ms() + CHECKPOINT_MS;
}

/* I7: never a size below the last one, nor the same with another root. */
static void sign_checkpoint(struct sequencer *s)
{
    struct ledger_checkpoint const checkpoint = {.origin = s->trust.origin,
                                                 .size = s->mirror.frontier.size,
                                                 .root = ledger_frontier_root(&s->mirror.frontier)};
    struct text body, line;

    if (checkpoint.size < s->signed_last.size ||
        (checkpoint.size == s->signed_last.size &&
         !ledger_hash_equal(&checkpoint.root, &s->signed_last.root))) {
        refuse_for_good(s, "another root of a size that was signed");
        return;
    }
    s->signed_last.size = checkpoint.size;
    s->signed_last.root = checkpoint.root;
    if (!ledger_state_write(s->setup->config, s->turn, &s->signed_last)) {
        refuse_for_good(s, "the signer's state cannot be written");
        return;
    }
    body = ledger_checkpoint_write(s->turn, &checkpoint);
    line = ledger_note_sign(s->turn, body, &s->signer, 0);
    s->state = SEQUENCER_ASKING;
    ask_db(s, SQL_LEDGER_CHECKPOINT,
           (struct db_params){.count = 3,
                              .values = {number(s, s->epoch), number(s, checkpoint.size),
                                         arena_printf(s->turn, "%s\n%s", body.data, line.data)}},
           checkpoint_kept);
}

/* --- leaves --- */

static void sequenced(void *owner, const struct db_answer *answer)
{
    struct sequencer *s = owner;

    /* Nobody knows whether it was committed: meet the database anew, which tells. */
    if (!has_rows(s, answer, SEQUENCER_OPENING))
        return;
    if (!db_bool(answer, 0, COL_LEDGER_SEQUENCE_IS_DONE)) {
        refuse_for_good(s, "another has taken the log over");
        return;
    }
    for (size_t i = 0; i < s->batch.count; i++) {
        if (!ledger_mirror_append(&s->mirror, &s->signed_last, s->batch.leaves[i].rec,
                                  s->batch.leaves[i].signature)) {
            refuse_for_good(s, "the mirror cannot be written");
            return;
        }
    }
    if (!ledger_mirror_sync(&s->mirror)) {
        refuse_for_good(s, "the mirror cannot be written");
        return;
    }
    s->size += (int64_t)s->batch.count;
    must(s->size == s->mirror.frontier.size);
    s->state = SEQUENCER_WAITING;
}

static void rejected(void *owner, const struct db_answer *answer)
{
    struct sequencer *s = owner;

    if (!has_rows(s, answer, SEQUENCER_OPENING))
        return;
    s->state = SEQUENCER_WAITING;
}

static void pending_came(void *owner, const struct db_answer *answer)
{
    struct sequencer *s = owner;
    const char *fault;

    if (!has_rows(s, answer, SEQUENCER_WAITING))
        return;
    s->has_more = db_row_count(answer) == PENDING_MAX;
    fault = batch_fill(&s->batch, answer, s->turn, &s->mirror, s->trust.origin);
    if (s->batch.count > 0) {
        ask_db(s, SQL_LEDGER_SEQUENCE, batch_params(&s->batch, s->turn, s->epoch, s->size), sequenced);
    } else if (fault != NULL) {
        log_error("a record that no worker has signed", LOG_N("pid", s->batch.false_pid),
                  LOG_S("fault", fault));
        ask_db(s, SQL_LEDGER_REJECT,
               (struct db_params){.count = 3,
                                  .values = {number(s, s->epoch), number(s, s->batch.false_pid), fault}},
               rejected);
    } else {
        s->state = SEQUENCER_WAITING;
    }
}

/* --- the start-up check (I19) --- */

static void met(struct sequencer *s)
{
    if (!s->mirror.is_state_met) {
        refuse_for_good(s, "the database has another history than was signed");
        return;
    }
    s->state = SEQUENCER_WAITING;
    log_info("the ledger is met", LOG_N("size", s->size), LOG_N("signed", s->signed_last.size));
}

static void frontier_came(void *owner, const struct db_answer *answer)
{
    struct sequencer *s = owner;

    if (!has_rows(s, answer, SEQUENCER_OPENING))
        return;
    for (int row = 0; row < db_row_count(answer); row++) {
        int64_t const level = db_i64(answer, row, COL_LEDGER_FRONTIER_LEVEL);
        char hex[LEDGER_HEX_BYTES];

        if (!text_equal(db_text(answer, row, COL_LEDGER_FRONTIER_HASH),
                        text_of(ledger_hash_hex(&s->mirror.frontier.nodes[level], hex)))) {
            refuse_for_good(s, "mirror and database have other roots");
            return;
        }
    }
    met(s);
}

static void leaves_came(void *owner, const struct db_answer *answer);

static void ask_leaves(struct sequencer *s)
{
    if (s->mirror.frontier.size > s->size) {
        refuse_for_good(s, "the database has lost leaves that the mirror has");
    } else if (s->mirror.frontier.size < s->size) {
        ask_db(s, SQL_LEDGER_LEAVES,
               (struct db_params){.count = 2, .values = {number(s, s->mirror.frontier.size), PENDING_TEXT}},
               leaves_came);
    } else if (s->signed_last.size > s->size) {
        refuse_for_good(s, "leaves that were signed are lost");
    } else {
        ask_db(s, SQL_LEDGER_FRONTIER, (struct db_params){.count = 1, .values = {number(s, s->size)}},
               frontier_came);
    }
}

/* The mirror is behind: what the database has more is checked and added. */
static void leaves_came(void *owner, const struct db_answer *answer)
{
    struct sequencer *s = owner;

    if (!has_rows(s, answer, SEQUENCER_OPENING))
        return;
    if (db_row_count(answer) == 0 || !batch_mirror(answer, s->turn, &s->mirror, &s->signed_last) ||
        !ledger_mirror_sync(&s->mirror)) {
        refuse_for_good(s, "leaves of the database are missing, out of order or not signed");
        return;
    }
    arena_reset(s->turn);
    ask_leaves(s);
}

static void opened(void *owner, const struct db_answer *answer)
{
    struct sequencer *s = owner;

    if (!has_rows(s, answer, SEQUENCER_OPENING))
        return;
    s->epoch = db_i64(answer, 0, COL_LEDGER_OPEN_EPOCH);
    s->size = db_i64(answer, 0, COL_LEDGER_OPEN_SIZE);
    if (!text_equal(db_text(answer, 0, COL_LEDGER_OPEN_ORIGIN), s->trust.origin)) {
        refuse_for_good(s, "the database holds the log of another origin");
        return;
    }
    ask_leaves(s);
}

/* --- the turn --- */

static void act(struct sequencer *s)
{
    bool const is_unsigned = s->mirror.frontier.size > s->signed_last.size;

    arena_reset(s->turn);
    if (s->state == SEQUENCER_OPENING) {
        s->state = SEQUENCER_MEETING;
        ask_db(s, SQL_LEDGER_OPEN,
               (struct db_params){.count = 1, .values = {s->setup->config->ledger_origin}}, opened);
    } else if (is_unsigned && monotonic_ms() >= s->checkpoint_ms) {
        sign_checkpoint(s);
    } else {
        s->state = SEQUENCER_ASKING;
        ask_db(s, SQL_LEDGER_PENDING, (struct db_params){.count = 1, .values = {PENDING_TEXT}}, pending_came);
    }
}

static void on_pulse(evutil_socket_t fd, short what, void *owner)
{
    struct sequencer *s = owner;

    (void)fd;
    (void)what;
    atomic_fetch_add(s->setup->pulse, 1);
    s->setup->on_pulse(s->setup->owner);
    if (!s->has_told && db_is_ready(s->db)) {
        s->has_told = true;
        if (write(s->setup->ready_fd, "r", 1) != 1)
            log_warning("the supervisor does not listen", LOG_NONE);
        close(s->setup->ready_fd);
    }
    if (db_is_ready(s->db) && (s->state == SEQUENCER_OPENING || s->state == SEQUENCER_WAITING))
        act(s);
}

static void on_terminate(evutil_socket_t fd, short what, void *owner)
{
    struct sequencer *s = owner;

    (void)fd;
    (void)what;
    event_base_loopexit(s->base, NULL);
}

/* False: nothing to sign with; the server does not start. A history that does not fit is no reason to end:
 * the counter goes on, the log says so. */
static bool prepare(struct sequencer *s)
{
    const struct config *config = s->setup->config;
    enum ledger_mirror_fault fault;

    if (!ledger_keys_load(config, LEDGER_FILE_LOG, s->kept, &s->signer) ||
        !ledger_keys_trust(config, s->kept, &s->trust))
        return false;
    fault = ledger_mirror_open(config, s->kept, &s->trust, &s->mirror, &s->signed_last);
    if (fault != LEDGER_MIRROR_GOOD)
        refuse_for_good(s, ledger_mirror_sentence(fault));
    return true;
}

int sequencer_loop(const struct sequencer_setup *setup, const struct db_options *database)
{
    struct sequencer *s;
    struct arena *kept = arena_create(ARENA_BYTES);
    struct timeval const pulse = {.tv_usec = PULSE_MS * 1000};
    struct event *ticking, *terminate;
    int status = EX_CONFIG;

    s = arena_new(kept, struct sequencer);
    *s = (struct sequencer){
        .setup = setup, .kept = kept, .turn = arena_create(ARENA_BYTES), .base = event_base_new()};
    must(s->base != NULL);
    if (prepare(s)) {
        s->db = db_create(s->base, database);
        ticking = event_new(s->base, -1, EV_PERSIST, on_pulse, s);
        terminate = evsignal_new(s->base, SIGTERM, on_terminate, s);
        must(ticking != NULL && terminate != NULL);
        must(event_add(ticking, &pulse) == 0 && event_add(terminate, NULL) == 0);
        must(event_base_dispatch(s->base) >= 0);
        event_free(terminate);
        event_free(ticking);
        db_destroy(s->db);
        status = EX_OK;
    }
    if (s->mirror.fd >= 0)
        close(s->mirror.fd);
    sodium_memzero(&s->signer, sizeof s->signer);
    event_base_free(s->base);
    arena_destroy(s->turn);
    arena_destroy(kept);
    return status;
}
