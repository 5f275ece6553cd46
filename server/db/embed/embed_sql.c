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
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILES_MAX = 1000, ITEMS_MAX = 48, WORD_BYTES = 64, PATH_BYTES = 1024, SECTION_BYTES = 8192 };

static const struct type {
    const char *name;
    unsigned oid, array_oid;
} types[] = {
#define TYPE(name, oid, array_oid) {#name, oid, array_oid},
#include "db/embed/types.def"
#undef TYPE
};

struct item {
    char name[WORD_BYTES];
    char type[WORD_BYTES];
    unsigned oid;
};

struct list {
    int count, line; /* line of the file on which the section starts; 0: there is none */
    struct item items[ITEMS_MAX];
};

struct statement {
    const char *path;
    char name[WORD_BYTES];
    char *file; /* the whole file, ended by NUL */
    char *text; /* in it, behind the head */
    bool is_write, is_retryable;
    struct list params, columns;
};

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

_Noreturn __attribute__((format(printf, 3, 4))) static void fail(const char *path, int line,
                                                                 const char *format, ...)
{
    va_list args;

    fprintf(stderr, "%s:%d: ", path, line);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(EXIT_FAILURE);
}

static char *read_file(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    char *data = NULL;
    long size = 0;

    if (file == NULL || fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) < 0 ||
        fseek(file, 0, SEEK_SET) != 0)
        fail(path, 0, "cannot be read");
    data = malloc((size_t)size + 1);
    if (data == NULL || fread(data, 1, (size_t)size, file) != (size_t)size)
        fail(path, 0, "cannot be read");
    fclose(file);
    data[size] = '\0';
    *length = (size_t)size;
    if (memchr(data, '\0', (size_t)size) != NULL)
        fail(path, 0, "holds a NUL byte");
    return data;
}

static bool is_identifier(const char *name)
{
    return *name >= 'a' && *name <= 'z' &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(name);
}

/* The file's name without folder and ".sql". */
static void take_base_name(const char *path, char *name, size_t bytes)
{
    const char *base = strrchr(path, '/') == NULL ? path : strrchr(path, '/') + 1;
    size_t length = strlen(base);

    if (length < 5 || strcmp(base + length - 4, ".sql") != 0 || length - 4 >= bytes)
        fail(path, 0, "should be named <name>.sql, shorter than %zu bytes", bytes);
    memcpy(name, base, length - 4);
    name[length - 4] = '\0';
}

static unsigned type_oid(const char *name)
{
    size_t length = strlen(name);
    bool is_array = length > 2 && strcmp(name + length - 2, "[]") == 0;

    if (is_array)
        length -= 2;
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (strlen(types[i].name) == length && strncmp(types[i].name, name, length) == 0)
            return is_array ? types[i].array_oid : types[i].oid;
    return 0;
}

/* One "outcome text" or "$2 admissible states text[]": the last word is the type, the others are joined by
 * '_'. */
static void add_item(const struct statement *statement, struct list *list, char *part)
{
    struct item *item = &list->items[list->count];
    char *rest = NULL;
    char name[SECTION_BYTES] = "";
    char *last = NULL;

    if (list->count == ITEMS_MAX)
        fail(statement->path, list->line, "has more than %d parameters or columns", ITEMS_MAX);
    for (char *word = strtok_r(part, " \t", &rest); word != NULL; word = strtok_r(NULL, " \t", &rest)) {
        if (last != NULL)
            snprintf(name + strlen(name), sizeof(name) - strlen(name), "%s%s", name[0] == '\0' ? "" : "_",
                     last);
        last = word;
    }
    if (last == NULL || name[0] == '\0')
        fail(statement->path, list->line, "item %d: should be a name and a type", list->count + 1);
    if (strlen(name) >= WORD_BYTES || strlen(last) >= WORD_BYTES || (item->oid = type_oid(last)) == 0)
        fail(statement->path, list->line, "item %d: no known type '%s' (built-in short names only)",
             list->count + 1, last);
    memcpy(item->name, name, strlen(name) + 1);
    memcpy(item->type, last, strlen(last) + 1);
    list->count++;
}

