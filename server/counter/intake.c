#include "counter/intake.h"

#include "dossier/clock_rules.h"
#include "dossier/dossier_change.h"
#include "dossier/dossier_evidence.h"
#include "dossier/leg_view.h"
#include "identity/identity.h"

static enum intake_decision decision_of(struct text name)
{
    static const char *const names[] = {"ACCEPT", "SUBMIT", "REQUEST_MORE", "REFUSE"};

    for (size_t i = 0; i < array_length(names); i++)
        if (text_equal(text_of(names[i]), name))
            return (enum intake_decision)i;
    return INTAKE_ACCEPT;
}

/* Accepted at the desk: the clock starts, the first step is the desk's own. */
static void accept(struct intake *intake)
{
    struct dossier_view *view = intake->view;
    struct dossier *dossier = &view->dossier;
    struct dossier_acceptance const acceptance = dossier_accept(&dossier->plan, view->calendar, view->now_s);

    dossier->state = STATE_ACCEPTED;
    dossier->accepted_at_s = acceptance.accepted_at_s;
    dossier->clock_start_s = acceptance.accepted_at_s;
    dossier->due_clock_s = acceptance.due_clock_s;
    dossier->due_eod_s = acceptance.due_eod_s;
    dossier->step_phase = PHASE_DESK;
    dossier->step_started_s = view->now_s;
    dossier->step_due_s = acceptance.step_due_s;
    intake->action = action_name(ACTION_ACCEPT);
    intake->clock = clock_kind_name(CLOCK_START);
}

/* Not accepted: registered for the desk's check, asked to be completed (form 02), or refused (form 03). */
static void set_aside(struct intake *intake)
{
    struct dossier_view *view = intake->view;
    struct dossier *dossier = &view->dossier;

    switch (intake->decision) {
    case INTAKE_SUBMIT:
        dossier->state = STATE_SUBMITTED;
        intake->action = "submit";
        return;
    case INTAKE_REQUEST_MORE:
        dossier->state = STATE_INTAKE_SUPPLEMENT;
        dossier->supplement_due_s = clock_supplement_due(&dossier->plan, view->calendar, view->now_s);
        intake->action = action_name(ACTION_REQUEST_SUPPLEMENT);
        return;
    case INTAKE_REFUSE:
        dossier->state = STATE_INTAKE_REFUSED;
        intake->action = action_name(ACTION_REFUSE);
        return;
    case INTAKE_ACCEPT: break;
    }
    unreachable();
}

static void set_common(struct req *req, struct intake *intake)
{
    const struct intake_body *body = req->body;
    struct dossier_view *view = intake->view;
    struct dossier *dossier = &view->dossier;

    dossier->version = 1;
    dossier->holder_unit = dossier->receiving_unit;
    dossier->holder_role = ROLE_RECEIVER;
    dossier->return_channel = body->return_channel;
    dossier->is_submitter_owner = body->submitter == NULL;
    view->channel = body->channel;
    view->assist_unit = body->assist_unit;
    view->submitted_at_s = view->now_s;
    view->is_closed = state_is_final(dossier->state);
    view->facts = arena_array(req->arena, struct event_fact, 1);
    view->fact_count = 1;
    view->facts[0] = (struct event_fact){
        .seq = 1,
        .at_s = view->now_s,
        .action = text_of(intake->action),
        .actor = req->asker.name,
        .unit = dossier->holder_unit,
        .role = text_of(role_name(dossier->holder_role)),
        .clock = text_of(intake->clock),
        .ground = body->ground.length > 0 ? body->ground : TEXT_NONE,
        .state = dossier->state,
        .due_clock_s = dossier->due_clock_s,
        .due_eod_s = dossier->due_eod_s,
        .step_due_s = dossier->step_due_s,
        .phase = dossier->step_phase,
        .is_step_start = dossier->step_phase != PHASE_NONE,
    };
}

/* Names and telephone number, folded by the database for the search. */
static struct text search_text(struct req *req)
{
    const struct intake_body *body = req->body;
    struct text const submitter = body->submitter != NULL ? body->submitter->name : TEXT_NONE;

    return text_words(req->arena,
                      text_of(arena_printf(req->arena, "%.*s %.*s %.*s", TEXT_ARG(body->owner->name),
                                           TEXT_ARG(submitter), TEXT_ARG(body->owner->phone))));
}

