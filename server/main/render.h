#pragma once
/*
 * Where the render process is: the supervisor's own child behind a socket nobody else can take, or, where
 * render.socket is set, a process that somebody else looks after.
 */
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "core/text.h"

struct config;

struct render {
    struct sockaddr_un address;
    socklen_t address_length;
    int listen_fd;       /* -1: render.socket is set, no child of ours */
    const char *program; /* in the arena; NULL with listen_fd -1 */
};

/* False: the reason was logged. */
MUST_USE bool render_prepare(struct render *render, const struct config *config, struct arena *arena);
