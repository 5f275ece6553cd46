#pragma once
/*
 * Reading a calendar document member by member: each fault with its JSON pointer, all faults of a document in
 * one run. For the loader of this room alone.
 */
#include "calendar/book.h"

/* Who reads; one for a whole book. */
struct reader {
    struct arena *arena;
    struct calendar_faults *faults;
    const char *file;
};

/* Where one stands in the document; lives on the C stack, so that pointers cost only where there is a fault.
 */
struct spot {
    const struct spot *up;
    const char *member; /* NULL: `index` */
    size_t index;
    bool is_document; /* the whole document: no member of anything */
};

void document_fault(struct reader *reader, const struct spot *spot, const char *rule, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Says unknown-member for each member that is not in the list. */
void document_known(struct reader *reader, const struct spot *spot, const cJSON *object,
                    const char *const members[], size_t count);
/* The member; null counts as absent. When it must be there and is not: missing-member. */
const cJSON *document_member(struct reader *reader, const struct spot *spot, const cJSON *object,
                             const char *name, bool is_required);

/* An array of at most count_max items, or NULL and a fault where it is none. *count is 0 then. */
const cJSON *document_list(struct reader *reader, const struct spot *spot, const cJSON *value,
                           size_t count_max, size_t *count);
/* Text of 1…200 bytes in NFC, copied into the arena. */
bool document_text(struct reader *reader, const struct spot *spot, const cJSON *value, struct text *text);
bool document_day(struct reader *reader, const struct spot *spot, const cJSON *value, int32_t *day);
/* "07:30" */
bool document_clock(struct reader *reader, const struct spot *spot, const cJSON *value, int16_t *minute);
/* The place of a word in a list of words. */
bool document_choice(struct reader *reader, const struct spot *spot, const cJSON *value,
                     const char *const words[], size_t count, int *choice);
