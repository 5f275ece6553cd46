/* One action on a chain: which leg it is meant for, the decision, and all of it as one statement. */
#include "core/instant.h"
#include "core/json.h"
#include "dossier/act_inside.h"
#include "dossier/dossier_evidence.h"
#include "dossier/flow_table_rules.h"

enum { AT_NONE = -2 };

static struct dossier_actor actor_at(const struct dossier_view *view, int at, enum dossier_action action)
{
    return (struct dossier_actor){
        .user = view->person,
        .roles = at == LEG_WHOLE ? view->roles : view_leg_roles(view, (size_t)at, action),
        .asking_roles = at == LEG_WHOLE ? 0 : view->leg_views[at].asking_roles,
    };
}

static enum dossier_refusal try_at(const struct dossier_view *view, int at, enum dossier_action action)
{
    struct dossier_actor const actor = actor_at(view, at, action);
    const struct dossier_rule *rule;

    return rule_find(at == LEG_WHOLE ? &view->dossier : &view->legs[at].work, action, &actor, &rule);
}

static int leg_named(const struct dossier_view *view, struct text code)
{
    for (size_t i = 0; i < view->leg_count; i++)
        if (text_equal(view->legs[i].code, code) && view_leg_sight(view, i) == LEG_SEEN)
            return (int)i;
    return AT_NONE;
}

/* The leg that is named, or else the only one on which he may do it; AT_NONE: *act says why. */
static int find_leg(struct req *req, const struct acting *acting, enum act *act)
{
    const struct act_body *body = req->body;
    const struct dossier_view *view = acting->view;
    enum dossier_refusal refusal = REFUSED_NOT_YOUR_ACTION;
    int found = AT_NONE, fitting = 0;

    if (body->leg.length > 0) {
        found = leg_named(view, body->leg);
        if (found == AT_NONE) {
            req_error(req, "/leg", "unknown", "Hồ sơ không có chặng này");
            *act = refuse(req, REFUSE_INVALID);
        }
        return found;
    }
    for (int at = LEG_WHOLE; at < (int)view->leg_count; at++) {
        enum dossier_refusal const here = try_at(view, at, acting->action);

        if (here == DECIDED && fitting++ == 0)
            found = at;
        if (here == REFUSED_WRONG_STATE)
            refusal = here;
    }
    if (fitting == 1)
        return found;
    if (fitting == 0) {
        *act = act_refuse(req, refusal, 0);
    } else {
        req_error(req, "/leg", "required", "Việc này làm được ở nhiều chặng, hãy ghi chặng nào");
        *act = refuse(req, REFUSE_INVALID);
    }
    return AT_NONE;
}

/* The agency a unit belongs to, that may have this leg. */
static const struct agency *leg_agency_of(const struct agency *unit, const struct leg *plan)
{
    for (; unit != NULL; unit = unit->parent)
        if (text_equal(unit->level, plan->agency.level) &&
            (plan->agency.kind.length == 0 || text_equal(unit->kind, plan->agency.kind)))
            return unit;
    return NULL;
}

/* Anybody of today may be asked; a leg at the wrong desk goes on to one whose leg it can be. */
static bool find_unit(struct req *req, struct chaining *c)
{
    const struct dossier_view *view = c->acting->view;
    const struct agency *unit = catalogue_agency(live_catalogue(view->live), c->input.unit), *agency;

    if ((c->input.given & NEED_UNIT) == 0)
        return true;
    if (unit == NULL || !agency_is_valid(unit, instant_day(view->now_s))) {
        req_error(req, "/unit", "unknown", "Không có đơn vị này");
        return false;
    }
    if (c->acting->action != ACTION_REDIRECT || c->at == LEG_WHOLE)
        return true;
    agency = leg_agency_of(unit, view->leg_views[c->at].plan);
    if (agency == NULL) {
        req_error(req, "/unit", "not-competent", "Đơn vị này không thuộc cơ quan nào giải quyết được chặng");
        return false;
    }
    c->input.unit_agency = agency->code;
    return true;
}

/* He works where the leg is worked on. */
static bool is_handler_of(const struct dossier_view *view, int at)
{
    struct text rest = view->new_handler_units;

    while (at != LEG_WHOLE && rest.length > 0)
        if (text_equal(text_cut(rest, ',', &rest), view->legs[at].work.processing_unit))
            return true;
    return false;
}

