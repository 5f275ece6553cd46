#pragma once
/*
 * A change of the calendar that stands above the files: a late decree, a storm, a make-up day withdrawn. The
 * calendars that count are those of the catalogue with every approved change on top, in the order of their
 * approval; the files may be loaded again and the changes stay. Pure; nothing is copied that can be shared.
 */
#include "calendar/book.h"
#include "catalogue/catalogue.h"

/* Either a calendar by its code, or one agency and those below it that have no calendar of their own. */
struct calendar_change {
    int64_t id;               /* 0: proposed */
    struct text calendar;     /* length 0: an agency's */
    struct text agency;       /* length 0: a calendar's */
    const struct cJSON *days; /* as in a calendar's document; kind PLAIN takes the day's own entry away */
    struct text source;       /* the document it rests on, for days that name none; may be empty */
};

enum { CALENDAR_CHANGE_DAYS_MAX = 60 };

/* The calendars of the catalogue with all these changes, compiled. NULL: *faults says why; a fault of the
 * n-th day of the last change that is in its own entry has the file "" and the pointer "/days/n". */
const struct calendar_book *calendars_build(struct arena *arena, const struct catalogue *catalogue,
                                            const struct calendar_change *changes, size_t count,
                                            struct calendar_faults *faults);
/* The one that counts for an agency: its own change, its own calendar, or those above it. NULL: none has one.
 */
const struct calendar *calendars_of(const struct calendar_book *book, const struct agency *agency);

/* The change reaches this agency. */
bool calendar_change_reaches(const struct catalogue *catalogue, const struct calendar_change *change,
                             const struct agency *agency);
/* JSON array: what stood at the days of `change` before it, as days of the change that takes it back. */
struct text calendar_change_opposite(struct arena *arena, const struct catalogue *catalogue,
                                     const struct calendar_change *before, size_t count,
                                     const struct calendar_change *change);
/* The changed days; returns how many. What is no date is left out: the build says so. */
size_t calendar_change_days(const struct calendar_change *change,
                            int32_t days[static CALENDAR_CHANGE_DAYS_MAX]);
