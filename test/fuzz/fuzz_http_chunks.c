/* Chunked bodies from anywhere: the same body, the same end and the same fault byte by byte as at once. */
#include <stdlib.h>

#include "net/http_chunk_rules.h"

enum { BODY_BYTES_MAX = 700 };

struct result {
    enum http_chunk_step step;
    size_t used;
    size_t length;
    char body[BODY_BYTES_MAX];
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool goes_on(enum http_chunk_step step)
{
    return step == HTTP_CHUNK_STEP_MORE || step == HTTP_CHUNK_STEP_DATA;
}

static void decode(struct text bytes, size_t step, struct result *result)
{
    struct http_chunks chunks = http_chunks_begin(BODY_BYTES_MAX);

    result->step = HTTP_CHUNK_STEP_MORE;
    result->used = result->length = 0;
    while (goes_on(result->step) && result->used < bytes.length) {
        size_t const left = bytes.length - result->used;
        size_t const given = left < step ? left : step;
        struct text input = {bytes.data + result->used, given}, data = TEXT_NONE;

        result->step = http_chunks_next(&chunks, &input, &data);
        must(input.length < given); /* it never stands still */
        result->used += given - input.length;
        if (result->step == HTTP_CHUNK_STEP_DATA) {
            must(data.length > 0 && data.length <= BODY_BYTES_MAX - result->length);
            memcpy(result->body + result->length, data.data, data.length);
            result->length += data.length;
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct result whole, again;
    struct text const bytes = {(const char *)data, size};

    decode(bytes, size == 0 ? 1 : size, &whole);
    for (size_t step = 1; step < 16; step = step * 2 + 1) {
        decode(bytes, step, &again);
        must(goes_on(again.step) ? goes_on(whole.step) : again.step == whole.step);
        must(again.used == whole.used);
        must(text_equal((struct text){again.body, again.length}, (struct text){whole.body, whole.length}));
    }
    return 0;
}
