#include "core/json_place.h"

/* A place in the text; at.length is what is left. */
static size_t skip_blanks(struct text json, size_t at)
{
    while (at < json.length && (json.data[at] == ' ' || json.data[at] == '\t' || json.data[at] == '\n' ||
                                json.data[at] == '\r' || json.data[at] == ',' || json.data[at] == ':'))
        at++;
    return at;
}

static size_t skip_string(struct text json, size_t at)
{
    for (at++; at < json.length && json.data[at] != '"'; at++)
        at += json.data[at] == '\\';
    return at < json.length ? at + 1 : json.length;
}

static size_t skip_value(struct text json, size_t at)
{
    size_t depth = 0;

    while (at < json.length) {
        char const c = json.data[at];

        if (depth == 0 && (c == ',' || c == '}' || c == ']'))
            return at;
        if (c == '"') {
            at = skip_string(json, at);
            continue;
        }
        depth += c == '{' || c == '[';
        depth -= c == '}' || c == ']';
        at++;
    }
    return at;
}

/* The value of a member or item that begins at `at`; json.length: there is none. */
static size_t find_member(struct text json, size_t at, struct text name)
{
    for (at = skip_blanks(json, at + 1); at < json.length && json.data[at] == '"';
         at = skip_blanks(json, at)) {
        size_t const end = skip_string(json, at);
        struct text const key = {json.data + at + 1, end > at + 1 ? end - at - 2 : 0};

        at = skip_blanks(json, end);
        if (text_equal(key, name))
            return at;
        at = skip_value(json, at);
    }
    return json.length;
}

static size_t find_item(struct text json, size_t at, struct text name)
{
    int64_t index;

    if (!text_to_i64(name, &index))
        return json.length;
    for (at = skip_blanks(json, at + 1); at < json.length && json.data[at] != ']';
         at = skip_blanks(json, skip_value(json, at)))
        if (index-- == 0)
            return at;
    return json.length;
}

size_t json_line_at(struct text json, size_t offset)
{
    size_t line = 1;

    for (size_t i = 0; i < offset && i < json.length; i++)
        line += json.data[i] == '\n';
    return line;
}

size_t json_line(struct text json, const char *pointer)
{
    struct text rest = text_of(pointer), name;
    size_t at = skip_blanks(json, 0);

    (void)text_cut(rest, '/', &rest);
    while (rest.length > 0 && at < json.length) {
        size_t found = json.length;

        name = text_cut(rest, '/', &rest);
        if (json.data[at] == '{')
            found = find_member(json, at, name);
        else if (json.data[at] == '[')
            found = find_item(json, at, name);
        if (found == json.length)
            break;
        at = found;
    }
    return json_line_at(json, at);
}