static void parse_list(const struct statement *statement, struct list *list, char *section)
{
    char *rest = NULL;

    for (char *part = strtok_r(section, ",", &rest); part != NULL; part = strtok_r(NULL, ",", &rest))
        add_item(statement, list, part);
}

/* The names of parameters come as "$1_session": numbered in order, and each used in the text. */
static void check_params(const struct statement *statement)
{
    const struct list *params = &statement->params;
    bool is_used[ITEMS_MAX + 1] = {false};

    for (int i = 0; i < params->count; i++) {
        char *end = NULL;
        if (params->items[i].name[0] != '$' || strtol(params->items[i].name + 1, &end, 10) != i + 1 ||
            *end != '_')
            fail(statement->path, params->line, "parameter %d should be '$%d name type'", i + 1, i + 1);
    }
    for (const char *at = strchr(statement->text, '$'); at != NULL; at = strchr(at + 1, '$')) {
        long number = isdigit((unsigned char)at[1]) ? strtol(at + 1, NULL, 10) : 0;
        if (number > params->count)
            fail(statement->path, params->line, "$%ld is used and not named in the head", number);
        is_used[number] = true;
    }
    for (int i = 1; i <= params->count; i++)
        if (!is_used[i])
            fail(statement->path, params->line, "$%d is named in the head and not used", i);
}

static void check_columns(const struct statement *statement)
{
    const struct list *columns = &statement->columns;

    for (int i = 0; i < columns->count; i++) {
        if (!is_identifier(columns->items[i].name))
            fail(statement->path, columns->line, "column '%s' is no plain name", columns->items[i].name);
        if (strcmp(columns->items[i].name, "count") == 0)
            fail(statement->path, columns->line,
                 "no column may be named 'count': COL_…_COUNT is their number");
        for (int k = 0; k < i; k++)
            if (strcmp(columns->items[i].name, columns->items[k].name) == 0)
                fail(statement->path, columns->line, "column '%s' stands twice", columns->items[i].name);
    }
}

/* Cuts blanks and the one semicolon at the end, and refuses a second statement. */
static void trim_text(const struct statement *statement)
{
    char *text = statement->text;
    size_t length = strlen(text);
    bool is_quoted = false;
    bool is_comment = false;

    while (length > 0 && isspace((unsigned char)text[length - 1]))
        text[--length] = '\0';
    if (length > 0 && text[length - 1] == ';')
        text[--length] = '\0';
    if (length == 0)
        fail(statement->path, 1, "has a head and no statement");
    for (const char *at = text; *at != '\0'; at++) {
        is_comment = is_comment ? *at != '\n' : !is_quoted && at[0] == '-' && at[1] == '-';
        if (!is_comment && *at == '\'')
            is_quoted = !is_quoted;
        if (!is_comment && !is_quoted && *at == ';')
            fail(statement->path, 1, "holds more than one statement");
    }
}

/* What the lines of a head are gathered into, since parameters and columns may go on over several lines. */
struct head {
    char params[SECTION_BYTES], columns[SECTION_BYTES];
    char *open; /* the section the next line may go on with; NULL: the purpose */
    bool has_lane;
};

static void append(const struct statement *statement, int line, char *section, const char *more)
{
    size_t length = strlen(section);

    if (length + strlen(more) + 2 > SECTION_BYTES)
        fail(statement->path, line, "the head is too long");
    snprintf(section + length, SECTION_BYTES - length, " %s", more);
}

static void take_first_line(const struct statement *statement, const char *content)
{
    size_t length = strlen(statement->name);

    if (strncmp(content, statement->name, length) != 0 || content[length] != ':' ||
        content[length + 1] != ' ' || strlen(content) < length + 4)
        fail(statement->path, 1, "should begin with '-- %s: what it is for.'", statement->name);
}

