/* Signing in and out, and the identify step: token → session → who asks. */
#include "identity/identity.h"

#include <sodium.h>
#include <stdio.h>

#include "core/config.h"
#include "core/log.h"
#include "identity/password.h"
#include "identity/role.h"
#include "identity/session_cache.h"
#include "path/counts.h"
#include "path/path.h"

enum { TOKEN_BYTES = 32, TOKEN_TEXT_BYTES = 44 };

#define COOKIE "motcua_session"

static const char *session_hex(struct req *req, struct text token)
{
    unsigned char hash[crypto_hash_sha256_BYTES];

    crypto_hash_sha256(hash, (const unsigned char *)token.data, token.length);
    return param_bytes(req, hash, sizeof hash);
}

/* The value of our cookie among those the browser sends. */
static struct text cookie_token(struct text cookies)
{
    while (cookies.data != NULL) {
        struct text value;
        struct text const name = text_trim(text_cut(text_cut(cookies, ';', &cookies), '=', &value));

        if (text_equal(name, TEXT(COOKIE)))
            return text_trim(value);
    }
    return TEXT_NONE;
}

static struct text bearer_token(struct text header)
{
    struct text token;

    if (!text_equal_fold(text_cut(header, ' ', &token), TEXT("Bearer")))
        return TEXT_NONE;
    return text_trim(token);
}

static void fill_asker(struct req *req, const struct session_entry *entry)
{
    req->asker.person = entry->person;
    req->asker.roles = entry->roles;
    req->asker.username = text_of(text_copy(req->arena, text_of(entry->username)));
    req->asker.name = text_of(text_copy(req->arena, text_of(entry->name)));
    req->asker.grants = text_of(text_copy(req->arena, text_of(entry->grants)));
}

static void touched(void *owner, const struct db_answer *answer)
{
    (void)answer; /* the next request tries again */
    arena_destroy(owner);
}

/* The session was used: noted in the background, at most every other minute. */
static void touch(struct req *req)
{
    struct arena *arena = arena_create(4096);
    struct db_params *params = arena_new(arena, struct db_params);

    params->count = 1;
    params->values[0] = text_copy(arena, req->asker.session_hex);
    db_ask(req->worker->db, SQL_SESSION_TOUCH, params, touched, arena);
}

static enum act session_found(struct req *req, const struct db_answer *answer)
{
    struct session_entry entry;

    if (db_row_count(answer) == 0)
        return ACT_NEXT;
    entry = (struct session_entry){
        .person = db_i64(answer, 0, COL_SESSION_FIND_PERSON),
        .roles = (unsigned)db_i64(answer, 0, COL_SESSION_FIND_ROLES),
        .username = db_string(answer, 0, COL_SESSION_FIND_USERNAME),
        .name = db_string(answer, 0, COL_SESSION_FIND_NAME),
        .grants = db_string(answer, 0, COL_SESSION_FIND_GRANTS),
    };
    session_cache_put(req->asker.session_hex, &entry);
    fill_asker(req, &entry);
    if (db_bool(answer, 0, COL_SESSION_FIND_IS_WORN))
        touch(req);
    return ACT_NEXT;
}

static enum act identify(struct req *req)
{
    struct text token;
    struct session_entry entry;

    if (req->route->who == WHO_ANYONE)
        return ACT_NEXT;
    token = bearer_token(net_header(req->exchange, "Authorization", NULL));
    if (token.data == NULL) {
        token = cookie_token(net_header(req->exchange, "Cookie", NULL));
        req->asker.is_by_cookie = true;
    }
    if (token.length == 0 || token.length > TOKEN_TEXT_BYTES)
        return ACT_NEXT;
    req->asker.session_hex = text_of(session_hex(req, token));
    if (session_cache_get(req->asker.session_hex, &entry)) {
        fill_asker(req, &entry);
        return ACT_NEXT;
    }
    return ask(req, session_found, SQL_SESSION_FIND, param_text(req, req->asker.session_hex));
}

enum act (*const identify_step)(struct req *req) = identify;
const char *(*const name_of_role)(unsigned role) = role_name;

enum act refuse_not_signed_in(struct req *req)
{
    session_cache_drop(req->asker.session_hex);
    return refuse(req, REFUSE_NOT_SIGNED_IN);
}

/* --- POST /api/v1/sessions --- */

struct sign_in_body {
    struct text username, password;
};

static const struct field sign_in_fields[] = {
    FIELD_OF(struct sign_in_body, username, FIELD_TEXT, FIELD_REQUIRED, .min = 1, .max = 64),
    FIELD_OF(struct sign_in_body, password, FIELD_TEXT, FIELD_REQUIRED, .min = 1, .max = 256),
    {.kind = FIELD_END},
};

struct signing_in {
    int64_t person;
    char token[TOKEN_TEXT_BYTES];
    const char *name_hash;
};

static void write_cookie(struct req *req, const char *token, int64_t lifetime_s)
{
    reply_header(req, "Set-Cookie",
                 text_of(arena_printf(
                     req->arena, COOKIE "=%s; Path=/; HttpOnly; SameSite=Strict; Max-Age=%lld%s", token,
                     (long long)lifetime_s, req->worker->config->http_secure_cookie ? "; Secure" : "")));
}

static enum act refuse_waiting(struct req *req, int64_t wait_s)
{
    enum act const act = refuse_with(req, REFUSE_TOO_MANY, "Nhập sai nhiều lần, hãy chờ rồi thử lại");

    req->headers[0].value = text_of(param_i64(req, wait_s));
    return act;
}

static enum act signed_in(struct req *req, const struct db_answer *answer)
{
    const struct signing_in *state = req->state;
    const struct sign_in_body *body = req->body;
    struct json_out out = json_out_begin(req->arena);
    struct text grants;

