#include "dossier/receipt_facts.h"

#include "core/config.h"
#include "core/json.h"

/* TT 03/2025/TT-VPCP, signed on 15/09/2025; dossiers accepted before keep the forms of TT 01/2018. */
static const char *form_set(int64_t accepted_at_s)
{
    return instant_day(accepted_at_s) >= day_from_civil(2025, 9, 15) ? "TT03_2025" : "TT01_2018";
}

static struct text member(const cJSON *object, const char *name)
{
    return text_of(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name)));
}

static int64_t count(const cJSON *object, const char *name)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, name);

    return cJSON_IsNumber(value) ? (int64_t)value->valuedouble : 0;
}

static void put_if(struct json_out *out, const char *key, struct text value)
{
    if (value.length > 0)
        json_put_text(out, key, value);
}

static const cJSON *parse(struct req *req, struct text json)
{
    struct json_result const result = json_parse(req->arena, json, &json_limits_file);

    return result.fault == JSON_OK ? result.root : NULL;
}

static void put_people(struct req *req, struct json_out *out, const struct dossier_view *view)
{
    const cJSON *owner = parse(req, view->owner);
    const cJSON *submitter = view->submitter.data != NULL ? parse(req, view->submitter) : NULL;
    const cJSON *who = submitter != NULL ? submitter : owner;

    must(owner != NULL);
    json_put_text(out, "owner_name", member(owner, "name"));
    if (submitter != NULL)
        put_if(out, "submitter_name", member(submitter, "name"));
    json_put_text(out, "address", member(owner, "address"));
    put_if(out, "phone", member(who, "phone").length > 0 ? member(who, "phone") : member(owner, "phone"));
    put_if(out, "email", member(who, "email"));
    put_if(out, "personal_id", member(who, "personal_id"));
}

static void put_components(struct req *req, struct json_out *out, const struct dossier_view *view)
{
    const cJSON *item, *items = parse(req, view->components);

    json_key(out, "components");
    json_open_array(out);
    cJSON_ArrayForEach(item, items)
    {
        json_open_object(out);
        json_put_text(out, "name", member(item, "name"));
        json_put_i64(out, "original", count(item, "originals"));
        json_put_i64(out, "certified_copy", count(item, "certified_copies"));
        json_put_i64(out, "plain_copy", count(item, "plain_copies"));
        json_put_bool(out, "is_electronic", member(item, "reused_from").length > 0);
        json_close_object(out);
    }
    json_close_array(out);
}

/* At that instant a fee was collected by itself. */
static bool is_collected_at(const struct dossier_view *view, int64_t at_s)
{
    for (size_t i = 0; i < view->fact_count; i++)
        if (view->facts[i].at_s == at_s &&
            text_equal(view->facts[i].action, text_of(action_name(ACTION_COLLECT_FEE))))
            return true;
    return false;
}

/* Whether a line was paid when the receipt was given: paying later, were it in the same second, does not
 * change the paper. */
static bool was_paid_at_intake(const struct dossier_view *view, const cJSON *line)
{
    int64_t paid_at_s;
    struct text const paid_at = member(line, "paid_at");

    if (!cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(line, "is_paid")))
        return false;
    return paid_at.length == 0 ||
           (instant_parse(paid_at, &paid_at_s) && paid_at_s <= view->dossier.accepted_at_s &&
            !is_collected_at(view, paid_at_s));
}

static void put_fees(struct req *req, struct json_out *out, const struct dossier_view *view)
{
    const cJSON *line, *lines = parse(req, view->fees);

    json_key(out, "fees");
    json_open_array(out);
    cJSON_ArrayForEach(line, lines)
    {
        if (count(line, "amount") == 0)
            continue;
        json_open_object(out);
        json_put_text(out, "name", member(line, "name"));
        json_put_i64(out, "amount", count(line, "amount"));
        json_put_bool(out, "is_paid", was_paid_at_intake(view, line));
        json_close_object(out);
    }
    json_close_array(out);
}