/* A paper has pages, a file its hash: one of them at least. */
static bool check_handed(struct req *req)
{
    const struct act_body *body = req->body;
    const struct act_paper *papers = body->papers.items;

    for (size_t i = 0; i < body->papers.count; i++)
        if (papers[i].pages == FIELD_ABSENT && papers[i].sha256.length == 0)
            req_error(req, arena_printf(req->arena, "/papers/%zu/pages", i), "required",
                      "Ghi số trang của bản giấy, hoặc mã băm SHA-256 của tệp");
    return req->error_count == 0;
}

static struct text handed_json(struct req *req)
{
    const struct act_body *body = req->body;
    const struct act_paper *papers = body->papers.items;
    struct json_out out = json_out_begin(req->arena);

    json_open_array(&out);
    for (size_t i = 0; i < body->papers.count; i++) {
        json_open_object(&out);
        json_put_text(&out, "name", papers[i].name);
        if (papers[i].pages != FIELD_ABSENT)
            json_put_i64(&out, "pages", papers[i].pages);
        if (papers[i].sha256.length > 0)
            json_put_text(&out, "sha256", papers[i].sha256);
        json_close_object(&out);
    }
    json_close_array(&out);
    return json_out_end(&out);
}

/* --- the view after it, and the records --- */

static void change_names(const struct chaining *c)
{
    struct dossier_view *view = c->acting->view;

    for (size_t i = 0; i < c->after.count; i++) {
        struct leg_view *rest = &view->leg_views[i];

        if (c->after.legs[i].work.handler == 0) {
            rest->handler_name = rest->handler_username = TEXT_NONE;
        } else if (c->after.legs[i].work.handler != c->before.legs[i].work.handler) {
            rest->handler_name = view->new_handler_name;
            rest->handler_username = view->new_handler_username;
        }
        if (c->after.legs[i].given_at_s != c->before.legs[i].given_at_s)
            rest->given_by_name = c->facts.actor_name;
        if (c->after.legs[i].taken_at_s != c->before.legs[i].taken_at_s)
            rest->taken_by_name = c->facts.actor_name;
    }
}

static void change_result(struct req *req, const struct chaining *c)
{
    const struct act_body *body = req->body;
    struct leg_view *rest;

    if (c->at == LEG_WHOLE)
        return;
    rest = &c->acting->view->leg_views[c->at];
    if (c->acting->action == ACTION_HAND_OVER_LEG || c->acting->action == ACTION_ISSUE ||
        c->acting->action == ACTION_REFUSE) {
        rest->document = body->document_number.length > 0 ? body->document_number : TEXT_NONE;
        rest->document_day = body->document_number.length > 0 ? body->document_date : FIELD_ABSENT;
        rest->papers = handed_json(req);
    }
    if (c->acting->action == ACTION_RECALL_LEG) {
        rest->document = rest->papers = TEXT_NONE;
        rest->document_day = FIELD_ABSENT;
    }
}

/* Holder and step of an event are those of the leg it is about. */
static const struct dossier *subject(const struct chaining *c)
{
    return c->at == LEG_WHOLE ? &c->after.whole : &c->after.legs[c->at].work;
}

static bool opens_step(const struct chaining *c)
{
    return c->at == LEG_WHOLE ? c->change.opens_step : c->change.detail.opens_step;
}

static void append_fact(const struct chaining *c)
{
    struct dossier_view *view = c->acting->view;
    const struct dossier *work = subject(c);

    view->facts[view->fact_count++] = (struct event_fact){
        .seq = view->dossier.version,
        .at_s = view->now_s,
        .action = text_of(action_name(c->acting->action)),
        .actor = c->facts.actor_name,
        .unit = work->holder_unit,
        .role = text_of(role_name(work->holder_role)),
        .handler = work->handler == 0   ? TEXT_NONE
                   : c->at == LEG_WHOLE ? view->handler_name
                                        : view->leg_views[c->at].handler_name,
        .clock = text_of(clock_kind_name(c->change.clock)),
        .ground = c->facts.ground,
        .document = c->facts.document,
        .state = view->dossier.state,
        .due_clock_s = view->dossier.due_clock_s,
        .due_eod_s = view->dossier.due_eod_s,
        .step_due_s = work->step_due_s,
        .phase = work->step_phase,
        .is_step_start = opens_step(c),
        .leg = c->at == LEG_WHOLE ? 0 : c->after.legs[c->at].no,
    };
}

