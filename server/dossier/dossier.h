#pragma once
/*
 * The dossier as the rules see it: its states, what may be done to it, and the one decision,
 * dossier_decide().
 *
 * Pure: snapshot + action + actor + input + calendar + now → a refusal, or the complete list of changes.
 * Nothing here reads a clock, a database or a request. Source: lifecycle rules from NĐ 61/2018 (NĐ 107/2021),
 * NĐ 118/2025 (art. 18, 21), TT 01/2018 and TT 03/2025, NĐ 297/2025 (art. 6); docs/lifecycle.md has the table
 * for people.
 */
#include <stdbool.h>
#include <stdint.h>

#include "core/text.h"
#include "identity/role.h"

struct calendar;

/* STATE(NAME, national portal's status 1–10 or 0, clock, "label for people"); order as in lifecycle §2. */
#define STATES(STATE)                                                                                        \
    STATE(DRAFT, 0, NONE, "Đang soạn")                                                                       \
    STATE(SUBMITTED, 1, NONE, "Mới đăng ký, chờ tiếp nhận")                                                  \
    STATE(INTAKE_SUPPLEMENT, 5, NONE, "Chờ công dân bổ sung trước khi tiếp nhận")                            \
    STATE(INTAKE_REFUSED, 3, NONE, "Không được tiếp nhận")                                                   \
    STATE(ACCEPTED, 2, RUN, "Đã tiếp nhận")                                                                  \
    STATE(IN_TRANSFER, 4, RUN, "Đang chuyển đến nơi giải quyết")                                             \
    STATE(ASSIGNING, 4, RUN, "Chờ phân công xử lý")                                                          \
    STATE(PROCESSING, 4, RUN, "Đang xử lý")                                                                  \
    STATE(CONSULTING, 4, RUN, "Đang lấy ý kiến")                                                             \
    STATE(SUPPLEMENT_WAIT, 5, STOP, "Chờ công dân bổ sung hồ sơ")                                            \
    STATE(FINANCIAL_WAIT, 6, STOP, "Chờ thực hiện nghĩa vụ tài chính")                                       \
    STATE(REVIEW, 4, RUN, "Đang thẩm tra dự thảo")                                                           \
    STATE(SIGNING, 4, RUN, "Đang trình ký")                                                                  \
    STATE(ISSUING, 4, RUN, "Đang phát hành kết quả")                                                         \
    STATE(LEG_HANDOVER, 4, RUN, "Đang chuyển cơ quan tiếp theo")                                             \
    STATE(RESULT_READY, 9, ENDED, "Đã có kết quả, chờ trả")                                                  \
    STATE(RETURN_IN_POST, 9, ENDED, "Đang gửi kết quả qua bưu chính")                                        \
    STATE(RETURNED, 10, ENDED, "Đã trả kết quả")                                                             \
    STATE(REFUSED_WITH_REASON, 9, ENDED, "Từ chối giải quyết, có văn bản nêu lý do")                         \
    STATE(WITHDRAW_REQUESTED, 7, STOP, "Công dân yêu cầu rút hồ sơ")                                         \
    STATE(WITHDRAWN, 7, ENDED, "Đã rút hồ sơ")                                                               \
    STATE(STOPPED, 8, ENDED, "Dừng xử lý")                                                                   \
    STATE(UNCLAIMED, 9, ENDED, "Chưa có người đến nhận kết quả")                                             \
    STATE(ARCHIVED, 10, ENDED, "Đã lưu trữ")

enum dossier_state {
#define STATE_ENUM(name, portal, clock, label) STATE_##name,
    STATES(STATE_ENUM)
#undef STATE_ENUM
        STATE_COUNT
};

enum dossier_clock { CLOCK_NONE, CLOCK_RUN, CLOCK_STOP, CLOCK_ENDED };

