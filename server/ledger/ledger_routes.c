#include "ledger/ledger_routes.h"

#include "core/config.h"
#include "ledger/keys.h"
#include "ledger/ledger_export.h"

enum { TRUST_ARENA_BYTES = 1 << 20 };

struct dossier_query {
    int64_t from;
};

static const struct field dossier_query_fields[] = {
    FIELD_OF(struct dossier_query, from, FIELD_NUMBER, .min = 1, .max = 999999999999),
    {.kind = FIELD_END},
};

static enum act proof_shown(struct req *req, const struct db_answer *answer)
{
    const struct dossier_query *query = req->query;
    size_t const olds = query->from == FIELD_ABSENT ? 0 : 1;
    struct text export;

    switch (ledger_export(req->arena, answer, false, &query->from, olds, &export)) {
    case LEDGER_EXPORT_NOBODY: return refuse(req, REFUSE_NOT_SIGNED_IN);
    case LEDGER_EXPORT_NONE: return refuse(req, REFUSE_NO_SUCH_DOSSIER);
    case LEDGER_EXPORT_NOT_YET: return refuse(req, REFUSE_NO_PROOF_YET);
    case LEDGER_EXPORTED: return reply_bytes(req, 200, "application/x-ndjson", export);
    }
    unreachable();
}

static enum act proof_ask(struct req *req)
{
    const struct dossier_query *query = req->query;
    const char *olds =
        query->from == FIELD_ABSENT ? "{}" : arena_printf(req->arena, "{%s}", param_i64(req, query->from));

    return ask(req, proof_shown, SQL_LEDGER_DOSSIER, param_text(req, req->asker.session_hex),
               param_text(req, req->ids[0]), param_bool(false),
               param_i64(req, req->worker->config->ledger_cosignatures), olds);
}

static enum act checkpoint_shown(struct req *req, const struct db_answer *answer)
{
    if (db_row_count(answer) == 0)
        return refuse(req, REFUSE_NO_PROOF_YET);
    db_keep(answer, req->arena);
    return reply_bytes(req, 200, "text/plain; charset=utf-8", db_text(answer, 0, COL_LEDGER_NEWEST_NOTE));
}

static enum act checkpoint_ask(struct req *req)
{
    return ask_with(req, checkpoint_shown, SQL_LEDGER_NEWEST, NULL, 0);
}

/* Public keys only. Who checks with them should have compared them with what was published elsewhere. */
static enum act trust_ask(struct req *req)
{
    struct ledger_trust *trust = arena_new(req->arena, struct ledger_trust);

    if (req->worker->config->ledger_directory[0] == '\0' ||
        !ledger_keys_trust(req->worker->config, req->arena, trust))
        return refuse(req, REFUSE_NO_PROOF_YET);
    return reply_json(req, 200, ledger_trust_write(req->arena, trust));
}

const struct route ledger_routes[3] = {
    {NET_GET, "/api/v1/dossiers/{code}/ledger", WHO_STAFF, 0, dossier_query_fields,
     sizeof(struct dossier_query), NULL, 0, proof_ask, "dossier_ledger",
     "Chuỗi bản ghi đã ký của hồ sơ, kiểm chứng được ngoại tuyến; from: số lá của mốc đã giữ", "200 ndjson",
     "no-such-dossier no-proof-yet"},
    {NET_GET, "/api/v1/ledger/checkpoint", WHO_ANYONE, 0, NULL, 0, NULL, 0, checkpoint_ask,
     "ledger_checkpoint", "Mốc mới nhất của sổ cái, có chữ ký của máy chủ và của các bên làm chứng",
     "200 text", "no-proof-yet"},
    {NET_GET, "/api/v1/ledger/trust", WHO_ANYONE, 0, NULL, 0, NULL, 0, trust_ask, "ledger_trust",
     "Khóa công khai để kiểm chứng; hãy đối chiếu với bản công bố ở nơi khác", "200 Trust", "no-proof-yet"},
};
