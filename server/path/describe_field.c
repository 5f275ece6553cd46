/* Field tables as JSON Schema: what path/decode.c takes is what is said here. */
#include "path/describe_parts.h"

#include <stdio.h>

static void put_kind(struct json_out *out, const char *type, bool is_nullable)
{
    if (!is_nullable) {
        json_put_string(out, "type", type);
        return;
    }
    json_key(out, "type");
    json_open_array(out);
    json_text(out, text_of(type));
    json_text(out, TEXT("null"));
    json_close_array(out);
}

static void put_range(struct json_out *out, const struct field *field, const char *least, const char *most)
{
    if (field->min != 0 || field->kind == FIELD_NUMBER)
        json_put_i64(out, least, field->min);
    json_put_i64(out, most, field->max);
}

static void put_milli(struct json_out *out, const char *key, int64_t milli)
{
    json_key(out, key);
    json_raw(out, text_of(arena_printf(out->text.arena, "%lld.%03lld", (long long)(milli / 1000),
                                       (long long)(milli % 1000))));
}

static void put_choices(struct json_out *out, const struct field *field, bool is_nullable)
{
    json_key(out, "enum");
    json_open_array(out);
    for (const char *const *choice = field->choices; *choice != NULL; choice++)
        json_text(out, text_of(*choice));
    if (is_nullable)
        json_null(out);
    json_close_array(out);
}

static void put_members(struct json_out *out, const struct field *fields)
{
    json_put_bool(out, "additionalProperties", false);
    json_key(out, "required");
    json_open_array(out);
    for (const struct field *field = fields; field->kind != FIELD_END; field++)
        if (field->is_required)
            json_text(out, text_of(field->name));
    json_close_array(out);
}

/* Three times in each other at most: a body, the object in it, and no more. */
static void put_field(struct json_out *out, const struct field *field, bool is_body);

static void put_properties(struct json_out *out, const struct field *fields)
{
    put_members(out, fields);
    json_key(out, "properties");
    json_open_object(out);
    for (const struct field *field = fields; field->kind != FIELD_END; field++) {
        json_key(out, field->name);
        put_field(out, field, true);
    }
    json_close_object(out);
}

void describe_object(struct json_out *out, const struct field *fields)
{
    json_open_object(out);
    json_put_string(out, "type", "object");
    put_properties(out, fields);
    json_close_object(out);
}

static void put_array(struct json_out *out, const struct field *field, bool is_nullable)
{
    put_kind(out, "array", is_nullable);
    put_range(out, field, "minItems", "maxItems");
    json_key(out, "items");
    describe_object(out, field->fields);
}

/* In a body null says the same as leaving a field out, so whatever is not required may be null. */
static void put_field(struct json_out *out, const struct field *field, bool is_body)
{
    bool const is_nullable = is_body && !field->is_required;

    json_open_object(out);
    switch (field->kind) {
    case FIELD_TEXT:
        put_kind(out, "string", is_nullable);
        put_range(out, field, "minLength", "maxLength");
        break;
    case FIELD_NUMBER:
        put_kind(out, "integer", is_nullable);
        put_range(out, field, "minimum", "maximum");
        break;
    case FIELD_MILLI:
        put_kind(out, "number", is_nullable);
        put_milli(out, "minimum", field->min);
        put_milli(out, "maximum", field->max);
        json_put_string(out, "description", "Nhiều nhất ba chữ số thập phân");
        break;
    case FIELD_BOOL: put_kind(out, "boolean", is_nullable); break;
    case FIELD_CHOICE:
        put_kind(out, "string", is_nullable);
        put_choices(out, field, is_nullable);
        break;
    case FIELD_INSTANT:
        put_kind(out, "string", is_nullable);
        json_put_string(out, "format", "date-time");
        break;
    case FIELD_DAY:
        put_kind(out, "string", is_nullable);
        json_put_string(out, "format", "date");
        break;
    case FIELD_OBJECT:
        put_kind(out, "object", is_nullable);
        put_properties(out, field->fields);
        break;
    case FIELD_ARRAY: put_array(out, field, is_nullable); break;
    case FIELD_END: unreachable();
    }
    if (field->format != NULL)
        json_put_string(out, "description", field->format);
    json_close_object(out);
}

void describe_plain_text(struct json_out *out, int64_t min, int64_t max)
{
    struct field const field = {.kind = FIELD_TEXT, .is_required = true, .min = min, .max = max};

    put_field(out, &field, true);
}

void describe_query(struct json_out *out, const struct field *fields)
{
    for (const struct field *field = fields; field != NULL && field->kind != FIELD_END; field++) {
        json_open_object(out);
        json_put_string(out, "name", field->name);
        json_put_string(out, "in", "query");
        json_put_bool(out, "required", field->is_required);
        json_key(out, "schema");
        put_field(out, field, false);
        json_close_object(out);
    }
}