/* ACTION(NAME, "name in JSON", "label for people") */
#define ACTIONS(ACTION)                                                                                      \
    ACTION(ACCEPT, "accept", "Tiếp nhận")                                                                    \
    ACTION(TRANSFER, "transfer", "Chuyển hồ sơ đến nơi giải quyết")                                          \
    ACTION(ACKNOWLEDGE, "acknowledge", "Xác nhận đã nhận hồ sơ")                                             \
    ACTION(ASSIGN, "assign", "Phân công xử lý")                                                              \
    ACTION(REDIRECT, "redirect", "Chuyển đúng nơi giải quyết")                                               \
    ACTION(CONSULT, "consult", "Lấy ý kiến")                                                                 \
    ACTION(ANSWER_CONSULTATION, "answer_consultation", "Trả lời lấy ý kiến")                                 \
    ACTION(END_CONSULTATION, "end_consultation", "Tiếp tục khi quá hạn mà chưa có ý kiến")                   \
    ACTION(REQUEST_SUPPLEMENT, "request_supplement", "Yêu cầu bổ sung hồ sơ")                                \
    ACTION(RECEIVE_SUPPLEMENT, "receive_supplement", "Nhận hồ sơ bổ sung")                                   \
    ACTION(REQUEST_PAYMENT, "request_payment", "Yêu cầu thực hiện nghĩa vụ tài chính")                       \
    ACTION(CONFIRM_PAYMENT, "confirm_payment", "Xác nhận đã thực hiện nghĩa vụ tài chính")                   \
    ACTION(SUBMIT_FOR_REVIEW, "submit_for_review", "Trình lãnh đạo phòng")                                   \
    ACTION(SUBMIT_FOR_SIGNATURE, "submit_for_signature", "Trình ký")                                         \
    ACTION(REWORK, "rework", "Trả lại để làm lại")                                                           \
    ACTION(SIGN, "sign", "Ký duyệt")                                                                         \
    ACTION(ISSUE, "issue", "Phát hành kết quả")                                                              \
    ACTION(HAND_OVER_LEG, "hand_over_leg", "Bàn giao cho cơ quan tiếp theo")                                 \
    ACTION(ACKNOWLEDGE_LEG, "acknowledge_leg", "Nhận bàn giao liên thông")                                   \
    ACTION(RETURN_RESULT, "return_result", "Trả kết quả")                                                    \
    ACTION(GIVE_TO_POST, "give_to_post", "Gửi kết quả qua bưu chính")                                        \
    ACTION(CONFIRM_DELIVERY, "confirm_delivery", "Xác nhận đã giao kết quả")                                 \
    ACTION(REFUSE, "refuse", "Từ chối")                                                                      \
    ACTION(REQUEST_WITHDRAWAL, "request_withdrawal", "Ghi nhận yêu cầu rút hồ sơ")                           \
    ACTION(CONFIRM_WITHDRAWAL, "confirm_withdrawal", "Cho rút hồ sơ")                                        \
    ACTION(TURN_DOWN_WITHDRAWAL, "turn_down_withdrawal", "Không cho rút hồ sơ")                              \
    ACTION(STOP, "stop", "Dừng giải quyết")                                                                  \
    ACTION(APOLOGISE, "apologise", "Xin lỗi và hẹn lại")                                                     \
    ACTION(REOPEN, "reopen", "Mở lại hồ sơ")                                                                 \
    ACTION(COLLECT_FEE, "collect_fee", "Thu phí, lệ phí")                                                    \
    ACTION(MARK_UNCLAIMED, "mark_unclaimed", "Ghi nhận chưa có người đến nhận")                              \
    ACTION(ARCHIVE, "archive", "Chuyển lưu trữ")                                                             \
    ACTION(CORRECT_TIMELINESS, "correct_timeliness", "Đính chính kết quả đúng hạn, quá hạn")

enum dossier_action {
#define ACTION_ENUM(name, json, label) ACTION_##name,
    ACTIONS(ACTION_ENUM)
#undef ACTION_ENUM
        ACTION_COUNT
};

