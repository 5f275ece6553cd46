#include "catalogue/calendar_change_rules.h"

#include <cjson/cJSON.h>

#include "core/json_out.h"

/* --- documents: new nodes over old ones --- */

static cJSON *node_new(struct arena *arena, int type, const char *name)
{
    cJSON *node = arena_new(arena, cJSON);

    *node = (cJSON){.type = type};
    if (name != NULL)
        node->string = arena_printf(arena, "%s", name);
    return node;
}

/* The same value, to stand elsewhere: what is below it is shared. */
static cJSON *node_copy(struct arena *arena, const cJSON *node)
{
    cJSON *copy = arena_new(arena, cJSON);

    *copy = *node;
    copy->next = copy->prev = NULL;
    return copy;
}

static void node_append(cJSON *parent, cJSON ***end, cJSON *node)
{
    if (*end == NULL)
        *end = &parent->child;
    **end = node;
    *end = &node->next;
}

static cJSON *node_text(struct arena *arena, const char *name, struct text value)
{
    cJSON *node = node_new(arena, cJSON_String, name);

    node->valuestring = text_copy(arena, value);
    return node;
}

static const char *word(const cJSON *object, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
}

static bool is_same_date(const cJSON *a, const cJSON *b)
{
    const char *left = word(a, "date"), *right = word(b, "date");

    return left != NULL && right != NULL && strcmp(left, right) == 0;
}

static bool is_plain(const cJSON *day)
{
    const char *kind = word(day, "kind");

    return kind != NULL && strcmp(kind, "PLAIN") == 0;
}

static const cJSON *find_date(const cJSON *days, const cJSON *day)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, days) if (is_same_date(item, day)) return item;
    return NULL;
}

/* A day of a change as a calendar's document has it: the change's paper is its source. */
static cJSON *day_of_change(struct arena *arena, const struct calendar_change *change, const cJSON *day)
{
    cJSON *copy = node_copy(arena, day), **end = NULL;
    const cJSON *member;

    copy->child = NULL;
    cJSON_ArrayForEach(member, day) node_append(copy, &end, node_copy(arena, member));
    if (change->source.length > 0 && word(day, "source") == NULL)
        node_append(copy, &end, node_text(arena, "source", change->source));
    return copy;
}

/* The old days but for the changed dates, then the changed ones. */
static cJSON *days_changed(struct arena *arena, const cJSON *days, const struct calendar_change *change)
{
    cJSON *all = node_new(arena, cJSON_Array, "days"), **end = NULL;
    const cJSON *day;

    cJSON_ArrayForEach(day, days) if (find_date(change->days, day) == NULL)
        node_append(all, &end, node_copy(arena, day));
    cJSON_ArrayForEach(day, change->days) if (!is_plain(day))
        node_append(all, &end, day_of_change(arena, change, day));
    return all;
}

static const cJSON *body_changed(struct arena *arena, const cJSON *body, const struct calendar_change *change)
{
    const cJSON *days = cJSON_GetObjectItemCaseSensitive(body, "days"), *member;
    cJSON *changed = node_new(arena, cJSON_Object, NULL), **end = NULL;

    cJSON_ArrayForEach(member, body) if (member != days) node_append(changed, &end, node_copy(arena, member));
    node_append(changed, &end, days_changed(arena, days, change));
    return changed;
}

/* --- calendars of single agencies --- */

enum { OWN_CODE_MAX = 40 };

/* "H17.105" has "A_H17_105"; nobody else may be called so, the catalogue's codes of calendars are people's.
 */
static struct text own_code(struct arena *arena, struct text agency)
{
    char *code = arena_printf(arena, "A_%.*s", (int)agency.length, agency.data);

    for (char *at = code; *at != '\0'; at++)
        if (*at == '.')
            *at = '_';
    return text_of(code);
}

static const struct calendar *own_calendar(const struct calendar_book *book, struct text agency)
{
    char code[OWN_CODE_MAX + 1] = "A_";
    size_t const length = agency.length + 2;

    if (length > OWN_CODE_MAX)
        return NULL;
    for (size_t i = 0; i < agency.length; i++)
        code[i + 2] = agency.data[i] == '.' ? '_' : agency.data[i];
    return calendar_find(book, (struct text){code, length});
}

