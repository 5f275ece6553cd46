/*
 * docs/lifecycle.md is what people read and server/dossier is what happens: the tables of states, rules and
 * fields must be the program's own, line by line. On a difference the right table is printed, ready to paste.
 */
#include "test_calendar.h"

#include "core/text_out.h"
#include "dossier/dossier.h"

enum { NEEDS = 22, LABELS_MAX = 3, UNCHANGED = -1 };

static struct arena *arena;
static struct text doc;

/* How the document calls each field in the table of rules: by bit, as its own table of fields says. */
static struct text field_words[NEEDS];

/* The lines behind a heading, up to the next one. */
static struct text section(const char *heading)
{
    char *const line = arena_printf(arena, "\n## %s\n", heading);
    const char *const begin = strstr(doc.data, line);
    const char *end;

    if (begin == NULL)
        fail_msg("docs/lifecycle.md has no heading: %s", heading);
    end = strstr(begin + strlen(line) - 1, "\n## ");
    return (struct text){.data = begin + strlen(line),
                         .length =
                             (size_t)((end != NULL ? end : doc.data + doc.length) - begin) - strlen(line)};
}

/* Only the lines of its table, heads left out. */
static struct text table_of(const char *heading)
{
    struct text rest = section(heading);
    struct text_out table = text_out_begin(arena);
    int heads = 2;

    while (rest.data != NULL) {
        struct text const line = text_cut(rest, '\n', &rest);

        if (line.length == 0 || *line.data != '|' || heads-- > 0)
            continue;
        text_out_put(&table, line);
        text_out_byte(&table, '\n');
    }
    return text_out_end(&table);
}

static void expect_table(const char *heading, struct text expected)
{
    struct text const found = table_of(heading);

    if (!text_equal(found, expected)) {
        printf("docs/lifecycle.md, %s: the rules say\n%.*s", heading, TEXT_ARG(expected));
        fail();
    }
}

static int open_doc(void **state)
{
    (void)state;
    arena = arena_create(16 << 20);
    doc = read_whole(arena, SOURCE_DIR "/docs/lifecycle.md");
    return 0;
}

static int close_doc(void **state)
{
    (void)state;
    arena_destroy(arena);
    return 0;
}

/* The n-th cell of a table's line, counted from 0. */
static struct text cell(struct text line, int n)
{
    struct text rest = line;

    text_cut(rest, '|', &rest);
    while (n-- > 0)
        text_cut(rest, '|', &rest);
    return text_trim(text_cut(rest, '|', &rest));
}

static void read_field_words(void)
{
    struct text rest = table_of("Các trường");

    for (int bit = 0; bit < NEEDS; bit++) {
        struct text const line = text_cut(rest, '\n', &rest), json = cell(line, 1);
        const char *const name = arena_printf(arena, "`%s`", need_name(1U << bit));

        if (!text_starts(json, text_of(name)))
            fail_msg("docs/lifecycle.md, fields: %s expected, found %.*s", name, TEXT_ARG(json));
        field_words[bit] = cell(line, 0);
    }
    assert_int_equal(rest.length, 0);
}

static const char *clock_words(enum dossier_clock clock)
{
    switch (clock) {
    case CLOCK_NONE: return "chưa chạy";
    case CLOCK_RUN: return "chạy";
    case CLOCK_STOP: return "dừng";
    case CLOCK_ENDED: return "đã hết";
    }
    unreachable();
}

static void test_the_states_are_the_programs(void **state)
{
    struct text_out rows = text_out_begin(arena);

    (void)state;
    for (int i = 0; i < STATE_COUNT; i++) {
        enum dossier_state const each = (enum dossier_state)i;
        const char *const portal =
            state_portal(each) == 0 ? "–" : arena_printf(arena, "%d", state_portal(each));
        const char *const phase = state_phase(each) == PHASE_NONE ? "–" : phase_label(state_phase(each));

        text_out_put(&rows,
                     text_of(arena_printf(arena, "| %d | %s | `%s` | %s | %s | %s |\n", i, state_label(each),
                                          state_name(each), clock_words(state_clock(each)), portal, phase)));
    }
    expect_table("Trạng thái", text_out_end(&rows));
}

static void put_separator(struct text_out *out)
{
    if (out->length > 0)
        text_out_put(out, TEXT("; "));
}

/* "4–13, 15": more than three states are named by their numbers. */
static void put_ranges(struct text_out *out, uint32_t states)
{
    text_out_put(out, TEXT("các số "));
    for (int from = 0, count = 0; from < STATE_COUNT; from++) {
        int to = from;

        if ((states >> from & 1) == 0)
            continue;
        while (to + 1 < STATE_COUNT && (states >> (to + 1) & 1) != 0)
            to++;
        text_out_put(out, text_of(arena_printf(arena, to > from ? "%s%d–%d" : "%s%d", count++ > 0 ? ", " : "",
                                               from, to)));
        from = to;
    }
}

