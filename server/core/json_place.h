#pragma once
/* Where in a JSON text something stands, for people who look at it in an editor. Lines count from 1. */
#include "core/text.h"

/* The line on which the value that a JSON pointer names begins; where there is none, that of the nearest
 * above it. The text is JSON (json_parse() took it); member names are compared as they are written. */
size_t json_line(struct text json, const char *pointer);
/* The line of a byte. */
size_t json_line_at(struct text json, size_t offset);
