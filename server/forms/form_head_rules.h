#pragma once
/*
 * The facts that all forms of one dossier share, as rows to begin a form's own table with, and what they make
 * of the head. The receipt has more of its own and keeps its own rows.
 */
#include "forms/form_content_rules.h"
#include "forms/form_facts_rules.h"

enum { FORM_NAME_POINTS_MAX = 300, FORM_LINE_POINTS_MAX = 2000, FORM_ROWS_MAX = 1000 };

struct form_head {
    int set;
    struct text dossier_code, lookup_url, lookup_secret; /* of a form about many dossiers: absent */
    struct text superior_agency, issuing_agency, place;
    int64_t dated_s; /* under the name of the state, and of the file */
};

extern const char *const form_set_choices[];

#define FORM_HEAD_FACT(type, kind_, must_, member, ...)                                                      \
    {                                                                                                        \
        .kind = (kind_), .is_required = (must_), .key = #member,                                             \
        .offset = offsetof(struct type, head) + offsetof(struct form_head, member), __VA_ARGS__              \
    }
/* Rows of `struct type`, which has a member `struct form_head head`. */
#define FORM_HEAD_FACTS(type, is_of_one)                                                                     \
    {.kind = FACT_CHOICE,                                                                                    \
     .is_required = true,                                                                                    \
     .key = "form_set",                                                                                      \
     .offset = offsetof(struct type, head) + offsetof(struct form_head, set),                                \
     .choices = form_set_choices},                                                                           \
        FORM_HEAD_FACT(type, FACT_TEXT, (is_of_one), dossier_code, .least = 1, .most = 64),                  \
        FORM_HEAD_FACT(type, FACT_URL, (is_of_one), lookup_url, .least = 1, .most = 500),                    \
        FORM_HEAD_FACT(type, FACT_TEXT, false, lookup_secret, .most = 32),                                   \
        FORM_HEAD_FACT(type, FACT_TEXT, false, superior_agency, .most = FORM_NAME_POINTS_MAX),               \
        FORM_HEAD_FACT(type, FACT_TEXT, true, issuing_agency, .least = 1, .most = FORM_NAME_POINTS_MAX),     \
        FORM_HEAD_FACT(type, FACT_TEXT, true, place, .least = 1, .most = 100),                               \
    {                                                                                                        \
        .kind = FACT_INSTANT, .is_required = true, .key = "dated",                                           \
        .offset = offsetof(struct type, head) + offsetof(struct form_head, dated_s)                          \
    }
/* Rows of one's own members. */
#define FORM_TEXT_MUST(type, member, most_)                                                                  \
    {                                                                                                        \
        FACT_TEXT, true, .key = #member, .offset = offsetof(struct type, member), .least = 1,                \
                         .most = (most_)                                                                     \
    }
#define FORM_TEXT_MAY(type, member, most_)                                                                   \
    {                                                                                                        \
        FACT_TEXT, false, .key = #member, .offset = offsetof(struct type, member), .most = (most_)           \
    }
#define FORM_INSTANT(type, key_, member, is_required_)                                                       \
    {                                                                                                        \
        FACT_INSTANT, (is_required_), .key = (key_), .offset = offsetof(struct type, member)                 \
    }
#define FORM_NUMBER(type, member, least_, most_)                                                             \
    {                                                                                                        \
        FACT_NUMBER, true, .key = #member, .offset = offsetof(struct type, member), .least = (least_),       \
                           .most = (most_)                                                                   \
    }
#define FORM_LIST(type, member, least_, most_, element_, element_type)                                       \
    {                                                                                                        \
        FACT_LIST, true, .key = #member, .offset = offsetof(struct type, member), .least = (least_),         \
                         .most = (most_), .element = (element_),                                             \
                         .element_bytes = sizeof(struct element_type)                                        \
    }

/* Content with this head and one copy without a mark. */
struct form_content *form_begin(struct arena *arena, const struct form *form, const struct form_head *head);
/* "Nơi nhận:" on the left of a signature, up to NULL. */
void form_set_recipients(struct arena *arena, struct form_block *block, const char *const *lines);
