/* The detail of a dossier as JSON: one writer for GET, for the answer to an action and for intake. */
#include "dossier/dossier_view.h"

#include "core/instant.h"
#include "dossier/clock_rules.h"

static void put_agency(struct json_out *out, const struct dossier_view *view, const char *key,
                       struct text code)
{
    json_key(out, key);
    if (code.length == 0) {
        json_null(out);
        return;
    }
    json_open_object(out);
    json_put_text(out, "code", code);
    json_put_text(out, "name", view_agency_name(view, code));
    json_close_object(out);
}

static void put_limit(struct json_out *out, const struct dossier_plan *plan)
{
    const char *unit = term_unit_name((enum term_unit)plan->limit_unit);

    json_key(out, "time_limit");
    if (unit == NULL) {
        json_null(out);
        return;
    }
    json_open_object(out);
    json_key(out, "quantity");
    json_raw(out, text_of(plan->limit_milli % 1000 == 0
                              ? arena_printf(out->text.arena, "%lld", (long long)(plan->limit_milli / 1000))
                              : arena_printf(out->text.arena, "%.3g", (double)plan->limit_milli / 1000)));
    json_put_string(out, "unit", unit);
    json_put_string(out, "unit_label", term_unit_label((enum term_unit)plan->limit_unit));
    json_close_object(out);
}

static void put_procedure(struct json_out *out, const struct dossier_view *view)
{
    json_key(out, "procedure");
    json_open_object(out);
    json_put_text(out, "code", view->version->code);
    json_put_i64(out, "version", view->version->number);
    json_put_text(out, "name", view->version->name);
    json_put_text(out, "field", view->version->field);
    if (view->chosen != NULL)
        json_put_text(out, "case", view->chosen->code);
    put_limit(out, &view->dossier.plan);
    json_close_object(out);
}

static void put_holder(struct json_out *out, const struct dossier_view *view)
{
    const struct dossier *dossier = &view->dossier;

    json_key(out, "holder");
    json_open_object(out);
    json_put_text(out, "unit", dossier->holder_unit);
    json_put_text(out, "unit_name", view_agency_name(view, dossier->holder_unit));
    json_put_string(out, "role", role_name(dossier->holder_role));
    json_put_string(out, "role_label", role_label(dossier->holder_role));
    json_close_object(out);
    json_key(out, "handler");
    if (dossier->handler == 0) {
        json_null(out);
        return;
    }
    json_open_object(out);
    json_put_text(out, "username", view->handler_username);
    json_put_text(out, "name", view->handler_name);
    json_close_object(out);
}

static const char *clock_name(enum dossier_clock clock)
{
    static const char *const names[] = {
        [CLOCK_NONE] = "NONE", [CLOCK_RUN] = "RUNNING", [CLOCK_STOP] = "STOPPED", [CLOCK_ENDED] = "ENDED"};

    return names[clock];
}

static void put_clock_entries(struct json_out *out, const struct dossier_view *view)
{
    json_key(out, "entries");
    json_open_array(out);
    for (size_t i = 0; i < view->fact_count; i++) {
        const struct event_fact *fact = &view->facts[i];

        if (fact->clock.length == 0)
            continue;
        json_open_object(out);
        json_put_text(out, "kind", fact->clock);
        json_put_instant(out, "at", fact->at_s);
        json_put_text(out, "action", fact->action);
        json_put_text(out, "actor", fact->actor);
        json_put_text(out, "ground", fact->ground);
        json_put_text(out, "document", fact->document);
        json_put_instant(out, "due_at", fact->due_clock_s);
        json_put_instant(out, "due_eod", fact->due_eod_s);
        json_close_object(out);
    }
    json_close_array(out);
}

static void put_clock(struct json_out *out, const struct dossier_view *view)
{
    const struct dossier *dossier = &view->dossier;

    json_key(out, "clock");
    json_open_object(out);
    json_put_string(out, "state", clock_name(state_clock(dossier->state)));
    json_put_instant(out, "started_at", clock_counts_from(dossier, view->calendar));
    json_put_instant(out, "due_at", dossier->due_clock_s);
    json_put_instant(out, "due_eod", dossier->due_eod_s);
    json_put_instant(out, "supplement_due_at", dossier->supplement_due_s);
    json_put_instant(out, "consultation_due_at", dossier->consult_due_s);
    put_clock_entries(out, view);
    json_close_object(out);
}