static enum act intake_begin(struct req *req);

static void catalogue_came(struct req *req)
{
    req_wake(req);
    req_go_on(req, intake_begin(req));
}

/* Status, code, version and answer stand in this order in both statements. */
static enum act first_answer(struct req *req, const struct db_answer *answer, int status, int code)
{
    _Static_assert((int)COL_INTAKE_OUTCOME == (int)COL_INTAKE_CHAIN_OUTCOME &&
                       (int)COL_INTAKE_STATUS == (int)COL_INTAKE_CHAIN_STATUS &&
                       (int)COL_INTAKE_CODE == (int)COL_INTAKE_CHAIN_CODE,
                   "one reader for both");
    _Static_assert((int)COL_INTAKE_VERSION - (int)COL_INTAKE_CODE == 1 &&
                       (int)COL_KEY_FIND_VERSION - (int)COL_KEY_FIND_LOCATION == 1 &&
                       (int)COL_INTAKE_ANSWER - (int)COL_INTAKE_CODE == 2 &&
                       (int)COL_KEY_FIND_ANSWER - (int)COL_KEY_FIND_LOCATION == 2,
                   "one reader for both");
    db_keep(answer, req->arena);
    reply_version(req, db_i64(answer, 0, code + 1));
    reply_header(req, "Location",
                 text_of(arena_printf(req->arena, "/api/v1/dossiers/%s", db_string(answer, 0, code))));
    return reply_json(req, (int)db_i64(answer, 0, status), db_text(answer, 0, code + 2));
}

static enum act stored(struct req *req, const struct db_answer *answer)
{
    struct text const outcome = db_text(answer, 0, COL_INTAKE_OUTCOME);

    if (text_equal(outcome, TEXT("done")) || text_equal(outcome, TEXT("repeated")))
        return first_answer(req, answer, COL_INTAKE_STATUS, COL_INTAKE_CODE);
    if (text_equal(outcome, TEXT("key-reused")))
        return refuse(req, REFUSE_KEY_REUSED);
    if (text_equal(outcome, TEXT("not-signed-in")))
        return refuse_not_signed_in(req);
    if (text_equal(outcome, TEXT("not-allowed")))
        return refuse(req, REFUSE_NOT_ALLOWED);
    must(text_equal(outcome, TEXT("stale-catalogue")));
    if (req->has_retried)
        return refuse(req, REFUSE_UNAVAILABLE);
    req->has_retried = true;
    return live_refresh(req, catalogue_came) ? req_wait(req) : refuse(req, REFUSE_UNAVAILABLE);
}

/* What both statements are given, in the order of their heads. */
#define INTAKE_PARAMS                                                                                        \
    param_text(req, req->asker.session_hex), param_text(req, req->key), param_text(req, req->body_hash_hex), \
        param_i64(req, live_epoch(view->live)), param_instant(req, view->now_s),                             \
        param_text(req, d->competent_agency), state_name(d->state), param_bool(view->is_closed),             \
        param_i64(req, view->version->id), param_text(req, view->version->code),                             \
        view->chosen != NULL ? param_text(req, view->chosen->code) : NULL, param_text(req, view->channel),   \
        param_text(req, d->return_channel),                                                                  \
        view->assist_unit.length > 0 ? param_text(req, view->assist_unit) : NULL,                            \
        param_text(req, d->receiving_unit), param_text(req, d->competent_agency),                            \
        param_text(req, d->processing_unit), param_text(req, d->holder_unit), role_name(d->holder_role),     \
        param_bool(is_accepted), param_instant(req, d->clock_start_s), param_instant(req, d->due_clock_s),   \
        param_instant(req, d->due_eod_s), param_instant(req, d->supplement_due_s),                           \
        d->step_phase == PHASE_NONE ? NULL : phase_name(d->step_phase), param_instant(req, d->step_due_s),   \
        param_instant(req, dossier_risk_at(d, view->calendar, view->now_s)),                                 \
        param_bool(d->is_submitter_owner), param_i64(req, view->fee_owed), intake->owner_key,                \
        param_text(req, view->lookup_secret), param_text(req, view->owner),                                  \
        param_text(req, view->submitter), param_text(req, view->components), param_text(req, view->fees),    \
        view->note.length > 0 ? param_text(req, view->note) : "", param_text(req, search_text(req)),         \
        intake->action, intake->clock, body->ground.length > 0 ? param_text(req, body->ground) : NULL,       \
        param_text(req, intake->input), "201", param_text(req, dossier_detail(req, view, true)),             \
        watch.kinds, watch.ats, intake_evidence(req, view, intake->input)

