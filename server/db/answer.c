#include "db/answer.h"

#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "db/statement.h"

/* The first row whose text begins the SQLSTATE counts; what has none is DB_FAILED. */
static const struct {
    const char *start;
    enum answer_kind kind;
    enum db_outcome outcome;
} sqlstates[] = {
    {"40001", ANSWER_CONFLICT, DB_CONFLICT}, /* serialization failure */
    {"40P01", ANSWER_CONFLICT, DB_CONFLICT}, /* deadlock */
    {"55P03", ANSWER_ERROR, DB_CONFLICT},    /* lock_timeout: has waited already, is not asked again */
    {"57014", ANSWER_ERROR, DB_TIMEOUT},     /* statement_timeout */
    {"53", ANSWER_ERROR, DB_UNAVAILABLE},    /* disk full, out of memory, too many connections */
    {"58", ANSWER_ERROR, DB_UNAVAILABLE},    /* the server's own files */
    {"25006", ANSWER_ERROR, DB_UNAVAILABLE}, /* a write on a server that has become a standby */
};

static const char *sqlstate_of(const PGresult *result)
{
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);

    return sqlstate == NULL ? "" : sqlstate;
}

/* FATAL and PANIC end the connection; what libpq says by itself has neither severity nor SQLSTATE. */
static bool is_ending(const PGresult *result)
{
    const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);

    return severity == NULL || strcmp(severity, "ERROR") != 0;
}

enum answer_kind answer_kind(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);

    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
        return ANSWER_ROWS;
    if (status == PGRES_PIPELINE_ABORTED)
        return ANSWER_ABORTED;
    if (is_ending(result))
        return ANSWER_LOST;
    for (size_t i = 0; i < array_length(sqlstates); i++)
        if (strncmp(sqlstate_of(result), sqlstates[i].start, strlen(sqlstates[i].start)) == 0)
            return sqlstates[i].kind;
    return ANSWER_ERROR;
}

enum db_outcome answer_outcome(const PGresult *result)
{
    for (size_t i = 0; i < array_length(sqlstates); i++)
        if (strncmp(sqlstate_of(result), sqlstates[i].start, strlen(sqlstates[i].start)) == 0)
            return sqlstates[i].outcome;
    return DB_FAILED;
}

bool answer_is_read_only_server(const PGresult *result)
{
    return strcmp(sqlstate_of(result), "25006") == 0;
}

/* Messages may hold what a citizen wrote; those of class 42 (our SQL is wrong) hold only our own names. */
void answer_log_failure(enum sql statement, const PGresult *result)
{
    const char *sqlstate = sqlstate_of(result);
    const char *context = PQresultErrorField(result, PG_DIAG_CONTEXT);
    bool is_ours = strncmp(sqlstate, "42", 2) == 0;
    bool is_place = context != NULL && strncmp(context, "PL/pgSQL function", 17) == 0;
    struct text rest = TEXT_NONE;

    log_error("statement failed", LOG_S("statement", sql_statements[statement].name),
              LOG_S("sqlstate", sqlstate),
              LOG_S("constraint", PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME)),
              LOG_S("column", PQresultErrorField(result, PG_DIAG_COLUMN_NAME)),
              LOG_T("where", is_place ? text_cut(text_of(context), '\n', &rest) : TEXT_NONE),
              LOG_S("message", is_ours ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL));
}

enum db_outcome db_outcome(const struct db_answer *answer)
{
    return answer->outcome;
}

const char *db_sqlstate(const struct db_answer *answer)
{
    return answer->result == NULL ? "" : sqlstate_of(answer->result);
}

int db_row_count(const struct db_answer *answer)
{
    return answer->outcome == DB_ROWS ? PQntuples(answer->result) : 0;
}

static void must_be_a_cell(const struct db_answer *answer, int row, int column)
{
    must(answer->outcome == DB_ROWS);
    must(row >= 0 && row < PQntuples(answer->result));
    must(column >= 0 && column < PQnfields(answer->result));
}

bool db_is_null(const struct db_answer *answer, int row, int column)
{
    must_be_a_cell(answer, row, column);
    return PQgetisnull(answer->result, row, column) != 0;
}

struct text db_text(const struct db_answer *answer, int row, int column)
{
    if (db_is_null(answer, row, column))
        return TEXT_NONE;
    return (struct text){.data = PQgetvalue(answer->result, row, column),
                         .length = (size_t)PQgetlength(answer->result, row, column)};
}

const char *db_string(const struct db_answer *answer, int row, int column)
{
    return db_text(answer, row, column).data;
}

int64_t db_i64(const struct db_answer *answer, int row, int column)
{
    const char *digits = db_string(answer, row, column);

    return digits == NULL ? 0 : (int64_t)strtoll(digits, NULL, 10);
}

bool db_bool(const struct db_answer *answer, int row, int column)
{
    const char *value = db_string(answer, row, column);

    return value != NULL && value[0] == 't';
}

static void clear_result(void *result)
{
    PQclear(result);
}

void db_keep(const struct db_answer *answer, struct arena *arena)
{
    union {
        const PGresult *given;
        PGresult *owned;
    } result = {.given = answer->result}; /* from here on the arena owns it */

    if (answer->result == NULL || *answer->is_kept)
        return;
    *answer->is_kept = true;
    arena_on_end(arena, clear_result, result.owned);
}
