#pragma once
/*
 * What the tests of the life cycle share: a sound dossier in every state, the fullest input, and a decided
 * change applied as server/dossier/dossier_change.c applies it.
 */
#include "test_calendar.h"

#include "dossier/dossier.h"

enum { LIFE_HANDLER = 7, LIFE_OTHER = 8, LIFE_SOMEBODY = 9, LIFE_ROLES_ALL = (1 << ROLE_COUNT) - 1 };

#define LIFE_NOW "2026-03-04 10:00"

/* The country's calendar, for the whole program. */
static struct arena *life_arena;
static const struct calendar *calendar;

static inline int life_open(void **state)
{
    (void)state;
    life_arena = arena_create(64 << 20);
    calendar = national_calendar(life_arena);
    return 0;
}

static inline int life_close(void **state)
{
    (void)state;
    arena_destroy(life_arena);
    return 0;
}

static inline bool life_is(enum dossier_state state, const char *states)
{
    size_t const length = strlen(state_name(state));

    for (const char *here = states; (here = strstr(here, state_name(state))) != NULL; here += length)
        if ((here == states || here[-1] == ' ' || here[-1] == ',') &&
            (here[length] == '\0' || here[length] == ' ' || here[length] == ','))
            return true;
    return false;
}

#define LIFE_FINISHED "RESULT_READY RETURN_IN_POST RETURNED REFUSED_WITH_REASON UNCLAIMED ARCHIVED"
#define LIFE_CLOSED   "INTAKE_REFUSED RETURNED WITHDRAWN STOPPED ARCHIVED"
#define LIFE_WAITING  "SUPPLEMENT_WAIT FINANCIAL_WAIT WITHDRAW_REQUESTED"
#define LIFE_INTAKE   "DRAFT SUBMITTED INTAKE_SUPPLEMENT INTAKE_REFUSED"

/* Five working days from Monday 2026-03-02 09:30, in that state at LIFE_NOW; an answer asked for is late. */
static inline struct dossier life_dossier(enum dossier_state state)
{
    struct dossier dossier = {
        .state = state,
        .state_before = state == STATE_WITHDRAW_REQUESTED ? STATE_PROCESSING : STATE_DRAFT,
        .version = 3,
        .accepted_at_s = at("2026-03-02 09:30"),
        .due_clock_s = at("2026-03-09 09:30"),
        .due_eod_s = at("2026-03-09 17:00"),
        .handler = LIFE_HANDLER,
        .receiving_unit = TEXT("MOT-CUA"),
        .processing_unit = TEXT("PHONG-A"),
        .competent_agency = TEXT("XA-A"),
        .holder_unit = TEXT("PHONG-A"),
        .holder_role = ROLE_HANDLER,
        .return_channel = TEXT("ONLINE"),
        .step_phase = state_phase(state == STATE_WITHDRAW_REQUESTED ? STATE_PROCESSING : state),
        .clock_start_s = at("2026-03-02 09:30"),
        .plan = {.limit_unit = LIMIT_WORK_DAY,
                 .limit_milli = 5000,
                 .max_supplements = 1,
                 .supplement_limit_work_days = 15},
    };

    if (life_is(state, LIFE_INTAKE))
        dossier.accepted_at_s = dossier.clock_start_s = dossier.due_clock_s = dossier.due_eod_s = 0;
    if (life_is(state, LIFE_FINISHED))
        dossier.finished_at_s = at("2026-03-04 09:00");
    if (life_is(state, LIFE_FINISHED) || life_is(state, LIFE_INTAKE) || life_is(state, LIFE_WAITING)) {
        dossier.holder_unit = dossier.receiving_unit;
        dossier.holder_role = life_is(state, LIFE_FINISHED) ? ROLE_RETURN_CLERK : ROLE_RECEIVER;
    }
    if (life_is(state, LIFE_WAITING))
        dossier.pauses[dossier.pause_count++] = (struct dossier_pause){.stop_s = at("2026-03-03 10:00")};
    if (life_is(state, "INTAKE_SUPPLEMENT SUPPLEMENT_WAIT"))
        dossier.supplement_due_s = at("2026-03-03 17:00");
    if (state == STATE_CONSULTING)
        dossier.consult_due_s = at("2026-03-04 09:00");
    return dossier;
}