/* Which part of the internal process a state belongs to; each has its own quota of worked minutes. */
enum dossier_phase {
    PHASE_NONE,
    PHASE_DESK,
    PHASE_ASSIGN,
    PHASE_PROCESS,
    PHASE_REVIEW,
    PHASE_SIGN,
    PHASE_ISSUE,
    PHASE_RETURN,
    PHASE_COUNT
};

/* What an action may need; a mask of these stands in each rule row, and one more mask says what it may take.
 */
enum dossier_need {
    NEED_HANDLER = 1 << 0,  /* handler: who shall process it (user id; the caller has checked the person) */
    NEED_UNIT = 1 << 1,     /* unit: where it goes */
    NEED_REASON = 1 << 2,   /* reason */
    NEED_GROUND = 1 << 3,   /* ground: the legal text it rests on */
    NEED_ITEMS = 1 << 4,    /* items: [{component, reason}], at least one */
    NEED_QUESTION = 1 << 5, /* question */
    NEED_OPINION = 1 << 6,  /* opinion */
    NEED_DOCUMENT = 1 << 7, /* document_number and document_date */
    NEED_RECEIVER = 1 << 8, /* receiver_name */
    NEED_AUTHORISATION = 1 << 9,  /* authorisation: paper of who collects for the owner */
    NEED_POSTAL_NUMBER = 1 << 10, /* postal_number */
    NEED_PROOF = 1 << 11,         /* proof: of delivery or payment */
    NEED_NEW_DUE = 1 << 12,       /* new_due_at */
    NEED_NOTE = 1 << 13,          /* note */
    NEED_STEP_DUE = 1 << 14,      /* step_due: the holder's own deadline */
    NEED_AMOUNT = 1 << 15,        /* amount in đồng */
    NEED_METHOD = 1 << 16,        /* method: CASH, TRANSFER, ONLINE */
    NEED_REFUSAL_DRAFT = 1 << 17, /* is_refusal: the draft is a refusal */
    NEED_TARGET = 1 << 18,        /* to: which state a rework goes back to */
    NEED_ADDRESS = 1 << 19,       /* address: of the parcel */
    NEED_CAUSE = 1 << 20,         /* cause: why it was or will be late, one of the codes of the report */
};

enum clock_kind {
    CLOCK_NO_ENTRY,
    CLOCK_START,
    CLOCK_PAUSE,
    CLOCK_RESUME,
    CLOCK_RESTART,
    CLOCK_END,
    CLOCK_REAPPOINT,
    CLOCK_CORRECT
};

enum limit_unit {
    LIMIT_NONE,
    LIMIT_WORK_DAY,
    LIMIT_CAL_DAY,
    LIMIT_MONTH,
    LIMIT_WORK_HOUR,
    LIMIT_SAME_DAY_15
};

enum timeliness { TIMELINESS_NONE, TIMELINESS_EARLY, TIMELINESS_ON_TIME, TIMELINESS_OVERDUE };

/* What the pinned procedure version says, as far as the life cycle asks. */
struct dossier_plan {
    enum limit_unit limit_unit;
    int64_t limit_milli;            /* thousandths of the unit */
    bool has_last_hour_rule;        /* received in the last hour: counts from the next worked day */
    bool is_restart;                /* a supplement restarts the clock instead of pausing it */
    int max_supplements;            /* more need a ground of their own */
    int supplement_limit_work_days; /* no answer by then: may be stopped */
    bool is_separate_signer;        /* the result is not signed by its own handler */
    bool is_supplement_signed;      /* only dept_head or leader may send a supplement request */
    int64_t quota_min[PHASE_COUNT]; /* worked minutes of each phase; 0: none of its own */
};

/* One stop of the clock, from its entries; resume_s 0: still stopped. */
struct dossier_pause {
    int64_t stop_s, resume_s;
    bool is_restart; /* the resume restarted the full limit */
};

enum { PAUSES_MAX = 32 };

