#pragma once
/*
 * The facts of a form come as one JSON object; a table says which members there may be. facts_decode() fills
 * the form's own struct from the object and finds the first fault. Texts become NFC, line breaks and tabs in
 * them one blank; control characters and direction overrides are refused: what is printed is what was typed.
 * A key that no row knows is refused too, so a misspelt one cannot silently drop a line from a legal paper.
 */
#include <cjson/cJSON.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/text.h"

enum fact_kind {
    FACT_TEXT,    /* struct text; absent or null: data == NULL */
    FACT_URL,     /* struct text: http(s), printable ASCII */
    FACT_NUMBER,  /* int64_t; absent: 0 */
    FACT_BOOL,    /* bool; absent: false */
    FACT_INSTANT, /* int64_t at_s; absent: 0 */
    FACT_CHOICE,  /* int: index into choices; absent: 0 */
    FACT_LIST,    /* struct fact_list of structs */
};

struct fact_list {
    void *items; /* array of element structs */
    size_t count;
};

struct fact {
    enum fact_kind kind;
    bool is_required;
    const char *key;
    size_t offset;
    int64_t least, most;        /* TEXT, URL: code points; NUMBER: value; LIST: elements */
    const char *const *choices; /* CHOICE: NULL-terminated */
    const struct fact *element; /* LIST: rows of one element */
    size_t element_bytes;
};

#define FACT_END                                                                                             \
    {                                                                                                        \
        .key = NULL                                                                                          \
    }

/* NULL, or the fault: "owner_name: missing", "components[3].name: longer than 2000 characters". */
MUST_USE const char *facts_decode(struct arena *arena, const cJSON *object, const struct fact *facts,
                                  void *into);