static void become(struct req *req, struct chaining *c)
{
    struct dossier_view *view = c->acting->view;
    int const leading = chain_leading_leg(&c->after);

    change_names(c);
    change_result(req, c);
    view->dossier = c->after.whole;
    view->legs = c->after.legs;
    if (leading != LEG_WHOLE) {
        view->handler_name = view->leg_views[leading].handler_name;
        view->handler_username = view->leg_views[leading].handler_username;
    }
    if (c->change.detail.pays_fees)
        view->fee_owed = 0;
    if (view->dossier.state == STATE_RETURNED && view->returned_at_s == 0)
        view->returned_at_s = view->now_s;
    if (c->facts.fees.data != NULL)
        view->fees = c->facts.fees;
    if (c->facts.components.data != NULL)
        view->components = c->facts.components;
    view->is_closed = state_is_final(view->dossier.state);
    append_fact(c);
}

static void put_person(struct json_out *out, const char *key, int64_t person)
{
    json_key(out, key);
    if (person == 0)
        json_null(out);
    else
        json_i64(out, person);
}

static void put_step(struct json_out *out, const struct dossier *d)
{
    json_put_string(out, "step_phase", d->step_phase == PHASE_NONE ? NULL : phase_name(d->step_phase));
    json_put_instant(out, "step_started", d->step_started_s);
    json_put_instant(out, "step_due", d->step_due_s);
    json_put_i64(out, "step_remaining_min", d->step_remaining_min);
}

/* The row of motcua.dossier, by its columns. */
static struct text whole_row(struct req *req, const struct dossier_view *view)
{
    const struct dossier *d = &view->dossier;
    struct json_out out = json_out_begin(req->arena);
    bool const is_asked = d->state == STATE_WITHDRAW_REQUESTED;

    json_open_object(&out);
    json_put_string(&out, "state", state_name(d->state));
    json_put_string(&out, "state_before", is_asked ? state_name(d->state_before) : NULL);
    json_put_bool(&out, "is_closed", view->is_closed);
    json_put_text(&out, "processing_unit", d->processing_unit);
    json_put_text(&out, "holder_unit", d->holder_unit);
    json_put_string(&out, "holder_role", role_name(d->holder_role));
    put_person(&out, "handler", d->handler);
    json_put_instant(&out, "clock_start", d->clock_start_s);
    json_put_raw(&out, "stops", view_stops_json(req->arena, d));
    json_put_instant(&out, "due_clock", d->due_clock_s);
    json_put_instant(&out, "due_eod", d->due_eod_s);
    json_put_instant(&out, "reappointed_due_at", d->reappointed_due_at_s);
    json_put_instant(&out, "finished_at", d->finished_at_s);
    json_put_instant(&out, "returned_at", view->returned_at_s);
    json_put_string(&out, "timeliness", timeliness_name(d->timeliness));
    json_put_i64(&out, "fee_owed", view->fee_owed);
    json_put_i64(&out, "supplements", d->supplements);
    json_put_instant(&out, "supplement_due", d->supplement_due_s);
    json_put_instant(&out, "consult_due", d->consult_due_s);
    json_put_bool(&out, "is_refusal_drafted", d->is_refusal_drafted);
    put_step(&out, d);
    json_close_object(&out);
    return json_out_end(&out);
}

/* The row of motcua.event, by its columns, but for what only the database knows. */
static struct text event_row(struct req *req, const struct chaining *c)
{
    const struct dossier *work = subject(c);
    struct json_out out = json_out_begin(req->arena);

