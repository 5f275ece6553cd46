#include "db/schema_state.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "core/must.h"
#include "db/statement.h"
#include "sql_statements.h"

char *schema_checksum(char buffer[static SCHEMA_CHECKSUM_BYTES], const char *text, size_t length)
{
    unsigned char hash[(SCHEMA_CHECKSUM_BYTES - 1) / 2];

    must(sodium_init() >= 0);
    crypto_generichash(hash, sizeof(hash), (const unsigned char *)text, length, NULL, 0);
    return sodium_bin2hex(buffer, SCHEMA_CHECKSUM_BYTES, hash, sizeof(hash));
}

static const struct sql_migration *migration_of(int number)
{
    for (int i = 0; i < sql_migration_count; i++)
        if (sql_migrations[i].number == number)
            return &sql_migrations[i];
    return NULL;
}

/* What one applied row says about the whole. */
static enum db_schema_state state_of_row(const PGresult *applied, int row)
{
    char checksum[SCHEMA_CHECKSUM_BYTES];
    int const number = (int)strtol(PQgetvalue(applied, row, COL_SCHEMA_VERSION_NUMBER), NULL, 10);
    const struct sql_migration *migration = migration_of(number);

    if (migration == NULL)
        return sql_migration_count == 0 || number > sql_migrations[sql_migration_count - 1].number
                   ? DB_SCHEMA_NEWER
                   : DB_SCHEMA_ALTERED;
    schema_checksum(checksum, migration->text, migration->length);
    if (strcmp(checksum, PQgetvalue(applied, row, COL_SCHEMA_VERSION_CHECKSUM)) != 0)
        return DB_SCHEMA_ALTERED;
    return DB_SCHEMA_CURRENT;
}

/* No table, no schema: nothing was migrated yet. Anything else says nothing. */
static enum db_schema_state state_of_error(const PGresult *error)
{
    const char *sqlstate = PQresultErrorField(error, PG_DIAG_SQLSTATE);
    bool is_missing = sqlstate != NULL && (strcmp(sqlstate, "42P01") == 0 || strcmp(sqlstate, "3F000") == 0);

    return is_missing ? DB_SCHEMA_BEHIND : DB_SCHEMA_UNKNOWN;
}

enum db_schema_state schema_state_of(const PGresult *applied)
{
    int rows = PQntuples(applied);
    int known_rows = 0;
    bool is_newer = false;

    if (PQresultStatus(applied) != PGRES_TUPLES_OK)
        return state_of_error(applied);
    for (int row = 0; row < rows; row++) {
        enum db_schema_state state = state_of_row(applied, row);
        if (state == DB_SCHEMA_ALTERED)
            return DB_SCHEMA_ALTERED;
        is_newer = is_newer || state == DB_SCHEMA_NEWER;
        known_rows += state == DB_SCHEMA_CURRENT ? 1 : 0;
    }
    if (known_rows < sql_migration_count)
        return is_newer ? DB_SCHEMA_ALTERED : DB_SCHEMA_BEHIND;
    return is_newer ? DB_SCHEMA_NEWER : DB_SCHEMA_CURRENT;
}

const char *db_schema_sentence(enum db_schema_state state)
{
    switch (state) {
    case DB_SCHEMA_CURRENT: return "the database schema is the one this program was built for";
    case DB_SCHEMA_BEHIND: return "the database schema is older than this program: run 'motcuad migrate'";
    case DB_SCHEMA_NEWER: return "the database schema is newer than this program: install the newer program";
    case DB_SCHEMA_ALTERED:
        return "a migration this database has had differs from the one built into this program: "
               "program and database do not belong together";
    case DB_SCHEMA_UNKNOWN: return "the database cannot be asked for its schema";
    }
    unreachable();
}
