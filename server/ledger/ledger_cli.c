#include "ledger/ledger_cli.h"

#include <event2/event.h>
#include <inttypes.h>
#include <stdio.h>
#include <sysexits.h>

#include "core/config.h"
#include "db/db.h"
#include "db/once.h"
#include "ledger/keys.h"
#include "ledger/ledger_export.h"

enum { CLI_ARENA_BYTES = 1 << 30, FILE_BYTES_MAX = 1 << 20, READY_TURNS_MAX = 500 };

#define FAULTS_PAGE_TEXT "1000"

/* One question over the daemon's own statements, in a loop of its own. */
struct asking {
    struct event_base *base;
    struct db *db;
    struct arena *arena;
    const struct db_answer *answer;
    int status;
    void (*take)(struct asking *asking);
    /* of the export */
    const int64_t *olds;
    size_t old_count;
    /* of the check */
    int64_t after, faults;
    bool is_over;
};

static void answered(void *owner, const struct db_answer *answer)
{
    struct asking *asking = owner;

    asking->answer = answer;
    asking->status = db_outcome(answer) == DB_ROWS ? EX_OK : EX_UNAVAILABLE;
    if (asking->status == EX_OK)
        asking->take(asking);
    event_base_loopbreak(asking->base);
}

static void on_tick(evutil_socket_t fd, short what, void *owner)
{
    (void)fd;
    (void)what;
    event_base_loopbreak(owner);
}

/* Until the connections serve, or ten seconds. */
static bool open_database(const struct config *config, struct asking *asking)
{
    struct db_options const options = {.conninfo = config->database_conninfo,
                                       .read_connections = 1,
                                       .write_connections = 1,
                                       .queue_max = 4,
                                       .wait_timeout_ms = 60000};
    struct timeval const tick = {.tv_usec = 20000};
    struct event *ticking;

    asking->base = event_base_new();
    must(asking->base != NULL);
    asking->db = db_create(asking->base, &options);
    ticking = event_new(asking->base, -1, EV_PERSIST, on_tick, asking->base);
    must(ticking != NULL && event_add(ticking, &tick) == 0);
    for (int turn = 0; turn < READY_TURNS_MAX && !db_is_ready(asking->db); turn++)
        must(event_base_dispatch(asking->base) >= 0);
    event_free(ticking);
    if (!db_is_ready(asking->db))
        fprintf(stderr, "the database does not answer\n");
    return db_is_ready(asking->db);
}

static void close_database(struct asking *asking)
{
    db_destroy(asking->db);
    event_base_free(asking->base);
}

static void ask_once(struct asking *asking, enum sql statement, struct db_params params)
{
    asking->status = EX_UNAVAILABLE;
    db_ask(asking->db, statement, &params, answered, asking);
    must(event_base_dispatch(asking->base) >= 0);
}

/* --- export --- */

static void take_export(struct asking *asking)
{
    struct text export;

    switch (ledger_export(asking->arena, asking->answer, true, asking->olds, asking->old_count, &export)) {
    case LEDGER_EXPORT_NOBODY:
    case LEDGER_EXPORT_NONE:
        fprintf(stderr, "Không có hồ sơ này\n");
        asking->status = EX_DATAERR;
        return;
    case LEDGER_EXPORT_NOT_YET:
        fprintf(stderr, "Hồ sơ chưa có bước nào trong sổ cái\n");
        asking->status = EX_TEMPFAIL;
        return;
    case LEDGER_EXPORTED:
        asking->status = fwrite(export.data, 1, export.length, stdout) == export.length ? EX_OK : EX_IOERR;
        return;
    }
    unreachable();
}

static bool read_anchors(const char *path, struct arena *arena, struct ledger_trust *trust)
{
    char *bytes = arena_alloc(arena, FILE_BYTES_MAX);
    FILE *file = fopen(path, "re");
    const char *fault = "cannot be read";
    size_t length = 0;

    if (file != NULL) {
        length = fread(bytes, 1, FILE_BYTES_MAX, file);
        fclose(file);
    }
    if (file != NULL && ledger_trust_read(arena, (struct text){bytes, length}, trust, &fault))
        return true;
    fprintf(stderr, "%s: %s\n", path, fault);
    return false;
}

int ledger_cli_export(const struct config *config, const char *code, const char *trust_file)
{
    struct asking asking = {
        .arena = arena_create(CLI_ARENA_BYTES), .take = take_export, .status = EX_DATAERR};
    struct ledger_trust *trust = arena_new(asking.arena, struct ledger_trust);
    int64_t *olds = arena_array(asking.arena, int64_t, LEDGER_ANCHORS_MAX);
    const char *list = "";

    if (trust_file == NULL || read_anchors(trust_file, asking.arena, trust)) {
        for (size_t i = 0; i < trust->anchor_count; i++) {
            olds[i] = trust->anchors[i].size;
            list = arena_printf(asking.arena, "%s%s%" PRId64, list, i == 0 ? "" : ",", olds[i]);
        }
        asking.olds = olds;
        asking.old_count = trust->anchor_count;
        if (open_database(config, &asking))
            ask_once(&asking, SQL_LEDGER_DOSSIER,
                     (struct db_params){
                         .count = 5,
                         .values = {NULL, code, "true",
                                    arena_printf(asking.arena, "%" PRId64, config->ledger_cosignatures),
                                    arena_printf(asking.arena, "{%s}", list)}});
        else
            asking.status = EX_UNAVAILABLE;
        close_database(&asking);
    }
    arena_destroy(asking.arena);
    return asking.status;
}

