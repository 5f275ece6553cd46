/*
 * What cannot be done now, and why: one row a case, and for every state and role that offers and blocks share
 * out between them what is the actor's business.
 */
#include "dossier/flow_table_rules.h"
#include "test_life.h"

struct row {
    const char *state, *action, *change; /* what is unusual about the dossier */
    unsigned role;
    const char *code, *reason;
};

static const struct row rows[] = {
    {"RESULT_READY", "return_result", "owed", ROLE_RETURN_CLERK, "fee-owed",
     "Còn phí, lệ phí chưa nộp, cần thu trước"},
    {"RESULT_READY", "collect_fee", "", ROLE_RETURN_CLERK, "nothing-owed",
     "Không còn khoản phí, lệ phí phải thu"},
    {"ACCEPTED", "return_result", "", ROLE_RETURN_CLERK, "wrong-state",
     "Chỉ làm được ở bước: Đã có kết quả, chờ trả; Từ chối giải quyết, có văn bản nêu lý do; "
     "Chưa có người đến nhận kết quả"},
    {"SIGNING", "sign", "own", ROLE_LEADER, "same-person", "Người ký không được là người xử lý hồ sơ"},
    {"SIGNING", "refuse", "own", ROLE_LEADER, "same-person", "Người ký không được là người xử lý hồ sơ"},
    {"SUPPLEMENT_WAIT", "stop", "early", ROLE_LEADER, "too-early",
     "Công dân còn thời hạn bổ sung đến 17:00 ngày 20/03/2026"},
    {"SUPPLEMENT_WAIT", "refuse", "early", ROLE_LEADER, "too-early",
     "Công dân còn thời hạn bổ sung đến 17:00 ngày 20/03/2026"},
    {"SUPPLEMENT_WAIT", "stop", "no limit", ROLE_LEADER, "no-limit",
     "Không có thời hạn bổ sung nào để quá hạn"},
    {"CONSULTING", "end_consultation", "early", ROLE_DEPT_HEAD, "too-early",
     "Nơi được lấy ý kiến còn thời hạn trả lời đến 17:00 ngày 20/03/2026"},
    {"PROCESSING", "apologise", "apologised", ROLE_LEADER, "already-apologised",
     "Đã hẹn lại một lần, đến 17:00 ngày 20/03/2026"},
    {"PROCESSING", "submit_for_review", "", ROLE_HANDLER, "not-your-action",
     "Ở bước này là việc của: Người xử lý được phân công"},
    {"PROCESSING", "request_supplement", "signed", ROLE_HANDLER, "not-your-action",
     "Yêu cầu bổ sung của thủ tục này phải do lãnh đạo ký"},
    {"REVIEW", "rework", "", ROLE_LEADER, "not-your-action", "Ở bước này là việc của: Lãnh đạo phòng"},
    {"RESULT_READY", "request_withdrawal", "", ROLE_RECEIVER, "wrong-state",
     "Chỉ làm được khi hồ sơ đã tiếp nhận và chưa có kết quả"},
    {"RETURNED", "collect_fee", "", ROLE_RECEIVER, "wrong-state",
     "Chỉ làm được khi hồ sơ đã tiếp nhận và chưa kết thúc"},
    {"PROCESSING", "correct_timeliness", "", ROLE_LEADER, "wrong-state",
     "Chỉ làm được sau khi đã có kết quả"},
    {"RETURNED", "correct_timeliness", "", ROLE_LEADER, "wrong-state",
     "Chỉ đính chính được hồ sơ đã ghi nhận quá hạn"},
    {"STOPPED", "reopen", "never", ROLE_LEADER, "wrong-state",
     "Hồ sơ chưa từng được tiếp nhận nên không mở lại được"},
    {"PROCESSING", "reopen", "", ROLE_LEADER, "wrong-state",
     "Chỉ làm được ở bước: Đã trả kết quả; Dừng xử lý"},
    {"PROCESSING", "request_payment", "pauses", ROLE_HANDLER, "too-many-pauses",
     "Hồ sơ đã tạm dừng quá nhiều lần"},
};

static struct dossier unusual(const struct row *row)
{
    enum dossier_state state = STATE_DRAFT;
    struct dossier dossier;