/* The dossier as loaded: only what decisions read. */
struct dossier {
    enum dossier_state state, state_before; /* state_before: where a withdrawal request came from */
    int64_t version;
    int64_t accepted_at_s;          /* 0: not accepted yet */
    int64_t due_clock_s, due_eod_s; /* the promise printed, and the legal limit; 0: none */
    int64_t reappointed_due_at_s;   /* of the one apology; 0: none */
    int64_t finished_at_s;          /* 0: not finished */
    enum timeliness timeliness;
    int supplements;          /* in-process requests sent so far */
    int64_t supplement_due_s; /* last moment for the citizen's answer; 0: none open */
    int64_t consult_due_s;    /* in CONSULTING, last moment for the opinion; else 0 */
    bool is_refusal_drafted;  /* the draft under way is a negative decision */
    bool is_owed;             /* a compulsory fee line is unpaid */
    bool is_submitter_owner;  /* handed in by the owner in person */
    int64_t handler;          /* user id; 0: nobody */
    struct text receiving_unit, processing_unit, competent_agency, holder_unit;
    unsigned holder_role;
    struct text return_channel;         /* COUNTER, POST, ONLINE */
    enum dossier_phase step_phase;      /* of the open step */
    int64_t step_started_s, step_due_s; /* 0: no deadline of its own */
    int64_t step_remaining_min;         /* while the clock is stopped: worked minutes the step had left */
    int64_t clock_start_s;              /* start of the present run: acceptance, or the last reopening */
    int pause_count;
    struct dossier_pause pauses[PAUSES_MAX]; /* of the present run, oldest first */
    struct dossier_plan plan;
};

struct dossier_actor {
    int64_t user;
    unsigned
        roles; /* those that hold ON this dossier, from motcua.roles_on(); ROLE_SYSTEM for the jobs process */
    unsigned asking_roles; /* in CONSULTING, where `roles` are those of who is asked: those in the unit that
                              asks */
};

struct dossier_item {
    struct text component, reason;
};

/* Which members are given is told by `given` (NEED_ bits). */
struct dossier_input {
    unsigned given;
    int64_t handler;
    struct text unit, reason, ground, question, opinion, document_number, receiver_name, authorisation;
    struct text postal_number, proof, note, method, address;
    int32_t document_day;
    int64_t new_due_at_s, step_due_s, amount;
    bool is_refusal;
    bool is_receiver_owner;    /* who collects is the owner (names are equal, checked by the caller) */
    enum dossier_state target; /* of NEED_TARGET */
    size_t item_count;
};

enum dossier_refusal {
    DECIDED,
    REFUSED_NOT_YOUR_ACTION,      /* 403: no role of the actor on this dossier may do it from here */
    REFUSED_WRONG_STATE,          /* 409: not from this state */
    REFUSED_MISSING_INPUT,        /* 422: `missing` says which NEED_ bits */
    REFUSED_BAD_INPUT,            /* 422: `missing` says which NEED_ bits hold a value that cannot be */
    REFUSED_SAME_PERSON,          /* 403: handler and signer are one person */
    REFUSED_TOO_EARLY,            /* 409: the limit that must be over is not */
    REFUSED_ALREADY_APOLOGISED,   /* 409: one re-appointment, never two (NĐ 297/2025 art. 6.5) */
    REFUSED_FEE_OWED,             /* 409: a compulsory fee line is unpaid */
    REFUSED_TOO_MANY_SUPPLEMENTS, /* 409: over max_supplements without a ground */
    REFUSED_NO_AUTHORISATION,     /* 422: who collects is not the owner and brings no authorisation */
    REFUSED_TOO_MANY_PAUSES,      /* 409: PAUSES_MAX reached */
    REFUSED_NOTHING_OWED,         /* 409: collect_fee without an open fee line */
    REFUSED_NO_LIMIT,             /* 409: the procedure sets no limit that could be over */
};

