#pragma once
/*
 * Mẫu số 03, PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ: only at the desk. A refusal after appraisal is a
 * letter of the agency, not this form. README.md of this room lists the facts.
 */
#include "forms/form_table_rules.h"

struct form_result form_refusal_compose(struct arena *arena, const struct form *form, const cJSON *facts);
