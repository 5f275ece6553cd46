/* What is a request and where it ends: each row whole, byte by byte, and split at each position. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "net/http_chunk_rules.h"
#include "net/http_decode_rules.h"
#include "net/http_head_rules.h"
#include "test_http_body_cases.h"

enum { WIRE_BYTES_MAX = 64 * 1024 };

/* Reads like the server does, without a socket. */
struct reader {
    char bytes[WIRE_BYTES_MAX];
    size_t length, head_length, body_length;
    struct http_head_scan scan;
    struct http_head head;
    struct http_chunks chunks;
    char body[WIRE_BYTES_MAX];
    int status; /* as struct wire_case has it */
};

static int status_of(enum net_fault fault)
{
    static const int statuses[NET_FAULT_COUNT] = {400, 408, 413, 414, 417, 431, 501, 505};

    return statuses[fault];
}

static void read_chunks(struct reader *reader, struct text input)
{
    enum http_chunk_step step = HTTP_CHUNK_STEP_DATA;
    struct text data;

    while (step == HTTP_CHUNK_STEP_DATA) {
        step = http_chunks_next(&reader->chunks, &input, &data);
        if (step == HTTP_CHUNK_STEP_DATA) {
            memcpy(reader->body + reader->body_length, data.data, data.length);
            reader->body_length += data.length;
        }
    }
    if (step != HTTP_CHUNK_STEP_MORE)
        reader->status = step == HTTP_CHUNK_STEP_END ? 0 : step == HTTP_CHUNK_STEP_BAD ? 400 : 413;
}

static void read_body(struct reader *reader, struct text input)
{
    size_t const wanted = (size_t)reader->head.content_length - reader->body_length;

    if (reader->head.is_chunked) {
        read_chunks(reader, input);
        return;
    }
    if (input.length > wanted)
        input.length = wanted;
    memcpy(reader->body + reader->body_length, input.data, input.length);
    reader->body_length += input.length;
    if (input.length == wanted)
        reader->status = 0;
}

static void read_head(struct reader *reader)
{
    enum net_fault fault;
    enum http_scan const found = http_head_scan(&reader->scan, (struct text){reader->bytes, reader->length},
                                                &reader->head_length, &fault);

    if (found == HTTP_SCAN_MORE)
        return;
    if (found == HTTP_SCAN_FAULT ||
        !http_head_parse((struct text){reader->bytes, reader->head_length}, &reader->head, &fault)) {
        reader->status = status_of(fault);
        return;
    }
    reader->chunks = http_chunks_begin(WIRE_BODY_BYTES_MAX);
    if (reader->head.content_length > WIRE_BODY_BYTES_MAX)
        reader->status = 413;
    else
        read_body(reader,
                  (struct text){reader->bytes + reader->head_length, reader->length - reader->head_length});
}

static void feed(struct reader *reader, struct text part)
{
    bool const is_in_body = reader->head_length > 0;

    if (reader->status >= 0)
        return;
    must(part.length <= sizeof reader->bytes - reader->length);
    if (part.length > 0)
        memcpy(reader->bytes + reader->length, part.data, part.length);
    reader->length += part.length;
    if (is_in_body)
        read_body(reader, part);
    else
        read_head(reader);
}

static void begin(struct reader *reader)
{
    reader->length = reader->head_length = reader->body_length = 0;
    reader->scan = (struct http_head_scan){.line = 0};
    reader->status = -1;
}

static void show(struct text wire)
{
    for (size_t i = 0; i < wire.length && i < 300; i++)
        print_error(wire.data[i] >= ' ' && wire.data[i] <= '~' ? "%c" : "\\x%02x",
                    (unsigned char)wire.data[i]);
    print_error("\n");
}

/* Whether the reader saw what the row promises. */
static bool agrees(const struct reader *reader, const struct wire_case *row)
{
    struct text const body = {reader->body, reader->body_length};

    if (reader->status != row->status || row->status != 0)
        return reader->status == row->status;
    return reader->head.method == row->method && text_equal(reader->head.path, text_of(row->path)) &&
           text_equal(body, text_of(row->body)) && reader->head.is_closing == !row->is_open;
}

static void require(const struct reader *reader, const struct wire_case *row, const char *how, size_t at)
{
    if (agrees(reader, row))
        return;
    show(row->wire);
    fail_msg("%s %zu: %d instead of %d", how, at, reader->status, row->status);
}

