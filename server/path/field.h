#pragma once
/*
 * Field tables: what a body or a query may hold, as rows. From one table come the decoder (path/decode.c),
 * the refusals with their JSON pointers, and the schema in docs/openapi.yaml.
 *
 * Decoded values live in the request's arena. An absent or null text has data == NULL; an absent number,
 * instant or day is FIELD_ABSENT; an absent object is NULL; an absent array has count 0. Every text is NFC
 * and trimmed of blanks at both ends; one of which nothing can be seen is empty.
 */
#include <stddef.h>
#include <stdint.h>

#include "core/text.h"

#define FIELD_ABSENT INT64_MIN

enum field_kind {
    FIELD_END,
    FIELD_TEXT,    /* struct text; min and max in code points */
    FIELD_NUMBER,  /* int64_t; min and max of its value */
    FIELD_MILLI,   /* int64_t, thousandths, from "0.5" or 3 (queries only) */
    FIELD_BOOL,    /* bool, false where absent */
    FIELD_CHOICE,  /* struct text, one of `choices` */
    FIELD_INSTANT, /* int64_t, seconds */
    FIELD_DAY,     /* int64_t, days */
    FIELD_OBJECT,  /* const struct *, by `fields`, of `size` bytes */
    FIELD_ARRAY,   /* struct field_list of such structs; min and max items */
};

struct field_list {
    const void *items;
    size_t count;
};

struct field {
    const char *name;
    enum field_kind kind;
    bool is_required;
    size_t offset;
    int64_t min, max;
    const char *const *choices;                /* NULL-terminated */
    const struct field *fields;                /* of FIELD_OBJECT and FIELD_ARRAY */
    size_t size;                               /* of one struct of those */
    bool (*is_well_formed)(struct text value); /* besides min and max; NULL: no more */
    const char *format;                        /* what is_well_formed wants, for people: "12 chữ số" */
};

#define FIELD_REQUIRED .is_required = true
#define FIELD_OF(type, member, kind_, ...)                                                                   \
    {                                                                                                        \
        .name = #member, .kind = (kind_), .offset = offsetof(type, member), __VA_ARGS__                      \
    }

/* The same for rows without more to say. */
#define FIELD_PLAIN(type, member, kind_)                                                                     \
    {                                                                                                        \
        .name = #member, .kind = (kind_), .offset = offsetof(type, member)                                   \
    }

/* Formats that occur in more than one table. */
bool field_is_personal_id(struct text value); /* 12 digits beginning with 0, or the old 9 */
bool field_is_tax_code(struct text value);    /* 10 digits, or 10-3 */
bool field_is_phone(struct text value);       /* 0… or +84… */
bool field_is_username(struct text value);
