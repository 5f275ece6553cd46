#include "catalogue/build_rules.h"

#include <stdlib.h>

#include "catalogue/code_rules.h"
#include "catalogue/document_rules.h"
#include "core/json.h"

/* They are looked up one by one. */
enum { CALENDARS_MAX = 500 };

/* Everything the steps below share; sorted arrays are still writable here. */
struct build {
    struct catalogue_faults *faults;
    struct catalogue *catalogue;
    struct agency *agencies;
    struct procedure_version *versions;
};

static void mark_terms(struct term *terms, size_t count, const char *file)
{
    for (size_t i = 0; i < count; i++) {
        terms[i].file = file;
        terms[i].row = (uint32_t)i;
    }
}

static void read_source(const struct catalogue_source *source, struct document *document,
                        struct catalogue_faults *faults)
{
    struct json_result parsed = json_parse(faults->arena, source->text, &json_limits_file);

    if (parsed.fault != JSON_OK) {
        fault_add(faults, source->name, "", "json-syntax", "%s, byte %zu", json_fault_name(parsed.fault),
                  parsed.offset);
        return;
    }
    shape_read(&document_shape, parsed.root, document, source->name, NULL, faults);
    mark_terms(document->fields, document->field_count, source->name);
    mark_terms(document->databases, document->database_count, source->name);
    mark_terms(document->levels, document->level_count, source->name);
    mark_terms(document->kinds, document->kind_count, source->name);
    for (size_t i = 0; i < document->agency_count; i++) {
        document->agencies[i].file = source->name;
        document->agencies[i].row = (uint32_t)i;
    }
    for (size_t i = 0; i < document->procedure_count; i++) {
        document->procedures[i].file = source->name;
        document->procedures[i].row = (uint32_t)i;
        document->procedures[i].owner = code_procedure_owner(document->procedures[i].code);
    }
}

/* One list of all documents, by the places of its pointer and its length in struct document. */
struct part {
    size_t offset, count_offset, size;
    const char *name;
};

