#pragma once
/*
 * Mẫu số 05 of TT 03/2025, THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ: the citizen took the dossier back, or it ended
 * because nothing came. The set of 2018 has no such form. README.md of this room lists the facts.
 */
#include "forms/form_table_rules.h"

struct form_result form_stop_notice_compose(struct arena *arena, const struct form *form, const cJSON *facts);
