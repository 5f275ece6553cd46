#include "catalogue/proposal_rules.h"

#include "calendar/book.h"
#include "catalogue/build_rules.h"
#include "catalogue/check_rules.h"
#include "core/json.h"
#include "core/json_out.h"

enum { DOCUMENTS_MAX = 2000, CHANGES_TOLD = 2000, FAULTS_TOLD = 500 };

/* The lists of a document, and what one row of each is called in the report. */
static const struct {
    const char *list, *kind;
} parts[] = {{"fields", "field"},        {"databases", "database"}, {"levels", "level"},
             {"kinds", "kind"},          {"calendars", "calendar"}, {"agencies", "agency"},
             {"procedures", "procedure"}};

struct change {
    const char *kind, *code, *name, *what; /* what: NEW, CHANGED, ENDED, SAME */
    int version;                           /* of a procedure; 0 for the rest */
};

struct study {
    struct arena *arena;
    struct catalogue_faults faults;
    cJSON *present;
    struct change *changes; /* DOCUMENTS' rows, at most CHANGES_TOLD of them */
    size_t change_count;
    struct catalogue_source sources[DOCUMENTS_MAX + 1];
    size_t source_count;
};

static const char *string_of(const cJSON *item, const char *name)
{
    const char *value = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, name));

    return value != NULL ? value : "";
}

static int version_of(const cJSON *item)
{
    const cJSON *version = cJSON_GetObjectItemCaseSensitive(item, "version");

    return cJSON_IsNumber(version) ? version->valueint : 0;
}

static cJSON *namesake(const cJSON *list, const cJSON *wanted)
{
    cJSON *item;

    cJSON_ArrayForEach(item, list) if (strcmp(string_of(item, "code"), string_of(wanted, "code")) == 0 &&
                                       version_of(item) == version_of(wanted)) return item;
    return NULL;
}

static struct text printed(struct arena *arena, const cJSON *tree)
{
    char *made = cJSON_PrintUnformatted(tree);
    struct text copy;

    must(made != NULL);
    copy = text_of(arena_copy(arena, made, strlen(made)));
    cJSON_free(made);
    return copy;
}

/* How the given row stands to its namesake; the day it ends is compared by itself. */
static const char *compare(const cJSON *old, const cJSON *given)
{
    cJSON *before = cJSON_Duplicate(old, true), *after = cJSON_Duplicate(given, true);
    bool is_end_same, is_rest_same;

    must(before != NULL && after != NULL);
    is_end_same = strcmp(string_of(before, "valid_to"), string_of(after, "valid_to")) == 0;
    cJSON_DeleteItemFromObjectCaseSensitive(before, "valid_to");
    cJSON_DeleteItemFromObjectCaseSensitive(after, "valid_to");
    cJSON_DeleteItemFromObjectCaseSensitive(before, "id");
    is_rest_same = cJSON_Compare(before, after, true) != 0;
    cJSON_Delete(before);
    cJSON_Delete(after);
    return !is_rest_same ? "CHANGED" : is_end_same ? "SAME" : "ENDED";
}

static void study_row(struct study *study, size_t part, const char *file, const cJSON *given, size_t row)
{
    cJSON *list = cJSON_GetObjectItemCaseSensitive(study->present, parts[part].list);
    cJSON *old = namesake(list, given);
    const char *what = old == NULL ? "NEW" : compare(old, given);
    bool const is_procedure = strcmp(parts[part].kind, "procedure") == 0;

    if (is_procedure && strcmp(what, "CHANGED") == 0)
        fault_add(&study->faults, file, arena_printf(study->arena, "/procedures/%zu", row), "version-changed",
                  "phiên bản đã công bố không được sửa, hãy ra phiên bản mới: %s phiên bản %d",
                  string_of(given, "code"), version_of(given));
    if (strcmp(what, "SAME") != 0 && study->change_count++ < CHANGES_TOLD)
        study->changes[study->change_count - 1] =
            (struct change){parts[part].kind, string_of(given, "code"), string_of(given, "name"), what,
                            is_procedure ? version_of(given) : 0};
    if (old != NULL)
        cJSON_Delete(cJSON_DetachItemViaPointer(list, old));
}

static void study_document(struct study *study, const char *name, const cJSON *document)
{
    for (size_t part = 0; part < array_length(parts); part++) {
        const cJSON *item;
        size_t row = 0;

        cJSON_ArrayForEach(
            item, cJSON_GetObjectItemCaseSensitive(document, parts[part].list)) if (cJSON_IsObject(item))
            study_row(study, part, name, item, row++);
    }
    study->sources[study->source_count++] = (struct catalogue_source){name, printed(study->arena, document)};
}

/* The documents of the request; NULL where it has none. */
static const cJSON *read_request(struct study *study, struct text body)
{
    struct json_result const json = json_parse(study->arena, body, &json_limits_file);
    const cJSON *documents = NULL;

    if (json.fault != JSON_OK)
        fault_add(&study->faults, "", "", "json-syntax", "%s, byte %zu", json_fault_label(json.fault),
                  json.offset);
    else if (!cJSON_IsArray(documents = cJSON_GetObjectItemCaseSensitive(json.root, "documents")) ||
             cJSON_GetArraySize(documents) > DOCUMENTS_MAX)
        fault_add(&study->faults, "", "/documents", "wrong-type", "phải là danh sách, nhiều nhất %d tài liệu",
                  DOCUMENTS_MAX);
    return cJSON_IsArray(documents) && cJSON_GetArraySize(documents) <= DOCUMENTS_MAX ? documents : NULL;
}

