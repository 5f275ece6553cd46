/*
 * How often one source may ask: a bucket a source that fills by its rate, in a table of fixed size. It guards
 * the machine, not a secret (guesses are counted in the database), so two sources may share a bucket and a
 * worker need not know what another has counted.
 */
#include <sodium.h>
#include <time.h>

#include "core/config.h"
#include "lookup/lookup.h"

enum { BUCKETS = 8192 };

static struct bucket {
    uint64_t source;
    int64_t filled_ms; /* monotonic */
    int64_t left_milli;
} buckets[BUCKETS];

static int64_t monotonic_ms(void)
{
    struct timespec now;

    must(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static uint64_t source_hash(struct text source)
{
    static unsigned char key[crypto_shorthash_KEYBYTES];
    static bool has_key;
    uint64_t hash;

    if (!has_key) {
        crypto_shorthash_keygen(key);
        has_key = true;
    }
    crypto_shorthash((unsigned char *)&hash, (const unsigned char *)source.data, source.length, key);
    return hash;
}

bool rate_allows(struct req *req)
{
    int64_t const per_minute = req->worker->config->lookup_rate_per_minute;
    int64_t const now_ms = monotonic_ms();
    uint64_t hash;
    struct bucket *bucket;

    if (per_minute == 0)
        return true;
    hash = source_hash(req_source(req));
    bucket = &buckets[hash % BUCKETS];
    if (bucket->source != hash)
        *bucket = (struct bucket){.source = hash, .filled_ms = now_ms, .left_milli = per_minute * 1000};
    bucket->left_milli += (now_ms - bucket->filled_ms) * per_minute / 60;
    bucket->filled_ms = now_ms;
    if (bucket->left_milli > per_minute * 1000)
        bucket->left_milli = per_minute * 1000;
    if (bucket->left_milli < 1000)
        return false;
    bucket->left_milli -= 1000;
    return true;
}