static void put_needs(struct json_out *out, const char *key, unsigned needs)
{
    json_key(out, key);
    json_open_array(out);
    for (unsigned bit = 1; bit != 0 && bit <= needs; bit <<= 1)
        if ((needs & bit) != 0)
            json_text(out, text_of(need_name(bit)));
    json_close_array(out);
}

static void put_actions(struct json_out *out, const struct dossier_view *view)
{
    struct dossier_offer offers[ACTION_COUNT];
    struct dossier_actor const actor = {
        .user = view->person, .roles = view->roles, .asking_roles = view->asking_roles};
    size_t const count = dossier_offers(&view->dossier, &actor, offers);

    json_key(out, "actions");
    json_open_array(out);
    for (size_t i = 0; i < count; i++) {
        json_open_object(out);
        json_put_string(out, "action", action_name(offers[i].action));
        json_put_string(out, "label", action_label(offers[i].action));
        put_needs(out, "needs", offers[i].needs);
        put_needs(out, "takes", offers[i].takes);
        json_close_object(out);
    }
    json_close_array(out);
}

static void put_units(struct json_out *out, const struct dossier_view *view)
{
    const struct dossier *dossier = &view->dossier;

    put_agency(out, view, "assist_unit", view->assist_unit);
    put_agency(out, view, "receiving_unit", dossier->receiving_unit);
    put_agency(out, view, "competent_agency", dossier->competent_agency);
    put_agency(out, view, "processing_unit", dossier->processing_unit);
    put_holder(out, view);
}

static void put_times(struct json_out *out, const struct dossier_view *view)
{
    const struct dossier *dossier = &view->dossier;

    json_put_instant(out, "submitted_at", view->submitted_at_s);
    json_put_instant(out, "accepted_at", dossier->accepted_at_s);
    json_put_instant(out, "due_at", dossier->due_clock_s);
    json_put_instant(out, "due_eod", dossier->due_eod_s);
    json_put_instant(out, "reappointed_due_at", dossier->reappointed_due_at_s);
    json_put_instant(out, "finished_at", dossier->finished_at_s);
    json_put_instant(out, "returned_at", view->returned_at_s);
    json_put_string(out, "timeliness", timeliness_name(dossier->timeliness));
}

struct text dossier_detail(struct req *req, const struct dossier_view *view, bool is_headless)
{
    const struct dossier *dossier = &view->dossier;
    struct json_out out = json_out_begin(req->arena);
    struct text body;

    json_open_object(&out);
    if (!is_headless) {
        json_put_text(&out, "code", view->code);
        if (view->register_no != 0)
            json_put_i64(&out, "register_no", view->register_no);
    }
    if (view->submission_code.length > 0)
        json_put_text(&out, "submission_code", view->submission_code);
    json_put_i64(&out, "version", dossier->version);
    json_put_string(&out, "state", state_name(dossier->state));
    json_put_string(&out, "state_label", state_label(dossier->state));
    put_procedure(&out, view);
    json_put_text(&out, "channel", view->channel);
    json_put_text(&out, "return_channel", dossier->return_channel);
    put_units(&out, view);
    put_times(&out, view);
    json_put_raw(&out, "owner", view->owner);
    json_put_raw(&out, "submitter", view->submitter);
    json_put_raw(&out, "components", view->components);
    json_put_raw(&out, "fees", view->fees);
    json_put_i64(&out, "fee_owed", view->fee_owed);
    json_put_text(&out, "note", view->note);
    if (req->route->method == NET_POST && view->lookup_secret.length > 0 && dossier->version == 1)
        json_put_text(&out, "lookup_secret", view->lookup_secret);
    dossier_steps_write(&out, view);
    put_clock(&out, view);
    put_actions(&out, view);
    json_close_object(&out);
    body = json_out_end(&out);
    return is_headless ? (struct text){body.data + 1, body.length - 1} : body;
}
