#pragma once
/* Routes of changes of the calendar: proposed, seen beforehand, approved by another, withdrawn. The work
 * itself is done by the jobs process (jobs/recount.h). */
#include "path/path.h"

extern const struct route calendar_change_routes[6];

/* calendar_change_body.c */
struct change_body {
    struct text calendar, agency, ground, document;
    int64_t reverses, document_date;
    struct field_list days;
};
extern const struct field change_fields[];
/* The days as a calendar's document has them. False: they cannot be, and the request has its errors; the
 * calendars are tried with the change on top. TEXT_NONE where another change is reversed. */
MUST_USE bool change_days(struct req *req, const struct change_body *body, struct text *days);
