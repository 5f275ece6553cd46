/* Supplement request, refusal at the desk, stop notice: each tells of one event. */
#include "dossier/form_facts.h"

#include "core/config.h"
#include "core/json.h"
#include "forms/form_table_rules.h"

static struct text member(const cJSON *object, const char *name)
{
    return text_of(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name)));
}

static void put_if(struct json_out *out, const char *key, struct text value)
{
    if (value.length > 0)
        json_put_text(out, key, value);
}

const char *form_base_url(struct req *req)
{
    const struct config *config = req->worker->config;

    if (*config->http_public_url != '\0')
        return config->http_public_url;
    return arena_printf(req->arena, "http://%s:%lld", config->http_address, (long long)config->http_port);
}

struct text form_person_member(struct req *req, struct text person, const char *name)
{
    struct json_result json;

    if (person.data == NULL)
        return TEXT_NONE;
    json = json_parse(req->arena, person, &json_limits_file);
    must(json.fault == JSON_OK); /* PostgreSQL kept it */
    return member(json.root, name);
}

void form_put_head(struct req *req, struct json_out *out, const struct dossier_view *view,
                   int64_t governs_at_s, const struct agency *agency, int64_t dated_s)
{
    json_put_string(out, "form_set", form_set_name(form_set_at(governs_at_s)));
    json_put_text(out, "dossier_code", view->code);
    json_put_string(out, "lookup_url",
                    arena_printf(req->arena, "%s/tra-cuu/%.*s", form_base_url(req), TEXT_ARG(view->code)));
    put_if(out, "superior_agency", agency->superior_line);
    json_put_text(out, "issuing_agency", agency->own_line.length > 0 ? agency->own_line : agency->name);
    json_put_text(out, "place", catalogue_place(agency));
    json_put_instant(out, "dated", dated_s);
}

/* The last event of that action after which the dossier was in one of those states; NULL: none. */
static const struct event_fact *last_event(const struct dossier_view *view, const char *action,
                                           uint32_t states)
{
    for (size_t i = view->fact_count; i > 0; i--)
        if (text_equal(view->facts[i - 1].action, text_of(action)) &&
            (states >> view->facts[i - 1].state & 1) != 0)
            return &view->facts[i - 1];
    return NULL;
}

/* The law of the day it was accepted; before that, of the day of the event. */
static int64_t governs_at(const struct dossier_view *view, const struct event_fact *event)
{
    return view->dossier.accepted_at_s != 0 ? view->dossier.accepted_at_s : event->at_s;
}

/* Whose name stands in the head: the unit of who acted, where it has a head of its own; else the deciding
 * agency. */
static const struct agency *head_of(const struct dossier_view *view, const struct event_fact *event)
{
    const struct agency *agency = catalogue_agency(live_catalogue(view->live), event->actor_unit);

    return agency != NULL && agency->own_line.length > 0 ? agency : view->competent;
}

static void put_owner(struct req *req, struct json_out *out, const struct dossier_view *view)
{
    static const char *const members[] = {"address", "phone", "email"};

    json_put_text(out, "owner_name", form_person_member(req, view->owner, "name"));
    for (size_t i = 0; i < array_length(members); i++)
        put_if(out, members[i], form_person_member(req, view->owner, members[i]));
}

/* Papers are named by their code where they are the procedure's, else as the clerk wrote them. */
static void put_items(struct json_out *out, const struct dossier_view *view, const cJSON *items)
{
    const cJSON *item;

    json_key(out, "items");
    json_open_array(out);
    cJSON_ArrayForEach(item, items)
    {
        const struct component *component = version_component(view->version, member(item, "component"));

        json_open_object(out);
        json_put_text(out, "name", component != NULL ? component->name : member(item, "component"));
        json_put_text(out, "reason", member(item, "reason"));
        json_close_object(out);
    }
    json_close_array(out);
}

static const char *signer_of(const struct event_fact *event, const char *usual)
{
    if (text_equal(event->actor_role, TEXT("leader")))
        return "LEADER";
    return text_equal(event->actor_role, TEXT("dept_head")) ? "DEPT_HEAD" : usual;
}

struct text supplement_facts(struct req *req, const struct dossier_view *view, const char **why)
{
    const struct event_fact *event =
        last_event(view, "request_supplement",
                   UINT32_C(1) << STATE_INTAKE_SUPPLEMENT | UINT32_C(1) << STATE_SUPPLEMENT_WAIT);
    struct json_out out = json_out_begin(req->arena);
    const struct agency *head;

