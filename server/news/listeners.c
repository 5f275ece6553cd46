#include "news/listeners.h"

#include "core/heap.h"
#include "core/json.h"
#include "identity/role.h"

enum { PLACES_MAX = 64, GRANTS_BYTES = 1024 * 1024 };

static void take_places(struct listener *listener, const cJSON *grants, unsigned count)
{
    const cJSON *grant;

    cJSON_ArrayForEach(grant, grants)
    {
        struct text const unit =
            text_of(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(grant, "agency")));
        struct listener_place *place = &listener->places[listener->place_count];

        if (listener->place_count == count || unit.length >= UNIT_BYTES)
            continue;
        memcpy(place->unit, unit.data, unit.length); /* the rest is zero */
        place->role =
            role_from_name(text_of(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(grant, "role"))));
        listener->place_count++;
    }
}

struct listener *listener_new(int64_t person, struct text session_hex, struct text grants_json)
{
    struct arena *arena = arena_create(GRANTS_BYTES);
    struct json_result const grants = json_parse(arena, grants_json, &json_limits_file);
    unsigned count = 0;
    struct listener *listener;

    must(grants.fault == JSON_OK && session_hex.length < SESSION_HEX_BYTES);
    count = (unsigned)cJSON_GetArraySize(grants.root);
    if (count > PLACES_MAX)
        count = PLACES_MAX;
    listener = heap_alloc(sizeof *listener + count * sizeof *listener->places);
    listener->person = person;
    memcpy(listener->session_hex, session_hex.data, session_hex.length);
    take_places(listener, grants.root, count);
    arena_destroy(arena);
    return listener;
}

void listeners_add(struct listeners *list, struct listener *listener)
{
    listener->next = list->first;
    listener->previous = &list->first;
    if (listener->next != NULL)
        listener->next->previous = &listener->next;
    list->first = listener;
    list->count++;
}

void listener_gone(struct listeners *list, struct listener *listener)
{
    *listener->previous = listener->next;
    if (listener->next != NULL)
        listener->next->previous = listener->previous;
    list->count--;
    listener->stream = NULL;
    if (listener->held == 0)
        heap_free(listener);
}

void listener_end(struct listeners *list, struct listener *listener)
{
    net_stream_end(listener->stream);
    listener_gone(list, listener);
}

void listeners_make_room(struct listeners *list, struct text session_hex)
{
    struct listener *oldest = NULL; /* new ones come first */
    int count = 0;

    for (struct listener *each = list->first; each != NULL; each = each->next)
        if (text_equal(text_of(each->session_hex), session_hex)) {
            oldest = each;
            count++;
        }
    if (count >= LISTENERS_A_SESSION_MAX)
        listener_end(list, oldest);
}

void listener_hold(struct listener *listener)
{
    listener->held++;
}

void listener_release(struct listener *listener)
{
    must(listener->held > 0);
    listener->held--;
    if (listener->held == 0 && listener->stream == NULL)
        heap_free(listener);
}

void listener_tell(struct listener *listener, struct text event, int64_t now_s)
{
    if (listener->stream == NULL || !net_stream_put(listener->stream, event))
        return; /* its end is on the way */
    listener->heard_s = now_s;
}

static bool is_his_place(const struct listener *listener, const struct change_place *place)
{
    if (place->role == ROLE_HANDLER && place->handler != 0)
        return place->handler == listener->person;
    for (unsigned i = 0; i < listener->place_count; i++)
        if (listener->places[i].role == place->role &&
            text_equal(text_of(listener->places[i].unit), place->unit))
            return true;
    return false;
}

void listeners_mark(struct listeners *list, const struct change_place *place)
{
    for (struct listener *each = list->first; each != NULL; each = each->next) {
        each->has_dossier |= each->dossier == place->dossier && place->dossier != 0;
        each->has_work = each->has_work || is_his_place(each, place);
    }
}

void listeners_mark_all(struct listeners *list)
{
    for (struct listener *each = list->first; each != NULL; each = each->next) {
        each->has_work = true;
        each->has_dossier = each->dossier != 0;
    }
}
