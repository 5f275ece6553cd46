/* One route as an OpenAPI operation. */
#include "path/describe_parts.h"

#include <stdio.h>

static void put_parameter(struct json_out *out, const char *name, const char *in, const char *about)
{
    json_open_object(out);
    json_put_string(out, "name", name);
    json_put_string(out, "in", in);
    json_put_bool(out, "required", true);
    if (about != NULL)
        json_put_string(out, "description", about);
    json_key(out, "schema");
}

static void put_ids(struct json_out *out, const char *path)
{
    for (const char *open = strchr(path, '{'); open != NULL; open = strchr(open + 1, '{')) {
        struct text const name = {open + 1, strcspn(open + 1, "}")};

        put_parameter(out, text_copy(out->text.arena, name), "path", NULL);
        json_open_object(out);
        json_put_string(out, "type", "string");
        json_put_i64(out, "minLength", 1);
        json_close_object(out);
        json_close_object(out);
    }
}

static void put_pattern(struct json_out *out, const char *pattern)
{
    json_open_object(out);
    json_put_string(out, "type", "string");
    json_put_string(out, "pattern", pattern);
    json_close_object(out);
    json_close_object(out);
}

static void put_parameters(struct json_out *out, const struct route *route)
{
    json_key(out, "parameters");
    json_open_array(out);
    put_ids(out, route->path);
    describe_query(out, route->query);
    if ((route->flags & ROUTE_KEY) != 0) {
        put_parameter(out, "Idempotency-Key", "header",
                      "Cùng khóa và cùng nội dung trong 48 giờ thì nhận lại đúng câu trả lời đầu");
        put_pattern(out, "^[!-~]{1,255}$");
    }
    if ((route->flags & ROUTE_IF_MATCH) != 0) {
        put_parameter(out, "If-Match", "header", "ETag của hồ sơ đã xem; không nhận \"*\"");
        put_pattern(out, "^\"[0-9]{1,18}\"$");
    }
    json_close_array(out);
}

static void put_reference(struct json_out *out, struct text shape)
{
    json_open_object(out);
    json_put_string(out, "$ref", arena_printf(out->text.arena, "#/components/schemas/%.*s", TEXT_ARG(shape)));
    json_close_object(out);
}

static void put_body(struct json_out *out, const char *type, const struct field *fields)
{
    json_key(out, "requestBody");
    json_open_object(out);
    json_put_bool(out, "required", true);
    json_key(out, "content");
    json_open_object(out);
    json_key(out, type);
    json_open_object(out);
    json_key(out, "schema");
    if (fields->kind == FIELD_END && fields->format != NULL)
        put_reference(out, text_of(fields->format));
    else
        describe_object(out, fields);
    json_close_object(out);
    json_close_object(out);
    json_close_object(out);
}

static void put_text_type(struct json_out *out, const char *type)
{
    json_key(out, type);
    json_open_object(out);
    json_key(out, "schema");
    json_open_object(out);
    json_put_string(out, "type", "string");
    json_close_object(out);
    json_close_object(out);
}

static void put_json_type(struct json_out *out, struct text schema)
{
    json_key(out, "application/json");
    json_open_object(out);
    json_key(out, "schema");
    put_reference(out, schema);
    json_close_object(out);
}

#define SPREADSHEET "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

static void put_type(struct json_out *out, struct text shape)
{
    if (text_equal(shape, TEXT("html"))) {
        put_text_type(out, "text/html");
    } else if (text_equal(shape, TEXT("text"))) {
        put_text_type(out, "text/plain");
    } else if (text_equal(shape, TEXT("events"))) {
        put_text_type(out, "text/event-stream");
    } else if (text_equal(shape, TEXT("ndjson"))) {
        put_text_type(out, "application/x-ndjson");
    } else if (text_equal(shape, TEXT("asset"))) {
        put_text_type(out, "text/javascript");
        put_text_type(out, "text/css");
        put_text_type(out, "image/svg+xml");
    } else if (text_equal(shape, TEXT("document"))) {
        put_text_type(out, "application/pdf");
        put_text_type(out, "text/html");
    } else if (text_equal(shape, TEXT("register"))) {
        put_json_type(out, TEXT("RegisterList"));
        put_text_type(out, "application/pdf");
        put_text_type(out, "text/html");
        put_text_type(out, SPREADSHEET);
    } else if (text_equal(shape, TEXT("dossiers"))) {
        put_json_type(out, TEXT("DossierList"));
        put_text_type(out, SPREADSHEET);
    } else {
        put_json_type(out, shape);
    }
}

