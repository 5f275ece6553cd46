#include "dossier/papers.h"

#include "catalogue/components_rules.h"
#include "core/json.h"

enum { COPIES_MAX = 10000 };

const struct field paper_fields[] = {
    FIELD_OF(struct paper, code, FIELD_TEXT, FIELD_REQUIRED, .min = 1, .max = 64),
    FIELD_OF(struct paper, originals, FIELD_NUMBER, .min = 0, .max = COPIES_MAX),
    FIELD_OF(struct paper, certified_copies, FIELD_NUMBER, .min = 0, .max = COPIES_MAX),
    FIELD_OF(struct paper, plain_copies, FIELD_NUMBER, .min = 0, .max = COPIES_MAX),
    FIELD_OF(struct paper, reused_from, FIELD_TEXT, .min = 0, .max = 64),
    {.kind = FIELD_END},
};

static int64_t counted(int64_t count)
{
    return count == FIELD_ABSENT ? 0 : count;
}

static void name_gap(struct req *req, const struct component_gap *gap)
{
    const char *pointer =
        gap->given == SIZE_MAX ? "/components" : arena_printf(req->arena, "/components/%zu", gap->given);
    struct text const name = gap->component != NULL ? gap->component->name : gap->code;

    req_error(req, pointer, component_gap_name(gap->reason),
              arena_printf(req->arena, "%.*s: %s", TEXT_ARG(name), component_gap_label(gap->reason)));
}

bool papers_check(struct req *req, const struct procedure_version *version,
                  const struct procedure_case *chosen, struct field_list papers, bool must_be_complete)
{
    const struct paper *items = papers.items;
    struct component_given *given = arena_array(req->arena, struct component_given, papers.count + 1);
    int const errors_before = req->error_count;
    struct component_gap *gaps;
    size_t count;

    for (size_t i = 0; i < papers.count; i++)
        given[i] = (struct component_given){
            .code = items[i].code,
            .originals = counted(items[i].originals),
            .certified_copies = counted(items[i].certified_copies),
            .plain_copies = counted(items[i].plain_copies),
            .reused_from = items[i].reused_from,
        };
    count = components_missing(req->arena, version, chosen, given, papers.count, &gaps);
    for (size_t i = 0; i < count; i++)
        if (must_be_complete || gaps[i].reason == GAP_UNKNOWN || gaps[i].reason == GAP_TWICE)
            name_gap(req, &gaps[i]);
    return req->error_count == errors_before;
}

struct text papers_json(struct req *req, const struct procedure_version *version, struct field_list papers)
{
    const struct paper *items = papers.items;
    struct json_out out = json_out_begin(req->arena);

    json_open_array(&out);
    for (size_t i = 0; i < papers.count; i++) {
        const struct component *component = version_component(version, items[i].code);

        json_open_object(&out);
        json_put_text(&out, "code", items[i].code);
        json_put_text(&out, "name", component != NULL ? component->name : TEXT_NONE);
        json_put_i64(&out, "originals", counted(items[i].originals));
        json_put_i64(&out, "certified_copies", counted(items[i].certified_copies));
        json_put_i64(&out, "plain_copies", counted(items[i].plain_copies));
        if (items[i].reused_from.length > 0)
            json_put_text(&out, "reused_from", items[i].reused_from);
        json_close_object(&out);
    }
    json_close_array(&out);
    return json_out_end(&out);
}

static int64_t stored_count(const cJSON *item, const char *name)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(item, name);

    return cJSON_IsNumber(value) ? (int64_t)value->valuedouble : 0;
}

struct field_list papers_read(struct req *req, struct text json)
{
    struct json_result const parsed = json_parse(req->arena, json, &json_limits_file);
    struct paper *papers;
    const cJSON *item;
    size_t count = 0;

    must(parsed.fault == JSON_OK);
    papers = arena_array(req->arena, struct paper, cJSON_GetArraySize(parsed.root) + 1);
    cJSON_ArrayForEach(item, parsed.root)
    {
        papers[count++] = (struct paper){
            .code = text_of(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, "code"))),
            .reused_from =
                text_of(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, "reused_from"))),
            .originals = stored_count(item, "originals"),
            .certified_copies = stored_count(item, "certified_copies"),
            .plain_copies = stored_count(item, "plain_copies"),
        };
    }
    return (struct field_list){papers, count};
}
