/* A change in hand: its calendars before and after, and the sentence that explains it. */
#include "catalogue/live.h"
#include "core/json.h"
#include "jobs/recount.h"

#define COLUMN(name) COL_RECOUNT_TAKE_##name

static void read_change(struct recount_job *job, struct arena *arena, const struct db_answer *answer)
{
    struct text const days = db_text(answer, 0, COLUMN(DAYS));
    struct json_result const parsed =
        json_parse(arena, (struct text){text_copy(arena, days), days.length}, &json_limits_file);

    must(parsed.fault == JSON_OK); /* jsonb */
    job->change = (struct calendar_change){
        .id = db_i64(answer, 0, COLUMN(ID)),
        .calendar = text_of(text_copy(arena, db_text(answer, 0, COLUMN(CALENDAR)))),
        .agency = text_of(text_copy(arena, db_text(answer, 0, COLUMN(AGENCY)))),
        .source = text_of(text_copy(arena, db_text(answer, 0, COLUMN(SOURCE)))),
        .days = parsed.root,
    };
    job->day_count = calendar_change_days(&job->change, job->days);
}

/* All approved changes but this one; a preview has it on top. */
static const struct calendar_book *other_book(struct recount_job *job, struct arena *arena,
                                              struct calendar_faults *faults)
{
    size_t count, kept = 0;
    const struct calendar_change *all = live_changes(job->live, &count);
    struct calendar_change *others = arena_array(arena, struct calendar_change, count + 1);

    for (size_t i = 0; i < count; i++)
        if (all[i].id != job->change.id)
            others[kept++] = all[i];
    if (!job->is_apply)
        others[kept++] = job->change;
    return calendars_build(arena, live_catalogue(job->live), others, kept, faults);
}

/* "24/11/2026 Nghỉ lễ (Ngày Văn hóa Việt Nam); …" by the calendar as it is afterwards. */
static const char *sentence(const struct recount_job *job, struct arena *arena)
{
    const struct calendar *calendar =
        job->change.calendar.length > 0
            ? calendar_find(job->after, job->change.calendar)
            : calendars_of(job->after, catalogue_agency(live_catalogue(job->live), job->change.agency));
    const char *words = "", *comma = "";

    for (size_t i = 0; i < job->day_count && calendar != NULL; i++) {
        struct calendar_day const day = calendar_day_of(calendar, job->days[i]);
        bool const has_name = day.name.length > 0 && day.kind != CALENDAR_DAY_WEEKEND;
        int y, m, d;

        day_to_civil(job->days[i], &y, &m, &d);
        words = arena_printf(arena, "%s%s%02d/%02d/%04d: %s%s%.*s%s", words, comma, d, m, y,
                             calendar_day_kind_label(day.kind), has_name ? " (" : "",
                             has_name ? (int)day.name.length : 0, has_name ? day.name.data : "",
                             has_name ? ")" : "");
        comma = "; ";
    }
    return arena_printf(arena, "Lịch làm việc thay đổi theo %.*s. %s.", (int)job->change.source.length,
                        job->change.source.data, words);
}

const char *recount_job_read(struct recount *recount, const struct db_answer *answer)
{
    struct recount_job *job = &recount->job;
    struct arena *arena = recount->job_arena;
    struct calendar_faults faults = {0};
    const struct calendar_book *other;

    *job = (struct recount_job){
        .is_apply = text_equal(db_text(answer, 0, COLUMN(STATE)), TEXT("APPLYING")),
        .epoch = db_i64(answer, 0, COLUMN(EPOCH_NOW)),
        .reverses = db_i64(answer, 0, COLUMN(REVERSES)),
        .reached = db_i64(answer, 0, COLUMN(REACHED)),
        .live = live_hold_in(arena),
    };
    read_change(job, arena, answer);
    job->is_begin = !job->is_apply &&
                    (db_is_null(answer, 0, COLUMN(EPOCH)) || db_i64(answer, 0, COLUMN(EPOCH)) != job->epoch);
    if (job->is_begin)
        job->reached = 0;
    other = other_book(job, arena, &faults);
    if (other == NULL)
        return arena_printf(arena, "%s %s: %s", faults.first->pointer, faults.first->rule,
                            faults.first->message);
    job->before = job->is_apply ? other : live_book(job->live);
    job->after = job->is_apply ? live_book(job->live) : other;
    job->reason = sentence(job, arena);
    return NULL;
}
