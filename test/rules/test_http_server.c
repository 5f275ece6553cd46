/* What the server promises about connections: order, draining, who is gone, what an answer looks like. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "test_http_fixture.h"

#define GET(path_)                   "GET " path_ " HTTP/1.1\r\nHost: a\r\n\r\n"
#define POST(path_, headers_, body_) "POST " path_ " HTTP/1.1\r\nHost: a\r\n" headers_ "\r\n\r\n" body_

static void get(struct client *client, const char *body)
{
    struct seen seen;

    client_send(client, TEXT(GET("/get")));
    seen = client_answer(client, false);
    assert_int_equal(seen.status, 200);
    assert_string_equal(seen.body, body);
}

static void test_a_connection_is_kept(void **state)
{
    struct world *world = world_begin((struct net_options){.port = 0});
    struct client *client = client_open(world);

    (void)state;
    for (int i = 0; i < 10; i++)
        get(client, "GET /get\n");
    assert_int_equal(net_server_counts(world->server)->accepted, 1);
    assert_int_equal(net_server_counts(world->server)->connections, 1);
    client_close(client);
    assert_int_equal(net_server_counts(world->server)->connections, 0);
    world_end(world);
}

static void test_after_a_thousand_requests_it_is_closed(void **state)
{
    struct world *world = world_begin((struct net_options){.port = 0});
    struct client *client = client_open(world);
    struct seen seen = {.status = 0};

    (void)state;
    for (int i = 0; i < 1000; i++) {
        assert_null(strstr(seen.head, "Connection: close"));
        client_send(client, TEXT(GET("/a")));
        seen = client_answer(client, false);
        assert_int_equal(seen.status, 200);
    }
    assert_non_null(strstr(seen.head, "Connection: close"));
    assert_true(client_is_cut(client, 500));
    client_close(client);
    world_end(world);
}

/* The second waits while the first is in work; nobody overtakes. */
static void test_pipelined_requests_are_answered_in_order(void **state)
{
    struct world *world = world_begin((struct net_options){.port = 0});
    struct client *client = client_open(world);

    (void)state;
    client_send(client, TEXT(GET("/later1") POST("/b", "Content-Length: 2", "xy") GET("/later3") GET("/4")));
    assert_int_equal(world->taken, 1);
    assert_int_equal(client_take(client, false, &(struct seen){0}), false);
    world_answer(world->later[0]);
    assert_string_equal(client_answer(client, false).body, "GET /later1\n");
    assert_string_equal(client_answer(client, false).body, "POST /b\nxy");
    assert_int_equal(world->later_count, 2);
    world_answer(world->later[1]);
    assert_string_equal(client_answer(client, false).body, "GET /later3\n");
    assert_string_equal(client_answer(client, false).body, "GET /4\n");
    client_close(client);
    world_end(world);
}

static void test_large_answers_arrive_whole(void **state)
{
    struct world *world = world_begin((struct net_options){.port = 0});
    struct client *client = client_open(world);
    size_t came = 0;

    (void)state;
    client_send(client, TEXT(GET("/big") GET("/big") GET("/next")));
    for (int64_t const end_ms = world_now_ms() + 5000; world_now_ms() < end_ms;) {
        world_turn(world);
        client_read(client);
        came += client->length;
        if (client->length > 40 && strstr(client->bytes + client->length - 40, "GET /next") != NULL)
            break;
        client->length = 0;
    }
    assert_in_range(came, 2 * WORLD_BIG_BYTES, 2 * WORLD_BIG_BYTES + 1000);
    client_close(client);
    world_end(world);
}

static void test_who_leaves_is_noticed(void **state)
{
    struct world *world = world_begin((struct net_options){.port = 0});
    struct client *client = client_open(world);

    (void)state;
    client_send(client, TEXT(POST("/later", "Content-Length: 2", "ab")));
    assert_false(net_client_is_gone(world->later[0]));
    client_close(client);
    world_turn_ms(world, 5);
    assert_true(net_client_is_gone(world->later[0]));
    assert_true(text_equal(net_path(world->later[0]), TEXT("/later"))); /* still there */
    assert_true(text_equal(net_body(world->later[0]), TEXT("ab")));
    assert_int_equal(net_server_counts(world->server)->connections, 0);
    world_answer(world->later[0]);
    world_end(world);
}

static void test_a_half_closed_connection_is_gone(void **state)
{
    struct world *world = world_begin((struct net_options){.port = 0});
    struct client *client = client_open(world);

    (void)state;
    client_send(client, TEXT(GET("/now") GET("/later") GET("/never")));
    shutdown(client->fd, SHUT_WR);
    assert_string_equal(client_answer(client, false).body, "GET /now\n");
    assert_true(client_is_cut(client, 200));
    assert_true(net_client_is_gone(world->later[0]));
    world_answer(world->later[0]);
    world_turn(world);
    assert_int_equal(world->taken, 2);
    client_close(client);
    world_end(world);
}

