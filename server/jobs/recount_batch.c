/* The dossiers of a batch: read, counted anew, and those that change kept. */
#include "catalogue/live.h"
#include "dossier/clock_rules.h"
#include "dossier/dossier_change.h"
#include "jobs/recount.h"
#include "ledger/evidence.h"

#define COLUMN(name) COL_RECOUNT_BATCH_##name

static int64_t number(const struct db_answer *answer, int row, int column)
{
    return db_i64(answer, row, column);
}

/* "stop,resume,stop": seconds. */
static void read_stops(struct dossier *dossier, struct text stops)
{
    bool is_stop = true;

    while (stops.length > 0) {
        struct text rest;
        int64_t at_s;

        must(text_to_i64(text_cut(stops, ',', &rest), &at_s) && dossier->pause_count <= PAUSES_MAX);
        stops = rest;
        if (is_stop)
            dossier->pauses[dossier->pause_count++] = (struct dossier_pause){.stop_s = at_s};
        else
            dossier->pauses[dossier->pause_count - 1].resume_s = at_s;
        is_stop = !is_stop;
    }
}

static enum dossier_phase phase_of(struct text name)
{
    int phase = PHASE_COUNT - 1;

    while (phase > PHASE_NONE && !text_equal(text_of(phase_name((enum dossier_phase)phase)), name))
        phase--;
    return (enum dossier_phase)phase;
}

static struct dossier read_dossier(const struct db_answer *answer, int row)
{
    struct dossier dossier = {
        .version = number(answer, row, COLUMN(VERSION)),
        .accepted_at_s = number(answer, row, COLUMN(ACCEPTED_AT)),
        .due_clock_s = number(answer, row, COLUMN(DUE_CLOCK)),
        .due_eod_s = number(answer, row, COLUMN(DUE_EOD)),
        .reappointed_due_at_s = number(answer, row, COLUMN(REAPPOINTED)),
        .finished_at_s = number(answer, row, COLUMN(FINISHED_AT)),
        .supplement_due_s = number(answer, row, COLUMN(SUPPLEMENT_DUE)),
        .consult_due_s = number(answer, row, COLUMN(CONSULT_DUE)),
        .step_phase = phase_of(db_text(answer, row, COLUMN(STEP_PHASE))),
        .step_started_s = number(answer, row, COLUMN(STEP_STARTED)),
        .step_due_s = number(answer, row, COLUMN(STEP_DUE)),
        .clock_start_s = number(answer, row, COLUMN(CLOCK_START)),
    };

    must(state_from_name(db_text(answer, row, COLUMN(STATE)), &dossier.state));
    read_stops(&dossier, db_text(answer, row, COLUMN(STOPS)));
    return dossier;
}

static bool counts_otherwise(const struct recount *recount, const struct db_answer *answer, int row,
                             struct recount_item *item, const struct calendar *before)
{
    const struct recount_job *job = &recount->job;
    struct recount_change const change = {before, item->after, job->days, job->day_count,
                                          item->state_since_s};
    struct recount_dues const from = {
        number(answer, row, COLUMN(FROM_DUE_CLOCK)), number(answer, row, COLUMN(FROM_DUE_EOD)),
        number(answer, row, COLUMN(FROM_STEP_DUE)), number(answer, row, COLUMN(FROM_SUPPLEMENT_DUE)),
        number(answer, row, COLUMN(FROM_CONSULT_DUE))};
    struct recount_dues const to = {
        number(answer, row, COLUMN(TO_DUE_CLOCK)), number(answer, row, COLUMN(TO_DUE_EOD)),
        number(answer, row, COLUMN(TO_STEP_DUE)), number(answer, row, COLUMN(TO_SUPPLEMENT_DUE)),
        number(answer, row, COLUMN(TO_CONSULT_DUE))};

    if (db_bool(answer, row, COLUMN(IS_BACK)))
        return dossier_recount_back(&item->dossier, &change, &from, &to, &item->dues);
    return dossier_recount(&item->dossier, &change, &item->dues);
}

static struct text kept(const struct recount *recount, const struct db_answer *answer, int row, int column)
{
    struct text const text = db_text(answer, row, column);

    return text.data == NULL ? TEXT_NONE : text_of(text_copy(recount->batch_arena, text));
}

/* What is watched, before and after; true: it differs. A preview does not ask. */
static bool is_watched_otherwise(const struct recount *recount, struct recount_item *item,
                                 const struct calendar *before, int64_t now_s)
{
    struct dossier const moved = dossier_with_dues(&item->dossier, &item->dues);
    struct timer_moment const was = {before, item->state_since_s, now_s};
    struct timer_moment const is = {item->after, item->state_since_s, now_s};
    struct watch_params const old = timer_params(recount->batch_arena, recount->config, &item->dossier, &was);
    struct watch_params const new = timer_params(recount->batch_arena, recount->config, &moved, &is);

    item->kinds = new.kinds;
    item->ats = new.ats;
    return strcmp(old.kinds, new.kinds) != 0 || strcmp(old.ats, new.ats) != 0;
}