    if (event == NULL || event->input == NULL) {
        *why = "Hồ sơ chưa có yêu cầu bổ sung nào";
        return TEXT_NONE;
    }
    head = head_of(view, event);
    json_open_object(&out);
    form_put_head(req, &out, view, governs_at(view, event), head, event->at_s);
    put_owner(req, &out, view);
    json_put_text(&out, "procedure_name", view->version->name);
    put_items(&out, view, cJSON_GetObjectItemCaseSensitive(event->input, "items"));
    put_if(&out, "reason", member(event->input, "reason"));
    put_if(&out, "ground", event->ground);
    json_put_string(&out, "contact_name",
                    arena_printf(req->arena, "%.*s, %.*s", TEXT_ARG(event->actor),
                                 TEXT_ARG(view_agency_name(view, event->actor_unit))));
    put_if(&out, "contact_phone", head->phone);
    json_put_string(&out, "signer", signer_of(event, "OFFICER"));
    json_put_text(&out, "signer_name", event->actor);
    json_close_object(&out);
    return json_out_end(&out);
}

struct text refusal_facts(struct req *req, const struct dossier_view *view, const char **why)
{
    const struct event_fact *event = last_event(view, "refuse", UINT32_C(1) << STATE_INTAKE_REFUSED);
    struct json_out out = json_out_begin(req->arena);

    if (event == NULL || event->input == NULL) {
        *why = "Phiếu từ chối chỉ lập khi từ chối tiếp nhận tại quầy";
        return TEXT_NONE;
    }
    json_open_object(&out);
    form_put_head(req, &out, view, governs_at(view, event), head_of(view, event), event->at_s);
    put_owner(req, &out, view);
    put_if(&out, "submitter_name",
           form_person_member(req, view->submitter.data != NULL ? view->submitter : view->owner, "name"));
    json_put_text(&out, "procedure_name", view->version->name);
    json_put_text(&out, "refusing_unit", view_agency_name(view, event->actor_unit));
    json_put_text(&out, "reason", member(event->input, "reason"));
    put_if(&out, "ground", event->ground);
    json_put_text(&out, "receiver_name", event->actor);
    json_close_object(&out);
    return json_out_end(&out);
}

static int64_t fees_paid(struct req *req, const struct dossier_view *view)
{
    struct json_result const json = json_parse(req->arena, view->fees, &json_limits_file);
    const cJSON *line;
    int64_t sum = 0;

    must(json.fault == JSON_OK);
    cJSON_ArrayForEach(line, json.root)
    {
        const cJSON *amount = cJSON_GetObjectItemCaseSensitive(line, "amount");

        if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(line, "is_paid")) && cJSON_IsNumber(amount))
            sum += (int64_t)amount->valuedouble;
    }
    return sum;
}

/* The event that ended it; NULL: it has not been stopped. */
static const struct event_fact *stop_event(const struct dossier_view *view)
{
    if (view->dossier.state == STATE_WITHDRAWN)
        return last_event(view, "confirm_withdrawal", UINT32_C(1) << STATE_WITHDRAWN);
    return view->dossier.state == STATE_STOPPED ? last_event(view, "stop", UINT32_C(1) << STATE_STOPPED)
                                                : NULL;
}

struct text stop_notice_facts(struct req *req, const struct dossier_view *view, const char **why)
{
    const struct event_fact *event = stop_event(view);
    /* One that was turned down stopped nothing. */
    const struct event_fact *request =
        event == NULL || view->dossier.state != STATE_WITHDRAWN
            ? NULL
            : last_event(view, "request_withdrawal", UINT32_C(1) << STATE_WITHDRAW_REQUESTED);
    const struct event_fact *told = request != NULL ? request : event;
    struct json_out out = json_out_begin(req->arena);

    if (event == NULL || told == view->facts) {
        *why = "Hồ sơ chưa dừng giải quyết";
        return TEXT_NONE;
    }
    if (form_find(FORM_STOP_NOTICE, form_set_at(governs_at(view, event))) == NULL) {
        *why = "Bộ biểu mẫu của Thông tư số 01/2018/TT-VPCP không có thông báo dừng giải quyết";
        return TEXT_NONE;
    }
    json_open_object(&out);
    form_put_head(req, &out, view, governs_at(view, event), head_of(view, event), event->at_s);
    json_put_text(&out, "owner_name", form_person_member(req, view->owner, "name"));
    json_put_text(&out, "procedure_name", view->version->name);
    json_put_text(&out, "receiving_unit", view_agency_name(view, view->dossier.receiving_unit));
    json_put_instant(&out, "accepted_at", view->dossier.accepted_at_s);
    json_put_instant(&out, "requested_at", request != NULL ? request->at_s : 0);
    json_put_instant(&out, "stopped_at", event->at_s);
    json_put_string(&out, "state_label", state_label(told[-1].state)); /* before it was asked for */
    put_if(&out, "reason", member(told->input, "reason"));
    put_if(&out, "ground", event->ground);
    json_put_i64(&out, "fees_paid", fees_paid(req, view));
    json_put_bool(&out, "is_withdrawn", view->dossier.state == STATE_WITHDRAWN);
    json_put_string(&out, "signer", text_equal(event->actor_role, TEXT("leader")) ? "LEADER" : "RECEIVER");
    json_put_text(&out, "signer_name", event->actor);
    json_close_object(&out);
    return json_out_end(&out);
}