const struct calendar *calendars_of(const struct calendar_book *book, const struct agency *agency)
{
    for (; agency != NULL; agency = agency->parent) {
        const struct calendar *own = own_calendar(book, agency->code);

        if (own != NULL)
            return own;
        if (agency->calendar.length > 0)
            return calendar_find(book, agency->calendar);
    }
    return NULL;
}

/* --- all together --- */

/* A document under way; of an agency where `agency` is there. */
struct body {
    struct text code;
    const cJSON *json;
    const struct agency *agency;
};

struct bodies {
    struct arena *arena;
    struct body *all;
    size_t count;
};

static struct body *find_body(const struct bodies *bodies, struct text code)
{
    for (size_t i = 0; i < bodies->count; i++)
        if (text_equal(bodies->all[i].code, code))
            return &bodies->all[i];
    return NULL;
}

static struct body *agency_body(struct bodies *bodies, const struct catalogue *catalogue, struct text code)
{
    struct text const own = own_code(bodies->arena, code);
    struct body *body = find_body(bodies, own);

    if (body != NULL)
        return body;
    body = &bodies->all[bodies->count];
    *body = (struct body){.code = own, .agency = catalogue_agency(catalogue, code)};
    if (body->agency == NULL)
        return NULL;
    bodies->count++;
    body->json = node_new(bodies->arena, cJSON_Object, NULL);
    return body;
}

/* What an agency's own calendar stands on: its calendar in the catalogue, or what counts above it. */
static struct text parent_code(const struct bodies *bodies, const struct agency *agency)
{
    if (agency->calendar.length > 0)
        return agency->calendar;
    for (agency = agency->parent; agency != NULL; agency = agency->parent) {
        struct text const own = own_code(bodies->arena, agency->code);

        if (find_body(bodies, own) != NULL)
            return own;
        if (agency->calendar.length > 0)
            return agency->calendar;
    }
    return TEXT_NONE;
}

/* An agency's calendar has days; code, name and parent come when it is known whom it stands on. */
static void complete_agency(const struct bodies *bodies, struct body *body)
{
    cJSON *whole = node_new(bodies->arena, cJSON_Object, NULL), **end = NULL;

    node_append(whole, &end, node_text(bodies->arena, "code", body->code));
    node_append(whole, &end, node_text(bodies->arena, "name", body->agency->name));
    node_append(whole, &end, node_text(bodies->arena, "parent", parent_code(bodies, body->agency)));
    node_append(whole, &end, node_copy(bodies->arena, cJSON_GetObjectItemCaseSensitive(body->json, "days")));
    body->json = whole;
}

static struct body *changed_body(struct bodies *bodies, const struct catalogue *catalogue,
                                 const struct calendar_change *change)
{
    return change->calendar.length > 0 ? find_body(bodies, change->calendar)
                                       : agency_body(bodies, catalogue, change->agency);
}

static struct bodies bodies_of(struct arena *arena, const struct catalogue *catalogue,
                               const struct calendar_change *changes, size_t count)
{
    struct bodies bodies = {.arena = arena,
                            .all = arena_array(arena, struct body, catalogue->calendar_count + count + 1)};

    for (size_t i = 0; i < catalogue->calendar_count; i++)
        bodies.all[bodies.count++] =
            (struct body){.code = catalogue->calendars[i].code, .json = catalogue->calendars[i].body};
    for (size_t i = 0; i < count; i++) {
        struct body *body = changed_body(&bodies, catalogue, &changes[i]);

        if (body != NULL)
            body->json = body_changed(arena, body->json, &changes[i]);
    }
    return bodies;
}

