#include "dossier/leg_rules.h"

#include "calendar/chain.h"
#include "dossier/clock_rules.h"

_Static_assert((int)LEGS_MAX == (int)CALENDAR_LEGS_MAX, "what is planned can be walked");

/* Which open leg speaks for the whole: where the citizen is awaited the clock stands, so that comes first;
 * then work before transfers. */
static int weight(enum dossier_state state)
{
    static const enum dossier_state order[] = {
        STATE_LEG_HANDOVER, STATE_IN_TRANSFER, STATE_ISSUING,    STATE_SIGNING,        STATE_REVIEW,
        STATE_ASSIGNING,    STATE_CONSULTING,  STATE_PROCESSING, STATE_FINANCIAL_WAIT, STATE_SUPPLEMENT_WAIT,
    };

    for (size_t i = 0; i < array_length(order); i++)
        if (order[i] == state)
            return (int)i;
    return -1;
}

bool leg_is_open(const struct chain_leg *leg)
{
    return leg->work.stage == LEG_OFFERED || leg->work.stage == LEG_WORKED;
}

bool leg_is_over(const struct chain_leg *leg)
{
    return leg->work.stage == LEG_DONE || leg->work.stage == LEG_JOINED_WITHOUT;
}

void chain_link(struct chain *chain)
{
    must(chain->count <= LEGS_MAX);
    chain->whole.has_legs = chain->count > 0;
    for (size_t i = 0; i < chain->count; i++) {
        struct chain_leg *leg = &chain->legs[i];

        leg->work.is_onward = leg->work.is_branch = false;
        for (size_t other = 0; other < chain->count; other++) {
            if ((chain->legs[other].after & calendar_leg_after(i)) != 0)
                leg->work.is_onward = true;
            if (other != i && chain->legs[other].after == leg->after)
                leg->work.is_branch = true;
        }
    }
}

int chain_leading_leg(const struct chain *chain)
{
    int best = LEG_WHOLE, most = -1;

    for (size_t i = 0; i < chain->count; i++) {
        if (leg_is_open(&chain->legs[i]) && weight(chain->legs[i].work.state) > most) {
            most = weight(chain->legs[i].work.state);
            best = (int)i;
        }
    }
    return best;
}

int chain_late_leg(const struct chain *chain)
{
    int last = LEG_WHOLE, late = LEG_WHOLE;
    const struct chain_leg *legs = chain->legs;

    for (size_t i = 0; i < chain->count; i++) {
        if (legs[i].given_at_s == 0)
            continue;
        if (last == LEG_WHOLE || legs[i].work.finished_at_s >= legs[last].work.finished_at_s)
            last = (int)i;
        if (legs[i].work.timeliness == TIMELINESS_OVERDUE &&
            (late == LEG_WHOLE || clock_legal_due(&legs[i].work) < clock_legal_due(&legs[late].work)))
            late = (int)i;
    }
    return late != LEG_WHOLE ? late : last;
}

bool chain_plan(const struct chain *chain, const struct calendar *calendar, int64_t *starts_s,
                int64_t *ends_s)
{
    struct calendar_leg plan[LEGS_MAX];
    int64_t last_s;

    must(chain->count <= LEGS_MAX);
    for (size_t i = 0; i < chain->count; i++) {
        const struct dossier_plan *own = &chain->legs[i].work.plan;

        plan[i] = (struct calendar_leg){
            .limit = {.unit = (enum calendar_unit)own->limit_unit,
                      .quantity_milli = own->limit_milli,
                      .has_last_hour_rule = own->has_last_hour_rule},
            .after = chain->legs[i].after,
        };
    }
    if (!calendar_chain_plan(calendar, chain->whole.accepted_at_s, plan, chain->count, &last_s))
        return false;
    for (size_t i = 0; i < chain->count; i++) {
        starts_s[i] = plan[i].starts_s;
        ends_s[i] = plan[i].ends_s;
    }
    return true;
}

/* --- one change under way --- */

