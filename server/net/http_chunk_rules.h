#pragma once
/*
 * The chunked coding, taken off as the bytes come in: the same result byte by byte as at once. Sizes are 1–16
 * hex digits and nothing else, CRLF is exact, extensions and trailers are checked, counted and dropped.
 */
#include <stdbool.h>
#include <stdint.h>

#include "core/text.h"

enum {
    HTTP_CHUNK_EXTENSION_BYTES_MAX = 256,       /* of one chunk */
    HTTP_CHUNK_EXTENSIONS_BYTES_MAX = 4 * 1024, /* of a body */
    HTTP_TRAILER_BYTES_MAX = 2 * 1024,
};

/*
 *  START → SIZE → (EXTENSION) → SIZE_LF → DATA → DATA_CR → DATA_LF → START
 *                                  └ size 0 → TRAILER_START → NAME → VALUE → TRAILER_LF → TRAILER_START
 *                                                   └ CR → END_LF → END
 */
enum http_chunk_state {
    HTTP_CHUNK_START, /* the first digit of a size */
    HTTP_CHUNK_SIZE,
    HTTP_CHUNK_EXTENSION,
    HTTP_CHUNK_SIZE_LF,
    HTTP_CHUNK_DATA,
    HTTP_CHUNK_DATA_CR,
    HTTP_CHUNK_DATA_LF,
    HTTP_CHUNK_TRAILER_START,
    HTTP_CHUNK_TRAILER_NAME,
    HTTP_CHUNK_TRAILER_VALUE,
    HTTP_CHUNK_TRAILER_LF,
    HTTP_CHUNK_END_LF,
    HTTP_CHUNK_ENDED,
};

struct http_chunks {
    enum http_chunk_state state;
    unsigned digits;
    uint64_t size;       /* of this chunk: what is still to come of it */
    uint64_t room;       /* what the body may still have */
    unsigned extension;  /* bytes of this chunk's extension */
    unsigned extensions; /* of all so far */
    unsigned trailer;
};

enum http_chunk_step {
    HTTP_CHUNK_STEP_MORE, /* the input is used up */
    HTTP_CHUNK_STEP_DATA, /* *data is the next part of the body */
    HTTP_CHUNK_STEP_END,  /* the body is whole; what is left of the input belongs to the next request */
    HTTP_CHUNK_STEP_BAD,
    HTTP_CHUNK_STEP_TOO_LARGE,
};

struct http_chunks http_chunks_begin(uint64_t body_bytes_max);
/* Takes what it reads off *input. After END, BAD and TOO_LARGE it must not be called again. */
MUST_USE enum http_chunk_step http_chunks_next(struct http_chunks *chunks, struct text *input,
                                               struct text *data);
