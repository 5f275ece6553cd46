#include "catalogue/shape_rules.h"

#include <math.h>

#include "core/instant.h"

/* What all readers below are given. */
struct reading {
    const char *file;
    struct catalogue_faults *faults;
};

const char *spot_pointer(struct arena *arena, const struct spot *spot)
{
    char name[200];
    size_t length = 0;

    if (spot == NULL)
        return "";
    if (spot->name == NULL)
        return arena_printf(arena, "%s/%zu", spot_pointer(arena, spot->up), spot->index);
    for (const char *c = spot->name; *c != '\0' && length < sizeof(name) - 3; c++) {
        if (*c == '~' || *c == '/') { /* RFC 6901 */
            name[length++] = '~';
            name[length++] = *c == '~' ? '0' : '1';
        } else {
            name[length++] = *c;
        }
    }
    name[length] = '\0';
    return arena_printf(arena, "%s/%s", spot_pointer(arena, spot->up), name);
}

static void __attribute__((format(printf, 4, 5)))
fault(const struct reading *reading, const struct spot *spot, const char *rule, const char *format, ...)
{
    struct arena *arena = reading->faults->arena;
    va_list args;

    if (reading->faults->count >= FAULTS_KEPT) { /* only counted: a bad file of many megabytes stays cheap */
        reading->faults->count++;
        return;
    }
    va_start(args, format);
    const char *message = arena_vprintf(arena, format, args);
    va_end(args);
    fault_add(reading->faults, reading->file, spot_pointer(arena, spot), rule, "%s", message);
}

static bool read_text(const struct reading *reading, const struct spot *spot,
                      const struct shape_member *member, const cJSON *value, struct text *out)
{
    struct text text;

    if (!cJSON_IsString(value)) {
        fault(reading, spot, "wrong-type", "phải là chuỗi ký tự");
        return false;
    }
    text = text_of(value->valuestring);
    if (text_trim(text).length != text.length)
        fault(reading, spot, "bad-value", "có khoảng trắng ở đầu hoặc cuối");
    if (!text_equal(text_nfc(reading->faults->arena, text), text))
        fault(reading, spot, "text-not-nfc", "tiếng Việt phải ở dạng Unicode dựng sẵn (NFC)");
    if (member->is_valid != NULL && text.length > 0 && !member->is_valid(text)) {
        fault(reading, spot, member->rule, "“%s” sai cấu trúc", value->valuestring);
        return false;
    }
    *out = text;
    return true;
}

static void read_day(const struct reading *reading, const struct spot *spot, const cJSON *value, int32_t *out)
{
    if (!cJSON_IsString(value))
        fault(reading, spot, "wrong-type", "phải là ngày, viết dạng 2026-03-05");
    else if (!day_parse(text_of(value->valuestring), out))
        fault(reading, spot, "bad-value", "“%s” không phải là ngày có thật", value->valuestring);
}

static void read_number(const struct reading *reading, const struct spot *spot,
                        const struct shape_member *member, const cJSON *value, int64_t *out)
{
    double scaled;

    if (!cJSON_IsNumber(value)) {
        fault(reading, spot, "wrong-type", "phải là số");
        return;
    }
    scaled = value->valuedouble * (double)member->scale;
    if (!(scaled >= (double)member->min && scaled <= (double)member->max) ||
        fabs(scaled - round(scaled)) > 1e-6) {
        fault(reading, spot, "bad-value", "số %g không hợp lệ ở đây", value->valuedouble);
        return;
    }
    *out = (int64_t)llround(scaled);
}

static bool read_choice(const struct reading *reading, const struct spot *spot,
                        const struct shape_name *names, const cJSON *value, int *out)
{
    if (!cJSON_IsString(value)) {
        fault(reading, spot, "wrong-type", "phải là chuỗi ký tự");
        return false;
    }
    for (; names->name != NULL; names++) {
        if (strcmp(names->name, value->valuestring) == 0) {
            *out = names->value;
            return true;
        }
    }
    fault(reading, spot, "bad-value", "không có giá trị “%s”", value->valuestring);
    return false;
}

/* The length of a list, 0 after a fault. */
static size_t list_length(const struct reading *reading, const struct spot *spot,
                          const struct shape_member *member, const cJSON *value)
{
    size_t count;

    if (!cJSON_IsArray(value)) {
        fault(reading, spot, "wrong-type", "phải là danh sách");
        return 0;
    }
    count = (size_t)cJSON_GetArraySize(value);
    if (count > (size_t)member->max) {
        fault(reading, spot, "list-too-long", "có %zu mục, nhiều nhất %lld", count, (long long)member->max);
        return 0;
    }
    return count;
}

static void read_flags(const struct reading *reading, const struct spot *spot,
                       const struct shape_member *member, const cJSON *value, char *out)
{
    unsigned flags = 0;
    size_t index = 0;

    if (list_length(reading, spot, member, value) == 0)
        return;
    for (const cJSON *item = value->child; item != NULL; item = item->next, index++) {
        int flag = 0;

        if (read_choice(reading, &(struct spot){spot, NULL, index}, member->names, item, &flag))
            flags |= (unsigned)flag;
    }
    memcpy(out, &flags, sizeof(flags));
}

