/* Percent-decoding and targets: what is decoded is UTF-8 without NUL, never longer, and the same encoded
 * again. */
#include <stdio.h>
#include <stdlib.h>

#include "net/http_decode_rules.h"
#include "net/http_target_rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void encode_and_decode(struct text decoded, bool is_query)
{
    char *encoded = malloc(decoded.length * 3 + 1), *again = malloc(decoded.length * 3 + 1);
    size_t length = 0;

    must(encoded != NULL && again != NULL);
    for (size_t i = 0; i < decoded.length; i++)
        snprintf(encoded + 3 * i, 4, "%%%02X", (unsigned)(unsigned char)decoded.data[i]);
    must(http_decode((struct text){encoded, decoded.length * 3}, is_query, again, &length));
    must(text_equal((struct text){again, length}, decoded));
    free(encoded);
    free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct text const bytes = {(const char *)data, size};
    struct http_target target;
    char *to = malloc(size + 1);

    must(to != NULL);
    for (int is_query = 0; is_query <= 1; is_query++) {
        size_t length = 0;

        if (!http_decode(bytes, is_query != 0, to, &length))
            continue;
        must(length <= size && text_is_utf8((struct text){to, length}));
        must(memchr(to, '\0', length) == NULL || length == 0);
        encode_and_decode((struct text){to, length}, is_query != 0);
    }
    if (http_target_parse(bytes, &target)) {
        must(target.path.length > 0 && (target.path.data[0] == '/' || text_equal(target.path, TEXT("*"))));
        must(!text_starts(target.path, TEXT("//")));
        must(target.authority.data == NULL || http_host_is_valid(target.authority));
    }
    free(to);
    return 0;
}
