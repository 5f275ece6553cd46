#pragma once
/*
 * The register book (Sổ theo dõi hồ sơ) of a one-stop unit over a span of days, and the sheet with which
 * results are handed over to it: as JSON by pages, as HTML, PDF or spreadsheet whole. One statement and one
 * permission for all of them.
 */
#include "path/path.h"

extern const struct route register_routes[1];
