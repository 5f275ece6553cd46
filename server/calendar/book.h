#pragma once
/*
 * The book of calendars: read from JSON, checked, and compiled together, since a calendar may inherit from
 * another one. The same document is a file of config/calendars and the body of a row in PostgreSQL.
 *
 * {"code": "VN", "name": "…", "parent": null, "known_until": "2026-12-31",
 *  "weeks": [{"valid_from": null, "valid_to": null, "source": "…",
 *             "days": [{"weekdays": ["MON", "TUE"],
 *                       "sessions": [["07:00", "11:30"], ["13:30", "17:00"]]}]}],
 *  "days": [{"date": "2026-01-10", "kind": "MAKEUP_WORK", "name": "…",
 *            "makes_up_for": "2026-01-02", "sessions": [["07:00", "11:30"]],
 *            "source": "…", "sureness": "sure"}],
 *  "notices": [{"year": 2026, "source": "…", "note": "…"}]}
 *
 * weeks: periods without gap or overlap, from null (always) to null (open end), ends included; a weekday not
 * named rests. A child without weeks has its parent's, a child with weeks has only its own. Days add to the
 * parent's and replace those of the same date, but nothing wins over a holiday. A make-up day works its own
 * sessions, else those of the weekday it makes up for, else those of the first worked weekday. kind OWN_HOURS
 * needs sessions; HOLIDAY, COMP_OFF, SWAP_OFF and CLOSED have none.
 */
#include <cjson/cJSON.h>
#include <stdio.h>

#include "calendar/calendar.h"

struct calendar_book;

/* Like the faults of the catalogue: file, JSON pointer, stable rule, words in Vietnamese. Lives in the
 * arena. */
struct calendar_fault {
    const char *file, *pointer, *rule, *message;
    struct calendar_fault *next;
};

struct calendar_faults {
    struct calendar_fault *first, *last;
    size_t count; /* all of them; only the first 100 are kept */
};

/* One document: a calendar, or {"calendars": [calendar, …]}. */
struct calendar_source {
    const char *file; /* for faults */
    const cJSON *body;
};

/* What one calendar takes at most, its own days and all; usually it is a fifth. An arena for n of them has n
 * times this, and in calendar_book_parse() some 200 bytes more for each value of the text. */
enum { CALENDAR_BYTES_MAX = 2 * 1024 * 1024 };

/* NULL: *faults says why. The book refers to nothing outside the arena; the documents may end. */
struct calendar_book *calendar_book_build(struct arena *arena, const struct calendar_source *sources,
                                          size_t count, struct calendar_faults *faults);
/* The same from the text of one document. */
struct calendar_book *calendar_book_parse(struct arena *arena, const char *file, struct text json,
                                          struct calendar_faults *faults);
/* NULL: no such code. */
const struct calendar *calendar_find(const struct calendar_book *book, struct text code);
size_t calendar_book_size(const struct calendar_book *book);
/* In the order of their codes. */
const struct calendar *calendar_book_at(const struct calendar_book *book, size_t index);
/* One line each: file: pointer: rule: message. */
void calendar_faults_print(const struct calendar_faults *faults, FILE *out);
