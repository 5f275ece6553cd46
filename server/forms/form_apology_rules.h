#pragma once
/*
 * Mẫu số 04: the apology with the one new appointment (2018: PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ; 2025:
 * VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN THỜI GIAN GIẢI QUYẾT). Without reason and new date it is the draft put
 * before the leader: dotted lines to be filled in. README.md of this room lists the facts.
 */
#include "forms/form_table_rules.h"

struct form_result form_apology_compose(struct arena *arena, const struct form *form, const cJSON *facts);
