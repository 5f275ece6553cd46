#pragma once
/*
 * One request of the render process: JSON in, a status and bytes out. Keeps nothing between requests but the
 * font cache, and never looks at a clock, so the same request always gives the same bytes.
 */
#include <pango/pangocairo.h>

#include "core/text.h"

enum answer_status {
    ANSWER_OK = 0,     /* bytes: the document */
    ANSWER_BAD = 1,    /* bytes: why, one line of English without any value from the facts */
    ANSWER_FAILED = 2, /* likewise; the same request might succeed elsewhere */
};

struct answer {
    enum answer_status status;
    struct text bytes; /* in the arena of the request */
};

enum {
    ANSWER_REQUEST_BYTES_MAX = 4 << 20,
    ANSWER_DOCUMENT_BYTES_MAX = 8 << 20,
    ANSWER_ARENA_BYTES_MAX = 128 << 20,
};

/* {"form":"receipt","format":"pdf"|"html","facts":{…}}; {"form":"sheet","format":"xlsx","facts":{…}} */
struct answer answer_request(struct arena *arena, PangoContext *fonts, struct text request);
/* Draws a sheet nobody sees with every style of letter, so that the first receipt of the day is not the slow
 * one. */
void answer_warm(PangoContext *fonts);