static void test_exchanges_outlive_the_server(void **state)
{
    struct world *world = world_begin((struct net_options){.port = 0});
    struct client *client = client_open(world);

    (void)state;
    client_send(client, TEXT(GET("/later")));
    net_server_destroy(world->server);
    world->server = NULL;
    assert_true(net_client_is_gone(world->later[0]));
    assert_true(text_equal(net_path(world->later[0]), TEXT("/later")));
    world_answer(world->later[0]);
    assert_true(client_is_cut(client, 200));
    client_close(client);
    world_end(world);
}

static void test_draining(void **state)
{
    struct world *world = world_begin((struct net_options){.port = 0});
    struct client *idle = client_open(world), *fresh = client_open(world), *half = client_open(world);
    struct client *work = client_open(world);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int const late = socket(AF_INET, SOCK_STREAM, 0);
    struct seen seen;

    (void)state;
    address.sin_port = htons((uint16_t)net_server_port(world->server));
    get(idle, "GET /get\n");
    client_send(half, TEXT("GET /half HT"));
    client_send(work, TEXT(GET("/later") GET("/never")));
    net_server_drain(world->server, world_drained);
    world_turn(world);
    assert_int_not_equal(connect(late, (struct sockaddr *)&address, sizeof address), 0);
    assert_true(client_is_cut(idle, 200) && client_is_cut(fresh, 200));
    assert_int_equal(world->drained, 0);
    client_send(half, TEXT("TP/1.1\r\nHost: a\r\n\r\n"));
    seen = client_answer(half, false);
    assert_int_equal(seen.status, 200);
    assert_non_null(strstr(seen.head, "\r\nConnection: close\r\n"));
    world_answer(world->later[0]);
    seen = client_answer(work, false);
    assert_int_equal(seen.status, 200);
    assert_non_null(strstr(seen.head, "\r\nConnection: close\r\n"));
    assert_true(client_is_cut(work, 200) && client_is_cut(half, 200));
    assert_int_equal(work->length, 0);
    client_close(work), client_close(half), client_close(idle), client_close(fresh);
    world_turn_ms(world, 5);
    assert_int_equal(world->drained, 1);
    close(late);
    world_end(world);
}

/* Whoever asked is gone, but the work is not: its memory would go with the loop. */
static void test_draining_waits_for_work(void **state)
{
    struct world *world = world_begin((struct net_options){.port = 0});
    struct client *client = client_open(world);

    (void)state;
    client_send(client, TEXT(GET("/later")));
    client_close(client);
    net_server_drain(world->server, world_drained);
    world_turn_ms(world, 5);
    assert_int_equal(net_server_counts(world->server)->connections, 0);
    assert_int_equal(world->drained, 0);
    world_answer(world->later[0]);
    world_turn(world);
    assert_int_equal(world->drained, 1);
    world_end(world);
}

/* Time is counted from a request's own first byte. */
static void test_when_a_request_began(void **state)
{
    struct world *world = world_begin((struct net_options){.port = 0});
    struct client *client = client_open(world);
    int64_t first_us;

    (void)state;
    client_send(client, TEXT("G"));
    world_turn_ms(world, 20);
    client_send(client, TEXT("ET /later HTTP/1.1\r\nHost: a\r\n\r\n"));
    first_us = net_started_us(world->later[0]);
    assert_in_range(world_now_ms() - first_us / 1000, 15, 1000);
    assert_true(text_equal(net_source(world->later[0]), TEXT("127.0.0.1")));
    world_answer(world->later[0]);
    assert_int_equal(client_answer(client, false).status, 200);
    world_turn_ms(world, 20);
    client_send(client, TEXT(GET("/later")));
    assert_true(net_started_us(world->later[1]) - first_us >= 30000);
    world_answer(world->later[1]);
    client_close(client);
    world_end(world);
}

static void test_draining_an_idle_server(void **state)
{
    struct world *world = world_begin((struct net_options){.port = 0});

    (void)state;
    net_server_drain(world->server, world_drained);
    assert_int_equal(world->drained, 0); /* never from within the call */
    world_turn(world);
    assert_int_equal(world->drained, 1);
    world_turn(world);
    assert_int_equal(world->drained, 1);
    world_end(world);
}

/* What a client had sent before the drain began is served. */
static void test_draining_serves_what_has_come(void **state)
{
    struct world *world = world_begin((struct net_options){.port = 0});
    struct client *client = client_open(world);

    (void)state;
    get(client, "GET /get\n");
    assert_true(send(client->fd, GET("/last"), sizeof GET("/last") - 1, 0) > 0);
    net_server_drain(world->server, world_drained);
    assert_string_equal(client_answer(client, false).body, "GET /last\n");
    client_close(client);
    world_end(world);
}

static void test_continue(void **state)
{
    struct world *world = world_begin((struct net_options){.port = 0});
    struct client *client = client_open(world);
    struct seen seen;

    (void)state;
    client_send(client, TEXT(POST("/c", "Expect: 100-continue\r\nContent-Length: 5", "")));
    assert_int_equal(client_answer(client, false).status, 100);
    assert_int_equal(world->taken, 0);
    client_send(client, TEXT("hello"));
    assert_string_equal(client_answer(client, false).body, "POST /c\nhello");
    client_send(client, TEXT(POST("/c", "Expect: 100-continue\r\nTransfer-Encoding: chunked", "")));
    assert_int_equal(client_answer(client, false).status, 100);
    client_send(client, TEXT("2\r\nhe\r\n0\r\n\r\n"));
    assert_string_equal(client_answer(client, false).body, "POST /c\nhe");
    client_send(client, TEXT(POST("/c", "Expect: 100-continue\r\nContent-Length: 5000", "")));
    seen = client_answer(client, false);
    assert_int_equal(seen.status, 413); /* no 100 before it */
    client_close(client);
    world_end(world);
}

