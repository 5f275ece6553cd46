#pragma once
/* Routes of what time does: notices, the outlook of an agency, who was late. */
#include "path/path.h"

extern const struct route watch_routes[4];

/* outlook.c */
struct outlook_query {
    struct text agency, cursor;
    int64_t until, limit;
};
enum act outlook_ask(struct req *req);

/* lateness.c */
struct lateness_query {
    struct text agency, cursor;
    int64_t limit;
};
enum act lateness_ask(struct req *req);
