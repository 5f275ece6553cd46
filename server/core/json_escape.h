#pragma once
/*
 * The escapes of JSON strings, for json.c alone: which ones there are and what they stand for.
 */
#include "core/text.h"

/* The byte that a one-letter escape stands for; 0 where there is no such escape. */
char json_escaped_letter(char letter);
/* Behind "\u": the code point, both halves of a surrogate pair taken together. -1: four digits or a half
 * missing. */
int32_t json_escaped_point(const char **at, const char *end);
/* Writes what `raw`, which stood between the quotes of a faultless string, stands for: never more bytes than
 * raw has. Returns how many. */
size_t json_unescape(char *to, struct text raw);
