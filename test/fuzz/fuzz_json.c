/*
 * JSON from anywhere. What the check takes, cJSON must be able to build; every string of it, written with
 * json_out and read again, is the same; and what is taken once is taken again in the form that we write.
 */
#include <stdlib.h>

#include "core/json.h"
#include "core/json_out.h"

enum { ARENA_BYTES = 64 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_value(struct json_out *out, const cJSON *value)
{
    if (cJSON_IsObject(value))
        json_open_object(out);
    else if (cJSON_IsArray(value))
        json_open_array(out);
    for (const cJSON *child = value->child; child != NULL; child = child->next) {
        if (cJSON_IsObject(value))
            json_key(out, child->string);
        write_value(out, child);
    }
    if (cJSON_IsObject(value))
        json_close_object(out);
    else if (cJSON_IsArray(value))
        json_close_array(out);
    else if (cJSON_IsString(value))
        json_text(out, text_of(value->valuestring));
    else if (cJSON_IsNumber(value))
        json_i64(out, (int64_t)value->valuedouble);
    else if (cJSON_IsBool(value))
        json_bool(out, cJSON_IsTrue(value));
    else
        json_null(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct text const source = {.data = (const char *)data, .length = size};
    struct arena *const arena = arena_create(ARENA_BYTES);
    struct json_result const result = json_parse(arena, source, &json_limits_body);
    size_t offset;

    must(result.offset <= size);
    if (result.fault == JSON_OK) {
        struct json_out out = json_out_begin(arena);
        struct json_result again;

        write_value(&out, result.root);
        again = json_parse(arena, json_out_end(&out), &json_limits_body);
        must(again.fault == JSON_OK);
        must(cJSON_Compare(result.root, again.root, true));
        must(json_check(source, &json_limits_file, &offset) == JSON_OK); /* the wider limits take it, too */
    } else {
        must(result.root == NULL);
    }
    if (json_check(source, &json_limits_file, &offset) == JSON_OK)
        must(json_parse(arena, source, &json_limits_file).root != NULL);
    arena_destroy(arena);
    return 0;
}
