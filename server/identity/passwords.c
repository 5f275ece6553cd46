/* Setting passwords: an administrator's first one for somebody, which must be changed; and one's own. */
#include <string.h>

#include "core/config.h"
#include "identity/password.h"
#include "identity/people.h"
#include "identity/role.h"
#include "identity/session_cache.h"

enum { LENGTH_MIN = 12, LENGTH_MAX = 256 };

struct password_body {
    struct text password, old_password, new_password;
};

static const struct field reset_fields[] = {
    FIELD_OF(struct password_body, password, FIELD_TEXT, FIELD_REQUIRED, .min = LENGTH_MIN,
             .max = LENGTH_MAX),
    {.kind = FIELD_END},
};

static const struct field change_fields[] = {
    FIELD_OF(struct password_body, old_password, FIELD_TEXT, FIELD_REQUIRED, .min = 1, .max = LENGTH_MAX),
    FIELD_OF(struct password_body, new_password, FIELD_TEXT, FIELD_REQUIRED, .min = LENGTH_MIN,
             .max = LENGTH_MAX),
    {.kind = FIELD_END},
};

static enum act was_reset(struct req *req, const struct db_answer *answer)
{
    return people_outcome(req, answer, 204);
}

static void hash_for_other(struct req *req, const char *hash)
{
    req_wake(req);
    req_go_on(req, hash == NULL
                       ? refuse(req, REFUSE_UNAVAILABLE)
                       : ask(req, was_reset, SQL_PASSWORD_RESET, param_text(req, req->asker.session_hex),
                             param_text(req, req->ids[0]), text_copy(req->arena, text_of(hash))));
}

static enum act password_reset_ask(struct req *req)
{
    const struct password_body *body = req->body;

    return password_make(req, body->password.data, hash_for_other) ? req_wait(req)
                                                                   : refuse(req, REFUSE_UNAVAILABLE);
}

static enum act was_changed(struct req *req, const struct db_answer *answer)
{
    session_cache_drop(req->asker.session_hex); /* it remembers that a change was due */
    return people_outcome(req, answer, 204);
}

static void hash_for_self(struct req *req, const char *hash)
{
    req_wake(req);
    req_go_on(req, hash == NULL
                       ? refuse(req, REFUSE_UNAVAILABLE)
                       : ask(req, was_changed, SQL_PASSWORD_CHANGE, param_text(req, req->asker.session_hex),
                             req->state, text_copy(req->arena, text_of(hash))));
}

static void old_checked(struct req *req, bool is_right)
{
    const struct password_body *body = req->body;

    req_wake(req);
    if (!is_right)
        req_go_on(req, refuse(req, REFUSE_WRONG_CREDENTIALS));
    else if (!password_make(req, body->new_password.data, hash_for_self))
        req_go_on(req, refuse(req, REFUSE_UNAVAILABLE));
    else
        req_go_on(req, req_wait(req));
}

static enum act old_found(struct req *req, const struct db_answer *answer)
{
    const struct password_body *body = req->body;

    if (db_row_count(answer) == 0)
        return refuse_not_signed_in(req);
    req->state = text_copy(req->arena, db_text(answer, 0, COL_PASSWORD_FIND_PASSWORD_HASH));
    return password_check(req, req->state, body->old_password.data, old_checked)
               ? req_wait(req)
               : refuse(req, REFUSE_UNAVAILABLE);
}

static enum act password_change_ask(struct req *req)
{
    const struct password_body *body = req->body;

    if (text_equal(body->old_password, body->new_password)) {
        req_error(req, "/new_password", "same", "Mật khẩu mới phải khác mật khẩu cũ");
        return refuse(req, REFUSE_INVALID);
    }
    return ask(req, old_found, SQL_PASSWORD_FIND, param_text(req, req->asker.session_hex));
}

const struct route password_routes[2] = {
    {NET_PUT, "/api/v1/people/{username}/password", ROLE_ADMINISTRATOR, 0, NULL, 0, reset_fields,
     sizeof(struct password_body), password_reset_ask, "password_reset",
     "Đặt mật khẩu tạm cho người khác: mọi phiên của họ kết thúc, và họ phải đổi ngay khi đăng nhập", "204",
     "no-such-person own-account"},
    {NET_PUT, "/api/v1/sessions/current/password", WHO_STAFF, ROUTE_STALE, NULL, 0, change_fields,
     sizeof(struct password_body), password_change_ask, "password_change",
     "Đổi mật khẩu của mình; các phiên khác của mình kết thúc", "204", "wrong-credentials"},
};
