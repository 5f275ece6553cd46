/*
 * docs/lifecycle.md, who has a dossier and what each action does to the clock and prints: not read off the
 * table but played, every row from every state and in every way, and written down. test_flow_doc.c compares
 * the rest.
 */
#include "test_life.h"

#include <stdlib.h>

#include "core/text_out.h"

static const char path[] = SOURCE_DIR "/docs/lifecycle.md";

/* Where the actions led: by state, who had it then, at which of the dossier's units. */
enum place { AT_DESK, AT_DEPARTMENT, AT_AGENCY, AT_ASKED, PLACES };

static unsigned holders[STATE_COUNT][PLACES]; /* roles */

struct played {
    unsigned clocks; /* 1 << CLOCK_…, that of no entry too */
    const char *form;
};

static enum place place_of(const struct dossier *dossier, struct text unit)
{
    if (text_equal(unit, dossier->receiving_unit))
        return AT_DESK;
    if (text_equal(unit, dossier->competent_agency))
        return AT_AGENCY;
    return text_equal(unit, dossier->processing_unit) ? AT_DEPARTMENT : AT_ASKED;
}

static void note(struct played *played, const struct dossier *before, const struct dossier_change *change)
{
    struct dossier after = *before;

    life_apply(&after, change, at(LIFE_NOW));
    if (change->to != change->from)
        holders[change->to][place_of(&after, change->holder_unit)] |= change->holder_role;
    played->clocks |= 1U << change->clock;
    assert_true(played->form == NULL || change->form == played->form); /* one form for each row */
    played->form = change->form;
}

/* One way to do it: with and without a refusal drafted, back to either state, pausing or restarting. */
static void play_one(const struct dossier_rule *rule, enum dossier_state from, unsigned way,
                     struct played *played)
{
    struct dossier_actor const everybody = {
        .user = LIFE_HANDLER, .roles = LIFE_ROLES_ALL, .asking_roles = LIFE_ROLES_ALL};
    struct dossier_input input = life_input(at(LIFE_NOW));
    struct dossier dossier = life_dossier(from);
    struct dossier_change change;
    unsigned missing;

    dossier.is_refusal_drafted = (way & 1) != 0;
    dossier.plan.is_restart = (way & 1) != 0;
    input.target = (way & 2) != 0 && from == STATE_SIGNING ? STATE_REVIEW : STATE_PROCESSING;
    if (from == STATE_WITHDRAW_REQUESTED && (way & 2) != 0)
        dossier.state_before = STATE_SUPPLEMENT_WAIT;
    dossier.is_owed = rule->action == ACTION_COLLECT_FEE;
    if (rule->action == ACTION_CORRECT_TIMELINESS)
        dossier.timeliness = TIMELINESS_OVERDUE;
    assert_int_equal(
        dossier_decide(&dossier, rule->action, &everybody, &input, calendar, at(LIFE_NOW), &change, &missing),
        DECIDED);
    note(played, &dossier, &change);
}

static struct played play(const struct dossier_rule *rule)
{
    struct played played = {0};

    for (int from = 0; from < STATE_COUNT; from++)
        for (unsigned way = 0; way < 4 && (rule->from >> from & 1) != 0; way++)
            play_one(rule, (enum dossier_state)from, way, &played);
    return played;
}

static const char *clock_words(unsigned clocks)
{
    enum { NONE = 1 << CLOCK_NO_ENTRY };
    static const struct {
        unsigned clocks;
        const char *words;
    } all[] = {
        {NONE, "–"},
        {1U << CLOCK_START, "bắt đầu một lần chạy"},
        {1U << CLOCK_PAUSE, "dừng"},
        {1U << CLOCK_PAUSE | NONE, "dừng, nếu đang chạy"},
        {1U << CLOCK_RESUME, "chạy tiếp"},
        {1U << CLOCK_RESUME | NONE, "chạy tiếp, nếu trước đó đang chạy"},
        {1U << CLOCK_RESUME | 1U << CLOCK_RESTART, "chạy tiếp, hoặc lại từ đầu theo thủ tục"},
        {1U << CLOCK_END, "kết thúc, ghi trước, đúng hay quá hạn"},
        {1U << CLOCK_REAPPOINT, "ghi ngày hẹn lại; hạn không đổi"},
        {1U << CLOCK_CORRECT, "đính chính quá hạn, có căn cứ; số cũ vẫn đọc được"},
    };

    for (size_t i = 0; i < array_length(all); i++)
        if (all[i].clocks == clocks)
            return all[i].words;
    fail_msg("no words for clock entries %x", clocks);
    return NULL;
}

