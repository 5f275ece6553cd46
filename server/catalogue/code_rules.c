#include "catalogue/code_rules.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_capital(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* 9 stands for a digit, A for a capital; everything else for itself. */
static bool has_shape(struct text code, const char *shape)
{
    if (code.length != strlen(shape))
        return false;
    for (size_t i = 0; i < code.length; i++) {
        bool fits = shape[i] == '9'   ? is_digit(code.data[i])
                    : shape[i] == 'A' ? is_capital(code.data[i])
                                      : code.data[i] == shape[i];
        if (!fits)
            return false;
    }
    return true;
}

static bool is_group(struct text group)
{
    if (group.length < 2 || group.length > 3)
        return false;
    for (size_t i = 0; i < group.length; i++)
        if (!is_digit(group.data[i]) && !is_capital(group.data[i]))
            return false;
    return true;
}

bool code_is_agency(struct text code)
{
    struct text rest, group;
    int groups = 0;

    if (has_shape(code, "999.99.99.A99"))
        return true;
    group = text_cut(code, '.', &rest);
    if (!has_shape(group, "A99"))
        return false;
    while (rest.data != NULL) {
        group = text_cut(rest, '.', &rest);
        if (!is_group(group) || ++groups > 3)
            return false;
    }
    return true;
}

enum { NATIONAL_LENGTH = 8 };

bool code_is_procedure(struct text code)
{
    struct text tail;

    if (code.length < NATIONAL_LENGTH || !has_shape((struct text){code.data, NATIONAL_LENGTH}, "9.999999"))
        return false;
    tail = (struct text){code.data + NATIONAL_LENGTH, code.length - NATIONAL_LENGTH};
    if (tail.length == 0)
        return true;
    if (tail.length == strlen(".000.00.00.H48") && text_starts(tail, TEXT(".000.00.00")))
        tail = (struct text){tail.data + 10, tail.length - 10};
    return has_shape(tail, ".A99") && (tail.data[1] == 'G' || tail.data[1] == 'H');
}

struct text code_procedure_owner(struct text code)
{
    if (code.length <= NATIONAL_LENGTH)
        return TEXT("");
    return (struct text){code.data + code.length - 3, 3};
}

bool code_is_term(struct text code)
{
    if (code.length == 0 || code.length > 40 || !is_capital(code.data[0]))
        return false;
    for (size_t i = 1; i < code.length; i++)
        if (!is_capital(code.data[i]) && !is_digit(code.data[i]) && code.data[i] != '_')
            return false;
    return true;
}

int code_compare(struct text a, struct text b)
{
    size_t shorter = a.length < b.length ? a.length : b.length;
    int order = shorter == 0 ? 0 : memcmp(a.data, b.data, shorter);

    return order != 0 ? order : (a.length > b.length) - (a.length < b.length);
}
