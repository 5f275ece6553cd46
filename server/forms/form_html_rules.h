#pragma once
/*
 * A form as one self-contained HTML page: styles inside, no script, nothing fetched, print rules for A4.
 * Every text from the facts is escaped here; there is no way to put markup through.
 */
#include "forms/form_content_rules.h"

/* The dots of a QR code, row by row, nonzero is dark, without the quiet zone. */
struct form_qr {
    unsigned side;
    const unsigned char *dark;
};

/* qr may be NULL: the place stays empty. */
struct text form_html(struct arena *arena, const struct form_content *content, const struct form_qr *qr);
