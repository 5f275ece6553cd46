#include "http_byte_rules.h"

#define BIT(byte) (UINT64_C(1) << ((byte)&63))
/* Both within the same 64. */
#define BITS(first, last) ((UINT64_C(2) << ((last)&63)) - (UINT64_C(1) << ((first)&63)))
#define LETTERS           (BITS('A', 'Z') | BITS('a', 'z'))
#define DIGITS            BITS('0', '9')

const struct http_bytes http_bytes_token = {
    {DIGITS | BIT('!') | BITS('#', '\'') | BIT('*') | BIT('+') | BIT('-') | BIT('.'),
     LETTERS | BITS('^', '`') | BIT('|') | BIT('~'), 0, 0}};

const struct http_bytes http_bytes_value = {
    {BIT('\t') | BITS(' ', '?'), BITS('@', '~'), UINT64_MAX, UINT64_MAX}};

const struct http_bytes http_bytes_target = {
    {BITS('!', '?') & ~(BIT('"') | BIT('#') | BIT('<') | BIT('>')),
     BITS('@', '~') & ~(BIT('\\') | BITS('^', '^') | BIT('`') | BITS('{', '}')), 0, 0}};

const struct http_bytes http_bytes_host = {
    {DIGITS | BIT('-') | BIT('.'), LETTERS | BIT('_') | BIT('~'), 0, 0}};

const struct http_bytes http_bytes_literal = {
    {DIGITS | BIT(':') | BIT('.'), BITS('A', 'F') | BITS('a', 'f'), 0, 0}};

const struct http_bytes http_bytes_visible = {{BITS('!', '?'), BITS('@', '~'), 0, 0}};

size_t http_text_span(const struct http_bytes *set, struct text t)
{
    size_t at = 0;

    while (at < t.length && http_byte_in(set, t.data[at]))
        at++;
    return at;
}

bool http_text_in(const struct http_bytes *set, struct text t)
{
    return http_text_span(set, t) == t.length;
}

int http_hex_digit(char byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    if (byte >= 'a' && byte <= 'f')
        return byte - 'a' + 10;
    if (byte >= 'A' && byte <= 'F')
        return byte - 'A' + 10;
    return -1;
}
