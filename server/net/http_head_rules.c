#include "http_head_rules.h"

#include "http_byte_rules.h"
#include "http_target_rules.h"

enum { VERSION_BYTES = 8 }; /* "HTTP/1.1" */

static const char *const method_names[] = {
    [NET_GET] = "GET",     [NET_HEAD] = "HEAD",     [NET_POST] = "POST",       [NET_PUT] = "PUT",
    [NET_PATCH] = "PATCH", [NET_DELETE] = "DELETE", [NET_OPTIONS] = "OPTIONS",
};

const char *net_method_name(enum net_method method)
{
    must((size_t)method < array_length(method_names));
    return method_names[method];
}

static bool refuse(enum net_fault *to, enum net_fault fault)
{
    *to = fault;
    return false;
}

static enum http_scan scan_fault(enum net_fault *to, enum net_fault fault)
{
    *to = fault;
    return HTTP_SCAN_FAULT;
}

enum http_scan http_head_scan(struct http_head_scan *scan, struct text bytes, size_t *length,
                              enum net_fault *fault)
{
    size_t const end = bytes.length < HTTP_HEAD_BYTES_MAX ? bytes.length : (size_t)HTTP_HEAD_BYTES_MAX;

    must(scan->scanned <= end && scan->line <= scan->scanned);
    if (end > 0 && !http_byte_in(&http_bytes_token, bytes.data[0])) /* TLS, blank lines, noise: at once */
        return scan_fault(fault, NET_FAULT_BAD_REQUEST);
    while (scan->scanned < end) {
        const char *feed = memchr(bytes.data + scan->scanned, '\n', end - scan->scanned);
        size_t at;

        if (feed == NULL) {
            scan->scanned = end;
            break;
        }
        at = (size_t)(feed - bytes.data);
        /* the first CR of a line ends it */
        if (memchr(bytes.data + scan->line, '\r', at - scan->line) != feed - 1)
            return scan_fault(fault, NET_FAULT_BAD_REQUEST);
        scan->scanned = at + 1;
        if (at == scan->line + 1) { /* an empty line */
            *length = at + 1;
            return HTTP_SCAN_WHOLE;
        }
        scan->line = at + 1;
    }
    if (end < HTTP_HEAD_BYTES_MAX)
        return HTTP_SCAN_MORE;
    return scan_fault(fault, scan->line == 0 ? NET_FAULT_TARGET_TOO_LONG : NET_FAULT_HEAD_TOO_LARGE);
}

/* A line without its CRLF; the scan has seen that each LF follows a CR. */
static struct text take_line(struct text *rest)
{
    struct text line = text_cut(*rest, '\n', rest);

    must(line.length > 0 && line.data[line.length - 1] == '\r');
    line.length--;
    return line;
}

static bool read_version(struct text version, struct http_head *head, enum net_fault *fault)
{
    static const char digits[] = "0123456789";

    if (version.length != VERSION_BYTES || !text_starts(version, TEXT("HTTP/")) || version.data[6] != '.' ||
        memchr(digits, version.data[5], 10) == NULL || memchr(digits, version.data[7], 10) == NULL)
        return refuse(fault, NET_FAULT_BAD_REQUEST);
    if (version.data[5] != '1' || version.data[7] > '1')
        return refuse(fault, NET_FAULT_VERSION);
    head->is_version_1_0 = version.data[7] == '0';
    head->is_closing = head->is_version_1_0; /* unless it says keep-alive */
    return true;
}

static bool read_method(struct text word, enum net_method *method)
{
    for (size_t i = 0; i < array_length(method_names); i++) {
        if (text_equal(word, text_of(method_names[i]))) {
            *method = (enum net_method)i;
            return true;
        }
    }
    return false;
}

/* TOKEN SP target SP HTTP/1.x, in that order of precedence: syntax, version, method, target. */
static bool read_request_line(struct text line, struct http_head *head, struct text *authority,
                              enum net_fault *fault)
{
    struct text rest, version;
    struct text const word = text_cut(line, ' ', &rest);
    struct text const source = text_cut(rest, ' ', &version);
    struct http_target target;

    if (word.length == 0 || !http_text_in(&http_bytes_token, word))
        return refuse(fault, NET_FAULT_BAD_REQUEST);
    if (!read_version(version, head, fault))
        return false;
    if (!read_method(word, &head->method))
        return refuse(fault, NET_FAULT_NOT_IMPLEMENTED);
    if (source.length > HTTP_TARGET_BYTES_MAX)
        return refuse(fault, NET_FAULT_TARGET_TOO_LONG);
    if (!http_target_parse(source, &target))
        return refuse(fault, NET_FAULT_BAD_REQUEST);
    if (text_equal(target.path, TEXT("*")) && head->method != NET_OPTIONS)
        return refuse(fault, NET_FAULT_BAD_REQUEST);
    head->path = text_equal(target.path, TEXT("*")) ? TEXT("/") : target.path;
    head->query = target.query;
    *authority = target.authority;
    return true;
}

static struct text trim_blanks(struct text t)
{
    while (t.length > 0 && (t.data[0] == ' ' || t.data[0] == '\t')) {
        t.data++;
        t.length--;
    }
    while (t.length > 0 && (t.data[t.length - 1] == ' ' || t.data[t.length - 1] == '\t'))
        t.length--;
    return t;
}