static void take_head_line(struct statement *statement, struct head *head, int line, const char *content)
{
    if (line == 1) {
        take_first_line(statement, content);
    } else if (strcmp(content, "lane: read") == 0 || strcmp(content, "lane: write") == 0) {
        statement->is_write = content[6] == 'w';
        head->has_lane = true;
    } else if (strcmp(content, "retry: yes") == 0) {
        statement->is_retryable = true;
    } else if (strncmp(content, "lane:", 5) == 0 || strncmp(content, "retry:", 6) == 0) {
        fail(statement->path, line, "should be 'lane: read', 'lane: write' or 'retry: yes'");
    } else if (content[0] == '$') {
        head->open = head->params;
        statement->params.line = statement->params.line == 0 ? line : statement->params.line;
        append(statement, line, head->params, content);
    } else if (content[0] == '>') {
        if (statement->columns.line != 0)
            fail(statement->path, line, "the columns stand twice");
        head->open = head->columns;
        statement->columns.line = line;
        append(statement, line, head->columns, content + 1);
    } else if (head->open != NULL) {
        append(statement, line, head->open, content);
    } else if (head->has_lane) {
        fail(statement->path, line, "neither parameters ('$1 name type') nor columns ('> name type')");
    }
}

/* A line of parameters may end with or without its comma; the next one starts with '$'. */
static void join_params(char *section)
{
    size_t length = strlen(section);

    for (size_t i = 1; i < length; i++) {
        size_t before = i;
        while (before > 0 && section[before - 1] == ' ')
            before--;
        if (section[i] == '$' && before > 0 && before < i && section[before - 1] != ',')
            section[i - 1] = ',';
    }
}

static void parse_statement(struct statement *statement)
{
    static struct head head;
    size_t length = 0;
    int line = 0;

    memset(&head, 0, sizeof(head));
    take_base_name(statement->path, statement->name, sizeof(statement->name));
    if (!is_identifier(statement->name))
        fail(statement->path, 1, "a statement's name is small letters, digits and '_'");
    statement->file = read_file(statement->path, &length);
    statement->text = statement->file;
    while (strncmp(statement->text, "--", 2) == 0) {
        char *content = statement->text + 2 + strspn(statement->text + 2, " ");
        char *end = strchr(content, '\n');
        if (end == NULL)
            fail(statement->path, line + 1, "has a head and no statement");
        *end = '\0';
        take_head_line(statement, &head, ++line, content);
        statement->text = end + 1;
    }
    if (line == 0)
        fail(statement->path, 1, "should begin with '-- %s: what it is for.'", statement->name);
    if (!head.has_lane)
        fail(statement->path, line, "lacks 'lane: read' or 'lane: write'");
    if (statement->columns.line == 0)
        fail(statement->path, line, "lacks its columns ('> name type, …' or '> nothing')");
    trim_text(statement);
    join_params(head.params);
    parse_list(statement, &statement->params, head.params);
    if (strcmp(head.columns + strspn(head.columns, " "), "nothing") != 0)
        parse_list(statement, &statement->columns, head.columns);
    check_params(statement);
    check_columns(statement);
}

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
        fprintf(out, "    {\"%s\", text_%d, %s, %s, %d, %d", statement->name, i,
                statement->is_write ? "SQL_LANE_WRITE" : "SQL_LANE_READ",
                statement->is_retryable ? "true" : "false", statement->params.count,
                statement->columns.count);
        write_pointer(out, "param_oids", i, statement->params.count > 0);
        write_pointer(out, "param_types", i, statement->params.count > 0);
        write_pointer(out, "columns", i, statement->columns.count > 0);
        fputs("},\n", out);
    }
    fputs("    {NULL, NULL, SQL_LANE_READ, false, 0, 0, NULL, NULL, NULL},\n};\n", out);
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
