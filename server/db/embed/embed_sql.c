/*
 * A tool of the build: reads statements (server/<room>/sql/name.sql) and migrations (schema/NNNN_name.sql)
 * and writes sql_statements.h, sql_statements.c and sql_migrations.c. A head that does not say what the text
 * does fails the build with file and line. The head of a statement, in this order, all its lines comments:
 *
 *     -- name: purpose.                      the file's name; may go on over several lines
 *     -- lane: read                          or write
 *     -- retry: yes                          optional: safe to ask again after 40001 and 40P01
 *     -- $1 session bytea, $2 code text      where there are parameters; the last word is the type
 *     -- > outcome text, version int8        columns, or "nothing"
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/embed/embed.h"

struct migration {
    const char *path;
    char name[PATH_BYTES];
    int number;
    char *text;
    size_t length;
};

static struct statement statements[FILES_MAX];
static struct migration migrations[FILES_MAX];
static int statement_count, migration_count;

static void add_statement(const char *path)
{
    struct statement *statement = &statements[statement_count];

    if (statement_count == FILES_MAX)
        fail(path, 0, "is one statement too many");
    statement->path = path;
    parse_statement(statement);
    for (int i = 0; i < statement_count; i++)
        if (strcmp(statements[i].name, statement->name) == 0)
            fail(path, 1, "has the name of %s", statements[i].path);
    statement_count++;
}

static void add_migration(const char *path)
{
    struct migration *migration = &migrations[migration_count];
    char *end = NULL;

    if (migration_count == FILES_MAX)
        fail(path, 0, "is one migration too many");
    migration->path = path;
    take_base_name(path, migration->name, sizeof(migration->name));
    migration->number = (int)strtol(migration->name, &end, 10);
    if (end != migration->name + 4 || *end != '_' || !is_identifier(end + 1))
        fail(path, 1, "should be named NNNN_name.sql");
    for (int i = 0; i < migration_count; i++)
        if (migrations[i].number >= migration->number)
            fail(path, 1, "has a number that is not above that of %s", migrations[i].path);
    migration->text = read_file(path, &migration->length);
    migration_count++;
}

static void write_upper(FILE *out, const char *name)
{
    for (; *name != '\0'; name++)
        fputc(toupper((unsigned char)*name), out);
}

/* As characters one by one: ISO C promises string literals of only 4,095 bytes. */
static void write_bytes(FILE *out, const char *name, int number, const char *data, size_t length)
{
    fprintf(out, "static const char %s_%d[] = {", name, number);
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)data[i];
        if (i % 24 == 0)
            fputs("\n    ", out);
        if (byte >= ' ' && byte < 127 && byte != '\'' && byte != '\\')
            fprintf(out, "'%c',", byte);
        else
            fprintf(out, "'\\%03o',", byte);
    }
    fputs("\n    0};\n", out);
}

static void write_header(FILE *out)
{
    fputs("#pragma once\n/* Made by embed_sql from server/<room>/sql/. */\n\nenum sql {\n", out);
    for (int i = 0; i < statement_count; i++) {
        fputs("    SQL_", out);
        write_upper(out, statements[i].name);
        fputs(",\n", out);
    }
    fputs("    SQL_COUNT\n};\n", out);
    for (int i = 0; i < statement_count; i++) {
        fputs("\nenum {\n", out);
        for (int k = 0; k <= statements[i].columns.count; k++) {
            fputs("    COL_", out);
            write_upper(out, statements[i].name);
            fputc('_', out);
            write_upper(out,
                        k == statements[i].columns.count ? "count" : statements[i].columns.items[k].name);
            fputs(",\n", out);
        }
        fputs("};\n", out);
    }
}

/* The data a row of the table points to; lists that are empty are NULL in the row. */
static void write_statement_data(FILE *out, int number)
{
    const struct statement *statement = &statements[number];

    write_bytes(out, "text", number, statement->text, strlen(statement->text));
    if (statement->params.count > 0) {
        fprintf(out, "static const unsigned param_oids_%d[] = {", number);
        for (int k = 0; k < statement->params.count; k++)
            fprintf(out, "%u, ", statement->params.items[k].oid);
        fprintf(out, "};\nstatic const char *const param_types_%d[] = {", number);
        for (int k = 0; k < statement->params.count; k++)
            fprintf(out, "\"%s\", ", statement->params.items[k].type);
        fputs("};\n", out);
    }
    if (statement->columns.count > 0) {
        fprintf(out, "static const struct sql_column columns_%d[] = {", number);
        for (int k = 0; k < statement->columns.count; k++)
            fprintf(out, "{\"%s\", \"%s\", %u}, ", statement->columns.items[k].name,
                    statement->columns.items[k].type, statement->columns.items[k].oid);
        fputs("};\n", out);
    }
}

