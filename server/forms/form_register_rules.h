#pragma once
/*
 * Forms about many dossiers, lying A4: SỔ THEO DÕI HỒ SƠ (Mẫu số 06 of 2018, 07 of 2025) and, in use without
 * a number in either set, PHIẾU BÀN GIAO KẾT QUẢ. README.md of this room lists the facts.
 */
#include "forms/form_table_rules.h"

struct form_result form_register_compose(struct arena *arena, const struct form *form, const cJSON *facts);
struct form_result form_handover_compose(struct arena *arena, const struct form *form, const cJSON *facts);