struct linking {
    struct chain *chain;
    const struct dossier_actor *actor;
    const struct calendar *calendar;
    int64_t now_s;
    enum dossier_action action;
    struct text giver; /* the unit that hands over */
    struct chain_change *change;
};

/* The whole dossier does what follows from its legs. */
static enum dossier_refusal follow_whole(struct linking *l, enum dossier_action action, int to)
{
    struct dossier *whole = &l->chain->whole;
    struct dossier_change change;
    enum dossier_refusal const refusal = dossier_follow(whole, action, to, l->calendar, l->now_s, &change);

    if (refusal != DECIDED)
        return refusal;
    dossier_become(whole, &change, l->now_s);
    whole->version--; /* one change, one version: chain_decide() counts it */
    l->change->clock = change.clock;
    l->change->is_finished = change.clock == CLOCK_END;
    l->change->opens_step = change.opens_step;
    return DECIDED;
}

/* Handed over now: its own due counts from here, or for those who wait for nobody from the receipt; the time
 * until it is taken is its own head's. */
static void offer(struct linking *l, struct chain_leg *leg)
{
    struct dossier *work = &leg->work;
    bool const is_first = leg->after == 0;
    const struct dossier *whole = &l->chain->whole;
    struct dossier_acceptance run =
        clock_start(&work->plan, leg->calendar, is_first ? whole->accepted_at_s : l->now_s, is_first);

    work->stage = LEG_OFFERED;
    work->state = is_first ? STATE_IN_TRANSFER : STATE_LEG_HANDOVER;
    work->accepted_at_s = work->clock_start_s = run.accepted_at_s;
    work->due_clock_s = run.due_clock_s;
    work->due_eod_s = run.due_eod_s;
    work->holder_unit = work->processing_unit;
    work->holder_role = ROLE_DEPT_HEAD;
    work->step_phase = PHASE_DESK;
    work->step_started_s = run.accepted_at_s;
    work->step_due_s = run.step_due_s;
    leg->given_at_s = l->now_s;
    leg->given_by = l->actor->user;
    leg->given_unit = l->giver;
}

/* As if it had never been handed over. */
static void take_back(struct chain_leg *leg)
{
    struct dossier *work = &leg->work;

    *work = (struct dossier){
        .stage = LEG_WAITING,
        .plan = work->plan,
        .receiving_unit = work->receiving_unit,
        .processing_unit = work->processing_unit,
        .competent_agency = work->competent_agency,
        .return_channel = work->return_channel,
        .holder_unit = work->processing_unit,
        .holder_role = ROLE_DEPT_HEAD,
        .is_onward = work->is_onward,
        .is_branch = work->is_branch,
        .version = work->version,
    };
    leg->given_at_s = leg->taken_at_s = leg->given_by = leg->taken_by = 0;
    leg->given_unit = TEXT_NONE;
}

/* Whom the sender handed over to: at[LEG_WHOLE] is the desk. */
static bool is_given_by(const struct chain *chain, size_t leg, int sender)
{
    if (sender == LEG_WHOLE)
        return chain->legs[leg].after == 0;
    return (chain->legs[leg].after & calendar_leg_after((size_t)sender)) != 0;
}

/* Only what nobody has taken can be taken back. */
static enum dossier_refusal recall(struct chain *chain, int sender)
{
    for (size_t i = 0; i < chain->count; i++)
        if (is_given_by(chain, i, sender) && chain->legs[i].taken_at_s != 0)
            return REFUSED_WRONG_STATE;
    for (size_t i = 0; i < chain->count; i++)
        if (is_given_by(chain, i, sender) && chain->legs[i].work.stage == LEG_OFFERED)
            take_back(&chain->legs[i]);
    return DECIDED;
}

static void offer_ready(struct linking *l)
{
    for (size_t i = 0; i < l->chain->count; i++) {
        bool is_ready = l->chain->legs[i].work.stage == LEG_WAITING;

        for (size_t other = 0; other < i; other++)
            if (is_given_by(l->chain, i, (int)other) && !leg_is_over(&l->chain->legs[other]))
                is_ready = false;
        if (is_ready)
            offer(l, &l->chain->legs[i]);
    }
}

