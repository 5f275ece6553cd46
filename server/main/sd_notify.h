#pragma once
/*
 * Tells systemd how the service is, by its notification protocol (sd_notify(3)); without libsystemd, which
 * would bring its own dependencies for one datagram. Where nobody listens nothing happens.
 */
#include <stdint.h>

/* Reads and removes NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID, so that children do not speak for the
 * service. */
void sd_notify_start(void);
/* "READY=1", "STOPPING=1", "WATCHDOG=1", "STATUS=…"; several are separated by a line feed. */
void sd_notify(const char *state);
/* How often WATCHDOG=1 is due: half of what systemd asks for; 0: never. */
int64_t sd_notify_watchdog_ms(void);
