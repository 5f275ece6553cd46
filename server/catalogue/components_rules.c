#include "catalogue/components_rules.h"

enum { PAPERS_MAX = 10000 };

static bool is_asked_in(const struct component *component, const struct procedure_case *chosen)
{
    for (size_t i = 0; chosen != NULL && i < component->case_count; i++)
        if (text_equal(component->cases[i], chosen->code))
            return true;
    return component->case_count == 0;
}

static bool is_replaceable(const struct component *component, struct text database)
{
    for (size_t i = 0; i < component->replaceable_count; i++)
        if (text_equal(component->replaceable_by[i], database))
            return true;
    return false;
}

static size_t find_given(const struct component_given *given, size_t count, struct text code)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal(given[i].code, code))
            return i;
    return SIZE_MAX;
}

static bool is_count(int64_t papers)
{
    return papers >= 0 && papers <= PAPERS_MAX;
}

static int64_t short_of(int64_t wanted, int64_t there, int64_t *left)
{
    *left = there > wanted ? there - wanted : 0;
    return wanted > there ? wanted - there : 0;
}

/* Fills the counts still wanted; what is left of the better papers stands in for the lesser ones. */
static bool is_short(const struct component *component, int64_t sets, const struct component_given *given,
                     struct component_gap *gap)
{
    int64_t left;

    gap->originals = short_of(component->originals * sets, given->originals, &left);
    gap->certified_copies =
        short_of(component->certified_copies * sets, given->certified_copies + left, &left);
    gap->plain_copies = short_of(component->plain_copies * sets, given->plain_copies + left, &left);
    return gap->originals + gap->certified_copies + gap->plain_copies > 0;
}

/* False: nothing is wrong with this component. */
static bool find_gap(const struct procedure_version *version, const struct component *component,
                     const struct component_given *given, struct component_gap *gap)
{
    static const struct component_given nothing;
    int64_t wanted =
        (component->originals + component->certified_copies + component->plain_copies) * version->sets;
    int64_t there;

    if (given != NULL && given->reused_from.length > 0) {
        gap->reason = GAP_NOT_REUSABLE;
        return !is_replaceable(component, given->reused_from);
    }
    if (!component->is_required)
        return false;
    if (component->is_shown_only) {
        gap->reason = GAP_MISSING;
        return given == NULL;
    }
    if (!is_short(component, version->sets, given != NULL ? given : &nothing, gap))
        return false;
    there = given != NULL ? given->originals + given->certified_copies + given->plain_copies : 0;
    gap->reason = there == 0 ? GAP_MISSING : there < wanted ? GAP_TOO_FEW : GAP_COPY_FOR_ORIGINAL;
    return true;
}

/* A row of `given` that cannot be, whatever the version asks. */
static bool is_bad_row(const struct procedure_version *version, const struct component_given *given,
                       size_t row, struct component_gap *gap)
{
    *gap = (struct component_gap){
        .code = given[row].code, .component = version_component(version, given[row].code), .given = row};
    if (gap->component == NULL)
        gap->reason = GAP_UNKNOWN;
    else if (find_given(given, row, given[row].code) != SIZE_MAX)
        gap->reason = GAP_TWICE;
    else if (!is_count(given[row].originals) || !is_count(given[row].certified_copies) ||
             !is_count(given[row].plain_copies))
        gap->reason = GAP_BAD_COUNT;
    else
        return false;
    return true;
}

size_t components_missing(struct arena *arena, const struct procedure_version *version,
                          const struct procedure_case *chosen, const struct component_given *given,
                          size_t given_count, struct component_gap **gaps)
{
    struct component_gap gap;
    size_t count = 0;

    *gaps = arena_array(arena, struct component_gap, version->component_count + given_count);
    for (size_t i = 0; i < version->component_count; i++) {
        const struct component *component = &version->components[i];
        size_t at = find_given(given, given_count, component->code);

        gap = (struct component_gap){.code = component->code, .component = component, .given = at};
        if (at != SIZE_MAX && is_bad_row(version, given, at, &(struct component_gap){0}))
            continue; /* told below */
        if (is_asked_in(component, chosen) &&
            find_gap(version, component, at != SIZE_MAX ? &given[at] : NULL, &gap))
            (*gaps)[count++] = gap;
    }
    for (size_t i = 0; i < given_count; i++)
        if (is_bad_row(version, given, i, &gap))
            (*gaps)[count++] = gap;
    return count;
}

static const struct {
    const char *name, *label;
} reasons[] = {
    [GAP_MISSING] = {"missing", "chưa nộp"},
    [GAP_TOO_FEW] = {"too-few", "chưa đủ số lượng"},
    [GAP_COPY_FOR_ORIGINAL] = {"copy-for-original",
                               "loại bản nộp chưa đúng: bản sao không thay được bản chính"},
    [GAP_NOT_REUSABLE] = {"not-reusable", "cơ sở dữ liệu này không thay được giấy tờ"},
    [GAP_UNKNOWN] = {"unknown", "thủ tục không có thành phần này"},
    [GAP_TWICE] = {"twice", "ghi hai lần"},
    [GAP_BAD_COUNT] = {"bad-count", "số lượng không hợp lệ"},
};

const char *component_gap_name(enum component_gap_reason reason)
{
    must((size_t)reason < array_length(reasons));
    return reasons[reason].name;
}

const char *component_gap_label(enum component_gap_reason reason)
{
    must((size_t)reason < array_length(reasons));
    return reasons[reason].label;
}
