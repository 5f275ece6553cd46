#pragma once
/*
 * Makes a catalogue of JSON documents: reads them, joins their lists, sorts, links agencies to parents and
 * successors, and makes the indices. Says every fault it finds on the way; what the figures mean is judged by
 * catalogue_check() (check_rules.h) on the result.
 */
#include "catalogue/catalogue.h"
#include "catalogue/fault_rules.h"

struct catalogue_source {
    const char *name; /* for fault messages; must live as long as the catalogue */
    struct text text;
};

/* Never NULL; with faults->count > 0 the result is only good for catalogue_check(). Everything is in
 * faults->arena, the parsed JSON included. */
const struct catalogue *catalogue_build(const struct catalogue_source *sources, size_t count,
                                        struct catalogue_faults *faults);

/* Agencies are not nested deeper than this. */
enum { AGENCY_DEPTH_MAX = 12 };