static enum act store(struct req *req, const struct intake *intake)
{
    const struct dossier_view *view = intake->view;
    const struct dossier *d = &view->dossier;
    const struct intake_body *body = req->body;
    bool const is_accepted = d->accepted_at_s != 0;
    struct watch_params const watch = view_timers(req, view);

    if (view->leg_count > 0)
        return ask(req, stored, SQL_INTAKE_CHAIN, INTAKE_PARAMS, param_text(req, view_legs_rows(req, view)));
    return ask(req, stored, SQL_INTAKE, INTAKE_PARAMS);
}

/* What the decisions other than acceptance cannot do without: forms 02 and 03 say why. */
static bool has_reasons(struct req *req, enum intake_decision decision)
{
    const struct intake_body *body = req->body;

    if (decision == INTAKE_REQUEST_MORE && body->items.count == 0)
        req_error(req, "/items", "required", "Ghi đủ một lần những gì cần bổ sung");
    if (decision == INTAKE_REFUSE && body->reason.length == 0)
        req_error(req, "/reason", "required", "Ghi lý do từ chối");
    if (decision == INTAKE_REFUSE && body->ground.length == 0)
        req_error(req, "/ground", "required", "Ghi căn cứ pháp lý");
    return req->error_count == 0;
}

/* Everything that can be decided before anything is stored. False: *act says why not. */
static bool plan(struct req *req, struct intake *intake, enum act *act)
{
    if (!has_reasons(req, intake->decision)) {
        *act = refuse(req, REFUSE_INVALID);
        return false;
    }
    if (!intake_place(req, intake, act) || !intake_check_papers(req, intake, act) ||
        !intake_count_fees(req, intake, act))
        return false;
    intake_write_content(req, intake);
    if (intake->decision == INTAKE_ACCEPT)
        accept(intake);
    else
        set_aside(intake);
    set_common(req, intake);
    return true;
}

static enum act key_looked_up(struct req *req, const struct db_answer *answer)
{
    struct text const hash = {req->body_hash_hex.data + 2, req->body_hash_hex.length - 2};

    if (db_row_count(answer) == 0 || !text_equal(db_text(answer, 0, COL_KEY_FIND_BODY_HASH), hash))
        return reply_kept(req, req->state);
    return first_answer(req, answer, COL_KEY_FIND_STATUS, COL_KEY_FIND_LOCATION);
}

/* What is refused today may have been accepted yesterday: a repeated key gets its first answer, whatever the
 * catalogue says by now. Only refusals pay for the look. */
static enum act refuse_unless_repeated(struct req *req)
{
    req->state = reply_put_aside(req);
    return ask(req, key_looked_up, SQL_KEY_FIND, param_text(req, req->asker.session_hex),
               param_text(req, req->key));
}

static enum act intake_begin(struct req *req)
{
    const struct intake_body *body = req->body;
    struct intake *intake = arena_new(req->arena, struct intake);
    enum act act;

    intake->view = arena_new(req->arena, struct dossier_view);
    intake->decision = decision_of(body->decision);
    intake->view->live = live_hold(req);
    intake->view->now_s = worker_now(req->worker);
    intake->view->roles = ROLE_RECEIVER;
    intake->view->person = req->asker.person;
    if (intake->view->live == NULL)
        return refuse(req, REFUSE_UNAVAILABLE);
    return plan(req, intake, &act) ? store(req, intake) : refuse_unless_repeated(req);
}

const struct route counter_routes[1] = {
    {NET_POST, "/api/v1/dossiers", ROLE_RECEIVER, ROUTE_KEY, NULL, 0, intake_fields,
     sizeof(struct intake_body), intake_begin, "dossier_create",
     "Tiếp nhận tại quầy: một hồ sơ, một mã, một giấy hẹn", "201 Dossier +ETag +Location",
     "incomplete-components fee-owed no-competent-agency"},
};
