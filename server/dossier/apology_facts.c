#include "dossier/apology_facts.h"

#include "core/config.h"
#include "core/json.h"
#include "dossier/lateness_rules.h"
#include "forms/form_table_rules.h"

/* The event by which the leader apologised; NULL: nobody has. */
static const struct event_fact *apology(const struct dossier_view *view)
{
    for (size_t i = view->fact_count; i > 0; i--)
        if (text_equal(view->facts[i - 1].clock, TEXT("REAPPOINT")))
            return &view->facts[i - 1];
    return NULL;
}

static struct text owner_name(struct req *req, const struct dossier_view *view)
{
    struct json_result const json = json_parse(req->arena, view->owner, &json_limits_file);

    must(json.fault == JSON_OK); /* PostgreSQL kept it */
    return text_of(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json.root, "name")));
}

static void put_head(struct req *req, struct json_out *out, const struct dossier_view *view)
{
    const struct config *config = req->worker->config;
    const struct agency *agency = view->competent;
    const char *base =
        *config->http_public_url != '\0'
            ? config->http_public_url
            : arena_printf(req->arena, "http://%s:%lld", config->http_address, (long long)config->http_port);

    json_put_string(out, "form_set", form_set_name(form_set_at(view->dossier.accepted_at_s)));
    json_put_text(out, "dossier_code", view->code);
    json_put_string(out, "lookup_url",
                    arena_printf(req->arena, "%s/tra-cuu/%.*s", base, TEXT_ARG(view->code)));
    if (agency->superior_line.length > 0)
        json_put_text(out, "superior_agency", agency->superior_line);
    json_put_text(out, "issuing_agency", agency->own_line.length > 0 ? agency->own_line : agency->name);
    json_put_text(out, "place", catalogue_place(agency));
}

struct text apology_facts(struct req *req, const struct dossier_view *view)
{
    const struct event_fact *given = apology(view);
    const struct dossier *dossier = &view->dossier;
    int64_t const dated_s = given != NULL ? given->at_s : view->now_s;
    struct json_out out = json_out_begin(req->arena);
    const struct event_fact *late;

    if (dossier->due_clock_s == 0 || (given == NULL && state_clock(dossier->state) != CLOCK_RUN))
        return TEXT_NONE;
    late = &view->facts[lateness_of_dossier(dossier, view->facts, view->fact_count, view->calendar, dated_s)
                            .fact];
    json_open_object(&out);
    put_head(req, &out, view);
    json_put_text(&out, "owner_name", owner_name(req, view));
    json_put_text(&out, "receiving_unit", view_agency_name(view, dossier->receiving_unit));
    json_put_text(&out, "procedure_name", view->version->name);
    json_put_instant(&out, "accepted_at", dossier->accepted_at_s);
    json_put_instant(&out, "due_at", given != NULL ? given->due_clock_s : dossier->due_clock_s);
    json_put_instant(&out, "new_due_at", given != NULL ? dossier->reappointed_due_at_s : 0);
    json_put_instant(&out, "dated", dated_s);
    json_put_text(&out, "reason", given != NULL ? given->reason : TEXT_NONE);
    json_put_text(&out, "responsible_unit", view_agency_name(view, late->unit));
    json_put_string(&out, "responsible_step", late->phase == PHASE_NONE ? NULL : phase_label(late->phase));
    json_put_text(&out, "signer_name", given != NULL ? given->actor : TEXT_NONE);
    json_close_object(&out);
    return json_out_end(&out);
}
