#include "catalogue/catalogue.h"

enum { DAY_MIN = 480, HOUR_MIN = 60, MONTH_WORK_DAYS_MAX = 23 };

const struct component *version_component(const struct procedure_version *version, struct text code)
{
    for (size_t i = 0; i < version->component_count; i++)
        if (text_equal(version->components[i].code, code))
            return &version->components[i];
    return NULL;
}

const struct fee *version_fee(const struct procedure_version *version, struct text code)
{
    for (size_t i = 0; i < version->fee_count; i++)
        if (text_equal(version->fees[i].code, code))
            return &version->fees[i];
    return NULL;
}

const struct leg *version_leg(const struct procedure_version *version, struct text code)
{
    for (size_t i = 0; i < version->leg_count; i++)
        if (text_equal(version->legs[i].code, code))
            return &version->legs[i];
    return NULL;
}

const struct procedure_case *version_case(const struct procedure_version *version, struct text code)
{
    for (size_t i = 0; i < version->case_count; i++)
        if (text_equal(version->cases[i].code, code))
            return &version->cases[i];
    return NULL;
}

struct time_limit version_limit(const struct procedure_version *version, const struct procedure_case *chosen)
{
    return chosen != NULL && chosen->limit.unit != TERM_NONE ? chosen->limit : version->limit;
}

/* The end of the run of steps that begins at `from`: one step, or neighbours of one parallel group. *longest
 * is the step whose quota counts for all of them. */
static size_t run_end(const struct step *steps, size_t count, size_t from, const struct step **longest)
{
    size_t end = from + 1;

    *longest = &steps[from];
    if (steps[from].parallel_group.length == 0)
        return end;
    for (; end < count && text_equal(steps[end].parallel_group, steps[from].parallel_group); end++)
        if (steps[end].quota_min > (*longest)->quota_min)
            *longest = &steps[end];
    return end;
}

int64_t steps_worked_min(const struct step *steps, size_t count)
{
    const struct step *longest;
    int64_t sum = 0;

    for (size_t i = 0; i < count;) {
        i = run_end(steps, count, i, &longest);
        sum += longest->quota_min;
    }
    return sum;
}

void version_quotas(const struct procedure_version *version, const struct procedure_case *chosen,
                    const struct leg *leg, int64_t quota_min[static STEP_PHASE_COUNT])
{
    const struct step *steps = version->steps, *longest;
    size_t count = version->step_count;

    if (leg != NULL) {
        steps = leg->steps;
        count = leg->step_count;
    } else if (chosen != NULL && chosen->step_count > 0) {
        steps = chosen->steps;
        count = chosen->step_count;
    }
    for (int phase = 0; phase < STEP_PHASE_COUNT; phase++)
        quota_min[phase] = 0;
    for (size_t i = 0; i < count;) {
        i = run_end(steps, count, i, &longest);
        quota_min[longest->phase] += longest->quota_min;
    }
}

int64_t limit_worked_min(struct time_limit limit)
{
    int64_t days = limit.quantity_milli / 1000;

    switch (limit.unit) {
    case TERM_NONE: return -1;
    case TERM_WORK_DAY: return limit.quantity_milli * DAY_MIN / 1000;
    case TERM_WORK_HOUR: return limit.quantity_milli * HOUR_MIN / 1000;
    case TERM_SAME_DAY_15: return DAY_MIN;
    case TERM_CAL_DAY:
        return (days / 7 * 5 + (days % 7 < 5 ? days % 7 : 5)) * DAY_MIN; /* starting on a Monday */
    case TERM_MONTH: return days * MONTH_WORK_DAYS_MAX * DAY_MIN;
    }
    unreachable();
}

bool limit_is_worked(struct time_limit limit)
{
    return limit.unit == TERM_WORK_DAY || limit.unit == TERM_WORK_HOUR || limit.unit == TERM_SAME_DAY_15;
}

const char *term_unit_name(enum term_unit unit)
{
    switch (unit) {
    case TERM_NONE: return NULL;
    case TERM_WORK_DAY: return "WORK_DAY";
    case TERM_CAL_DAY: return "CAL_DAY";
    case TERM_MONTH: return "MONTH";
    case TERM_WORK_HOUR: return "WORK_HOUR";
    case TERM_SAME_DAY_15: return "SAME_DAY_15";
    }
    unreachable();
}

const char *term_unit_label(enum term_unit unit)
{
    switch (unit) {
    case TERM_NONE: return NULL;
    case TERM_WORK_DAY: return "ngày làm việc";
    case TERM_CAL_DAY: return "ngày";
    case TERM_MONTH: return "tháng";
    case TERM_WORK_HOUR: return "giờ làm việc";
    case TERM_SAME_DAY_15: return "ngày làm việc (sau 15 giờ: ngày làm việc tiếp theo)";
    }
    unreachable();
}

const char *step_phase_name(enum step_phase phase)
{
    static const char *const names[STEP_PHASE_COUNT] = {
        [STEP_NONE] = NULL,       [STEP_DESK] = "DESK", [STEP_ASSIGN] = "ASSIGN", [STEP_PROCESS] = "PROCESS",
        [STEP_REVIEW] = "REVIEW", [STEP_SIGN] = "SIGN", [STEP_ISSUE] = "ISSUE",   [STEP_RETURN] = "RETURN",
    };

    must(phase < STEP_PHASE_COUNT);
    return names[phase];
}

const char *fee_kind_name(enum fee_kind kind)
{
    return kind == FEE_KIND_LEVY ? "LEVY" : "FEE";
}

const char *fee_due_name(enum fee_due due)
{
    switch (due) {
    case FEE_DUE_SUBMISSION: return "SUBMISSION";
    case FEE_DUE_ACCEPTANCE: return "ACCEPTANCE";
    case FEE_DUE_RESULT: return "RESULT";
    }
    unreachable();
}

unsigned channel_from_name(struct text name)
{
    static const struct {
        const char *name;
        unsigned bit;
    } channels[] = {{"COUNTER", CHANNEL_COUNTER}, {"ONLINE", CHANNEL_ONLINE}, {"POST", CHANNEL_POST}};

    for (size_t i = 0; i < array_length(channels); i++)
        if (text_equal(text_of(channels[i].name), name))
            return channels[i].bit;
    return 0;
}
