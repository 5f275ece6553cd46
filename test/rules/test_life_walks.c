/*
 * Random walks over the life cycle: dossiers of all kinds of limits, acted upon by anybody at any time with
 * anything. After each step what may never be otherwise is looked at. Seeded: a failure comes again.
 */
#include "test_life.h"

#include "calendar/pause.h"
#include "calendar/timeliness.h"

enum {
    WALKS = 15000,
    STEPS = 100,
    DECIDED_LEAST = 200000,
    EACH_LEAST = 100,
    STOPS_MAX = CALENDAR_PAUSES_MAX
};

/* The dossier, and what the test remembers of it by its own account. */
struct walk {
    uint64_t seed;
    int number;
    struct dossier dossier;
    int64_t now_s;
    bool has_been_processed, is_of_receipt;
    int64_t accepted_at_s, run_start_s;
    struct calendar_pause
        stops[STOPS_MAX]; /* of the run since acceptance or reopening, restarts among them */
    size_t stop_count;
    struct text asked_unit; /* while it is asked for an opinion */
};

static uint64_t decided_steps, refused_steps, closed_walks, decided_by_action[ACTION_COUNT];

/* xorshift64*: the same on every machine. */
static uint64_t next_random(struct walk *walk)
{
    walk->seed ^= walk->seed >> 12;
    walk->seed ^= walk->seed << 25;
    walk->seed ^= walk->seed >> 27;
    return walk->seed * UINT64_C(2685821657736338717);
}

static int64_t below(struct walk *walk, int64_t end)
{
    return (int64_t)(next_random(walk) >> 16) % end;
}

static bool chance(struct walk *walk, int percent)
{
    return below(walk, 100) < percent;
}

/* The claim holds, or the test ends with it and where it broke. */
#define expect(walk, claim) expect_that(walk, claim, #claim)

static void expect_that(const struct walk *walk, bool is_so, const char *claim)
{
    char buffer[INSTANT_TEXT_BYTES];

    if (!is_so)
        fail_msg("walk %d, %s at %s: %s", walk->number, state_name(walk->dossier.state),
                 local(walk->now_s, buffer), claim);
}

static struct dossier_plan random_plan(struct walk *walk)
{
    static const struct {
        enum limit_unit unit;
        int64_t limit_milli;
    } limits[] = {{LIMIT_WORK_DAY, 5000}, {LIMIT_WORK_DAY, 15000}, {LIMIT_WORK_DAY, 500},
                  {LIMIT_WORK_DAY, 2500}, {LIMIT_CAL_DAY, 10000},  {LIMIT_MONTH, 1000},
                  {LIMIT_NONE, 0},        {LIMIT_WORK_HOUR, 8000}, {LIMIT_WORK_HOUR, 4500},
                  {LIMIT_SAME_DAY_15, 0}};
    size_t const limit = (size_t)below(walk, (int64_t)array_length(limits));
    struct dossier_plan plan = {.limit_unit = limits[limit].unit,
                                .limit_milli = limits[limit].limit_milli,
                                .has_last_hour_rule = chance(walk, 25),
                                .is_restart = chance(walk, 40),
                                .max_supplements = (int)below(walk, 3),
                                .supplement_limit_work_days = chance(walk, 20) ? 0 : 3,
                                .is_separate_signer = chance(walk, 30),
                                .is_supplement_signed = chance(walk, 30)};

    for (int phase = PHASE_DESK; phase < PHASE_COUNT; phase++)
        plan.quota_min[phase] = chance(walk, 30) ? 0 : below(walk, 2000);
    return plan;
}

static struct walk walk_begin(int number)
{
    static const char *const channels[] = {"COUNTER", "POST", "ONLINE"};
    struct walk walk = {.seed = UINT64_C(0x9E3779B97F4A7C15) * (uint64_t)(number + 1), .number = number};

    walk.now_s = at("2025-01-02 07:00") + below(&walk, INT64_C(700) * 86400);
    walk.dossier = life_dossier(STATE_SUBMITTED);
    walk.dossier.handler = 0;
    walk.dossier.holder_unit = walk.dossier.receiving_unit;
    walk.dossier.holder_role = ROLE_RECEIVER;
    walk.dossier.return_channel = text_of(channels[below(&walk, 3)]);
    walk.dossier.is_owed = chance(&walk, 50);
    walk.dossier.plan = random_plan(&walk);
    return walk;
}

/* Seconds, hours, days, now and then a month. */
static void pass_time(struct walk *walk)
{
    static const int64_t spans_s[] = {1, 60, 3600, 86400, 86400, 86400 * 40};

    walk->now_s += below(walk, spans_s[below(walk, (int64_t)array_length(spans_s))] + 1);
}

