/* JSON as YAML in block style, for people: only what describe_json() writes must be representable, and all of
 * it is. */
#include "core/json.h"
#include "core/json_out.h"
#include "core/text_out.h"
#include "path/describe.h"

enum { INDENT = 2 };

static void put_indent(struct text_out *out, unsigned depth)
{
    for (unsigned i = 0; i < depth * INDENT; i++)
        text_out_byte(out, ' ');
}

/* Words that YAML readers of one version or another take for something else than text. */
static bool is_taken(struct text word)
{
    static const char *const words[] = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"};

    for (size_t i = 0; i < array_length(words); i++)
        if (text_equal_fold(word, text_of(words[i])))
            return true;
    return false;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

/* A text that stands without quotes: it begins with a letter or '/', and nothing in it means anything. */
static bool is_plain(struct text t)
{
    if (t.length == 0 || is_taken(t) || t.data[t.length - 1] == ' ' ||
        (!is_letter(t.data[0]) && t.data[0] != '/'))
        return false;
    for (size_t i = 0; i < t.length; i++) {
        char const c = t.data[i];

        if (!is_letter(c) && (c < '0' || c > '9') && (c == '\0' || strchr(" _-./(),;+={}", c) == NULL))
            return false;
    }
    return true;
}

/* A JSON string is a YAML string in double quotes. */
static void put_scalar_text(struct text_out *out, struct text t)
{
    struct json_out quoted;

    if (is_plain(t)) {
        text_out_put(out, t);
        return;
    }
    quoted = json_out_begin(out->arena);
    json_text(&quoted, t);
    text_out_put(out, json_out_end(&quoted));
}

static void put_scalar(struct text_out *out, const cJSON *value)
{
    if (cJSON_IsString(value))
        put_scalar_text(out, text_of(value->valuestring));
    else if (cJSON_IsNumber(value))
        text_out_put(out, text_of(arena_printf(out->arena, "%.15g", value->valuedouble)));
    else if (cJSON_IsBool(value))
        text_out_put(out, cJSON_IsTrue(value) ? TEXT("true") : TEXT("false"));
    else if (cJSON_IsNull(value))
        text_out_put(out, TEXT("null"));
    else
        text_out_put(out, cJSON_IsArray(value) ? TEXT("[]") : TEXT("{}")); /* empty ones */
}

/* Each level of the document is one of these calls: no deeper than json_limits_file lets a document be. */
static void put_block(struct text_out *out, const cJSON *value, unsigned depth, bool is_begun)
{
    const cJSON *child;

    cJSON_ArrayForEach(child, value)
    {
        bool const is_nested = child->child != NULL;

        if (!is_begun)
            put_indent(out, depth);
        is_begun = false;
        if (cJSON_IsObject(value)) {
            put_scalar_text(out, text_of(child->string));
            text_out_put(out, is_nested ? TEXT(":\n") : TEXT(": "));
        } else {
            text_out_put(out, TEXT("- "));
        }
        if (is_nested) {
            put_block(out, child, depth + 1, cJSON_IsArray(value));
            continue;
        }
        put_scalar(out, child);
        text_out_byte(out, '\n');
    }
}

struct text describe_yaml(struct arena *arena)
{
    struct json_result const json = json_parse(arena, describe_json(arena), &json_limits_file);
    struct text_out out = text_out_begin(arena);

    must(json.fault == JSON_OK);
    text_out_put(
        &out,
        TEXT("# Made by `motcuad describe --yaml` from the server's own tables; a test compares both.\n"));
    put_block(&out, json.root, 0, false);
    return text_out_end(&out);
}
