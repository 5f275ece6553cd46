/* POST /dossiers/{code}/actions: load → decide → apply, the one way in which a dossier moves. */
#include "dossier/dossier_routes.h"

#include "core/instant.h"
#include "core/json.h"
#include "dossier/dossier_change.h"
#include "dossier/flow_table_rules.h"
#include "dossier/papers.h"
#include "identity/identity.h"

static const char *const action_choices[] = {
#define ACTION_CHOICE(name, json, label) json,
    ACTIONS(ACTION_CHOICE)
#undef ACTION_CHOICE
        NULL};
static const char *const method_choices[] = {"CASH", "TRANSFER", "ONLINE", NULL};
static const char *const cause_choices[] = {"LAW_UNCLEAR", "CONSULT_LATE",  "VERIFY_FIELD", "STAFF", "SYSTEM",
                                            "CITIZEN",     "FORCE_MAJEURE", "OTHER",        NULL};
static const char *const target_choices[] = {"PROCESSING", "REVIEW", NULL};

static const struct field item_fields[] = {
    FIELD_OF(struct act_item, component, FIELD_TEXT, FIELD_REQUIRED, .min = 1, .max = 200),
    FIELD_OF(struct act_item, reason, FIELD_TEXT, FIELD_REQUIRED, .min = 1, .max = 1000),
    {.kind = FIELD_END},
};

#define FREE_TEXT(member, most) FIELD_OF(struct act_body, member, FIELD_TEXT, .min = 0, .max = (most))

const struct field act_fields[] = {
    FIELD_OF(struct act_body, action, FIELD_CHOICE, FIELD_REQUIRED, .choices = action_choices),
    FIELD_OF(struct act_body, handler, FIELD_TEXT, .min = 0, .max = 63, .is_well_formed = field_is_username,
             .format = "tên đăng nhập"),
    FREE_TEXT(unit, 32),
    FREE_TEXT(reason, 2000),
    FREE_TEXT(ground, 500),
    FREE_TEXT(question, 2000),
    FREE_TEXT(opinion, 4000),
    FREE_TEXT(document_number, 64),
    FREE_TEXT(receiver_name, 200),
    FREE_TEXT(authorisation, 500),
    FREE_TEXT(postal_number, 64),
    FREE_TEXT(proof, 500),
    FREE_TEXT(note, 4000),
    FREE_TEXT(address, 500),
    FIELD_OF(struct act_body, method, FIELD_CHOICE, .choices = method_choices),
    FIELD_OF(struct act_body, cause, FIELD_CHOICE, .choices = cause_choices),
    FIELD_OF(struct act_body, to, FIELD_CHOICE, .choices = target_choices),
    FIELD_PLAIN(struct act_body, document_date, FIELD_DAY),
    FIELD_PLAIN(struct act_body, new_due_at, FIELD_INSTANT),
    FIELD_PLAIN(struct act_body, step_due, FIELD_INSTANT),
    FIELD_OF(struct act_body, amount, FIELD_NUMBER, .min = 1, .max = 999999999999),
    FIELD_PLAIN(struct act_body, is_refusal, FIELD_BOOL),
    FIELD_OF(struct act_body, items, FIELD_ARRAY, .min = 0, .max = 50, .fields = item_fields,
             .size = sizeof(struct act_item)),
    FIELD_OF(struct act_body, components, FIELD_ARRAY, .min = 0, .max = PAPERS_MAX, .fields = paper_fields,
             .size = sizeof(struct paper)),
    {.kind = FIELD_END},
};

/* One action under way, between its two trips. */
struct acting {
    enum dossier_action action;
    struct dossier_view *view;
};

static void give(struct dossier_input *input, unsigned bit, struct text *to, struct text value)
{
    if (value.length > 0) {
        *to = value;
        input->given |= bit;
    }
}

static void give_number(struct dossier_input *input, unsigned bit, int64_t *to, int64_t value)
{
    if (value != FIELD_ABSENT) {
        *to = value;
        input->given |= bit;
    }
}

static void give_texts(struct dossier_input *input, const struct act_body *body)
{
    give(input, NEED_UNIT, &input->unit, body->unit);
    give(input, NEED_REASON, &input->reason, body->reason);
    give(input, NEED_GROUND, &input->ground, body->ground);
    give(input, NEED_QUESTION, &input->question, body->question);
    give(input, NEED_OPINION, &input->opinion, body->opinion);
    give(input, NEED_RECEIVER, &input->receiver_name, body->receiver_name);
    give(input, NEED_AUTHORISATION, &input->authorisation, body->authorisation);
    give(input, NEED_POSTAL_NUMBER, &input->postal_number, body->postal_number);
    give(input, NEED_PROOF, &input->proof, body->proof);
    give(input, NEED_NOTE, &input->note, body->note);
    give(input, NEED_METHOD, &input->method, body->method);
    give(input, NEED_ADDRESS, &input->address, body->address);
    if (body->cause.length > 0)
        input->given |= NEED_CAUSE;
}

