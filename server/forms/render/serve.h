#pragma once
/*
 * The protocol of the render process, on connections of a listening AF_UNIX socket that the supervisor
 * opened. To it:   4 bytes length, big end first, then that many bytes of JSON; at most 4 MiB. From it: 4
 * bytes length, big end first, of what follows; 1 byte answer_status; the bytes. A connection stays open for
 * any number of requests, one after the other. A peer of another user is closed unheard. A frame that is too
 * long, or stops for two seconds, closes its connection. A request that works longer than ten seconds ends
 * the process by SIGPROF: the supervisor starts another, and the asker sees its connection close without an
 * answer.
 */
#include <pango/pangocairo.h>
#include <sys/types.h>

#include "core/must.h"

/* Until SIGTERM or SIGINT, which lets the request at hand finish. Returns the exit status. */
MUST_USE int serve(int listen_fd, uid_t peer, PangoContext *fonts);
