#include "dossier/dossier_view.h"

#include "core/config.h"
#include "core/json.h"
#include "dossier/leg_view.h"
#include "identity/identity.h"

#define COLUMN(name) COL_DOSSIER_LOAD_##name

static struct text column(const struct db_answer *answer, int index)
{
    return db_text(answer, 0, index);
}

static int64_t number(const struct db_answer *answer, int index)
{
    return db_i64(answer, 0, index);
}

struct text view_agency_name(const struct dossier_view *view, struct text code)
{
    const struct agency *agency = catalogue_agency(live_catalogue(view->live), code);

    return agency != NULL ? agency->name : code;
}

struct dossier_plan dossier_plan_of(const struct procedure_version *version,
                                    const struct procedure_case *chosen)
{
    struct time_limit const limit = version_limit(version, chosen);
    struct dossier_plan plan = {
        .limit_unit = (enum limit_unit)limit.unit,
        .limit_milli = limit.quantity_milli,
        .has_last_hour_rule = version->has_last_hour_rule,
        .is_restart = version->supplement_mode == SUPPLEMENT_RESTART,
        .max_supplements = (int)version->max_supplements,
        .supplement_limit_work_days = (int)version->supplement_limit_work_days,
        .is_separate_signer = version->is_separate_signer,
        .is_supplement_signed = version->is_supplement_signed,
    };

    _Static_assert((int)STEP_PHASE_COUNT == (int)PHASE_COUNT, "catalogue and dossier name the same phases");
    _Static_assert((int)TERM_SAME_DAY_15 == (int)LIMIT_SAME_DAY_15,
                   "catalogue and dossier name the same units");
    version_quotas(version, chosen, NULL, plan.quota_min);
    if (version->leg_count >
        0) { /* of a chain the desk's step is the whole's, the others are the legs' own */
        int64_t first_min[STEP_PHASE_COUNT];

        version_quotas(version, chosen, &version->legs[0], first_min);
        plan.quota_min[PHASE_DESK] = first_min[STEP_DESK];
    }
    return plan;
}

static enum dossier_state state_of(struct text name)
{
    enum dossier_state state = STATE_DRAFT;

    must(name.length == 0 || state_from_name(name, &state)); /* the column's values are ours */
    return state;
}

static enum dossier_phase phase_of(struct text name)
{
    for (int phase = PHASE_NONE + 1; phase < PHASE_COUNT; phase++)
        if (text_equal(text_of(phase_name((enum dossier_phase)phase)), name))
            return (enum dossier_phase)phase;
    must(name.length == 0);
    return PHASE_NONE;
}

static enum timeliness timeliness_of(struct text name)
{
    for (int i = TIMELINESS_EARLY; i <= TIMELINESS_OVERDUE; i++)
        if (text_equal(text_of(timeliness_name((enum timeliness)i)), name))
            return (enum timeliness)i;
    must(name.length == 0);
    return TIMELINESS_NONE;
}

/* "stop,resume,stop": seconds. */
static void read_stops(struct dossier *dossier, struct text stops)
{
    bool is_stop = true;

    while (stops.length > 0) {
        int64_t at_s;
        struct text rest;

        must(text_to_i64(text_cut(stops, ',', &rest), &at_s));
        stops = rest;
        if (is_stop) {
            must(dossier->pause_count < PAUSES_MAX);
            dossier->pauses[dossier->pause_count++].stop_s = at_s;
        } else {
            dossier->pauses[dossier->pause_count - 1].resume_s = at_s;
        }
        is_stop = !is_stop;
    }
}

static struct text member_text(const cJSON *object, const char *name)
{
    return text_of(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name)));
}

static int64_t member_number(const cJSON *object, const char *name)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, name);

    return cJSON_IsNumber(value) ? (int64_t)value->valuedouble : 0;
}

static const cJSON *member_object(const cJSON *object, const char *name)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, name);

    return cJSON_IsObject(value) ? value : NULL;
}

