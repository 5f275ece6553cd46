#include "identity/role.h"

static const struct {
    unsigned role;
    const char *name, *label;
} roles[] = {
#define ROLE_ROW(name, bit, json, label) {ROLE_##name, json, label},
    ROLES(ROLE_ROW)
#undef ROLE_ROW
};

_Static_assert(array_length(roles) == ROLE_COUNT, "a role's bit is its place in the table");

unsigned role_from_name(struct text name)
{
    for (size_t i = 0; i < array_length(roles); i++)
        if (text_equal(text_of(roles[i].name), name))
            return roles[i].role;
    return 0;
}

const char *role_name(unsigned role)
{
    for (size_t i = 0; i < array_length(roles); i++)
        if (roles[i].role == role)
            return roles[i].name;
    unreachable();
}

const char *role_label(unsigned role)
{
    for (size_t i = 0; i < array_length(roles); i++)
        if (roles[i].role == role)
            return roles[i].label;
    unreachable();
}
