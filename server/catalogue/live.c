#include "catalogue/live.h"

#include "calendar/book.h"
#include "catalogue/build_rules.h"
#include "catalogue/calendar_change_rules.h"
#include "core/json.h"
#include "core/log.h"
#include "path/path.h"

enum {
    LIVE_BYTES_MAX = 512 * 1024 * 1024, /* a country's catalogue; a commune's is a few MiB */
    WAITERS_MAX = 1024,
    REFRESH_TICKS = 4, /* how often to look at the epoch when nobody is refused */
};

struct live {
    struct arena *arena;
    const struct catalogue *catalogue;
    const struct calendar_book *book;
    struct calendar_change *changes;
    size_t change_count;
    int holds; /* requests, and one for being the present one */
};

/* One request that waits for a newer snapshot. */
struct waiter {
    struct req *req;
    void (*then)(struct req *req);
};

/* What this process has; one owner, this file. */
static struct {
    struct live *present;
    bool is_asking;
    unsigned ticks;
    struct waiter waiters[WAITERS_MAX];
    int waiter_count;
} now;

static void release(void *held)
{
    struct live *live = held;

    must(live->holds > 0);
    if (--live->holds == 0)
        arena_destroy(live->arena); /* live is in it */
}

static void log_faults(const struct catalogue_faults *faults)
{
    log_error("the catalogue in the database cannot be used", LOG_N("faults", (int64_t)faults->count));
}

static void read_changes(struct live *live, struct text json)
{
    struct json_result const parsed = json_parse(live->arena, json, &json_limits_file);
    const cJSON *item;

    must(parsed.fault == JSON_OK); /* PostgreSQL made it */
    live->changes = arena_array(live->arena, struct calendar_change, cJSON_GetArraySize(parsed.root) + 1);
    cJSON_ArrayForEach(item, parsed.root)
    {
        live->changes[live->change_count++] = (struct calendar_change){
            .id = (int64_t)cJSON_GetObjectItemCaseSensitive(item, "id")->valuedouble,
            .calendar = text_of(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, "calendar"))),
            .agency = text_of(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, "agency"))),
            .source = text_of(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, "source"))),
            .days = cJSON_GetObjectItemCaseSensitive(item, "days"),
        };
    }
}

static void log_unusable(const struct calendar_faults *faults, int64_t change)
{
    log_error("the calendars in the database cannot be used", LOG_N("faults", (int64_t)faults->count),
              LOG_S("first", faults->first != NULL ? faults->first->pointer : ""), LOG_N("change", change));
}

/* A change that the calendars loaded since leave no place for is left out, loudly: the others count. */
static void leave_out_unusable(struct live *live, struct calendar_faults *faults)
{
    size_t const count = live->change_count;

    live->change_count = 0;
    for (size_t i = 0; i < count; i++) {
        live->changes[live->change_count++] = live->changes[i];
        if (calendars_build(live->arena, live->catalogue, live->changes, live->change_count, faults) ==
            NULL) {
            log_unusable(faults, live->changes[i].id);
            live->change_count--;
        }
    }
}

static void compile_calendars(struct live *live)
{
    struct calendar_faults faults = {0};

    live->book = calendars_build(live->arena, live->catalogue, live->changes, live->change_count, &faults);
    if (live->book == NULL && live->change_count > 0) {
        leave_out_unusable(live, &faults);
        live->book =
            calendars_build(live->arena, live->catalogue, live->changes, live->change_count, &faults);
    }
    if (live->book == NULL)
        log_unusable(&faults, 0);
}

/* NULL: unusable; said in the log. The daemon then goes on with what it has. */
static struct live *build(struct text body, struct text changes)
{
    struct arena *arena = arena_create(LIVE_BYTES_MAX);
    struct live *live = arena_new(arena, struct live);
    struct catalogue_faults faults = {.arena = arena};
    struct catalogue_source const source = {"database", {text_copy(arena, body), body.length}};

