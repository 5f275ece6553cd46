#pragma once
/*
 * Roles, as bits. A person holds each role at one agency or unit, with dates; what a role may see and do with
 * a dossier follows from domain rules (lifecycle §8): the SQL predicate motcua.roles_on() says which roles a
 * person has ON one dossier, dossier_decide() says which of them may act.
 */
#include <stdint.h>

#include "core/text.h"

/* ROLE(NAME, bit, "name in JSON and SQL", "label for people") */
#define ROLES(ROLE)                                                                                          \
    ROLE(RECEIVER, 0, "receiver", "Người tiếp nhận")                                                         \
    ROLE(RETURN_CLERK, 1, "return_clerk", "Người trả kết quả")                                               \
    ROLE(HANDLER, 2, "handler", "Người xử lý")                                                               \
    ROLE(DEPT_HEAD, 3, "dept_head", "Lãnh đạo phòng")                                                        \
    ROLE(LEADER, 4, "leader", "Lãnh đạo cơ quan")                                                            \
    ROLE(RECORDS_CLERK, 5, "records_clerk", "Văn thư")                                                       \
    ROLE(MONITOR, 6, "monitor", "Giám sát cấp tỉnh")                                                         \
    ROLE(ADMINISTRATOR, 7, "administrator", "Quản trị hệ thống")                                             \
    ROLE(AUDITOR, 8, "auditor", "Kiểm tra, thanh tra")                                                       \
    ROLE(SYSTEM, 9, "system", "Hệ thống")

enum role {
#define ROLE_ENUM(name, bit, json, label) ROLE_##name = 1 << (bit),
    ROLES(ROLE_ENUM)
#undef ROLE_ENUM
};

enum { ROLE_COUNT = 10, ROLES_STAFF = (1 << 9) - 1 };

/* 0 for a name that is no role. */
unsigned role_from_name(struct text name);
/* "receiver"; role has exactly one bit. */
const char *role_name(unsigned role);
const char *role_label(unsigned role);
