/* What the server bounds: time in each phase, bytes that wait, connections, descriptors, memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <sys/resource.h>

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

/* More than may wait behind a request in work stays in the kernel, and nothing of it is lost. */
static void test_a_flood_behind_a_request_waits(void **state)
{
    struct world *world = world_begin((struct net_options){.port = 0});
    struct client *client = client_open(world);
    static char flood[256 * 1024];
    size_t length = 0, sent = 0;
    int answers = 0;

    (void)state;
    for (int i = 0; i < 400; i++)
        length +=
            (size_t)snprintf(flood + length, sizeof flood - length,
                             "POST /f%03d HTTP/1.1\r\nHost: a\r\nContent-Length: 500\r\n\r\n%0500d", i, i);
    client_send(client, TEXT(GET("/later")));
    for (int i = 0; i < 50 && sent < length; i++) {
        ssize_t const now = send(client->fd, flood + sent, length - sent, MSG_NOSIGNAL);

        sent += now > 0 ? (size_t)now : 0;
        world_turn(world);
    }
    assert_true(net_server_counts(world->server)->bytes_in <= 128 * 1024 + 64);
    world_answer(world->later[0]);
    while (answers < 401) {
        if (sent < length) {
            ssize_t const now = send(client->fd, flood + sent, length - sent, MSG_NOSIGNAL);

            sent += now > 0 ? (size_t)now : 0;
        }
        assert_int_equal(client_answer(client, false).status, 200);
        answers++;
    }
    assert_int_equal(world->taken, 401);
    client_close(client);
    world_end(world);
}

static void test_slow_heads_are_cut(void **state)
{
    struct world *world = world_begin((struct net_options){.head_timeout_ms = 100});
    struct client *silent = client_open(world), *slow = client_open(world), *good = client_open(world);
    int64_t const begin_ms = world_now_ms();
    struct seen seen = {.status = -1};

    (void)state;
    client_send(slow, TEXT("GET / HTTP/1.1\r\nHost: a\r\nX: "));
    while (seen.status < 0 && world_now_ms() < begin_ms + 1000) {
        client_send(slow, TEXT("x")); /* a byte now and then does not help */
        get(good, "GET /get\n");
        world_turn_ms(world, 5);
        client_read(slow);
        client_take(slow, false, &seen);
    }
    assert_int_equal(seen.status, 408);
    assert_in_range(world_now_ms() - begin_ms, 95, 300);
    assert_true(client_is_cut(slow, 200));
    assert_true(client_is_cut(silent, 200)); /* without a word: it said none either */
    assert_int_equal(silent->length, 0);
    assert_int_equal(net_server_counts(world->server)->timeouts, 2);
    get(good, "GET /get\n");
    client_close(slow), client_close(silent), client_close(good);
    world_end(world);
}

static void test_slow_bodies_are_cut(void **state)
{
    struct world *world = world_begin((struct net_options){.body_timeout_ms = 100});
    struct client *half = client_open(world), *chunks = client_open(world);

    (void)state;
    client_send(half, TEXT(POST("/a", "Content-Length: 10", "12345")));
    client_send(chunks, TEXT(POST("/a", "Transfer-Encoding: chunked", "5\r\n123")));
    assert_int_equal(client_answer(half, false).status, 408);
    assert_int_equal(client_answer(chunks, false).status, 408);
    assert_true(client_is_cut(half, 200) && client_is_cut(chunks, 200));
    assert_int_equal(world->taken, 0);
    client_close(half), client_close(chunks);
    world_end(world);
}

/* A large body over a poor line takes longer than the deadline, but keeps coming. */
static void test_bodies_that_keep_coming_are_not_cut(void **state)
{
    struct world *world = world_begin((struct net_options){.body_timeout_ms = 50});
    struct client *client = client_open(world);
    static char part[4000];

    (void)state;
    client_send(client, TEXT(POST("/big", "Content-Length: 80000", "")));
    for (int i = 0; i < 20; i++) {
        client_send(client, (struct text){part, sizeof part});
        world_turn_ms(world, 15);
    }
    world_turn_ms(world, 20);
    assert_int_equal(world->taken, 1);
    client_close(client);
    world_end(world);
}

