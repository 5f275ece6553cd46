#include "http_target_rules.h"

#include "http_byte_rules.h"

enum { HOST_BYTES_MAX = 255, PORT_MAX = 65535, PORT_DIGITS_MAX = 5 };

static struct text text_from(struct text whole, size_t at)
{
    must(at <= whole.length);
    return (struct text){.data = whole.data + at, .length = whole.length - at};
}

/* "%2" could be completed by whoever joins texts later, "%00" ends a C string: neither passes. */
static bool escapes_are_good(struct text t)
{
    for (size_t i = 0; i < t.length; i++) {
        if (t.data[i] != '%')
            continue;
        if (t.length - i < 3 || http_hex_digit(t.data[i + 1]) < 0 || http_hex_digit(t.data[i + 2]) < 0)
            return false;
        if (t.data[i + 1] == '0' && t.data[i + 2] == '0')
            return false;
        i += 2;
    }
    return true;
}

/* Behind "http://" or "https://"; 0 where there is no such start. */
static size_t scheme_length(struct text source)
{
    static const struct text schemes[] = {{"http://", 7}, {"https://", 8}};

    for (size_t i = 0; i < array_length(schemes); i++) {
        struct text const start = {source.data, schemes[i].length};

        if (source.length >= schemes[i].length && text_equal_fold(start, schemes[i]))
            return schemes[i].length;
    }
    return 0;
}

/* Cuts the authority off; what is left begins with '/' or '?' or is empty. */
static bool take_authority(struct text *source, struct http_target *target)
{
    size_t const scheme = scheme_length(*source);
    size_t end = scheme;

    if (scheme == 0)
        return false;
    while (end < source->length && source->data[end] != '/' && source->data[end] != '?')
        end++;
    target->authority = (struct text){source->data + scheme, end - scheme};
    *source = text_from(*source, end);
    return http_host_is_valid(target->authority);
}

bool http_target_parse(struct text source, struct http_target *target)
{
    *target = (struct http_target){.query = TEXT_NONE};
    if (source.length == 0 || !http_text_in(&http_bytes_target, source) || !escapes_are_good(source))
        return false;
    if (text_equal(source, TEXT("*"))) {
        target->path = source;
        return true;
    }
    if (source.data[0] != '/' && !take_authority(&source, target))
        return false;
    target->path = text_cut(source, '?', &target->query);
    if (target->path.length == 0) /* "http://host", "http://host?x" */
        target->path = TEXT("/");
    return !text_starts(target->path, TEXT("//"));
}

static bool port_is_valid(struct text port)
{
    int64_t number = 0;

    return port.length <= PORT_DIGITS_MAX && text_to_i64(port, &number) && number > 0 && number <= PORT_MAX;
}

bool http_host_is_valid(struct text host)
{
    size_t end;

    if (host.length == 0 || host.length > HOST_BYTES_MAX)
        return false;
    if (host.data[0] == '[') {
        end = 1 + http_text_span(&http_bytes_literal, text_from(host, 1));
        if (end < 3 || end == host.length || host.data[end] != ']')
            return false;
        end++;
    } else {
        end = http_text_span(&http_bytes_host, host);
        if (end == 0)
            return false;
    }
    return end == host.length || (host.data[end] == ':' && port_is_valid(text_from(host, end + 1)));
}
