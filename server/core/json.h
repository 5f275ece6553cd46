#pragma once
/*
 * The one door through which JSON text comes in. json_parse() checks every byte by RFC 8259 itself (UTF-8, no
 * U+0000, no lone surrogate, depth, count, duplicate keys after unescaping, trailing bytes, number range) and
 * only then lets cJSON build the tree; nothing else in the server calls cJSON's parser.
 */
#include <cjson/cJSON.h>

#include "core/text.h"

struct json_limits {
    unsigned depth_max;      /* arrays and objects inside each other */
    unsigned nodes_max;      /* values in all */
    unsigned keys_max;       /* members of one object */
    size_t string_bytes_max; /* of one string, unescaped */
    bool
        is_integer_only; /* refuse fractions and exponents; integers are within ±999,999,999,999,999 anyway */
};

/* What a request's body may be: depth 16, 10,000 nodes, 64 keys, 64 KiB strings, integers only. */
extern const struct json_limits json_limits_body;
/* What configuration and catalogue files may be: larger, fractions allowed. */
extern const struct json_limits json_limits_file;

enum json_fault {
    JSON_OK,
    JSON_FAULT_EMPTY,
    JSON_FAULT_UTF8,
    JSON_FAULT_NUL,
    JSON_FAULT_SYNTAX,
    JSON_FAULT_CONTROL, /* a raw control character in a string */
    JSON_FAULT_ESCAPE,  /* a bad escape or a lone surrogate */
    JSON_FAULT_NUMBER,  /* not exactly representable, or a fraction where only integers are taken */
    JSON_FAULT_DEPTH,
    JSON_FAULT_COUNT,     /* nodes or keys */
    JSON_FAULT_STRING,    /* a string too long */
    JSON_FAULT_DUPLICATE, /* a key twice in one object */
    JSON_FAULT_TRAILING,
};

struct json_result {
    enum json_fault fault;
    size_t offset; /* of the byte where the fault was seen */
    cJSON *root;   /* when JSON_OK: ends with the arena, never call cJSON_Delete() on it */
};

MUST_USE struct json_result json_parse(struct arena *arena, struct text source,
                                       const struct json_limits *limits);
/* Only the check, without a tree. */
MUST_USE enum json_fault json_check(struct text source, const struct json_limits *limits, size_t *offset);
/* "a key twice in one object": English, for logs and for `motcua catalogue check`. */
const char *json_fault_name(enum json_fault fault);
/* The same in Vietnamese, for people who are refused. */
const char *json_fault_label(enum json_fault fault);