static void test_idle_connections_are_closed(void **state)
{
    struct world *world = world_begin((struct net_options){.idle_timeout_ms = 100});
    struct client *client = client_open(world);

    (void)state;
    get(client, "GET /get\n");
    assert_false(client_is_cut(client, 60));
    get(client, "GET /get\n");
    assert_false(client_is_cut(client, 60));
    assert_true(client_is_cut(client, 200));
    assert_int_equal(client->length, 0);
    assert_int_equal(net_server_counts(world->server)->timeouts, 0);
    client_close(client);
    world_end(world);
}

/* Work has its own deadlines, in the rooms above. */
static void test_a_request_in_work_is_never_cut(void **state)
{
    struct world *world = world_begin((struct net_options){
        .head_timeout_ms = 30, .body_timeout_ms = 30, .idle_timeout_ms = 30, .write_timeout_ms = 30});
    struct client *client = client_open(world);

    (void)state;
    client_send(client, TEXT(GET("/later")));
    world_turn_ms(world, 150);
    assert_false(net_client_is_gone(world->later[0]));
    world_answer(world->later[0]);
    assert_int_equal(client_answer(client, false).status, 200);
    client_close(client);
    world_end(world);
}

static void test_answers_nobody_takes_are_cut(void **state)
{
    struct world *world = world_begin((struct net_options){.write_timeout_ms = 100});
    struct client *client = client_open(world);

    (void)state;
    client_send(client, TEXT(GET("/big")));
    assert_int_equal(net_server_counts(world->server)->connections, 1);
    world_turn_ms(world, 250);
    assert_int_equal(net_server_counts(world->server)->connections, 0);
    assert_int_equal(net_server_counts(world->server)->timeouts, 1);
    client_close(client);
    world_end(world);
}

/* Who sends on regardless still gets to read why. */
static void test_too_large_is_said_before_reading(void **state)
{
    struct world *world = world_begin((struct net_options){.port = 0});
    struct client *client = client_open(world);
    static char part[8 * 1024];

    (void)state;
    client_send(client, TEXT(POST("/a", "Content-Length: 100000", "")));
    for (int i = 0; i < 4; i++)
        client_send(client, (struct text){part, sizeof part});
    assert_int_equal(client_answer(client, false).status, 413);
    assert_int_equal(world->limit_asked, 1);
    assert_int_equal(world->taken, 0);
    for (int i = 0; i < 20; i++)
        client_send(client, (struct text){part, sizeof part});
    assert_true(client_is_cut(client, 200)); /* but not for ever */
    assert_int_equal(net_server_counts(world->server)->connections, 0);
    client_close(client);
    world_end(world);
}

static void test_lingering_ends(void **state)
{
    struct world *world = world_begin((struct net_options){.port = 0});
    struct client *client = client_open(world);

    (void)state;
    client_send(client, TEXT("\r\n"));
    assert_int_equal(client_answer(client, false).status, 400);
    assert_int_equal(net_server_counts(world->server)->connections, 1);
    world_turn_ms(world, 2300);
    assert_int_equal(net_server_counts(world->server)->connections, 0);
    client_close(client);
    world_end(world);
}

static void test_a_full_house_turns_away(void **state)
{
    struct world *world = world_begin((struct net_options){.connections_max = 2});
    struct client *one = client_open(world), *two = client_open(world), *three = client_open(world);

    (void)state;
    assert_true(client_is_cut(three, 200));
    get(one, "GET /get\n");
    get(two, "GET /get\n");
    assert_int_equal(net_server_counts(world->server)->refused_full, 1);
    client_close(one);
    client_close(three);
    three = client_open(world);
    get(three, "GET /get\n");
    client_close(two), client_close(three);
    world_end(world);
}