static struct text states_words(uint32_t states)
{
    struct text_out out = text_out_begin(arena);

    if (__builtin_popcount(states) > LABELS_MAX) {
        put_ranges(&out, states);
        return text_out_end(&out);
    }
    for (int i = 0; i < STATE_COUNT; i++) {
        if ((states >> i & 1) == 0)
            continue;
        put_separator(&out);
        text_out_put(&out, text_of(state_label((enum dossier_state)i)));
    }
    return text_out_end(&out);
}

/* Where the action itself decides the target. */
static const char *target_words(const struct dossier_rule *rule)
{
    if (rule->to != UNCHANGED)
        return state_label((enum dossier_state)rule->to);
    switch ((int)rule->action) {
    case ACTION_REWORK:
        return arena_printf(arena, "%s, hoặc %s", state_label(STATE_PROCESSING), state_label(STATE_REVIEW));
    case ACTION_ISSUE:
        return arena_printf(arena, "%s; dự thảo từ chối: %s", state_label(STATE_RESULT_READY),
                            state_label(STATE_REFUSED_WITH_REASON));
    case ACTION_TURN_DOWN_WITHDRAWAL: return "trạng thái trước khi xin rút";
    case ACTION_APOLOGISE:
    case ACTION_CORRECT_TIMELINESS:
    case ACTION_COLLECT_FEE: return "giữ nguyên";
    default: fail_msg("%s: its target has no words", action_name(rule->action));
    }
    unreachable();
}

static struct text roles_words(const struct dossier_rule *rule)
{
    struct text_out out = text_out_begin(arena);

    for (int bit = 0; bit < ROLE_COUNT; bit++) {
        unsigned const role = 1U << bit;

        if ((rule->roles & role) == 0)
            continue;
        put_separator(&out);
        text_out_put(&out, text_of(role_label(role)));
        if (role == ROLE_HANDLER && rule->is_own_handler)
            text_out_put(&out, TEXT(" được giao"));
    }
    return text_out_end(&out);
}

static struct text needs_words(unsigned needs)
{
    struct text_out out = text_out_begin(arena);

    for (int bit = 0; bit < NEEDS; bit++) {
        if ((needs >> bit & 1) == 0)
            continue;
        put_separator(&out);
        text_out_put(&out, field_words[bit]);
    }
    return out.length == 0 ? TEXT("–") : text_out_end(&out);
}

static void test_the_rules_are_the_programs(void **state)
{
    struct text_out rows = text_out_begin(arena);
    size_t count;
    const struct dossier_rule *const rules = dossier_rules(&count);

    (void)state;
    read_field_words();
    for (size_t i = 0; i < count; i++) {
        struct text const cells[] = {states_words(rules[i].from), text_of(target_words(&rules[i])),
                                     roles_words(&rules[i]), needs_words(rules[i].needs),
                                     needs_words(rules[i].takes)};

        text_out_put(&rows, text_of(arena_printf(arena, "| %s `%s` |", action_label(rules[i].action),
                                                 action_name(rules[i].action))));
        for (size_t j = 0; j < array_length(cells); j++)
            text_out_put(&rows, text_of(arena_printf(arena, " %.*s |", TEXT_ARG(cells[j]))));
        text_out_byte(&rows, '\n');
    }
    expect_table("Ai làm được gì, từ đâu đến đâu", text_out_end(&rows));
}

/* An action is in the table, or the document says that it is not there yet. */
static void test_every_action_is_told_of(void **state)
{
    (void)state;
    for (int i = 0; i < ACTION_COUNT; i++) {
        const char *const code = arena_printf(arena, "`%s`", action_name((enum dossier_action)i));

        if (strstr(doc.data, code) == NULL)
            fail_msg("docs/lifecycle.md does not name %s", code);
    }
}

/* The refusals in the order in which they are answered, each with the code that the server sends. */
static void test_the_refusals_are_the_servers(void **state)
{
    struct text const codes = read_whole(arena, SOURCE_DIR "/server/path/refusal.def");
    struct text rest = table_of("Khi bị từ chối");
    int count = 0;

    (void)state;
    for (; rest.length > 0; count++) {
        struct text const code = cell(text_cut(rest, '\n', &rest), 0);
        const char *const quoted = arena_printf(arena, "\"%.*s\"", (int)code.length - 2, code.data + 1);

        if (strstr(codes.data, quoted) == NULL)
            fail_msg("docs/lifecycle.md: no refusal of the server is called %s", quoted);
    }
    /* missing and bad input are one code, "invalid" */
    assert_int_equal(count, REFUSED_NOTHING_OWED - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_states_are_the_programs),
        cmocka_unit_test(test_the_rules_are_the_programs),
        cmocka_unit_test(test_every_action_is_told_of),
        cmocka_unit_test(test_the_refusals_are_the_servers),
    };

    return cmocka_run_group_tests(tests, open_doc, close_doc);
}