static struct dossier_input random_input(struct walk *walk)
{
    static const char *const units[] = {"PHONG-A", "PHONG-B", "CONG-AN"};
    struct dossier_input input = life_input(walk->now_s);

    input.unit = text_of(units[below(walk, 3)]);
    input.handler = below(walk, 10) == 0 ? 0 : LIFE_HANDLER + below(walk, 2);
    input.is_receiver_owner = chance(walk, 50);
    input.is_refusal = chance(walk, 25);
    input.step_due_s = walk->now_s + below(walk, INT64_C(4) * 86400) - 3600;
    input.document_day += chance(walk, 5) ? 1 : 0;
    input.target = chance(walk, 50) ? STATE_REVIEW : STATE_PROCESSING;
    input.new_due_at_s = walk->now_s + below(walk, INT64_C(60) * 86400);
    if (chance(walk, 20)) /* something left out */
        input.given = (unsigned)next_random(walk);
    if (chance(walk, 60))
        input.given &= ~(unsigned)(NEED_STEP_DUE | NEED_TARGET);
    return input;
}

/* Mostly everybody at once, so that the walk gets on; sometimes one role, sometimes any. */
static struct dossier_actor random_actor(struct walk *walk)
{
    struct dossier_actor actor = {
        .user = LIFE_HANDLER + below(walk, 3), .roles = LIFE_ROLES_ALL, .asking_roles = LIFE_ROLES_ALL};

    if (chance(walk, 30))
        actor.roles = 1U << below(walk, ROLE_COUNT);
    else if (chance(walk, 15))
        actor.roles = (unsigned)next_random(walk) & LIFE_ROLES_ALL;
    actor.asking_roles = actor.roles;
    return actor;
}

/* Actions that lead away from a result. */
static bool is_end(enum dossier_action action)
{
    return action == ACTION_REFUSE || action == ACTION_STOP || action == ACTION_REQUEST_WITHDRAWAL ||
           action == ACTION_CONFIRM_WITHDRAWAL || action == ACTION_REDIRECT;
}

/* What is offered most of the time; the way to a result is made likelier than the ways from it. */
static enum dossier_action random_action(struct walk *walk, const struct dossier_actor *actor)
{
    struct dossier_offer offers[ACTION_COUNT];
    size_t const count = dossier_offers(&walk->dossier, actor, offers);
    enum dossier_action action;

    if (count == 0 || chance(walk, 15))
        return (enum dossier_action)below(walk, ACTION_COUNT);
    do
        action = offers[below(walk, (int64_t)count)].action;
    while (is_end(action) && chance(walk, 75));
    return action;
}

/* --- what may never be otherwise --- */

/* An offer is what decide neither forbids nor finds in the wrong state; left out only when of no use. */
static void check_offers(struct walk *walk, const struct dossier_actor *actor)
{
    const struct dossier *d = &walk->dossier;
    struct dossier_offer offers[ACTION_COUNT];
    size_t const count = dossier_offers(d, actor, offers);
    size_t offered = 0;

    for (int action = 0; action < ACTION_COUNT; action++) {
        struct dossier_input const nothing = {0};
        struct dossier_change change;
        unsigned missing;
        enum dossier_refusal const refusal = dossier_decide(d, (enum dossier_action)action, actor, &nothing,
                                                            calendar, walk->now_s, &change, &missing);
        bool const is_open = refusal != REFUSED_NOT_YOUR_ACTION && refusal != REFUSED_WRONG_STATE;
        bool const is_offered = offered < count && (int)offers[offered].action == action;
        bool const is_useless = (action == ACTION_COLLECT_FEE && !d->is_owed) ||
                                (action == ACTION_APOLOGISE && d->reappointed_due_at_s != 0) ||
                                (action == ACTION_CORRECT_TIMELINESS && d->timeliness != TIMELINESS_OVERDUE);

        expect(walk, is_offered == (is_open && !is_useless));
        if (is_offered && refusal == REFUSED_MISSING_INPUT)
            expect(walk, missing == offers[offered].needs);
        offered += is_offered ? 1 : 0;
    }
    expect(walk, offered == count);
}

struct holder {
    const char *states;
    enum { AT_DESK, AT_DEPARTMENT, AT_AGENCY, AT_ASKED } where;
    unsigned role;
};

