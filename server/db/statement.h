#pragma once
/*
 * What the build makes of each .sql file: one row a statement, in the order of enum sql, and one row a
 * migration, by number. Constant data, read by db/ alone.
 */
#include <stdbool.h>
#include <stddef.h>

enum sql_lane { SQL_LANE_READ, SQL_LANE_WRITE };

struct sql_column {
    const char *name;
    const char *type; /* as the head writes it */
    unsigned type_oid;
};

struct sql_statement {
    const char *name; /* of the file, and of the prepared statement */
    const char *text; /* without head and semicolon */
    enum sql_lane lane;
    bool is_retryable; /* may be asked again after 40001 and 40P01 */
    int batch_max;     /* so many questions may be one call (db/batch.h); 0: each is its own */
    int param_count;
    int column_count;
    const unsigned *param_oids;
    const char *const *param_types; /* as the head writes them */
    const struct sql_column *columns;
};

struct sql_migration {
    int number;
    const char *name; /* the file's name without ".sql" */
    const char *text;
    size_t length;
};

/* SQL_COUNT rows and one of NULLs behind them. */
extern const struct sql_statement sql_statements[];
extern const struct sql_migration sql_migrations[];
extern const int sql_migration_count;
