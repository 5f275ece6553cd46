/* One status, from the code alone or with the secret. */
#include <sodium.h>

#include "core/config.h"
#include "lookup/lookup.h"

struct asking {
    enum act (*shown)(struct req *req, enum status_outcome outcome, const struct status *status);
    const struct live *live;
};

static const struct agency *agency_of(const struct live *live, struct text code)
{
    return catalogue_agency(live_catalogue(live), code);
}

static struct status status_of(const struct asking *asking, const struct db_answer *answer, int first)
{
    /* The nine columns that both statements have, in the same order. */
    int const c = first;
    const struct procedure_version *version =
        catalogue_version(live_catalogue(asking->live), db_i64(answer, 0, c + COL_LOOKUP_PROCEDURE_VERSION));
    struct status status = {
        .code = db_text(answer, 0, c + COL_LOOKUP_CODE),
        .version = db_i64(answer, 0, c + COL_LOOKUP_VERSION),
        .receiving_unit = db_text(answer, 0, c + COL_LOOKUP_RECEIVING_UNIT),
        .holder_unit = db_text(answer, 0, c + COL_LOOKUP_HOLDER_UNIT),
        .accepted_at_s = db_i64(answer, 0, c + COL_LOOKUP_ACCEPTED_AT),
        .due_at_s = db_i64(answer, 0, c + COL_LOOKUP_DUE_CLOCK),
        .finished_at_s = db_i64(answer, 0, c + COL_LOOKUP_FINISHED_AT),
    };
    const struct agency *receiving = agency_of(asking->live, status.receiving_unit);
    const struct agency *holder = agency_of(asking->live, status.holder_unit);

    must(state_from_name(db_text(answer, 0, c + COL_LOOKUP_STATE), &status.state));
    if (version != NULL) {
        status.version_asked = version;
        status.procedure_code = version->code;
        status.procedure = version->name;
    }
    status.receiving_unit_name = receiving != NULL ? receiving->name : status.receiving_unit;
    status.holder_name = holder != NULL ? holder->name : status.holder_unit;
    if (receiving != NULL) {
        status.address = receiving->address;
        status.phone = receiving->phone;
    }
    return status;
}

_Static_assert((int)COL_LOOKUP_SECRET_CODE == (int)COL_LOOKUP_CODE + 1 &&
                   (int)COL_LOOKUP_SECRET_FINISHED_AT == (int)COL_LOOKUP_FINISHED_AT + 1,
               "the same columns, behind the outcome");

static enum act found_by_code(struct req *req, const struct db_answer *answer)
{
    const struct asking *asking = req->state;
    struct status status;

    if (db_row_count(answer) == 0)
        return asking->shown(req, STATUS_NONE, NULL);
    status = status_of(asking, answer, 0);
    return asking->shown(req, STATUS_FOUND, &status);
}

static enum act found_by_secret(struct req *req, const struct db_answer *answer)
{
    const struct asking *asking = req->state;
    struct text const outcome = db_text(answer, 0, COL_LOOKUP_SECRET_OUTCOME);
    struct status status;

    if (text_equal(outcome, TEXT("limited")))
        return asking->shown(req, STATUS_LIMITED, NULL);
    if (!text_equal(outcome, TEXT("found")))
        return asking->shown(req, STATUS_NONE, NULL);
    status = status_of(asking, answer, 1);
    status.is_open = true;
    status.supplement_due_s = db_i64(answer, 0, COL_LOOKUP_SECRET_SUPPLEMENT_DUE);
    status.fee_owed = db_i64(answer, 0, COL_LOOKUP_SECRET_FEE_OWED);
    status.milestones = db_text(answer, 0, COL_LOOKUP_SECRET_MILESTONES);
    status.missing = db_text(answer, 0, COL_LOOKUP_SECRET_MISSING);
    return asking->shown(req, STATUS_FOUND, &status);
}

static const char *hash_param(struct req *req, char kind, struct text value)
{
    crypto_hash_sha256_state state;
    unsigned char hash[crypto_hash_sha256_BYTES];

    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, (const unsigned char *)&kind, 1);
    crypto_hash_sha256_update(&state, (const unsigned char *)value.data, value.length);
    crypto_hash_sha256_final(&state, hash);
    return param_bytes(req, hash, sizeof hash);
}

/* People type small letters, blanks and dashes; receipts have capitals. */
static struct text tidy(struct req *req, struct text typed, bool keeps_dashes)
{
    char *clean = arena_alloc(req->arena, typed.length + 1);
    size_t length = 0;

    for (size_t i = 0; i < typed.length; i++) {
        char const c = typed.data[i];

        if (c == ' ' || (c == '-' && !keeps_dashes))
            continue;
        clean[length++] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    }
    return (struct text){clean, length};
}

enum act status_ask(struct req *req, struct text code, struct text secret,
                    enum act (*shown)(struct req *req, enum status_outcome outcome,
                                      const struct status *status))
{
    struct asking *asking = arena_new(req->arena, struct asking);
    struct text const asked = tidy(req, code, true);

    *asking = (struct asking){.shown = shown, .live = live_hold(req)};
    req->state = asking;
    if (asking->live == NULL)
        return refuse(req, REFUSE_UNAVAILABLE);
    if (!rate_allows(req))
        return asking->shown(req, STATUS_LIMITED, NULL);
    if (asked.length == 0 || asked.length > 64)
        return asking->shown(req, STATUS_NONE, NULL);
    if (secret.data == NULL)
        return ask(req, found_by_code, SQL_LOOKUP, param_text(req, asked));
    return ask(req, found_by_secret, SQL_LOOKUP_SECRET, param_text(req, asked),
               param_text(req, tidy(req, secret, false)), hash_param(req, 'c', asked),
               hash_param(req, 's', req_source(req)),
               param_i64(req, req->worker->config->lookup_guesses_per_hour));
}
