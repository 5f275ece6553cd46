#pragma once
/*
 * Reads a JSON object into a structure by a table of members, and says every fault it meets instead of the
 * first: unknown-member, missing-member, wrong-type, bad-value, text-not-nfc, list-too-long. Used for
 * catalogue files only; request bodies have their own decoder with other limits and another kind of answer.
 */
#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "catalogue/fault_rules.h"
#include "core/text.h"

enum shape_kind {
    SHAPE_TEXT,    /* struct text */
    SHAPE_DAY,     /* int32_t, "2026-03-05" */
    SHAPE_BOOL,    /* bool */
    SHAPE_NUMBER,  /* int64_t: the number times `scale`, which must then be whole */
    SHAPE_CHOICE,  /* an enum or unsigned of int's size, by `names` */
    SHAPE_FLAGS,   /* unsigned: a list of `names` */
    SHAPE_TEXTS,   /* struct text * and size_t */
    SHAPE_OBJECT,  /* a structure, embedded */
    SHAPE_OBJECTS, /* a structure * and size_t */
    SHAPE_RAW,     /* const cJSON * */
};

struct shape_name {
    const char *name; /* NULL ends the list */
    int value;
};

struct shape_member {
    const char *name;
    enum shape_kind kind;
    bool is_required;
    size_t offset, count_offset;
    const struct shape *shape;
    const struct shape_name *names;
    int64_t scale, min, max; /* of the scaled number; of lists: max items */
    int64_t otherwise;       /* numbers and days that are absent or null */
    bool (*is_valid)(struct text);
    const char *rule; /* what breaks when is_valid says no */
};

struct shape {
    size_t size;
    const struct shape_member *members;
    size_t member_count;
};

/* Where one stands in the document; lives on the C stack. */
struct spot {
    const struct spot *up;
    const char *name; /* NULL: `index` */
    size_t index;
};

/* "/procedures/0/steps/2" */
const char *spot_pointer(struct arena *arena, const struct spot *spot);

/* Fills *out (which is zeroed) as far as it can. */
void shape_read(const struct shape *shape, const cJSON *object, void *out, const char *file,
                const struct spot *spot, struct catalogue_faults *faults);