static void write_pointer(FILE *out, const char *name, int number, bool is_there)
{
    if (is_there)
        fprintf(out, ", %s_%d", name, number);
    else
        fputs(", NULL", out);
}

static void write_table(FILE *out)
{
    fputs("/* Made by embed_sql from server/<room>/sql/. */\n#include \"db/statement.h\"\n\n", out);
    for (int i = 0; i < statement_count; i++)
        write_statement_data(out, i);
    fputs("\nconst struct sql_statement sql_statements[] = {\n", out);
    for (int i = 0; i < statement_count; i++) {
        const struct statement *statement = &statements[i];
        fprintf(out, "    {\"%s\", text_%d, %s, %s, %d, %d, %d", statement->name, i,
                statement->is_write ? "SQL_LANE_WRITE" : "SQL_LANE_READ",
                statement->is_retryable ? "true" : "false", statement->batch_max, statement->params.count,
                statement->columns.count);
        write_pointer(out, "param_oids", i, statement->params.count > 0);
        write_pointer(out, "param_types", i, statement->params.count > 0);
        write_pointer(out, "columns", i, statement->columns.count > 0);
        fputs("},\n", out);
    }
    fputs("    {NULL, NULL, SQL_LANE_READ, false, 0, 0, 0, NULL, NULL, NULL},\n};\n", out);
}

static void write_migrations(FILE *out)
{
    fputs("/* Made by embed_sql from schema/. */\n#include \"db/statement.h\"\n\n", out);
    for (int i = 0; i < migration_count; i++)
        write_bytes(out, "text", i, migrations[i].text, migrations[i].length);
    fputs("\nconst struct sql_migration sql_migrations[] = {\n", out);
    for (int i = 0; i < migration_count; i++)
        fprintf(out, "    {%d, \"%s\", text_%d, %zu},\n", migrations[i].number, migrations[i].name, i,
                migrations[i].length);
    fprintf(out, "    {0, NULL, NULL, 0},\n};\nconst int sql_migration_count = %d;\n", migration_count);
}

/* An output that would not change is left alone, so that nothing behind it is compiled again. */
static void write_output(const char *folder, const char *name, void (*write)(FILE *out))
{
    char path[PATH_BYTES];
    char *fresh = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&fresh, &length);
    FILE *old = NULL;
    bool is_same = false;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    if (out == NULL)
        fail(path, 0, "out of memory");
    write(out);
    if (fclose(out) != 0 || fresh == NULL)
        fail(path, 0, "out of memory");
    old = fopen(path, "rb");
    if (old != NULL) {
        size_t old_length = 0;
        char *old_data = NULL;
        fclose(old);
        old_data = read_file(path, &old_length);
        is_same = old_length == length && memcmp(old_data, fresh, length) == 0;
        free(old_data);
    }
    if (!is_same) {
        out = fopen(path, "wb");
        if (out == NULL || fwrite(fresh, 1, length, out) != length || fclose(out) != 0)
            fail(path, 0, "cannot be written");
    }
    free(fresh);
}

int main(int argc, char **argv)
{
    void (*add)(const char *path) = NULL;

    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[i], "--statements") == 0)
            add = add_statement;
        else if (strcmp(argv[i], "--migrations") == 0)
            add = add_migration;
        else if (add != NULL)
            add(argv[i]);
        else
            fail(argv[i], 0, "stands before --statements and --migrations");
    }
    if (argc < 2) {
        fputs("usage: embed_sql OUTDIR --statements file… --migrations file…\n", stderr);
        return EXIT_FAILURE;
    }
    write_output(argv[1], "sql_statements.h", write_header);
    write_output(argv[1], "sql_statements.c", write_table);
    write_output(argv[1], "sql_migrations.c", write_migrations);
    return EXIT_SUCCESS;
}
