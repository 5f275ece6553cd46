#pragma once
/*
 * A list as a spreadsheet: what the render process is asked to write. A cell says only its value; its column
 * says whether that is text, a number, money or an instant. Text stays text, whatever it begins with.
 */
#include "core/json_out.h"

enum sheet_kind { SHEET_TEXT, SHEET_NUMBER, SHEET_MONEY, SHEET_INSTANT };

struct sheet_column {
    const char *title;
    enum sheet_kind kind;
    unsigned width; /* in characters */
};

enum { SHEET_ROWS_MAX = 5000 };

/* Until sheet_end() each row is one JSON array of a value (or null) for each column. `about`: which filters
 * and span made the list. */
struct json_out sheet_begin(struct arena *arena, const char *title, const char *about,
                            const struct sheet_column *columns, size_t count);
struct text sheet_end(struct json_out *out);
/* 0 is an empty cell. */
void sheet_instant(struct json_out *out, int64_t at_s);
