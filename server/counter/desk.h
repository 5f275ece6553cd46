#pragma once
/* What a desk needs besides the intake itself: is there one already, what was being typed, what was done
 * today. */
#include "path/path.h"

extern const struct route desk_routes[4];

/* desk_day.c */
struct desk_day_query {
    struct text cursor;
    int64_t day, limit;
};
extern const struct field desk_day_fields[];
enum act desk_day_ask(struct req *req);
