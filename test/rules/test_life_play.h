#pragma once
/* Scripts of the life cycle: instants, actions and what is then so, played through dossier_decide(). */
#include "test_life.h"

#include "calendar/timeliness.h"

/*
 * One line a step: a local time, then what is done (an action, or `accepted`: from the desk to the handler at
 * once; `finished`: from the handler through signing to the result at once), or what is then so: `due`
 * (printed; legal), `step`, `answer-by`, `clock`, `judged`, `new-promise`; "-" where there is none.
 */
struct play {
    const char *id;
    int unit; /* LIMIT_… */
    int64_t limit_milli;
    bool is_restart;
    const char *script;
};

struct stage {
    struct dossier dossier;
    const char *id;
    int64_t now_s;
    enum clock_kind entry;
};

static struct dossier_input needed_input(const struct stage *stage, enum dossier_action action)
{
    struct dossier_actor const anybody = {
        .user = LIFE_HANDLER, .roles = LIFE_ROLES_ALL, .asking_roles = LIFE_ROLES_ALL};
    struct dossier_input input = life_input(stage->now_s);
    struct dossier_offer offers[ACTION_COUNT];
    size_t const count = dossier_offers(&stage->dossier, &anybody, offers);

    input.given = 0;
    for (size_t i = 0; i < count; i++)
        if (offers[i].action == action)
            input.given = offers[i].needs | (offers[i].takes & NEED_REASON);
    input.handler = stage->dossier.handler == LIFE_HANDLER ? LIFE_OTHER : LIFE_HANDLER;
    input.is_receiver_owner = true;
    return input;
}

static void act(struct stage *stage, const char *name)
{
    struct dossier_actor actor = {
        .user = stage->dossier.handler, .roles = LIFE_ROLES_ALL, .asking_roles = LIFE_ROLES_ALL};
    enum dossier_action action = ACTION_COUNT;
    struct dossier_input input;
    struct dossier_change change;
    enum dossier_refusal refusal;
    unsigned missing;

    if (!action_from_name(text_of(name), &action))
        fail_msg("%s: no such action: %s", stage->id, name);
    input = needed_input(stage, action);
    refusal =
        dossier_decide(&stage->dossier, action, &actor, &input, calendar, stage->now_s, &change, &missing);
    if (refusal != DECIDED)
        fail_msg("%s: %s from %s: %s", stage->id, name, state_name(stage->dossier.state),
                 life_refusal_name(refusal));
    life_apply(&stage->dossier, &change, stage->now_s);
    stage->entry = change.clock;
}

static void act_all(struct stage *stage, const char *const names[])
{
    for (; *names != NULL; names++)
        act(stage, *names);
}

static void accepted(struct stage *stage, const char *rest)
{
    static const char *const way[] = {"accept", "transfer", "acknowledge", "assign", NULL};

    (void)rest;
    act_all(stage, way);
}

static void finished(struct stage *stage, const char *rest)
{
    static const char *const way[] = {"submit_for_review", "submit_for_signature", "sign", "issue", NULL};

    (void)rest;
    act_all(stage, way);
}

static void expect_word(const struct stage *stage, const char *what, const char *found, const char *right)
{
    if (found == NULL)
        found = "-";
    if (strcmp(found, right) != 0)
        fail_msg("%s: %s is %s, expected %s", stage->id, what, found, right);
}

static void expect_instant(const struct stage *stage, const char *what, int64_t found_s, const char *right)
{
    char buffer[INSTANT_TEXT_BYTES];

    expect_word(stage, what, found_s == 0 ? NULL : local(found_s, buffer), right);
}

static void expect_due(struct stage *stage, const char *rest)
{
    char printed[17] = "", legal[17] = "";

    assert_int_equal(sscanf(rest, "%16[^;]; %16[^\n]", printed, legal), 2);
    expect_instant(stage, "due", stage->dossier.due_clock_s, printed);
    expect_instant(stage, "legal due", stage->dossier.due_eod_s, legal);
}

static void expect_step(struct stage *stage, const char *rest)
{
    expect_instant(stage, "step", stage->dossier.step_due_s, rest);
}

static void expect_answer_by(struct stage *stage, const char *rest)
{
    expect_instant(stage, "answer-by", stage->dossier.supplement_due_s, rest);
}

static void expect_new_promise(struct stage *stage, const char *rest)
{
    expect_instant(stage, "new promise", stage->dossier.reappointed_due_at_s, rest);
}

static void expect_clock(struct stage *stage, const char *rest)
{
    expect_word(stage, "clock", clock_kind_name(stage->entry), rest);
}

static void expect_judged(struct stage *stage, const char *rest)
{
    expect_word(stage, "judged", timeliness_name(stage->dossier.timeliness), rest);
}

/* As a report at that time counts it: a stopped one as of its stop. */
static void expect_counted(struct stage *stage, const char *rest)
{
    const struct dossier *d = &stage->dossier;
    bool const is_stopped = d->pause_count > 0 && d->pauses[d->pause_count - 1].resume_s == 0;
    int64_t const as_of_s = is_stopped ? d->pauses[d->pause_count - 1].stop_s : stage->now_s;

    expect_word(stage, "judged", timeliness_name(d->timeliness), "-");
    expect_word(stage, "counted",
                calendar_timeliness_name(calendar_running_class(
                    calendar, (enum calendar_unit)d->plan.limit_unit, d->due_eod_s, as_of_s)),
                rest);
}

static const struct {
    const char *word;
    void (*play)(struct stage *stage, const char *rest);
} words[] = {{"accepted", accepted},  {"finished", finished},          {"due", expect_due},
             {"step", expect_step},   {"answer-by", expect_answer_by}, {"new-promise", expect_new_promise},
             {"clock", expect_clock}, {"judged", expect_judged},       {"counted", expect_counted}};

static void play_line(struct stage *stage, const char *line)
{
    char word[32] = "";
    const char *rest;

    if (*line >= '0' && *line <= '9') {
        char when[20];

        snprintf(when, sizeof when, "%.16s", line);
        stage->now_s = at(when);
        line += 17;
    }
    assert_int_equal(sscanf(line, "%31s", word), 1);
    rest = line + strlen(word) + (line[strlen(word)] == ' ' ? 1 : 0);
    for (size_t i = 0; i < array_length(words); i++) {
        if (strcmp(words[i].word, word) == 0) {
            words[i].play(stage, rest);
            return;
        }
    }
    act(stage, word);
}

static void play_script(struct stage *stage, const char *script)
{
    struct text rest = text_of(script);
    char line[96];

    while (rest.length > 0) {
        struct text const next = text_cut(rest, '\n', &rest);

        snprintf(line, sizeof line, "%.*s", TEXT_ARG(next));
        play_line(stage, line);
    }
}

static struct stage stage_of(const struct play *play)
{
    struct stage stage = {.id = play->id, .dossier = life_dossier(STATE_SUBMITTED)};

    stage.dossier.handler = 0;
    stage.dossier.plan.limit_unit = (enum limit_unit)play->unit;
    stage.dossier.plan.limit_milli = play->limit_milli;
    stage.dossier.plan.is_restart = play->is_restart;
    return stage;
}

static void play_all(const struct play plays[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct stage stage = stage_of(&plays[i]);

        play_script(&stage, plays[i].script);
    }
}
