/* The legs of a chain as their readers see them: part of the detail, of the answer to an action, and of
 * GET …/chain. */
#include "core/json.h"
#include "dossier/leg_view.h"

enum { ROLES_OF_ALL = ROLE_RECEIVER | ROLE_RETURN_CLERK | ROLE_MONITOR | ROLE_AUDITOR };

bool view_is_of_legs(const struct dossier_view *view)
{
    return view->leg_count > 0 && view->roles == 0;
}

static bool is_own(const struct dossier_view *view, size_t at)
{
    return view->legs[at].given_at_s != 0 && (view->leg_views[at].roles & ~(unsigned)ROLES_OF_ALL) != 0;
}

enum leg_sight view_leg_sight(const struct dossier_view *view, size_t at)
{
    if (!view_is_of_legs(view) || is_own(view, at))
        return LEG_SEEN;
    for (size_t i = at + 1; i < view->leg_count; i++)
        if (is_own(view, i) && (view->legs[i].after >> at & 1) != 0)
            return LEG_OUTLINE;
    return LEG_UNSEEN;
}

unsigned view_leg_roles(const struct dossier_view *view, size_t at, enum dossier_action action)
{
    return action == ACTION_JOIN_WITHOUT ? view->roles & ROLE_LEADER : view->leg_views[at].roles;
}

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

static void put_holder(struct json_out *out, const struct dossier_view *view, size_t at)
{
    const struct chain_leg *leg = &view->legs[at];

    json_key(out, "holder");
    if (!leg_is_open(leg)) {
        json_null(out);
    } else {
        json_open_object(out);
        json_put_text(out, "unit", leg->work.holder_unit);
        json_put_text(out, "unit_name", view_agency_name(view, leg->work.holder_unit));
        json_put_string(out, "role", role_name(leg->work.holder_role));
        json_put_string(out, "role_label", role_label(leg->work.holder_role));
        json_close_object(out);
    }
    json_key(out, "handler");
    if (leg->work.handler == 0 || view_leg_sight(view, at) != LEG_SEEN) {
        json_null(out);
        return;
    }
    json_open_object(out);
    json_put_text(out, "username", view->leg_views[at].handler_username);
    json_put_text(out, "name", view->leg_views[at].handler_name);
    json_close_object(out);
}

static void put_depends(struct json_out *out, const struct dossier_view *view, size_t at)
{
    json_key(out, "depends_on");
    json_open_array(out);
    for (size_t i = 0; i < at; i++)
        if ((view->legs[at].after >> i & 1) != 0)
            json_text(out, view->legs[i].code);
    json_close_array(out);
}

/* The two events of the hand-over: who gave it when, who took it when. */
static void put_hand_over(struct json_out *out, const struct dossier_view *view, size_t at)
{
    const struct chain_leg *leg = &view->legs[at];
    const struct leg_view *rest = &view->leg_views[at];

    json_put_instant(out, "given_at", leg->given_at_s);
    put_agency(out, view, "given_unit", leg->given_unit);
    json_put_text(out, "given_by", leg->given_at_s != 0 ? rest->given_by_name : TEXT_NONE);
    json_put_instant(out, "taken_at", leg->taken_at_s);
    json_put_text(out, "taken_by", leg->taken_at_s != 0 ? rest->taken_by_name : TEXT_NONE);
}

static void put_times(struct json_out *out, const struct chain_leg *leg, int64_t planned_s)
{
    json_put_instant(out, "planned_due_at", planned_s);
    json_put_instant(out, "due_at", leg->work.due_clock_s);
    json_put_instant(out, "due_eod", leg->work.due_eod_s);
    json_put_instant(out, "finished_at", leg->work.finished_at_s);
    json_put_string(out, "timeliness", timeliness_name(leg->work.timeliness));
    json_put_instant(out, "supplement_due_at", leg->work.supplement_due_s);
    json_put_instant(out, "late_answer_at", leg->late_answer_at_s);
}

static void put_result(struct json_out *out, const struct leg_view *rest)
{
    char day[INSTANT_TEXT_BYTES];

    json_put_text(out, "output", rest->plan->output);
    json_put_text(out, "document", rest->document);
    json_put_string(out, "document_date",
                    rest->document_day == FIELD_ABSENT ? NULL : day_format(day, (int32_t)rest->document_day));
    json_put_raw(out, "papers", rest->papers.data != NULL ? rest->papers : TEXT("[]"));
}

static void put_steps(struct json_out *out, const struct dossier_view *view, size_t at)
{
    struct dossier_view of_leg = *view;

    of_leg.dossier = view->legs[at].work;
    of_leg.calendar = view->legs[at].calendar;
    of_leg.shown_leg = view->leg_views[at].plan;
    of_leg.shown_leg_no = view->legs[at].no;
    if (view_leg_sight(view, at) != LEG_SEEN)
        of_leg.fact_count = 0;
    dossier_steps_write(out, &of_leg);
}

