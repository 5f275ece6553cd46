#pragma once
/*
 * Percent-decoding, once, after the path was cut into segments, so that %2F never becomes a separator.
 */
#include "core/text.h"

/* Into `to`, which has room for encoded.length bytes; *length of them are written. '+' is a blank in a query.
 * False: a bad escape, NUL, or not UTF-8. */
MUST_USE bool http_decode(struct text encoded, bool is_query, char *to, size_t *length);