/* False: nothing of it changes. */
static bool read_item(const struct recount *recount, const struct db_answer *answer, int row, int64_t now_s,
                      struct recount_item *item)
{
    const struct recount_job *job = &recount->job;
    const struct catalogue *catalogue = live_catalogue(job->live);
    const struct agency *agency = catalogue_agency(catalogue, db_text(answer, row, COLUMN(COMPETENT_AGENCY)));
    const struct procedure_version *version =
        catalogue_version(catalogue, number(answer, row, COLUMN(PROCEDURE_VERSION)));
    struct text const chosen = db_text(answer, row, COLUMN(PROCEDURE_CASE));
    const struct calendar *before;

    must(agency != NULL &&
         version != NULL); /* the catalogue is of the present epoch; nothing is ever dropped */
    if (db_bool(answer, row, COLUMN(IS_MOVED)) || !calendar_change_reaches(catalogue, &job->change, agency))
        return false;
    *item = (struct recount_item){.id = number(answer, row, COLUMN(ID)),
                                  .version = number(answer, row, COLUMN(VERSION)),
                                  .state_since_s = number(answer, row, COLUMN(STATE_SINCE)),
                                  .dossier = read_dossier(answer, row),
                                  .code = kept(recount, answer, row, COLUMN(CODE)),
                                  .head = kept(recount, answer, row, COLUMN(HEAD)),
                                  .approved_unit = kept(recount, answer, row, COLUMN(APPROVED_UNIT)),
                                  .last_at_s = number(answer, row, COLUMN(LAST_AT)),
                                  .after = calendars_of(job->after, agency)};
    before = calendars_of(job->before, agency);
    must(before != NULL && item->after != NULL);
    item->dossier.plan = dossier_plan_of(version, chosen.length > 0 ? version_case(version, chosen) : NULL);
    item->dues = dossier_dues(&item->dossier);
    item->moves = counts_otherwise(recount, answer, row, item, before);
    return job->is_apply ? is_watched_otherwise(recount, item, before, now_s) || item->moves : item->moves;
}

void recount_read_batch(struct recount *recount, const struct db_answer *answer, int64_t now_s)
{
    int const rows = db_row_count(answer);

    recount->items = arena_array(recount->batch_arena, struct recount_item, rows + 1);
    recount->item_count = recount->item_at = 0;
    recount->looked_at = rows;
    recount->last_id = rows > 0 ? number(answer, rows - 1, COLUMN(ID)) : recount->job.reached;
    for (int row = 0; row < rows; row++)
        recount->item_count += read_item(recount, answer, row, now_s, &recount->items[recount->item_count]);
}

static void put_dues(struct json_out *out, const struct recount_dues *dues, const char *const names[5])
{
    json_put_instant(out, names[0], dues->due_clock_s);
    json_put_instant(out, names[1], dues->due_eod_s);
    json_put_instant(out, names[2], dues->step_due_s);
    json_put_instant(out, names[3], dues->supplement_due_s);
    json_put_instant(out, names[4], dues->consult_due_s);
}

struct text recount_preview_rows(const struct recount *recount, int64_t now_s)
{
    static const char *const old_names[5] = {"old_due_clock", "old_due_eod", "old_step_due",
                                             "old_supplement_due", "old_consult_due"};
    static const char *const new_names[5] = {"new_due_clock", "new_due_eod", "new_step_due",
                                             "new_supplement_due", "new_consult_due"};
    struct json_out out = json_out_begin(recount->batch_arena);

    json_open_array(&out);
    for (size_t i = 0; i < recount->item_count; i++) {
        const struct recount_item *item = &recount->items[i];
        struct recount_dues const old = dossier_dues(&item->dossier);
        struct dossier const moved = dossier_with_dues(&item->dossier, &item->dues);
        bool const is_running = state_clock(item->dossier.state) == CLOCK_RUN;

        json_open_object(&out);
        json_put_i64(&out, "dossier", item->id);
        put_dues(&out, &old, old_names);
        put_dues(&out, &item->dues, new_names);
        json_put_bool(&out, "was_late", is_running && clock_is_late(&item->dossier, item->after, now_s));
        json_put_bool(&out, "is_late", is_running && clock_is_late(&moved, item->after, now_s));
        json_close_object(&out);
    }
    json_close_array(&out);
    return json_out_end(&out);
}

const char *recount_evidence(const struct recount *recount, const struct recount_item *item, int64_t now_s)
{
    static const char *const names[5] = {"due_at", "due_eod", "step_due_at", "supplement_due_at",
                                         "consultation_due_at"};
    struct json_out out = json_out_begin(recount->batch_arena);
    struct evidence_step step = {
        .dos = item->code,
        .dsq = item->version + 1,
        .prev = item->head,
        .at_s = now_s,
        .before_s = item->last_at_s,
        .org = item->approved_unit,
        .state = state_name(item->dossier.state),
    };

    json_open_object(&out);
    json_put_text(&out, "code", item->code);
    json_put_i64(&out, "version", item->version + 1);
    json_put_instant(&out, "at", now_s);
    json_put_string(&out, "action", "calendar_change");
    json_put_i64(&out, "calendar_change", recount->job.change.id);
    json_put_string(&out, "reason", recount->job.reason);
    put_dues(&out, &item->dues, names);
    json_close_object(&out);
    step.payload = json_out_end(&out);
    return evidence_param(recount->batch_arena, &step);
}
