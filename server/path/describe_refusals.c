/*
 * What a route may refuse: what its steps refuse by its row (path/steps.c), and what its handler says
 * besides. One response for each status, with every code that may stand in it.
 */
#include "path/describe_parts.h"

#include <stdio.h>

static bool always(const struct route *route)
{
    (void)route;
    return true;
}

static bool has_ids(const struct route *route)
{
    return strchr(route->path, '{') != NULL;
}

static bool wants_session(const struct route *route)
{
    return route->who != WHO_ANYONE;
}

static bool changes_by_cookie(const struct route *route)
{
    return route->who != WHO_ANYONE && route->method != NET_GET;
}

static bool wants_role(const struct route *route)
{
    return route->who != WHO_ANYONE && route->who != WHO_STAFF;
}

static bool has_body(const struct route *route)
{
    return route->body != NULL;
}

static bool has_json(const struct route *route)
{
    return has_body(route) && (route->flags & ROUTE_FORM) == 0;
}

static bool wants_fresh_password(const struct route *route)
{
    return wants_session(route) && (route->flags & ROUTE_STALE) == 0;
}

static bool wants_key(const struct route *route)
{
    return (route->flags & ROUTE_KEY) != 0;
}

static bool wants_version(const struct route *route)
{
    return (route->flags & ROUTE_IF_MATCH) != 0;
}

static const struct rule {
    enum refusal refusal;
    bool (*holds)(const struct route *route);
} rules[] = {
    {REFUSE_NOT_FOUND, has_ids},                   /* match: an id that does not decode */
    {REFUSE_NOT_SIGNED_IN, wants_session},         /* identify */
    {REFUSE_PASSWORD_STALE, wants_fresh_password}, /* authorise */
    {REFUSE_CROSS_SITE, changes_by_cookie},        /* authorise */
    {REFUSE_NOT_ALLOWED, wants_role},              /* authorise */
    {REFUSE_INVALID, always},                      /* decode: unknown parameters too */
    {REFUSE_BAD_HEADER, wants_key},                /* decode */
    {REFUSE_KEY_REQUIRED, wants_key},              /* decode */
    {REFUSE_KEY_REUSED, wants_key},                /* ask: the statement tells */
    {REFUSE_VERSION_REQUIRED, wants_version},      /* decode */
    {REFUSE_VERSION_STALE, wants_version},         /* decode, ask */
    {REFUSE_MEDIA_TYPE, has_body},                 /* decode */
    {REFUSE_BAD_JSON, has_json},                   /* decode */
    {REFUSE_TOO_LARGE, has_body},                  /* net, which asks path how much */
    {REFUSE_FAILED, always},                       /* any: the database refuses a statement */
    {REFUSE_UNAVAILABLE, always},                  /* any: no database, full queues, draining */
};

bool describe_has_word(const char *words, struct text wanted)
{
    struct text rest = text_of(words);

    while (rest.length > 0) {
        struct text word = text_cut(rest, ' ', &rest);

        if (word.length > 0 && word.data[word.length - 1] == ';')
            word.length--;
        if (text_equal(word, wanted))
            return true;
    }
    return false;
}

struct refused {
    bool by_steps[REFUSE_COUNT], by_handler[REFUSE_COUNT];
};

static void find_refused(const struct route *route, struct refused *refused)
{
    size_t found = 0, words = *route->refusals != '\0';

    for (size_t i = 0; i < array_length(rules); i++)
        if (rules[i].holds(route))
            refused->by_steps[rules[i].refusal] = true;
    for (int i = 0; i < REFUSE_COUNT; i++) {
        refused->by_handler[i] = describe_has_word(route->refusals, text_of(refusal_code((enum refusal)i)));
        found += refused->by_handler[i];
    }
    for (const char *c = route->refusals; *c != '\0'; c++)
        words += *c == ' ';
    must(found == words); /* a code that refusal.def does not have is a slip of the pen */
}

