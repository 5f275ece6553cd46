#pragma once
/* The QR code of a look-up address, by libqrencode. */
#include "forms/form_html_rules.h"

/* False: longer than any code holds. The dots live in the arena. */
MUST_USE bool qr_make(struct arena *arena, struct text address, struct form_qr *qr);
