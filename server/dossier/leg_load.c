/* The legs of a chain out of the database and into it: rows of motcua.leg as JSON, named by its columns. */
#include "core/instant.h"
#include "core/json.h"
#include "dossier/leg_view.h"

static struct text text_in(const cJSON *row, const char *name)
{
    return text_of(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(row, name)));
}

static int64_t number_in(const cJSON *row, const char *name)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(row, name);

    return cJSON_IsNumber(value) ? (int64_t)value->valuedouble : 0;
}

static int64_t instant_of(struct text value)
{
    int64_t at_s = 0;

    must(value.length == 0 || instant_parse(value, &at_s)); /* PostgreSQL wrote it */
    return at_s;
}

static int64_t instant_in(const cJSON *row, const char *name)
{
    return instant_of(text_in(row, name));
}

static enum dossier_state state_in(const cJSON *row, const char *name)
{
    struct text const value = text_in(row, name);
    enum dossier_state state = STATE_DRAFT;

    must(value.length == 0 || state_from_name(value, &state));
    return state;
}

static enum dossier_phase phase_in(const cJSON *row)
{
    struct text const value = text_in(row, "step_phase");

    for (int phase = PHASE_NONE + 1; phase < PHASE_COUNT; phase++)
        if (text_equal(text_of(phase_name((enum dossier_phase)phase)), value))
            return (enum dossier_phase)phase;
    return PHASE_NONE;
}

static enum timeliness timeliness_in(const cJSON *row)
{
    for (int i = TIMELINESS_EARLY; i <= TIMELINESS_OVERDUE; i++)
        if (text_equal(text_of(timeliness_name((enum timeliness)i)), text_in(row, "timeliness")))
            return (enum timeliness)i;
    return TIMELINESS_NONE;
}

static void read_stops(struct dossier *work, const cJSON *row)
{
    const cJSON *stop;
    bool is_stop = true;

    cJSON_ArrayForEach(stop, cJSON_GetObjectItemCaseSensitive(row, "stops"))
    {
        int64_t const at_s = instant_of(text_of(cJSON_GetStringValue(stop)));

        if (is_stop) {
            must(work->pause_count < PAUSES_MAX);
            work->pauses[work->pause_count++].stop_s = at_s;
        } else {
            work->pauses[work->pause_count - 1].resume_s = at_s;
        }
        is_stop = !is_stop;
    }
}

struct dossier_plan leg_plan_of(const struct procedure_version *version, const struct leg *leg)
{
    struct dossier_plan plan = {
        .limit_unit = (enum limit_unit)leg->limit.unit,
        .limit_milli = leg->limit.quantity_milli,
        .has_last_hour_rule = version->has_last_hour_rule,
        .is_restart = version->supplement_mode == SUPPLEMENT_RESTART,
        .max_supplements = (int)version->max_supplements,
        .supplement_limit_work_days = (int)version->supplement_limit_work_days,
        .is_separate_signer = version->is_separate_signer,
        .is_supplement_signed = version->is_supplement_signed,
    };

    version_quotas(version, NULL, leg, plan.quota_min);
    return plan;
}

static void read_places(const struct dossier_view *view, struct dossier *work, const cJSON *row)
{
    work->receiving_unit = view->dossier.receiving_unit;
    work->return_channel = view->dossier.return_channel;
    work->is_submitter_owner = view->dossier.is_submitter_owner;
    work->competent_agency = text_in(row, "agency");
    work->processing_unit = text_in(row, "unit");
    work->holder_unit = text_in(row, "holder_unit");
    work->holder_role = role_from_name(text_in(row, "holder_role"));
    work->handler = number_in(row, "handler");
}

