#include "dossier/lateness_rules.h"

#include "calendar/calendar.h"
#include "dossier/clock_rules.h"

/* The event that ended the step begun by facts[begin]; count: it is open. */
static size_t step_end(const struct event_fact *facts, size_t count, size_t begin)
{
    for (size_t i = begin + 1; i < count; i++)
        if (facts[i].is_step_start || facts[i].phase == PHASE_NONE)
            return i;
    return count;
}

/* What the step's deadline was at last: stops have moved it since it began. 0: it had none. */
static int64_t step_due(const struct event_fact *facts, size_t begin, size_t end)
{
    int64_t due_s = 0;

    for (size_t i = begin; i < end; i++)
        if (facts[i].step_due_s != 0)
            due_s = facts[i].step_due_s;
    return due_s;
}

static bool was_stopped_in_time(const struct dossier *before)
{
    return state_clock(before->state) == CLOCK_STOP && before->step_remaining_min > 0;
}

/* Minutes over count from the deadline, but not from before the step was theirs. */
static int64_t minutes_over(const struct dossier *before, const struct calendar *calendar, int64_t due_s,
                            int64_t began_s, int64_t ended_s)
{
    return clock_running_min(before, calendar, due_s > began_s ? due_s : began_s, ended_s);
}

struct lateness lateness_of_step(const struct dossier *before, const struct event_fact *facts, size_t count,
                                 const struct calendar *calendar, int64_t now_s)
{
    struct lateness late = {.due_s = before->step_due_s};

    if (before->step_due_s == 0 || was_stopped_in_time(before))
        return late;
    for (late.fact = count; late.fact > 0 && !facts[late.fact - 1].is_step_start;)
        late.fact--;
    if (late.fact == 0)
        return late;
    late.fact--;
    late.minutes_over = minutes_over(before, calendar, late.due_s, facts[late.fact].at_s, now_s);
    late.is_late = late.minutes_over > 0;
    return late;
}

/* The first event of the present run: a reopened dossier answers for its new run alone. */
static size_t run_begin(const struct event_fact *facts, size_t count)
{
    for (size_t i = count; i > 0; i--)
        if (text_equal(facts[i - 1].clock, TEXT("START")))
            return i - 1;
    return 0;
}

struct lateness lateness_of_dossier(const struct dossier *before, const struct event_fact *facts,
                                    size_t count, const struct calendar *calendar, int64_t now_s)
{
    int64_t const legal_s = clock_legal_due(before);
    int64_t first_s = INT64_MAX;
    struct lateness late = {.is_late = true, .due_s = legal_s};

    late.minutes_over = clock_running_min(before, calendar, legal_s, now_s);
    for (size_t i = run_begin(facts, count); i < count; i++) {
        size_t const end = step_end(facts, count, i);
        int64_t const due_s = facts[i].is_step_start ? step_due(facts, i, end) : 0;
        int64_t const ended_s = end < count ? facts[end].at_s : now_s;

        if (!facts[i].is_step_start)
            continue;
        if (first_s == INT64_MAX && facts[i].at_s <= legal_s)
            late.fact = i; /* open when the limit passed, unless one was late before */
        if (due_s == 0 || (end == count && was_stopped_in_time(before)) || due_s >= first_s ||
            minutes_over(before, calendar, due_s, facts[i].at_s, ended_s) <= 0)
            continue;
        first_s = due_s;
        late.fact = i;
    }
    return late;
}
