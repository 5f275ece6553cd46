/* Legs of a chain and fee lines: the second half of what check_version_rules.c looks at. */
#include "catalogue/check_rules.h"

/* As many as calendar/chain.h plans. */
enum { LEGS_MAX = 64 };

static const char *leg_at(const struct look *look, size_t row, const char *member)
{
    return look_at(look, "/legs/%zu%s", row, member);
}

static void check_leg_references(const struct look *look, size_t row)
{
    const struct leg *leg = &look->version->legs[row];

    for (size_t i = 0; i < row; i++)
        if (text_equal(look->version->legs[i].code, leg->code))
            look_fault(look, leg_at(look, row, "/code"), "duplicate-code", "chặng “%s” có hai lần",
                       leg->code.data);
    for (size_t i = 0; i < leg->depend_count; i++)
        if (version_leg(look->version, leg->depends[i]) == NULL)
            look_fault(look, leg_at(look, row, "/depends_on"), "unknown-leg", "không có chặng “%s”",
                       leg->depends[i].data);
    for (size_t i = 0; i < leg->component_count; i++)
        if (version_component(look->version, leg->components[i]) == NULL)
            look_fault(look, leg_at(look, row, "/components"), "unknown-component",
                       "không có thành phần “%s”", leg->components[i].data);
    if (leg->field.length > 0 && term_find(&look->catalogue->fields, leg->field) == NULL)
        look_fault(look, leg_at(look, row, "/field"), "unknown-field", "không có lĩnh vực “%s”",
                   leg->field.data);
    else
        check_competence(look, leg_at(look, row, "/agency"), leg->agency,
                         leg->field.length > 0 ? leg->field : look->version->field);
}

static bool waits_for(const struct leg *leg, struct text code)
{
    for (size_t i = 0; i < leg->depend_count; i++)
        if (text_equal(leg->depends[i], code))
            return true;
    return false;
}

static bool wait_alike(const struct leg *a, const struct leg *b)
{
    for (size_t i = 0; i < a->depend_count; i++)
        if (!waits_for(b, a->depends[i]))
            return false;
    for (size_t i = 0; i < b->depend_count; i++)
        if (!waits_for(a, b->depends[i]))
            return false;
    return true;
}

static void check_leg_groups(const struct look *look, size_t row)
{
    const struct procedure_version *version = look->version;
    const struct leg *leg = &version->legs[row];
    size_t choices = 0;

    for (size_t i = 0; i < version->leg_count; i++) {
        const struct leg *other = &version->legs[i];

        if (leg->choice_group.length > 0 && text_equal(other->choice_group, leg->choice_group))
            choices++;
        if (i < row && leg->parallel_group.length > 0 &&
            text_equal(other->parallel_group, leg->parallel_group) && !wait_alike(leg, other))
            look_fault(look, leg_at(look, row, "/depends_on"), "leg-group",
                       "cùng nhóm với “%s” mà chờ chặng khác", other->code.data);
    }
    if (leg->choice_group.length > 0 && (choices < 2 || leg->condition.length == 0))
        look_fault(look, leg_at(look, row, "/choice_group"), "leg-choice",
                   "nhóm lựa chọn “%s” cần ít nhất hai chặng, mỗi chặng một điều kiện",
                   leg->choice_group.data);
}

/* When leg `row` is over, in worked minutes since the start; false while a leg it waits for is not known yet.
 */
static bool leg_finish(const struct procedure_version *version, size_t row, const int64_t *finish_min,
                       int64_t *at_min)
{
    const struct leg *leg = &version->legs[row];
    int64_t start_min = 0;

    for (size_t i = 0; i < version->leg_count; i++) {
        if (!waits_for(leg, version->legs[i].code))
            continue;
        if (finish_min[i] < 0)
            return false;
        if (finish_min[i] > start_min)
            start_min = finish_min[i];
    }
    *at_min = start_min + (leg->is_uncounted ? 0 : limit_worked_min(leg->limit));
    return true;
}

/* The critical path in worked minutes; -1 where legs wait for each other in a circle, *stuck is one of them.
 */
static int64_t critical_path_min(const struct procedure_version *version, size_t *stuck)
{
    int64_t finish_min[LEGS_MAX], longest_min = 0;
    bool is_moving = true;

    must(version->leg_count <= LEGS_MAX);
    for (size_t i = 0; i < version->leg_count; i++)
        finish_min[i] = -1;
    while (is_moving) {
        is_moving = false;
        for (size_t i = 0; i < version->leg_count; i++)
            if (finish_min[i] < 0 && leg_finish(version, i, finish_min, &finish_min[i]))
                is_moving = true;
    }
    for (size_t i = 0; i < version->leg_count; i++) {
        if (finish_min[i] < 0) {
            *stuck = i;
            return -1;
        }
        if (finish_min[i] > longest_min)
            longest_min = finish_min[i];
    }
    return longest_min;
}

