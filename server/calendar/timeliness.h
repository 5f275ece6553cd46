#pragma once
/*
 * Early, on time or overdue. Dossiers with limits in days are judged by date (the practice of report 06),
 * limits in hours and steps by worked minutes: two instants with no worked minute between them are equal.
 *
 * The due is the original one, moved by pauses alone: neither an apology with a new appointment nor the day
 * the citizen came for the result is asked here, on purpose.
 */
#include "calendar/due.h"

/* The first four in the order of enum timeliness of dossier/dossier.h. */
enum calendar_timeliness {
    CALENDAR_UNJUDGED,
    CALENDAR_EARLY,
    CALENDAR_ON_TIME,
    CALENDAR_OVERDUE,
    CALENDAR_IN_TERM,  /* still running, the due not passed */
    CALENDAR_PAST_DUE, /* still running, the due passed */
};

/* A finished dossier. due_legal_s: calendar_due_legal(); 0: unlimited, always on time. Withdrawn dossiers are
 * never early: report 06 counts them as on time. */
enum calendar_timeliness calendar_finished_class(const struct calendar *calendar, enum calendar_unit unit,
                                                 int64_t due_legal_s, int64_t finished_s, bool is_withdrawn);
/* One that is not finished, at the end of a period; stopped ones as of their stop. */
enum calendar_timeliness calendar_running_class(const struct calendar *calendar, enum calendar_unit unit,
                                                int64_t due_legal_s, int64_t as_of_s);
/* One line of the control slip. */
enum calendar_timeliness calendar_step_class(int64_t used_min, int64_t quota_min);
const char *calendar_timeliness_name(enum calendar_timeliness timeliness); /* "EARLY"; NULL for unjudged */