static void put_list(char *out, const struct shape_member *member, void *list, size_t count)
{
    memcpy(out + member->offset, &list, sizeof(list));
    memcpy(out + member->count_offset, &count, sizeof(count));
}

static void read_texts(const struct reading *reading, const struct spot *spot,
                       const struct shape_member *member, const cJSON *value, char *out)
{
    size_t count = list_length(reading, spot, member, value), kept = 0, index = 0;
    struct text *texts;

    if (count == 0)
        return;
    texts = arena_array(reading->faults->arena, struct text, count);
    for (const cJSON *item = value->child; item != NULL; item = item->next, index++)
        if (read_text(reading, &(struct spot){spot, NULL, index}, member, item, &texts[kept]) &&
            texts[kept].length > 0)
            kept++;
    put_list(out, member, texts, kept);
}

static void read_objects(const struct reading *reading, const struct spot *spot,
                         const struct shape_member *member, const cJSON *value, char *out)
{
    size_t count = list_length(reading, spot, member, value), index = 0;
    char *list;

    if (count == 0)
        return;
    list = arena_alloc(reading->faults->arena, count * member->shape->size);
    for (const cJSON *item = value->child; item != NULL; item = item->next, index++)
        shape_read(member->shape, item, list + index * member->shape->size, reading->file,
                   &(struct spot){spot, NULL, index}, reading->faults);
    put_list(out, member, list, count);
}

static void read_member(const struct reading *reading, const struct spot *spot,
                        const struct shape_member *member, const cJSON *value, char *out)
{
    struct text text = TEXT("");
    int32_t day = (int32_t)member->otherwise;
    int64_t number = member->otherwise;
    int choice = 0;
    bool is_true;

    switch (member->kind) {
    case SHAPE_TEXT:
        if (read_text(reading, spot, member, value, &text))
            memcpy(out + member->offset, &text, sizeof(text));
        break;
    case SHAPE_DAY:
        read_day(reading, spot, value, &day);
        memcpy(out + member->offset, &day, sizeof(day));
        break;
    case SHAPE_BOOL:
        is_true = cJSON_IsTrue(value);
        if (!cJSON_IsBool(value))
            fault(reading, spot, "wrong-type", "phải là true hoặc false");
        memcpy(out + member->offset, &is_true, sizeof(is_true));
        break;
    case SHAPE_NUMBER:
        read_number(reading, spot, member, value, &number);
        memcpy(out + member->offset, &number, sizeof(number));
        break;
    case SHAPE_CHOICE:
        if (read_choice(reading, spot, member->names, value, &choice))
            memcpy(out + member->offset, &choice, sizeof(choice));
        break;
    case SHAPE_FLAGS: read_flags(reading, spot, member, value, out + member->offset); break;
    case SHAPE_TEXTS: read_texts(reading, spot, member, value, out); break;
    case SHAPE_OBJECT:
        shape_read(member->shape, value, out + member->offset, reading->file, spot, reading->faults);
        break;
    case SHAPE_OBJECTS: read_objects(reading, spot, member, value, out); break;
    case SHAPE_RAW: memcpy(out + member->offset, &value, sizeof(value)); break;
    }
}

/* Gives absent members their value: texts are empty, never without data. */
static void put_otherwise(const struct shape *shape, char *out)
{
    for (size_t i = 0; i < shape->member_count; i++) {
        const struct shape_member *member = &shape->members[i];
        struct text empty = TEXT("");
        int32_t day = (int32_t)member->otherwise;

        if (member->kind == SHAPE_TEXT)
            memcpy(out + member->offset, &empty, sizeof(empty));
        else if (member->kind == SHAPE_DAY)
            memcpy(out + member->offset, &day, sizeof(day));
        else if (member->kind == SHAPE_NUMBER)
            memcpy(out + member->offset, &member->otherwise, sizeof(member->otherwise));
        else if (member->kind == SHAPE_OBJECT)
            put_otherwise(member->shape, out + member->offset);
    }
}

static const struct shape_member *find_member(const struct shape *shape, const char *name)
{
    for (size_t i = 0; i < shape->member_count; i++)
        if (strcmp(shape->members[i].name, name) == 0)
            return &shape->members[i];
    return NULL;
}

void shape_read(const struct shape *shape, const cJSON *object, void *out, const char *file,
                const struct spot *spot, struct catalogue_faults *faults)
{
    struct reading reading = {file, faults};
    uint64_t seen = 0;

    must(shape->member_count <= 64);
    put_otherwise(shape, out);
    if (!cJSON_IsObject(object)) {
        fault(&reading, spot, "wrong-type", "phải là đối tượng");
        return;
    }
    for (const cJSON *value = object->child; value != NULL; value = value->next) {
        const struct shape_member *member = find_member(shape, value->string);
        struct spot here = {spot, value->string, 0};

        if (member == NULL) {
            fault(&reading, &here, "unknown-member", "không có trường này");
        } else if (!cJSON_IsNull(value)) {
            seen |= UINT64_C(1) << (member - shape->members);
            read_member(&reading, &here, member, value, out);
        }
    }
    for (size_t i = 0; i < shape->member_count; i++)
        if (shape->members[i].is_required && (seen >> i & 1) == 0)
            fault(&reading, spot, "missing-member", "thiếu trường “%s”", shape->members[i].name);
}
