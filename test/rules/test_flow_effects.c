/*
 * The complete change of every action: what stands in its row changes so, and everything else stays as it
 * was: a row names all that differs from the dossier before.
 *
 * The dossier: five working days from Monday 2026-03-02 09:30, due Monday 09:30 (legal: 17:00), handler 7;
 * it is Wednesday 2026-03-04 10:00 and the open step is due tomorrow at 09:00. Where the clock stands, it has
 * stood since yesterday 10:00, and the step has 420 minutes left. A day of work has 480 minutes, and so has
 * every step but the handling (960) and the return (none).
 */
#include "test_life.h"

#include "core/text_out.h"

/* What is different about a row's dossier or input. */
enum {
    AS_ASKED = 0,
    GIVES_STEP_DUE = 1 << 0, /* 2026-03-05 16:00 */
    IS_REFUSAL = 1 << 1,     /* the draft is one: as given, and as the dossier knows */
    IS_RESTART = 1 << 2,     /* the procedure restarts its clock */
    TO_REVIEW = 1 << 3,
    GIVES_HANDLER = 1 << 4,
    WAS_APOLOGISED = 1 << 5,
    IS_LATE = 1 << 6,         /* accepted a week before, due the day before the clock stood */
    FROM_SUPPLEMENT = 1 << 7, /* the withdrawal was asked for while a supplement was */
    FROM_CONSULTING = 1 << 8, /* … while an opinion was */
    FROM_ACCEPTED = 1 << 9,   /* … before the desk had handed it on */
    FROM_SIGNING = 1 << 10,   /* … while it lay to be signed */
    FROM_ISSUING = 1 << 11,   /* … while it lay to be numbered */
    IN_LAST_HOUR = 1 << 12,   /* the procedure has the rule, and it is 16:30 */
    HAS_NO_ANSWER_LIMIT = 1 << 13,
};

