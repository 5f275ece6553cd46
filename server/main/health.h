#pragma once
/*
 * Asks the running server how it is, as HEALTHCHECK of a container and people do: GET /healthz on the
 * configured address. Blocking, one connection, a few seconds at most; it needs neither the database nor the
 * daemon's libraries.
 */
struct options;

/* `health`: EX_OK when it answers 200, EX_UNAVAILABLE with a sentence on stderr otherwise. */
int health_run(const struct options *options);
