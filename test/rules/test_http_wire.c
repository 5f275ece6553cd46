/* The rows of the parser once more, over a socket: what a client sees of them, at once and byte by byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "test_http_body_cases.h"
#include "test_http_fixture.h"

static void show(const struct wire_case *row)
{
    for (size_t i = 0; i < row->wire.length; i++)
        print_error(row->wire.data[i] >= ' ' && row->wire.data[i] <= '~' ? "%c" : "\\x%02x",
                    (unsigned char)row->wire.data[i]);
    print_error("\n");
}

/* Tells which row it was. */
static void expect_of(bool is_true, const char *claim, const struct wire_case *row)
{
    if (is_true)
        return;
    show(row);
    fail_msg("%s", claim);
}
#define expect(claim_, row_) expect_of((claim_), #claim_, (row_))

static void check_open(struct client *client, const struct wire_case *row)
{
    struct seen seen;

    client_send(client, TEXT("GET /again HTTP/1.1\r\nHost: a\r\n\r\n"));
    seen = client_answer(client, false);
    expect(seen.status == 200, row);
    expect(strcmp(seen.body, "GET /again\n") == 0, row);
}

static void check_answer(struct client *client, const struct wire_case *row)
{
    bool const is_head = row->status == 0 && row->method == NET_HEAD;
    struct seen seen = client_answer(client, is_head || text_starts(row->wire, TEXT("HEAD ")));
    char wanted[WIRE_BODY_BYTES_MAX];

    if (seen.status == 100)
        seen = client_answer(client, is_head);
    expect(seen.status == (row->status == 0 ? 200 : row->status), row);
    if (row->status == 0 && !is_head) {
        snprintf(wanted, sizeof wanted, "%s %s\n%s", net_method_name(row->method), row->path, row->body);
        expect(strcmp(seen.body, wanted) == 0, row);
    }
    if (row->status == 0 && row->is_open) {
        check_open(client, row);
        return;
    }
    expect(strstr(seen.head, "\r\nConnection: close\r\n") != NULL, row);
    expect(client_is_cut(client, 1000), row);
    expect(client->length == 0, row); /* nothing behind the answer, whatever else was sent */
}

static void check_row(struct world *world, const struct wire_case *row, bool is_slow)
{
    struct client *client = client_open(world);
    int const taken = world->taken;

    for (size_t i = 0; is_slow && i < row->wire.length; i++)
        client_send(client, (struct text){row->wire.data + i, 1});
    if (!is_slow)
        client_send(client, row->wire);
    if (row->status == -1) {
        client_read(client);
        expect(!client->is_ended && client->length == 0, row);
    } else {
        check_answer(client, row);
    }
    expect(world->taken - taken == (row->status == 0 ? 1 + row->is_open : 0), row);
    client_close(client);
}

static void check_rows(const struct wire_case *rows, size_t count)
{
    struct world *world = world_begin((struct net_options){.port = 0});

    for (size_t i = 0; i < count; i++) {
        check_row(world, &rows[i], false);
        check_row(world, &rows[i], true);
    }
    assert_int_equal(net_server_counts(world->server)->connections, 0);
    world_end(world);
}

static void test_request_lines(void **state)
{
    (void)state;
    check_rows(line_cases, array_length(line_cases));
}

static void test_headers(void **state)
{
    (void)state;
    check_rows(header_cases, array_length(header_cases));
}

static void test_bodies(void **state)
{
    (void)state;
    check_rows(body_cases, array_length(body_cases));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_request_lines),
        cmocka_unit_test(test_headers),
        cmocka_unit_test(test_bodies),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