static void check_holder(const struct walk *walk)
{
    static const struct holder holders[] = {
        {"SUBMITTED INTAKE_SUPPLEMENT INTAKE_REFUSED ACCEPTED WITHDRAWN STOPPED", AT_DESK, ROLE_RECEIVER},
        {LIFE_WAITING, AT_DESK, ROLE_RECEIVER},
        {"IN_TRANSFER ASSIGNING REVIEW", AT_DEPARTMENT, ROLE_DEPT_HEAD},
        {"PROCESSING", AT_DEPARTMENT, ROLE_HANDLER},
        {"CONSULTING", AT_ASKED, ROLE_DEPT_HEAD},
        {"SIGNING", AT_AGENCY, ROLE_LEADER},
        {"ISSUING", AT_AGENCY, ROLE_RECORDS_CLERK},
        {LIFE_FINISHED, AT_DESK, ROLE_RETURN_CLERK},
    };
    const struct dossier *d = &walk->dossier;
    struct text const units[] = {d->receiving_unit, d->processing_unit, d->competent_agency,
                                 walk->asked_unit};
    int fits = 0;

    for (size_t i = 0; i < array_length(holders); i++)
        if (life_is(d->state, holders[i].states)) {
            fits++;
            expect(walk, d->holder_role == holders[i].role);
            expect(walk, text_equal(d->holder_unit, units[holders[i].where]));
        }
    expect(walk, fits == 1);
    if (life_is(d->state, "PROCESSING CONSULTING SUPPLEMENT_WAIT FINANCIAL_WAIT REVIEW SIGNING ISSUING"))
        expect(walk, d->handler != 0);
    if (d->state == STATE_CONSULTING)
        expect(walk, !text_equal(d->holder_unit, d->processing_unit));
}

/* Stops follow each other; only the last may be open, and it is while the clock stands still. */
static void check_stops(const struct walk *walk)
{
    const struct dossier *d = &walk->dossier;
    bool const is_over = state_clock(d->state) == CLOCK_ENDED;
    int64_t before_s = d->clock_start_s;
    bool is_open = false;

    expect(walk, d->pause_count >= 0 && d->pause_count <= PAUSES_MAX);
    for (int i = 0; i < d->pause_count; i++) {
        expect(walk, !is_open && d->pauses[i].stop_s >= before_s);
        is_open = d->pauses[i].resume_s == 0;
        expect(walk, is_open || d->pauses[i].resume_s >= d->pauses[i].stop_s);
        before_s = is_open ? d->pauses[i].stop_s : d->pauses[i].resume_s;
    }
    expect(walk, before_s <= walk->now_s);
    if (!is_over)
        expect(walk, is_open == (state_clock(d->state) == CLOCK_STOP));
    if (state_clock(d->state) == CLOCK_RUN)
        expect(walk, d->clock_start_s >= d->accepted_at_s && d->accepted_at_s != 0);
}

static void check_step(const struct walk *walk)
{
    const struct dossier *d = &walk->dossier;
    enum dossier_state const state = d->state == STATE_WITHDRAW_REQUESTED ? d->state_before : d->state;

    if (life_is(d->state, LIFE_CLOSED) || life_is(d->state, LIFE_INTAKE)) {
        expect(walk, d->step_phase == PHASE_NONE && d->step_due_s == 0 && d->step_remaining_min == 0);
        return;
    }
    if (state == STATE_IN_TRANSFER) /* the sender's, whoever sent it */
        expect(walk, life_is(d->state, "IN_TRANSFER WITHDRAW_REQUESTED") && d->step_phase >= PHASE_DESK &&
                         d->step_phase <= PHASE_PROCESS);
    else
        expect(walk, d->step_phase == state_phase(state));
    if (state_clock(d->state) != CLOCK_STOP)
        expect(walk, d->step_remaining_min == 0);
}

static void check_times(const struct walk *walk)
{
    const struct dossier *d = &walk->dossier;
    bool const is_finished = life_is(d->state, LIFE_FINISHED);
    bool const is_ended = d->accepted_at_s != 0 && state_clock(d->state) == CLOCK_ENDED;
    bool const is_asked = life_is(d->state, "INTAKE_SUPPLEMENT SUPPLEMENT_WAIT") ||
                          (d->state == STATE_WITHDRAW_REQUESTED && d->state_before == STATE_SUPPLEMENT_WAIT);

    expect(walk, d->accepted_at_s == walk->accepted_at_s);
    expect(walk, (d->accepted_at_s == 0) ==
                     (life_is(d->state, LIFE_INTAKE) ||
                      (d->state == STATE_STOPPED && d->supplements == 0 && walk->accepted_at_s == 0)));
    expect(walk, (d->finished_at_s != 0) == is_finished);
    expect(walk, (d->timeliness != TIMELINESS_NONE) == is_ended);
    expect(walk, (d->supplement_due_s != 0) == (is_asked && d->plan.supplement_limit_work_days != 0));
    expect(walk, (d->consult_due_s != 0) == (d->state == STATE_CONSULTING));
    expect(walk, (d->due_clock_s != 0) == (d->accepted_at_s != 0 && d->plan.limit_unit != LIMIT_NONE));
    if (d->due_eod_s != 0)
        expect(walk,
               d->due_clock_s <= d->due_eod_s && instant_day(d->due_clock_s) == instant_day(d->due_eod_s));
    if (walk->has_been_processed)
        expect(walk, d->state != STATE_ACCEPTED);
}

