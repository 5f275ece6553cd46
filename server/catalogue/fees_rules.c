#include "catalogue/fees_rules.h"

#define LINE_MAX_DONG INT64_C(999999999999)
enum { COPIES_MAX = 10000, PAGES_MAX = 100000 };

/* One copy of so many pages: each page at the price of its tier, all together not above the cap. */
static int64_t copy_price(const struct fee *fee, int64_t pages)
{
    int64_t sum = 0;

    for (size_t i = 0; i < fee->tier_count; i++) {
        int64_t end = i + 1 < fee->tier_count ? fee->tiers[i + 1].from : pages + 1;

        if (end > pages + 1)
            end = pages + 1;
        if (end > fee->tiers[i].from)
            sum += (end - fee->tiers[i].from) * fee->tiers[i].amount;
    }
    return fee->cap > 0 && sum > fee->cap ? fee->cap : sum;
}

static int64_t unit_price(const struct fee *fee, const struct fee_inputs *inputs)
{
    if (fee->basis == FEE_PER_PAGE)
        return copy_price(fee, inputs->pages > 0 ? inputs->pages : 1);
    return inputs->channel == CHANNEL_ONLINE && fee->online_amount >= 0 ? fee->online_amount : fee->amount;
}

static const struct fee_reduction *find_reduction(const struct fee *fee, struct text ground)
{
    for (size_t i = 0; ground.length > 0 && i < fee->reduction_count; i++)
        if (text_equal(fee->reductions[i].ground, ground))
            return &fee->reductions[i];
    return NULL;
}

static bool is_due_in(const struct fee *fee, const struct procedure_case *chosen)
{
    for (size_t i = 0; chosen != NULL && i < fee->case_count; i++)
        if (text_equal(fee->cases[i], chosen->code))
            return true;
    return fee->case_count == 0;
}

static struct fee_line make_line(const struct fee *fee, const struct fee_inputs *inputs)
{
    struct fee_line line = {.fee = fee, .reduction = find_reduction(fee, inputs->ground)};

    line.quantity = fee->basis == FEE_PER_DOSSIER || inputs->copies == 0 ? 1 : inputs->copies;
    line.full = unit_price(fee, inputs) * line.quantity;
    if (line.full > LINE_MAX_DONG)
        return line;
    if (line.reduction != NULL)
        line.reduced = line.reduction->percent > 0 ? line.full * line.reduction->percent / 100
                                                   : line.reduction->amount * line.quantity;
    if (line.reduced > line.full)
        line.reduced = line.full;
    line.amount = line.full - line.reduced;
    return line;
}

enum fees_outcome fees_count(struct arena *arena, const struct procedure_version *version,
                             const struct fee_inputs *inputs, struct fee_line **lines, size_t *count)
{
    bool is_known = inputs->ground.length == 0;

    *count = 0;
    *lines = arena_array(arena, struct fee_line, version->fee_count);
    if (inputs->copies < 0 || inputs->copies > COPIES_MAX || inputs->pages < 0 || inputs->pages > PAGES_MAX)
        return FEES_BAD_QUANTITY;
    for (size_t i = 0; i < version->fee_count; i++) {
        if (!is_due_in(&version->fees[i], inputs->chosen))
            continue;
        struct fee_line line = make_line(&version->fees[i], inputs);

        if (line.full > LINE_MAX_DONG)
            return FEES_TOO_LARGE;
        is_known = is_known || line.reduction != NULL;
        (*lines)[(*count)++] = line;
    }
    return is_known ? FEES_COUNTED : FEES_UNKNOWN_GROUND;
}
