#include "forms/form_facts_rules.h"

#include "core/instant.h"

/* One decoding under way: where we are, for the wording of faults. */
struct decoding {
    struct arena *arena;
    const char *prefix; /* "" or "components[3]." */
};

static void *place(void *into, size_t offset)
{
    return (char *)into + offset;
}

static const char *fault(const struct decoding *decoding, const struct fact *fact, const char *claim)
{
    return arena_printf(decoding->arena, "%s%s: %s", decoding->prefix, fact->key, claim);
}

/* U+0080–U+009F, line and paragraph separators, and the marks that turn the direction of writing. */
static bool is_hostile_point(const unsigned char *at, size_t left)
{
    if (left >= 2 && at[0] == 0xC2 && at[1] < 0xA0)
        return true;
    if (left < 3 || at[0] != 0xE2)
        return false;
    return (at[1] == 0x80 && at[2] >= 0xA8 && at[2] <= 0xAE) ||
           (at[1] == 0x81 && at[2] >= 0xA6 && at[2] <= 0xA9);
}

/* Blanks of every kind become one space, in place; false where a character may not be printed. */
static bool text_clean(char *data, size_t *length)
{
    size_t kept = 0;

    for (size_t i = 0; i < *length; i++) {
        unsigned char byte = (unsigned char)data[i];
        bool is_blank = byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';

        if ((byte < 0x20 && !is_blank) || byte == 0x7F)
            return false;
        if (is_hostile_point((const unsigned char *)data + i, *length - i))
            return false;
        if (is_blank && (kept == 0 || data[kept - 1] == ' '))
            continue;
        data[kept++] = is_blank ? ' ' : data[i];
    }
    while (kept > 0 && data[kept - 1] == ' ')
        kept--;
    *length = kept;
    return true;
}

static const char *decode_text(const struct decoding *decoding, const struct fact *fact, const cJSON *value,
                               struct text *to)
{
    struct text source;
    char *data;
    size_t length;
    size_t points;

    if (!cJSON_IsString(value))
        return fault(decoding, fact, "must be a string");
    source = text_of(value->valuestring);
    if (!text_is_utf8(source))
        return fault(decoding, fact, "must be UTF-8");
    source = text_nfc(decoding->arena, source);
    length = source.length;
    data = arena_copy(decoding->arena, source.data, length);
    if (!text_clean(data, &length))
        return fault(decoding, fact, "has a control character");
    points = text_points((struct text){.data = data, .length = length});
    if (points > (size_t)fact->most)
        return fault(decoding, fact,
                     arena_printf(decoding->arena, "longer than %lld characters", (long long)fact->most));
    if (points < (size_t)fact->least)
        return fault(decoding, fact, "is empty");
    *to = length == 0 ? TEXT_NONE : (struct text){.data = data, .length = length};
    return NULL;
}

static const char *decode_url(const struct decoding *decoding, const struct fact *fact, const cJSON *value,
                              struct text *to)
{
    const char *found = decode_text(decoding, fact, value, to);

    if (found != NULL || to->data == NULL)
        return found;
    if (!text_starts(*to, TEXT("https://")) && !text_starts(*to, TEXT("http://")))
        return fault(decoding, fact, "must start with https:// or http://");
    for (size_t i = 0; i < to->length; i++)
        if (to->data[i] <= 0x20 || to->data[i] >= 0x7F)
            return fault(decoding, fact, "must be printable ASCII");
    return NULL;
}

static const char *decode_number(const struct decoding *decoding, const struct fact *fact, const cJSON *value,
                                 int64_t *to)
{
    if (!cJSON_IsNumber(value))
        return fault(decoding, fact, "must be a number");
    if (value->valuedouble < (double)fact->least || value->valuedouble > (double)fact->most)
        return fault(decoding, fact, "is out of range");
    *to = (int64_t)value->valuedouble;
    return (double)*to < value->valuedouble ? fault(decoding, fact, "must be whole") : NULL;
}

