/* What a change says to motcua.timer and motcua.lateness: the rules' answers as parameters. */
#include "core/config.h"
#include "core/instant.h"
#include "dossier/dossier_change.h"
#include "dossier/lateness_rules.h"
#include "dossier/leg_view.h"
#include "dossier/timers_rules.h"

/* When the dossier came into its present state: the first of the last events that left it there. */
static int64_t state_since(const struct dossier_view *view)
{
    size_t i = view->fact_count - 1;

    must(view->fact_count > 0);
    while (i > 0 && view->facts[i - 1].state == view->facts[i].state)
        i--;
    return view->facts[i].at_s;
}

static struct timer_settings settings_of(const struct config *config)
{
    return (struct timer_settings){
        .warn_percent = config->watch_warn_percent,
        .answer_min = config->watch_answer_hours * 60,
        .handover_min = config->watch_handover_hours * 60,
        .unclaimed_days = config->watch_unclaimed_days,
    };
}

static struct watch_params params_of(struct arena *arena, const struct timer *timers, size_t count,
                                     int64_t now_s)
{
    const char *kinds = "{", *ats = "{", *comma = "";
    char at[INSTANT_TEXT_BYTES];

    for (size_t i = 0; i < count; i++) {
        if (timers[i].at_s <= now_s)
            continue; /* told already, or not to be told any more */
        kinds = arena_printf(arena, "%s%s%d", kinds, comma, (int)timers[i].kind + LEG_TIMERS * timers[i].leg);
        ats = arena_printf(arena, "%s%s\"%s\"", ats, comma, instant_format(at, timers[i].at_s));
        comma = ",";
    }
    return (struct watch_params){arena_printf(arena, "%s}", kinds), arena_printf(arena, "%s}", ats)};
}

struct watch_params timer_params(struct arena *arena, const struct config *config,
                                 const struct dossier *dossier, const struct timer_moment *moment)
{
    struct timer_settings const settings = settings_of(config);
    struct timer timers[TIMER_COUNT];
    size_t const count = dossier_timers(dossier, moment->state_since_s, &settings, moment->calendar, timers);

    return params_of(arena, timers, count, moment->now_s);
}

struct watch_params view_timers(struct req *req, const struct dossier_view *view)
{
    struct timer_moment const moment = {view->calendar, state_since(view), view->now_s};
    struct timer_settings const settings = settings_of(req->worker->config);
    struct chain const chain = view_chain(view);
    struct timer *timers;

    if (view->leg_count == 0)
        return timer_params(req->arena, req->worker->config, &view->dossier, &moment);
    timers = arena_array(req->arena, struct timer, (size_t)TIMER_COUNT * (view->leg_count + 1));
    return params_of(req->arena, timers,
                     chain_timers(&chain, moment.state_since_s, &settings, view->calendar, timers),
                     view->now_s);
}

static void put_late(struct json_out *out, const char *scope, const struct event_fact *fact,
                     const struct lateness *late, struct text cause)
{
    json_open_object(out);
    json_put_string(out, "scope", scope);
    json_put_string(out, "phase", phase_name(fact->phase));
    json_put_text(out, "unit", fact->unit);
    json_put_text(out, "role", fact->role);
    json_put_text(out, "handler", fact->handler);
    json_put_instant(out, "due_at", late->due_s);
    json_put_i64(out, "minutes_over", late->minutes_over);
    json_put_text(out, "cause", cause);
    json_close_object(out);
}

struct text view_lateness(struct req *req, const struct dossier_view *view,
                          const struct dossier_change *change, struct text cause)
{
    const struct dossier *before = &view->dossier;
    bool const is_judged = change->clock == CLOCK_END && change->timeliness == TIMELINESS_OVERDUE;
    struct lateness step = {0};
    struct json_out out = json_out_begin(req->arena);

    if (change->closes_step)
        step = lateness_of_step(before, view->facts, view->fact_count, view->calendar, view->now_s);
    if (!step.is_late && !is_judged)
        return TEXT_NONE;
    json_open_array(&out);
    if (step.is_late)
        put_late(&out, "STEP", &view->facts[step.fact], &step, cause);
    if (is_judged) {
        struct lateness const whole =
            lateness_of_dossier(before, view->facts, view->fact_count, view->calendar, view->now_s);

        put_late(&out, "DOSSIER", &view->facts[whole.fact], &whole, cause);
    }
    json_close_array(&out);
    return json_out_end(&out);
}
