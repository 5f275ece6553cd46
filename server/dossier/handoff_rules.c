#include "dossier/handoff_rules.h"

#include "calendar/calendar.h"

/* What the giver has done so far, since it was his. */
struct stretch {
    int64_t step_due_s; /* of the open step, moved by stops; 0: it has none */
    enum timeliness result;
};

/* The step stays open until the other side has taken the dossier, but the giver's part is done. */
static bool is_given_away(const struct event_fact *fact)
{
    return text_equal(fact->action, TEXT("transfer")) || text_equal(fact->action, TEXT("hand_over_leg"));
}

static bool ends_step(const struct event_fact *fact)
{
    return fact->is_step_start || fact->phase == PHASE_NONE || is_given_away(fact);
}

/* Two instants with no worked minute between them are equal. */
static enum timeliness step_class(const struct calendar *calendar, int64_t due_s, int64_t ended_s)
{
    if (ended_s > due_s)
        return calendar_worked_min(calendar, due_s, ended_s) > 0 ? TIMELINESS_OVERDUE : TIMELINESS_ON_TIME;
    return calendar_worked_min(calendar, ended_s, due_s) > 0 ? TIMELINESS_EARLY : TIMELINESS_ON_TIME;
}

static void stretch_see(struct stretch *stretch, const struct event_fact *fact,
                        const struct calendar *calendar)
{
    if (text_equal(fact->action,
                   TEXT("redirect"))) { /* a wrong desk has finished nothing, its right one neither */
        stretch->step_due_s = 0;
        return;
    }
    if (ends_step(fact)) {
        if (stretch->step_due_s != 0 && stretch->result != TIMELINESS_OVERDUE)
            stretch->result = step_class(calendar, stretch->step_due_s, fact->at_s);
        stretch->step_due_s = 0;
    }
    if (fact->step_due_s != 0 && !is_given_away(fact))
        stretch->step_due_s = fact->step_due_s;
}

static bool is_return(const struct event_fact *fact)
{
    return fact->state == STATE_RETURNED && (text_equal(fact->action, TEXT("return_result")) ||
                                             text_equal(fact->action, TEXT("confirm_delivery")));
}

static bool is_taking(const struct event_fact *fact)
{
    return text_equal(fact->action, TEXT("acknowledge")) || text_equal(fact->action, TEXT("acknowledge_leg"));
}

size_t handoffs_of(const struct event_fact *facts, size_t count, const struct calendar *calendar,
                   struct handoff *handoffs)
{
    struct stretch stretch = {.result = TIMELINESS_NONE};
    size_t made = 0;

    for (size_t i = 0; i < count; i++) {
        bool const has_passed = i > 0 && !text_equal(facts[i].unit, facts[i - 1].unit);

        stretch_see(&stretch, &facts[i], calendar);
        if (i == 0 || (!has_passed && !is_return(&facts[i])))
            continue;
        handoffs[made++] = (struct handoff){
            .giving_unit = facts[i - 1].unit,
            .taking_unit = is_return(&facts[i]) ? TEXT_NONE : facts[i].unit,
            .given = i,
            .taken = i + 1 < count && is_taking(&facts[i + 1]) ? i + 1 : 0,
            .result = stretch.result,
        };
        stretch.result = TIMELINESS_NONE;
    }
    return made;
}