static void put_leg(struct json_out *out, const struct dossier_view *view, size_t at, int64_t planned_s)
{
    const struct chain_leg *leg = &view->legs[at];
    const struct leg_view *rest = &view->leg_views[at];

    json_open_object(out);
    json_put_i64(out, "no", leg->no);
    json_put_text(out, "code", leg->code);
    json_put_text(out, "name", rest->plan->name);
    json_put_text(out, "parallel_group",
                  rest->plan->parallel_group.length > 0 ? rest->plan->parallel_group : TEXT_NONE);
    put_depends(out, view, at);
    json_put_string(out, "stage", leg_stage_name(leg->work.stage));
    json_put_string(out, "stage_label", leg_stage_label(leg->work.stage));
    json_put_string(out, "state", leg->given_at_s != 0 ? state_name(leg->work.state) : NULL);
    json_put_string(out, "state_label", leg->given_at_s != 0 ? state_label(leg->work.state) : NULL);
    put_agency(out, view, "agency", leg->work.competent_agency);
    put_agency(out, view, "unit", leg->work.processing_unit);
    put_holder(out, view, at);
    put_hand_over(out, view, at);
    put_times(out, leg, planned_s);
    put_result(out, rest);
    put_steps(out, view, at);
    json_close_object(out);
}

void view_legs_write(struct json_out *out, const struct dossier_view *view)
{
    struct chain const chain = view_chain(view);
    int64_t starts_s[LEGS_MAX], ends_s[LEGS_MAX] = {0};

    if (view->dossier.accepted_at_s != 0 && !chain_plan(&chain, view->calendar, starts_s, ends_s))
        ends_s[0] = 0; /* outside of 1990–2100: no plan is shown */
    json_key(out, "legs");
    json_open_array(out);
    for (size_t i = 0; i < view->leg_count; i++)
        if (view_leg_sight(view, i) != LEG_UNSEEN)
            put_leg(out, view, i, ends_s[i]);
    json_close_array(out);
}

static void put_offer(struct json_out *out, const struct dossier_offer *offer, struct text leg)
{
    json_open_object(out);
    json_put_string(out, "action", action_name(offer->action));
    json_put_string(out, "label", action_label(offer->action));
    json_put_text(out, "leg", leg);
    needs_write(out, "needs", offer->needs);
    needs_write(out, "takes", offer->takes);
    json_close_object(out);
}

void view_leg_offers_write(struct json_out *out, const struct dossier_view *view)
{
    for (size_t at = 0; at < view->leg_count; at++) {
        struct dossier_offer offers[ACTION_COUNT];
        struct dossier_actor actor = {.user = view->person,
                                      .roles = view->leg_views[at].roles,
                                      .asking_roles = view->leg_views[at].asking_roles};
        size_t count = dossier_offers(&view->legs[at].work, &actor, view->calendar, view->now_s, offers);

        for (size_t i = 0; i < count; i++)
            if (offers[i].action != ACTION_JOIN_WITHOUT)
                put_offer(out, &offers[i], view->legs[at].code);
        actor.roles = view_leg_roles(view, at, ACTION_JOIN_WITHOUT);
        count = dossier_offers(&view->legs[at].work, &actor, view->calendar, view->now_s, offers);
        for (size_t i = 0; i < count; i++)
            if (offers[i].action == ACTION_JOIN_WITHOUT)
                put_offer(out, &offers[i], view->legs[at].code);
    }
}

static bool is_given(const struct leg *plan, struct text component)
{
    for (size_t i = 0; i < plan->component_count; i++)
        if (text_equal(plan->components[i], component))
            return true;
    return plan->component_count == 0;
}

struct text view_leg_components(struct json_out *out, const struct dossier_view *view)
{
    struct json_result const parsed = json_parse(out->text.arena, view->components, &json_limits_file);
    cJSON *row, *next;
    char *text;

    must(parsed.fault == JSON_OK);
    for (row = parsed.root->child; row != NULL; row = next) {
        struct text const code = text_of(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(row, "code")));
        bool is_seen = false;

        next = row->next;
        for (size_t i = 0; i < view->leg_count; i++)
            is_seen = is_seen || (is_own(view, i) && is_given(view->leg_views[i].plan, code));
        if (!is_seen)
            cJSON_Delete(cJSON_DetachItemViaPointer(parsed.root, row));
    }
    text = cJSON_PrintUnformatted(parsed.root);
    must(text != NULL);
    arena_on_end(out->text.arena, cJSON_free, text);
    return text_of(text);
}
