#include "db/link.h"

#include <string.h>

#include "core/log.h"

enum { BACK_OFF_MIN_MS = 50, BACK_OFF_MAX_MS = 5000, SETTLE_DEADLINE_MS = 10000, HURRY_MS = 20 };

static void on_connecting(evutil_socket_t fd, short events, void *owner);
static void on_timer(evutil_socket_t fd, short events, void *owner);

static void arm_timer(struct link *link, int delay_ms)
{
    struct timeval delay = {.tv_sec = delay_ms / 1000, .tv_usec = (delay_ms % 1000) * 1000};

    must(event_add(&link->timer, &delay) == 0);
}

/* Half of it is chance, so that workers that lost the same server do not come back in step. */
static int jittered_ms(int delay_ms)
{
    unsigned short chance = 0;

    evutil_secure_rng_get_bytes(&chance, sizeof(chance));
    return delay_ms / 2 + (int)(chance % (unsigned)(delay_ms / 2 + 1));
}

static void forget_connection(struct link *link)
{
    event_del(&link->read_event);
    event_del(&link->write_event);
    event_del(&link->timer);
    PQfinish(link->pg);
    link->pg = NULL;
    link->state = LINK_DOWN;
}

static void tell_failure(struct link *link, const char *reason)
{
    struct text said = text_trim(text_of(reason != NULL ? reason : PQerrorMessage(link->pg)));

    if (link->is_failure_told)
        return;
    link->is_failure_told = true;
    log_warning("database connection lost", LOG_T("reason", said));
}

static void go_down(struct link *link, const char *reason)
{
    bool was_up = link->state == LINK_UP || link->state == LINK_SETTLED;

    tell_failure(link, reason);
    forget_connection(link);
    link->lost_count++;
    arm_timer(link, jittered_ms(link->back_off_ms));
    link->back_off_ms = link->back_off_ms * 2 < BACK_OFF_MAX_MS ? link->back_off_ms * 2 : BACK_OFF_MAX_MS;
    if (was_up)
        link->calls->on_down(link->owner);
}

void link_drop(struct link *link, const char *reason)
{
    must(link->state != LINK_DOWN);
    go_down(link, reason);
}

void link_refuse(struct link *link, const char *reason)
{
    link->back_off_ms = BACK_OFF_MAX_MS;
    link_drop(link, reason);
}

void link_flush(struct link *link)
{
    int left = PQflush(link->pg);

    if (left < 0)
        go_down(link, NULL);
    else if (left > 0)
        must(event_add(&link->write_event, NULL) == 0);
}

/* Both directions are looked at, whichever woke us: two sides that only write would wait for each other. */
static void on_socket(evutil_socket_t fd, short events, void *owner)
{
    struct link *link = owner;

    (void)fd;
    (void)events;
    if (PQconsumeInput(link->pg) == 0) {
        /* What the server said before it went is still to be read: the owner may find an answer in it. */
        link->calls->on_readable(link->owner);
        if (link->state != LINK_DOWN)
            go_down(link, NULL);
        return;
    }
    link_flush(link);
    if (link->state != LINK_DOWN)
        link->calls->on_readable(link->owner);
}

/* Notices are for people at a terminal; libpq would print them. */
static void ignore_notice(void *owner, const PGresult *notice)
{
    (void)owner;
    (void)notice;
}

static void come_up(struct link *link)
{
    int fd = PQsocket(link->pg);

    must(PQsetnonblocking(link->pg, 1) == 0);
    PQsetNoticeReceiver(link->pg, ignore_notice, NULL);
    event_assign(&link->read_event, link->base, fd, EV_READ | EV_PERSIST, on_socket, link);
    event_assign(&link->write_event, link->base, fd, EV_WRITE, on_socket, link);
    must(event_add(&link->read_event, NULL) == 0);
    link->state = LINK_UP;
    link->calls->on_up(link->owner);
}

/* The descriptor may be another after each PQconnectPoll(). */
static void await_connecting(struct link *link, short events)
{
    event_assign(&link->read_event, link->base, PQsocket(link->pg), events, on_connecting, link);
    must(event_add(&link->read_event, NULL) == 0);
}

static void on_connecting(evutil_socket_t fd, short events, void *owner)
{
    struct link *link = owner;

    (void)fd;
    (void)events;
    switch (PQconnectPoll(link->pg)) {
    case PGRES_POLLING_READING: await_connecting(link, EV_READ); break;
    case PGRES_POLLING_WRITING: await_connecting(link, EV_WRITE); break;
    case PGRES_POLLING_OK: come_up(link); break;
    case PGRES_POLLING_ACTIVE:
    case PGRES_POLLING_FAILED: go_down(link, NULL); break;
    }
}

static void begin(struct link *link)
{
    link->pg = connect_begin(&link->options);
    link->state = LINK_CONNECTING;
    arm_timer(link, SETTLE_DEADLINE_MS);
    if (PQstatus(link->pg) == CONNECTION_BAD)
        go_down(link, NULL);
    else
        await_connecting(link, EV_WRITE); /* as after PGRES_POLLING_WRITING, says libpq's manual */
}

static void on_timer(evutil_socket_t fd, short events, void *owner)
{
    struct link *link = owner;

    (void)fd;
    (void)events;
    if (link->state == LINK_DOWN)
        begin(link);
    else
        go_down(link, "not connected in time");
}

void link_init(struct link *link, struct event_base *base, const struct connect_options *options)
{
    *link = (struct link){.base = base, .options = *options, .back_off_ms = BACK_OFF_MIN_MS};
    event_assign(&link->read_event, base, -1, EV_READ, on_connecting, link);
    event_assign(&link->write_event, base, -1, EV_WRITE, on_socket, link);
    event_assign(&link->timer, base, -1, 0, on_timer, link);
}

void link_fini(struct link *link)
{
    forget_connection(link);
}

void link_start(struct link *link, const struct link_calls *calls, void *owner)
{
    link->calls = calls;
    link->owner = owner;
    arm_timer(link, 0);
}

void link_settle(struct link *link)
{
    must(link->state == LINK_UP);
    event_del(&link->timer);
    link->state = LINK_SETTLED;
    link->back_off_ms = BACK_OFF_MIN_MS;
    if (link->is_failure_told)
        log_info("database connection is back", LOG_S("as", PQparameterStatus(link->pg, "application_name")));
    link->is_failure_told = false;
}

void link_hurry(struct link *link)
{
    if (link->state == LINK_DOWN)
        arm_timer(link, jittered_ms(HURRY_MS));
}
