#pragma once
/*
 * The sockets that the supervisor makes before any child exists and keeps as long as it lives. It never
 * accepts on them itself.
 */
#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "core/must.h"

/* Holds address:port for the workers by a bound socket that does not listen; *port 0 becomes a free one.
 * Refused where somebody listens already: with SO_REUSEPORT two servers of one user would silently share the
 * callers. -1: *reason says why. */
MUST_USE int sockets_hold_port(const char *address, int *port, const char **reason);

/* Listens on an abstract address that the kernel picks. The supervisor keeps it, so callers just wait while a
 * render process is replaced. -1: errno. */
MUST_USE int sockets_listen_render(struct sockaddr_un *address, socklen_t *length);

/* A numeric IPv4 or IPv6 address as sockets take it; 0: it is none. */
MUST_USE socklen_t sockets_address(struct sockaddr_storage *storage, const char *address, int port);
