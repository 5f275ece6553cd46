#include "identity/session_cache.h"

#include <time.h>

#include "core/heap.h"

enum { SLOTS = 4096, HEX_BYTES = 66, LIFE_S = 15, ENTRY_BYTES_MAX = 16 * 1024 };

static struct slot {
    char hex[HEX_BYTES + 1];
    int64_t until_s;
    int64_t person;
    unsigned roles;
    bool must_change_password;
    char *strings; /* username, name, grants, one behind the other */
} slots[SLOTS];

static int64_t monotonic_s(void)
{
    struct timespec now;

    must(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return now.tv_sec;
}

/* The hex is of a SHA-256: any three digits spread evenly. */
static struct slot *slot_of(struct text hex)
{
    unsigned index = 0;

    must(hex.length == HEX_BYTES);
    for (size_t i = 2; i < 6; i++)
        index = index * 16 + (unsigned)(hex.data[i] <= '9' ? hex.data[i] - '0' : hex.data[i] - 'a' + 10);
    return &slots[index % SLOTS];
}

static void empty(struct slot *slot)
{
    heap_free(slot->strings);
    *slot = (struct slot){.strings = NULL};
}

bool session_cache_get(struct text session_hex, struct session_entry *entry)
{
    struct slot *slot = slot_of(session_hex);

    if (slot->strings == NULL || slot->until_s < monotonic_s() ||
        !text_equal(text_of(slot->hex), session_hex))
        return false;
    *entry = (struct session_entry){.person = slot->person,
                                    .roles = slot->roles,
                                    .must_change_password = slot->must_change_password,
                                    .username = slot->strings};
    entry->name = entry->username + strlen(entry->username) + 1;
    entry->grants = entry->name + strlen(entry->name) + 1;
    return true;
}

void session_cache_put(struct text session_hex, const struct session_entry *entry)
{
    struct slot *slot = slot_of(session_hex);
    size_t const username = strlen(entry->username) + 1, name = strlen(entry->name) + 1;
    size_t const grants = strlen(entry->grants) + 1;

    empty(slot);
    if (username + name + grants > ENTRY_BYTES_MAX)
        return;
    slot->strings = heap_alloc(username + name + grants);

    memcpy(slot->strings, entry->username, username);
    memcpy(slot->strings + username, entry->name, name);
    memcpy(slot->strings + username + name, entry->grants, grants);
    memcpy(slot->hex, session_hex.data, HEX_BYTES);
    slot->person = entry->person;
    slot->roles = entry->roles;
    slot->must_change_password = entry->must_change_password;
    slot->until_s = monotonic_s() + LIFE_S;
}

void session_cache_drop(struct text session_hex)
{
    if (session_hex.length == HEX_BYTES && text_equal(text_of(slot_of(session_hex)->hex), session_hex))
        empty(slot_of(session_hex));
}

void session_cache_clear(void)
{
    for (size_t i = 0; i < SLOTS; i++)
        empty(&slots[i]);
}
