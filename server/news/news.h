#pragma once
/* GET /live: changes told to the pages that are open. */
#include "path/path.h"

extern const struct route news_routes[1];

void news_start(struct worker *worker);
void news_stop(struct worker *worker);
void news_tick(struct worker *worker);