static void read_work(const struct dossier_view *view, struct dossier *work, const cJSON *row)
{
    *work = (struct dossier){
        .state = state_in(row, "state"),
        .state_before = state_in(row, "state_before"),
        .version = 1,
        .accepted_at_s = instant_in(row, "clock_start"),
        .clock_start_s = instant_in(row, "clock_start"),
        .due_clock_s = instant_in(row, "due_clock"),
        .due_eod_s = instant_in(row, "due_eod"),
        .finished_at_s = instant_in(row, "finished_at"),
        .timeliness = timeliness_in(row),
        .supplements = (int)number_in(row, "supplements"),
        .supplement_due_s = instant_in(row, "supplement_due"),
        .consult_due_s = instant_in(row, "consult_due"),
        .is_refusal_drafted = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(row, "is_refusal_drafted")),
        .step_phase = phase_in(row),
        .step_started_s = instant_in(row, "step_started"),
        .step_due_s = instant_in(row, "step_due"),
        .step_remaining_min = number_in(row, "step_remaining_min"),
    };
    must(leg_stage_from_name(text_in(row, "stage"), &work->stage));
    read_places(view, work, row);
    read_stops(work, row);
}

static struct text json_in(struct req *req, const cJSON *row, const char *name)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(row, name);
    char *text;

    if (value == NULL || cJSON_IsNull(value))
        return TEXT_NONE;
    text = cJSON_PrintUnformatted(value);
    must(text != NULL);
    arena_on_end(req->arena, cJSON_free, text);
    return text_of(text);
}

static void read_rest(struct req *req, struct leg_view *rest, const cJSON *row)
{
    int32_t day;

    rest->roles = (unsigned)number_in(row, "roles");
    rest->asking_roles = (unsigned)number_in(row, "asking_roles");
    rest->handler_username = text_in(row, "handler_username");
    rest->handler_name = text_in(row, "handler_name");
    rest->given_by_name = text_in(row, "given_by_name");
    rest->taken_by_name = text_in(row, "taken_by_name");
    rest->document = text_in(row, "document");
    rest->document_day = FIELD_ABSENT;
    if (day_parse(text_in(row, "document_date"), &day))
        rest->document_day = day;
    rest->papers = json_in(req, row, "papers");
}

void view_legs_load(struct req *req, struct dossier_view *view, struct text rows)
{
    struct json_result const parsed = json_parse(req->arena, rows, &json_limits_file);
    const struct catalogue *catalogue = live_catalogue(view->live);
    const cJSON *row;
    struct chain chain;

    must(parsed.fault == JSON_OK);
    view->legs = arena_array(req->arena, struct chain_leg, cJSON_GetArraySize(parsed.root) + 1);
    view->leg_views = arena_array(req->arena, struct leg_view, cJSON_GetArraySize(parsed.root) + 1);
    cJSON_ArrayForEach(row, parsed.root)
    {
        struct chain_leg *leg = &view->legs[view->leg_count];
        struct leg_view *rest = &view->leg_views[view->leg_count++];

        leg->no = (int)number_in(row, "no");
        leg->code = text_in(row, "code");
        leg->after = (uint64_t)number_in(row, "after");
        leg->given_at_s = instant_in(row, "given_at");
        leg->taken_at_s = instant_in(row, "taken_at");
        leg->given_by = number_in(row, "given_by");
        leg->taken_by = number_in(row, "taken_by");
        leg->given_unit = text_in(row, "given_unit");
        leg->late_answer_at_s = instant_in(row, "late_answer_at");
        read_work(view, &leg->work, row);
        rest->plan = version_leg(view->version, leg->code);
        must(rest->plan != NULL); /* the pinned version never changes */
        leg->work.plan = leg_plan_of(view->version, rest->plan);
        leg->calendar = live_calendar(view->live, catalogue_agency(catalogue, leg->work.competent_agency));
        read_rest(req, rest, row);
    }
    chain = view_chain(view);
    chain_link(&chain);
    view->dossier.has_legs = true;
}

struct chain view_chain(const struct dossier_view *view)
{
    return (struct chain){.whole = view->dossier, .legs = view->legs, .count = view->leg_count};
}

/* --- and back --- */

static void put_day(struct json_out *out, const char *key, int64_t day)
{
    char text[INSTANT_TEXT_BYTES];

    json_put_string(out, key, day == FIELD_ABSENT ? NULL : day_format(text, (int32_t)day));
}

