#pragma once
/*
 * Mẫu số 02, PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ, at the desk and in process. Who signs depends on who
 * asks. README.md of this room lists the facts.
 */
#include "forms/form_table_rules.h"

struct form_result form_supplement_compose(struct arena *arena, const struct form *form, const cJSON *facts);
