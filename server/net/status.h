#pragma once
/*
 * The words behind a status code; clients go by the number alone.
 */

/* "Not Found"; "Unknown" where nothing is registered. */
const char *status_reason(int status);