/* Whoever was asked for an opinion has nothing to do with it any more. */
static void hold_at_home(struct chain_leg *leg)
{
    leg->work.holder_unit = leg->work.processing_unit;
    leg->work.holder_role = ROLE_DEPT_HEAD;
}

static void end_open(struct linking *l, enum dossier_action action, int to)
{
    for (size_t i = 0; i < l->chain->count; i++) {
        struct chain_leg *leg = &l->chain->legs[i];
        struct dossier_change change;

        if (leg_is_open(leg) &&
            dossier_follow(&leg->work, action, to, leg->calendar, l->now_s, &change) == DECIDED)
            dossier_become(&leg->work, &change, l->now_s);
        if (leg_is_open(leg) || leg->work.stage == LEG_WAITING) {
            leg->work.stage = LEG_ENDED;
            hold_at_home(leg);
        }
    }
}

/* What one action on a leg makes of its stage. */
static void set_stage(struct linking *l, struct chain_leg *leg)
{
    enum dossier_state const state = leg->work.state;

    if (l->action == ACTION_RECORD_LATE_ANSWER) {
        leg->late_answer_at_s = l->now_s;
    } else if (l->action == ACTION_JOIN_WITHOUT) {
        leg->work.stage = LEG_JOINED_WITHOUT;
    } else if (l->action == ACTION_HAND_OVER_LEG || state == STATE_RESULT_READY) {
        leg->work.stage = LEG_DONE;
    } else if (state == STATE_REFUSED_WITH_REASON) {
        leg->work.stage = LEG_REFUSED;
    } else if (state == STATE_STOPPED) {
        leg->work.stage = LEG_ENDED;
    } else if (state == STATE_IN_TRANSFER || state == STATE_LEG_HANDOVER) {
        leg->work.stage = LEG_OFFERED;
    } else {
        leg->work.stage = LEG_WORKED;
    }
    if (!leg_is_open(leg))
        hold_at_home(leg);
    if (l->action == ACTION_ACKNOWLEDGE || l->action == ACTION_ACKNOWLEDGE_LEG) {
        leg->taken_at_s = l->now_s;
        leg->taken_by = l->actor->user;
    }
}

static bool is_citizen_awaited(const struct chain *chain)
{
    for (size_t i = 0; i < chain->count; i++)
        if (leg_is_open(&chain->legs[i]) && state_clock(chain->legs[i].work.state) == CLOCK_STOP)
            return true;
    return false;
}

/* The whole clock stands while any leg waits for the citizen, and goes on when none does. */
static enum dossier_refusal settle_clock(struct linking *l)
{
    struct dossier *whole = &l->chain->whole;
    int64_t const stop_s = clock_stopped_at(whole);
    bool const is_awaited = is_citizen_awaited(l->chain);

    if (is_awaited == (stop_s != 0))
        return DECIDED;
    if (is_awaited && whole->pause_count == PAUSES_MAX)
        return REFUSED_TOO_MANY_PAUSES;
    l->change->clock = CLOCK_PAUSE;
    if (!is_awaited) {
        bool const is_restart = l->action == ACTION_RECEIVE_SUPPLEMENT && whole->plan.is_restart &&
                                !clock_is_late(whole, l->calendar, stop_s);

        must(clock_resume(whole, l->calendar, l->now_s, is_restart, &whole->due_clock_s, &whole->due_eod_s));
        l->change->clock = is_restart ? CLOCK_RESTART : CLOCK_RESUME;
    }
    clock_enter(whole, l->change->clock, l->now_s);
    return DECIDED;
}

/* State, holder, handler and the citizen's last moment, as the open legs have them. */
static void mirror(struct chain *chain)
{
    int const at = chain_leading_leg(chain);
    struct dossier *whole = &chain->whole;
    const struct dossier *work;

    must(at != LEG_WHOLE);
    work = &chain->legs[at].work;
    whole->state = work->state;
    whole->holder_unit = work->holder_unit;
    whole->holder_role = work->holder_role;
    whole->handler = work->handler;
    whole->processing_unit = work->processing_unit;
    whole->consult_due_s = work->consult_due_s;
    whole->supplement_due_s = 0;
    whole->supplements = 0;
    for (size_t i = 0; i < chain->count; i++) {
        int64_t const due_s = chain->legs[i].work.supplement_due_s;

        whole->supplements += chain->legs[i].work.supplements;
        if (due_s != 0 && (whole->supplement_due_s == 0 || due_s < whole->supplement_due_s))
            whole->supplement_due_s = due_s;
    }
}

