#include "core/text.h"

#include <stdlib.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

static char fold(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool text_equal_fold(struct text a, struct text b)
{
    if (a.length != b.length)
        return false;
    for (size_t i = 0; i < a.length; i++)
        if (fold(a.data[i]) != fold(b.data[i]))
            return false;
    return true;
}

bool text_starts(struct text whole, struct text start)
{
    return whole.length >= start.length &&
           (start.length == 0 || memcmp(whole.data, start.data, start.length) == 0);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct text text_trim(struct text whole)
{
    while (whole.length > 0 && is_blank(whole.data[0])) {
        whole.data++;
        whole.length--;
    }
    while (whole.length > 0 && is_blank(whole.data[whole.length - 1]))
        whole.length--;
    return whole;
}

struct text text_cut(struct text whole, char separator, struct text *rest)
{
    const char *at = whole.length > 0 ? memchr(whole.data, separator, whole.length) : NULL;
    struct text before = whole;

    *rest = TEXT_NONE;
    if (at != NULL) {
        before.length = (size_t)(at - whole.data);
        *rest = (struct text){.data = at + 1, .length = whole.length - before.length - 1};
    }
    return before;
}

bool text_to_i64(struct text digits, int64_t *value)
{
    int64_t sum = 0;

    if (digits.length < 1 || digits.length > 18)
        return false;
    for (size_t i = 0; i < digits.length; i++) {
        if (digits.data[i] < '0' || digits.data[i] > '9')
            return false;
        sum = sum * 10 + (digits.data[i] - '0');
    }
    *value = sum;
    return true;
}

char *text_copy(struct arena *arena, struct text t)
{
    return arena_copy(arena, t.data, t.length);
}

bool text_is_utf8(struct text t)
{
    if (t.length == 0)
        return true;
    return memchr(t.data, 0, t.length) == NULL && u8_check((const uint8_t *)t.data, t.length) == NULL;
}

static bool is_ascii(struct text t)
{
    for (size_t i = 0; i < t.length; i++)
        if ((unsigned char)t.data[i] >= 0x80)
            return false;
    return true;
}

struct text text_nfc(struct arena *arena, struct text t)
{
    size_t length = 0;
    uint8_t *composed;
    struct text result;

    if (is_ascii(t))
        return t;
    composed = u8_normalize(UNINORM_NFC, (const uint8_t *)t.data, t.length, NULL, &length);
    must(composed != NULL);
    result = (struct text){.data = arena_copy(arena, (const char *)composed, length), .length = length};
    free(composed);
    return text_equal(result, t) ? t : result;
}

size_t text_points(struct text t)
{
    return t.length == 0 ? 0 : u8_mbsnlen((const uint8_t *)t.data, t.length);
}

static bool is_printable_point(ucs4_t point)
{
    if (point < 0x20)
        return point == '\t' || point == '\r' || point == '\n';
    return !(point >= 0x7F && point <= 0x9F) && !(point >= 0x2028 && point <= 0x202E) &&
           !(point >= 0x2066 && point <= 0x2069) && !(point >= 0xFDD0 && point <= 0xFDEF) &&
           (point & 0xFFFE) != 0xFFFE;
}

bool text_is_printable(struct text t)
{
    const uint8_t *at = (const uint8_t *)t.data;
    int length;

    for (size_t left = t.length; left > 0; at += length, left -= (size_t)length) {
        ucs4_t point;

        length = u8_mbtoucr(&point, at, left);
        must(length > 0);
        if (!is_printable_point(point))
            return false;
    }
    return true;
}

/* U+200B and its like, the byte order mark, soft hyphens. */
static bool has_no_width(ucs4_t point)
{
    return point >= 0x80 && uc_is_property_default_ignorable_code_point(point);
}

static bool is_white(ucs4_t point)
{
    return point < 0x80 ? is_blank((char)point) : uc_is_property_white_space(point);
}

bool text_is_visible(struct text t)
{
    const uint8_t *at = (const uint8_t *)t.data;
    int length;

    for (size_t left = t.length; left > 0; at += length, left -= (size_t)length) {
        ucs4_t point;

        length = u8_mbtoucr(&point, at, left);
        must(length > 0);
        if (!is_white(point) && !has_no_width(point))
            return true;
    }
    return false;
}

struct text text_words(struct arena *arena, struct text t)
{
    char *const words = arena_alloc(arena, t.length + 1);
    size_t used = 0;
    bool is_between = false;
    int length;

    for (size_t at = 0; at < t.length; at += (size_t)length) {
        ucs4_t point;

        length = u8_mbtoucr(&point, (const uint8_t *)t.data + at, t.length - at);
        must(length > 0);
        if (is_white(point)) {
            is_between = used > 0;
            continue;
        }
        if (has_no_width(point))
            continue;
        if (is_between)
            words[used++] = ' ';
        is_between = false;
        memcpy(words + used, t.data + at, (size_t)length);
        used += (size_t)length;
    }
    words[used] = '\0';
    return (struct text){.data = words, .length = used};
}

bool text_is_same_name(struct arena *arena, struct text a, struct text b)
{
    struct text const one = text_words(arena, a), other = text_words(arena, b);
    int difference = 1;

    must(u8_casecmp((const uint8_t *)one.data, one.length, (const uint8_t *)other.data, other.length, NULL,
                    UNINORM_NFC, &difference) == 0);
    return difference == 0;
}