    if (db_row_count(answer) == 0)
        return refuse(req, REFUSE_WRONG_CREDENTIALS);
    if (db_i64(answer, 0, COL_SIGN_IN_WAIT_S) > 0)
        return refuse_waiting(req, db_i64(answer, 0, COL_SIGN_IN_WAIT_S));
    grants = db_text(answer, 0, COL_SIGN_IN_GRANTS);
    json_open_object(&out);
    json_put_string(&out, "token", state->token);
    json_put_instant(&out, "expires_at", db_i64(answer, 0, COL_SIGN_IN_EXPIRES_AT));
    json_key(&out, "user");
    json_open_object(&out);
    json_put_text(&out, "username", body->username);
    json_put_text(&out, "name", db_text(answer, 0, COL_SIGN_IN_NAME));
    identity_write_grants(&out, req->arena, grants);
    json_close_object(&out);
    json_close_object(&out);
    write_cookie(req, state->token, req->worker->config->identity_session_lifetime_ms / 1000);
    return reply_json(req, 201, json_out_end(&out));
}

static enum act wrong_guess_counted(struct req *req, const struct db_answer *answer)
{
    int64_t const wait_s = db_i64(answer, 0, COL_SIGN_IN_FAILED_WAIT_S);

    req->worker->counts->sign_in_failures++;
    if (wait_s > 0)
        return refuse_waiting(req, wait_s);
    return refuse(req, REFUSE_WRONG_CREDENTIALS);
}

static enum act open_session(struct req *req)
{
    struct signing_in *state = req->state;
    const struct config *config = req->worker->config;
    unsigned char token[TOKEN_BYTES];

    randombytes_buf(token, sizeof token);
    sodium_bin2base64(state->token, sizeof state->token, token, sizeof token,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return ask(req, signed_in, SQL_SIGN_IN, state->name_hash, param_i64(req, state->person),
               session_hex(req, text_of(state->token)),
               param_i64(req, config->identity_session_lifetime_ms / 1000),
               param_i64(req, config->identity_session_idle_ms / 1000));
}

static void password_known(struct req *req, bool is_right)
{
    const struct signing_in *state = req->state;

    req_wake(req);
    req_go_on(req, is_right ? open_session(req)
                            : ask(req, wrong_guess_counted, SQL_SIGN_IN_FAILED, state->name_hash));
}

static enum act sign_in_found(struct req *req, const struct db_answer *answer)
{
    const struct sign_in_body *body = req->body;
    struct signing_in *state = req->state;
    int64_t const wait_s = db_i64(answer, 0, COL_SIGN_IN_FIND_WAIT_S);
    const char *hash = db_string(answer, 0, COL_SIGN_IN_FIND_PASSWORD_HASH);

    if (wait_s > 0)
        return refuse_waiting(req, wait_s);
    state->person = db_i64(answer, 0, COL_SIGN_IN_FIND_PERSON);
    if (!password_check(req, hash, body->password.data, password_known))
        return refuse(req, REFUSE_UNAVAILABLE);
    return req_wait(req);
}

static enum act sign_in_ask(struct req *req)
{
    const struct sign_in_body *body = req->body;
    struct signing_in *state = arena_new(req->arena, struct signing_in);
    unsigned char hash[crypto_hash_sha256_BYTES];

    crypto_hash_sha256(hash, (const unsigned char *)body->username.data, body->username.length);
    state->name_hash = param_bytes(req, hash, sizeof hash);
    req->state = state;
    return ask(req, sign_in_found, SQL_SIGN_IN_FIND, state->name_hash, param_text(req, body->username));
}

/* --- /api/v1/sessions/current --- */

static enum act signed_out(struct req *req, const struct db_answer *answer)
{
    (void)answer;
    session_cache_drop(req->asker.session_hex);
    write_cookie(req, "", 0);
    return reply_empty(req, 204);
}

static enum act sign_out_ask(struct req *req)
{
    return ask(req, signed_out, SQL_SESSION_END, param_text(req, req->asker.session_hex));
}

static enum act session_shown(struct req *req, const struct db_answer *answer)
{
    struct json_out out = json_out_begin(req->arena);

    if (db_row_count(answer) == 0)
        return refuse_not_signed_in(req);
    json_open_object(&out);
    json_put_text(&out, "username", db_text(answer, 0, COL_SESSION_FIND_USERNAME));
    json_put_text(&out, "name", db_text(answer, 0, COL_SESSION_FIND_NAME));
    identity_write_grants(&out, req->arena, db_text(answer, 0, COL_SESSION_FIND_GRANTS));
    json_close_object(&out);
    return reply_json(req, 200, json_out_end(&out));
}

static enum act session_ask(struct req *req)
{
    return ask(req, session_shown, SQL_SESSION_FIND, param_text(req, req->asker.session_hex));
}

const struct route identity_routes[3] = {
    {NET_POST, "/api/v1/sessions", WHO_ANYONE, 0, NULL, 0, sign_in_fields, sizeof(struct sign_in_body),
     sign_in_ask, "sign_in", "Đăng nhập", "201 Session +Set-Cookie", "wrong-credentials too-many-requests"},
    {NET_GET, "/api/v1/sessions/current", WHO_STAFF, 0, NULL, 0, NULL, 0, session_ask, "session_current",
     "Phiên đang dùng: ai, vai trò nào, ở đâu", "200 User", ""},
    {NET_DELETE, "/api/v1/sessions/current", WHO_STAFF, 0, NULL, 0, NULL, 0, sign_out_ask, "sign_out",
     "Đăng xuất", "204 +Set-Cookie", ""},
};
