#include "calendar/book.h"

#include <stdlib.h>

#include "calendar/build.h"
#include "core/json.h"

enum { BOOK_CALENDARS_MAX = 500 };

/* Sorted by code. */
struct calendar_book {
    const struct calendar **calendars;
    size_t count;
};

static bool is_list_document(const cJSON *body)
{
    return cJSON_IsObject(body) && cJSON_GetObjectItemCaseSensitive(body, "calendars") != NULL;
}

static size_t calendars_in(const cJSON *body)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(body, "calendars");

    if (!is_list_document(body))
        return 1;
    return cJSON_IsArray(list) ? (size_t)cJSON_GetArraySize(list) : 0;
}

/* The calendars of one document into plans; returns how many. */
static size_t read_document(struct reader *reader, const struct calendar_source *source,
                            struct calendar_plan *plans)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(source->body, "calendars");
    static const struct spot list_spot = {.member = "calendars"};
    size_t index = 0;

    reader->file = source->file;
    if (!is_list_document(source->body)) {
        plans[0].file = source->file;
        plans[0].spot.is_document = true;
        calendar_plan_read(reader, source->body, &plans[0]);
        return 1;
    }
    if (!cJSON_IsArray(list)) {
        document_fault(reader, &list_spot, "wrong-type", "phải là danh sách");
        return 0;
    }
    for (const cJSON *item = list->child; item != NULL; item = item->next, index++) {
        plans[index].file = source->file;
        plans[index].spot = (struct spot){.up = &list_spot, .index = index};
        calendar_plan_read(reader, item, &plans[index]);
    }
    return index;
}

static int compare_codes(struct text a, struct text b)
{
    size_t const shorter = a.length < b.length ? a.length : b.length;
    int const order = shorter == 0 ? 0 : memcmp(a.data, b.data, shorter);

    return order != 0 ? order : (a.length > b.length) - (a.length < b.length);
}

static int compare_calendars(const void *a, const void *b)
{
    const struct calendar *const *left = a, *const *right = b;

    return compare_codes(calendar_code(*left), calendar_code(*right));
}

static void check_codes(struct reader *reader, const struct calendar_plan *plans, size_t count)
{
    for (size_t i = 1; i < count; i++)
        for (size_t j = 0; j < i; j++)
            if (text_equal(plans[i].code, plans[j].code) && plans[i].code.length > 0) {
                struct spot const spot = {.up = &plans[i].spot, .member = "code"};

                reader->file = plans[i].file;
                document_fault(reader, &spot, "duplicate-code", "mã lịch đã có");
                break;
            }
}

static struct calendar_book *build_all(struct reader *reader, struct calendar_plan *plans, size_t count)
{
    struct calendar_book *book = arena_new(reader->arena, struct calendar_book);

    for (size_t i = 0; i < count; i++)
        calendar_plan_build(reader, plans, count, i);
    if (reader->faults->count > 0)
        return NULL;
    book->calendars = arena_array(reader->arena, const struct calendar *, count);
    for (size_t i = 0; i < count; i++)
        book->calendars[book->count++] = plans[i].calendar;
    if (count > 0)
        qsort(book->calendars, count, sizeof(const struct calendar *), compare_calendars);
    return book;
}

struct calendar_book *calendar_book_build(struct arena *arena, const struct calendar_source *sources,
                                          size_t count, struct calendar_faults *faults)
{
    struct reader reader = {.arena = arena, .faults = faults};
    struct calendar_plan *plans;
    size_t total = 0, read = 0;

    *faults = (struct calendar_faults){0};
    for (size_t i = 0; i < count; i++)
        total += calendars_in(sources[i].body);
    if (total > BOOK_CALENDARS_MAX) {
        reader.file = sources[count - 1].file;
        document_fault(&reader, NULL, "list-too-long", "nhiều nhất %d lịch", BOOK_CALENDARS_MAX);
        return NULL;
    }
    plans = arena_array(arena, struct calendar_plan, total);
    for (size_t i = 0; i < count; i++)
        read += read_document(&reader, &sources[i], &plans[read]);
    must(read == total);
    check_codes(&reader, plans, read);
    return faults->count > 0 ? NULL : build_all(&reader, plans, read);
}

struct calendar_book *calendar_book_parse(struct arena *arena, const char *file, struct text json,
                                          struct calendar_faults *faults)
{
    struct json_result const parsed = json_parse(arena, json, &json_limits_file);
    struct calendar_source const source = {.file = file, .body = parsed.root};
    struct reader reader = {.arena = arena, .faults = faults, .file = file};

    *faults = (struct calendar_faults){0};
    if (parsed.fault == JSON_OK)
        return calendar_book_build(arena, &source, 1, faults);
    document_fault(&reader, NULL, "not-json", "byte %zu: %s", parsed.offset, json_fault_name(parsed.fault));
    return NULL;
}

const struct calendar *calendar_find(const struct calendar_book *book, struct text code)
{
    size_t low = 0, high = book->count;

    while (low < high) {
        size_t const middle = low + (high - low) / 2;
        int const order = compare_codes(calendar_code(book->calendars[middle]), code);

        if (order == 0)
            return book->calendars[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

size_t calendar_book_size(const struct calendar_book *book)
{
    return book->count;
}

const struct calendar *calendar_book_at(const struct calendar_book *book, size_t index)
{
    must(index < book->count);
    return book->calendars[index];
}
