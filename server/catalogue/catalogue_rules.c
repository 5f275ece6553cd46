#include "catalogue/catalogue.h"

#include "catalogue/code_rules.h"

/* Check finds longer chains of successors a fault; here they only must not hang. */
enum { SUCCESSORS_MAX = 16 };

const struct agency *catalogue_agency(const struct catalogue *catalogue, struct text code)
{
    size_t low = 0, high = catalogue->agency_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = code_compare(catalogue->agencies[middle].code, code);

        if (order == 0)
            return &catalogue->agencies[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

bool agency_is_valid(const struct agency *agency, int32_t day)
{
    return agency->valid_from_day <= day && day <= agency->valid_to_day;
}

bool agency_is_under(const struct agency *agency, const struct agency *ancestor)
{
    return ancestor->enter <= agency->enter && agency->enter < ancestor->leave;
}

static bool has_text(const struct text *list, size_t count, struct text wanted)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal(list[i], wanted))
            return true;
    return false;
}

bool agency_handles(const struct agency *agency, struct text field)
{
    return has_text(agency->fields, agency->field_count, field);
}

const struct agency *catalogue_holder(const struct agency *agency, int32_t day)
{
    for (int i = 0; agency != NULL && i < SUCCESSORS_MAX; i++, agency = agency->successor)
        if (agency_is_valid(agency, day))
            return agency;
    return NULL;
}

struct text catalogue_calendar_code(const struct agency *agency)
{
    for (; agency != NULL; agency = agency->parent)
        if (agency->calendar.length > 0)
            return agency->calendar;
    return TEXT("");
}

struct text catalogue_place(const struct agency *agency)
{
    for (; agency != NULL; agency = agency->parent)
        if (agency->place.length > 0)
            return agency->place;
    return TEXT("");
}

const struct cJSON *catalogue_calendar(const struct catalogue *catalogue, struct text code)
{
    for (size_t i = 0; i < catalogue->calendar_count; i++) /* a handful, and not on the way of a request */
        if (text_equal(catalogue->calendars[i].code, code))
            return catalogue->calendars[i].body;
    return NULL;
}