static const struct {
    const char *state, *action;
    unsigned given;
    const char *change;
} rows[] = {
    {"SUBMITTED", "accept", AS_ASKED,
     "ACCEPTED; receiver of MOT-CUA; START; accepted 2026-03-04 10:00; due 2026-03-11 10:00; legal "
     "2026-03-11 17:00; DESK begins; step due 2026-03-05 10:00; prints receipt"},
    {"SUBMITTED", "accept", IN_LAST_HOUR,
     "ACCEPTED; receiver of MOT-CUA; START; accepted 2026-03-04 16:30; due 2026-03-12 07:00; legal "
     "2026-03-12 17:00; DESK begins; step due 2026-03-05 17:00; prints receipt"},
    {"SUBMITTED", "request_supplement", AS_ASKED,
     "INTAKE_SUPPLEMENT; receiver of MOT-CUA; answer by 2026-03-25 17:00; prints supplement"},
    {"SUBMITTED", "request_supplement", HAS_NO_ANSWER_LIMIT,
     "INTAKE_SUPPLEMENT; receiver of MOT-CUA; prints supplement"},
    {"SUBMITTED", "refuse", AS_ASKED, "INTAKE_REFUSED; receiver of MOT-CUA; prints refusal"},
    {"INTAKE_SUPPLEMENT", "receive_supplement", AS_ASKED, "SUBMITTED; receiver of MOT-CUA; answer by none"},
    {"INTAKE_SUPPLEMENT", "stop", AS_ASKED,
     "STOPPED; receiver of MOT-CUA; answer by none; prints stop_notice"},
    {"ACCEPTED", "transfer", AS_ASKED, "IN_TRANSFER; dept_head of PHONG-A"},
    {"IN_TRANSFER", "acknowledge", AS_ASKED,
     "ASSIGNING; dept_head of PHONG-A; step ends; ASSIGN begins; step due 2026-03-05 10:00"},
    {"ASSIGNING", "assign", AS_ASKED,
     "PROCESSING; handler of PHONG-A; handler 8; step ends; PROCESS begins; step due 2026-03-06 10:00"},
    {"ASSIGNING", "assign", GIVES_STEP_DUE,
     "PROCESSING; handler of PHONG-A; handler 8; step ends; PROCESS begins; step due 2026-03-05 16:00"},
    {"PROCESSING", "assign", AS_ASKED, "handler of PHONG-A; handler 8; step ends; PROCESS begins"},
    {"PROCESSING", "assign", GIVES_STEP_DUE,
     "handler of PHONG-A; handler 8; step ends; PROCESS begins; step due 2026-03-05 16:00"},
    {"ASSIGNING", "redirect", AS_ASKED, "IN_TRANSFER; dept_head of PHONG-B; handler 0; unit PHONG-B"},
    {"PROCESSING", "redirect", AS_ASKED, "IN_TRANSFER; dept_head of PHONG-B; handler 0; unit PHONG-B"},
    {"PROCESSING", "consult", AS_ASKED, "CONSULTING; dept_head of PHONG-B; opinion by 2026-03-04 16:00"},
    {"CONSULTING", "answer_consultation", AS_ASKED, "PROCESSING; handler of PHONG-A; opinion by none"},
    {"CONSULTING", "end_consultation", AS_ASKED, "PROCESSING; handler of PHONG-A; opinion by none"},
    {"PROCESSING", "request_supplement", AS_ASKED,
     "SUPPLEMENT_WAIT; receiver of MOT-CUA; PAUSE; 420 min left; supplement 1; answer by 2026-03-25 17:00; "
     "prints supplement"},
    {"PROCESSING", "request_supplement", HAS_NO_ANSWER_LIMIT,
     "SUPPLEMENT_WAIT; receiver of MOT-CUA; PAUSE; 420 min left; supplement 1; prints supplement"},
    {"SUPPLEMENT_WAIT", "receive_supplement", AS_ASKED,
     "PROCESSING; handler of PHONG-A; RESUME; due 2026-03-10 09:30; legal 2026-03-10 17:00; step due "
     "2026-03-05 09:00; 0 min left; answer by none; prints receipt"},
    {"SUPPLEMENT_WAIT", "receive_supplement", IS_RESTART,
     "PROCESSING; handler of PHONG-A; RESTART; due 2026-03-11 10:00; legal 2026-03-11 17:00; step due "
     "2026-03-05 09:00; 0 min left; answer by none; prints receipt"},
    {"SUPPLEMENT_WAIT", "receive_supplement", IS_RESTART | IS_LATE,
     "PROCESSING; handler of PHONG-A; RESUME; step due 2026-03-05 09:00; 0 min left; answer by none; prints "
     "receipt"},
    {"SUPPLEMENT_WAIT", "stop", AS_ASKED,
     "STOPPED; receiver of MOT-CUA; END; judged ON_TIME; step ends; in NONE; step due none; 0 min left; "
     "answer by none; prints stop_notice"},
    {"SUPPLEMENT_WAIT", "stop", IS_LATE,
     "STOPPED; receiver of MOT-CUA; END; judged OVERDUE; step ends; in NONE; step due none; 0 min left; "
     "answer by none; prints stop_notice"},
    {"SUPPLEMENT_WAIT", "refuse", AS_ASKED,
     "REFUSED_WITH_REASON; return_clerk of MOT-CUA; END; finished 2026-03-04 10:00; judged EARLY; step ends; "
     "RETURN begins; step due none; 0 min left; answer by none"},
    {"PROCESSING", "request_payment", AS_ASKED, "FINANCIAL_WAIT; receiver of MOT-CUA; PAUSE; 420 min left"},
    {"FINANCIAL_WAIT", "confirm_payment", AS_ASKED,
     "PROCESSING; handler of PHONG-A; RESUME; due 2026-03-10 09:30; legal 2026-03-10 17:00; step due "
     "2026-03-05 09:00; 0 min left"},
    {"FINANCIAL_WAIT", "confirm_payment", IS_RESTART,
     "PROCESSING; handler of PHONG-A; RESUME; due 2026-03-10 09:30; legal 2026-03-10 17:00; step due "
     "2026-03-05 09:00; 0 min left"},
    {"PROCESSING", "submit_for_review", AS_ASKED,
     "REVIEW; dept_head of PHONG-A; step ends; REVIEW begins; step due 2026-03-05 10:00"},
    {"PROCESSING", "submit_for_review", IS_REFUSAL,
     "REVIEW; dept_head of PHONG-A; step ends; REVIEW begins; step due 2026-03-05 10:00; refusal drafted"},
    {"REVIEW", "submit_for_signature", AS_ASKED,
     "SIGNING; leader of XA-A; step ends; SIGN begins; step due 2026-03-05 10:00"},
    {"REVIEW", "submit_for_signature", IS_REFUSAL,
     "SIGNING; leader of XA-A; step ends; SIGN begins; step due 2026-03-05 10:00"},
    {"REVIEW", "rework", AS_ASKED,
     "PROCESSING; handler of PHONG-A; step ends; PROCESS begins; step due 2026-03-06 10:00"},
    {"REVIEW", "rework", GIVES_STEP_DUE,
     "PROCESSING; handler of PHONG-A; step ends; PROCESS begins; step due 2026-03-05 16:00"},
    {"SIGNING", "rework", AS_ASKED,
     "PROCESSING; handler of PHONG-A; step ends; PROCESS begins; step due 2026-03-06 10:00"},
    {"SIGNING", "rework", TO_REVIEW,
     "REVIEW; dept_head of PHONG-A; step ends; REVIEW begins; step due 2026-03-05 10:00"},
    {"SIGNING", "rework", TO_REVIEW | GIVES_STEP_DUE,
     "REVIEW; dept_head of PHONG-A; step ends; REVIEW begins; step due 2026-03-05 16:00"},
    {"SIGNING", "sign", AS_ASKED,
     "ISSUING; records_clerk of XA-A; step ends; ISSUE begins; step due 2026-03-05 10:00"},
    {"SIGNING", "refuse", AS_ASKED,
     "REFUSED_WITH_REASON; return_clerk of MOT-CUA; END; finished 2026-03-04 10:00; judged EARLY; step ends; "
     "RETURN begins; step due none"},
    {"ISSUING", "issue", AS_ASKED,
     "RESULT_READY; return_clerk of MOT-CUA; END; finished 2026-03-04 10:00; judged EARLY; step ends; RETURN "
     "begins; step due none"},
    {"ISSUING", "issue", IS_REFUSAL,
     "REFUSED_WITH_REASON; return_clerk of MOT-CUA; END; finished 2026-03-04 10:00; judged EARLY; step ends; "
     "RETURN begins; step due none"},
    {"ISSUING", "issue", IS_LATE,
     "RESULT_READY; return_clerk of MOT-CUA; END; finished 2026-03-04 10:00; judged OVERDUE; step ends; "
     "RETURN begins; step due none"},
    {"ISSUING", "issue", IS_LATE | WAS_APOLOGISED,
     "RESULT_READY; return_clerk of MOT-CUA; END; finished 2026-03-04 10:00; judged OVERDUE; step ends; "
     "RETURN begins; step due none"},
    {"RESULT_READY", "return_result", AS_ASKED,
     "RETURNED; return_clerk of MOT-CUA; step ends; in NONE; step due none"},
    {"REFUSED_WITH_REASON", "return_result", AS_ASKED,
     "RETURNED; return_clerk of MOT-CUA; step ends; in NONE; step due none"},
    {"UNCLAIMED", "return_result", AS_ASKED,
     "RETURNED; return_clerk of MOT-CUA; step ends; in NONE; step due none"},
    {"RESULT_READY", "give_to_post", AS_ASKED, "RETURN_IN_POST"},
    {"RETURN_IN_POST", "confirm_delivery", AS_ASKED, "RETURNED; step ends; in NONE; step due none"},
    {"RESULT_READY", "confirm_delivery", AS_ASKED, "RETURNED; step ends; in NONE; step due none"},
    {"RESULT_READY", "mark_unclaimed", AS_ASKED, "UNCLAIMED"},
    {"UNCLAIMED", "archive", AS_ASKED, "ARCHIVED; step ends; in NONE; step due none"},
    {"RETURNED", "correct_timeliness", AS_ASKED, "CORRECT; judged ON_TIME"},
    {"ACCEPTED", "request_withdrawal", AS_ASKED,
     "WITHDRAW_REQUESTED; receiver of MOT-CUA; from ACCEPTED; PAUSE; 420 min left"},
    {"SIGNING", "request_withdrawal", AS_ASKED,
     "WITHDRAW_REQUESTED; receiver of MOT-CUA; from SIGNING; PAUSE; 420 min left"},
    {"SUPPLEMENT_WAIT", "request_withdrawal", AS_ASKED,
     "WITHDRAW_REQUESTED; receiver of MOT-CUA; from SUPPLEMENT_WAIT"},
    {"WITHDRAW_REQUESTED", "confirm_withdrawal", AS_ASKED,
     "WITHDRAWN; receiver of MOT-CUA; END; judged ON_TIME; step ends; in NONE; step due none; 0 min left; "
     "prints stop_notice"},
    {"WITHDRAW_REQUESTED", "confirm_withdrawal", IS_LATE,
     "WITHDRAWN; receiver of MOT-CUA; END; judged OVERDUE; step ends; in NONE; step due none; 0 min left; "
     "prints stop_notice"},
    {"WITHDRAW_REQUESTED", "confirm_withdrawal", FROM_SUPPLEMENT,
     "WITHDRAWN; receiver of MOT-CUA; END; judged ON_TIME; step ends; in NONE; step due none; 0 min left; "
     "answer by none; prints stop_notice"},
    {"WITHDRAW_REQUESTED", "turn_down_withdrawal", AS_ASKED,
     "PROCESSING; handler of PHONG-A; RESUME; due 2026-03-10 09:30; legal 2026-03-10 17:00; step due "
     "2026-03-05 09:00; 0 min left"},
    {"WITHDRAW_REQUESTED", "turn_down_withdrawal", IS_RESTART,
     "PROCESSING; handler of PHONG-A; RESUME; due 2026-03-10 09:30; legal 2026-03-10 17:00; step due "
     "2026-03-05 09:00; 0 min left"},
    {"WITHDRAW_REQUESTED", "turn_down_withdrawal", FROM_SUPPLEMENT, "SUPPLEMENT_WAIT; receiver of MOT-CUA"},
    {"WITHDRAW_REQUESTED", "turn_down_withdrawal", FROM_CONSULTING,
     "PROCESSING; handler of PHONG-A; RESUME; due 2026-03-10 09:30; legal 2026-03-10 17:00; step due "
     "2026-03-05 09:00; 0 min left"},
    {"WITHDRAW_REQUESTED", "turn_down_withdrawal", FROM_ACCEPTED,
     "ACCEPTED; receiver of MOT-CUA; RESUME; due 2026-03-10 09:30; legal 2026-03-10 17:00; step due "
     "2026-03-05 09:00; 0 min left"},
    {"WITHDRAW_REQUESTED", "turn_down_withdrawal", FROM_SIGNING,
     "SIGNING; leader of XA-A; RESUME; due 2026-03-10 09:30; legal 2026-03-10 17:00; step due 2026-03-05 "
     "09:00; 0 min left"},
    {"WITHDRAW_REQUESTED", "turn_down_withdrawal", FROM_ISSUING,
     "ISSUING; records_clerk of XA-A; RESUME; due 2026-03-10 09:30; legal 2026-03-10 17:00; step due "
     "2026-03-05 09:00; 0 min left"},
    {"PROCESSING", "apologise", AS_ASKED, "REAPPOINT; promise 2026-03-16 10:00; prints apology"},
    {"SUPPLEMENT_WAIT", "apologise", AS_ASKED, "REAPPOINT; promise 2026-03-16 10:00; prints apology"},
    {"RETURNED", "reopen", AS_ASKED,
     "PROCESSING; handler of PHONG-A; START; due 2026-03-11 10:00; legal 2026-03-11 17:00; finished none; "
     "judged no more; PROCESS begins; step due 2026-03-06 10:00"},
    {"RETURNED", "reopen", GIVES_HANDLER | WAS_APOLOGISED | IS_REFUSAL,
     "PROCESSING; handler of PHONG-A; handler 8; START; due 2026-03-11 10:00; legal 2026-03-11 17:00; "
     "promise none; finished none; judged no more; PROCESS begins; step due 2026-03-06 10:00; no refusal "
     "drafted"},
    {"STOPPED", "reopen", AS_ASKED,
     "PROCESSING; handler of PHONG-A; START; due 2026-03-11 10:00; legal 2026-03-11 17:00; judged no more; "
     "PROCESS begins; step due 2026-03-06 10:00"},
    {"PROCESSING", "collect_fee", AS_ASKED, "fees paid"},
    {"RESULT_READY", "collect_fee", AS_ASKED, "fees paid"},
};

