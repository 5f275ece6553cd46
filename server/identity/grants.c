#include "core/json.h"
#include "identity/identity.h"
#include "identity/password.h"
#include "identity/role.h"
#include "identity/session_cache.h"

static struct text member(const cJSON *grant, const char *name)
{
    return text_of(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(grant, name)));
}

/* Each role once, however many places it is held at. */
static void write_roles(struct json_out *out, const cJSON *grants)
{
    unsigned seen = 0;
    const cJSON *grant;

    json_key(out, "roles");
    json_open_array(out);
    cJSON_ArrayForEach(grant, grants)
    {
        unsigned const role = role_from_name(member(grant, "role"));

        if ((seen & role) == 0)
            json_text(out, member(grant, "role"));
        seen |= role;
    }
    json_close_array(out);
}

void identity_write_grants(struct json_out *out, struct arena *arena, struct text grants)
{
    struct json_result const json = json_parse(arena, grants, &json_limits_file);
    const cJSON *grant, *first;

    must(json.fault == JSON_OK && cJSON_IsArray(json.root)); /* PostgreSQL made it */
    write_roles(out, json.root);
    json_key(out, "grants");
    json_open_array(out);
    cJSON_ArrayForEach(grant, json.root)
    {
        unsigned const role = role_from_name(member(grant, "role"));

        must(role != 0);
        json_open_object(out);
        json_put_string(out, "role", role_name(role));
        json_put_string(out, "role_label", role_label(role));
        json_put_text(out, "agency", member(grant, "agency"));
        json_put_text(out, "agency_name", member(grant, "agency_name"));
        json_close_object(out);
    }
    json_close_array(out);
    first = json.root->child;
    json_key(out, "agency");
    if (first == NULL) {
        json_null(out);
        return;
    }
    json_open_object(out);
    json_put_text(out, "code", member(first, "agency"));
    json_put_text(out, "name", member(first, "agency_name"));
    json_close_object(out);
}

void identity_start(struct worker *worker)
{
    password_start(worker);
}

void identity_stop(struct worker *worker)
{
    password_stop(worker);
    session_cache_clear();
}
