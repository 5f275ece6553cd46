#include "catalogue/proposal.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "catalogue/catalogue_routes.h"
#include "catalogue/proposal_rules.h"
#include "core/json.h"
#include "core/log.h"
#include "identity/people.h"
#include "identity/role.h"

enum {
    STUDY_LIMIT_S = 60,
    STUDY_BYTES_MAX = 1024 * 1024 * 1024,
    REPORT_BYTES_MAX = 64 * 1024 * 1024,
    TOLD_BYTES_MAX = 4 * 1024 * 1024, /* of a report in one request's memory */
    ADMIN_ONLY = ROLE_ADMINISTRATOR,
};

/* What the child writes first; then the report, then the documents. */
struct study_head {
    size_t fault_count, report_length, documents_length;
};

/* The one study of this worker: its child, its pipe, what came so far. Owned by this file; ends with
 * finish(). */
static struct {
    struct req *req; /* NULL: none is under way */
    struct arena *arena;
    struct event *readable;
    struct text_out bytes;
    pid_t child;
    int64_t epoch;
    bool is_load;
} study;

static void write_all(int fd, const void *bytes, size_t length)
{
    const char *at = bytes;

    while (length > 0) {
        ssize_t const put = write(fd, at, length);

        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            _exit(1); /* nobody listens any more */
        at += put;
        length -= (size_t)put;
    }
}

/* In the child: nothing of the parent's is touched, least of all its sockets. */
static _Noreturn void compute(int fd, struct text present, struct text body)
{
    struct rlimit const memory = {STUDY_BYTES_MAX, STUDY_BYTES_MAX};
    struct arena *arena;
    struct proposal proposal;
    struct study_head head;

    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_DFL); /* libevent's handlers would write into the parent's own pipe */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
        _exit(1);
#ifndef ARENA_MALLOC /* sanitizers map far more than they use */
    if (setrlimit(RLIMIT_DATA, &memory) != 0)
        _exit(1);
#else
    (void)memory;
#endif
    alarm(STUDY_LIMIT_S);
    arena = arena_create(STUDY_BYTES_MAX);
    proposal_study(arena, present, body, &proposal);
    head = (struct study_head){proposal.fault_count, proposal.report.length, proposal.documents.length};
    write_all(fd, &head, sizeof head);
    write_all(fd, proposal.report.data, proposal.report.length);
    write_all(fd, proposal.documents.data, proposal.documents.length);
    _exit(0);
}

static enum act loaded(struct req *req, const struct db_answer *answer)
{
    if (text_equal(db_text(answer, 0, COL_CATALOGUE_LOAD_AS_OUTCOME), TEXT("refused")))
        return refuse_with(req, REFUSE_CATALOGUE_FAULTS,
                           text_copy(req->arena, db_text(answer, 0, COL_CATALOGUE_LOAD_AS_ANSWER)));
    return people_outcome(req, answer, 201);
}

/* The first faults as errors of the request, so that a script sees them where it looks. */
static enum act refuse_faults(struct req *req, struct text report)
{
    struct json_result const json = json_parse(req->arena, report, &json_limits_file);
    const cJSON *fault;

    must(json.fault == JSON_OK); /* proposal_study() wrote it */
    cJSON_ArrayForEach(fault, cJSON_GetObjectItemCaseSensitive(json.root, "faults"))
        req_error(req,
                  arena_printf(req->arena, "%s#%s",
                               cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(fault, "file")),
                               cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(fault, "path"))),
                  cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(fault, "rule")),
                  cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(fault, "message")));
    return refuse(req, REFUSE_CATALOGUE_FAULTS);
}

static enum act study_told(struct req *req, struct text bytes)
{
    struct study_head head;
    struct text report, documents;

    if (bytes.length < sizeof head)
        return refuse_with(req, REFUSE_UNAVAILABLE, "Không kiểm tra xong danh mục này");
    memcpy(&head, bytes.data, sizeof head);
    if (head.report_length > TOLD_BYTES_MAX ||
        bytes.length != sizeof head + head.report_length + head.documents_length)
        return refuse_with(req, REFUSE_UNAVAILABLE, "Không kiểm tra xong danh mục này");
    report = text_of(arena_copy(req->arena, bytes.data + sizeof head, head.report_length));
    if (!study.is_load)
        return reply_json(req, 200, report);
    if (head.fault_count > 0)
        return refuse_faults(req, report);
    documents = text_of(
        arena_copy(study.arena, bytes.data + sizeof head + head.report_length, head.documents_length));
    return ask(req, loaded, SQL_CATALOGUE_LOAD_AS, param_text(req, req->asker.session_hex),
               param_text(req, req->key), param_text(req, req->body_hash_hex), param_i64(req, study.epoch),
               documents.data, report.data);
}

static void end_arena(void *arena)
{
    arena_destroy(arena);
}

static void finish(void)
{
    struct req *req = study.req;
    struct text const bytes = text_out_end(&study.bytes);

    event_free(study.readable);
    while (waitpid(study.child, NULL, 0) < 0 && errno == EINTR)
        continue;
    arena_on_end(req->arena, end_arena, study.arena); /* the documents go to the database first */
    req_wake(req);
    req_go_on(req, study_told(req, bytes));
    study.req = NULL;
}