static void put_person(struct json_out *out, const char *key, int64_t person)
{
    json_key(out, key);
    if (person == 0)
        json_null(out);
    else
        json_i64(out, person);
}

struct text view_stops_json(struct arena *arena, const struct dossier *work)
{
    struct json_out out = json_out_begin(arena);
    char at[INSTANT_TEXT_BYTES];

    json_open_array(&out);
    for (int i = 0; i < work->pause_count; i++) {
        json_text(&out, text_of(instant_format(at, work->pauses[i].stop_s)));
        if (work->pauses[i].resume_s != 0)
            json_text(&out, text_of(instant_format(at, work->pauses[i].resume_s)));
    }
    json_close_array(&out);
    return json_out_end(&out);
}

static void put_work(struct json_out *out, const struct dossier *work)
{
    bool const is_given = work->accepted_at_s != 0;

    json_put_text(out, "agency", work->competent_agency);
    json_put_text(out, "unit", work->processing_unit);
    json_put_string(out, "stage", leg_stage_name(work->stage));
    json_put_string(out, "state", is_given ? state_name(work->state) : NULL);
    json_put_string(out, "state_before",
                    work->state == STATE_WITHDRAW_REQUESTED ? state_name(work->state_before) : NULL);
    json_put_text(out, "holder_unit", work->holder_unit);
    json_put_string(out, "holder_role", role_name(work->holder_role));
    put_person(out, "handler", work->handler);
    json_put_instant(out, "clock_start", work->clock_start_s);
    json_put_raw(out, "stops", view_stops_json(out->text.arena, work));
    json_put_instant(out, "due_clock", work->due_clock_s);
    json_put_instant(out, "due_eod", work->due_eod_s);
    json_put_instant(out, "finished_at", work->finished_at_s);
    json_put_string(out, "timeliness", timeliness_name(work->timeliness));
    json_put_i64(out, "supplements", work->supplements);
    json_put_instant(out, "supplement_due", work->supplement_due_s);
    json_put_instant(out, "consult_due", work->consult_due_s);
    json_put_bool(out, "is_refusal_drafted", work->is_refusal_drafted);
    json_put_string(out, "step_phase", work->step_phase == PHASE_NONE ? NULL : phase_name(work->step_phase));
    json_put_instant(out, "step_started", work->step_started_s);
    json_put_instant(out, "step_due", work->step_due_s);
    json_put_i64(out, "step_remaining_min", work->step_remaining_min);
}

struct text view_legs_rows(struct req *req, const struct dossier_view *view)
{
    struct json_out out = json_out_begin(req->arena);

    json_open_array(&out);
    for (size_t i = 0; i < view->leg_count; i++) {
        const struct chain_leg *leg = &view->legs[i];
        const struct leg_view *rest = &view->leg_views[i];
        bool const is_work = leg_is_open(leg) && leg->work.state != STATE_WITHDRAW_REQUESTED;

        json_open_object(&out);
        json_put_i64(&out, "no", leg->no);
        json_put_text(&out, "code", leg->code);
        json_put_i64(&out, "after", (int64_t)leg->after);
        put_work(&out, &leg->work);
        json_put_instant(&out, "given_at", leg->given_at_s);
        put_person(&out, "given_by", leg->given_by);
        json_put_text(&out, "given_unit", leg->given_unit);
        json_put_instant(&out, "taken_at", leg->taken_at_s);
        put_person(&out, "taken_by", leg->taken_by);
        json_put_instant(&out, "late_answer_at", leg->late_answer_at_s);
        json_put_text(&out, "document", rest->document);
        put_day(&out, "document_date", rest->document_day);
        json_put_raw(&out, "papers", rest->papers);
        json_put_instant(&out, "risk_at",
                         is_work ? dossier_risk_at(&leg->work, leg->calendar, view->now_s) : 0);
        json_close_object(&out);
    }
    json_close_array(&out);
    return json_out_end(&out);
}
