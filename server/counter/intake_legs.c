/* The legs of a chain when it is received: which of those that exclude each other, and which agency each. */
#include "counter/intake.h"

#include "dossier/leg_view.h"

static bool is_chosen(const struct intake_body *body, struct text code)
{
    const struct intake_leg *legs = body->legs.items;

    for (size_t i = 0; i < body->legs.count; i++)
        if (text_equal(legs[i].code, code))
            return true;
    return false;
}

/* Of each choice exactly one leg is named, and nothing that is no choice. */
static void check_choices(struct req *req, const struct procedure_version *version)
{
    const struct intake_body *body = req->body;
    const struct intake_leg *legs = body->legs.items;

    for (size_t i = 0; i < body->legs.count; i++) {
        const struct leg *leg = version_leg(version, legs[i].code);

        if (leg == NULL || leg->choice_group.length == 0)
            req_error(req, arena_printf(req->arena, "/legs/%zu/code", i), "unknown",
                      "Không phải chặng để lựa chọn của thủ tục này");
    }
    for (size_t i = 0; i < version->leg_count; i++) {
        const struct leg *leg = &version->legs[i];
        size_t named = 0;
        bool is_first = leg->choice_group.length > 0;

        for (size_t other = 0; other < version->leg_count; other++) {
            if (leg->choice_group.length == 0 ||
                !text_equal(version->legs[other].choice_group, leg->choice_group))
                continue;
            is_first = is_first && other >= i;
            named += is_chosen(body, version->legs[other].code) ? 1 : 0;
        }
        if (is_first && named != 1)
            req_error(req, "/legs", named == 0 ? "required" : "too-many",
                      arena_printf(req->arena, "Chọn đúng một chặng: %.*s", TEXT_ARG(leg->condition)));
    }
}

/* Bits of the legs it waits for, as far as they take part. */
static uint64_t after_of(const struct dossier_view *view, const struct leg *leg)
{
    uint64_t after = 0;

    for (size_t i = 0; i < view->leg_count; i++)
        for (size_t d = 0; d < leg->depend_count; d++)
            if (text_equal(view->legs[i].code, leg->depends[d]))
                after |= UINT64_C(1) << i;
    return after;
}

static bool add_leg(struct intake *intake, const struct leg *plan, int32_t today)
{
    struct dossier_view *view = intake->view;
    const struct catalogue *catalogue = live_catalogue(view->live);
    const struct agency *agency =
        catalogue_leg_agency(catalogue, view->version, plan, intake->receiving, today);
    struct text const field = plan->field.length > 0 ? plan->field : view->version->field;
    struct chain_leg *leg = &view->legs[view->leg_count];

    if (agency == NULL)
        return false;
    leg->no = (int)view->leg_count + 1;
    leg->code = plan->code;
    leg->after = after_of(view, plan);
    leg->calendar = live_calendar(view->live, agency);
    leg->work = (struct dossier){
        .stage = LEG_WAITING,
        .plan = leg_plan_of(view->version, plan),
        .receiving_unit = intake->receiving->code,
        .competent_agency = agency->code,
        .processing_unit = catalogue_department(catalogue, agency, field, today)->code,
        .holder_role = ROLE_DEPT_HEAD,
    };
    leg->work.holder_unit = leg->work.processing_unit;
    view->leg_views[view->leg_count++] = (struct leg_view){.plan = plan, .document_day = FIELD_ABSENT};
    return true;
}

bool intake_legs(struct req *req, struct intake *intake, int32_t today, enum act *act)
{
    const struct intake_body *body = req->body;
    struct dossier_view *view = intake->view;
    struct chain chain;

    check_choices(req, view->version);
    if (req->error_count > 0) {
        *act = refuse(req, REFUSE_INVALID);
        return false;
    }
    view->legs = arena_array(req->arena, struct chain_leg, view->version->leg_count + 1);
    view->leg_views = arena_array(req->arena, struct leg_view, view->version->leg_count + 1);
    for (size_t i = 0; i < view->version->leg_count; i++) {
        const struct leg *leg = &view->version->legs[i];

        if (leg->choice_group.length > 0 && !is_chosen(body, leg->code))
            continue;
        if (!add_leg(intake, leg, today)) {
            *act = refuse_with(req, REFUSE_CANNOT_DECIDE,
                               arena_printf(req->arena, "Chặng “%.*s” chưa có cơ quan giải quyết cho nơi này",
                                            TEXT_ARG(leg->name)));
            return false;
        }
    }
    if (view->leg_count == 0)
        return true;
    chain = view_chain(view);
    chain_link(&chain);
    view->dossier.has_legs = true;
    return true;
}
