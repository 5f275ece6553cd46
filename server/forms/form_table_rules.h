#pragma once
/*
 * Which statutory forms there are: one row for each form of each set. The sets number the same form
 * differently
 * ("Mẫu số 05" is the control slip of 2018 and the stop notice of 2025), so nothing else knows a number or a
 * title. A further form is a row with its compose function.
 */
#include <cjson/cJSON.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/text.h"

enum form_set { FORM_SET_TT01_2018, FORM_SET_TT03_2025 };
enum form_kind {
    FORM_RECEIPT,
    FORM_SUPPLEMENT,
    FORM_REFUSAL,
    FORM_APOLOGY,
    FORM_STOP_NOTICE,
    FORM_CONTROL_SLIP,
    FORM_REGISTER_BOOK,
    FORM_RESULT_HANDOVER, /* in use, in neither set: no number */
};

struct form_content;

/* What a form says, or why its facts were refused: exactly one of the two is set. A fault is English, names
 * the key at fault and never repeats a value, so that it may be logged. */
struct form_result {
    const struct form_content *content;
    const char *fault;
};

struct form {
    enum form_kind kind;
    enum form_set set;
    const char *number;     /* "01"; NULL: in use without one */
    const char *title;      /* upper case */
    const char *code_label; /* how the set calls the dossier code */
    struct form_result (*compose)(struct arena *arena, const struct form *form, const cJSON *facts);
};

/* NULL: the set has no such form. */
const struct form *form_find(enum form_kind kind, enum form_set set);
/* "receipt", "TT03_2025": the names used in requests and kept with a dossier. */
MUST_USE bool form_kind_named(struct text name, enum form_kind *kind);
MUST_USE bool form_set_named(struct text name, enum form_set *set);
const char *form_set_name(enum form_set set);
/* "Thông tư số 03/2025/TT-VPCP" */
const char *form_set_title(enum form_set set);
/* The set that governs a dossier accepted then: the older one before 15/09/2025. */
enum form_set form_set_at(int64_t accepted_at_s);
/* Facts to content: finds the row by kind and by facts.form_set, then lets the row compose. */
struct form_result form_compose(struct arena *arena, enum form_kind kind, const cJSON *facts);