struct scene {
    struct dossier dossier;
    struct dossier_input input;
    enum dossier_action action;
    int64_t now_s;
};

static void set_dossier(struct scene *scene, unsigned given)
{
    static const struct {
        unsigned given;
        enum dossier_state before;
    } froms[] = {{FROM_SUPPLEMENT, STATE_SUPPLEMENT_WAIT},
                 {FROM_CONSULTING, STATE_CONSULTING},
                 {FROM_ACCEPTED, STATE_ACCEPTED},
                 {FROM_SIGNING, STATE_SIGNING},
                 {FROM_ISSUING, STATE_ISSUING}};
    struct dossier *d = &scene->dossier;

    for (int phase = PHASE_DESK; phase < PHASE_RETURN; phase++)
        d->plan.quota_min[phase] = phase == PHASE_PROCESS ? 960 : 480;
    d->plan.is_restart = (given & IS_RESTART) != 0;
    d->plan.has_last_hour_rule = (given & IN_LAST_HOUR) != 0;
    d->is_refusal_drafted = (given & IS_REFUSAL) != 0 && scene->action != ACTION_SUBMIT_FOR_REVIEW;
    d->is_owed = scene->action == ACTION_COLLECT_FEE;
    d->holder_unit = TEXT("before");
    if ((given & HAS_NO_ANSWER_LIMIT) != 0)
        d->plan.supplement_limit_work_days = 0;
    if ((given & WAS_APOLOGISED) != 0)
        d->reappointed_due_at_s = at("2026-03-12 10:00");
    if ((given & IS_LATE) != 0) {
        d->accepted_at_s = d->clock_start_s = at("2026-02-23 09:30");
        d->due_clock_s = at("2026-03-02 09:30");
        d->due_eod_s = at("2026-03-02 17:00");
    }
    if ((given & FROM_SUPPLEMENT) != 0)
        d->supplement_due_s = at("2026-03-24 17:00");
    for (size_t i = 0; i < array_length(froms); i++)
        if ((given & froms[i].given) != 0) {
            d->state_before = froms[i].before;
            d->step_phase = state_phase(froms[i].before);
        }
    if (d->step_phase != PHASE_NONE)
        d->step_due_s = at("2026-03-05 09:00");
    if (state_clock(d->state) == CLOCK_STOP) {
        d->step_due_s = at("2026-03-04 09:00");
        d->step_remaining_min = 420;
    }
    if (state_clock(d->state) == CLOCK_ENDED)
        d->timeliness = scene->action == ACTION_CORRECT_TIMELINESS ? TIMELINESS_OVERDUE : TIMELINESS_EARLY;
}