static bool has_stage(const struct chain *chain, enum leg_stage stage)
{
    for (size_t i = 0; i < chain->count; i++)
        if (chain->legs[i].work.stage == stage)
            return true;
    return false;
}

/* After a leg has moved: the chain ends, or others begin, or it stands as its legs do. */
static enum dossier_refusal settle(struct linking *l)
{
    struct chain *chain = l->chain;

    if (l->action == ACTION_RECORD_LATE_ANSWER)
        return DECIDED;
    if (has_stage(chain, LEG_REFUSED)) { /* earlier results stay valid (NĐ 297/2025) */
        end_open(l, ACTION_CONFIRM_WITHDRAWAL, STATE_STOPPED);
        chain->whole.is_refusal_drafted = true;
        return follow_whole(l, ACTION_ISSUE, STATE_REFUSED_WITH_REASON);
    }
    if (l->action == ACTION_STOP) {
        end_open(l, ACTION_CONFIRM_WITHDRAWAL, STATE_STOPPED);
        return follow_whole(l, ACTION_CONFIRM_WITHDRAWAL, STATE_STOPPED);
    }
    if (l->action != ACTION_RECALL_LEG)
        offer_ready(l);
    if (chain_leading_leg(chain) == LEG_WHOLE)
        return follow_whole(l, ACTION_ISSUE, STATE_RESULT_READY);
    mirror(chain);
    return settle_clock(l);
}

/* What has been taken cannot be recalled any more. */
static void settle_senders(struct chain *chain, size_t taken)
{
    for (size_t i = 0; i < taken; i++)
        if (is_given_by(chain, taken, (int)i) && chain->legs[i].work.state == STATE_LEG_HANDOVER)
            chain->legs[i].work.state = STATE_RESULT_READY;
}

static enum dossier_refusal act_on_leg(struct linking *l, int at, const struct dossier_input *input,
                                       unsigned *missing)
{
    struct chain_leg *leg = &l->chain->legs[at];
    enum dossier_refusal refusal = dossier_decide(&leg->work, l->action, l->actor, input, leg->calendar,
                                                  l->now_s, &l->change->detail, missing);

    if (refusal != DECIDED)
        return refusal;
    if (l->action == ACTION_RECALL_LEG && recall(l->chain, at) != DECIDED)
        return REFUSED_WRONG_STATE;
    dossier_become(&leg->work, &l->change->detail, l->now_s);
    l->giver =
        l->action == ACTION_JOIN_WITHOUT ? l->chain->whole.competent_agency : leg->work.competent_agency;
    set_stage(l, leg);
    if (l->action == ACTION_ACKNOWLEDGE_LEG)
        settle_senders(l->chain, (size_t)at);
    return settle(l);
}

/* All open legs stop with the whole, or go on with it. */
static void withdraw_legs(struct linking *l, enum dossier_action action, int to)
{
    for (size_t i = 0; i < l->chain->count; i++) {
        struct chain_leg *leg = &l->chain->legs[i];
        bool const is_asked = leg->work.state == STATE_CONSULTING; /* the withdrawal ends the question */
        struct text const unit = is_asked ? leg->work.processing_unit : leg->work.holder_unit;
        unsigned const role = is_asked ? ROLE_HANDLER : leg->work.holder_role;
        struct dossier_change change;

        if (!leg_is_open(leg))
            continue;
        if (dossier_follow(&leg->work, action, to, leg->calendar, l->now_s, &change) != DECIDED)
            continue; /* PAUSES_MAX: the whole's own refusal has come before */
        dossier_become(&leg->work, &change, l->now_s);
        if (action == ACTION_REQUEST_WITHDRAWAL) { /* the desk has the whole; the leg stays whose it was */
            leg->work.holder_unit = unit;
            leg->work.holder_role = role;
        }
    }
}

