/*
 * What may be done now, and what may not and why. Both come from dossier_decide() itself, asked with an input
 * that lacks nothing: what it refuses then stands in the way whatever is typed, so no rule is written twice.
 */
#include "core/instant.h"
#include "core/text_out.h"
#include "dossier/flow_table_rules.h"

enum { FAR_S = 3650 * 86400, LABELS_MAX = 3 };

/* Nothing is missing and nothing is wrong with it, as far as that can be known without the person. */
static struct dossier_input fullest_input(const struct dossier *dossier, int64_t now_s)
{
    return (struct dossier_input){
        .given = ~(unsigned)NEED_TARGET,
        .handler = INT64_MAX, /* nobody yet */
        .unit = TEXT("-"),
        .document_day = instant_day(now_s),
        .new_due_at_s = (dossier->due_clock_s > now_s ? dossier->due_clock_s : now_s) + FAR_S,
        .step_due_s = dossier->step_due_s > now_s ? dossier->step_due_s : now_s + 1,
        .amount = 1,
        .is_receiver_owner = true,
        .item_count = 1,
    };
}

static enum dossier_refusal standing_refusal(const struct dossier *dossier, enum dossier_action action,
                                             const struct dossier_actor *actor,
                                             const struct calendar *calendar, int64_t now_s)
{
    struct dossier_input const input = fullest_input(dossier, now_s);
    struct dossier_change change;
    unsigned missing;
    enum dossier_refusal const refusal =
        dossier_decide(dossier, action, actor, &input, calendar, now_s, &change, &missing);

    /* What a person types better is no obstacle. */
    return refusal == REFUSED_BAD_INPUT || refusal == REFUSED_MISSING_INPUT ? DECIDED : refusal;
}

size_t dossier_offers(const struct dossier *dossier, const struct dossier_actor *actor,
                      const struct calendar *calendar, int64_t now_s,
                      struct dossier_offer offers[static ACTION_COUNT])
{
    size_t count = 0;

    for (int i = 0; i < ACTION_COUNT; i++) {
        enum dossier_action const action = (enum dossier_action)i;
        const struct dossier_rule *rule;

        if (rule_find(dossier, action, actor, &rule) == DECIDED &&
            standing_refusal(dossier, action, actor, calendar, now_s) == DECIDED)
            offers[count++] = (struct dossier_offer){rule->action, rule->needs, rule->takes};
    }
    return count;
}

/* The states from which one of his roles may ever do it; 0: none of his business. */
static uint32_t states_of(const struct dossier *dossier, enum dossier_action action,
                          const struct dossier_actor *actor)
{
    uint32_t states = 0;
    size_t count;
    const struct dossier_rule *rules = dossier_rules(&count);

    for (size_t i = 0; i < count; i++)
        if (rules[i].action == action && rule_concerns(&rules[i], dossier) &&
            (rules[i].roles & rule_roles_held(&rules[i], dossier, actor)) != 0)
            states |= rules[i].from;
    return states;
}

size_t dossier_blocks(const struct dossier *dossier, const struct dossier_actor *actor,
                      const struct calendar *calendar, int64_t now_s,
                      struct dossier_block blocks[static ACTION_COUNT])
{
    size_t count = 0;

    for (int i = 0; i < ACTION_COUNT; i++) {
        enum dossier_action const action = (enum dossier_action)i;
        uint32_t const from = states_of(dossier, action, actor);
        enum dossier_refusal why;

        if (from == 0)
            continue;
        why = standing_refusal(dossier, action, actor, calendar, now_s);
        if (why != DECIDED)
            blocks[count++] = (struct dossier_block){action, why, from};
    }
    return count;
}

const char *dossier_block_code(enum dossier_refusal why)
{
    switch (why) {
    case REFUSED_NOT_YOUR_ACTION: return "not-your-action";
    case REFUSED_WRONG_STATE: return "wrong-state";
    case REFUSED_SAME_PERSON: return "same-person";
    case REFUSED_TOO_EARLY: return "too-early";
    case REFUSED_NO_LIMIT: return "no-limit";
    case REFUSED_ALREADY_APOLOGISED: return "already-apologised";
    case REFUSED_FEE_OWED: return "fee-owed";
    case REFUSED_TOO_MANY_PAUSES: return "too-many-pauses";
    case REFUSED_NOTHING_OWED: return "nothing-owed";
    case REFUSED_TOO_MANY_SUPPLEMENTS: /* a reason may be given */
    case REFUSED_NO_AUTHORISATION:     /* so may an authorisation */
    case REFUSED_MISSING_INPUT:
    case REFUSED_BAD_INPUT:
    case DECIDED: break;
    }
    unreachable();
}

/* "17:00 ngày 30/11/2026" */
static void put_time(struct text_out *out, int64_t at_s)
{
    char at[INSTANT_TEXT_BYTES];

    instant_format(at, at_s);
    text_out_put(out,
                 text_of(arena_printf(out->arena, "%.5s ngày %.2s/%.2s/%.4s", at + 11, at + 8, at + 5, at)));
}

