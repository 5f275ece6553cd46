/* The router: a route's path is cut into segments once; a request is held against each route of as many
 * segments. */
#include "path/path.h"

#include <stdio.h>

enum { ROUTES_MAX = 128, SEGMENTS_MAX = 8 };

struct pattern {
    const struct route *route;
    unsigned count;
    struct text segments[SEGMENTS_MAX]; /* "{…}" is an id */
};

static struct pattern patterns[ROUTES_MAX];
static size_t pattern_count;

static unsigned cut(struct text path, struct text segments[static SEGMENTS_MAX])
{
    unsigned count = 0;

    must(path.length > 0 && path.data[0] == '/');
    path.data++;
    path.length--;
    for (;;) {
        struct text rest;

        if (count == SEGMENTS_MAX)
            return 0;
        segments[count++] = text_cut(path, '/', &rest);
        if (rest.data == NULL)
            return count;
        path = rest;
    }
}

static bool is_id(struct text segment)
{
    return segment.length > 2 && segment.data[0] == '{';
}

void match_start(void)
{
    pattern_count = 0;
    for (size_t room = 0; room < room_count; room++) {
        for (size_t i = 0; i < rooms[room].route_count; i++) {
            struct pattern *pattern = &patterns[pattern_count++];

            must(pattern_count <= ROUTES_MAX);
            pattern->route = &rooms[room].routes[i];
            pattern->count = cut(text_of(pattern->route->path), pattern->segments);
            must(pattern->count > 0);
        }
    }
}

static bool fits(const struct pattern *pattern, const struct text *segments, unsigned count,
                 struct text ids[static ROUTE_IDS_MAX])
{
    unsigned id_count = 0;

    if (pattern->count != count)
        return false;
    for (unsigned i = 0; i < count; i++) {
        if (is_id(pattern->segments[i])) {
            if (segments[i].length == 0)
                return false;
            must(id_count < ROUTE_IDS_MAX);
            ids[id_count++] = segments[i];
        } else if (!text_equal(pattern->segments[i], segments[i])) {
            return false;
        }
    }
    return true;
}

const struct route *match_route(enum net_method method, struct text path,
                                struct text ids[static ROUTE_IDS_MAX], bool *is_path_known)
{
    struct text segments[SEGMENTS_MAX];
    unsigned const count = cut(path, segments);
    enum net_method const wanted = method == NET_HEAD ? NET_GET : method;

    *is_path_known = false;
    for (size_t i = 0; i < pattern_count && count > 0; i++) {
        if (!fits(&patterns[i], segments, count, ids))
            continue;
        *is_path_known = true;
        if (patterns[i].route->method == wanted)
            return patterns[i].route;
    }
    return NULL;
}

const char *match_allowed(struct arena *arena, struct text path)
{
    struct text segments[SEGMENTS_MAX], ids[ROUTE_IDS_MAX];
    unsigned const count = cut(path, segments);
    const char *allowed = "";

    for (size_t i = 0; i < pattern_count && count > 0; i++)
        if (fits(&patterns[i], segments, count, ids))
            allowed = arena_printf(arena, "%s%s%s%s", allowed, *allowed == '\0' ? "" : ", ",
                                   net_method_name(patterns[i].route->method),
                                   patterns[i].route->method == NET_GET ? ", HEAD" : "");
    return allowed;
}