/* A fault in what the change itself says is told by the change's own days. */
static void point_at_change(struct arena *arena, const struct bodies *bodies,
                            const struct calendar_change *change, struct calendar_faults *faults)
{
    struct text const code = change->calendar.length > 0 ? change->calendar : own_code(arena, change->agency);
    const struct body *body = find_body(bodies, code);
    size_t changed = 0, old;
    const cJSON *day;

    if (body == NULL)
        return;
    cJSON_ArrayForEach(day, change->days) changed += !is_plain(day);
    old = (size_t)cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(body->json, "days")) - changed;
    for (struct calendar_fault *fault = faults->first; fault != NULL; fault = fault->next) {
        size_t at = 0, index = 0;
        int end = 0;

        if (!text_equal(text_of(fault->file), code) ||
            sscanf(fault->pointer, "/days/%zu%n", &at, &end) != 1 || at < old)
            continue;
        cJSON_ArrayForEach(day, change->days)
        {
            if (!is_plain(day) && at-- == old)
                break;
            index++;
        }
        fault->file = "";
        fault->pointer = arena_printf(arena, "/days/%zu%s", index, fault->pointer + end);
    }
}

const struct calendar_book *calendars_build(struct arena *arena, const struct catalogue *catalogue,
                                            const struct calendar_change *changes, size_t count,
                                            struct calendar_faults *faults)
{
    struct bodies bodies = bodies_of(arena, catalogue, changes, count);
    struct calendar_source *sources = arena_array(arena, struct calendar_source, bodies.count + 1);
    const struct calendar_book *book;

    for (size_t i = 0; i < bodies.count; i++) {
        if (bodies.all[i].agency != NULL)
            complete_agency(&bodies, &bodies.all[i]);
        sources[i] = (struct calendar_source){text_copy(arena, bodies.all[i].code), bodies.all[i].json};
    }
    book = calendar_book_build(arena, sources, bodies.count, faults);
    if (book == NULL && count > 0)
        point_at_change(arena, &bodies, &changes[count - 1], faults);
    return book;
}

struct text calendar_change_opposite(struct arena *arena, const struct catalogue *catalogue,
                                     const struct calendar_change *before, size_t count,
                                     const struct calendar_change *change)
{
    struct bodies bodies = bodies_of(arena, catalogue, before, count);
    const struct body *body = changed_body(&bodies, catalogue, change);
    const cJSON *days = body == NULL ? NULL : cJSON_GetObjectItemCaseSensitive(body->json, "days");
    struct json_out out = json_out_begin(arena);
    const cJSON *day;

    json_open_array(&out);
    cJSON_ArrayForEach(day, change->days)
    {
        const cJSON *old = find_date(days, day);

        if (old != NULL) {
            char *text = cJSON_PrintUnformatted(old);

            must(text != NULL);
            json_raw(&out, text_of(text));
            cJSON_free(text);
            continue;
        }
        json_open_object(&out);
        json_put_string(&out, "date", word(day, "date"));
        json_put_string(&out, "kind", "PLAIN");
        json_close_object(&out);
    }
    json_close_array(&out);
    return json_out_end(&out);
}

/* --- whom it reaches --- */

static bool calendar_inherits(const struct catalogue *catalogue, struct text code, struct text ancestor)
{
    for (size_t depth = 0; depth <= catalogue->calendar_count && code.length > 0; depth++) {
        if (text_equal(code, ancestor))
            return true;
        code = text_of(word(catalogue_calendar(catalogue, code), "parent"));
    }
    return false;
}

bool calendar_change_reaches(const struct catalogue *catalogue, const struct calendar_change *change,
                             const struct agency *agency)
{
    if (change->calendar.length > 0)
        return calendar_inherits(catalogue, catalogue_calendar_code(agency), change->calendar);
    for (; agency != NULL; agency = agency->parent) {
        if (text_equal(agency->code, change->agency))
            return true;
        if (agency->calendar.length > 0)
            return false;
    }
    return false;
}

size_t calendar_change_days(const struct calendar_change *change,
                            int32_t days[static CALENDAR_CHANGE_DAYS_MAX])
{
    size_t count = 0;
    const cJSON *item;

    cJSON_ArrayForEach(item, change->days) if (count < CALENDAR_CHANGE_DAYS_MAX &&
                                               day_parse(text_of(word(item, "date")), &days[count])) count++;
    return count;
}
