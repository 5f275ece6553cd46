#pragma once
/*
 * A few seconds' memory of sessions found in the database, by the hash of the token. Fixed size, newest wins.
 */
#include <stdbool.h>
#include <stdint.h>

#include "core/text.h"

struct session_entry {
    int64_t person;
    unsigned roles;
    bool must_change_password;
    const char *username, *name, *grants; /* until the next call of the cache */
};

/* False: not known, or known too long ago. */
MUST_USE bool session_cache_get(struct text session_hex, struct session_entry *entry);
void session_cache_put(struct text session_hex, const struct session_entry *entry);
void session_cache_drop(struct text session_hex);
void session_cache_clear(void);
