#pragma once
/*
 * Catalogue files: `motcua catalogue check DIR` and `motcua catalogue load DIR`. Reads every *.json below DIR
 * in the order of their names, and those of the folder `calendars` beside it; says all faults it finds; loads
 * all or nothing. Blocking; the daemon never calls it, it reads the database (sql/catalogue_snapshot.sql).
 */
#include <stdio.h>

/* Exit status: EX_OK, EX_NOINPUT where the folder cannot be read, EX_DATAERR after faults, which are on
 * `out`. */
int catalogue_check_folder(const char *folder, FILE *out);
/* The same, then one transaction. EX_UNAVAILABLE: no connection. */
int catalogue_load_folder(const char *folder, const char *conninfo, FILE *out);
/* Every rule of the check and what it asks. */
void catalogue_list_rules(FILE *out);