static bool is_in(const struct refused *refused, int refusal, int status)
{
    return (refused->by_steps[refusal] || refused->by_handler[refusal]) &&
           refusal_status((enum refusal)refusal) == status;
}

static void put_header(struct json_out *out, const char *name, const char *about)
{
    json_key(out, name);
    json_open_object(out);
    json_put_string(out, "description", about);
    json_put_bool(out, "required", true);
    json_key(out, "schema");
    json_open_object(out);
    json_put_string(out, "type", "string");
    json_close_object(out);
    json_close_object(out);
}

static void put_headers(struct json_out *out, int status)
{
    if (status != 401 && status != 429 && status != 503)
        return;
    json_key(out, "headers");
    json_open_object(out);
    if (status == 401)
        put_header(out, "WWW-Authenticate", "Bearer");
    else
        put_header(out, "Retry-After", "Số giây nên chờ");
    json_close_object(out);
}

static void put_problem(struct json_out *out, const struct refused *refused, int status)
{
    json_key(out, "application/problem+json");
    json_open_object(out);
    json_key(out, "schema");
    json_open_object(out);
    json_key(out, "allOf");
    json_open_array(out);
    json_open_object(out);
    json_put_string(out, "$ref", "#/components/schemas/Problem");
    json_close_object(out);
    json_open_object(out);
    json_key(out, "properties");
    json_open_object(out);
    json_key(out, "status");
    json_open_object(out);
    json_put_i64(out, "const", status);
    json_close_object(out);
    json_key(out, "code");
    json_open_object(out);
    json_key(out, "enum");
    json_open_array(out);
    for (int i = 0; i < REFUSE_COUNT; i++)
        if (is_in(refused, i, status))
            json_text(out, text_of(refusal_code((enum refusal)i)));
    json_close_array(out);
    json_close_object(out);
    json_close_object(out);
    json_close_object(out);
    json_close_array(out);
    json_close_object(out);
    json_close_object(out);
}

/* Pages tell a person in HTML what their handler refuses; the steps before it answer as everywhere. */
static void put_page(struct json_out *out)
{
    json_key(out, "text/html");
    json_open_object(out);
    json_key(out, "schema");
    json_open_object(out);
    json_put_string(out, "type", "string");
    json_close_object(out);
    json_close_object(out);
}

static const char *titles(struct arena *arena, const struct refused *refused, int status)
{
    const char *all = "";

    for (int i = 0; i < REFUSE_COUNT; i++)
        if (is_in(refused, i, status))
            all =
                arena_printf(arena, "%s%s%s", all, *all == '\0' ? "" : "; ", refusal_title((enum refusal)i));
    return all;
}

static void put_status(struct json_out *out, const struct route *route, const struct refused *refused,
                       int status)
{
    bool const is_page = describe_has_word(route->answers, TEXT("html"));
    bool has_problem = !is_page, has_page = false;

    for (int i = 0; i < REFUSE_COUNT && is_page; i++) {
        has_problem |= is_in(refused, i, status) && refused->by_steps[i];
        has_page |= is_in(refused, i, status) && refused->by_handler[i];
    }
    json_key(out, arena_printf(out->text.arena, "%d", status));
    json_open_object(out);
    json_put_string(out, "description", titles(out->text.arena, refused, status));
    put_headers(out, status);
    json_key(out, "content");
    json_open_object(out);
    if (has_problem)
        put_problem(out, refused, status);
    if (has_page)
        put_page(out);
    json_close_object(out);
    json_close_object(out);
}

void describe_refusals(struct json_out *out, const struct route *route)
{
    struct refused refused = {.by_steps = {false}};

    find_refused(route, &refused);
    for (int status = 400; status < 600; status++) {
        bool is_used = false;

        for (int i = 0; i < REFUSE_COUNT; i++)
            is_used |= is_in(&refused, i, status);
        if (is_used)
            put_status(out, route, &refused, status);
    }
}