static const char *form_words(const char *form)
{
    static const struct {
        const char *form, *words;
    } all[] = {{"receipt", "Giấy tiếp nhận hồ sơ và hẹn trả kết quả"},
               {"supplement", "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ"},
               {"refusal", "Phiếu từ chối tiếp nhận giải quyết hồ sơ"},
               {"apology", "Văn bản xin lỗi và hẹn lại"},
               {"stop_notice", "Thông báo dừng giải quyết hồ sơ"}};

    if (form == NULL)
        return "–";
    for (size_t i = 0; i < array_length(all); i++)
        if (strcmp(all[i].form, form) == 0)
            return all[i].words;
    fail_msg("no words for form %s", form);
    return NULL;
}

static void put(struct text_out *out, const char *words)
{
    text_out_put(out, text_of(words));
}

static void put_effects(struct text_out *out)
{
    size_t count;
    const struct dossier_rule *rules = dossier_rules(&count);

    put(out, "\n## Đồng hồ và biểu mẫu của từng việc\n\nViệc không có ở đây thì không ghi vào sổ đồng hồ, "
             "không in gì. Số là số của\n"
             "trạng thái.\n"
             "\n| việc | từ | đồng hồ | in ra |\n|---|---|---|---|\n");
    for (size_t i = 0; i < count; i++) {
        struct played const played = play(&rules[i]);
        const char *separator = " | ";

        if (played.clocks == 1U << CLOCK_NO_ENTRY && played.form == NULL)
            continue;
        put(out, "| ");
        put(out, action_label(rules[i].action));
        for (int from = 0; from < STATE_COUNT; from++) {
            if ((rules[i].from >> from & 1) == 0)
                continue;
            put(out, separator);
            text_out_i64(out, from);
            separator = ", ";
        }
        put(out, " | ");
        put(out, clock_words(played.clocks));
        put(out, " | ");
        put(out, form_words(played.form));
        put(out, " |\n");
    }
}

static void put_holders(struct text_out *out)
{
    static const char *const places[PLACES] = {"bộ phận một cửa", "phòng xử lý", "cơ quan giải quyết",
                                               "đơn vị được hỏi"};

    put(out, "\n## Ai đang giữ hồ sơ\n\n| trạng thái | ai | ở đâu |\n|---|---|---|\n");
    for (int state = 0; state < STATE_COUNT; state++)
        for (int place = 0; place < PLACES; place++) {
            if (holders[state][place] == 0)
                continue;
            put(out, "| ");
            put(out, state_label((enum dossier_state)state));
            put(out, " | ");
            put(out, role_label(holders[state][place])); /* one alone: role_label() has no words for two */
            put(out, " | ");
            put(out, places[place]);
            put(out, " |\n");
        }
}

/* What stands from one heading to the end of the section of the other. */
static struct text part_of(struct text document)
{
    const char *const begin = strstr(document.data, "\n## Ai đang giữ hồ sơ\n");
    const char *const last = strstr(document.data, "\n## Đồng hồ và biểu mẫu của từng việc\n");
    const char *end;

    assert_true(begin != NULL && last != NULL && begin < last);
    end = strstr(last + 1, "\n## ");
    if (end == NULL)
        end = document.data + document.length;
    return (struct text){.data = begin, .length = (size_t)(end - begin)};
}

/* MOTCUA_TEST_UPDATE=1 writes the part instead: after the law was changed. */
static void test_the_document_says_what_happens(void **state)
{
    struct text const document = read_whole(life_arena, path);
    struct text const found = part_of(document);
    struct text_out effects = text_out_begin(life_arena), right = text_out_begin(life_arena);
    size_t const before = (size_t)(found.data - document.data), behind = before + found.length;
    FILE *file;

    (void)state;
    put_effects(&effects); /* and learns who has it */
    put_holders(&right);
    text_out_put(&right, text_out_end(&effects));
    if (getenv("MOTCUA_TEST_UPDATE") == NULL) {
        assert_string_equal(text_copy(life_arena, found), text_out_end(&right).data);
        return;
    }
    file = fopen(path, "w");
    assert_non_null(file);
    fwrite(document.data, 1, before, file);
    fwrite(text_out_end(&right).data, 1, right.length, file);
    fwrite(document.data + behind, 1, document.length - behind, file);
    fclose(file);
}

/* No two persons have one dossier, and no state is reached without somebody. */
static void test_one_has_it_in_every_state(void **state)
{
    (void)state;
    for (int each = STATE_SUBMITTED; each < STATE_COUNT; each++) {
        int count = 0;

        for (int place = 0; place < PLACES; place++)
            count += __builtin_popcount(holders[each][place]);
        /* chains between agencies are not there yet */
        if (count != (each == STATE_LEG_HANDOVER ? 0 : 1))
            fail_msg("%s: %d have it", state_name((enum dossier_state)each), count);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_document_says_what_happens),
        cmocka_unit_test(test_one_has_it_in_every_state),
    };

    return cmocka_run_group_tests(tests, life_open, life_close);
}
