#pragma once
/*
 * Asks a neighbour process over a unix socket: frames of four bytes length, big end first, and that many
 * bytes; one question, one answer, in order. Connects when first asked and again after a loss. Each question
 * gets exactly one answer, never from inside frame_ask(); the queue has a length and every wait a deadline.
 */
#include <stdbool.h>
#include <stdint.h>

#include "core/text.h"

struct event_base;
struct frame_client;

struct frame_options {
    struct text address; /* bytes of a sockaddr_un, as connect() wants them; copied */
    size_t answer_bytes_max;
    int queue_max;
    int64_t wait_timeout_ms;
};

/* answer.data == NULL: no answer (not reachable, too slow, too long, queue full). Valid until the call
 * returns. */
typedef void frame_answered(void *owner, struct text answer);

struct frame_client *frame_client_create(struct event_base *base, const struct frame_options *options);
/* Questions still waiting are answered with none. */
void frame_client_destroy(struct frame_client *client);
/* `question` must live until the answer. */
void frame_ask(struct frame_client *client, struct text question, frame_answered *answered, void *owner);