static void on_readable(evutil_socket_t fd, short what, void *unused)
{
    char chunk[64 * 1024];
    ssize_t const got = read((int)fd, chunk, sizeof chunk);

    (void)what;
    (void)unused;
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got > 0 && study.bytes.length + (size_t)got <= REPORT_BYTES_MAX) {
        text_out_put(&study.bytes, (struct text){chunk, (size_t)got});
        return;
    }
    if (got > 0)
        kill(study.child, SIGKILL);
    close((int)fd);
    finish();
}

static enum act study_start(struct req *req, struct text present, int64_t epoch)
{
    int ends[2];
    pid_t child;

    if (study.req != NULL || pipe2(ends, O_CLOEXEC) != 0)
        return refuse_with(req, REFUSE_UNAVAILABLE,
                           "Đang kiểm tra một danh mục khác, hãy thử lại sau ít giây");
    child = fork();
    if (child == 0) {
        close(ends[0]);
        compute(ends[1], present, net_body(req->exchange));
    }
    close(ends[1]);
    if (child < 0) {
        close(ends[0]);
        log_error("no process for the check of a catalogue", LOG_N("errno", errno));
        return refuse(req, REFUSE_UNAVAILABLE);
    }
    must(fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0);
    study.req = req;
    study.child = child;
    study.epoch = epoch;
    study.is_load = (req->route->flags & ROUTE_KEY) != 0;
    study.arena = arena_create((size_t)4 * REPORT_BYTES_MAX);
    study.bytes = text_out_begin(study.arena);
    study.readable = event_new(req->worker->base, ends[0], EV_READ | EV_PERSIST, on_readable, NULL);
    must(study.readable != NULL && event_add(study.readable, NULL) == 0);
    return req_wait(req);
}

static enum act present_came(struct req *req, const struct db_answer *answer)
{
    return study_start(req, db_text(answer, 0, COL_CATALOGUE_SNAPSHOT_BODY),
                       db_i64(answer, 0, COL_CATALOGUE_SNAPSHOT_EPOCH));
}

static enum act study_ask(struct req *req)
{
    return ask(req, present_came, SQL_CATALOGUE_SNAPSHOT, NULL);
}

/* --- reading --- */

static enum act versions_shown(struct req *req, const struct db_answer *answer)
{
    if (db_is_null(answer, 0, COL_PROCEDURE_VERSIONS_BODY))
        return refuse(req, REFUSE_NO_SUCH_PROCEDURE);
    db_keep(answer, req->arena);
    return reply_json(req, 200, db_text(answer, 0, COL_PROCEDURE_VERSIONS_BODY));
}

static enum act versions_ask(struct req *req)
{
    return ask(req, versions_shown, SQL_PROCEDURE_VERSIONS, param_text(req, req->ids[0]));
}

static enum act calendars_shown(struct req *req, const struct db_answer *answer)
{
    if (!db_bool(answer, 0, COL_CALENDAR_LIST_IS_SIGNED_IN))
        return refuse_not_signed_in(req);
    db_keep(answer, req->arena);
    return reply_json(req, 200, db_text(answer, 0, COL_CALENDAR_LIST_BODY));
}

static enum act calendars_ask(struct req *req)
{
    return ask(req, calendars_shown, SQL_CALENDAR_LIST, param_text(req, req->asker.session_hex));
}

/* ROUTE_RAW: no field is decoded here; the description names the shape. */
static const struct field proposal_fields[] = {{.kind = FIELD_END, .format = "CatalogueProposal"}};

const struct route proposal_routes[4] = {
    {NET_POST, "/api/v1/catalogue/check", ADMIN_ONLY, ROUTE_RAW, NULL, 0, proposal_fields, 0, study_ask,
     "catalogue_check",
     "Thử nạp danh mục: lỗi theo tài liệu, vị trí, quy tắc, và những gì sẽ đổi; không ghi gì",
     "200 CatalogueReport", ""},
    {NET_POST, "/api/v1/catalogue/load", ADMIN_ONLY, ROUTE_RAW | ROUTE_KEY, NULL, 0, proposal_fields, 0,
     study_ask, "catalogue_load", "Nạp danh mục: tất cả hoặc không gì cả", "201 CatalogueLoaded",
     "catalogue-faults catalogue-moved not-allowed"},
    {NET_GET, "/api/v1/procedures/{code}/versions", WHO_ANYONE, 0, NULL, 0, NULL, 0, versions_ask,
     "procedure_versions", "Mọi phiên bản của một thủ tục, mới trước", "200 ProcedureVersions",
     "no-such-procedure"},
    {NET_GET, "/api/v1/calendars", WHO_STAFF, 0, NULL, 0, NULL, 0, calendars_ask, "calendar_list",
     "Các lịch làm việc như đã ghi, và cơ quan nào dùng lịch nào", "200 CalendarList", ""},
};