static enum dossier_refusal act_on_whole(struct linking *l, const struct dossier_input *input,
                                         unsigned *missing)
{
    struct chain *chain = l->chain;
    enum dossier_refusal refusal = dossier_decide(&chain->whole, l->action, l->actor, input, l->calendar,
                                                  l->now_s, &l->change->detail, missing);

    if (refusal != DECIDED)
        return refusal;
    if (l->action == ACTION_RECALL_LEG && recall(chain, LEG_WHOLE) != DECIDED)
        return REFUSED_WRONG_STATE;
    dossier_become(&chain->whole, &l->change->detail, l->now_s);
    chain->whole.version--;
    l->change->clock = l->change->detail.clock;
    l->change->is_finished = l->change->detail.clock == CLOCK_END;
    l->change->opens_step = l->change->detail.opens_step;
    if (l->action == ACTION_TRANSFER) {
        l->giver = chain->whole.receiving_unit;
        chain->whole.step_phase =
            PHASE_NONE; /* goes on in the first legs: their limit began with the receipt */
        chain->whole.step_due_s = 0;
        offer_ready(l);
        mirror(chain);
    } else if (l->action == ACTION_REQUEST_WITHDRAWAL) {
        withdraw_legs(l, l->action, STATE_WITHDRAW_REQUESTED);
    } else if (l->action == ACTION_CONFIRM_WITHDRAWAL) {
        end_open(l, l->action, STATE_WITHDRAWN);
    } else if (l->action == ACTION_TURN_DOWN_WITHDRAWAL) {
        withdraw_legs(l, l->action, -1);
        if (chain_leading_leg(chain) != LEG_WHOLE)
            mirror(chain);
    }
    return DECIDED;
}

enum dossier_refusal chain_decide(struct chain *chain, int at, enum dossier_action action,
                                  const struct dossier_actor *actor, const struct dossier_input *input,
                                  const struct calendar *calendar, int64_t now_s, struct chain_change *change,
                                  unsigned *missing)
{
    struct linking linking = {chain, actor, calendar, now_s, action, TEXT_NONE, change};
    enum dossier_refusal refusal;

    must(chain->count > 0 && chain->count <= LEGS_MAX && at < (int)chain->count);
    *change = (struct chain_change){.clock = CLOCK_NO_ENTRY};
    refusal =
        at == LEG_WHOLE ? act_on_whole(&linking, input, missing) : act_on_leg(&linking, at, input, missing);
    chain->whole.version++;
    return refusal;
}

static const struct {
    const char *name, *label;
} stages[] = {
    [LEG_NONE] = {"NONE", ""},
    [LEG_WAITING] = {"WAITING", "Chờ chặng trước"},
    [LEG_OFFERED] = {"OFFERED", "Đã bàn giao, chờ nhận"},
    [LEG_WORKED] = {"WORKED", "Đang giải quyết"},
    [LEG_DONE] = {"DONE", "Đã có kết quả"},
    [LEG_REFUSED] = {"REFUSED", "Từ chối giải quyết"},
    [LEG_JOINED_WITHOUT] = {"JOINED_WITHOUT", "Quá hạn, đã đi tiếp không chờ"},
    [LEG_ENDED] = {"ENDED", "Dừng cùng hồ sơ"},
};

const char *leg_stage_name(enum leg_stage stage)
{
    must(stage < LEG_STAGE_COUNT);
    return stages[stage].name;
}

const char *leg_stage_label(enum leg_stage stage)
{
    must(stage < LEG_STAGE_COUNT);
    return stages[stage].label;
}

bool leg_stage_from_name(struct text name, enum leg_stage *stage)
{
    for (int i = LEG_WAITING; i < LEG_STAGE_COUNT; i++) {
        if (text_equal(text_of(stages[i].name), name)) {
            *stage = (enum leg_stage)i;
            return true;
        }
    }
    return false;
}
