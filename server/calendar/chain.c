#include "calendar/chain.h"

uint64_t calendar_leg_after(size_t leg)
{
    must(leg < CALENDAR_LEGS_MAX);
    return UINT64_C(1) << leg;
}

/* The last planned end of those it waits for. */
static int64_t start_of(const struct calendar_leg *legs, const struct calendar_leg *leg, int64_t received_s)
{
    int64_t starts_s = received_s;

    for (size_t i = 0; &legs[i] < leg; i++)
        if ((leg->after & calendar_leg_after(i)) != 0 && legs[i].ends_s > starts_s)
            starts_s = legs[i].ends_s;
    return starts_s;
}

bool calendar_chain_plan(const struct calendar *calendar, int64_t received_s, struct calendar_leg *legs,
                         size_t count, int64_t *ends_s)
{
    int64_t last_s = 0;

    if (count > CALENDAR_LEGS_MAX)
        return false;
    for (size_t i = 0; i < count; i++) {
        struct calendar_limit limit = legs[i].limit;
        struct calendar_due due;

        must(legs[i].after >> i == 0);
        limit.has_last_hour_rule = limit.has_last_hour_rule && legs[i].after == 0;
        if (!calendar_due_find(calendar, &limit, start_of(legs, &legs[i], received_s), &due))
            return false;
        legs[i].starts_s = due.starts_s;
        legs[i].ends_s = limit.unit == CALENDAR_NO_LIMIT ? due.starts_s : calendar_due_legal(&due);
        if (legs[i].ends_s > last_s)
            last_s = legs[i].ends_s;
    }
    *ends_s = last_s;
    return true;
}

/* Behind the last step that runs together with steps[first]. */
static size_t group_end(const struct calendar_step *steps, size_t count, size_t first)
{
    size_t end = first + 1;

    while (end < count && steps[first].parallel_group != 0 &&
           steps[end].parallel_group == steps[first].parallel_group)
        end++;
    return end;
}

/* A step that ends at 11:30 hands over at 11:30: the next one has as many worked minutes from there as from
 * 13:30. */
bool calendar_steps_split(const struct calendar *calendar, int64_t received_s, struct calendar_step *steps,
                          size_t count)
{
    int64_t starts_s = calendar_normalise(calendar, received_s, NULL);
    size_t end;

    for (size_t first = 0; first < count; first = end) {
        int64_t last_s = starts_s;

        end = group_end(steps, count, first);
        for (size_t i = first; i < end; i++) {
            steps[i].starts_s = starts_s;
            steps[i].ends_s =
                steps[i].quota_min == 0 ? starts_s : calendar_add_min(calendar, starts_s, steps[i].quota_min);
            if (steps[i].ends_s > last_s)
                last_s = steps[i].ends_s;
        }
        starts_s = last_s;
    }
    return starts_s != CALENDAR_OUTSIDE;
}

int64_t calendar_steps_min(const struct calendar_step *steps, size_t count)
{
    int64_t sum_min = 0;
    size_t end;

    for (size_t first = 0; first < count; first = end) {
        int64_t longest_min = 0;

        end = group_end(steps, count, first);
        for (size_t i = first; i < end; i++)
            if (steps[i].quota_min > longest_min)
                longest_min = steps[i].quota_min;
        sum_min += longest_min;
    }
    return sum_min;
}
