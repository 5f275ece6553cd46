#include "dossier/dossier_evidence.h"

#include "core/instant.h"
#include "core/json_out.h"
#include "ledger/evidence.h"

/* The whole step as people know it; the record commits to these bytes. */
static struct text payload_of(struct req *req, const struct dossier_view *view, struct text input)
{
    const struct event_fact *fact = &view->facts[view->fact_count - 1];
    struct json_out out = json_out_begin(req->arena);

    json_open_object(&out);
    json_put_text(&out, "code", view->code);
    json_put_i64(&out, "version", view->dossier.version);
    json_put_instant(&out, "at", fact->at_s);
    json_put_text(&out, "action", fact->action);
    json_put_string(&out, "state", state_name(fact->state));
    json_put_text(&out, "actor", fact->actor);
    json_put_text(&out, "holder_unit", fact->unit);
    json_put_text(&out, "holder_role", fact->role);
    json_put_text(&out, "handler", fact->handler);
    json_put_text(&out, "clock", fact->clock);
    json_put_instant(&out, "due_at", fact->due_clock_s);
    json_put_instant(&out, "due_eod", fact->due_eod_s);
    json_put_text(&out, "ground", fact->ground);
    json_put_text(&out, "document", fact->document);
    json_put_raw(&out, "input", input);
    json_close_object(&out);
    return json_out_end(&out);
}

const char *dossier_evidence(struct req *req, const struct dossier_view *view,
                             const struct change_facts *facts)
{
    size_t const before = view->fact_count - 1;
    struct evidence_step const step = {
        .dos = view->code,
        .dsq = view->dossier.version,
        .prev = view->head,
        .at_s = view->now_s,
        .before_s = before > 0 ? view->facts[before - 1].at_s : 0,
        .person = view->person,
        .org = facts->actor_unit,
        .state = state_name(view->dossier.state),
        .is_closed = view->is_closed,
        .payload = payload_of(req, view, facts->input),
    };

    return evidence_param(req->arena, &step);
}

const char *intake_evidence(struct req *req, const struct dossier_view *view, struct text input)
{
    const struct dossier *dossier = &view->dossier;
    struct evidence_step step = {
        .dsq = 1,
        .at_s = view->now_s,
        .person = view->person,
        .org = dossier->receiving_unit,
        .state = state_name(dossier->state),
        .payload = payload_of(req, view, input),
    };
    int year, month, day;

    day_to_civil(instant_day(view->now_s), &year, &month, &day);
    step.dos = text_of(arena_printf(req->arena, "%.*s-%02d%02d%02d", TEXT_ARG(dossier->competent_agency),
                                    year % 100, month, day));
    return evidence_param(req->arena, &step);
}