    json_open_object(&out);
    json_put_string(&out, "action", action_name(c->acting->action));
    json_put_string(&out, "actor_role", role_name(c->facts.actor_role));
    json_put_text(&out, "actor_unit", c->facts.actor_unit);
    json_put_text(&out, "holder_unit", work->holder_unit);
    json_put_string(&out, "holder_role", role_name(work->holder_role));
    put_person(&out, "handler", work->handler);
    json_put_string(&out, "clock", clock_kind_name(c->change.clock));
    json_put_string(&out, "phase", work->step_phase == PHASE_NONE ? NULL : phase_name(work->step_phase));
    json_put_bool(&out, "is_step_start", opens_step(c));
    json_put_instant(&out, "step_due", work->step_due_s);
    json_put_text(&out, "ground", c->facts.ground);
    json_put_text(&out, "document", c->facts.document);
    json_put_raw(&out, "input", c->facts.input);
    if (c->at != LEG_WHOLE) {
        json_put_i64(&out, "leg", c->after.legs[c->at].no);
        json_put_string(&out, "leg_stage", leg_stage_name(work->stage));
        json_put_string(&out, "leg_state", state_name(work->state));
    }
    json_close_object(&out);
    return json_out_end(&out);
}

static enum act apply(struct req *req, struct chaining *c)
{
    const struct dossier_view *view = c->acting->view;
    bool const is_legs_work =
        chain_leading_leg(&c->after) != LEG_WHOLE && view->dossier.state != STATE_WITHDRAW_REQUESTED;
    int64_t const risk_s =
        is_legs_work || view->is_closed ? 0 : dossier_risk_at(&view->dossier, view->calendar, view->now_s);
    struct watch_params const watch = view_timers(req, view);

    return ask(req, act_applied, SQL_CHAIN_APPLY, param_text(req, req->asker.session_hex),
               param_text(req, req->key), param_text(req, req->body_hash_hex),
               param_i64(req, live_epoch(view->live)), param_instant(req, view->now_s),
               param_i64(req, view->id), param_i64(req, view->dossier.version - 1),
               action_name(c->acting->action), param_text(req, whole_row(req, view)),
               param_text(req, view_legs_rows(req, view)), param_text(req, event_row(req, c)),
               param_text(req, c->facts.fees), param_text(req, c->facts.components),
               param_instant(req, risk_s), param_text(req, dossier_detail(req, view, false)), watch.kinds,
               watch.ats, param_text(req, c->facts.late), dossier_evidence(req, view, &c->facts));
}

static struct chain chain_copy(struct req *req, const struct chain *chain)
{
    struct chain copy = *chain;

    copy.legs = arena_array(req->arena, struct chain_leg, chain->count);
    for (size_t i = 0; i < chain->count; i++)
        copy.legs[i] = chain->legs[i];
    return copy;
}

/* By which of his roles, and where he holds it. */
static void name_actor(struct req *req, struct chaining *c)
{
    const struct dossier *before = c->at == LEG_WHOLE ? &c->before.whole : &c->before.legs[c->at].work;

    c->facts.actor_role = rule_acting_role(before, c->acting->action, &c->actor);
    c->facts.actor_unit = c->acting->action == ACTION_JOIN_WITHOUT
                              ? c->before.whole.competent_agency
                              : acting_unit(before, c->acting->action, c->facts.actor_role);
    c->facts.actor_name = req->asker.name;
}

enum act chain_act(struct req *req, struct acting *acting)
{
    struct dossier_view *view = acting->view;
    struct chaining c = {.acting = acting, .input = act_input(req, view), .before = view_chain(view)};
    unsigned missing = 0;
    enum dossier_refusal refusal;
    enum act act;

    c.at = find_leg(req, acting, &act);
    if (c.at == AT_NONE)
        return act;
    if (!find_unit(req, &c) || !check_handed(req))
        return refuse(req, REFUSE_INVALID);
    if ((c.input.given & NEED_HANDLER) != 0 && !is_handler_of(view, c.at))
        c.input.handler = 0;
    c.after = chain_copy(req, &c.before);
    c.actor = actor_at(view, c.at, acting->action);
    refusal = chain_decide(&c.after, c.at, acting->action, &c.actor, &c.input, view->calendar, view->now_s,
                           &c.change, &missing);
    if (refusal != DECIDED)
        return act_refuse(req, refusal, missing);
    c.facts = (struct change_facts){
        .input = act_input_json(req), .ground = c.input.ground, .document = c.input.document_number};
    if (!act_take_papers(req, acting, &c.facts, &act))
        return act;
    name_actor(req, &c);
    if (c.change.detail.pays_fees)
        c.facts.fees = act_paid_fees(req, view, c.input.method);
    c.facts.late = chain_lateness(req, &c);
    become(req, &c);
    return apply(req, &c);
}