static void check_row(const struct wire_case *row)
{
    static struct reader reader;

    begin(&reader);
    feed(&reader, row->wire);
    require(&reader, row, "whole", row->wire.length);
    begin(&reader);
    for (size_t i = 0; i < row->wire.length; i++)
        feed(&reader, (struct text){row->wire.data + i, 1});
    require(&reader, row, "byte by byte", row->wire.length);
    for (size_t at = 1; at < row->wire.length; at++) {
        begin(&reader);
        feed(&reader, (struct text){row->wire.data, at});
        feed(&reader, (struct text){row->wire.data + at, row->wire.length - at});
        require(&reader, row, "split at", at);
    }
}

static void test_request_lines(void **state)
{
    (void)state;
    for (size_t i = 0; i < array_length(line_cases); i++)
        check_row(&line_cases[i]);
}

static void test_headers(void **state)
{
    (void)state;
    for (size_t i = 0; i < array_length(header_cases); i++)
        check_row(&header_cases[i]);
}

static void test_bodies(void **state)
{
    (void)state;
    for (size_t i = 0; i < array_length(body_cases); i++)
        check_row(&body_cases[i]);
}

/* prefix, `count` times `repeated`, suffix */
struct long_case {
    struct text prefix, repeated;
    size_t count;
    struct text suffix;
    int status;
};

enum {
    LINE_REST = sizeof("GET / HTTP/1.1\r\nHost: a\r\nX: \r\n\r\n") - 1,
    HTTP_TARGET_BYTES = 8 * 1024 - 1, /* besides the first slash */
};

/* clang-format off */
static const struct long_case long_cases[] = {
    /* a head of 16 KiB to the byte, and one more */
    {SLICE("GET / HTTP/1.1" N HOST "X: "), SLICE("x"), HTTP_HEAD_BYTES_MAX - LINE_REST, SLICE(N N), 0},
    {SLICE("GET / HTTP/1.1" N HOST "X: "), SLICE("x"), HTTP_HEAD_BYTES_MAX + 1 - LINE_REST, SLICE(N N), 431},
    {SLICE("GET / HTTP/1.1" N HOST "X: "), SLICE("x"), 20000, SLICE(N N), 431},
    {SLICE("GET / HTTP/1.1" N HOST "X: "), SLICE("x"), 16000, SLICE(""), -1},
    {SLICE("GET / HTTP/1.1" N HOST "X: "), SLICE("x"), 20000, SLICE(""), 431},
    {SLICE("GET / HTTP/1.1" N HOST), SLICE("x"), 20000, SLICE(": y" N N), 431},
    /* 64 headers, and one more */
    {SLICE("GET / HTTP/1.1" N HOST), SLICE("X: y" N), HTTP_HEADERS_MAX - 1, SLICE(N), 0},
    {SLICE("GET / HTTP/1.1" N HOST), SLICE("X: y" N), HTTP_HEADERS_MAX, SLICE(N), 431},
    {SLICE("GET / HTTP/1.1" N HOST), SLICE("X:" N), 3000, SLICE(N), 431},
    /* a target of 8 KiB, and one more byte; a line that does not end within a head */
    {SLICE("GET /"), SLICE("a"), HTTP_TARGET_BYTES, SLICE(" HTTP/1.1" N HOST N), 0},
    {SLICE("GET /"), SLICE("a"), HTTP_TARGET_BYTES + 1, SLICE(" HTTP/1.1" N HOST N), 414},
    {SLICE("GET /?"), SLICE("%41"), 3000, SLICE(" HTTP/1.1" N HOST N), 414},
    {SLICE("GET /"), SLICE("a"), 20000, SLICE(" HTTP/1.1" N HOST N), 414},
    {SLICE("G"), SLICE("E"), 20000, SLICE("T / HTTP/1.1" N HOST N), 414},
    {SLICE("G"), SLICE("E"), 1000, SLICE("T / HTTP/1.1" N HOST N), 501},
    /* names of hosts */
    {SLICE("GET / HTTP/1.1" N "Host: "), SLICE("a"), 255, SLICE(N N), 0},
    {SLICE("GET / HTTP/1.1" N "Host: "), SLICE("a"), 256, SLICE(N N), 400},
    /* extensions: 256 bytes of a chunk, 4 KiB of a body */
    {SLICE(CHUNKED("1;")), SLICE("x"), HTTP_CHUNK_EXTENSION_BYTES_MAX, SLICE(N "a" N "0" N N), 0},
    {SLICE(CHUNKED("1;")), SLICE("x"), HTTP_CHUNK_EXTENSION_BYTES_MAX + 1, SLICE(N "a" N "0" N N), 400},
    {SLICE(CHUNKED("1;")), SLICE("x"), 60000, SLICE(""), 400},
    {SLICE(CHUNKED("")), SLICE("1;0123456789abcdef" N "a" N), 256, SLICE("0" N N), 0},
    {SLICE(CHUNKED("")), SLICE("1;0123456789abcdef" N "a" N), 256, SLICE("0;x" N N), 400},
    /* trailers: 2 KiB */
    {SLICE(CHUNKED("0" N "X: ")), SLICE("x"), 2000, SLICE(N N), 0},
    {SLICE(CHUNKED("0" N "X: ")), SLICE("x"), HTTP_TRAILER_BYTES_MAX, SLICE(N N), 400},
    {SLICE(CHUNKED("0" N)), SLICE("X: y" N), 2000, SLICE(N), 400},
    /* bodies: 1000 bytes here, however they are cut */
    {SLICE(SIZED("1000", "")), SLICE("x"), 1000, SLICE(""), 0},
    {SLICE(SIZED("1000", "")), SLICE("x"), 999, SLICE(""), -1},
    {SLICE(CHUNKED("")), SLICE("1" N "a" N), 1000, SLICE("0" N N), 0},
    {SLICE(CHUNKED("")), SLICE("1" N "a" N), 1001, SLICE("0" N N), 413},
    {SLICE(CHUNKED("3e8" N)), SLICE("x"), 1000, SLICE(N "0" N N), 0},
    {SLICE(CHUNKED("")), SLICE("0"), 60000, SLICE(N N), 400},
};
/* clang-format on */