static struct scene scene_of(size_t row)
{
    struct scene scene = {.now_s = at((rows[row].given & IN_LAST_HOUR) != 0 ? "2026-03-04 16:30" : LIFE_NOW)};
    unsigned const given = rows[row].given;
    enum dossier_state state;

    assert_true(state_from_name(text_of(rows[row].state), &state));
    assert_true(action_from_name(text_of(rows[row].action), &scene.action));
    scene.dossier = life_dossier(state);
    scene.input = life_input(scene.now_s);
    scene.input.given = ~(unsigned)(NEED_STEP_DUE | NEED_HANDLER | NEED_TARGET);
    if ((given & GIVES_STEP_DUE) != 0 || scene.action == ACTION_CONSULT)
        scene.input.given |= NEED_STEP_DUE;
    if ((given & GIVES_HANDLER) != 0 || scene.action == ACTION_ASSIGN)
        scene.input.given |= NEED_HANDLER;
    if ((given & TO_REVIEW) != 0)
        scene.input.given |= NEED_TARGET;
    scene.input.target = STATE_REVIEW;
    scene.input.is_refusal = (given & IS_REFUSAL) != 0;
    scene.input.new_due_at_s = at("2026-03-16 10:00");
    scene.input.step_due_s = at(scene.action == ACTION_CONSULT ? "2026-03-04 16:00" : "2026-03-05 16:00");
    set_dossier(&scene, given);
    return scene;
}