static void study_all(struct study *study, const cJSON *documents)
{
    const cJSON *one;
    size_t index = 0;

    cJSON_ArrayForEach(one, documents)
    {
        const cJSON *document = cJSON_GetObjectItemCaseSensitive(one, "document");
        const char *name = string_of(one, "name");

        if (*name == '\0')
            name = arena_printf(study->arena, "tài liệu %zu", index + 1);
        if (cJSON_IsObject(document))
            study_document(study, name, document);
        else
            fault_add(&study->faults, name, arena_printf(study->arena, "/documents/%zu/document", index),
                      "wrong-type", "phải là đối tượng có các danh sách của danh mục");
        index++;
    }
}

static void check_calendars(struct study *study, const struct catalogue *catalogue)
{
    struct calendar_source *sources =
        arena_array(study->arena, struct calendar_source, catalogue->calendar_count + 1);
    struct calendar_faults faults = {0};

    for (size_t i = 0; i < catalogue->calendar_count; i++)
        sources[i] = (struct calendar_source){.file = catalogue->calendars[i].file,
                                              .body = catalogue->calendars[i].body};
    if (calendar_book_build(study->arena, sources, catalogue->calendar_count, &faults) == NULL &&
        faults.count == 0)
        fault_add(&study->faults, "", "/calendars", "wrong-type", "không dùng được các lịch này");
    for (const struct calendar_fault *fault = faults.first; fault != NULL; fault = fault->next)
        fault_add(&study->faults, fault->file, fault->pointer, fault->rule, "%s", fault->message);
}

static void put_faults(struct json_out *out, const struct catalogue_faults *faults)
{
    size_t told = 0;

    json_put_i64(out, "fault_count", (int64_t)faults->count);
    json_key(out, "faults");
    json_open_array(out);
    for (const struct catalogue_fault *fault = faults->first; fault != NULL && told++ < FAULTS_TOLD;
         fault = fault->next) {
        json_open_object(out);
        json_put_string(out, "file", fault->file);
        json_put_string(out, "path", fault->pointer);
        json_put_string(out, "rule", fault->rule);
        json_put_string(out, "message", fault->message);
        json_close_object(out);
    }
    json_close_array(out);
}

static struct text report_of(const struct study *study, const struct catalogue *catalogue)
{
    struct json_out out = json_out_begin(study->arena);

    json_open_object(&out);
    put_faults(&out, &study->faults);
    json_put_i64(&out, "change_count", (int64_t)study->change_count);
    json_key(&out, "changes");
    json_open_array(&out);
    for (size_t i = 0; i < study->change_count && i < CHANGES_TOLD; i++) {
        const struct change *change = &study->changes[i];

        json_open_object(&out);
        json_put_string(&out, "kind", change->kind);
        json_put_string(&out, "code", change->code);
        if (change->version != 0)
            json_put_i64(&out, "version", change->version);
        json_put_string(&out, "name", change->name);
        json_put_string(&out, "change", change->what);
        json_close_object(&out);
    }
    json_close_array(&out);
    json_put_i64(&out, "agencies", catalogue != NULL ? (int64_t)catalogue->agency_count : 0);
    json_put_i64(&out, "procedure_versions", catalogue != NULL ? (int64_t)catalogue->version_count : 0);
    json_close_object(&out);
    return json_out_end(&out);
}

/* Every agency must be named when any is loaded (agency-gone): those that nobody gave come from the present.
 */
static struct text documents_of(const struct study *study)
{
    struct json_out out = json_out_begin(study->arena);

    json_open_array(&out);
    json_open_object(&out);
    json_put_raw(&out, "agencies",
                 printed(study->arena, cJSON_GetObjectItemCaseSensitive(study->present, "agencies")));
    json_close_object(&out);
    for (size_t i = 0; i + 1 < study->source_count; i++) /* the last is the present itself */
        json_raw(&out, study->sources[i].text);
    json_close_array(&out);
    return json_out_end(&out);
}

void proposal_study(struct arena *arena, struct text present, struct text body, struct proposal *out)
{
    struct study *study = arena_new(arena, struct study);
    struct json_result const json = json_parse(arena, present, &json_limits_file);
    const struct catalogue *catalogue = NULL;
    const cJSON *documents;

    must(json.fault == JSON_OK); /* PostgreSQL made it */
    study->arena = arena;
    study->faults = faults_begin(arena);
    study->present = json.root;
    study->changes = arena_array(arena, struct change, CHANGES_TOLD);
    documents = read_request(study, body);
    if (documents != NULL) {
        study_all(study, documents);
        study->sources[study->source_count++] =
            (struct catalogue_source){"đang dùng", printed(arena, study->present)};
        catalogue = catalogue_build(study->sources, study->source_count, &study->faults);
        catalogue_check(catalogue, &study->faults);
        check_calendars(study, catalogue);
    }
    *out = (struct proposal){.fault_count = study->faults.count,
                             .change_count = study->change_count,
                             .report = report_of(study, catalogue)};
    if (out->fault_count == 0)
        out->documents = documents_of(study);
}
