/*
 * Heads from anywhere. The same result byte by byte, in odd pieces and at once; all that a parsed head points
 * at lies within it, and keeps what the parser promises to those above.
 */
#include <stdlib.h>

#include "net/http_head_rules.h"
#include "net/http_target_rules.h"

struct result {
    enum http_scan scan;
    enum net_fault fault;
    size_t length;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct result scan_in_steps(struct text bytes, size_t step)
{
    struct result result = {.scan = HTTP_SCAN_MORE};
    struct http_head_scan scan = {.line = 0};

    for (size_t at = 0; at < bytes.length && result.scan == HTTP_SCAN_MORE; at += step) {
        size_t const end = bytes.length - at < step ? bytes.length : at + step;

        result.scan = http_head_scan(&scan, (struct text){bytes.data, end}, &result.length, &result.fault);
    }
    return result;
}

static void check_within(struct text whole, struct text part)
{
    if (part.data != NULL && !text_equal(part, TEXT("/")))
        must(part.data >= whole.data && part.data + part.length <= whole.data + whole.length);
}

static void check_head(struct text bytes, const struct http_head *head)
{
    unsigned hosts = 0;

    must(head->path.length > 0 && head->path.data[0] == '/');
    must(head->header_count > 0 && head->header_count <= HTTP_HEADERS_MAX);
    must(head->content_length >= 0 && !(head->is_chunked && head->content_length > 0));
    must(!http_head_has_body(head) || head->method == NET_POST || head->method == NET_PUT ||
         head->method == NET_PATCH);
    check_within(bytes, head->path);
    check_within(bytes, head->query);
    for (size_t i = 0; i < head->header_count; i++) {
        struct text const value = head->headers[i].value;

        check_within(bytes, head->headers[i].name);
        check_within(bytes, value);
        must(value.length == 0 || (memchr(value.data, '\r', value.length) == NULL &&
                                   memchr(value.data, '\n', value.length) == NULL &&
                                   memchr(value.data, '\0', value.length) == NULL));
        hosts += text_equal_fold(head->headers[i].name, TEXT("Host"));
    }
    must(hosts == 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct text const bytes = {(const char *)data, size};
    struct result const whole = scan_in_steps(bytes, size == 0 ? 1 : size);

    for (size_t step = 1; step < 16; step = step * 2 + 1) {
        struct result const again = scan_in_steps(bytes, step);

        must(again.scan == whole.scan);
        must(again.scan != HTTP_SCAN_FAULT || again.fault == whole.fault);
        must(again.scan != HTTP_SCAN_WHOLE || again.length == whole.length);
    }
    if (whole.scan == HTTP_SCAN_WHOLE) {
        struct http_head head;
        enum net_fault fault = NET_FAULT_COUNT;
        char *copy = malloc(whole.length); /* exactly as long, so that a byte too far is seen */
        struct text const only = {copy, whole.length};

        must(copy != NULL && whole.length <= HTTP_HEAD_BYTES_MAX);
        memcpy(copy, data, whole.length);
        if (http_head_parse(only, &head, &fault))
            check_head(only, &head);
        else
            must(fault < NET_FAULT_COUNT && fault != NET_FAULT_HEAD_TIMEOUT);
        free(copy);
    }
    return 0;
}