const struct term *term_find(const struct term_list *list, struct text code)
{
    size_t low = 0, high = list->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = code_compare(list->terms[middle].code, code);

        if (order == 0)
            return &list->terms[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

struct text term_name(const struct term_list *list, struct text code)
{
    const struct term *term = term_find(list, code);

    return term != NULL ? term->name : code;
}

bool version_is_valid(const struct procedure_version *version, int32_t day)
{
    return version->valid_from_day <= day && day <= version->valid_to_day;
}

const struct procedure_version *catalogue_procedure(const struct catalogue *catalogue, struct text code,
                                                    int32_t day)
{
    size_t low = 0, high = catalogue->version_count;

    while (low < high) { /* to the first row behind (code, day) */
        size_t middle = low + (high - low) / 2;
        const struct procedure_version *version = &catalogue->versions[middle];
        int order = code_compare(version->code, code);

        if (order < 0 || (order == 0 && version->valid_from_day <= day))
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return NULL;
    const struct procedure_version *last = &catalogue->versions[low - 1];
    return text_equal(last->code, code) && version_is_valid(last, day) ? last : NULL;
}

const struct procedure_version *catalogue_version(const struct catalogue *catalogue, int64_t id)
{
    size_t low = 0, high = catalogue->by_id_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (catalogue->by_id[middle]->id == id)
            return catalogue->by_id[middle];
        if (catalogue->by_id[middle]->id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* The place in `children` of the first agency below `parent` (NULL: the roots) whose kind is not before
 * `kind`. */
static size_t first_child(const struct catalogue *catalogue, const struct agency *parent, struct text kind)
{
    struct text wanted = parent != NULL ? parent->code : TEXT("");
    size_t low = 0, high = catalogue->agency_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct agency *child = catalogue->children[middle];
        struct text above = child->parent != NULL ? child->parent->code : TEXT("");
        int order = code_compare(above, wanted);

        if (order < 0 || (order == 0 && code_compare(child->kind, kind) < 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct agency *const *catalogue_children(const struct catalogue *catalogue, const struct agency *parent,
                                               size_t *count)
{
    size_t first = first_child(catalogue, parent, TEXT("")), end = first;

    while (end < catalogue->agency_count && catalogue->children[end]->parent == parent)
        end++;
    *count = end - first;
    return catalogue->children + first;
}

static bool is_child(const struct catalogue *catalogue, size_t at, const struct agency *parent,
                     struct text kind)
{
    return at < catalogue->agency_count && catalogue->children[at]->parent == parent &&
           text_equal(catalogue->children[at]->kind, kind);
}

/* 2: it says so itself; 1: it says nothing, so anything goes; 0: it says something else. */
static int field_fit(const struct agency *agency, struct text field)
{
    return agency->field_count == 0 ? 1 : agency_handles(agency, field) ? 2 : 0;
}

static int area_fit(const struct agency *agency, const struct agency *receiving)
{
    if (agency->area_count == 0)
        return 1;
    for (; receiving != NULL; receiving = receiving->parent)
        if (has_text(agency->area, agency->area_count, receiving->code))
            return 2;
    return 0;
}

static bool has_competence(const struct agency *agency, struct competence wanted)
{
    return text_equal(agency->level, wanted.level) &&
           (wanted.kind.length == 0 || text_equal(agency->kind, wanted.kind));
}

/* What is asked of an agency that shall decide. */
struct wish {
    struct competence competence;
    struct text field;
    const struct agency *receiving;
    int32_t day;
};

/* The one that fits best; NULL and *is_unclear where several fit alike, since nobody may be sent to just one
 * of many communes by chance. */
static const struct agency *best_below(const struct catalogue *catalogue, const struct agency *parent,
                                       const struct wish *wish, bool *is_unclear)
{
    const struct agency *best = NULL;
    int best_fit = 0;

    *is_unclear = false;
    for (size_t i = first_child(catalogue, parent, wish->competence.kind);
         is_child(catalogue, i, parent, wish->competence.kind); i++) {
        const struct agency *child = catalogue->children[i];
        int field = field_fit(child, wish->field), area = area_fit(child, wish->receiving);
        int fit = field * 2 + area;

        if (field == 0 || area == 0 || fit < best_fit || !has_competence(child, wish->competence) ||
            !agency_is_valid(child, wish->day))
            continue;
        *is_unclear = fit == best_fit;
        best_fit = fit;
        best = child;
    }
    return *is_unclear ? NULL : best;
}

static const struct agency *nearest(const struct catalogue *catalogue, const struct wish *wish)
{
    for (const struct agency *above = wish->receiving; above != NULL; above = above->parent) {
        bool is_unclear = false;

        if (has_competence(above, wish->competence) && agency_is_valid(above, wish->day) &&
            field_fit(above, wish->field) > 0)
            return above;
        if (wish->competence.kind.length == 0)
            continue;
        const struct agency *below = best_below(catalogue, above, wish, &is_unclear);

        if (below != NULL || is_unclear)
            return below;
    }
    return NULL;
}

const struct agency *catalogue_competent_agency(const struct catalogue *catalogue,
                                                const struct procedure_version *version,
                                                const struct agency *receiving, int32_t day)
{
    for (size_t i = 0; i < version->competence_count; i++) {
        struct wish wish = {version->competences[i], version->field, receiving, day};
        const struct agency *found = nearest(catalogue, &wish);

        if (found != NULL)
            return found;
    }
    return NULL;
}

const struct agency *catalogue_leg_agency(const struct catalogue *catalogue,
                                          const struct procedure_version *version, const struct leg *leg,
                                          const struct agency *receiving, int32_t day)
{
    struct wish wish = {leg->agency, leg->field.length > 0 ? leg->field : version->field, receiving, day};

    return nearest(catalogue, &wish);
}

bool catalogue_may_decide(const struct procedure_version *version, const struct agency *agency, int32_t day)
{
    if (!agency_is_valid(agency, day) || field_fit(agency, version->field) == 0)
        return false;
    for (size_t i = 0; i < version->competence_count; i++)
        if (has_competence(agency, version->competences[i]))
            return true;
    return false;
}

const struct agency *catalogue_department(const struct catalogue *catalogue, const struct agency *agency,
                                          struct text field, int32_t day)
{
    const struct text kinds[] = {TEXT("DEPARTMENT"),
                                 TEXT("OFFICE")}; /* an office has sectors of its own, too */

    for (size_t k = 0; k < array_length(kinds); k++)
        for (size_t i = first_child(catalogue, agency, kinds[k]); is_child(catalogue, i, agency, kinds[k]);
             i++)
            if (agency_is_valid(catalogue->children[i], day) && agency_handles(catalogue->children[i], field))
                return catalogue->children[i];
    return agency;
}

const struct agency *catalogue_one_stop_unit(const struct catalogue *catalogue, const struct agency *agency,
                                             int32_t day)
{
    struct text kind = TEXT("ONE_STOP_UNIT");

    for (size_t i = first_child(catalogue, agency, kind); is_child(catalogue, i, agency, kind); i++)
        if (agency_is_valid(catalogue->children[i], day))
            return catalogue->children[i];
    return agency;
}
