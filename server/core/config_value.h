#pragma once
/*
 * One value of the configuration: from the text of a file, the environment or --set into its field and back,
 * with units and ranges. For the files of the configuration alone.
 */
#include "core/config_table.h"

/* False: the field is left alone; config_value_expected() says what would have been right. */
MUST_USE bool config_value_set(struct config *config, const struct config_row *row, struct text value,
                               struct arena *arena);
/* "a duration from 100ms to 1h (units ms s min h d)" */
const char *config_value_expected(const struct config_row *row, struct arena *arena);
/* The value in its largest whole unit, as it could stand in a file; passwords in it are masked. */
void config_value_print(const struct config *config, const struct config_row *row, FILE *out);
