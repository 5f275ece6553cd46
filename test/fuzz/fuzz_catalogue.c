/* Any bytes as a catalogue file: faults are told, nothing falls; what was built answers every question. */
#include <stddef.h>
#include <stdint.h>

#include "catalogue/build_rules.h"
#include "catalogue/check_rules.h"
#include "catalogue/components_rules.h"
#include "catalogue/fees_rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ask_version(const struct catalogue *catalogue, const struct procedure_version *version,
                        const struct agency *agency, struct arena *arena)
{
    int64_t quota_min[STEP_PHASE_COUNT];
    int32_t day = version->valid_from_day;
    struct fee_line *lines;
    struct component_gap *gaps;
    size_t count;
    const struct agency *decides = catalogue_competent_agency(catalogue, version, agency, day);
    struct fee_inputs inputs = {.channel = CHANNEL_ONLINE, .copies = 3, .pages = 70, .ground = version->code};

    (void)catalogue_procedure(catalogue, version->code, day);
    (void)catalogue_version(catalogue, version->id);
    if (decides != NULL)
        must(agency_is_valid(catalogue_department(catalogue, decides, version->field, day), day));
    version_quotas(version, version->cases, NULL, quota_min);
    for (size_t i = 0; i < version->leg_count; i++)
        (void)catalogue_leg_agency(catalogue, version, &version->legs[i], agency, day);
    if (fees_count(arena, version, &inputs, &lines, &count) == FEES_COUNTED)
        for (size_t i = 0; i < count; i++)
            must(lines[i].amount >= 0 && lines[i].reduced >= 0);
    must(components_missing(arena, version, version->cases, NULL, 0, &gaps) <= version->component_count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_create((size_t)1 << 30);
    struct catalogue_faults faults = faults_begin(arena);
    struct catalogue_source source = {"fuzz.json", {(const char *)data, size}};
    const struct catalogue *catalogue = catalogue_build(&source, 1, &faults);

    catalogue_check(catalogue, &faults);
    must(faults.count == 0 || faults.first != NULL);
    for (size_t i = 0; i < catalogue->agency_count && i < 50; i++) {
        const struct agency *agency = &catalogue->agencies[i];

        must(agency_is_under(agency, agency));
        must(agency->parent == NULL || agency_is_under(agency, agency->parent));
        must(catalogue_agency(catalogue, agency->code) != NULL);
        (void)catalogue_holder(agency, agency->valid_to_day);
        (void)catalogue_calendar_code(agency);
        for (size_t j = 0; j < catalogue->version_count && j < 50; j++)
            ask_version(catalogue, &catalogue->versions[j], agency, arena);
    }
    arena_destroy(arena);
    return 0;
}
