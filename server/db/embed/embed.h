#pragma once
/*
 * What the halves of embed_sql share: head.c reads the heads, embed_sql.c writes what is made of them.
 */
#include <stdbool.h>
#include <stddef.h>

enum {
    FILES_MAX = 1000,
    ITEMS_MAX = 200,
    PARAMS_MAX = 64,
    WORD_BYTES = 64,
    PATH_BYTES = 1024,
    SECTION_BYTES = 8192,
    BATCH_MAX = 64
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
    int batch_max; /* 0: never with others */
    struct list params, columns;
};

_Noreturn __attribute__((format(printf, 3, 4))) void fail(const char *path, int line, const char *format,
                                                          ...);
/* The whole file with a NUL behind it; never freed. */
char *read_file(const char *path, size_t *length);
bool is_identifier(const char *name);
/* The file's name without folder and ".sql". */
void take_base_name(const char *path, char *name, size_t bytes);
/* Fills in what the file at statement->path says, or ends the program with file and line. */
void parse_statement(struct statement *statement);