/* Descriptors run out: whoever is here is served, whoever comes is turned away, one in a while, and it
 * passes. */
static void test_no_descriptor_left(void **state)
{
    struct world *world = world_begin((struct net_options){.port = 0});
    struct client *client = client_open(world), *again;
    const struct net_counts *counts = net_server_counts(world->server);
    int const late[] = {world_socket(), world_socket()};
    struct rlimit before, none;
    int fds[64], count = 0;
    char byte;

    (void)state;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    none = before;
    none.rlim_cur = 64;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    while (count < 64 && (fds[count] = open("/dev/null", O_RDONLY)) >= 0)
        count++;
    world_connect(world, late[0]);
    world_connect(world, late[1]);
    get(client, "GET /get\n");
    assert_int_equal(counts->refused_full, 1); /* the other one waits: we do not spin */
    world_turn_ms(world, 150);
    assert_int_equal(counts->refused_full, 2);
    assert_int_equal(recv(late[0], &byte, 1, 0), 0);
    assert_int_equal(recv(late[1], &byte, 1, 0), 0);
    while (count > 0)
        close(fds[--count]);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    close(late[0]), close(late[1]);
    world_turn_ms(world, 150);
    again = client_open(world);
    get(again, "GET /get\n");
    client_close(client), client_close(again);
    world_end(world);
}

static long resident_kib(void)
{
    char line[256];
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");

    must(file != NULL && fgets(line, sizeof line, file) != NULL);
    fclose(file);
    pages = strtol(strchr(line, ' '), NULL, 10);
    return pages * sysconf(_SC_PAGESIZE) / 1024;
}

/* 2.2 KB of our memory for each idle connection, no more; sanitizers have their own ideas of memory. */
static void test_idle_connections_are_small(void **state)
{
    enum { COUNT = 2000 };
    static const struct text request = {GET("/get"), sizeof GET("/get") - 1};
    struct world *world = world_begin((struct net_options){.port = 0});
    static int fds[COUNT];
    struct rlimit descriptors;
    long before_kib = 0, bytes_each;

    (void)state;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &descriptors), 0);
    descriptors.rlim_cur = descriptors.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &descriptors), 0);
    for (int i = 0; i < COUNT; i++) {
        char answer[512];

        if (i == 1)
            before_kib = resident_kib(); /* the first one brought what all share */
        fds[i] = world_connect(world, world_socket());
        assert_true(send(fds[i], request.data, 10, 0) ==
                    10); /* a part, so that it has to be kept for a while */
        world_turn(world);
        assert_true(send(fds[i], request.data + 10, request.length - 10, 0) > 0);
        world_turn(world);
        assert_true(recv(fds[i], answer, sizeof answer, 0) > 0);
    }
    bytes_each = (resident_kib() - before_kib) * 1024 / COUNT;
    print_message("%ld bytes for each idle connection\n", bytes_each);
    assert_int_equal(net_server_counts(world->server)->connections, COUNT);
    for (int i = 0; i < COUNT; i++)
        close(fds[i]);
    world_turn_ms(world, 10);
    assert_int_equal(net_server_counts(world->server)->connections, 0);
    world_end(world);
#ifndef ARENA_MALLOC
    assert_in_range(bytes_each, 0, 2200);
#endif
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_flood_behind_a_request_waits),
        cmocka_unit_test(test_slow_heads_are_cut),
        cmocka_unit_test(test_slow_bodies_are_cut),
        cmocka_unit_test(test_bodies_that_keep_coming_are_not_cut),
        cmocka_unit_test(test_idle_connections_are_closed),
        cmocka_unit_test(test_a_request_in_work_is_never_cut),
        cmocka_unit_test(test_answers_nobody_takes_are_cut),
        cmocka_unit_test(test_too_large_is_said_before_reading),
        cmocka_unit_test(test_lingering_ends),
        cmocka_unit_test(test_a_full_house_turns_away),
        cmocka_unit_test(test_no_descriptor_left),
        cmocka_unit_test(test_idle_connections_are_small),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
