#pragma once
/*
 * Mẫu số 01, GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ: from its facts to its content. README.md of this room
 * lists the facts. The same facts always give the same content: nothing here looks at a clock.
 */
#include "forms/form_table_rules.h"

struct form_result form_receipt_compose(struct arena *arena, const struct form *form, const cJSON *facts);
