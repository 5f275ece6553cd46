#include "core/json_escape.h"

#include <unistr.h>

/* The value of the four hexadecimal digits at `at`; -1 where they are not. */
static int32_t hex4(const char *at, const char *end)
{
    int32_t value = 0;

    if (end - at < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        char const c = at[i];
        int const digit = c >= '0' && c <= '9'   ? c - '0'
                          : c >= 'a' && c <= 'f' ? c - 'a' + 10
                          : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                 : -1;

        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

int32_t json_escaped_point(const char **at, const char *end)
{
    int32_t high = hex4(*at, end);
    int32_t low;

    if (high < 0 || (high >= 0xDC00 && high <= 0xDFFF))
        return -1;
    *at += 4;
    if (high < 0xD800 || high > 0xDFFF)
        return high;
    if (end - *at < 6 || (*at)[0] != '\\' || (*at)[1] != 'u')
        return -1;
    low = hex4(*at + 2, end);
    if (low < 0xDC00 || low > 0xDFFF)
        return -1;
    *at += 6;
    return 0x10000 + (high - 0xD800) * 0x400 + (low - 0xDC00);
}

char json_escaped_letter(char letter)
{
    switch (letter) {
    case '"':
    case '\\':
    case '/': return letter;
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    }
    return 0;
}

size_t json_unescape(char *to, struct text raw)
{
    const char *at = raw.data;
    const char *const end = raw.data + raw.length;
    char *const start = to;

    while (at < end) {
        int length;

        if (*at != '\\') {
            *to++ = *at++;
            continue;
        }
        at += 2;
        if (at[-1] != 'u') {
            *to++ = json_escaped_letter(at[-1]);
            continue;
        }
        length = u8_uctomb((uint8_t *)to, (ucs4_t)json_escaped_point(&at, end), 4);
        must(length > 0);
        to += length;
    }
    return (size_t)(to - start);
}