/* "03 ngày làm việc", "trong ngày làm việc": as the form says it. */
static const char *limit_words(struct req *req, const struct dossier_plan *plan)
{
    const char *label = term_unit_label((enum term_unit)plan->limit_unit);

    if (plan->limit_unit == LIMIT_NONE)
        return "theo quy định của pháp luật chuyên ngành";
    if (plan->limit_unit == LIMIT_SAME_DAY_15)
        return "trong ngày làm việc; nhận sau 15 giờ thì trả vào ngày làm việc tiếp theo";
    if (plan->limit_milli % 1000 == 0)
        return arena_printf(req->arena, "%02lld %s", (long long)(plan->limit_milli / 1000), label);
    if (plan->limit_milli == 500)
        return arena_printf(req->arena, "1/2 %s", label);
    return arena_printf(req->arena, "%lld,%lld %s", (long long)(plan->limit_milli / 1000),
                        (long long)(plan->limit_milli % 1000 / 100), label);
}

/* The event whose promise the paper carries: the last that set the clock going or moved it. */
static const struct event_fact *promise(const struct dossier_view *view)
{
    const struct event_fact *last = NULL;

    for (size_t i = 0; i < view->fact_count; i++) {
        struct text const clock = view->facts[i].clock;

        if (text_equal(clock, TEXT("START")) || text_equal(clock, TEXT("RESUME")) ||
            text_equal(clock, TEXT("RESTART")))
            last = &view->facts[i];
    }
    must(last != NULL);
    return last;
}

static struct text receiver_name(const struct dossier_view *view)
{
    for (size_t i = 0; i < view->fact_count; i++)
        if (text_equal(view->facts[i].clock, TEXT("START")))
            return view->facts[i].actor;
    return TEXT_NONE;
}

static void put_heads(struct req *req, struct json_out *out, const struct dossier_view *view)
{
    const struct agency *unit = catalogue_agency(live_catalogue(view->live), view->dossier.receiving_unit);
    const struct config *config = req->worker->config;
    const char *base =
        *config->http_public_url != '\0'
            ? config->http_public_url
            : arena_printf(req->arena, "http://%s:%lld", config->http_address, (long long)config->http_port);

    must(unit != NULL);
    json_put_text(out, "dossier_code", view->code);
    json_put_string(out, "lookup_url",
                    arena_printf(req->arena, "%s/tra-cuu/%.*s?secret=%.*s", base, TEXT_ARG(view->code),
                                 TEXT_ARG(view->lookup_secret)));
    json_put_text(out, "lookup_secret", view->lookup_secret);
    put_if(out, "superior_agency", unit->superior_line);
    json_put_text(out, "issuing_agency", unit->own_line.length > 0 ? unit->own_line : unit->name);
    json_put_text(out, "one_stop_unit", unit->name);
    json_put_text(out, "place", catalogue_place(unit));
    put_if(out, "hotline", unit->phone);
}

static const char *return_place(const struct dossier_view *view)
{
    if (text_equal(view->dossier.return_channel, TEXT("POST")))
        return "Qua dịch vụ bưu chính công ích";
    if (text_equal(view->dossier.return_channel, TEXT("ONLINE")))
        return "Bản điện tử, qua Cổng Dịch vụ công quốc gia";
    return NULL;
}

struct text receipt_facts(struct req *req, const struct dossier_view *view)
{
    struct json_out out = json_out_begin(req->arena);
    const char *place = return_place(view);

    json_open_object(&out);
    json_put_string(&out, "form_set", form_set(view->dossier.accepted_at_s));
    json_put_string(&out, "copies", "BOTH");
    put_heads(req, &out, view);
    put_people(req, &out, view);
    json_put_text(&out, "procedure_code", view->version->code);
    json_put_text(&out, "procedure_name", view->version->name);
    put_components(req, &out, view);
    put_fees(req, &out, view);
    json_put_i64(&out, "set_count", view->version->sets > 0 ? view->version->sets : 1);
    json_put_string(&out, "time_limit", limit_words(req, &view->dossier.plan));
    json_put_instant(&out, "accepted_at", view->dossier.accepted_at_s);
    json_put_instant(&out, "due_at", promise(view)->due_clock_s);
    json_put_text(&out, "return_place",
                  place != NULL ? text_of(place) : view_agency_name(view, view->dossier.receiving_unit));
    json_put_string(&out, "register_book",
                    arena_printf(req->arena, "01/%lld", (long long)view->register_year));
    json_put_i64(&out, "register_line", view->register_no);
    json_put_text(&out, "receiver_name", receiver_name(view));
    json_put_bool(&out, "is_online", text_equal(view->channel, TEXT("ONLINE")));
    json_close_object(&out);
    return json_out_end(&out);
}