    live->arena = arena;
    live->holds = 1;
    live->catalogue = catalogue_build(&source, 1, &faults);
    read_changes(live, changes);
    if (faults.count == 0)
        compile_calendars(live);
    else
        log_faults(&faults);
    if (live->book == NULL) {
        arena_destroy(arena);
        return NULL;
    }
    return live;
}

static void wake_all(void)
{
    struct waiter woken[WAITERS_MAX];
    int const count = now.waiter_count;

    memcpy(woken, now.waiters, sizeof woken);
    now.waiter_count = 0;
    for (int i = 0; i < count; i++)
        woken[i].then(woken[i].req);
}

static void came(void *owner, const struct db_answer *answer)
{
    arena_destroy(owner);
    now.is_asking = false;
    if (db_outcome(answer) == DB_ROWS && db_row_count(answer) == 1 &&
        !db_is_null(answer, 0, COL_CATALOGUE_SNAPSHOT_BODY)) {
        struct live *live = build(db_text(answer, 0, COL_CATALOGUE_SNAPSHOT_BODY),
                                  db_text(answer, 0, COL_CATALOGUE_SNAPSHOT_CHANGES));

        if (live != NULL) {
            if (now.present != NULL)
                release(now.present);
            now.present = live;
            log_info("catalogue loaded", LOG_N("epoch", live->catalogue->epoch),
                     LOG_N("agencies", (int64_t)live->catalogue->agency_count),
                     LOG_N("versions", (int64_t)live->catalogue->version_count));
        }
    }
    wake_all();
}

static void ask_snapshot(struct worker *worker)
{
    struct arena *arena;
    struct db_params *params;

    if (now.is_asking)
        return;
    now.is_asking = true;
    arena = arena_create(4096);
    params = arena_new(arena, struct db_params);
    params->count = 1;
    params->values[0] =
        now.present == NULL ? NULL : arena_printf(arena, "%lld", (long long)now.present->catalogue->epoch);
    db_ask(worker->db, SQL_CATALOGUE_SNAPSHOT, params, came, arena);
}

void live_start(struct worker *worker)
{
    ask_snapshot(worker);
}

bool live_is_ready(const struct worker *worker)
{
    (void)worker;
    return now.present != NULL;
}

/* Reads alone would never notice a new epoch: look now and then. */
void live_tick(struct worker *worker)
{
    if (now.present == NULL || ++now.ticks % REFRESH_TICKS == 0)
        ask_snapshot(worker);
}

void live_stop(struct worker *worker)
{
    (void)worker;
    if (now.present != NULL)
        release(now.present);
    now.present = NULL;
}

const struct live *live_hold(struct req *req)
{
    return live_hold_in(req->arena);
}

const struct live *live_hold_in(struct arena *arena)
{
    if (now.present == NULL)
        return NULL;
    now.present->holds++;
    arena_on_end(arena, release, now.present);
    return now.present;
}

const struct calendar_change *live_changes(const struct live *live, size_t *count)
{
    *count = live->change_count;
    return live->changes;
}

const struct catalogue *live_catalogue(const struct live *live)
{
    return live->catalogue;
}

int64_t live_epoch(const struct live *live)
{
    return live->catalogue->epoch;
}

const struct calendar_book *live_book(const struct live *live)
{
    return live->book;
}

const struct calendar *live_calendar(const struct live *live, const struct agency *agency)
{
    const struct calendar *calendar = calendars_of(live->book, agency);

    must(calendar != NULL); /* catalogue_check() lets no agency in without one */
    return calendar;
}

const struct agency *live_default_agency(const struct live *live)
{
    int32_t const today = instant_day(instant_now());

    for (size_t i = 0; i < live->catalogue->agency_count; i++) {
        const struct agency *agency = &live->catalogue->agencies[i];

        if (agency->parent == NULL && agency_is_valid(agency, today))
            return agency;
    }
    return NULL;
}

bool live_refresh(struct req *req, void (*then)(struct req *req))
{
    must(now.waiter_count <
         WAITERS_MAX); /* db.queue_max is not more, and each waiter asked the database first */
    now.waiters[now.waiter_count++] = (struct waiter){req, then};
    ask_snapshot(req->worker);
    return true;
}
