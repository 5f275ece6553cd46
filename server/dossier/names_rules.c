/* The words for states, actions, inputs, phases: one table each, made from the same lists as the enums. */
#include "dossier/dossier.h"

static const struct {
    const char *name, *label;
    int portal;
    enum dossier_clock clock;
} states[] = {
#define STATE_ROW(name, portal, clock, label) {#name, label, portal, CLOCK_##clock},
    STATES(STATE_ROW)
#undef STATE_ROW
};

static const struct {
    const char *name, *label;
} actions[] = {
#define ACTION_ROW(name, json, label) {json, label},
    ACTIONS(ACTION_ROW)
#undef ACTION_ROW
};

static const struct {
    unsigned need;
    const char *name;
} needs[] = {
    {NEED_HANDLER, "handler"},
    {NEED_UNIT, "unit"},
    {NEED_REASON, "reason"},
    {NEED_GROUND, "ground"},
    {NEED_ITEMS, "items"},
    {NEED_QUESTION, "question"},
    {NEED_OPINION, "opinion"},
    {NEED_DOCUMENT, "document_number"},
    {NEED_RECEIVER, "receiver_name"},
    {NEED_AUTHORISATION, "authorisation"},
    {NEED_POSTAL_NUMBER, "postal_number"},
    {NEED_PROOF, "proof"},
    {NEED_NEW_DUE, "new_due_at"},
    {NEED_NOTE, "note"},
    {NEED_STEP_DUE, "step_due"},
    {NEED_PAPERS, "papers"},
    {NEED_AMOUNT, "amount"},
    {NEED_METHOD, "method"},
    {NEED_REFUSAL_DRAFT, "is_refusal"},
    {NEED_TARGET, "to"},
    {NEED_ADDRESS, "address"},
    {NEED_CAUSE, "cause"},
};

static const struct {
    const char *name, *label;
} phases[] = {
    [PHASE_NONE] = {"NONE", "Không có"},      [PHASE_DESK] = {"DESK", "Tiếp nhận"},
    [PHASE_ASSIGN] = {"ASSIGN", "Phân công"}, [PHASE_PROCESS] = {"PROCESS", "Xử lý"},
    [PHASE_REVIEW] = {"REVIEW", "Thẩm tra"},  [PHASE_SIGN] = {"SIGN", "Ký duyệt"},
    [PHASE_ISSUE] = {"ISSUE", "Phát hành"},   [PHASE_RETURN] = {"RETURN", "Trả kết quả"},
};

const char *state_name(enum dossier_state state)
{
    must(state < STATE_COUNT);
    return states[state].name;
}

const char *state_label(enum dossier_state state)
{
    must(state < STATE_COUNT);
    return states[state].label;
}

int state_portal(enum dossier_state state)
{
    must(state < STATE_COUNT);
    return states[state].portal;
}

enum dossier_clock state_clock(enum dossier_state state)
{
    must(state < STATE_COUNT);
    return states[state].clock;
}

bool state_from_name(struct text name, enum dossier_state *state)
{
    for (int i = 0; i < STATE_COUNT; i++) {
        if (text_equal(text_of(states[i].name), name)) {
            *state = (enum dossier_state)i;
            return true;
        }
    }
    return false;
}

const char *action_name(enum dossier_action action)
{
    must(action < ACTION_COUNT);
    return actions[action].name;
}

const char *action_label(enum dossier_action action)
{
    must(action < ACTION_COUNT);
    return actions[action].label;
}

bool action_from_name(struct text name, enum dossier_action *action)
{
    for (int i = 0; i < ACTION_COUNT; i++) {
        if (text_equal(text_of(actions[i].name), name)) {
            *action = (enum dossier_action)i;
            return true;
        }
    }
    return false;
}

const char *need_name(unsigned need)
{
    for (size_t i = 0; i < array_length(needs); i++)
        if (needs[i].need == need)
            return needs[i].name;
    unreachable();
}

const char *clock_kind_name(enum clock_kind kind)
{
    static const char *const names[] = {
        [CLOCK_NO_ENTRY] = NULL,         [CLOCK_START] = "START",     [CLOCK_PAUSE] = "PAUSE",
        [CLOCK_RESUME] = "RESUME",       [CLOCK_RESTART] = "RESTART", [CLOCK_END] = "END",
        [CLOCK_REAPPOINT] = "REAPPOINT", [CLOCK_CORRECT] = "CORRECT"};

    return names[kind];
}

const char *timeliness_name(enum timeliness timeliness)
{
    static const char *const names[] = {[TIMELINESS_NONE] = NULL,
                                        [TIMELINESS_EARLY] = "EARLY",
                                        [TIMELINESS_ON_TIME] = "ON_TIME",
                                        [TIMELINESS_OVERDUE] = "OVERDUE"};

    return names[timeliness];
}

const char *phase_name(enum dossier_phase phase)
{
    must(phase < PHASE_COUNT);
    return phases[phase].name;
}

const char *phase_label(enum dossier_phase phase)
{
    must(phase < PHASE_COUNT);
    return phases[phase].label;
}

/* Waits belong to the step that waits; what is over or not accepted yet belongs to none. */
enum dossier_phase state_phase(enum dossier_state state)
{
    static const enum dossier_phase of_state[STATE_COUNT] = {
        [STATE_ACCEPTED] = PHASE_DESK,
        [STATE_IN_TRANSFER] = PHASE_DESK,
        [STATE_ASSIGNING] = PHASE_ASSIGN,
        [STATE_PROCESSING] = PHASE_PROCESS,
        [STATE_CONSULTING] = PHASE_PROCESS,
        [STATE_SUPPLEMENT_WAIT] = PHASE_PROCESS,
        [STATE_FINANCIAL_WAIT] = PHASE_PROCESS,
        [STATE_REVIEW] = PHASE_REVIEW,
        [STATE_SIGNING] = PHASE_SIGN,
        [STATE_ISSUING] = PHASE_ISSUE,
        [STATE_RESULT_READY] = PHASE_RETURN,
        [STATE_RETURN_IN_POST] = PHASE_RETURN,
        [STATE_REFUSED_WITH_REASON] = PHASE_RETURN,
        [STATE_UNCLAIMED] = PHASE_RETURN,
    };

    must(state < STATE_COUNT);
    return of_state[state];
}