/* Every field given, each with a value that can be. */
static inline struct dossier_input life_input(int64_t now_s)
{
    return (struct dossier_input){
        .given = ~0U,
        .handler = LIFE_OTHER,
        .unit = TEXT("PHONG-B"),
        .reason = TEXT("lý do"),
        .ground = TEXT("căn cứ"),
        .question = TEXT("câu hỏi"),
        .opinion = TEXT("ý kiến"),
        .document_number = TEXT("12/QĐ-UBND"),
        .receiver_name = TEXT("Trần Thị Bình"),
        .authorisation = TEXT("GUQ 3/2026"),
        .postal_number = TEXT("VN123"),
        .proof = TEXT("biên lai"),
        .note = TEXT("ghi chú"),
        .method = TEXT("CASH"),
        .address = TEXT("thôn Một"),
        .document_day = instant_day(now_s),
        .new_due_at_s = now_s + INT64_C(20) * 86400,
        .step_due_s = now_s + 60,
        .amount = 1000,
        .target = STATE_PROCESSING,
        .item_count = 1,
    };
}

/* The clock's entry on the run, as the caller keeps it: a start or restart forgets the stops before. */
static inline void life_clock(struct dossier *dossier, enum clock_kind kind, int64_t now_s)
{
    if (kind == CLOCK_PAUSE) {
        assert_true(dossier->pause_count < PAUSES_MAX);
        dossier->pauses[dossier->pause_count++] = (struct dossier_pause){.stop_s = now_s};
    } else if (kind == CLOCK_RESUME) {
        assert_true(dossier->pause_count > 0);
        dossier->pauses[dossier->pause_count - 1].resume_s = now_s;
    } else if (kind == CLOCK_START || kind == CLOCK_RESTART) {
        dossier->clock_start_s = now_s;
        dossier->pause_count = 0;
    }
}

static inline void life_apply(struct dossier *dossier, const struct dossier_change *change, int64_t now_s)
{
    assert_int_equal(change->from, dossier->state);
    life_clock(dossier, change->clock, now_s);
    dossier->version++;
    dossier->state = change->to;
    dossier->state_before = change->state_before;
    dossier->holder_unit = change->holder_unit;
    dossier->holder_role = change->holder_role;
    dossier->handler = change->handler;
    dossier->processing_unit = change->processing_unit;
    dossier->accepted_at_s = change->accepted_at_s;
    dossier->due_clock_s = change->due_clock_s;
    dossier->due_eod_s = change->due_eod_s;
    dossier->finished_at_s = change->finished_at_s;
    dossier->reappointed_due_at_s = change->reappointed_due_at_s;
    dossier->timeliness = change->timeliness;
    dossier->supplements = change->supplements;
    dossier->supplement_due_s = change->supplement_due_s;
    dossier->consult_due_s = change->consult_due_s;
    dossier->is_refusal_drafted = change->is_refusal_drafted;
    dossier->step_phase = change->step_phase;
    dossier->step_due_s = change->step_due_s;
    dossier->step_remaining_min = change->step_remaining_min;
    if (change->opens_step)
        dossier->step_started_s = now_s;
    if (change->pays_fees)
        dossier->is_owed = false;
}

static inline const char *life_refusal_name(enum dossier_refusal refusal)
{
    static const char *const names[] = {
        "decided",          "not-your-action", "wrong-state",        "missing-input", "bad-input",
        "same-person",      "too-early",       "already-apologised", "fee-owed",      "too-many-supplements",
        "no-authorisation", "too-many-pauses", "nothing-owed",       "no-limit"};

    assert_in_range(refusal, 0, array_length(names) - 1);
    return names[refusal];
}
