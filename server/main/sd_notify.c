#include "main/sd_notify.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/text.h"

static struct sockaddr_un listener;
static socklen_t listener_length; /* 0: nobody listens */
static int64_t watchdog_ms;

void sd_notify_start(void)
{
    const char *path = getenv("NOTIFY_SOCKET");
    const char *pid = getenv("WATCHDOG_PID");
    int64_t pid_number = getpid(), period_us = 0;

    if (path != NULL && (path[0] == '/' || path[0] == '@') && strlen(path) < sizeof listener.sun_path) {
        listener.sun_family = AF_UNIX;
        memcpy(listener.sun_path, path, strlen(path));
        if (path[0] == '@')
            listener.sun_path[0] = '\0'; /* the abstract namespace */
        listener_length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path));
    }
    if (pid != NULL && !text_to_i64(text_of(pid), &pid_number))
        pid_number = 0;
    if (pid_number == getpid() && text_to_i64(text_of(getenv("WATCHDOG_USEC")), &period_us))
        watchdog_ms = period_us / 1000 / 2;
    unsetenv("NOTIFY_SOCKET");
    unsetenv("WATCHDOG_USEC");
    unsetenv("WATCHDOG_PID");
}

void sd_notify(const char *state)
{
    int socket_fd;

    if (listener_length == 0)
        return;
    socket_fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (socket_fd < 0)
        return;
    /* A notification that is lost is not worth more than the service it tells of: no error is looked at. */
    (void)!sendto(socket_fd, state, strlen(state), MSG_NOSIGNAL, (const struct sockaddr *)&listener,
                  listener_length);
    close(socket_fd);
}

int64_t sd_notify_watchdog_ms(void)
{
    return watchdog_ms;
}
