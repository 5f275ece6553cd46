#include "net/frame.h"

#include <arpa/inet.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>

#include <sys/socket.h>
#include <sys/un.h>

#include "core/heap.h"

enum { LENGTH_BYTES = 4 };

/* Waits in the client's list, first in front; the first one is being asked. */
struct question {
    struct question *next;
    struct text text;
    frame_answered *answered;
    void *owner;
    struct event *deadline;
    struct frame_client *client;
};

struct frame_client {
    struct event_base *base;
    struct frame_options options;
    struct sockaddr_un address;
    struct bufferevent *stream; /* NULL: not connected */
    struct question *first, **last;
    int count;
    bool is_asking;      /* the first question's bytes are on their way */
    struct event *again; /* goes on outside whatever callback found the need */
};

static void ask_first(struct frame_client *client);

static void go_on(evutil_socket_t fd, short what, void *owner)
{
    (void)fd;
    (void)what;
    ask_first(owner);
}

struct frame_client *frame_client_create(struct event_base *base, const struct frame_options *options)
{
    struct frame_client *client = heap_new(struct frame_client);

    must(options->address.length <= sizeof client->address);
    client->base = base;
    client->options = *options;
    memcpy(&client->address, options->address.data, options->address.length);
    client->last = &client->first;
    client->again = event_new(base, -1, 0, go_on, client);
    must(client->again != NULL);
    return client;
}

/* The first question leaves the list with this answer. */
static void answer_first(struct frame_client *client, struct text answer)
{
    struct question *question = client->first;

    must(question != NULL);
    client->first = question->next;
    if (client->first == NULL)
        client->last = &client->first;
    client->count--;
    client->is_asking = false;
    event_free(question->deadline);
    question->answered(question->owner, answer);
    heap_free(question);
    if (client->first != NULL)
        event_active(client->again, 0, 0);
}

static void disconnect(struct frame_client *client)
{
    if (client->stream != NULL)
        bufferevent_free(client->stream);
    client->stream = NULL;
}

void frame_client_destroy(struct frame_client *client)
{
    if (client == NULL)
        return;
    disconnect(client);
    while (client->first != NULL)
        answer_first(client, TEXT_NONE);
    event_free(client->again);
    heap_free(client);
}

/* The stream is lost or says what cannot be: nobody knows what its next byte means. */
static void give_up(struct frame_client *client)
{
    bool const was_asking = client->is_asking;

    disconnect(client);
    if (was_asking)
        answer_first(client, TEXT_NONE);
}

static void on_read(struct bufferevent *stream, void *owner)
{
    struct frame_client *client = owner;
    struct evbuffer *input = bufferevent_get_input(stream);
    uint32_t length;

    if (evbuffer_copyout(input, &length, LENGTH_BYTES) < LENGTH_BYTES)
        return;
    length = ntohl(length);
    if (!client->is_asking || length > client->options.answer_bytes_max) {
        give_up(client);
        return;
    }
    if (evbuffer_get_length(input) < LENGTH_BYTES + (size_t)length)
        return;
    evbuffer_drain(input, LENGTH_BYTES);
    answer_first(
        client,
        (struct text){length == 0 ? "" : (const char *)evbuffer_pullup(input, (ev_ssize_t)length), length});
    if (client->stream == stream)
        evbuffer_drain(input, length);
}

static void on_event(struct bufferevent *stream, short what, void *owner)
{
    (void)stream;
    if ((what & BEV_EVENT_CONNECTED) == 0)
        give_up(owner);
}

static bool connect_stream(struct frame_client *client)
{
    client->stream = bufferevent_socket_new(client->base, -1, BEV_OPT_CLOSE_ON_FREE);
    must(client->stream != NULL);
    bufferevent_setcb(client->stream, on_read, NULL, on_event, client);
    if (bufferevent_socket_connect(client->stream, (struct sockaddr *)&client->address,
                                   (int)client->options.address.length) == 0 &&
        bufferevent_enable(client->stream, EV_READ | EV_WRITE) == 0)
        return true;
    disconnect(client);
    return false;
}

static void ask_first(struct frame_client *client)
{
    struct question *question = client->first;
    uint32_t length;

    if (question == NULL || client->is_asking)
        return;
    client->is_asking = true;
    if (client->stream == NULL && !connect_stream(client)) {
        answer_first(client, TEXT_NONE);
        return;
    }
    length = htonl((uint32_t)question->text.length);
    must(bufferevent_write(client->stream, &length, sizeof length) == 0);
    must(bufferevent_write(client->stream, question->text.data, question->text.length) == 0);
}

/* Only the first can be late in a way that matters: its stream is ended. Others have waited long enough. */
static void on_deadline(evutil_socket_t fd, short what, void *owner)
{
    struct question *late = owner;
    struct frame_client *client = late->client;

    (void)fd;
    (void)what;
    if (client->first == late) {
        client->is_asking = true;
        give_up(client);
        return;
    }
    for (struct question **at = &client->first; *at != NULL; at = &(*at)->next) {
        if (*at != late)
            continue;
        *at = late->next;
        if (late->next == NULL)
            client->last = at;
        client->count--;
        event_free(late->deadline);
        late->answered(late->owner, TEXT_NONE);
        heap_free(late);
        return;
    }
    unreachable();
}

void frame_ask(struct frame_client *client, struct text question, frame_answered *answered, void *owner)
{
    struct timeval const wait = {.tv_sec = client->options.wait_timeout_ms / 1000,
                                 .tv_usec = client->options.wait_timeout_ms % 1000 * 1000};
    struct timeval const at_once = {0};
    struct question *waiting = heap_new(struct question);

    *waiting = (struct question){.text = question, .answered = answered, .owner = owner, .client = client};
    waiting->deadline = evtimer_new(client->base, on_deadline, waiting);
    /* A full queue is told by a deadline that is over already. */
    must(waiting->deadline != NULL &&
         evtimer_add(waiting->deadline, client->count < client->options.queue_max ? &wait : &at_once) == 0);
    *client->last = waiting;
    client->last = &waiting->next;
    client->count++;
    event_active(client->again, 0, 0);
}