static void test_lengths(void **state)
{
    static char wire[WIRE_BYTES_MAX];
    static struct reader reader;

    (void)state;
    for (size_t i = 0; i < array_length(long_cases); i++) {
        const struct long_case *row = &long_cases[i];
        size_t length = row->prefix.length;

        memcpy(wire, row->prefix.data, length);
        for (size_t j = 0; j < row->count; j++, length += row->repeated.length)
            memcpy(wire + length, row->repeated.data, row->repeated.length);
        memcpy(wire + length, row->suffix.data, row->suffix.length);
        length += row->suffix.length;
        for (size_t step = 1; step <= WIRE_BYTES_MAX; step = step * 7 + 1) {
            begin(&reader);
            for (size_t at = 0; at < length; at += step)
                feed(&reader, (struct text){wire + at, length - at < step ? length - at : step});
            if (reader.status != row->status)
                fail_msg("long case %zu in steps of %zu: %d instead of %d", i, step, reader.status,
                         row->status);
        }
    }
}

/* Each byte at one place of a request; `allowed` and letters and digits are taken there. */
struct place {
    struct text before, behind, allowed;
    int status; /* of the bytes taken, and */
    int refusal;
};

static void check_place(const struct place *place)
{
    static struct reader reader;

    for (int byte = 0; byte < 256; byte++) {
        char const one = (char)byte;
        bool const is_alphanumeric =
            (byte >= '0' && byte <= '9') || ((byte | 32) >= 'a' && (byte | 32) <= 'z');
        bool const is_high = byte >= 0x80 && place->allowed.data[0] == '\t'; /* values alone */
        bool const is_taken =
            is_alphanumeric || is_high || memchr(place->allowed.data, byte, place->allowed.length);

        begin(&reader);
        feed(&reader, place->before);
        feed(&reader, (struct text){&one, 1});
        feed(&reader, place->behind);
        if (reader.status != (is_taken ? place->status : place->refusal))
            fail_msg("byte %02x in \"%s…\": %d", (unsigned)byte, place->before.data, reader.status);
    }
}

