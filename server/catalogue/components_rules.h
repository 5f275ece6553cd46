#pragma once
/*
 * Whether what was handed in is complete, judged all at once so that the citizen is asked only one time.
 *
 * An original may stand for any copy, a certified copy for a plain one, never the other way round. A paper
 * that a database named by the version holds need not be handed in (NQ 66.7/2025): `reused_from` says which
 * was asked.
 */
#include "catalogue/catalogue.h"

struct component_given {
    struct text code;
    int64_t originals, certified_copies, plain_copies;
    struct text reused_from; /* code of a database; empty: paper */
};

enum component_gap_reason {
    GAP_MISSING,           /* nothing of it was handed in */
    GAP_TOO_FEW,           /* some, but not enough */
    GAP_COPY_FOR_ORIGINAL, /* enough papers, but copies where better is asked for */
    GAP_NOT_REUSABLE,      /* taken from a database that may not replace it */
    GAP_UNKNOWN,           /* the version has no such component */
    GAP_TWICE,             /* listed twice */
    GAP_BAD_COUNT,         /* a count below 0 or above 10,000 */
};

struct component_gap {
    enum component_gap_reason reason;
    struct text code;
    const struct component *component;                 /* NULL: unknown */
    size_t given;                                      /* index in `given`; SIZE_MAX: not handed in */
    int64_t originals, certified_copies, plain_copies; /* how many are still wanted */
};

/* All gaps, those of the version's components first, in its order; 0: complete. *gaps is in the arena. */
size_t components_missing(struct arena *arena, const struct procedure_version *version,
                          const struct procedure_case *chosen, const struct component_given *given,
                          size_t given_count, struct component_gap **gaps);

const char *component_gap_name(enum component_gap_reason reason); /* "copy-for-original" */
const char *component_gap_label(enum component_gap_reason reason); /* "cần bản chính, không phải bản sao" */
