#pragma once
/*
 * The Date header: always English and GMT, whatever the locale; written once a second.
 */
#include <time.h>

#include "core/text.h"

enum { DATE_BYTES = 32 };

/* "Sun, 06 Nov 1994 08:49:37 GMT" in `date`, which was written at *date_s. */
struct text date_now(time_t *date_s, char date[static DATE_BYTES]);
