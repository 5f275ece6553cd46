#include "db/listen.h"

#include <stdio.h>
#include <string.h>

#include "core/log.h"

enum { PING_MS = 10000, LISTEN_SQL_BYTES = LISTEN_CHANNELS_MAX * (LISTEN_CHANNEL_BYTES + 10) };

static void tell_all(struct listener *listener, enum db_notice notice)
{
    for (int i = 0; i < listener->channel_count; i++)
        listener->channels[i].on_notice(listener->channels[i].owner, notice, TEXT_NONE);
}

static void arm_ping(struct listener *listener)
{
    struct timeval delay = {.tv_sec = PING_MS / 1000};

    must(event_add(&listener->ping_timer, &delay) == 0);
}

static void ask(struct listener *listener, const char *sql)
{
    listener->is_asked = true;
    if (PQsendQuery(listener->link.pg, sql) == 0)
        link_drop(&listener->link, NULL);
    else
        link_flush(&listener->link);
}

/* LISTEN takes no parameters; the names were checked by listener_add(). Listening twice is listening once. */
static void ask_to_listen(struct listener *listener)
{
    char sql[LISTEN_SQL_BYTES] = "";
    size_t length = 0;

    for (int i = 0; i < listener->channel_count; i++)
        length +=
            (size_t)snprintf(sql + length, sizeof(sql) - length, "LISTEN %s;", listener->channels[i].name);
    must(length < sizeof(sql));
    listener->is_stale = false;
    ask(listener, sql);
}

static void on_up(void *owner)
{
    ask_to_listen(owner);
}

/* The server has answered everything it was asked. */
static void finish_asking(struct listener *listener)
{
    listener->is_asked = false;
    if (listener->is_stale) {
        ask_to_listen(listener);
        return;
    }
    if (listener->link.state == LINK_UP)
        link_settle(&listener->link);
    if (!listener->is_serving) {
        listener->is_serving = true;
        arm_ping(listener);
        tell_all(listener, DB_NOTICE_BACK);
    }
}

static void hand_out(struct listener *listener, const PGnotify *message)
{
    for (int i = 0; i < listener->channel_count; i++)
        if (strcmp(listener->channels[i].name, message->relname) == 0)
            listener->channels[i].on_notice(listener->channels[i].owner, DB_NOTICE_MESSAGE,
                                            text_of(message->extra));
}

static void on_readable(void *owner)
{
    struct listener *listener = owner;
    PGnotify *message = NULL;

    while (listener->is_asked && !PQisBusy(listener->link.pg)) {
        PGresult *result = PQgetResult(listener->link.pg);
        bool is_failed = result != NULL && PQresultStatus(result) == PGRES_FATAL_ERROR;
        PQclear(result);
        if (is_failed) {
            link_drop(&listener->link, NULL);
            return;
        }
        if (result == NULL)
            finish_asking(listener);
        if (listener->link.state == LINK_DOWN)
            return;
    }
    while ((message = PQnotifies(listener->link.pg)) != NULL) {
        hand_out(listener, message);
        PQfreemem(message);
    }
}

static void on_down(void *owner)
{
    struct listener *listener = owner;

    event_del(&listener->ping_timer);
    listener->is_asked = false;
    if (!listener->is_serving)
        return;
    listener->is_serving = false;
    tell_all(listener, DB_NOTICE_LOST);
}

static const struct link_calls calls = {.on_up = on_up, .on_readable = on_readable, .on_down = on_down};

static void on_ping(evutil_socket_t fd, short events, void *owner)
{
    struct listener *listener = owner;

    (void)fd;
    (void)events;
    if (listener->is_asked) {
        link_drop(&listener->link, "the listening connection does not answer");
        return;
    }
    arm_ping(listener);
    ask(listener, ""); /* an empty query is the cheapest question there is */
}

void listener_init(struct listener *listener, struct event_base *base, const struct connect_options *options)
{
    *listener = (struct listener){.channel_count = 0};
    link_init(&listener->link, base, options);
    event_assign(&listener->ping_timer, base, -1, 0, on_ping, listener);
}

void listener_fini(struct listener *listener)
{
    event_del(&listener->ping_timer);
    link_fini(&listener->link);
}

void listener_add(struct listener *listener, const char *channel, db_on_notice *on_notice, void *owner)
{
    struct listen_channel *added = &listener->channels[listener->channel_count];

    must(listener->channel_count < LISTEN_CHANNELS_MAX);
    must(strlen(channel) < LISTEN_CHANNEL_BYTES && channel[0] >= 'a' && channel[0] <= 'z');
    must(strspn(channel, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(channel));
    *added = (struct listen_channel){.on_notice = on_notice, .owner = owner};
    memcpy(added->name, channel, strlen(channel) + 1);
    listener->channel_count++;
    if (!listener->is_started) {
        listener->is_started = true;
        link_start(&listener->link, &calls, listener);
    } else if (listener->link.state == LINK_UP || listener->link.state == LINK_SETTLED) {
        listener->is_serving = false; /* all are told again when this one listens too */
        listener->is_stale = listener->is_asked;
        if (!listener->is_asked)
            ask_to_listen(listener);
    }
}
