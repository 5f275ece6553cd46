#include "db/embed/embed.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* See types.def. */
static const struct type {
    const char *name;
    unsigned oid, array_oid;
} types[] = {
#define TYPE(name, oid, array_oid) {#name, oid, array_oid},
#include "db/embed/types.def"
#undef TYPE
};

void fail(const char *path, int line, const char *format, ...)
{
    va_list args;

    fprintf(stderr, "%s:%d: ", path, line);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(EXIT_FAILURE);
}

char *read_file(const char *path, size_t *length)
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

bool is_identifier(const char *name)
{
    return *name >= 'a' && *name <= 'z' &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(name);
}

void take_base_name(const char *path, char *name, size_t bytes)
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
    int line = params->line == 0 ? 1 : params->line;
    bool is_used[ITEMS_MAX + 1] = {false};

    if (params->count > PARAMS_MAX)
        fail(statement->path, line, "has more than %d parameters", PARAMS_MAX);
    for (int i = 0; i < params->count; i++) {
        char *end = NULL;
        if (params->items[i].name[0] != '$' || strtol(params->items[i].name + 1, &end, 10) != i + 1 ||
            *end != '_')
            fail(statement->path, line, "parameter %d should be '$%d name type'", i + 1, i + 1);
    }
    for (const char *at = strchr(statement->text, '$'); at != NULL; at = strchr(at + 1, '$')) {
        long number = isdigit((unsigned char)at[1]) ? strtol(at + 1, NULL, 10) : 0;
        if (number > params->count)
            fail(statement->path, line, "$%ld is used and not named in the head", number);
        is_used[number] = true;
    }
    for (int i = 1; i <= params->count; i++)
        if (!is_used[i])
            fail(statement->path, line, "$%d is named in the head and not used", i);
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
    int batch_line; /* 0: none */
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
    } else if (sscanf(content, "batch: %d", &statement->batch_max) == 1 && statement->batch_max >= 2 &&
               statement->batch_max <= BATCH_MAX) {
        head->batch_line = line;
    } else if (strncmp(content, "lane:", 5) == 0 || strncmp(content, "retry:", 6) == 0) {
        fail(statement->path, line, "should be 'lane: read', 'lane: write' or 'retry: yes'");
    } else if (strncmp(content, "batch:", 6) == 0) {
        fail(statement->path, line, "should be 'batch: N' with N from 2 to %d", BATCH_MAX);
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

static void check_batch(const struct statement *statement, int line)
{
    const struct list *columns = &statement->columns;

    if (!statement->is_write || !statement->is_retryable)
        fail(statement->path, line, "a batch is of 'lane: write' and 'retry: yes'");
    if (columns->count == 0 || strcmp(columns->items[0].name, "member") != 0 ||
        strcmp(columns->items[0].type, "int8") != 0)
        fail(statement->path, line, "the first column of a batch is 'member int8'");
    for (int i = 0; i < statement->params.count; i++)
        if (strstr(statement->params.items[i].type, "[]") == NULL)
            fail(statement->path, line, "every parameter of a batch is an array");
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

void parse_statement(struct statement *statement)
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
    if (statement->batch_max > 0)
        check_batch(statement, head.batch_line);
}
