/* Lending a role for a time: who, what, where, from when to when, on which ground. */
#include "identity/identity.h"

#include "core/config.h"

struct delegation_body {
    struct text role, agency, delegate, ground;
    int64_t valid_from, valid_to;
};

static const char *const role_choices[] = {"receiver", "return_clerk",  "handler", "dept_head",
                                           "leader",   "records_clerk", NULL};

static const struct field delegation_fields[] = {
    FIELD_OF(struct delegation_body, role, FIELD_CHOICE, FIELD_REQUIRED, .choices = role_choices),
    FIELD_OF(struct delegation_body, agency, FIELD_TEXT, FIELD_REQUIRED, .min = 3, .max = 32),
    FIELD_OF(struct delegation_body, delegate, FIELD_TEXT, FIELD_REQUIRED, .min = 1, .max = 63,
             .is_well_formed = field_is_username, .format = "tên đăng nhập"),
    FIELD_OF(struct delegation_body, ground, FIELD_TEXT, FIELD_REQUIRED, .min = 3, .max = 500),
    FIELD_OF(struct delegation_body, valid_from, FIELD_INSTANT, FIELD_REQUIRED),
    FIELD_OF(struct delegation_body, valid_to, FIELD_INSTANT, FIELD_REQUIRED),
    {.kind = FIELD_END},
};

static enum act delegation_created(struct req *req, const struct db_answer *answer)
{
    struct text const outcome = db_text(answer, 0, COL_DELEGATION_CREATE_OUTCOME);

    if (text_equal(outcome, TEXT("done"))) {
        db_keep(answer, req->arena);
        return reply_json(req, 201, db_text(answer, 0, COL_DELEGATION_CREATE_ANSWER));
    }
    if (text_equal(outcome, TEXT("key-reused")))
        return refuse(req, REFUSE_KEY_REUSED);
    if (text_equal(outcome, TEXT("not-signed-in")))
        return refuse_not_signed_in(req);
    if (text_equal(outcome, TEXT("not-held")))
        return refuse_with(req, REFUSE_NOT_ALLOWED, "Chỉ ủy quyền được vai trò của chính mình");
    if (text_equal(outcome, TEXT("not-of-the-house"))) {
        req_error(req, "/delegate", "not-of-the-house",
                  "Chỉ ủy quyền cho người đang giải quyết hồ sơ trong cùng cơ quan");
        return refuse(req, REFUSE_INVALID);
    }
    must(text_equal(outcome, TEXT("no-such-person")));
    req_error(req, "/delegate", "unknown", "Không có người này, hoặc là chính bạn");
    return refuse(req, REFUSE_INVALID);
}

static enum act delegation_create_ask(struct req *req)
{
    const struct delegation_body *body = req->body;

    if (body->valid_to <= body->valid_from || body->valid_to <= worker_now(req->worker)) {
        req_error(req, "/valid_to", "out-of-range", "Phải sau lúc bắt đầu và sau hiện tại");
        return refuse(req, REFUSE_INVALID);
    }
    return ask(req, delegation_created, SQL_DELEGATION_CREATE, param_text(req, req->asker.session_hex),
               param_text(req, body->role), param_text(req, body->agency), param_text(req, body->delegate),
               param_instant(req, body->valid_from), param_instant(req, body->valid_to),
               param_text(req, body->ground), param_text(req, req->key), param_text(req, req->body_hash_hex));
}

static enum act delegation_listed(struct req *req, const struct db_answer *answer)
{
    if (!db_bool(answer, 0, COL_DELEGATION_LIST_IS_SIGNED_IN))
        return refuse_not_signed_in(req);
    db_keep(answer, req->arena);
    return reply_json(req, 200, db_text(answer, 0, COL_DELEGATION_LIST_BODY));
}

static enum act delegation_list_ask(struct req *req)
{
    return ask(req, delegation_listed, SQL_DELEGATION_LIST, param_text(req, req->asker.session_hex));
}

static enum act delegation_ended(struct req *req, const struct db_answer *answer)
{
    struct text const outcome = db_text(answer, 0, COL_DELEGATION_END_OUTCOME);

    if (text_equal(outcome, TEXT("not-signed-in")))
        return refuse_not_signed_in(req);
    return text_equal(outcome, TEXT("done")) ? reply_empty(req, 204) : refuse(req, REFUSE_NOT_FOUND);
}

static enum act delegation_end_ask(struct req *req)
{
    int64_t id;

    if (!text_to_i64(req->ids[0], &id))
        return refuse(req, REFUSE_NOT_FOUND);
    return ask(req, delegation_ended, SQL_DELEGATION_END, param_text(req, req->asker.session_hex),
               param_i64(req, id));
}

const struct route delegation_routes[3] = {
    {NET_GET, "/api/v1/delegations", WHO_STAFF, 0, NULL, 0, NULL, 0, delegation_list_ask, "delegation_list",
     "Ủy quyền đang có: của mình và cho mình", "200 DelegationList", ""},
    {NET_POST, "/api/v1/delegations", WHO_STAFF, ROUTE_KEY, NULL, 0, delegation_fields,
     sizeof(struct delegation_body), delegation_create_ask, "delegation_create",
     "Ủy quyền một vai trò của mình, có ngày bắt đầu và kết thúc", "201 Delegation", "not-allowed"},
    {NET_DELETE, "/api/v1/delegations/{id}", WHO_STAFF, 0, NULL, 0, NULL, 0, delegation_end_ask,
     "delegation_end", "Thôi ủy quyền", "204", "not-found"},
};
