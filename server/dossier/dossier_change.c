#include "dossier/dossier_change.h"

#include "core/instant.h"
#include "dossier/dossier_evidence.h"
#include "dossier/timers_rules.h"

bool state_is_final(enum dossier_state state)
{
    switch (state) {
    case STATE_INTAKE_REFUSED:
    case STATE_RETURNED:
    case STATE_WITHDRAWN:
    case STATE_STOPPED:
    case STATE_ARCHIVED: return true;
    case STATE_DRAFT:
    case STATE_SUBMITTED:
    case STATE_INTAKE_SUPPLEMENT:
    case STATE_ACCEPTED:
    case STATE_IN_TRANSFER:
    case STATE_ASSIGNING:
    case STATE_PROCESSING:
    case STATE_CONSULTING:
    case STATE_SUPPLEMENT_WAIT:
    case STATE_FINANCIAL_WAIT:
    case STATE_REVIEW:
    case STATE_SIGNING:
    case STATE_ISSUING:
    case STATE_LEG_HANDOVER:
    case STATE_RESULT_READY:
    case STATE_RETURN_IN_POST:
    case STATE_REFUSED_WITH_REASON:
    case STATE_WITHDRAW_REQUESTED:
    case STATE_UNCLAIMED: return false;
    case STATE_COUNT: break;
    }
    unreachable();
}

struct text acting_unit(const struct dossier *dossier, enum dossier_action action, unsigned role)
{
    if ((role & (ROLE_RECEIVER | ROLE_RETURN_CLERK)) != 0)
        return dossier->receiving_unit;
    if ((role & (ROLE_HANDLER | ROLE_DEPT_HEAD)) != 0)
        return dossier->state == STATE_CONSULTING && action != ACTION_END_CONSULTATION
                   ? dossier->holder_unit
                   : dossier->processing_unit;
    return dossier->competent_agency;
}

int64_t dossier_risk_at(const struct dossier *dossier, const struct calendar *calendar, int64_t now_s)
{
    int64_t risk_s = dossier_latest_handover(dossier, calendar);

    if (dossier->supplement_due_s != 0)
        return dossier->supplement_due_s;
    if (dossier->consult_due_s != 0 && (risk_s == 0 || dossier->consult_due_s < risk_s))
        risk_s = dossier->consult_due_s;
    if (dossier->step_due_s != 0 && (risk_s == 0 || dossier->step_due_s < risk_s))
        risk_s = dossier->step_due_s;
    return risk_s != 0 ? risk_s : now_s;
}

static void append_fact(struct dossier_view *view, const struct dossier_change *change,
                        const struct change_facts *facts)
{
    const struct dossier *dossier = &view->dossier;

    view->facts[view->fact_count++] = (struct event_fact){
        .seq = dossier->version,
        .at_s = view->now_s,
        .action = text_of(action_name(change->action)),
        .actor = facts->actor_name,
        .unit = dossier->holder_unit,
        .role = text_of(role_name(dossier->holder_role)),
        .handler = dossier->handler != 0 ? view->handler_name : TEXT_NONE,
        .clock = text_of(clock_kind_name(change->clock)),
        .ground = facts->ground,
        .document = facts->document,
        .state = dossier->state,
        .due_clock_s = dossier->due_clock_s,
        .due_eod_s = dossier->due_eod_s,
        .step_due_s = dossier->step_due_s,
        .phase = dossier->step_phase,
        .is_step_start = change->opens_step,
    };
}

void view_change(struct dossier_view *view, const struct dossier_change *change,
                 const struct change_facts *facts)
{
    struct dossier *dossier = &view->dossier;

    must(change->from == dossier->state);
    if (change->handler != dossier->handler) {
        must(change->handler == 0 || change->handler == view->new_handler);
        view->handler_name = change->handler == 0 ? TEXT_NONE : view->new_handler_name;
        view->handler_username = change->handler == 0 ? TEXT_NONE : view->new_handler_username;
    }
    dossier_become(dossier, change, view->now_s);
    if (change->pays_fees)
        view->fee_owed = 0;
    if (change->to == STATE_RETURNED)
        view->returned_at_s = view->now_s;
    if (facts->fees.data != NULL)
        view->fees = facts->fees;
    if (facts->components.data != NULL)
        view->components = facts->components;
    view->is_closed = state_is_final(change->to);
    append_fact(view, change, facts);
}

static const char *param_stops(struct req *req, const struct dossier *dossier)
{
    const char *stops = "{";
    char at[INSTANT_TEXT_BYTES];

    for (int i = 0; i < dossier->pause_count; i++) {
        stops = arena_printf(req->arena, "%s%s\"%s\"", stops, i == 0 ? "" : ",",
                             instant_format(at, dossier->pauses[i].stop_s));
        if (dossier->pauses[i].resume_s != 0)
            stops =
                arena_printf(req->arena, "%s,\"%s\"", stops, instant_format(at, dossier->pauses[i].resume_s));
    }
    return arena_printf(req->arena, "%s}", stops);
}

enum act change_ask(struct req *req, const struct dossier_view *view, const struct dossier_change *change,
                    const struct change_facts *facts, struct text answer,
                    enum act (*answered)(struct req *, const struct db_answer *))
{
    const struct dossier *d = &view->dossier;
    bool const gets_code = change->action == ACTION_ACCEPT;
    const char *before = change->to == STATE_WITHDRAW_REQUESTED ? state_name(d->state_before) : NULL;

    struct watch_params const watch = view_timers(req, view);

    return ask(
        req, answered, SQL_DOSSIER_APPLY, param_text(req, req->asker.session_hex), param_text(req, req->key),
        param_text(req, req->body_hash_hex), param_i64(req, live_epoch(view->live)),
        param_instant(req, view->now_s), param_i64(req, view->id), param_i64(req, d->version - 1),
        action_name(change->action), state_name(d->state), before, param_bool(view->is_closed),
        param_text(req, d->processing_unit), param_text(req, d->holder_unit), role_name(d->holder_role),
        param_i64_or_null(req, d->handler), param_instant(req, d->accepted_at_s),
        param_instant(req, d->clock_start_s), param_stops(req, d), param_instant(req, d->due_clock_s),
        param_instant(req, d->due_eod_s), param_instant(req, d->reappointed_due_at_s),
        param_instant(req, d->finished_at_s), param_instant(req, view->returned_at_s),
        timeliness_name(d->timeliness), param_i64(req, d->supplements),
        param_instant(req, d->supplement_due_s), param_bool(d->is_refusal_drafted),
        param_i64(req, view->fee_owed), d->step_phase == PHASE_NONE ? NULL : phase_name(d->step_phase),
        param_bool(change->opens_step), param_instant(req, d->step_started_s),
        param_instant(req, d->step_due_s), param_i64(req, d->step_remaining_min),
        param_instant(req, dossier_risk_at(d, view->calendar, view->now_s)), role_name(facts->actor_role),
        param_text(req, facts->actor_unit), clock_kind_name(change->clock), param_text(req, facts->ground),
        param_text(req, facts->document), param_text(req, facts->input),
        gets_code ? param_text(req, d->competent_agency) : NULL, param_text(req, facts->fees),
        param_text(req, facts->components), param_text(req, answer), watch.kinds, watch.ats,
        param_text(req, facts->late), param_instant(req, d->consult_due_s),
        dossier_evidence(req, view, facts));
}