    assert_true(state_from_name(text_of(row->state), &state));
    dossier = life_dossier(state);
    dossier.return_channel = TEXT("COUNTER");
    dossier.is_owed = strcmp(row->change, "owed") == 0;
    if (strcmp(row->change, "own") == 0)
        dossier.plan.is_separate_signer = true;
    if (strcmp(row->change, "early") == 0)
        dossier.supplement_due_s = dossier.consult_due_s = at("2026-03-20 17:00");
    if (strcmp(row->change, "no limit") == 0)
        dossier.supplement_due_s = 0;
    if (strcmp(row->change, "apologised") == 0)
        dossier.reappointed_due_at_s = at("2026-03-20 17:00");
    if (strcmp(row->change, "signed") == 0)
        dossier.plan.is_supplement_signed = true;
    if (strcmp(row->change, "never") == 0)
        dossier.accepted_at_s = dossier.clock_start_s = 0;
    if (strcmp(row->change, "pauses") == 0)
        dossier.pause_count = PAUSES_MAX;
    return dossier;
}

static void check_row(const struct row *row)
{
    struct dossier const dossier = unusual(row);
    bool const is_own = strcmp(row->change, "own") == 0 || strcmp(row->change, "pauses") == 0 ||
                        strcmp(row->change, "signed") == 0;
    struct dossier_actor const actor = {
        .user = is_own ? LIFE_HANDLER : LIFE_OTHER, .roles = row->role, .asking_roles = row->role};
    struct dossier_block blocks[ACTION_COUNT];
    size_t const count = dossier_blocks(&dossier, &actor, calendar, at(LIFE_NOW), blocks);

    for (size_t i = 0; i < count; i++) {
        struct text reason;

        if (strcmp(action_name(blocks[i].action), row->action) != 0)
            continue;
        reason = dossier_block_reason(life_arena, &dossier, &blocks[i]);
        if (strcmp(dossier_block_code(blocks[i].why), row->code) != 0 ||
            !text_equal(reason, text_of(row->reason)))
            fail_msg("%s %s (%s): %s, %.*s", row->state, row->action, row->change,
                     dossier_block_code(blocks[i].why), TEXT_ARG(reason));
        return;
    }
    fail_msg("%s %s (%s) is not blocked", row->state, row->action, row->change);
}

static void test_each_reason(void **state)
{
    (void)state;
    for (size_t i = 0; i < array_length(rows); i++)
        check_row(&rows[i]);
}

/* Whether any row of the table gives one of the roles the action, from whatever state. */
static bool is_business(const struct dossier *dossier, enum dossier_action action, unsigned roles)
{
    size_t count;
    const struct dossier_rule *rules = dossier_rules(&count);

    for (size_t i = 0; i < count; i++)
        if (rules[i].action == action && (rules[i].roles & roles) != 0 && rule_concerns(&rules[i], dossier))
            return true;
    return false;
}

static void check_shares(const struct dossier *dossier, const struct dossier_actor *actor)
{
    struct dossier_offer offers[ACTION_COUNT];
    struct dossier_block blocks[ACTION_COUNT];
    size_t const offered = dossier_offers(dossier, actor, calendar, at(LIFE_NOW), offers);
    size_t const blocked = dossier_blocks(dossier, actor, calendar, at(LIFE_NOW), blocks);
    struct arena *arena = arena_create(64 << 10);
    int seen[ACTION_COUNT] = {0};

    for (size_t i = 0; i < offered; i++)
        seen[offers[i].action]++;
    for (size_t i = 0; i < blocked; i++) {
        seen[blocks[i].action]++;
        assert_true(dossier_block_reason(arena, dossier, &blocks[i]).length > 10);
        assert_non_null(dossier_block_code(blocks[i].why));
    }
    arena_destroy(arena);
    for (int action = 0; action < ACTION_COUNT; action++)
        assert_int_equal(seen[action],
                         is_business(dossier, (enum dossier_action)action, actor->roles) ? 1 : 0);
}

static void test_what_is_somebodys_business_is_offered_or_blocked(void **state)
{
    (void)state;
    for (int i = 0; i < STATE_COUNT; i++)
        for (unsigned roles = 0; roles <= LIFE_ROLES_ALL; roles++)
            for (int owed = 0; owed < 2; owed++) {
                struct dossier dossier = life_dossier((enum dossier_state)i);
                struct dossier_actor const actor = {
                    .user = LIFE_HANDLER, .roles = roles, .asking_roles = roles};

                dossier.is_owed = owed == 1;
                dossier.plan.is_separate_signer = owed == 1;
                check_shares(&dossier, &actor);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_reason),
        cmocka_unit_test(test_what_is_somebodys_business_is_offered_or_blocked),
    };

    return cmocka_run_group_tests(tests, life_open, life_close);
}