static void put_headers(struct json_out *out, struct text headers)
{
    json_key(out, "headers");
    json_open_object(out);
    while (headers.length > 0) {
        struct text const word = text_cut(headers, ' ', &headers);

        must(word.length > 1 && word.data[0] == '+');
        json_key(out, text_copy(out->text.arena, (struct text){word.data + 1, word.length - 1}));
        json_open_object(out);
        json_put_bool(out, "required", true);
        json_key(out, "schema");
        describe_plain_text(out, 1, 1000);
        json_close_object(out);
    }
    json_close_object(out);
}

static const char *success(struct text status)
{
    if (text_equal(status, TEXT("201")))
        return "Đã ghi nhận";
    if (text_equal(status, TEXT("204")))
        return "Đã xong, không có nội dung";
    if (text_equal(status, TEXT("304")))
        return "Chưa thay đổi so với bản người hỏi đang có";
    must(text_equal(status, TEXT("200")));
    return "Được";
}

/* "201 Dossier +ETag +Location": a status, what its body is, the headers it always has. */
static void put_answer(struct json_out *out, struct text answer)
{
    struct text rest;
    struct text const status = text_cut(answer, ' ', &rest);
    struct text shape = TEXT_NONE, headers = rest;

    if (rest.length > 0 && rest.data[0] != '+')
        shape = text_cut(rest, ' ', &headers);

    json_key(out, text_copy(out->text.arena, status));
    json_open_object(out);
    json_put_string(out, "description", success(status));
    if (headers.length > 0)
        put_headers(out, headers);
    if (shape.length > 0) {
        json_key(out, "content");
        json_open_object(out);
        put_type(out, shape);
        json_close_object(out);
    }
    json_close_object(out);
}

static void put_responses(struct json_out *out, const struct route *route)
{
    struct text rest = text_of(route->answers);

    json_key(out, "responses");
    json_open_object(out);
    while (rest.length > 0)
        put_answer(out, text_trim(text_cut(rest, ';', &rest)));
    describe_refusals(out, route);
    json_close_object(out);
}

static void put_scheme(struct json_out *out, const char *scheme)
{
    json_open_object(out);
    json_key(out, scheme);
    json_open_array(out);
    json_close_array(out);
    json_close_object(out);
}

/* OpenAPI has no word for "one of these roles"; tools that do not know x-roles pass over it. */
static void put_who(struct json_out *out, const struct route *route)
{
    json_key(out, "security");
    json_open_array(out);
    if (route->who != WHO_ANYONE) {
        put_scheme(out, "bearer");
        put_scheme(out, "cookie");
    }
    json_close_array(out);
    if (route->who == WHO_ANYONE || route->who == WHO_STAFF)
        return;
    json_key(out, "x-roles");
    json_open_array(out);
    for (unsigned role = 1; role != 0 && role <= (unsigned)route->who; role <<= 1)
        if (((unsigned)route->who & role) != 0)
            json_text(out, text_of(name_of_role(role)));
    json_close_array(out);
}

void describe_route(struct json_out *out, const char *room, const struct route *route)
{
    json_open_object(out);
    json_put_string(out, "operationId", route->name);
    json_put_string(out, "summary", route->summary);
    json_key(out, "tags");
    json_open_array(out);
    json_text(out, text_of(room));
    json_close_array(out);
    put_who(out, route);
    put_parameters(out, route);
    if (route->body != NULL)
        put_body(out,
                 (route->flags & ROUTE_FORM) != 0 ? "application/x-www-form-urlencoded" : "application/json",
                 route->body);
    put_responses(out, route);
    json_close_object(out);
}