/* --- for a witness --- */

static void take_request(struct asking *asking)
{
    struct text export;

    asking->status = EX_TEMPFAIL;
    if (ledger_export_checkpoint(asking->arena, asking->answer, asking->olds[0], &export) == LEDGER_EXPORTED)
        asking->status = fwrite(export.data, 1, export.length, stdout) == export.length ? EX_OK : EX_IOERR;
    else
        fprintf(stderr, "no checkpoint yet\n");
}

int ledger_cli_request(const struct config *config, const char *size)
{
    struct asking asking = {.arena = arena_create(CLI_ARENA_BYTES), .take = take_request, .status = EX_USAGE};
    int64_t old = 0;

    asking.olds = &old;
    if (!text_to_i64(text_of(size), &old)) {
        fprintf(stderr, "SIZE is a number\n");
    } else {
        asking.status = EX_UNAVAILABLE;
        if (open_database(config, &asking))
            ask_once(&asking, SQL_LEDGER_DOSSIER,
                     (struct db_params){.count = 5,
                                        .values = {NULL, "", "true", "1",
                                                   arena_printf(asking.arena, "{%s}", old > 0 ? size : "")}});
        close_database(&asking);
    }
    arena_destroy(asking.arena);
    return asking.status;
}

/* --- check --- */

static void take_faults(struct asking *asking)
{
    int const last = db_row_count(asking->answer) - 1;

    for (int row = 0; row < last; row++)
        printf("%" PRId64 "\t%s\n", db_i64(asking->answer, row, COL_LEDGER_FAULTS_DOSSIER),
               db_string(asking->answer, row, COL_LEDGER_FAULTS_FAULT));
    asking->faults += last;
    asking->is_over = db_is_null(asking->answer, last, COL_LEDGER_FAULTS_DOSSIER);
    asking->after = db_i64(asking->answer, last, COL_LEDGER_FAULTS_DOSSIER);
}

int ledger_cli_check(const struct config *config)
{
    struct asking asking = {.arena = arena_create(CLI_ARENA_BYTES), .take = take_faults};
    int status = EX_UNAVAILABLE;

    if (open_database(config, &asking)) {
        do
            ask_once(&asking, SQL_LEDGER_FAULTS,
                     (struct db_params){
                         .count = 2,
                         .values = {arena_printf(asking.arena, "%" PRId64, asking.after), FAULTS_PAGE_TEXT}});
        while (asking.status == EX_OK && !asking.is_over);
        status = asking.status != EX_OK ? asking.status : asking.faults > 0 ? 1 : EX_OK;
        printf("%" PRId64 " faults\n", asking.faults);
    }
    close_database(&asking);
    arena_destroy(asking.arena);
    return status;
}

/* --- keys --- */

int ledger_cli_trust(const struct config *config)
{
    struct arena *arena = arena_create(CLI_ARENA_BYTES);
    struct ledger_trust *trust = arena_new(arena, struct ledger_trust);
    int status = EX_CONFIG;

    if (config->ledger_directory[0] != '\0' && ledger_keys_trust(config, arena, trust))
        status = printf("%s\n", ledger_trust_write(arena, trust).data) > 0 ? EX_OK : EX_IOERR;
    else
        fprintf(stderr, "ledger.directory holds no keys; make them with 'motcua ledger keys'\n");
    arena_destroy(arena);
    return status;
}

int ledger_cli_keys(const struct config *config)
{
    struct arena *arena = arena_create(CLI_ARENA_BYTES);
    int const status = ledger_keys_make(config, arena) ? EX_OK : EX_CANTCREAT;

    arena_destroy(arena);
    return status;
}

int ledger_cli_rotate(const struct config *config)
{
    struct arena *arena = arena_create(CLI_ARENA_BYTES);
    struct db_once_answer answer;
    const char *evidence = ledger_keys_turn(config, arena);
    int status = EX_CANTCREAT;

    if (evidence != NULL &&
        db_once(config->database_migrate_conninfo, "SELECT command.ledger_record($1::bytea)", 1, &evidence,
                &answer, stderr) == DB_ONCE_DONE)
        status = ledger_keys_turned(config, arena) ? EX_OK : EX_CANTCREAT;
    arena_destroy(arena);
    return status;
}

/* --- erasure --- */

int ledger_cli_erase(const struct config *config, const char *code, const char *ground)
{
    const char *const values[] = {code, ground};
    struct db_once_answer answer;

    switch (db_once(config->database_migrate_conninfo, "SELECT command.ledger_erase($1, $2)", 2, values,
                    &answer, stderr)) {
    case DB_ONCE_UNAVAILABLE: return EX_UNAVAILABLE;
    case DB_ONCE_REFUSED: return EX_SOFTWARE;
    case DB_ONCE_DONE: break;
    }
    if (answer.text[0] == 't')
        return EX_OK;
    fprintf(stderr, "Không có hồ sơ đã kết thúc nào mang mã này, hoặc thiếu căn cứ\n");
    return EX_DATAERR;
}
