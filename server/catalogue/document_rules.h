#pragma once
/*
 * The JSON document of a catalogue: one table row a member. Every file under config/catalogue and the
 * snapshot that the database gives have this one shape; a file may hold any of the lists. The tables are the
 * reference of the format.
 */
#include "catalogue/catalogue.h"
#include "catalogue/shape_rules.h"

struct document {
    int64_t epoch;
    struct term *fields, *databases, *levels, *kinds;
    size_t field_count, database_count, level_count, kind_count; /* each the size of the list of its name */
    struct agency *agencies;
    size_t agency_count;
    struct procedure_version *procedures;
    size_t procedure_count;
    const struct cJSON *calendars; /* NULL: none */
};

extern const struct shape document_shape;
