#pragma once
/*
 * Whether a catalogue makes sense: references, validity, sums of working time, competence, fees. Every fault
 * is one line with file, JSON pointer and a stable rule code; docs and tests count on the codes in
 * check_rule_codes[].
 */
#include "catalogue/catalogue.h"
#include "catalogue/fault_rules.h"

void catalogue_check(const struct catalogue *catalogue, struct catalogue_faults *faults);

/* The two halves. */
void check_agencies(const struct catalogue *catalogue, struct catalogue_faults *faults);
void check_versions(const struct catalogue *catalogue, struct catalogue_faults *faults);

/* One version being looked at. */
struct look {
    const struct catalogue *catalogue;
    const struct procedure_version *version;
    struct catalogue_faults *faults;
};
/* A JSON pointer below the version. */
const char *look_at(const struct look *look, const char *format, ...) __attribute__((format(printf, 2, 3)));
void look_fault(const struct look *look, const char *pointer, const char *rule, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Steps of the version, of a case or of a leg ("/legs/2"): roles, groups, and the sum against the limit. */
void check_steps(const struct look *look, const char *below, const struct step *steps, size_t count,
                 struct time_limit limit);
/* Somebody of that level and kind must exist while the version is in force. */
void check_competence(const struct look *look, const char *pointer, struct competence competence,
                      struct text field);
void check_legs(const struct look *look);
void check_fees(const struct look *look);

/* Every rule, what it asks, in Vietnamese: `motcua catalogue rules`, and the table of docs. */
struct check_rule {
    const char *code, *about;
};
const struct check_rule *check_rules(size_t *count);