static void read_facts(struct req *req, struct dossier_view *view, struct text json)
{
    struct json_result const parsed = json_parse(req->arena, json, &json_limits_file);
    const cJSON *item;

    must(parsed.fault == JSON_OK); /* PostgreSQL made it */
    view->facts = arena_array(req->arena, struct event_fact, cJSON_GetArraySize(parsed.root) + 1);
    cJSON_ArrayForEach(item, parsed.root)
    {
        view->facts[view->fact_count++] = (struct event_fact){
            .seq = member_number(item, "seq"),
            .at_s = member_number(item, "at"),
            .action = member_text(item, "action"),
            .actor = member_text(item, "actor"),
            .unit = member_text(item, "unit"),
            .role = member_text(item, "role"),
            .handler = member_text(item, "handler"),
            .clock = member_text(item, "clock"),
            .ground = member_text(item, "ground"),
            .document = member_text(item, "document"),
            .reason = member_text(item, "reason"),
            .actor_role = member_text(item, "by"),
            .actor_unit = member_text(item, "at_unit"),
            .input = member_object(item, "input"),
            .state = state_of(member_text(item, "state")),
            .due_clock_s = member_number(item, "due"),
            .due_eod_s = member_number(item, "eod"),
            .step_due_s = member_number(item, "step_due"),
            .phase = phase_of(member_text(item, "phase")),
            .leg = (int)member_number(item, "leg"),
            .is_step_start = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(item, "starts")),
        };
    }
}

static void read_row(struct dossier *dossier, const struct db_answer *answer)
{
    *dossier = (struct dossier){
        .state = state_of(column(answer, COLUMN(STATE))),
        .state_before = state_of(column(answer, COLUMN(STATE_BEFORE))),
        .version = number(answer, COLUMN(VERSION)),
        .accepted_at_s = number(answer, COLUMN(ACCEPTED_AT)),
        .due_clock_s = number(answer, COLUMN(DUE_CLOCK)),
        .due_eod_s = number(answer, COLUMN(DUE_EOD)),
        .reappointed_due_at_s = number(answer, COLUMN(REAPPOINTED)),
        .finished_at_s = number(answer, COLUMN(FINISHED_AT)),
        .timeliness = timeliness_of(column(answer, COLUMN(TIMELINESS))),
        .supplements = (int)number(answer, COLUMN(SUPPLEMENTS)),
        .supplement_due_s = number(answer, COLUMN(SUPPLEMENT_DUE)),
        .consult_due_s = number(answer, COLUMN(CONSULT_DUE)),
        .is_refusal_drafted = db_bool(answer, 0, COLUMN(IS_REFUSAL_DRAFTED)),
        .is_owed = number(answer, COLUMN(FEE_OWED)) > 0,
        .is_submitter_owner = db_bool(answer, 0, COLUMN(IS_SUBMITTER_OWNER)),
        .handler = number(answer, COLUMN(HANDLER)),
        .receiving_unit = column(answer, COLUMN(RECEIVING_UNIT)),
        .processing_unit = column(answer, COLUMN(PROCESSING_UNIT)),
        .competent_agency = column(answer, COLUMN(COMPETENT_AGENCY)),
        .holder_unit = column(answer, COLUMN(HOLDER_UNIT)),
        .holder_role = role_from_name(column(answer, COLUMN(HOLDER_ROLE))),
        .return_channel = column(answer, COLUMN(RETURN_CHANNEL)),
        .step_phase = phase_of(column(answer, COLUMN(STEP_PHASE))),
        .step_started_s = number(answer, COLUMN(STEP_STARTED)),
        .step_due_s = number(answer, COLUMN(STEP_DUE)),
        .step_remaining_min = number(answer, COLUMN(STEP_REMAINING_MIN)),
        .clock_start_s = number(answer, COLUMN(CLOCK_START)),
    };
    read_stops(dossier, column(answer, COLUMN(STOPS)));
}

