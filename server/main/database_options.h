#pragma once
/* The database connections of a process, from the configuration; the password is read from its file here. */
#include "db/db.h"
#include "main/secret.h"

struct config;

struct database_options {
    struct db_options db; /* points into this struct and into the configuration */
    char password[SECRET_BYTES_MAX];
};

/* Reads a file, so only at the start of a process. A password file that cannot be read counts as none; the
 * connection then fails and says so. */
void database_options_read(struct database_options *options, const struct config *config);
