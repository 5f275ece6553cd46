#include "db/once.h"

#include <libpq-fe.h>

#include "db/connect_options.h"

enum db_once_outcome db_once(const char *conninfo, const char *sql, int count, const char *const *values,
                             struct db_once_answer *answer, FILE *faults)
{
    struct connect_options options = {.conninfo = conninfo, .kind = CONNECT_OWNER};
    PGconn *pg = connect_now(&options);
    enum db_once_outcome outcome = DB_ONCE_UNAVAILABLE;
    PGresult *result = NULL;

    answer->text[0] = '\0';
    if (PQstatus(pg) != CONNECTION_OK) {
        fprintf(faults, "%s", PQerrorMessage(pg));
        goto end;
    }
    result = PQexecParams(pg, sql, count, NULL, values, NULL, NULL, 0);
    if (PQresultStatus(result) == PGRES_TUPLES_OK || PQresultStatus(result) == PGRES_COMMAND_OK) {
        outcome = DB_ONCE_DONE;
        if (PQntuples(result) > 0 && PQnfields(result) > 0)
            snprintf(answer->text, sizeof(answer->text), "%s", PQgetvalue(result, 0, 0));
    } else {
        const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

        outcome = PQstatus(pg) == CONNECTION_OK ? DB_ONCE_REFUSED : DB_ONCE_UNAVAILABLE;
        fprintf(faults, "%s\n", message != NULL ? message : PQerrorMessage(pg));
    }
end:
    PQclear(result);
    PQfinish(pg);
    return outcome;
}
