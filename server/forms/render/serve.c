#include "forms/render/serve.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "forms/render/answer.h"

enum {
    CONNECTIONS_MAX = 64,
    REQUEST_LIMIT_S = 10,
    RECEIVE_LIMIT_S = 2,
    SEND_LIMIT_S = 5,
};

/* polls[0] is the listening socket, the connections follow without gaps. */
struct server {
    struct pollfd polls[1 + CONNECTIONS_MAX];
    nfds_t count;
    uid_t peer;
    PangoContext *fonts;
    struct arena *arena; /* of the request at hand */
};

static volatile sig_atomic_t is_ending;

static void end_soon(int signal_number)
{
    (void)signal_number;
    is_ending = 1;
}

/* The signals arrive only while waiting, so none can slip in between the question and the wait. */
static sigset_t signals_prepare(void)
{
    struct sigaction action = {.sa_handler = end_soon};
    sigset_t blocked;
    sigset_t before;

    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTERM);
    sigaddset(&blocked, SIGINT);
    must(sigprocmask(SIG_BLOCK, &blocked, &before) == 0);
    must(sigaction(SIGTERM, &action, NULL) == 0 && sigaction(SIGINT, &action, NULL) == 0);
    sigdelset(&before, SIGTERM);
    sigdelset(&before, SIGINT);
    return before;
}

static bool read_whole(int fd, char *to, size_t length)
{
    while (length > 0) {
        ssize_t got = recv(fd, to, length, 0);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        to += got;
        length -= (size_t)got;
    }
    return true;
}

static bool write_whole(int fd, const char *from, size_t length)
{
    while (length > 0) {
        ssize_t put = send(fd, from, length, MSG_NOSIGNAL);

        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        from += put;
        length -= (size_t)put;
    }
    return true;
}

/* SIGPROF keeps its default: the process ends. No library here can be asked to stop half way. Seconds of its
 * own work: nothing in a request waits, and busy neighbours are no fault of the form's. */
static void alarm_set(int seconds)
{
    struct itimerval timer = {.it_value = {.tv_sec = seconds}};

    must(setitimer(ITIMER_PROF, &timer, NULL) == 0);
}

static bool answer_send(int fd, const struct answer *answer)
{
    uint32_t length = htonl((uint32_t)(answer->bytes.length + 1));
    char head[5];

    memcpy(head, &length, 4);
    head[4] = (char)answer->status;
    return write_whole(fd, head, sizeof head) && write_whole(fd, answer->bytes.data, answer->bytes.length);
}

/* One request and its answer; false closes the connection. */
static bool connection_serve(struct server *server, int fd)
{
    uint32_t length;
    char *request;
    struct answer answer;

    if (!read_whole(fd, (char *)&length, sizeof length))
        return false;
    length = ntohl(length);
    if (length > ANSWER_REQUEST_BYTES_MAX)
        return false;
    request = arena_alloc(server->arena, length);
    if (!read_whole(fd, request, length))
        return false;
    alarm_set(REQUEST_LIMIT_S);
    answer = answer_request(server->arena, server->fonts, (struct text){.data = request, .length = length});
    alarm_set(0);
    return answer_send(fd, &answer);
}

static bool is_peer(int fd, uid_t wanted)
{
    struct ucred peer;
    socklen_t length = sizeof peer;

    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0 && peer.uid == wanted;
}

static void connection_accept(struct server *server)
{
    static const struct timeval receive_limit = {.tv_sec = RECEIVE_LIMIT_S};
    static const struct timeval send_limit = {.tv_sec = SEND_LIMIT_S};
    int fd = accept4(server->polls[0].fd, NULL, NULL, SOCK_CLOEXEC);

    /* Another render process may have been faster. */
    if (fd < 0)
        return;
    if (!is_peer(fd, server->peer)) {
        close(fd);
        return;
    }
    must(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &receive_limit, sizeof receive_limit) == 0);
    must(setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &send_limit, sizeof send_limit) == 0);
    must(server->count <= CONNECTIONS_MAX);
    server->polls[server->count++] = (struct pollfd){.fd = fd, .events = POLLIN};
}

static void connections_serve(struct server *server)
{
    nfds_t kept = 1;

    for (nfds_t i = 1; i < server->count; i++) {
        struct pollfd *at = &server->polls[i];
        bool is_kept = true;

        if (at->revents != 0) {
            is_kept = connection_serve(server, at->fd);
            arena_reset(server->arena);
        }
        if (is_kept)
            server->polls[kept++] = *at;
        else
            close(at->fd);
    }
    server->count = kept;
}

int serve(int listen_fd, uid_t peer, PangoContext *fonts)
{
    struct server server = {.count = 1, .peer = peer, .fonts = fonts};
    sigset_t while_waiting = signals_prepare();

    server.arena = arena_create(ANSWER_ARENA_BYTES_MAX);
    if (fcntl(listen_fd, F_SETFL, O_NONBLOCK) != 0) {
        fprintf(stderr, "motcuad-render: descriptor %d: %s\n", listen_fd, strerror(errno));
        return 1;
    }
    server.polls[0] = (struct pollfd){.fd = listen_fd};
    while (!is_ending) {
        /* At the limit new askers wait in the backlog. */
        server.polls[0].events = server.count <= CONNECTIONS_MAX ? POLLIN : 0;
        if (ppoll(server.polls, server.count, NULL, &while_waiting) < 0) {
            must(errno == EINTR);
            continue;
        }
        connections_serve(&server);
        if ((server.polls[0].revents & POLLIN) != 0)
            connection_accept(&server);
        must((server.polls[0].revents & (POLLERR | POLLNVAL)) == 0);
    }
    arena_destroy(server.arena);
    return 0;
}
