/*
 * The shapes of answers, as their writers (C and SQL) make them: server/path/schemas.json, kept in the binary
 * byte by byte. A file, not C strings, so that it can be read; the tests hold every answer of theirs against
 * it.
 */
#include "path/describe_parts.h"

__asm__(".section .rodata\n"
        ".global describe_schemas_begin\n"
        ".global describe_schemas_end\n"
        "describe_schemas_begin:\n"
        ".incbin \"" SCHEMAS_FILE "\"\n"
        "describe_schemas_end:\n"
        ".byte 0\n"
        ".previous\n");

extern const char describe_schemas_begin[], describe_schemas_end[];

struct text describe_schemas(void)
{
    struct text const all = {describe_schemas_begin, (size_t)(describe_schemas_end - describe_schemas_begin)};

    return text_trim(all);
}
