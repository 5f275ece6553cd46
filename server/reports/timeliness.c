/* GET /reports/timeliness: the figures, each with the address of its list. */
#include "calendar/calendar.h"
#include "core/instant.h"
#include "identity/identity.h"
#include "identity/role.h"
#include "reports/reports.h"

#define COLUMN(name) COL_REPORT_TIMELINESS_##name

enum { DAYS_MAX = 3660 };

static const struct field report_fields[] = {
    FIELD_OF(struct report_query, agency, FIELD_TEXT, FIELD_REQUIRED, .min = 3, .max = 32),
    FIELD_PLAIN(struct report_query, until, FIELD_INSTANT),
    FIELD_PLAIN(struct report_query, from, FIELD_DAY),
    FIELD_PLAIN(struct report_query, to, FIELD_DAY),
    {.kind = FIELD_END},
};

/* What is counted, in the order of the columns. */
static const char *const open_measures[] = {"LATE", "STEP_LATE", "SOON", NULL};
static const char *const finished_measures[] = {"EARLY", "ON_TIME", "OVERDUE", NULL};
enum { MEASURES = 3 };

struct report {
    const struct live *live;
    struct report_span span;
    const char *span_words; /* of the kind being written, as its lists ask for it */
};

const char *report_day(struct req *req, int32_t day)
{
    return day_format(arena_alloc(req->arena, INSTANT_TEXT_BYTES), day);
}

bool report_span_of(struct req *req, const struct report_query *query, struct report_span *span,
                    enum act *act)
{
    int64_t const now_s = worker_now(req->worker);
    int32_t const today = instant_day(now_s);
    int year, month, day;

    day_to_civil(today, &year, &month, &day);
    *span = (struct report_span){
        .now_s = now_s,
        .until_s =
            query->until != FIELD_ABSENT ? query->until : instant_at(today + 7 - day_weekday(today), 0),
        .from_day = query->from != FIELD_ABSENT ? (int32_t)query->from : day_from_civil(year, 1, 1),
        .to_day = query->to != FIELD_ABSENT ? (int32_t)query->to : today,
    };
    if (query->from == FIELD_ABSENT && span->from_day > span->to_day)
        span->from_day = span->to_day;
    if (span->until_s < now_s)
        req_error(req, "?until", "out-of-range", "Phải sau hiện tại");
    if (span->to_day < span->from_day || span->to_day - span->from_day > DAYS_MAX)
        req_error(req, "?to", "out-of-range", "Phải từ ngày bắt đầu, nhiều nhất mười năm");
    if (req->error_count == 0)
        return true;
    *act = refuse(req, REFUSE_INVALID);
    return false;
}

/* One figure; its list is asked for with the same words. Codes, measures and days need no escaping in a
 * query. */
static void put_figure(struct req *req, struct json_out *out, const char *measure, struct text unit,
                       struct text phase, int64_t dossiers)
{
    const struct report *report = req->state;
    const struct report_query *query = req->query;
    const char *list = arena_printf(req->arena, "/api/v1/reports/timeliness/dossiers?agency=%.*s&measure=%s",
                                    TEXT_ARG(query->agency), measure);

    if (unit.length > 0)
        list = arena_printf(req->arena, "%s&unit=%.*s", list, TEXT_ARG(unit));
    if (phase.length > 0)
        list = arena_printf(req->arena, "%s&phase=%.*s", list, TEXT_ARG(phase));
    json_open_object(out);
    json_put_i64(out, "dossiers", dossiers);
    json_put_string(out, "list", arena_printf(req->arena, "%s&%s", list, report->span_words));
    json_close_object(out);
}