static const char *decode_choice(const struct decoding *decoding, const struct fact *fact, const cJSON *value,
                                 int *to)
{
    for (int i = 0; cJSON_IsString(value) && fact->choices[i] != NULL; i++) {
        if (strcmp(value->valuestring, fact->choices[i]) == 0) {
            *to = i;
            return NULL;
        }
    }
    return fault(decoding, fact, "is not one of its words");
}

static const char *decode_object(const struct decoding *decoding, const cJSON *object,
                                 const struct fact *facts, void *into);

static const char *decode_list(const struct decoding *decoding, const struct fact *fact, const cJSON *value,
                               struct fact_list *to)
{
    const cJSON *item;
    int64_t count;
    size_t i = 0;

    if (!cJSON_IsArray(value))
        return fault(decoding, fact, "must be an array");
    count = cJSON_GetArraySize(value);
    if (count < fact->least || count > fact->most)
        return fault(decoding, fact, "has too few or too many elements");
    to->count = (size_t)count;
    to->items = arena_alloc(decoding->arena, fact->element_bytes * to->count);
    cJSON_ArrayForEach(item, value)
    {
        struct decoding inner = {.arena = decoding->arena,
                                 .prefix = arena_printf(decoding->arena, "%s[%zu].", fact->key, i)};
        const char *found =
            decode_object(&inner, item, fact->element, place(to->items, i * fact->element_bytes));

        if (found != NULL)
            return found;
        i++;
    }
    return NULL;
}

static const char *decode_instant(const struct decoding *decoding, const struct fact *fact,
                                  const cJSON *value, int64_t *to)
{
    if (!cJSON_IsString(value) || !instant_parse(text_of(value->valuestring), to))
        return fault(decoding, fact, "must be an instant like 2026-03-05T17:00:00+07:00");
    return NULL;
}

static const char *decode_bool(const struct decoding *decoding, const struct fact *fact, const cJSON *value,
                               bool *to)
{
    if (!cJSON_IsBool(value))
        return fault(decoding, fact, "must be true or false");
    *to = cJSON_IsTrue(value);
    return NULL;
}

static const char *decode_value(const struct decoding *decoding, const struct fact *fact, const cJSON *value,
                                void *to)
{
    switch (fact->kind) {
    case FACT_TEXT: return decode_text(decoding, fact, value, to);
    case FACT_URL: return decode_url(decoding, fact, value, to);
    case FACT_NUMBER: return decode_number(decoding, fact, value, to);
    case FACT_BOOL: return decode_bool(decoding, fact, value, to);
    case FACT_INSTANT: return decode_instant(decoding, fact, value, to);
    case FACT_CHOICE: return decode_choice(decoding, fact, value, to);
    case FACT_LIST: return decode_list(decoding, fact, value, to);
    }
    unreachable();
}

static const char *unknown_key(const struct decoding *decoding, const cJSON *object, const struct fact *facts)
{
    const cJSON *member;

    cJSON_ArrayForEach(member, object)
    {
        const struct fact *fact = facts;

        while (fact->key != NULL && strcmp(fact->key, member->string) != 0)
            fact++;
        /* The key itself is a stranger's text and stays out of the log. */
        if (fact->key == NULL)
            return arena_printf(decoding->arena, "%s: a key nobody knows",
                                decoding->prefix[0] != '\0' ? decoding->prefix : "facts");
    }
    return NULL;
}

static const char *decode_object(const struct decoding *decoding, const cJSON *object,
                                 const struct fact *facts, void *into)
{
    if (!cJSON_IsObject(object))
        return arena_printf(decoding->arena, "%s: must be an object",
                            decoding->prefix[0] != '\0' ? decoding->prefix : "facts");
    for (const struct fact *fact = facts; fact->key != NULL; fact++) {
        const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, fact->key);
        const char *found = NULL;

        if (value != NULL && !cJSON_IsNull(value))
            found = decode_value(decoding, fact, value, place(into, fact->offset));
        else if (fact->is_required)
            found = fault(decoding, fact, "missing");
        if (found != NULL)
            return found;
    }
    return unknown_key(decoding, object, facts);
}

const char *facts_decode(struct arena *arena, const cJSON *object, const struct fact *facts, void *into)
{
    struct decoding decoding = {.arena = arena, .prefix = ""};

    return decode_object(&decoding, object, facts, into);
}