/* --- the difference, in words --- */

static void say(struct text_out *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void say(struct text_out *out, const char *format, ...)
{
    va_list args;

    if (out->length > 0)
        text_out_put(out, TEXT("; "));
    va_start(args, format);
    text_out_put(out, text_of(arena_vprintf(life_arena, format, args)));
    va_end(args);
}

static void say_instant(struct text_out *out, const char *what, int64_t before_s, int64_t after_s)
{
    char buffer[INSTANT_TEXT_BYTES];

    if (before_s != after_s)
        say(out, "%s %s", what, after_s == 0 ? "none" : local(after_s, buffer));
}

static void say_holder(struct text_out *out, const struct dossier *d, const struct dossier_change *change)
{
    if (change->to != d->state)
        say(out, "%s", state_name(change->to));
    if (!text_equal(change->holder_unit, d->holder_unit) || change->holder_role != d->holder_role)
        say(out, "%s of %.*s", role_name(change->holder_role), TEXT_ARG(change->holder_unit));
    if (change->handler != d->handler)
        say(out, "handler %lld", (long long)change->handler);
    if (!text_equal(change->processing_unit, d->processing_unit))
        say(out, "unit %.*s", TEXT_ARG(change->processing_unit));
    if (change->to == STATE_WITHDRAW_REQUESTED)
        say(out, "from %s", state_name(change->state_before));
}

static void say_clock(struct text_out *out, const struct dossier *d, const struct dossier_change *change)
{
    if (change->clock != CLOCK_NO_ENTRY)
        say(out, "%s", clock_kind_name(change->clock));
    say_instant(out, "accepted", d->accepted_at_s, change->accepted_at_s);
    say_instant(out, "due", d->due_clock_s, change->due_clock_s);
    say_instant(out, "legal", d->due_eod_s, change->due_eod_s);
    say_instant(out, "promise", d->reappointed_due_at_s, change->reappointed_due_at_s);
    say_instant(out, "finished", d->finished_at_s, change->finished_at_s);
    if (change->timeliness != d->timeliness)
        say(out, "judged %s",
            change->timeliness == TIMELINESS_NONE ? "no more" : timeliness_name(change->timeliness));
}

static void say_step(struct text_out *out, const struct dossier *d, const struct dossier_change *change)
{
    if (change->closes_step)
        say(out, "step ends");
    if (change->opens_step)
        say(out, "%s begins", phase_name(change->step_phase));
    else if (change->step_phase != d->step_phase)
        say(out, "in %s", phase_name(change->step_phase));
    say_instant(out, "step due", d->step_due_s, change->step_due_s);
    if (change->step_remaining_min != d->step_remaining_min)
        say(out, "%lld min left", (long long)change->step_remaining_min);
}

static struct text difference(const struct dossier *d, const struct dossier_change *change)
{
    struct text_out out = text_out_begin(life_arena);

    say_holder(&out, d, change);
    say_clock(&out, d, change);
    say_step(&out, d, change);
    if (change->supplements != d->supplements)
        say(&out, "supplement %d", change->supplements);
    say_instant(&out, "answer by", d->supplement_due_s, change->supplement_due_s);
    say_instant(&out, "opinion by", d->consult_due_s, change->consult_due_s);
    if (change->is_refusal_drafted != d->is_refusal_drafted)
        say(&out, change->is_refusal_drafted ? "refusal drafted" : "no refusal drafted");
    if (change->pays_fees)
        say(&out, "fees paid");
    if (change->form != NULL)
        say(&out, "prints %s", change->form);
    return out.length > 0 ? text_out_end(&out) : TEXT("nothing");
}

/* --- */

static struct dossier_change decide_row(size_t row, struct scene *scene)
{
    struct dossier_actor const everybody = {
        .user = LIFE_HANDLER, .roles = LIFE_ROLES_ALL, .asking_roles = LIFE_ROLES_ALL};
    struct dossier_change change;
    unsigned missing;
    enum dossier_refusal refusal;

    *scene = scene_of(row);
    refusal = dossier_decide(&scene->dossier, scene->action, &everybody, &scene->input, calendar,
                             scene->now_s, &change, &missing);
    if (refusal != DECIDED)
        fail_msg("row %zu, %s %s: %s (%x)", row, rows[row].state, rows[row].action,
                 life_refusal_name(refusal), missing);
    return change;
}

static void test_each_action_changes_this_and_nothing_else(void **state)
{
    int faults = 0;

    (void)state;
    for (size_t i = 0; i < array_length(rows); i++) {
        struct scene scene;
        struct dossier_change const change = decide_row(i, &scene);
        struct text const found = difference(&scene.dossier, &change);

        assert_true(change.from == scene.dossier.state && change.action == scene.action);
        if (text_equal(found, text_of(rows[i].change)))
            continue;
        printf("row %zu, %s %s:\n    found    %.*s\n    expected %s\n", i, rows[i].state, rows[i].action,
               TEXT_ARG(found), rows[i].change);
        faults++;
    }
    assert_int_equal(faults, 0);
}

/* No row of the law without a row here. */
static void test_every_rule_has_its_change(void **state)
{
    size_t count;
    const struct dossier_rule *const rules = dossier_rules(&count);

    (void)state;
    for (size_t i = 0; i < count; i++) {
        bool is_told = false;

        for (size_t j = 0; j < array_length(rows); j++) {
            struct scene const scene = scene_of(j);

            is_told |= scene.action == rules[i].action && (rules[i].from >> scene.dossier.state & 1) != 0;
        }
        if (!is_told)
            fail_msg("rule %zu (%s) has no row", i, action_name(rules[i].action));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_action_changes_this_and_nothing_else),
        cmocka_unit_test(test_every_rule_has_its_change),
    };

    return cmocka_run_group_tests(tests, life_open, life_close);
}