static void read_rest(struct req *req, struct dossier_view *view, const struct db_answer *answer)
{
    view->id = number(answer, COLUMN(ID));
    view->code = column(answer, COLUMN(CODE));
    view->submission_code = column(answer, COLUMN(SUBMISSION_CODE));
    view->channel = column(answer, COLUMN(CHANNEL));
    view->assist_unit = column(answer, COLUMN(ASSIST_UNIT));
    view->register_year = number(answer, COLUMN(REGISTER_YEAR));
    view->register_no = number(answer, COLUMN(REGISTER_NO));
    view->submitted_at_s = number(answer, COLUMN(SUBMITTED_AT));
    view->returned_at_s = number(answer, COLUMN(RETURNED_AT));
    view->fee_owed = number(answer, COLUMN(FEE_OWED));
    view->is_closed = db_bool(answer, 0, COLUMN(IS_CLOSED));
    view->owner = column(answer, COLUMN(OWNER));
    view->submitter = column(answer, COLUMN(SUBMITTER));
    view->components = column(answer, COLUMN(COMPONENTS));
    view->fees = column(answer, COLUMN(FEES));
    view->note = column(answer, COLUMN(NOTE));
    view->lookup_secret = column(answer, COLUMN(LOOKUP_SECRET));
    view->head = column(answer, COLUMN(HEAD));
    view->handler_username = column(answer, COLUMN(HANDLER_USERNAME));
    view->handler_name = column(answer, COLUMN(HANDLER_NAME));
    view->new_handler = number(answer, COLUMN(NEW_HANDLER));
    view->new_handler_username = column(answer, COLUMN(NEW_HANDLER_USERNAME));
    view->new_handler_name = column(answer, COLUMN(NEW_HANDLER_NAME));
    view->new_handler_units = column(answer, COLUMN(NEW_HANDLER_UNITS));
    read_facts(req, view, column(answer, COLUMN(EVENTS)));
}

struct dossier_view *dossier_view_load(struct req *req, const struct db_answer *answer, enum act *act)
{
    struct dossier_view *view = arena_new(req->arena, struct dossier_view);

    must(db_row_count(answer) == 1);
    if (db_is_null(answer, 0, COLUMN(PERSON))) {
        *act = refuse_not_signed_in(req);
        return NULL;
    }
    view->roles = (unsigned)number(answer, COLUMN(ROLES));
    if (db_is_null(answer, 0, COLUMN(ID)) || view->roles == 0) {
        *act = refuse(req, REFUSE_NO_SUCH_DOSSIER);
        return NULL;
    }
    view->roles = (unsigned)number(answer, COLUMN(ACTING_ROLES)); /* seeing is settled, now what he may */
    view->asking_roles = (unsigned)number(answer, COLUMN(ASKING_ROLES));
    view->live = live_hold(req);
    view->version = view->live == NULL ? NULL
                                       : catalogue_version(live_catalogue(view->live),
                                                           number(answer, COLUMN(PROCEDURE_VERSION)));
    if (view->version == NULL) { /* newer than our snapshot, which is being replaced */
        *act = refuse(req, REFUSE_UNAVAILABLE);
        return NULL;
    }
    db_keep(answer, req->arena);
    view->person = number(answer, COLUMN(PERSON));
    view->now_s = number(answer, COLUMN(NOW)) + req->worker->config->time_clock_offset_ms / 1000;
    read_row(&view->dossier, answer);
    read_rest(req, view, answer);
    /* Clocks of two machines differ: an entry is never earlier than the one before it. */
    if (view->now_s < view->facts[view->fact_count - 1].at_s)
        view->now_s = view->facts[view->fact_count - 1].at_s;
    view->chosen = version_case(view->version, column(answer, COLUMN(PROCEDURE_CASE)));
    view->dossier.plan = dossier_plan_of(view->version, view->chosen);
    view->competent = catalogue_agency(live_catalogue(view->live), view->dossier.competent_agency);
    must(view->competent != NULL); /* a foreign key holds it in the catalogue */
    view->calendar = live_calendar(view->live, view->competent);
    if (!db_is_null(answer, 0, COLUMN(LEGS)))
        view_legs_load(req, view, column(answer, COLUMN(LEGS)));
    return view;
}
