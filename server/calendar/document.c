#include "calendar/document.h"

#include <stdarg.h>

enum { FAULTS_KEPT = 100, TEXT_BYTES_MAX = 200 };

/* Names come from outside: no control character of theirs reaches a terminal. */
static const char *blunted(char *text)
{
    for (char *at = text; *at != '\0'; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            *at = '?';
    return text;
}

static char *pointer_of(struct arena *arena, const struct spot *spot)
{
    if (spot == NULL || spot->is_document)
        return arena_printf(arena, "%s", "");
    if (spot->member != NULL)
        return arena_printf(arena, "%s/%.60s", pointer_of(arena, spot->up), spot->member);
    return arena_printf(arena, "%s/%zu", pointer_of(arena, spot->up), spot->index);
}

void document_fault(struct reader *reader, const struct spot *spot, const char *rule, const char *format, ...)
{
    struct calendar_faults *faults = reader->faults;
    struct calendar_fault *fault;
    va_list args;

    if (faults->count++ >= FAULTS_KEPT)
        return;
    fault = arena_new(reader->arena, struct calendar_fault);
    fault->file = reader->file;
    fault->pointer = blunted(pointer_of(reader->arena, spot));
    fault->rule = rule;
    va_start(args, format);
    fault->message = blunted(arena_vprintf(reader->arena, format, args));
    va_end(args);
    if (faults->first == NULL)
        faults->first = fault;
    else
        faults->last->next = fault;
    faults->last = fault;
}

void calendar_faults_print(const struct calendar_faults *faults, FILE *out)
{
    for (const struct calendar_fault *fault = faults->first; fault != NULL; fault = fault->next)
        fprintf(out, "%s: %s: %s: %s\n", fault->file, fault->pointer, fault->rule, fault->message);
    if (faults->count > FAULTS_KEPT)
        fprintf(out, "… và %zu lỗi nữa\n", faults->count - FAULTS_KEPT);
}

void document_known(struct reader *reader, const struct spot *spot, const cJSON *object,
                    const char *const members[], size_t count)
{
    for (const cJSON *member = object->child; member != NULL; member = member->next) {
        struct spot const here = {.up = spot, .member = member->string};
        size_t i = 0;

        while (i < count && strcmp(members[i], member->string) != 0)
            i++;
        if (i == count)
            document_fault(reader, &here, "unknown-member", "không có thành phần này");
    }
}

const cJSON *document_member(struct reader *reader, const struct spot *spot, const cJSON *object,
                             const char *name, bool is_required)
{
    struct spot const here = {.up = spot, .member = name};
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, name);

    if (member != NULL && !cJSON_IsNull(member))
        return member;
    if (is_required)
        document_fault(reader, &here, "missing-member", "phải có");
    return NULL;
}

const cJSON *document_list(struct reader *reader, const struct spot *spot, const cJSON *value,
                           size_t count_max, size_t *count)
{
    *count = 0;
    if (!cJSON_IsArray(value)) {
        document_fault(reader, spot, "wrong-type", "phải là danh sách");
        return NULL;
    }
    *count = (size_t)cJSON_GetArraySize(value);
    if (*count <= count_max)
        return value->child;
    document_fault(reader, spot, "list-too-long", "nhiều nhất %zu, ở đây có %zu", count_max, *count);
    *count = 0;
    return NULL;
}

static bool is_string(struct reader *reader, const struct spot *spot, const cJSON *value)
{
    if (cJSON_IsString(value))
        return true;
    document_fault(reader, spot, "wrong-type", "phải là chuỗi");
    return false;
}

bool document_text(struct reader *reader, const struct spot *spot, const cJSON *value, struct text *text)
{
    struct text found;

    if (!is_string(reader, spot, value))
        return false;
    found = text_of(value->valuestring);
    if (found.length == 0 || found.length > TEXT_BYTES_MAX) {
        document_fault(reader, spot, "bad-text", "dài từ 1 đến %d byte", TEXT_BYTES_MAX);
        return false;
    }
    if (!text_is_utf8(found) || !text_equal(text_nfc(reader->arena, found), found)) {
        document_fault(reader, spot, "text-not-nfc", "phải là UTF-8 dựng sẵn (NFC)");
        return false;
    }
    *text = (struct text){.data = text_copy(reader->arena, found), .length = found.length};
    return true;
}

bool document_day(struct reader *reader, const struct spot *spot, const cJSON *value, int32_t *day)
{
    if (!is_string(reader, spot, value))
        return false;
    if (day_parse(text_of(value->valuestring), day))
        return true;
    document_fault(reader, spot, "bad-date", "phải là ngày có thật, dạng 2026-03-05, từ 1990 đến 2100");
    return false;
}

static bool take_clock(const char *at, int16_t *minute)
{
    int64_t hours, minutes;

    if (strlen(at) != 5 || at[2] != ':' || !text_to_i64((struct text){at, 2}, &hours) ||
        !text_to_i64((struct text){at + 3, 2}, &minutes) || hours > 23 || minutes > 59)
        return false;
    *minute = (int16_t)(hours * 60 + minutes);
    return true;
}

bool document_clock(struct reader *reader, const struct spot *spot, const cJSON *value, int16_t *minute)
{
    if (!is_string(reader, spot, value))
        return false;
    if (take_clock(value->valuestring, minute))
        return true;
    document_fault(reader, spot, "bad-clock", "phải là giờ phút, dạng 07:30");
    return false;
}

bool document_choice(struct reader *reader, const struct spot *spot, const cJSON *value,
                     const char *const words[], size_t count, int *choice)
{
    if (!is_string(reader, spot, value))
        return false;
    for (size_t i = 0; i < count; i++)
        if (strcmp(words[i], value->valuestring) == 0) {
            *choice = (int)i;
            return true;
        }
    document_fault(reader, spot, "unknown-word", "không phải một trong các giá trị được dùng");
    return false;
}
