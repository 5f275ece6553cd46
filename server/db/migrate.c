#include "db/migrate.h"

#include <string.h>

#include "db/connect_options.h"
#include "db/describe.h"
#include "db/schema_state.h"
#include "db/statement.h"
#include "sql_statements.h"

/* Any number: it only has to be the same for all who migrate this database. */
#define LOCK_SQL "SELECT pg_advisory_lock(7229811)"

static PGresult *run(PGconn *pg, const char *sql)
{
    return PQexec(pg, sql);
}

static bool is_done(const PGresult *result)
{
    return PQresultStatus(result) == PGRES_COMMAND_OK || PQresultStatus(result) == PGRES_TUPLES_OK;
}

/* Runs what gives no rows that matter; says on `log` what the server did not like. */
static bool run_or_say(PGconn *pg, const char *sql, const char *what, FILE *log)
{
    PGresult *result = run(pg, sql);
    bool is_good = is_done(result);

    if (!is_good)
        fprintf(log, "%s: %s", what, PQerrorMessage(pg));
    PQclear(result);
    return is_good;
}

static PGconn *connect_or_say(const struct connect_options *options, FILE *log)
{
    PGconn *pg = connect_now(options);

    if (PQstatus(pg) == CONNECTION_OK)
        return pg;
    fprintf(log, "no connection to the database: %s", PQerrorMessage(pg));
    PQfinish(pg);
    return NULL;
}

/* NULL where there is no table yet, or no way to read it: *state then says which. */
static PGresult *read_applied(PGconn *pg, enum db_schema_state *state, FILE *log)
{
    PGresult *result = run(pg, sql_statements[SQL_SCHEMA_VERSION].text);

    *state = schema_state_of(result);
    if (PQresultStatus(result) == PGRES_TUPLES_OK)
        return result;
    if (*state == DB_SCHEMA_UNKNOWN)
        fprintf(log, "motcua.schema_version cannot be read: %s", PQerrorMessage(pg));
    PQclear(result);
    return NULL;
}

static bool is_applied(const PGresult *applied, const struct sql_migration *migration)
{
    char number[16];

    snprintf(number, sizeof(number), "%d", migration->number);
    for (int row = 0; row < PQntuples(applied); row++)
        if (strcmp(PQgetvalue(applied, row, COL_SCHEMA_VERSION_NUMBER), number) == 0)
            return true;
    return false;
}

static bool record(PGconn *pg, const struct sql_migration *migration, FILE *log)
{
    char checksum[SCHEMA_CHECKSUM_BYTES];
    char number[16];
    const char *values[] = {number, migration->name, checksum};
    PGresult *result = NULL;
    bool is_good = false;

    snprintf(number, sizeof(number), "%d", migration->number);
    schema_checksum(checksum, migration->text, migration->length);
    result =
        PQexecParams(pg, "INSERT INTO motcua.schema_version (number, name, checksum) VALUES ($1, $2, $3)", 3,
                     NULL, values, NULL, NULL, 0);
    is_good = is_done(result);
    if (!is_good)
        fprintf(log, "%s: %s", migration->name, PQerrorMessage(pg));
    PQclear(result);
    return is_good;
}

/* Inside a transaction. The first migration makes the owner's role; later ones run as it. */
static bool apply(PGconn *pg, const struct sql_migration *migration, FILE *log)
{
    const char *role = migration->number == 1 ? "RESET ROLE" : "SET LOCAL ROLE motcua_owner";

    if (!run_or_say(pg, role, migration->name, log) || !run_or_say(pg, migration->text, migration->name, log))
        return false;
    if (PQtransactionStatus(pg) != PQTRANS_INTRANS) {
        fprintf(log, "%s: ends the transaction it runs in\n", migration->name);
        return false;
    }
    return run_or_say(pg, "SET LOCAL ROLE motcua_owner", migration->name, log) && record(pg, migration, log);
}

static bool apply_all(PGconn *pg, const PGresult *applied, bool is_dry_run, FILE *log)
{
    bool is_good = !is_dry_run || run_or_say(pg, "BEGIN", "dry run", log);

    for (int i = 0; i < sql_migration_count && is_good; i++) {
        const struct sql_migration *migration = &sql_migrations[i];
        if (is_applied(applied, migration))
            continue;
        is_good = (is_dry_run || run_or_say(pg, "BEGIN", migration->name, log)) &&
                  apply(pg, migration, log) && (is_dry_run || run_or_say(pg, "COMMIT", migration->name, log));
        if (is_good)
            fprintf(log, "%s: %s\n", migration->name, is_dry_run ? "would be applied" : "applied");
    }
    if (is_dry_run || !is_good)
        PQclear(run(pg, "ROLLBACK"));
    return is_good;
}

bool db_migrate(const char *conninfo, FILE *log, bool is_dry_run)
{
    struct connect_options options = {.conninfo = conninfo, .kind = CONNECT_OWNER};
    PGconn *pg = connect_or_say(&options, log);
    enum db_schema_state state = DB_SCHEMA_UNKNOWN;
    PGresult *applied = NULL;
    bool is_good = false;

    if (pg == NULL)
        return false;
    if (run_or_say(pg, LOCK_SQL, "advisory lock", log)) {
        applied = read_applied(pg, &state, log);
        is_good = state == DB_SCHEMA_CURRENT;
        if (state == DB_SCHEMA_BEHIND)
            is_good = apply_all(pg, applied, is_dry_run, log);
        else
            fprintf(log, "%s\n", db_schema_sentence(state));
    }
    PQclear(applied);
    PQfinish(pg);
    return is_good;
}

enum db_schema_state db_schema_state(const char *conninfo, const char *password, FILE *log)
{
    struct connect_options options = {.conninfo = conninfo, .password = password, .kind = CONNECT_OWNER};
    PGconn *pg = connect_or_say(&options, log);
    enum db_schema_state state = DB_SCHEMA_UNKNOWN;

    if (pg == NULL)
        return DB_SCHEMA_UNKNOWN;
    PQclear(read_applied(pg, &state, log));
    PQfinish(pg);
    return state;
}

static bool check_statement(PGconn *pg, const struct sql_statement *statement, FILE *log)
{
    char fault[DESCRIBE_FAULT_BYTES] = "cannot be described";
    PGresult *result =
        PQprepare(pg, statement->name, statement->text, statement->param_count, statement->param_oids);
    bool is_good = PQresultStatus(result) == PGRES_COMMAND_OK;

    if (!is_good)
        fprintf(log, "statement %s does not prepare: %s", statement->name, PQerrorMessage(pg));
    PQclear(result);
    if (!is_good)
        return false;
    result = PQdescribePrepared(pg, statement->name);
    is_good = PQresultStatus(result) == PGRES_COMMAND_OK && describe_is_as_promised(statement, result, fault);
    if (!is_good)
        fprintf(log, "statement %s: %s\n", statement->name, fault);
    PQclear(result);
    return is_good;
}

bool db_check_statements(const char *conninfo, const char *password, FILE *log)
{
    struct connect_options options = {.conninfo = conninfo, .password = password, .kind = CONNECT_OWNER};
    PGconn *pg = connect_or_say(&options, log);
    bool is_good = pg != NULL;

    if (pg == NULL)
        return false;
    for (int i = 0; i < SQL_COUNT; i++)
        is_good = check_statement(pg, &sql_statements[i], log) && is_good;
    PQfinish(pg);
    return is_good;
}
