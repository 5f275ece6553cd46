#pragma once
/*
 * The clock with its stops: what a limit becomes after supplements and financial duties.
 *
 * A stop begins when the notice is sent and ends where the complete papers, taken by the desk, begin to
 * count. Stops that overlap count once. PAUSE: what was left of the limit runs on; RESTART: the full limit
 * runs again.
 * - Limits in worked time go on by the worked minutes that were left: whole 8-hour days keep the clock time,
 * the rest ends on the earlier side. Calendar days and months: the last day moves by the days between stop
 * and resume, both normalised, never before the resume; then it is rolled to a worked day.
 * - A stop after the legal limit changes nothing: a dossier that is late stays late. A stop between the
 * printed clock time and the close of the same day leaves nothing over: due on the day of the resume.
 */
#include "calendar/due.h"

struct calendar_pause {
    int64_t stop_s, resume_s; /* resume_s 0: still stopped */
    bool is_restart;
};

/* More stops than a dossier can have (PAUSES_MAX of the dossier is smaller). */
enum { CALENDAR_PAUSES_MAX = 64 };

struct calendar_clock {
    struct calendar_due due; /* as it is now; received_s and starts_s stay those of the receipt */
    int64_t original_due_clock_s, original_due_eod_s;
    int64_t runs_since_s;  /* start of the present run: the receipt, or the last resume that counted */
    int64_t limit_min;     /* worked minutes of the full limit, as it was at the last start */
    int64_t used_min;      /* worked minutes used before the last stop that counted; 0 after a restart */
    int64_t remaining_min; /* what was left there: limit_min - used_min, at least 0 */
    bool is_stopped;       /* an open stop: due_clock_s and due_eod_s are 0 until it ends */
};

/* The pauses in any order, overlapping or not. False as in calendar_due_find(), or when a pause ends before
 * it begins, or when there are more than CALENDAR_PAUSES_MAX. */
MUST_USE bool calendar_clock_find(const struct calendar *calendar, const struct calendar_limit *limit,
                                  int64_t received_s, const struct calendar_pause *pauses, size_t count,
                                  struct calendar_clock *clock);
/* Worked minutes the agency had the dossier between two instants, stops left out. */
int64_t calendar_running_min(const struct calendar *calendar, int64_t from_s, int64_t to_s,
                             const struct calendar_pause *pauses, size_t count);