/* "LATE" → "late" */
static const char *key_of(struct req *req, const char *measure)
{
    char *key = arena_copy(req->arena, measure, strlen(measure));

    for (char *c = key; *c != '\0'; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    return key;
}

static void put_figures(struct req *req, struct json_out *out, const char *const *measures, struct text unit,
                        struct text phase, const int64_t dossiers[static MEASURES])
{
    for (int i = 0; measures[i] != NULL; i++) {
        json_key(out, key_of(req, measures[i]));
        put_figure(req, out, measures[i], unit, phase, dossiers[i]);
    }
}

static void put_unit(struct req *req, struct json_out *out, struct text code)
{
    const struct report *report = req->state;
    const struct agency *agency = catalogue_agency(live_catalogue(report->live), code);

    json_key(out, "unit");
    json_open_object(out);
    json_put_text(out, "code", code);
    json_put_text(out, "name", agency != NULL ? agency->name : code);
    json_close_object(out);
}

static const char *label_of_phase(struct text name)
{
    for (int phase = PHASE_NONE; phase < PHASE_COUNT; phase++)
        if (text_equal(text_of(phase_name((enum dossier_phase)phase)), name))
            return phase_label((enum dossier_phase)phase);
    unreachable(); /* schema/0016_reports.sql writes what the rules call it */
}

/* Rows of one kind stand together, those of one unit and phase too; each group becomes one line. */
static void put_lines(struct req *req, struct json_out *out, const struct db_answer *answer, const char *kind,
                      const char *const *measures)
{
    int64_t totals[MEASURES] = {0};
    int const rows = db_row_count(answer);

    json_key(out, "lines");
    json_open_array(out);
    for (int row = 0; row < rows;) {
        struct text const unit = db_text(answer, row, COLUMN(UNIT)),
                          phase = db_text(answer, row, COLUMN(PHASE));
        int64_t dossiers[MEASURES] = {0};

        if (!text_equal(db_text(answer, row, COLUMN(KIND)), text_of(kind))) {
            row++;
            continue;
        }
        for (; row < rows && text_equal(db_text(answer, row, COLUMN(KIND)), text_of(kind)) &&
               text_equal(db_text(answer, row, COLUMN(UNIT)), unit) &&
               text_equal(db_text(answer, row, COLUMN(PHASE)), phase);
             row++)
            for (int i = 0; i < MEASURES; i++)
                if (text_equal(db_text(answer, row, COLUMN(MEASURE)), text_of(measures[i])))
                    dossiers[i] += db_i64(answer, row, COLUMN(DOSSIERS));
        json_open_object(out);
        put_unit(req, out, unit);
        if (phase.length > 0) {
            json_put_text(out, "phase", phase);
            json_put_string(out, "phase_label", label_of_phase(phase));
        }
        put_figures(req, out, measures, unit, phase, dossiers);
        json_close_object(out);
        for (int i = 0; i < MEASURES; i++)
            totals[i] += dossiers[i];
    }
    json_close_array(out);
    json_key(out, "total");
    json_open_object(out);
    put_figures(req, out, measures, TEXT_NONE, TEXT_NONE, totals);
    json_close_object(out);
}

static int64_t sum_of(const struct db_answer *answer, const char *kind)
{
    int64_t sum = 0;

    for (int row = 0; row < db_row_count(answer); row++)
        if (text_equal(db_text(answer, row, COLUMN(KIND)), text_of(kind)))
            sum += db_i64(answer, row, COLUMN(DOSSIERS));
    return sum;
}

static enum act report_shown(struct req *req, const struct db_answer *answer)
{
    struct report *report = req->state;
    const struct report_query *query = req->query;
    struct json_out out = json_out_begin(req->arena);
    char until[INSTANT_TEXT_BYTES];

    if (db_row_count(answer) == 0 || db_is_null(answer, 0, COLUMN(PERSON)))
        return refuse_not_signed_in(req);
    if (!db_bool(answer, 0, COLUMN(IS_ALLOWED)))
        return refuse(req, REFUSE_NOT_ALLOWED);
    json_open_object(&out);
    json_put_text(&out, "agency", query->agency);
    json_put_instant(&out, "now", report->span.now_s);
    json_put_instant(&out, "until", report->span.until_s);
    json_put_string(&out, "from", report_day(req, report->span.from_day));
    json_put_string(&out, "to", report_day(req, report->span.to_day));
    json_put_bool(&out, "is_whole", sum_of(answer, "OPEN") < REPORT_ROWS_MAX);
    instant_format(until, report->span.until_s);
    report->span_words = arena_printf(req->arena, "until=%.19s%%2B07:00", until);
    json_key(&out, "open");
    json_open_object(&out);
    put_lines(req, &out, answer, "OPEN", open_measures);
    json_close_object(&out);
    report->span_words = arena_printf(req->arena, "from=%s&to=%s", report_day(req, report->span.from_day),
                                      report_day(req, report->span.to_day));
    json_key(&out, "finished");
    json_open_object(&out);
    put_lines(req, &out, answer, "FINISHED", finished_measures);
    json_close_object(&out);
    json_close_object(&out);
    return reply_json(req, 200, json_out_end(&out));
}

static enum act report_ask(struct req *req)
{
    const struct report_query *query = req->query;
    struct report *report = arena_new(req->arena, struct report);
    enum act act;

    req->state = report;
    report->live = live_hold(req);
    if (report->live == NULL)
        return refuse(req, REFUSE_UNAVAILABLE);
    if (!report_span_of(req, query, &report->span, &act))
        return act;
    if (catalogue_agency(live_catalogue(report->live), query->agency) == NULL)
        return refuse(req, REFUSE_NO_SUCH_AGENCY);
    return ask(req, report_shown, SQL_REPORT_TIMELINESS, param_text(req, req->asker.session_hex),
               param_text(req, query->agency), param_instant(req, report->span.now_s),
               param_instant(req, report->span.until_s), report_day(req, report->span.from_day),
               report_day(req, report->span.to_day), param_i64(req, REPORT_ROWS_MAX));
}

enum { OVERSEERS = ROLE_DEPT_HEAD | ROLE_LEADER | ROLE_MONITOR | ROLE_AUDITOR };

const struct route reports_routes[2] = {
    {NET_GET, "/api/v1/reports/timeliness", OVERSEERS, 0, report_fields, sizeof(struct report_query), NULL, 0,
     report_ask, "report_timeliness",
     "Quá hạn, sắp quá hạn, đúng hạn theo đơn vị và bước; mỗi số có địa chỉ danh sách của nó",
     "200 TimelinessReport", "not-allowed no-such-agency"},
    {NET_GET, "/api/v1/reports/timeliness/dossiers", OVERSEERS, 0, report_list_fields,
     sizeof(struct report_query), NULL, 0, report_list_ask, "report_timeliness_list",
     "Các hồ sơ của một số trong báo cáo tiến độ", "200 TimelinessList", "not-allowed no-such-agency"},
};
