#pragma once
/*
 * When time itself has something to say about a dossier: the instants to watch, as far as they can be known
 * from what it is now. Every change computes them anew; the jobs process only waits for them
 * (schema/0010_watch.sql). Pure, and whole: instants that have passed already are in the list too, the caller
 * leaves them out.
 */
#include "dossier/dossier.h"

/* TIMER(NAME, "label for people"): names equal motcua.timer_kind. */
#define TIMERS(TIMER)                                                                                        \
    TIMER(WARN_80, "Đã dùng 80% thời hạn giải quyết")                                                        \
    TIMER(WARN_1DAY, "Còn một ngày làm việc đến hẹn trả")                                                    \
    TIMER(STEP_OVERDUE, "Bước xử lý đã quá hạn")                                                             \
    TIMER(OVERDUE, "Hồ sơ đã quá hạn")                                                                       \
    TIMER(REAPPOINTED_OVERDUE, "Đã quá ngày hẹn lại, không hẹn lại lần hai")                                 \
    TIMER(SUPPLEMENT_EXPIRED, "Hết hạn bổ sung, đề nghị dừng hoặc từ chối")                                  \
    TIMER(ANSWER_OVERDUE, "Quá 8 giờ làm việc chưa trả lời tiếp nhận")                                       \
    TIMER(HANDOVER_OVERDUE, "Bàn giao quá 4 giờ làm việc chưa có người nhận")                                \
    TIMER(UNCLAIMED, "Kết quả chưa có người đến nhận")                                                       \
    TIMER(UNCLAIMED_AGAIN, "Nhắc lần hai: kết quả chưa có người đến nhận")                                   \
    TIMER(CONSULTATION_OVERDUE, "Quá hạn mà đơn vị được hỏi chưa trả lời")

enum timer_kind {
#define TIMER_ENUM(name, label) TIMER_##name,
    TIMERS(TIMER_ENUM)
#undef TIMER_ENUM
        TIMER_COUNT
};

/* A province's own figures; law where it says them, practice where not. */
struct timer_settings {
    int64_t warn_percent;   /* of the limit's worked minutes */
    int64_t answer_min;     /* worked minutes for the first answer to a submission (NQ 66.7/2025: 8 hours) */
    int64_t handover_min;   /* worked minutes until a hand-over not taken alarms both sides */
    int64_t unclaimed_days; /* calendar days after the result was ready; the second reminder at twice that */
};

struct timer {
    enum timer_kind kind;
    int64_t at_s; /* the first instant at which it is so: overdue, not "just due" */
};

/* `state_since_s`: when the dossier came into its present state. Sorted by instant; returns how many. */
size_t dossier_timers(const struct dossier *dossier, int64_t state_since_s,
                      const struct timer_settings *settings, const struct calendar *calendar,
                      struct timer timers[static TIMER_COUNT]);
const char *timer_name(enum timer_kind kind); /* "WARN_80" */
/* False: no such kind. */
MUST_USE bool timer_from_name(struct text name, enum timer_kind *kind);
const char *timer_label(enum timer_kind kind);

/*
 * The instant by which the open step must have ended so that all later steps, each using its whole quota,
 * still end by the printed due: the due less their worked minutes. Never later than the due; the due itself
 * where no step follows; 0 without a due. This and the step's own deadline order the inbox.
 */
int64_t dossier_latest_handover(const struct dossier *dossier, const struct calendar *calendar);
/* The instant that many worked minutes before `from`, on the later side. */
int64_t worked_before(const struct calendar *calendar, int64_t from_s, int64_t worked_min);