static struct text owner_name(struct req *req, const struct dossier_view *view)
{
    struct json_result const json = json_parse(req->arena, view->owner, &json_limits_file);

    if (json.fault != JSON_OK)
        return TEXT_NONE;
    return text_of(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json.root, "name")));
}

static struct dossier_input input_of(struct req *req, const struct dossier_view *view)
{
    const struct act_body *body = req->body;
    struct dossier_input input = {.item_count = body->items.count, .is_refusal = body->is_refusal};

    give_texts(&input, body);
    give_number(&input, NEED_NEW_DUE, &input.new_due_at_s, body->new_due_at);
    give_number(&input, NEED_STEP_DUE, &input.step_due_s, body->step_due);
    give_number(&input, NEED_AMOUNT, &input.amount, body->amount);
    if (body->document_number.length > 0 && body->document_date != FIELD_ABSENT) {
        input.document_number = body->document_number;
        input.document_day = (int32_t)body->document_date;
        input.given |= NEED_DOCUMENT;
    }
    if (body->items.count > 0)
        input.given |= NEED_ITEMS;
    if (body->is_refusal)
        input.given |= NEED_REFUSAL_DRAFT;
    if (body->handler.length > 0) {
        input.handler = view->new_handler;
        input.given |= NEED_HANDLER;
    }
    if (body->to.length > 0) {
        must(state_from_name(body->to, &input.target));
        input.given |= NEED_TARGET;
    }
    input.is_receiver_owner = body->receiver_name.length > 0 &&
                              text_is_same_name(req->arena, body->receiver_name, owner_name(req, view));
    return input;
}

static void name_fields(struct req *req, unsigned needs, const char *code, const char *detail)
{
    for (unsigned bit = 1; bit != 0 && bit <= needs; bit <<= 1)
        if ((needs & bit) != 0)
            req_error(req, arena_printf(req->arena, "/%s", need_name(bit)), code, detail);
}

/* A document is a number and a date: of the two, the one that it hangs on. */
static unsigned name_date(struct req *req, unsigned needs, const char *code, const char *detail)
{
    const struct act_body *body = req->body;

    if ((needs & NEED_DOCUMENT) == 0 || body->document_number.length == 0)
        return needs;
    req_error(req, "/document_date", code, detail);
    return needs & ~(unsigned)NEED_DOCUMENT;
}

static enum act refuse_input(struct req *req, unsigned needs, const char *code, const char *detail)
{
    name_fields(req, name_date(req, needs, code, detail), code, detail);
    return refuse(req, REFUSE_INVALID);
}

static enum act refuse_decision(struct req *req, enum dossier_refusal refusal, unsigned missing)
{
    switch (refusal) {
    case REFUSED_NOT_YOUR_ACTION: return refuse(req, REFUSE_NOT_YOUR_ACTION);
    case REFUSED_WRONG_STATE: return refuse(req, REFUSE_WRONG_STATE);
    case REFUSED_MISSING_INPUT: return refuse_input(req, missing, "required", "Thao tác này cần trường này");
    case REFUSED_BAD_INPUT:
        return refuse_input(req, missing, "out-of-range", "Giá trị không dùng được cho thao tác này");
    case REFUSED_SAME_PERSON: return refuse(req, REFUSE_SAME_PERSON);
    case REFUSED_TOO_EARLY: return refuse(req, REFUSE_TOO_EARLY);
    case REFUSED_ALREADY_APOLOGISED: return refuse(req, REFUSE_ALREADY_APOLOGISED);
    case REFUSED_FEE_OWED: return refuse(req, REFUSE_FEE_OWED);
    case REFUSED_TOO_MANY_SUPPLEMENTS: return refuse(req, REFUSE_TOO_MANY_SUPPLEMENTS);
    case REFUSED_NO_AUTHORISATION:
        req_error(req, "/authorisation", "required", "Ghi giấy ủy quyền của người nhận thay");
        return refuse(req, REFUSE_NO_AUTHORISATION);
    case REFUSED_TOO_MANY_PAUSES: return refuse(req, REFUSE_TOO_MANY_PAUSES);
    case REFUSED_NOTHING_OWED: return refuse(req, REFUSE_NOTHING_OWED);
    case REFUSED_NO_LIMIT: return refuse(req, REFUSE_NO_LIMIT);
    case DECIDED: break;
    }
    unreachable();
}

