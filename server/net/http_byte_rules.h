#pragma once
/*
 * Sets of bytes, as the grammar of HTTP has them: 256 bits each, so that one look tells. No locale is asked.
 */
#include <stdbool.h>
#include <stdint.h>

#include "core/text.h"

struct http_bytes {
    uint64_t bits[4];
};

extern const struct http_bytes http_bytes_token;   /* RFC 9110 tchar: methods, header names */
extern const struct http_bytes http_bytes_value;   /* TAB, 0x20–0x7E, 0x80–0xFF */
extern const struct http_bytes http_bytes_target;  /* 0x21–0x7E without "<>\^`{|}# */
extern const struct http_bytes http_bytes_host;    /* letters, digits, - . _ ~ */
extern const struct http_bytes http_bytes_literal; /* between the brackets of [::1] */
extern const struct http_bytes http_bytes_visible; /* 0x21–0x7E */

static inline bool http_byte_in(const struct http_bytes *set, char byte)
{
    unsigned char const at = (unsigned char)byte;

    return (set->bits[at >> 6] >> (at & 63) & 1) != 0;
}

/* Every byte of t is in the set; true of an empty text. */
bool http_text_in(const struct http_bytes *set, struct text t);
/* How many bytes at the start of t are in the set. */
size_t http_text_span(const struct http_bytes *set, struct text t);
/* 0–15, or -1 */
int http_hex_digit(char byte);
