#pragma once
/*
 * Figures for those who answer for others: how many dossiers are late, soon will be, and were finished in
 * time, by unit and step. Each figure carries the address of its list, and both read the same rows.
 */
#include "dossier/dossier_view.h"

extern const struct route reports_routes[2];

/* Rows of open work that one figure or list looks at, at most. */
enum { REPORT_ROWS_MAX = 100000 };

/* What figures and lists ask alike; days and instants FIELD_ABSENT where not given. */
struct report_query {
    struct text agency, unit, phase, measure, cursor;
    int64_t until, from, to, limit;
};

/* The question with its defaults: until Monday 00:00, from the first of the year to today. */
struct report_span {
    int64_t now_s, until_s;
    int32_t from_day, to_day;
};

/* False: refused already, *act says how. */
MUST_USE bool report_span_of(struct req *req, const struct report_query *query, struct report_span *span,
                             enum act *act);
/* A day as SQL takes it. */
const char *report_day(struct req *req, int32_t day);

extern const struct field report_list_fields[];
enum act report_list_ask(struct req *req);
