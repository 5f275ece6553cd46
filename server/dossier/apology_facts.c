#include "dossier/apology_facts.h"

#include "dossier/form_facts.h"
#include "dossier/lateness_rules.h"

/* The event by which the leader apologised; NULL: nobody has. */
static const struct event_fact *apology(const struct dossier_view *view)
{
    for (size_t i = view->fact_count; i > 0; i--)
        if (text_equal(view->facts[i - 1].clock, TEXT("REAPPOINT")))
            return &view->facts[i - 1];
    return NULL;
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
    form_put_head(req, &out, view, view->dossier.accepted_at_s, view->competent, dated_s);
    json_put_text(&out, "owner_name", form_person_member(req, view->owner, "name"));
    json_put_text(&out, "receiving_unit", view_agency_name(view, dossier->receiving_unit));
    json_put_text(&out, "procedure_name", view->version->name);
    json_put_instant(&out, "accepted_at", dossier->accepted_at_s);
    json_put_instant(&out, "due_at", given != NULL ? given->due_clock_s : dossier->due_clock_s);
    json_put_instant(&out, "new_due_at", given != NULL ? dossier->reappointed_due_at_s : 0);
    json_put_text(&out, "reason", given != NULL ? given->reason : TEXT_NONE);
    json_put_text(&out, "responsible_unit", view_agency_name(view, late->unit));
    json_put_string(&out, "responsible_step", late->phase == PHASE_NONE ? NULL : phase_label(late->phase));
    json_put_text(&out, "signer_name", given != NULL ? given->actor : TEXT_NONE);
    json_close_object(&out);
    return json_out_end(&out);
}