static void test_every_byte_at_every_place(void **state)
{
    static const struct place places[] = {
        {SLICE("GE"), SLICE("T / HTTP/1.1" N HOST N), SLICE("!#$%&'*+-.^_`|~"), 501, 400},
        {SLICE("GET /a"), SLICE("b HTTP/1.1" N HOST N), SLICE("!$&'()*+,-./:;=?@[]_~"), 0, 400},
        {SLICE("GET / HTTP/1.1" N HOST "X"), SLICE("Y: z" N N), SLICE("!#$%&'*+-.^_`|~:"), 0, 400},
        {SLICE("GET / HTTP/1.1" N HOST "X: y"), SLICE("z" N N),
         SLICE("\t !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"), 0, 400},
        {SLICE("GET / HTTP/1.1" N "Host: a"), SLICE("b" N N), SLICE("-._~"), 0, 400},
        {SLICE(CHUNKED("0;a")), SLICE("b" N N), SLICE("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"), 0, 400},
    };

    (void)state;
    for (size_t i = 0; i < array_length(places); i++)
        check_place(&places[i]);
}

static void test_what_a_head_holds(void **state)
{
    static struct reader reader;

    (void)state;
    begin(&reader);
    feed(&reader, TEXT("POST /a%20b?c=%20d HTTP/1.1" N HOST "X-One:  1 \t" N "Expect: 100-continue" N
                       "Content-Length: 2" N N "{}GET"));
    assert_int_equal(reader.status, 0);
    assert_true(text_equal(reader.head.path, TEXT("/a%20b")));
    assert_true(text_equal(reader.head.query, TEXT("c=%20d")));
    assert_int_equal(reader.head.header_count, 4);
    assert_true(text_equal(reader.head.headers[1].name, TEXT("X-One")));
    assert_true(text_equal(reader.head.headers[1].value, TEXT("1")));
    assert_true(reader.head.is_expecting_continue);
    assert_true(http_head_has_body(&reader.head));
    begin(&reader);
    feed(&reader, TEXT(GET("/a")));
    assert_null(reader.head.query.data);
    begin(&reader);
    feed(&reader, TEXT(GET("/a?")));
    assert_non_null(reader.head.query.data);
    assert_int_equal(reader.head.query.length, 0);
}

static void test_decoding(void **state)
{
    static const struct {
        struct text encoded;
        bool is_query, is_good;
        struct text decoded;
    } rows[] = {
        {SLICE(""), false, true, SLICE("")},
        {SLICE("a-b"), false, true, SLICE("a-b")},
        {SLICE("%41%62"), false, true, SLICE("Ab")},
        {SLICE("a+b"), false, true, SLICE("a+b")},
        {SLICE("a+b"), true, true, SLICE("a b")},
        {SLICE("a%2Bb"), true, true, SLICE("a+b")},
        {SLICE("%2f"), false, true, SLICE("/")},
        {SLICE("%252f"), false, true, SLICE("%2f")}, /* once */
        {SLICE("%E1%BB%99"), false, true, SLICE("ộ")},
        {SLICE("%e1%bb%99"), true, true, SLICE("ộ")},
        {SLICE("%F0%9F%98%80"), false, true, SLICE("\xF0\x9F\x98\x80")},
        {SLICE("%00"), false, false, SLICE("")},
        {SLICE("a%00b"), true, false, SLICE("")},
        {SLICE("%"), false, false, SLICE("")},
        {SLICE("%4"), false, false, SLICE("")},
        {SLICE("a%4g"), false, false, SLICE("")},
        {SLICE("%g4"), false, false, SLICE("")},
        {SLICE("% 4"), false, false, SLICE("")},
        {SLICE("%+4"), true, false, SLICE("")},
        {SLICE("%FF"), false, false, SLICE("")},
        {SLICE("%C0%80"), false, false, SLICE("")},       /* NUL, too long */
        {SLICE("%C0%AF"), false, false, SLICE("")},       /* '/', too long */
        {SLICE("%E1%BB"), false, false, SLICE("")},       /* cut off */
        {SLICE("%ED%A0%80"), false, false, SLICE("")},    /* half a surrogate pair */
        {SLICE("%F4%90%80%80"), false, false, SLICE("")}, /* past U+10FFFF */
    };

    (void)state;
    for (size_t i = 0; i < array_length(rows); i++) {
        char to[64];
        size_t length = 0;
        bool const is_good = http_decode(rows[i].encoded, rows[i].is_query, to, &length);

        if (is_good != rows[i].is_good ||
            (is_good && !text_equal((struct text){to, length}, rows[i].decoded)))
            fail_msg("\"%s\"", rows[i].encoded.data);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_request_lines),
        cmocka_unit_test(test_headers),
        cmocka_unit_test(test_bodies),
        cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_every_byte_at_every_place),
        cmocka_unit_test(test_what_a_head_holds),
        cmocka_unit_test(test_decoding),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
