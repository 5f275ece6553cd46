#include "http_chunk_rules.h"

#include "http_byte_rules.h"

enum { SIZE_DIGITS_MAX = 16 };

struct http_chunks http_chunks_begin(uint64_t body_bytes_max)
{
    return (struct http_chunks){.state = HTTP_CHUNK_START, .room = body_bytes_max};
}

/* MORE stands for "go on" within the functions of single bytes. */
static enum http_chunk_step go_to(struct http_chunks *chunks, enum http_chunk_state state)
{
    chunks->state = state;
    return HTTP_CHUNK_STEP_MORE;
}

static enum http_chunk_step expect(struct http_chunks *chunks, bool is_right, enum http_chunk_state next)
{
    return is_right ? go_to(chunks, next) : HTTP_CHUNK_STEP_BAD;
}

static enum http_chunk_step read_size(struct http_chunks *chunks, char byte)
{
    int const digit = http_hex_digit(byte);

    if (digit >= 0) {
        if (chunks->digits++ == SIZE_DIGITS_MAX)
            return HTTP_CHUNK_STEP_BAD;
        chunks->size = chunks->size << 4 | (unsigned)digit;
        return go_to(chunks, HTTP_CHUNK_SIZE);
    }
    if (chunks->digits == 0)
        return HTTP_CHUNK_STEP_BAD;
    if (byte == ';')
        return go_to(chunks, HTTP_CHUNK_EXTENSION);
    return expect(chunks, byte == '\r', HTTP_CHUNK_SIZE_LF);
}

static enum http_chunk_step read_extension(struct http_chunks *chunks, char byte)
{
    if (byte == '\r')
        return go_to(chunks, HTTP_CHUNK_SIZE_LF);
    if (!http_byte_in(&http_bytes_visible, byte) || chunks->extension++ == HTTP_CHUNK_EXTENSION_BYTES_MAX ||
        chunks->extensions++ == HTTP_CHUNK_EXTENSIONS_BYTES_MAX)
        return HTTP_CHUNK_STEP_BAD;
    return HTTP_CHUNK_STEP_MORE;
}

static enum http_chunk_step end_size(struct http_chunks *chunks, char byte)
{
    if (byte != '\n')
        return HTTP_CHUNK_STEP_BAD;
    if (chunks->size > chunks->room)
        return HTTP_CHUNK_STEP_TOO_LARGE;
    chunks->room -= chunks->size;
    return go_to(chunks, chunks->size > 0 ? HTTP_CHUNK_DATA : HTTP_CHUNK_TRAILER_START);
}

static enum http_chunk_step end_chunk(struct http_chunks *chunks, char byte)
{
    chunks->digits = 0;
    chunks->extension = 0;
    must(chunks->size == 0);
    return expect(chunks, byte == '\n', HTTP_CHUNK_START);
}

static enum http_chunk_step read_trailer(struct http_chunks *chunks, char byte)
{
    bool const is_name = http_byte_in(&http_bytes_token, byte);

    if (chunks->state == HTTP_CHUNK_TRAILER_START && byte == '\r')
        return go_to(chunks, HTTP_CHUNK_END_LF);
    if (chunks->trailer++ == HTTP_TRAILER_BYTES_MAX)
        return HTTP_CHUNK_STEP_BAD;
    if (chunks->state == HTTP_CHUNK_TRAILER_VALUE && byte == '\r')
        return go_to(chunks, HTTP_CHUNK_TRAILER_LF);
    if (chunks->state == HTTP_CHUNK_TRAILER_VALUE)
        return expect(chunks, http_byte_in(&http_bytes_value, byte), HTTP_CHUNK_TRAILER_VALUE);
    if (chunks->state == HTTP_CHUNK_TRAILER_NAME && byte == ':')
        return go_to(chunks, HTTP_CHUNK_TRAILER_VALUE);
    return expect(chunks, is_name, HTTP_CHUNK_TRAILER_NAME);
}

static enum http_chunk_step read_byte(struct http_chunks *chunks, char byte)
{
    switch (chunks->state) {
    case HTTP_CHUNK_START:
    case HTTP_CHUNK_SIZE: return read_size(chunks, byte);
    case HTTP_CHUNK_EXTENSION: return read_extension(chunks, byte);
    case HTTP_CHUNK_SIZE_LF: return end_size(chunks, byte);
    case HTTP_CHUNK_DATA_CR: return expect(chunks, byte == '\r', HTTP_CHUNK_DATA_LF);
    case HTTP_CHUNK_DATA_LF: return end_chunk(chunks, byte);
    case HTTP_CHUNK_TRAILER_START:
    case HTTP_CHUNK_TRAILER_NAME:
    case HTTP_CHUNK_TRAILER_VALUE: return read_trailer(chunks, byte);
    case HTTP_CHUNK_TRAILER_LF: return expect(chunks, byte == '\n', HTTP_CHUNK_TRAILER_START);
    case HTTP_CHUNK_END_LF: return expect(chunks, byte == '\n', HTTP_CHUNK_ENDED);
    case HTTP_CHUNK_DATA:
    case HTTP_CHUNK_ENDED: break;
    }
    unreachable();
}

static void take_data(struct http_chunks *chunks, struct text *input, struct text *data)
{
    *data = (struct text){input->data, chunks->size < input->length ? (size_t)chunks->size : input->length};
    input->data += data->length;
    input->length -= data->length;
    chunks->size -= data->length;
    if (chunks->size == 0)
        chunks->state = HTTP_CHUNK_DATA_CR;
}

enum http_chunk_step http_chunks_next(struct http_chunks *chunks, struct text *input, struct text *data)
{
    must(chunks->state != HTTP_CHUNK_ENDED);
    while (input->length > 0) {
        enum http_chunk_step step;

        if (chunks->state == HTTP_CHUNK_DATA) {
            take_data(chunks, input, data);
            return HTTP_CHUNK_STEP_DATA;
        }
        step = read_byte(chunks, *input->data);
        input->data++;
        input->length--;
        if (step != HTTP_CHUNK_STEP_MORE)
            return step;
        if (chunks->state == HTTP_CHUNK_ENDED)
            return HTTP_CHUNK_STEP_END;
    }
    return HTTP_CHUNK_STEP_MORE;
}
