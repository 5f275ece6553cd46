#include "core/json_out.h"

#include <stdio.h>
#include <unistr.h>

#include "core/instant.h"

struct json_out json_out_begin(struct arena *arena)
{
    return (struct json_out){.text = text_out_begin(arena)};
}

struct text json_out_end(struct json_out *out)
{
    must(out->depth == 0 && !out->has_key);
    must(out->wants_comma); /* something was written */
    return text_out_end(&out->text);
}

static bool is_in_object(const struct json_out *out)
{
    return (out->objects >> out->depth & 1) != 0;
}

/* Before each value: the comma, and the claim that a value may stand here. */
static void begin_value(struct json_out *out)
{
    must(is_in_object(out) == out->has_key);
    must(out->depth > 0 || !out->wants_comma); /* one value at the top */
    if (out->wants_comma && !out->has_key)
        text_out_byte(&out->text, ',');
    out->has_key = false;
    out->wants_comma = true;
}

static void open(struct json_out *out, bool is_object)
{
    begin_value(out);
    must(out->depth + 1 < JSON_OUT_DEPTH_MAX);
    out->depth++;
    if (is_object)
        out->objects |= UINT32_C(1) << out->depth;
    out->wants_comma = false;
    text_out_byte(&out->text, is_object ? '{' : '[');
}

static void close(struct json_out *out, bool is_object)
{
    must(out->depth > 0 && is_in_object(out) == is_object && !out->has_key);
    out->objects &= ~(UINT32_C(1) << out->depth);
    out->depth--;
    out->wants_comma = true;
    text_out_byte(&out->text, is_object ? '}' : ']');
}

void json_open_object(struct json_out *out)
{
    open(out, true);
}

void json_close_object(struct json_out *out)
{
    close(out, true);
}

void json_open_array(struct json_out *out)
{
    open(out, false);
}

void json_close_array(struct json_out *out)
{
    close(out, false);
}

static bool is_plain(unsigned char c)
{
    return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

/* Writes what is at *at and is not plain ASCII; returns how many bytes of it were read. */
static size_t put_special(struct text_out *text, const char *at, size_t left)
{
    static const char letters[] = "btn?fr"; /* U+0008 to U+000D; U+000B has no letter */
    unsigned char const c = (unsigned char)at[0];
    char escape[8] = {'\\', (char)c, '\0'};
    ucs4_t point;
    int length;

    if (c == '"' || c == '\\') {
        text_out_put(text, (struct text){escape, 2});
        return 1;
    }
    if (c >= 0x08 && c <= 0x0d && c != 0x0b) {
        escape[1] = letters[c - 0x08];
        text_out_put(text, (struct text){escape, 2});
        return 1;
    }
    if (c < 0x20 && c != 0) {
        snprintf(escape, sizeof escape, "\\u%04x", c);
        text_out_put(text, (struct text){escape, 6});
        return 1;
    }
    length = c == 0 ? -1 : u8_mbtoucr(&point, (const uint8_t *)at, left);
    text_out_put(text, length > 0 ? (struct text){at, (size_t)length} : TEXT("\xEF\xBF\xBD"));
    return length > 0 ? (size_t)length : 1;
}

static void put_quoted(struct text_out *text, struct text value)
{
    size_t i = 0;

    text_out_byte(text, '"');
    while (i < value.length) {
        size_t run = 0;

        while (i + run < value.length && is_plain((unsigned char)value.data[i + run]))
            run++;
        text_out_put(text, (struct text){value.data + i, run});
        i += run;
        if (i < value.length)
            i += put_special(text, value.data + i, value.length - i);
    }
    text_out_byte(text, '"');
}

void json_key(struct json_out *out, const char *key)
{
    must(is_in_object(out) && !out->has_key);
    if (out->wants_comma)
        text_out_byte(&out->text, ',');
    put_quoted(&out->text, text_of(key));
    text_out_byte(&out->text, ':');
    out->has_key = true;
}

void json_text(struct json_out *out, struct text value)
{
    if (value.data == NULL) {
        json_null(out);
        return;
    }
    begin_value(out);
    put_quoted(&out->text, value);
}

void json_i64(struct json_out *out, int64_t value)
{
    begin_value(out);
    text_out_i64(&out->text, value);
}

void json_bool(struct json_out *out, bool value)
{
    begin_value(out);
    text_out_put(&out->text, value ? TEXT("true") : TEXT("false"));
}

void json_null(struct json_out *out)
{
    begin_value(out);
    text_out_put(&out->text, TEXT("null"));
}

void json_raw(struct json_out *out, struct text json)
{
    if (json.data == NULL) {
        json_null(out);
        return;
    }
    must(json.length > 0);
    begin_value(out);
    text_out_put(&out->text, json);
}

void json_put_text(struct json_out *out, const char *key, struct text value)
{
    json_key(out, key);
    json_text(out, value);
}

void json_put_string(struct json_out *out, const char *key, const char *nul_terminated)
{
    json_key(out, key);
    json_text(out, text_of(nul_terminated));
}

void json_put_i64(struct json_out *out, const char *key, int64_t value)
{
    json_key(out, key);
    json_i64(out, value);
}

void json_put_bool(struct json_out *out, const char *key, bool value)
{
    json_key(out, key);
    json_bool(out, value);
}

void json_put_raw(struct json_out *out, const char *key, struct text json)
{
    json_key(out, key);
    json_raw(out, json);
}

void json_put_instant(struct json_out *out, const char *key, int64_t at_s)
{
    char buffer[INSTANT_TEXT_BYTES];

    if (at_s == 0)
        json_put_raw(out, key, TEXT_NONE);
    else
        json_put_string(out, key, instant_format(buffer, at_s));
}
