#pragma once
/*
 * The rows of config_keys.def as data, for the files of the configuration alone: found by name, and the
 * nearest one where a name is wrong.
 */
#include "core/config.h"

struct config_row {
    const char *section;
    const char *key;
    enum config_kind kind;
    size_t offset;       /* of the field in struct config */
    const char *value;   /* the default, as it would stand in a file */
    const char *allowed; /* see config_keys.def */
    const char *about;
};

extern const struct config_row config_rows[CONFIG_KEY_COUNT];

/* NULL where there is none. */
const struct config_row *config_row_find(struct text section, struct text key);
bool config_section_exists(struct text section);
/* What was probably meant; NULL where nothing is near. */
const struct config_row *config_row_nearest(struct text section, struct text key);
const char *config_section_nearest(struct text section);