/* Everything one decided action changes; what is not named stays. */
struct dossier_change {
    enum dossier_action action;
    enum dossier_state from, to;
    struct text holder_unit; /* who has it now */
    unsigned holder_role;
    int64_t handler; /* 0: nobody */
    struct text processing_unit;
    enum dossier_state state_before; /* meaningful in WITHDRAW_REQUESTED */
    enum clock_kind clock;           /* the entry written, if any */
    int64_t accepted_at_s, due_clock_s, due_eod_s, finished_at_s, reappointed_due_at_s;
    enum timeliness timeliness;
    int supplements;
    int64_t supplement_due_s, consult_due_s;
    bool is_refusal_drafted;
    bool pays_fees;               /* all open fee lines are paid by this action */
    bool closes_step, opens_step; /* the open step ends now; a new one starts now */
    enum dossier_phase step_phase;
    int64_t step_due_s; /* of the step open after this change; 0: none */
    int64_t step_remaining_min;
    const char *form; /* "receipt", "supplement", … to print; NULL: none */
};

/*
 * The one door of the life cycle. Order of precedence of refusals: not your action, wrong state, missing
 * input, bad input, then the conditions. On DECIDED *change is complete; on REFUSED_MISSING_INPUT and
 * REFUSED_BAD_INPUT *missing holds the NEED_ bits.
 */
MUST_USE enum dossier_refusal dossier_decide(const struct dossier *before, enum dossier_action action,
                                             const struct dossier_actor *actor,
                                             const struct dossier_input *input,
                                             const struct calendar *calendar, int64_t now_s,
                                             struct dossier_change *change, unsigned *missing);

/* Acceptance at the desk (walk-in, or ACTION_ACCEPT inside dossier_decide()): start, due times, first step.
 */
struct dossier_acceptance {
    int64_t accepted_at_s, starts_at_s, due_clock_s, due_eod_s, step_due_s;
};
struct dossier_acceptance dossier_accept(const struct dossier_plan *plan, const struct calendar *calendar,
                                         int64_t now_s);

/* What this actor may do now: for the list `actions` of a dossier. */
struct dossier_offer {
    enum dossier_action action;
    unsigned needs, takes; /* NEED_ bits: required, and allowed besides */
};
size_t dossier_offers(const struct dossier *dossier, const struct dossier_actor *actor,
                      struct dossier_offer offers[static ACTION_COUNT]);

/* The rule rows themselves, for docs, OpenAPI and tests. */
struct dossier_rule {
    enum dossier_action action;
    uint32_t from;  /* mask of 1 << STATE_… */
    int to;         /* STATE_…; -1: decided by the action (rework, turn_down_withdrawal) or unchanged */
    unsigned roles; /* any of them */
    bool is_own_handler; /* ROLE_HANDLER counts only for the assigned handler */
    unsigned needs, takes;
};
const struct dossier_rule *dossier_rules(size_t *count);

const char *state_name(enum dossier_state state);  /* "PROCESSING" */
const char *state_label(enum dossier_state state); /* "Đang xử lý" */
int state_portal(enum dossier_state state);
enum dossier_clock state_clock(enum dossier_state state);
/* False: no such state. */
MUST_USE bool state_from_name(struct text name, enum dossier_state *state);
const char *action_name(enum dossier_action action);
const char *action_label(enum dossier_action action);
MUST_USE bool action_from_name(struct text name, enum dossier_action *action);
/* "handler", "document_number" …: the JSON field a NEED_ bit asks for. */
const char *need_name(unsigned need);
const char *clock_kind_name(enum clock_kind kind);       /* "START", … ; NULL for CLOCK_NO_ENTRY */
const char *timeliness_name(enum timeliness timeliness); /* "EARLY", …; NULL for none */
const char *phase_name(enum dossier_phase phase);        /* "DESK" */
const char *phase_label(enum dossier_phase phase);       /* "Tiếp nhận" */
enum dossier_phase state_phase(enum dossier_state state);