static void test_answers_without_a_body(void **state)
{
    struct world *world = world_begin((struct net_options){.port = 0});
    struct client *client = client_open(world);
    struct seen seen;

    (void)state;
    client_send(client, TEXT("HEAD /abc HTTP/1.1\r\nHost: a\r\n\r\n" GET("/204") GET("/304") GET("/end")));
    seen = client_answer(client, true);
    assert_int_equal(seen.body_length, 10); /* what GET would have */
    seen = client_answer(client, false);
    assert_int_equal(seen.status, 204);
    assert_null(strstr(seen.head, "Content-Length"));
    assert_int_equal(client_answer(client, false).status, 304);
    assert_string_equal(client_answer(client, false).body, "GET /end\n");
    client_send(client, TEXT("HEAD / HTTP/1.1\r\nHost: a b\r\n\r\n"));
    assert_int_equal(client_answer(client, true).status, 400);
    assert_true(client_is_cut(client, 200));
    assert_int_equal(client->length, 0);
    client_close(client);
    world_end(world);
}

static void test_headers_net_writes(void **state)
{
    struct world *world = world_begin((struct net_options){.port = 0});
    struct client *client = client_open(world);
    struct seen seen;

    (void)state;
    client_send(client, TEXT(GET("/a")));
    seen = client_answer(client, false);
    assert_non_null(strstr(seen.head, "\r\nDate: "));
    assert_non_null(strstr(seen.head, " GMT\r\n"));
    assert_non_null(strstr(seen.head, "\r\nX-Content-Type-Options: nosniff\r\n"));
    assert_non_null(strstr(seen.head, "\r\nCache-Control: no-store\r\n"));
    assert_null(strstr(seen.head, "Server:"));
    assert_null(strstr(seen.head, "Connection:"));
    client_send(client, TEXT("GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n"));
    seen = client_answer(client, false);
    assert_non_null(strstr(seen.head, "HTTP/1.1 200 OK\r\n"));
    assert_non_null(strstr(seen.head, "\r\nConnection: keep-alive\r\n"));
    client_close(client);
    world_end(world);
}

static void test_routes_without_bodies(void **state)
{
    struct world *world = world_begin((struct net_options){.port = 0});
    struct client *client = client_open(world);

    (void)state;
    client_send(client, TEXT(POST("/bodiless", "Content-Length: 0", "")));
    assert_int_equal(client_answer(client, false).status, 200);
    client_send(client, TEXT(POST("/bodiless", "Content-Length: 1", "")));
    assert_int_equal(client_answer(client, false).status, 413);
    client_close(client);
    client = client_open(world);
    client_send(client, TEXT(POST("/bodiless", "Transfer-Encoding: chunked", "")));
    assert_int_equal(client_answer(client, false).status, 413);
    client_close(client);
    world_end(world);
}

static void test_bad_addresses(void **state)
{
    static const struct {
        const char *address;
        int port;
    } rows[] = {{"localhost", 0},  {"", 0},          {"127.0.0.1", 65536},
                {"127.0.0.1", -1}, {"192.0.2.1", 0}, {"::g", 0}};
    struct event_base *base = event_base_new();

    (void)state;
    for (size_t i = 0; i < array_length(rows); i++) {
        struct net_options const options = {rows[i].address, rows[i].port, true, 10, 1000, 1000, 1000, 1000};
        struct net_calls const calls = {world_body_bytes_max, world_on_request, world_fault_body};
        const char *reason = NULL;

        assert_null(net_server_create(base, &options, &calls, NULL, &reason));
        assert_non_null(reason);
    }
    event_base_free(base);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_connection_is_kept),
        cmocka_unit_test(test_after_a_thousand_requests_it_is_closed),
        cmocka_unit_test(test_pipelined_requests_are_answered_in_order),
        cmocka_unit_test(test_large_answers_arrive_whole),
        cmocka_unit_test(test_who_leaves_is_noticed),
        cmocka_unit_test(test_a_half_closed_connection_is_gone),
        cmocka_unit_test(test_exchanges_outlive_the_server),
        cmocka_unit_test(test_draining),
        cmocka_unit_test(test_draining_waits_for_work),
        cmocka_unit_test(test_when_a_request_began),
        cmocka_unit_test(test_draining_an_idle_server),
        cmocka_unit_test(test_draining_serves_what_has_come),
        cmocka_unit_test(test_continue),
        cmocka_unit_test(test_answers_without_a_body),
        cmocka_unit_test(test_headers_net_writes),
        cmocka_unit_test(test_routes_without_bodies),
        cmocka_unit_test(test_bad_addresses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
