#include "core/config_table.h"

#include <stddef.h>

enum { NAME_BYTES_MAX = 63 };

const struct config_row config_rows[CONFIG_KEY_COUNT] = {
#define CONFIG_KEY(section_, key_, kind_, field_, value_, allowed_, about_)                                  \
    {section_, key_, kind_, offsetof(struct config, field_), value_, allowed_, about_},
#include "core/config_keys.def"
#undef CONFIG_KEY
};

const struct config_row *config_row_find(struct text section, struct text key)
{
    for (size_t i = 0; i < CONFIG_KEY_COUNT; i++)
        if (text_equal(text_of(config_rows[i].section), section) &&
            text_equal(text_of(config_rows[i].key), key))
            return &config_rows[i];
    return NULL;
}

bool config_section_exists(struct text section)
{
    for (size_t i = 0; i < CONFIG_KEY_COUNT; i++)
        if (text_equal(text_of(config_rows[i].section), section))
            return true;
    return false;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* How many letters must be put in, taken out or exchanged to turn a into b (Levenshtein), kept row by row. */
static unsigned distance(struct text a, struct text b)
{
    unsigned row[NAME_BYTES_MAX + 1];

    if (a.length > NAME_BYTES_MAX || b.length > NAME_BYTES_MAX)
        return NAME_BYTES_MAX;
    for (unsigned j = 0; j <= b.length; j++)
        row[j] = j;
    for (unsigned i = 1; i <= a.length; i++) {
        unsigned diagonal = row[0];

        row[0] = i;
        for (unsigned j = 1; j <= b.length; j++) {
            unsigned const exchanged = diagonal + (a.data[i - 1] == b.data[j - 1] ? 0 : 1);

            diagonal = row[j];
            row[j] = least(exchanged, least(row[j], row[j - 1]) + 1);
        }
    }
    return row[b.length];
}

/* Not near: more than a third of the name is wrong. */
static unsigned near_max(size_t length)
{
    return (unsigned)length / 3 + 1;
}

const struct config_row *config_row_nearest(struct text section, struct text key)
{
    const struct config_row *nearest = NULL;
    unsigned nearest_distance = near_max(section.length + key.length) + 1;

    for (size_t i = 0; i < CONFIG_KEY_COUNT; i++) {
        unsigned const of_key = distance(key, text_of(config_rows[i].key));
        unsigned const of_section = distance(section, text_of(config_rows[i].section));
        /* The right key in a wrong section is the commonest slip: a section is never further than 1. */
        unsigned const both = of_key > near_max(key.length) ? NAME_BYTES_MAX : of_key + least(of_section, 1);

        if (both < nearest_distance) {
            nearest_distance = both;
            nearest = &config_rows[i];
        }
    }
    return nearest;
}

const char *config_section_nearest(struct text section)
{
    const char *nearest = NULL;
    unsigned nearest_distance = near_max(section.length) + 1;

    for (size_t i = 0; i < CONFIG_KEY_COUNT; i++) {
        unsigned const d = distance(section, text_of(config_rows[i].section));

        if (d < nearest_distance) {
            nearest_distance = d;
            nearest = config_rows[i].section;
        }
    }
    return nearest;
}
