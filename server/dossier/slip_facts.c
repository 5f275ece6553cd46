/* The control slip: every hand-off of the dossier so far. */
#include "core/json.h"
#include "dossier/form_facts.h"
#include "dossier/handoff_rules.h"

enum { HANDOFFS_MAX = 500 }; /* of the form; a longer history keeps its latest */

static const struct event_fact *start_event(const struct dossier_view *view)
{
    for (size_t i = 0; i < view->fact_count; i++)
        if (text_equal(view->facts[i].clock, TEXT("START")))
            return &view->facts[i];
    return NULL;
}

/* What passed it on, where that is more than a usual step, and its document or reason. */
static struct text note_of(struct req *req, const struct event_fact *fact)
{
    enum dossier_action action;
    struct text const reason =
        text_of(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(fact->input, "reason")));

    if (!action_from_name(fact->action, &action) || action == ACTION_TRANSFER)
        return TEXT_NONE;
    if (action == ACTION_ISSUE && fact->document.length > 0)
        return text_of(
            arena_printf(req->arena, "%s số %.*s", action_label(action), TEXT_ARG(fact->document)));
    if (action == ACTION_REDIRECT && reason.length > 0)
        return text_of(arena_printf(req->arena, "%s: %.*s", action_label(action), TEXT_ARG(reason)));
    return text_of(action_label(action));
}

static void put_handoff(struct req *req, struct json_out *out, const struct dossier_view *view,
                        const struct handoff *handoff)
{
    const struct event_fact *given = &view->facts[handoff->given];
    const struct event_fact *taken = handoff->taken != 0 ? &view->facts[handoff->taken] : NULL;
    const char *result = timeliness_name(handoff->result);

    json_open_object(out);
    json_put_text(out, "giving_unit", view_agency_name(view, handoff->giving_unit));
    json_put_text(out, "taking_unit",
                  handoff->taking_unit.data != NULL ? view_agency_name(view, handoff->taking_unit)
                                                    : TEXT("Người nhận kết quả"));
    json_put_text(out, "giver_name", given->actor);
    if (handoff->taking_unit.data == NULL)
        json_put_text(
            out, "taker_name",
            text_of(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(given->input, "receiver_name"))));
    else
        json_put_text(out, "taker_name", taken != NULL ? taken->actor : TEXT_NONE);
    json_put_instant(out, "given_at", given->at_s);
    json_put_instant(out, "taken_at", taken != NULL ? taken->at_s : 0);
    json_put_string(out, "result", result != NULL ? result : "NONE");
    json_put_text(out, "note", note_of(req, given));
    json_close_object(out);
}

static void put_handoffs(struct req *req, struct json_out *out, const struct dossier_view *view)
{
    struct handoff *handoffs = arena_array(req->arena, struct handoff, view->fact_count);
    size_t const count = handoffs_of(view->facts, view->fact_count, view->calendar, handoffs);

    json_key(out, "handoffs");
    json_open_array(out);
    for (size_t i = count > HANDOFFS_MAX ? count - HANDOFFS_MAX : 0; i < count; i++)
        put_handoff(req, out, view, &handoffs[i]);
    json_close_array(out);
}

/* The units that were asked for an opinion, each once. */
static struct text cooperating(struct req *req, const struct dossier_view *view)
{
    const char *all = "";

    for (size_t i = 0; i < view->fact_count; i++) {
        bool is_first = text_equal(view->facts[i].action, TEXT("consult"));

        for (size_t k = 0; is_first && k < i; k++)
            is_first = !text_equal(view->facts[k].action, TEXT("consult")) ||
                       !text_equal(view->facts[k].unit, view->facts[i].unit);
        if (is_first)
            all = arena_printf(req->arena, "%s%s%.*s", all, *all != '\0' ? "; " : "",
                               TEXT_ARG(view_agency_name(view, view->facts[i].unit)));
    }
    return *all != '\0' ? text_of(all) : TEXT_NONE;
}

struct text control_slip_facts(struct req *req, const struct dossier_view *view, const char **why)
{
    const struct event_fact *start = start_event(view);
    const struct agency *unit = catalogue_agency(live_catalogue(view->live), view->dossier.receiving_unit);
    struct json_out out = json_out_begin(req->arena);

    must(unit != NULL);
    if (start == NULL) {
        *why = "Phiếu kiểm soát chỉ lập từ khi tiếp nhận hồ sơ";
        return TEXT_NONE;
    }
    json_open_object(&out);
    form_put_head(req, &out, view, view->dossier.accepted_at_s, unit, view->dossier.accepted_at_s);
    json_put_text(&out, "owner_name", form_person_member(req, view->owner, "name"));
    json_put_text(&out, "lead_agency", view->competent->name);
    json_put_text(&out, "cooperating_agencies", cooperating(req, view));
    json_put_string(&out, "register_book",
                    arena_printf(req->arena, "01/%lld", (long long)view->register_year));
    json_put_i64(&out, "register_line", view->register_no);
    json_put_instant(&out, "accepted_at", view->dossier.accepted_at_s);
    json_put_instant(&out, "due_at", view->dossier.due_clock_s);
    put_handoffs(req, &out, view);
    json_close_object(&out);
    return json_out_end(&out);
}