/* The due by the test's own account of the whole run: all stops and restarts at once, from its receipt. */
static void check_due(const struct walk *walk)
{
    const struct dossier *d = &walk->dossier;
    struct calendar_limit const limit = {.unit = (enum calendar_unit)d->plan.limit_unit,
                                         .quantity_milli = d->plan.limit_milli,
                                         .has_last_hour_rule =
                                             d->plan.has_last_hour_rule && walk->is_of_receipt};
    size_t ended = walk->stop_count;
    struct calendar_clock clock;

    if (d->accepted_at_s == 0)
        return;
    if (ended > 0 && walk->stops[ended - 1].resume_s == 0) /* the due moves when the stop ends */
        ended--;
    expect(walk, calendar_clock_find(calendar, &limit, walk->run_start_s, walk->stops, ended, &clock));
    expect(walk, clock.due.due_clock_s == d->due_clock_s && clock.due.due_eod_s == d->due_eod_s);
}

/* What one decided step may change of the times, by the clock's entry it writes. */
static void check_change(const struct walk *walk, const struct dossier_change *change)
{
    const struct dossier *d = &walk->dossier; /* before it */
    bool const is_moved = change->due_clock_s != d->due_clock_s || change->due_eod_s != d->due_eod_s;
    bool const is_stopped = d->pause_count > 0 && d->pauses[d->pause_count - 1].resume_s == 0;

    if (is_moved)
        expect(walk, change->clock == CLOCK_START || change->clock == CLOCK_RESUME ||
                         change->clock == CLOCK_RESTART);
    expect(walk, (change->clock == CLOCK_REAPPOINT) == (change->action == ACTION_APOLOGISE));
    if (change->clock == CLOCK_REAPPOINT)
        expect(walk, d->reappointed_due_at_s == 0 && change->to == d->state);
    expect(walk, change->clock != CLOCK_RESTART || (d->plan.is_restart && d->state == STATE_SUPPLEMENT_WAIT));
    expect(walk, change->clock != CLOCK_PAUSE || (!is_stopped && state_clock(d->state) == CLOCK_RUN));
    if (change->clock != CLOCK_END)
        return;
    expect(walk,
           (int)change->timeliness ==
               (int)calendar_finished_class(calendar, (enum calendar_unit)d->plan.limit_unit,
                                            d->due_eod_s != 0 ? d->due_eod_s : d->due_clock_s,
                                            is_stopped ? d->pauses[d->pause_count - 1].stop_s : walk->now_s,
                                            change->to == STATE_WITHDRAWN || change->to == STATE_STOPPED));
}

/* Each thing changes by the actions that change it, and by no other. */
static void check_effects(const struct walk *walk, const struct dossier_change *change,
                          const struct dossier_input *input)
{
    const struct dossier *d = &walk->dossier; /* before it */
    enum dossier_action const action = change->action;
    bool const is_named =
        action == ACTION_ASSIGN || (action == ACTION_REOPEN && (input->given & NEED_HANDLER) != 0);

    expect(walk, change->handler == (is_named ? input->handler : action == ACTION_REDIRECT ? 0 : d->handler));
    expect(walk, change->supplements == d->supplements + (change->to == STATE_SUPPLEMENT_WAIT &&
                                                          action == ACTION_REQUEST_SUPPLEMENT));
    expect(walk, change->is_refusal_drafted == (action == ACTION_SUBMIT_FOR_REVIEW ? input->is_refusal
                                                : action == ACTION_REOPEN          ? false
                                                                                   : d->is_refusal_drafted));
    expect(walk, change->reappointed_due_at_s == (action == ACTION_APOLOGISE ? input->new_due_at_s
                                                  : action == ACTION_REOPEN  ? 0
                                                                             : d->reappointed_due_at_s));
    expect(walk, change->pays_fees == (action == ACTION_COLLECT_FEE));
    if (action == ACTION_REQUEST_WITHDRAWAL || action == ACTION_TURN_DOWN_WITHDRAWAL)
        expect(walk, change->state_before == (action == ACTION_REQUEST_WITHDRAWAL ? d->state : STATE_DRAFT));
    expect(walk, change->closes_step == (d->step_phase != PHASE_NONE &&
                                         (change->opens_step || change->step_phase == PHASE_NONE)));
    expect(walk, change->opens_step
                     ? change->step_phase != PHASE_NONE
                     : change->step_phase == PHASE_NONE || change->step_phase == d->step_phase);
    if (action == ACTION_ASSIGN || action == ACTION_REWORK)
        expect(walk, change->opens_step);
}

