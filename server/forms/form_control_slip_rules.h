#pragma once
/*
 * PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ (Mẫu số 05 of 2018, 06 of 2025): who gave the dossier to whom
 * and when, and whether the giver was in time. Names and times of accounts stand where paper has signatures;
 * where nobody has taken it by a deed of his own, room for a hand is left. README.md of this room lists the
 * facts.
 */
#include "forms/form_table_rules.h"

struct form_result form_control_slip_compose(struct arena *arena, const struct form *form,
                                             const cJSON *facts);