/* What was given, as the event keeps it: the body itself, checked and trimmed already. */
static struct text input_json(struct req *req)
{
    struct json_result const json = json_parse(req->arena, net_body(req->exchange), &json_limits_body);
    char *text;

    must(json.fault == JSON_OK);
    cJSON_DeleteItemFromObjectCaseSensitive(json.root, "action");
    text = cJSON_PrintUnformatted(json.root);
    must(text != NULL);
    arena_on_end(req->arena, cJSON_free, text);
    return text_nfc(req->arena, text_of(text));
}

/* Every fee line becomes paid: how and when. */
static struct text paid_fees(struct req *req, const struct dossier_view *view, struct text method)
{
    struct json_result const json = json_parse(req->arena, view->fees, &json_limits_file);
    char at[INSTANT_TEXT_BYTES];
    cJSON *line;
    char *text;

    must(json.fault == JSON_OK);
    cJSON_ArrayForEach(line, json.root)
    {
        if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(line, "is_paid")))
            continue;
        cJSON_DeleteItemFromObjectCaseSensitive(line, "is_paid");
        must(cJSON_AddTrueToObject(line, "is_paid") != NULL);
        must(cJSON_AddStringToObject(line, "method", text_copy(req->arena, method)) != NULL);
        must(cJSON_AddStringToObject(line, "paid_at", instant_format(at, view->now_s)) != NULL);
    }
    text = cJSON_PrintUnformatted(json.root);
    must(text != NULL);
    arena_on_end(req->arena, cJSON_free, text);
    return text_of(text);
}

static enum act act_load(struct req *req);

static void catalogue_came(struct req *req)
{
    req_wake(req);
    req_go_on(req, act_load(req));
}

/* The catalogue has moved while we decided: once more with the new one. */
static enum act try_again(struct req *req)
{
    if (req->has_retried)
        return refuse(req, REFUSE_UNAVAILABLE);
    req->has_retried = true;
    return live_refresh(req, catalogue_came) ? req_wait(req) : refuse(req, REFUSE_UNAVAILABLE);
}

static enum act applied(struct req *req, const struct db_answer *answer)
{
    struct text const outcome = db_text(answer, 0, COL_DOSSIER_APPLY_OUTCOME);

    if (text_equal(outcome, TEXT("done")) || text_equal(outcome, TEXT("repeated"))) {
        db_keep(answer, req->arena);
        reply_version(req, db_i64(answer, 0, COL_DOSSIER_APPLY_VERSION));
        return reply_json(req, 200, db_text(answer, 0, COL_DOSSIER_APPLY_ANSWER));
    }
    if (text_equal(outcome, TEXT("stale-version")))
        return refuse(req, REFUSE_VERSION_STALE);
    if (text_equal(outcome, TEXT("key-reused")))
        return refuse(req, REFUSE_KEY_REUSED);
    if (text_equal(outcome, TEXT("not-signed-in")))
        return refuse_not_signed_in(req);
    must(text_equal(outcome, TEXT("stale-catalogue")));
    return try_again(req);
}

/* Papers given anew replace the list; nothing is accepted while one is missing (NĐ 118/2025: complete, then
 * the clock). False: *act says why. */
static bool take_papers(struct req *req, const struct acting *acting, struct change_facts *facts,
                        enum act *act)
{
    const struct act_body *body = req->body;
    const struct dossier_view *view = acting->view;
    bool const is_accepting = acting->action == ACTION_ACCEPT;
    struct field_list papers = body->components;

    if (papers.count == 0 && !is_accepting)
        return true;
    if (!is_accepting && acting->action != ACTION_RECEIVE_SUPPLEMENT) {
        req_error(req, "/components", "not-taken", "Thao tác này không nhận thành phần hồ sơ");
        *act = refuse(req, REFUSE_INVALID);
        return false;
    }
    if (papers.count == 0)
        papers = papers_read(req, view->components);
    else
        facts->components = papers_json(req, view->version, papers);
    if (papers_check(req, view->version, view->chosen, papers, is_accepting))
        return true;
    *act = refuse(req, REFUSE_INCOMPLETE);
    return false;
}