#define PART(rows, count_, type)                                                                             \
    ((struct part){offsetof(struct document, rows), offsetof(struct document, count_), sizeof(struct type),  \
                   #rows})

static void *join(struct arena *arena, const struct document *documents, size_t count, struct part part,
                  size_t *total)
{
    size_t length = 0, rows_count;
    char *joined, *end;
    const void *rows;

    for (size_t i = 0; i < count; i++) {
        memcpy(&rows_count, (const char *)&documents[i] + part.count_offset, sizeof(rows_count));
        length += rows_count;
    }
    joined = end = arena_alloc(arena, length * part.size);
    for (size_t i = 0; i < count; i++) {
        memcpy(&rows, (const char *)&documents[i] + part.offset, sizeof(rows));
        memcpy(&rows_count, (const char *)&documents[i] + part.count_offset, sizeof(rows_count));
        if (rows_count > 0)
            end = mempcpy(end, rows, rows_count * part.size);
    }
    *total = length;
    return joined;
}

static int compare_terms(const void *a, const void *b)
{
    return code_compare(((const struct term *)a)->code, ((const struct term *)b)->code);
}

static struct term_list join_terms(struct build *build, const struct document *documents, size_t count,
                                   struct part part)
{
    struct term_list list;
    struct term *terms = join(build->faults->arena, documents, count, part, &list.count);

    if (list.count > 0)
        qsort(terms, list.count, sizeof(struct term), compare_terms);
    for (size_t i = 1; i < list.count; i++)
        if (text_equal(terms[i].code, terms[i - 1].code))
            fault_add(build->faults, terms[i].file,
                      arena_printf(build->faults->arena, "/%s/%u/code", part.name, terms[i].row),
                      "duplicate-code", "mã “%s” có hai lần", terms[i].code.data);
    list.terms = terms;
    return list;
}

static int compare_agencies(const void *a, const void *b)
{
    return code_compare(((const struct agency *)a)->code, ((const struct agency *)b)->code);
}

static int compare_versions(const void *a, const void *b)
{
    const struct procedure_version *left = a, *right = b;
    int order = code_compare(left->code, right->code);

    return order != 0 ? order
                      : (left->valid_from_day > right->valid_from_day) -
                            (left->valid_from_day < right->valid_from_day);
}

static const char *agency_pointer(const struct build *build, const struct agency *agency, const char *member)
{
    return arena_printf(build->faults->arena, "/agencies/%u%s", agency->row, member);
}

static void join_rows(struct build *build, const struct document *documents, size_t count)
{
    struct catalogue *catalogue = build->catalogue;
    struct arena *arena = build->faults->arena;

    build->agencies =
        join(arena, documents, count, PART(agencies, agency_count, agency), &catalogue->agency_count);
    build->versions = join(arena, documents, count, PART(procedures, procedure_count, procedure_version),
                           &catalogue->version_count);
    if (catalogue->agency_count > 0)
        qsort(build->agencies, catalogue->agency_count, sizeof(struct agency), compare_agencies);
    if (catalogue->version_count > 0)
        qsort(build->versions, catalogue->version_count, sizeof(struct procedure_version), compare_versions);
    catalogue->agencies = build->agencies;
    catalogue->versions = build->versions;
}

/* The parent or successor by its code; a code that leads nowhere is a fault. */
static const struct agency *link(struct build *build, const struct agency *from, struct text code,
                                 const char *member)
{
    const struct agency *to;

    if (code.length == 0)
        return NULL;
    to = catalogue_agency(build->catalogue, code);
    if (to == NULL)
        fault_add(build->faults, from->file, agency_pointer(build, from, member), "unknown-agency",
                  "không có cơ quan “%s”", code.data);
    return to;
}

static bool reaches_root(const struct agency *agency)
{
    int depth = 0;

    for (; agency != NULL && depth <= AGENCY_DEPTH_MAX; agency = agency->parent)
        depth++;
    return agency == NULL;
}

static void link_agencies(struct build *build)
{
    size_t count = build->catalogue->agency_count;
    bool *is_cut = arena_array(build->faults->arena, bool, count);

    for (size_t i = 0; i < count; i++) {
        struct agency *agency = &build->agencies[i];

        agency->parent = link(build, agency, agency->parent_code, "/parent");
        agency->successor = link(build, agency, agency->successor_code, "/successor");
        if (i > 0 && text_equal(agency->code, build->agencies[i - 1].code))
            fault_add(build->faults, agency->file, agency_pointer(build, agency, "/code"), "duplicate-code",
                      "cơ quan “%s” có hai lần", agency->code.data);
    }
    for (size_t i = 0; i < count; i++) {
        is_cut[i] = !reaches_root(&build->agencies[i]);
        if (is_cut[i])
            fault_add(build->faults, build->agencies[i].file,
                      agency_pointer(build, &build->agencies[i], "/parent"), "agency-cycle",
                      "đi lên từ “%s” không tới gốc của cây (vòng lặp, hoặc quá %d cấp)",
                      build->agencies[i].code.data, AGENCY_DEPTH_MAX);
    }
    for (size_t i = 0; i < count; i++)
        if (is_cut[i])
            build->agencies[i].parent = NULL;
}

static int compare_children(const void *a, const void *b)
{
    const struct agency *left = *(const struct agency *const *)a, *right = *(const struct agency *const *)b;
    struct text none = TEXT("");
    int order = code_compare(left->parent != NULL ? left->parent->code : none,
                             right->parent != NULL ? right->parent->code : none);

    if (order == 0)
        order = code_compare(left->kind, right->kind);
    return order != 0 ? order : code_compare(left->code, right->code);
}

static uint32_t number_below(struct build *build, const struct agency *parent, uint32_t next, uint32_t depth)
{
    size_t count;
    const struct agency *const *children = catalogue_children(build->catalogue, parent, &count);

    must(depth <= AGENCY_DEPTH_MAX);
    for (size_t i = 0; i < count; i++) {
        struct agency *child = &build->agencies[children[i] - build->catalogue->agencies];

        child->enter = next;
        child->depth = depth;
        next = number_below(build, child, next + 1, depth + 1);
        child->leave = next;
    }
    return next;
}

static int compare_ids(const void *a, const void *b)
{
    const struct procedure_version *left = *(const struct procedure_version *const *)a;
    const struct procedure_version *right = *(const struct procedure_version *const *)b;

    return (left->id > right->id) - (left->id < right->id);
}

static void make_indices(struct build *build)
{
    struct catalogue *catalogue = build->catalogue;
    struct arena *arena = build->faults->arena;
    const struct agency **children = arena_array(arena, const struct agency *, catalogue->agency_count);
    const struct procedure_version **by_id =
        arena_array(arena, const struct procedure_version *, catalogue->version_count);

    for (size_t i = 0; i < catalogue->agency_count; i++)
        children[i] = &catalogue->agencies[i];
    if (catalogue->agency_count > 0)
        qsort(children, catalogue->agency_count, sizeof(*children), compare_children);
    catalogue->children = children;
    number_below(build, NULL, 0, 0);

    for (size_t i = 0; i < catalogue->version_count; i++)
        if (catalogue->versions[i].id != 0)
            by_id[catalogue->by_id_count++] = &catalogue->versions[i];
    if (catalogue->by_id_count > 0)
        qsort(by_id, catalogue->by_id_count, sizeof(*by_id), compare_ids);
    catalogue->by_id = by_id;
}

static int list_length(const cJSON *list)
{
    return cJSON_IsArray(list) ? cJSON_GetArraySize(list) : 0;
}

static void read_calendars(struct build *build, const struct catalogue_source *source, const cJSON *list,
                           struct catalogue_calendar *rows)
{
    struct catalogue *catalogue = build->catalogue;
    struct arena *arena = build->faults->arena;
    size_t index = 0;

    if (list != NULL && !cJSON_IsArray(list))
        fault_add(build->faults, source->name, "/calendars", "wrong-type", "phải là danh sách");
    for (const cJSON *body = cJSON_IsArray(list) ? list->child : NULL; body != NULL;
         body = body->next, index++) {
        const cJSON *code = cJSON_GetObjectItemCaseSensitive(body, "code");
        const char *pointer = arena_printf(arena, "/calendars/%zu/code", index);

        if (!cJSON_IsString(code) || !code_is_term(text_of(code->valuestring)))
            fault_add(build->faults, source->name, pointer, "bad-code", "lịch phải có mã (code)");
        else if (catalogue_calendar(catalogue, text_of(code->valuestring)) != NULL)
            fault_add(build->faults, source->name, pointer, "duplicate-code", "lịch “%s” có hai lần",
                      code->valuestring);
        else if (catalogue->calendar_count == CALENDARS_MAX)
            fault_add(build->faults, source->name, pointer, "list-too-long", "nhiều nhất %d lịch",
                      CALENDARS_MAX);
        else
            rows[catalogue->calendar_count++] = (struct catalogue_calendar){
                .code = text_of(code->valuestring), .body = body, .file = source->name};
    }
}

static void join_calendars(struct build *build, const struct catalogue_source *sources,
                           const struct document *documents, size_t count)
{
    size_t total = 0;
    struct catalogue_calendar *rows;

    for (size_t i = 0; i < count; i++)
        total += (size_t)list_length(documents[i].calendars);
    rows = arena_array(build->faults->arena, struct catalogue_calendar, total);
    build->catalogue->calendars = rows;
    for (size_t i = 0; i < count; i++)
        read_calendars(build, &sources[i], documents[i].calendars, rows);
}

const struct catalogue *catalogue_build(const struct catalogue_source *sources, size_t count,
                                        struct catalogue_faults *faults)
{
    struct catalogue *catalogue = arena_new(faults->arena, struct catalogue);
    struct document *documents = arena_array(faults->arena, struct document, count);
    struct build build = {.faults = faults, .catalogue = catalogue};

    for (size_t i = 0; i < count; i++) {
        read_source(&sources[i], &documents[i], faults);
        if (documents[i].epoch > catalogue->epoch)
            catalogue->epoch = documents[i].epoch;
    }
    catalogue->fields = join_terms(&build, documents, count, PART(fields, field_count, term));
    catalogue->databases = join_terms(&build, documents, count, PART(databases, database_count, term));
    catalogue->levels = join_terms(&build, documents, count, PART(levels, level_count, term));
    catalogue->kinds = join_terms(&build, documents, count, PART(kinds, kind_count, term));
    join_rows(&build, documents, count);
    join_calendars(&build, sources, documents, count);
    link_agencies(&build);
    make_indices(&build);
    return catalogue;
}