/* No blank before the colon, no folding: both have hidden bodies from servers that read them otherwise. */
static bool read_header(struct text line, struct net_header *header)
{
    size_t const name = http_text_span(&http_bytes_token, line);

    if (name == 0 || name == line.length || line.data[name] != ':')
        return false;
    header->name = (struct text){line.data, name};
    header->value = trim_blanks((struct text){line.data + name + 1, line.length - name - 1});
    return http_text_in(&http_bytes_value, header->value);
}

static bool read_headers(struct text rest, struct http_head *head, enum net_fault *fault)
{
    for (struct text line = take_line(&rest); line.length > 0; line = take_line(&rest)) {
        if (head->header_count == HTTP_HEADERS_MAX)
            return refuse(fault, NET_FAULT_HEAD_TOO_LARGE);
        if (!read_header(line, &head->headers[head->header_count]))
            return refuse(fault, NET_FAULT_BAD_REQUEST);
        head->header_count++;
    }
    must(rest.length == 0);
    return true;
}

/* The headers that say how a message is framed and for whom it is: at most one of each but Connection. */
struct framing {
    struct text host, content_length, transfer_encoding, authorization, expect;
};

/* False: there was one already. */
static bool note_once(struct text *noted, struct text value)
{
    if (noted->data != NULL)
        return false;
    *noted = value;
    return true;
}

/* "close" wins over "keep-alive"; whatever else stands there is ignored (Upgrade, HTTP2-Settings, …). */
static void note_connection(struct http_head *head, struct text list, bool *is_close_said)
{
    while (list.data != NULL) {
        struct text const option = trim_blanks(text_cut(list, ',', &list));

        if (text_equal_fold(option, TEXT("close")))
            *is_close_said = true;
        else if (text_equal_fold(option, TEXT("keep-alive")))
            head->is_closing = false;
    }
}

static bool note_framing(struct http_head *head, struct framing *framing)
{
    bool is_close_said = false;
    struct {
        struct text name;
        struct text *noted;
    } const once[] = {
        {TEXT("Host"), &framing->host},
        {TEXT("Content-Length"), &framing->content_length},
        {TEXT("Transfer-Encoding"), &framing->transfer_encoding},
        {TEXT("Authorization"), &framing->authorization},
        {TEXT("Expect"), &framing->expect},
    };

    for (size_t i = 0; i < head->header_count; i++) {
        const struct net_header *header = &head->headers[i];

        for (size_t j = 0; j < array_length(once); j++)
            if (text_equal_fold(header->name, once[j].name) && !note_once(once[j].noted, header->value))
                return false;
        if (text_equal_fold(header->name, TEXT("Connection")))
            note_connection(head, header->value, &is_close_said);
    }
    head->is_closing = head->is_closing || is_close_said;
    return true;
}

/* Where the message ends. In this order: what contradicts itself, what we do not speak, what has no body. */
static bool decide_body(struct http_head *head, const struct framing *framing, enum net_fault *fault)
{
    bool const is_length_said = framing->content_length.data != NULL;
    bool const is_coding_said = framing->transfer_encoding.data != NULL;

    if (is_length_said && !text_to_i64(framing->content_length, &head->content_length))
        return refuse(fault, NET_FAULT_BAD_REQUEST);
    if (is_coding_said && (is_length_said || head->is_version_1_0))
        return refuse(fault, NET_FAULT_BAD_REQUEST);
    if (is_coding_said && !text_equal_fold(framing->transfer_encoding, TEXT("chunked")))
        return refuse(fault, NET_FAULT_NOT_IMPLEMENTED);
    head->is_chunked = is_coding_said;
    switch (head->method) {
    case NET_POST:
    case NET_PUT:
    case NET_PATCH: return true;
    case NET_GET:
    case NET_HEAD:
    case NET_DELETE:
    case NET_OPTIONS: return !http_head_has_body(head) || refuse(fault, NET_FAULT_BAD_REQUEST);
    }
    unreachable();
}

bool http_head_has_body(const struct http_head *head)
{
    return head->is_chunked || head->content_length > 0;
}

bool http_head_parse(struct text bytes, struct http_head *head, enum net_fault *fault)
{
    struct text rest = bytes, authority = TEXT_NONE;
    struct framing framing = {.host = TEXT_NONE};

    *head = (struct http_head){.content_length = 0};
    if (!read_request_line(take_line(&rest), head, &authority, fault) || !read_headers(rest, head, fault))
        return false;
    if (!note_framing(head, &framing) || framing.host.data == NULL || !http_host_is_valid(framing.host))
        return refuse(fault, NET_FAULT_BAD_REQUEST);
    if (authority.data != NULL && !text_equal_fold(authority, framing.host))
        return refuse(fault, NET_FAULT_BAD_REQUEST);
    if (!decide_body(head, &framing, fault))
        return false;
    if (framing.expect.data != NULL && !head->is_version_1_0) {
        if (!text_equal_fold(framing.expect, TEXT("100-continue")))
            return refuse(fault, NET_FAULT_EXPECTATION);
        head->is_expecting_continue = true;
    }
    return true;
}
