#include "db/connect_options.h"

#include <stdio.h>

#include "core/must.h"

enum { SETTINGS_BYTES = 512, KEYWORDS_MAX = 24, LOCK_TIMEOUT_MS = 2000, IDLE_TIMEOUT_MS = 10000 };

struct keywords {
    const char *names[KEYWORDS_MAX + 1];
    const char *values[KEYWORDS_MAX + 1];
    int count;
};

static void put(struct keywords *keywords, const char *name, const char *value)
{
    must(keywords->count < KEYWORDS_MAX);
    keywords->names[keywords->count] = name;
    keywords->values[keywords->count] = value;
    keywords->count++;
}

static const char *application_name(enum connect_kind kind)
{
    switch (kind) {
    case CONNECT_READ: return "motcuad read";
    case CONNECT_WRITE: return "motcuad write";
    case CONNECT_LISTEN: return "motcuad listen";
    case CONNECT_OWNER: return "motcuad migrate";
    }
    unreachable();
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* JSON made by PostgreSQL shows instants in local time, as the rest of the server does. What is acknowledged
 * is on disk, and commands see what others have committed since they began: no default of a role or database
 * may say otherwise. */
static void write_settings(char *settings, const struct connect_options *options)
{
    int64_t statement_ms = options->wait_timeout_ms - options->wait_timeout_ms / 5;
    int length = snprintf(
        settings, SETTINGS_BYTES,
        "-c search_path=motcua,command,pg_temp -c TimeZone=Asia/Ho_Chi_Minh -c DateStyle=ISO "
        "-c IntervalStyle=iso_8601 -c jit=off -c client_min_messages=warning -c synchronous_commit=on "
        "-c default_transaction_isolation=read\\ committed");

    if (options->kind != CONNECT_OWNER)
        length += snprintf(settings + length, SETTINGS_BYTES - (size_t)length,
                           " -c statement_timeout=%lld -c lock_timeout=%lld "
                           "-c idle_in_transaction_session_timeout=%d -c default_transaction_read_only=%s",
                           (long long)statement_ms, (long long)smaller(statement_ms, LOCK_TIMEOUT_MS),
                           IDLE_TIMEOUT_MS, options->kind == CONNECT_WRITE ? "off" : "on");
    must(length < SETTINGS_BYTES);
}

/* Before dbname stand defaults, which a conninfo in it overrides; behind it what holds whatever it says. */
static struct keywords keywords_of(const struct connect_options *options, const char *settings)
{
    struct keywords keywords = {.count = 0};

    put(&keywords, "keepalives_idle", "10");
    put(&keywords, "keepalives_interval", "5");
    put(&keywords, "keepalives_count", "3");
    put(&keywords, "tcp_user_timeout", "15000");
    put(&keywords, "target_session_attrs", "primary");
    put(&keywords, "connect_timeout", "5"); /* for the blocking connections; the loop has its own timer */
    put(&keywords, "dbname", options->conninfo);
    if (options->password != NULL)
        put(&keywords, "password", options->password);
    put(&keywords, "gssencmode", "disable"); /* its handshake blocks */
    put(&keywords, "client_encoding", "UTF8");
    put(&keywords, "application_name", application_name(options->kind));
    put(&keywords, "options", settings);
    return keywords;
}

PGconn *connect_begin(const struct connect_options *options)
{
    char settings[SETTINGS_BYTES];
    PGconn *pg = NULL;

    write_settings(settings, options);
    struct keywords keywords = keywords_of(options, settings);
    pg = PQconnectStartParams(keywords.names, keywords.values, 1);
    must(pg != NULL);
    return pg;
}

PGconn *connect_now(const struct connect_options *options)
{
    char settings[SETTINGS_BYTES];
    PGconn *pg = NULL;

    write_settings(settings, options);
    struct keywords keywords = keywords_of(options, settings);
    pg = PQconnectdbParams(keywords.names, keywords.values, 1);
    must(pg != NULL);
    return pg;
}