/* The plan of a chain goes through the legs once, so each must stand behind those it waits for. */
static void check_leg_order(const struct look *look)
{
    const struct procedure_version *version = look->version;

    for (size_t i = 0; i < version->leg_count; i++)
        for (size_t j = i + 1; j < version->leg_count; j++)
            if (waits_for(&version->legs[i], version->legs[j].code))
                look_fault(look, leg_at(look, i, "/depends_on"), "leg-order",
                           "chặng “%s” đứng sau chặng chờ nó", version->legs[j].code.data);
}

void check_legs(const struct look *look)
{
    const struct procedure_version *version = look->version;
    int64_t most = limit_worked_min(version->limit), path;
    size_t stuck = 0;

    if (version->step_count > 0)
        look_fault(look, look_at(look, "/steps"), "chain-steps", "các bước phải nằm trong từng chặng");
    for (size_t i = 0; i < version->leg_count; i++) {
        check_leg_references(look, i);
        check_leg_groups(look, i);
        check_steps(look, arena_printf(look->faults->arena, "/legs/%zu", i), version->legs[i].steps,
                    version->legs[i].step_count, version->legs[i].limit);
        if (version->legs[i].limit.unit == TERM_NONE) /* the reader has said why */
            return;
    }
    path = critical_path_min(version, &stuck);
    if (path >= 0)
        check_leg_order(look);
    if (path < 0)
        look_fault(look, leg_at(look, stuck, "/depends_on"), "leg-cycle",
                   "chặng “%s” chờ chính nó qua các chặng khác", version->legs[stuck].code.data);
    else if (most >= 0 && (limit_is_worked(version->limit) ? path != most : path > most))
        look_fault(look, look_at(look, "/legs"), "chain-sum", "đường găng %lld phút, thời hạn %lld phút",
                   (long long)path, (long long)most);
}

static void check_tiers(const struct look *look, size_t row)
{
    const struct fee *fee = &look->version->fees[row];
    bool is_fine =
        fee->basis == FEE_PER_PAGE ? fee->tier_count > 0 && fee->tiers[0].from == 1 : fee->tier_count == 0;

    for (size_t i = 1; i < fee->tier_count; i++)
        is_fine = is_fine && fee->tiers[i].from > fee->tiers[i - 1].from;
    if (!is_fine)
        look_fault(look, look_at(look, "/fees/%zu/tiers", row), "fee-tiers",
                   "phí theo trang cần bậc từ trang 1, tăng dần; phí khác không có bậc");
    if (fee->cap > 0 &&
        (fee->basis != FEE_PER_PAGE || (fee->tier_count > 0 && fee->cap < fee->tiers[0].amount)))
        look_fault(look, look_at(look, "/fees/%zu/cap", row), "fee-cap",
                   "mức trần chỉ có ở phí theo trang và không thấp hơn trang đầu");
}

static void check_reductions(const struct look *look, size_t row)
{
    const struct fee *fee = &look->version->fees[row];

    for (size_t i = 0; i < fee->reduction_count; i++) {
        const struct fee_reduction *reduction = &fee->reductions[i];

        for (size_t j = 0; j < i; j++)
            if (text_equal(fee->reductions[j].ground, reduction->ground))
                look_fault(look, look_at(look, "/fees/%zu/reductions/%zu/ground", row, i), "duplicate-code",
                           "căn cứ “%s” có hai lần", reduction->ground.data);
        if ((reduction->percent > 0) == (reduction->amount > 0) ||
            (fee->basis != FEE_PER_PAGE && reduction->amount > fee->amount))
            look_fault(look, look_at(look, "/fees/%zu/reductions/%zu", row, i), "fee-reduction",
                       "miễn giảm là một tỷ lệ hoặc một số tiền không quá mức thu");
    }
}

void check_fees(const struct look *look)
{
    const struct procedure_version *version = look->version;

    for (size_t i = 0; i < version->fee_count; i++) {
        for (size_t j = 0; j < i; j++)
            if (text_equal(version->fees[j].code, version->fees[i].code))
                look_fault(look, look_at(look, "/fees/%zu/code", i), "duplicate-code",
                           "khoản thu “%s” có hai lần", version->fees[i].code.data);
        check_tiers(look, i);
        check_reductions(look, i);
    }
}
