#include "main/database.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

#include "core/config.h"
#include "core/log.h"
#include "db/migrate.h"
#include "main/secret.h"

/* What the operator is told lies in `told`: several lines of the db room, made into one event of the log. */
static void log_refusal(enum db_schema_state state, char *told)
{
    for (char *at = told; *at != '\0'; at++)
        if (*at == '\n')
            *at = at[1] == '\0' ? '\0' : ';';
    log_error("the schema is not the one this program was built for",
              LOG_S("state", db_schema_sentence(state)), LOG_S("reason", told));
}

static int schema_status(enum db_schema_state state)
{
    switch (state) {
    case DB_SCHEMA_CURRENT: return EX_OK;
    case DB_SCHEMA_UNKNOWN: return EX_UNAVAILABLE;
    case DB_SCHEMA_BEHIND:
    case DB_SCHEMA_NEWER:
    case DB_SCHEMA_ALTERED: return EX_CONFIG;
    }
    unreachable();
}

int database_check_schema(const struct config *config)
{
    char password[SECRET_BYTES_MAX];
    enum secret_outcome const secret = secret_read(config->database_password_file, password);
    enum db_schema_state state;
    char *told = NULL;
    size_t length = 0;
    FILE *log;

    if (secret == SECRET_UNREADABLE)
        return EX_CONFIG;
    log = open_memstream(&told, &length);
    must(log != NULL);
    state = db_schema_state(config->database_conninfo, secret == SECRET_READ ? password : NULL, log);
    fclose(log);
    sodium_memzero(password, sizeof password);
    if (state != DB_SCHEMA_CURRENT)
        log_refusal(state, told);
    free(told);
    return schema_status(state);
}

int database_migrate(const struct config *config, bool is_dry_run)
{
    return db_migrate(config->database_migrate_conninfo, stderr, is_dry_run) ? EX_OK : EX_UNAVAILABLE;
}