/* The test's own account of the clock. */
static void note_change(struct walk *walk, const struct dossier_change *change)
{
    if (change->clock == CLOCK_START) {
        walk->is_of_receipt = change->action == ACTION_ACCEPT;
        if (walk->is_of_receipt)
            walk->accepted_at_s = walk->now_s;
        walk->run_start_s = walk->now_s;
        walk->stop_count = 0;
    }
    if (change->clock == CLOCK_PAUSE)
        walk->stops[walk->stop_count++] = (struct calendar_pause){.stop_s = walk->now_s};
    if (change->clock == CLOCK_RESUME || change->clock == CLOCK_RESTART) {
        walk->stops[walk->stop_count - 1].resume_s = walk->now_s;
        /* By the law, not by the entry: what was late is not cured, however the procedure counts. */
        walk->stops[walk->stop_count - 1].is_restart =
            walk->dossier.plan.is_restart && change->action == ACTION_RECEIVE_SUPPLEMENT;
    }
    if (change->action == ACTION_CONSULT)
        walk->asked_unit = change->holder_unit;
    walk->has_been_processed |= change->to == STATE_PROCESSING;
}

static bool take_step(struct walk *walk)
{
    struct dossier_actor const actor = random_actor(walk);
    enum dossier_action const action = random_action(walk, &actor);
    struct dossier_input const input = random_input(walk);
    struct dossier const before = walk->dossier;
    struct dossier_change change;
    unsigned missing;
    enum dossier_refusal const refusal =
        dossier_decide(&walk->dossier, action, &actor, &input, calendar, walk->now_s, &change, &missing);

    expect(walk, (missing != 0) == (refusal == REFUSED_MISSING_INPUT || refusal == REFUSED_BAD_INPUT));
    assert_memory_equal(&before, &walk->dossier, sizeof before);
    if (refusal != DECIDED)
        return false;
    decided_by_action[action]++;
    check_change(walk, &change);
    check_effects(walk, &change, &input);
    note_change(walk, &change);
    life_apply(&walk->dossier, &change, walk->now_s);
    expect(walk, walk->dossier.version == before.version + 1);
    return true;
}

static void test_what_may_never_be_otherwise(void **state)
{
    (void)state;
    for (int number = 0; number < WALKS; number++) {
        struct walk walk = walk_begin(number);

        for (int step = 0; step < STEPS && walk.stop_count < STOPS_MAX; step++) {
            struct dossier_actor const actor = random_actor(&walk);

            pass_time(&walk);
            if (!take_step(&walk)) {
                refused_steps++;
                if (life_is(walk.dossier.state, LIFE_CLOSED) && chance(&walk, 20))
                    break; /* most never open again */
                continue;
            }
            decided_steps++;
            check_offers(&walk, &actor);
            check_holder(&walk);
            check_stops(&walk);
            check_step(&walk);
            check_times(&walk);
            check_due(&walk);
        }
        closed_walks += life_is(walk.dossier.state, LIFE_CLOSED) ? 1 : 0;
    }
    print_message("%llu steps decided, %llu refused, %llu of %d walks closed\n",
                  (unsigned long long)decided_steps, (unsigned long long)refused_steps,
                  (unsigned long long)closed_walks, WALKS);
}

/* The walks went everywhere: no action that has a row was left out, and they were long enough. */
static void test_the_walks_went_everywhere(void **state)
{
    size_t count;
    const struct dossier_rule *rules = dossier_rules(&count);

    (void)state;
    assert_true(decided_steps >= DECIDED_LEAST);
    for (size_t i = 0; i < count; i++)
        if (decided_by_action[rules[i].action] < EACH_LEAST)
            fail_msg("%s was done %llu times", action_name(rules[i].action),
                     (unsigned long long)decided_by_action[rules[i].action]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_may_never_be_otherwise),
        cmocka_unit_test(test_the_walks_went_everywhere),
    };

    return cmocka_run_group_tests(tests, life_open, life_close);
}
