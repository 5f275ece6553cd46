#include "dossier/access.h"

#include <inttypes.h>

enum { WAITING_MAX = 1024, BATCH_BYTES_MAX = 256 * 1024 };

/* One read that waits for its row. */
struct reader {
    struct req *req;
    int64_t dossier;
    const struct kept_reply *reply;
};

/* What waits for the next batch, and what is in the one under way; of this worker alone. */
static struct {
    struct reader waiting[WAITING_MAX];
    int waiting_count;
    struct reader sent[WAITING_MAX];
    int sent_count;
} notes;

static void send_batch(struct worker *worker);

static void noted(void *owner, const struct db_answer *answer)
{
    bool const is_written = db_outcome(answer) == DB_ROWS;
    struct reader readers[WAITING_MAX];
    int const count = notes.sent_count;

    arena_destroy(owner);
    memcpy(readers, notes.sent, sizeof readers[0] * (size_t)count);
    notes.sent_count = 0;
    if (notes.waiting_count > 0)
        send_batch(notes.waiting[0].req->worker);
    for (int i = 0; i < count; i++) {
        struct req *req = readers[i].req;

        req_wake(req);
        req_go_on(req, is_written ? reply_kept(req, readers[i].reply) : refuse(req, REFUSE_UNAVAILABLE));
    }
}

/* "{1,2,3}": numbers and the names of routes need no quotes. */
static void send_batch(struct worker *worker)
{
    struct arena *arena = arena_create(BATCH_BYTES_MAX);
    struct text_out persons = text_out_begin(arena), dossiers = text_out_begin(arena),
                    routes = text_out_begin(arena);
    struct db_params *params = arena_new(arena, struct db_params);

    must(notes.sent_count == 0 && notes.waiting_count > 0);
    for (int i = 0; i < notes.waiting_count; i++) {
        const struct reader *reader = &notes.waiting[i];
        char const before = i == 0 ? '{' : ',';

        text_out_byte(&persons, before);
        text_out_i64(&persons, reader->req->asker.person);
        text_out_byte(&dossiers, before);
        text_out_i64(&dossiers, reader->dossier);
        text_out_byte(&routes, before);
        text_out_put(&routes, text_of(reader->req->route->name));
        notes.sent[i] = *reader;
    }
    text_out_byte(&persons, '}');
    text_out_byte(&dossiers, '}');
    text_out_byte(&routes, '}');
    notes.sent_count = notes.waiting_count;
    notes.waiting_count = 0;
    *params = (struct db_params){
        .count = 3,
        .values = {text_out_end(&persons).data, text_out_end(&dossiers).data, text_out_end(&routes).data}};
    db_ask(worker->db, SQL_ACCESS_NOTE, params, noted, arena);
}

enum act access_note(struct req *req, int64_t dossier, enum act ready)
{
    must(ready == ACT_DONE);
    if (notes.waiting_count == WAITING_MAX) {
        reply_put_aside(req);
        return refuse(req, REFUSE_UNAVAILABLE);
    }
    notes.waiting[notes.waiting_count++] = (struct reader){req, dossier, reply_put_aside(req)};
    if (notes.sent_count == 0)
        send_batch(req->worker);
    return req_wait(req);
}