static void put_states(struct text_out *out, uint32_t states)
{
    int count = 0;

    text_out_put(out, TEXT("Chỉ làm được ở bước: "));
    for (int i = 0; i < STATE_COUNT; i++)
        if ((states >> i & 1) != 0)
            text_out_put(out, text_of(arena_printf(out->arena, "%s%s", count++ > 0 ? "; " : "",
                                                   state_label((enum dossier_state)i))));
}

static int count_of(uint32_t states)
{
    int count = 0;

    for (; states != 0; states &= states - 1)
        count++;
    return count;
}

/* Long lists of states are one phrase for people. */
static void put_wrong_state(struct text_out *out, const struct dossier *dossier,
                            const struct dossier_block *block)
{
    uint32_t const others = block->from & ~(UINT32_C(1) << dossier->state);

    if (block->action == ACTION_CORRECT_TIMELINESS && others != block->from)
        text_out_put(out, TEXT("Chỉ đính chính được hồ sơ đã ghi nhận quá hạn"));
    else if (block->action == ACTION_REOPEN && others != block->from)
        text_out_put(out, TEXT("Hồ sơ chưa từng được tiếp nhận nên không mở lại được"));
    else if (count_of(others) <= LABELS_MAX)
        put_states(out, others);
    else if ((others >> STATE_PROCESSING & 1) != 0 && (others >> STATE_RESULT_READY & 1) != 0)
        text_out_put(out, TEXT("Chỉ làm được khi hồ sơ đã tiếp nhận và chưa kết thúc"));
    else if ((others >> STATE_PROCESSING & 1) != 0)
        text_out_put(out, TEXT("Chỉ làm được khi hồ sơ đã tiếp nhận và chưa có kết quả"));
    else
        text_out_put(out, TEXT("Chỉ làm được sau khi đã có kết quả"));
}

/* Whose it is at this step. */
static void put_not_yours(struct text_out *out, const struct dossier *dossier,
                          const struct dossier_block *block)
{
    size_t count;
    const struct dossier_rule *rules = dossier_rules(&count), *here = NULL;
    int put = 0;

    for (size_t i = 0; i < count && here == NULL; i++)
        if (rules[i].action == block->action && (rules[i].from >> dossier->state & 1) != 0)
            here = &rules[i];
    must(here != NULL);
    if (block->action == ACTION_REQUEST_SUPPLEMENT && dossier->plan.is_supplement_signed) {
        text_out_put(out, TEXT("Yêu cầu bổ sung của thủ tục này phải do lãnh đạo ký"));
        return;
    }
    text_out_put(out, TEXT("Ở bước này là việc của: "));
    for (unsigned role = 1; role != 0 && role <= here->roles; role <<= 1) {
        if ((here->roles & role) == 0 || role == ROLE_SYSTEM)
            continue;
        text_out_put(out, text_of(arena_printf(out->arena, "%s%s", put++ > 0 ? ", " : "", role_label(role))));
        if (role == ROLE_HANDLER && here->is_own_handler)
            text_out_put(out, TEXT(" được phân công"));
    }
}

static void put_too_early(struct text_out *out, const struct dossier *dossier, enum dossier_action action)
{
    bool const is_asked = action == ACTION_END_CONSULTATION;
    int64_t const until_s = is_asked ? dossier->consult_due_s : dossier->supplement_due_s;

    text_out_put(out, is_asked ? TEXT("Nơi được lấy ý kiến còn thời hạn trả lời")
                               : TEXT("Công dân còn thời hạn bổ sung"));
    if (until_s != 0) {
        text_out_put(out, TEXT(" đến "));
        put_time(out, until_s);
    }
}

struct text dossier_block_reason(struct arena *arena, const struct dossier *dossier,
                                 const struct dossier_block *block)
{
    struct text_out out = text_out_begin(arena);

    switch (block->why) {
    case REFUSED_NOT_YOUR_ACTION: put_not_yours(&out, dossier, block); break;
    case REFUSED_WRONG_STATE: put_wrong_state(&out, dossier, block); break;
    case REFUSED_SAME_PERSON: text_out_put(&out, TEXT("Người ký không được là người xử lý hồ sơ")); break;
    case REFUSED_TOO_EARLY: put_too_early(&out, dossier, block->action); break;
    case REFUSED_NO_LIMIT: text_out_put(&out, TEXT("Không có thời hạn bổ sung nào để quá hạn")); break;
    case REFUSED_ALREADY_APOLOGISED:
        text_out_put(&out, TEXT("Đã hẹn lại một lần, đến "));
        put_time(&out, dossier->reappointed_due_at_s);
        break;
    case REFUSED_FEE_OWED: text_out_put(&out, TEXT("Còn phí, lệ phí chưa nộp, cần thu trước")); break;
    case REFUSED_TOO_MANY_PAUSES: text_out_put(&out, TEXT("Hồ sơ đã tạm dừng quá nhiều lần")); break;
    case REFUSED_NOTHING_OWED: text_out_put(&out, TEXT("Không còn khoản phí, lệ phí phải thu")); break;
    case REFUSED_TOO_MANY_SUPPLEMENTS:
    case REFUSED_NO_AUTHORISATION:
    case REFUSED_MISSING_INPUT:
    case REFUSED_BAD_INPUT:
    case DECIDED: unreachable();
    }
    return text_out_end(&out);
}