/* Anybody of today may be consulted; the wrong desk is put right within the agency that decides. */
static bool is_unit_fit(struct req *req, const struct acting *acting, struct text code)
{
    const struct dossier_view *view = acting->view;
    const struct agency *unit = catalogue_agency(live_catalogue(view->live), code);

    if (unit == NULL || !agency_is_valid(unit, instant_day(view->now_s))) {
        req_error(req, "/unit", "unknown", "Không có đơn vị này");
        return false;
    }
    if (acting->action == ACTION_REDIRECT &&
        (unit->enter < view->competent->enter || unit->enter >= view->competent->leave)) {
        req_error(req, "/unit", "not-competent", "Đơn vị này không thuộc cơ quan giải quyết hồ sơ");
        return false;
    }
    return true;
}

static enum act decide(struct req *req, struct acting *acting)
{
    struct dossier_view *view = acting->view;
    struct dossier_input const input = input_of(req, view);
    struct dossier_actor const actor = {
        .user = view->person, .roles = view->roles, .asking_roles = view->asking_roles};
    struct dossier_change change;
    struct change_facts facts = {
        .input = input_json(req), .ground = input.ground, .document = input.document_number};
    unsigned missing = 0;
    enum dossier_refusal refusal;
    enum act act;

    if ((input.given & NEED_UNIT) != 0 && !is_unit_fit(req, acting, input.unit))
        return refuse(req, REFUSE_INVALID);
    refusal = dossier_decide(&view->dossier, acting->action, &actor, &input, view->calendar, view->now_s,
                             &change, &missing);
    if (refusal == DECIDED && (input.given & NEED_HANDLER) != 0 && input.handler == 0) {
        refusal = REFUSED_BAD_INPUT;
        missing = NEED_HANDLER;
    }
    if (refusal != DECIDED)
        return refuse_decision(req, refusal, missing);
    if (!take_papers(req, acting, &facts, &act))
        return act;
    facts.actor_role = rule_acting_role(&view->dossier, acting->action, &actor);
    facts.actor_unit = acting_unit(&view->dossier, acting->action, facts.actor_role);
    facts.actor_name = req->asker.name;
    if (change.pays_fees)
        facts.fees = paid_fees(req, view, input.method);
    if (acting->action == ACTION_ACCEPT)
        view->submission_code = view->code; /* it gets another; the database knows which */
    facts.late = view_lateness(req, view, &change, ((const struct act_body *)req->body)->cause);
    view_change(view, &change, &facts);
    return change_ask(req, view, &change, &facts, dossier_detail(req, view, acting->action == ACTION_ACCEPT),
                      applied);
}

/* The key was used before: the first answer again, or a refusal; true when it was (then *act is set). */
static bool is_repeated(struct req *req, const struct db_answer *answer, enum act *act)
{
    struct text const hash = db_text(answer, 0, COL_DOSSIER_LOAD_FIRST_HASH);

    if (hash.length == 0)
        return false;
    if (!text_equal(hash, (struct text){req->body_hash_hex.data + 2, req->body_hash_hex.length - 2})) {
        *act = refuse(req, REFUSE_KEY_REUSED);
        return true;
    }
    db_keep(answer, req->arena);
    reply_version(req, db_i64(answer, 0, COL_DOSSIER_LOAD_FIRST_VERSION));
    *act = reply_json(req, (int)db_i64(answer, 0, COL_DOSSIER_LOAD_FIRST_STATUS),
                      db_text(answer, 0, COL_DOSSIER_LOAD_FIRST_ANSWER));
    return true;
}

static enum act loaded(struct req *req, const struct db_answer *answer)
{
    struct acting *acting = req->state;
    enum act act;

    if (!db_is_null(answer, 0, COL_DOSSIER_LOAD_PERSON) && is_repeated(req, answer, &act))
        return act;
    acting->view = dossier_view_load(req, answer, &act);
    if (acting->view == NULL)
        return act;
    if (acting->view->dossier.version != req->if_match)
        return refuse(req, REFUSE_VERSION_STALE);
    if (db_i64(answer, 0, COL_DOSSIER_LOAD_EPOCH) != live_epoch(acting->view->live))
        return try_again(req);
    return decide(req, acting);
}

static enum act act_load(struct req *req)
{
    const struct act_body *body = req->body;

    return ask(req, loaded, SQL_DOSSIER_LOAD, param_text(req, req->asker.session_hex),
               param_text(req, req->ids[0]), param_text(req, req->key),
               body->handler.length > 0 ? param_text(req, body->handler) : NULL);
}

enum act dossier_act_ask(struct req *req)
{
    const struct act_body *body = req->body;
    struct acting *acting = arena_new(req->arena, struct acting);

    must(action_from_name(body->action, &acting->action));
    req->state = acting;
    return act_load(req);
}
