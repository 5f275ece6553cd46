/* Who was late on a chain: the step, the leg by its own limit, and which leg bears the lateness of the whole.
 */
#include "dossier/act_inside.h"
#include "dossier/clock_rules.h"
#include "dossier/lateness_rules.h"

static void put_late(struct json_out *out, const char *scope, const struct event_fact *fact, int leg,
                     int64_t due_s, int64_t minutes_over)
{
    json_open_object(out);
    json_put_string(out, "scope", scope);
    json_put_string(out, "phase", fact->phase == PHASE_NONE ? NULL : phase_name(fact->phase));
    json_put_text(out, "unit", fact->unit);
    json_put_text(out, "role", fact->role);
    json_put_text(out, "handler", fact->handler);
    json_put_instant(out, "due_at", due_s);
    json_put_i64(out, "minutes_over", minutes_over);
    json_put_i64(out, "leg", leg);
}

static void close_late(struct req *req, struct json_out *out)
{
    json_put_text(out, "cause", ((const struct act_body *)req->body)->cause);
    json_close_object(out);
}

/* Whose the open step is. Until the first leg is taken, it is the desk's. */
static struct event_fact step_fact(const struct dossier_view *view, const struct chain *chain, size_t at)
{
    const struct chain_leg *leg = &chain->legs[at];
    bool const is_desk = leg->after == 0 && leg->taken_at_s == 0;

    return (struct event_fact){
        .at_s = leg->work.step_started_s,
        .unit = is_desk ? leg->work.receiving_unit : leg->work.holder_unit,
        .role = text_of(role_name(is_desk ? ROLE_RECEIVER : leg->work.holder_role)),
        .handler = leg->work.handler != 0 ? view->leg_views[at].handler_name : TEXT_NONE,
        .phase = leg->work.step_phase,
        .is_step_start = true,
    };
}

/* A leg answers as an agency, not as the person who held it at the end. */
static struct event_fact agency_fact(const struct chain_leg *leg)
{
    return (struct event_fact){.unit = leg->work.competent_agency, .role = text_of(role_name(ROLE_LEADER))};
}

static bool put_late_step(struct req *req, struct json_out *out, const struct chaining *c)
{
    const struct dossier_view *view = c->acting->view;
    const struct chain_leg *leg = &c->before.legs[c->at];
    struct event_fact const fact = step_fact(view, &c->before, (size_t)c->at);
    struct lateness const late = lateness_of_step(&leg->work, &fact, 1, leg->calendar, view->now_s);

    if (!c->change.detail.closes_step || !late.is_late)
        return false;
    put_late(out, "STEP", &fact, leg->no, late.due_s, late.minutes_over);
    close_late(req, out);
    return true;
}

static bool put_late_leg(struct req *req, struct json_out *out, const struct chaining *c, size_t at)
{
    const struct chain_leg *before = &c->before.legs[at], *after = &c->after.legs[at];
    struct event_fact const fact = agency_fact(after);
    int64_t const due_s = clock_legal_due(&after->work), now_s = c->acting->view->now_s;

    if (after->work.timeliness != TIMELINESS_OVERDUE || before->work.timeliness == TIMELINESS_OVERDUE)
        return false;
    put_late(out, "LEG", &fact, after->no, due_s,
             clock_running_min(&before->work, after->calendar, due_s, now_s));
    close_late(req, out);
    return true;
}

/* The whole was late: the leg whose own deadline passed first bears it. */
static void put_late_whole(struct req *req, struct json_out *out, const struct chaining *c)
{
    int const at = chain_late_leg(&c->after);
    const struct dossier *whole = &c->before.whole;
    const struct dossier_view *view = c->acting->view;
    struct event_fact const desk = {.unit = whole->receiving_unit, .role = text_of(role_name(ROLE_RECEIVER))};
    struct event_fact const fact = at == LEG_WHOLE ? desk : agency_fact(&c->after.legs[at]);
    int64_t const due_s = clock_legal_due(whole);

    put_late(out, "DOSSIER", &fact, at == LEG_WHOLE ? 0 : c->after.legs[at].no, due_s,
             clock_running_min(whole, view->calendar, due_s, view->now_s));
    close_late(req, out);
}

struct text chain_lateness(struct req *req, const struct chaining *c)
{
    struct json_out out = json_out_begin(req->arena);
    bool is_any = false;

    json_open_array(&out);
    if (c->at != LEG_WHOLE)
        is_any = put_late_step(req, &out, c);
    for (size_t i = 0; i < c->before.count; i++)
        is_any = put_late_leg(req, &out, c, i) || is_any;
    if (c->change.is_finished && c->after.whole.timeliness == TIMELINESS_OVERDUE) {
        put_late_whole(req, &out, c);
        is_any = true;
    }
    json_close_array(&out);
    return is_any ? json_out_end(&out) : TEXT_NONE;
}
