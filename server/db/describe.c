#include "db/describe.h"

#include <stdio.h>
#include <string.h>

static bool params_are_as_promised(const struct sql_statement *statement, const PGresult *description,
                                   char *fault)
{
    if (PQnparams(description) != statement->param_count) {
        snprintf(fault, DESCRIBE_FAULT_BYTES, "takes %d parameters, the head names %d",
                 PQnparams(description), statement->param_count);
        return false;
    }
    for (int i = 0; i < statement->param_count; i++)
        if (PQparamtype(description, i) != statement->param_oids[i]) {
            snprintf(fault, DESCRIBE_FAULT_BYTES, "parameter $%d has type oid %u, the head says %s", i + 1,
                     PQparamtype(description, i), statement->param_types[i]);
            return false;
        }
    return true;
}

/* An expression without AS has no name of its own, so names need not be equal; but a column that comes under
 * the name of another of this head with the same type, which itself comes under a different one, stands in
 * the wrong place. */
static bool is_misplaced(const struct sql_statement *statement, const PGresult *description, int index)
{
    const struct sql_column *promised = &statement->columns[index];
    const char *name = PQfname(description, index);

    if (strcmp(name, promised->name) == 0)
        return false;
    for (int i = 0; i < statement->column_count; i++)
        if (strcmp(name, statement->columns[i].name) == 0)
            return statement->columns[i].type_oid == promised->type_oid &&
                   strcmp(PQfname(description, i), name) != 0;
    return false;
}

static bool columns_are_as_promised(const struct sql_statement *statement, const PGresult *description,
                                    char *fault)
{
    if (PQnfields(description) != statement->column_count) {
        snprintf(fault, DESCRIBE_FAULT_BYTES, "gives %d columns, the head names %d", PQnfields(description),
                 statement->column_count);
        return false;
    }
    for (int i = 0; i < statement->column_count; i++) {
        const struct sql_column *column = &statement->columns[i];
        if (PQftype(description, i) != column->type_oid || is_misplaced(statement, description, i)) {
            snprintf(fault, DESCRIBE_FAULT_BYTES, "column %d is %s with type oid %u, the head says %s %s",
                     i + 1, PQfname(description, i), PQftype(description, i), column->name, column->type);
            return false;
        }
    }
    return true;
}

bool describe_is_as_promised(const struct sql_statement *statement, const PGresult *description,
                             char fault[static DESCRIBE_FAULT_BYTES])
{
    return params_are_as_promised(statement, description, fault) &&
           columns_are_as_promised(statement, description, fault);
}
