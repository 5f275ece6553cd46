/* Intake's decisions before anything is stored: where, with which papers, for how much. */
#include "counter/intake.h"

#include "catalogue/fees_rules.h"
#include "core/instant.h"
#include "core/json.h"

static bool refused(struct req *req, enum act *act, const char *pointer, const char *code, const char *detail)
{
    req_error(req, pointer, code, detail);
    *act = refuse(req, REFUSE_INVALID);
    return false;
}

/* The unit the clerk sits at: the one named, if he is a receiver there, else the first where he is. */
static struct text receiving_unit(struct req *req, struct text wanted)
{
    struct json_result const json = json_parse(req->arena, req->asker.grants, &json_limits_file);
    const cJSON *grant;

    must(json.fault == JSON_OK);
    cJSON_ArrayForEach(grant, json.root)
    {
        struct text const role =
            text_of(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(grant, "role")));
        struct text const unit =
            text_of(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(grant, "agency")));

        if (text_equal(role, TEXT("receiver")) && (wanted.length == 0 || text_equal(unit, wanted)))
            return unit;
    }
    return TEXT_NONE;
}

static bool find_version(struct req *req, struct intake *intake, int32_t today, enum act *act)
{
    const struct intake_body *body = req->body;
    struct dossier_view *view = intake->view;

    view->version = catalogue_procedure(live_catalogue(view->live), body->procedure, today);
    if (view->version == NULL)
        return refused(req, act, "/procedure", "unknown", "Không có thủ tục này đang có hiệu lực");
    for (size_t i = 0; i < view->version->leg_count; i++)
        if (view->version->legs[i].is_uncounted) /* its time stops no clock yet, see server/chain/README.md */
            return refused(req, act, "/procedure", "not-yet",
                           "Thủ tục có chặng không tính vào thời hạn, chưa tiếp nhận được ở bản này");
    if (body->procedure_case.length > 0) {
        view->chosen = version_case(view->version, body->procedure_case);
        if (view->chosen == NULL)
            return refused(req, act, "/case", "unknown", "Thủ tục không có trường hợp này");
    }
    return true;
}

static bool find_competent(struct req *req, struct intake *intake, int32_t today, enum act *act)
{
    const struct intake_body *body = req->body;
    struct dossier_view *view = intake->view;
    const struct catalogue *catalogue = live_catalogue(view->live);

    if (body->competent_agency.length > 0) {
        view->competent = catalogue_agency(catalogue, body->competent_agency);
        if (view->competent == NULL || !catalogue_may_decide(view->version, view->competent, today))
            return refused(req, act, "/competent_agency", "not-competent",
                           "Cơ quan này không có thẩm quyền với thủ tục");
        return true;
    }
    view->competent = catalogue_competent_agency(catalogue, view->version, intake->receiving, today);
    if (view->competent == NULL) {
        *act = refuse(req, REFUSE_CANNOT_DECIDE);
        return false;
    }
    return true;
}

static bool check_channels(struct req *req, const struct intake *intake, enum act *act)
{
    const struct intake_body *body = req->body;
    const struct procedure_version *version = intake->view->version;

    if ((version->channels & channel_from_name(body->channel)) == 0)
        return refused(req, act, "/channel", "not-a-choice", "Thủ tục không nhận qua kênh này");
    if ((version->return_channels & channel_from_name(body->return_channel)) == 0)
        return refused(req, act, "/return_channel", "not-a-choice", "Thủ tục không trả kết quả qua kênh này");
    return true;
}

bool intake_place(struct req *req, struct intake *intake, enum act *act)
{
    const struct intake_body *body = req->body;
    struct dossier_view *view = intake->view;
    const struct catalogue *catalogue = live_catalogue(view->live);
    int32_t const today = instant_day(view->now_s);
    struct text const unit = receiving_unit(req, body->receiving_unit);

    intake->receiving = unit.length > 0 ? catalogue_agency(catalogue, unit) : NULL;
    if (intake->receiving == NULL) {
        *act = refuse_with(req, REFUSE_NOT_ALLOWED, "Bạn không tiếp nhận ở đơn vị này");
        return false;
    }
    if (!agency_is_valid(intake->receiving, today))
        return refused(req, act, "/receiving_unit", "ended", "Đơn vị này không còn hoạt động");
    if (body->assist_unit.length > 0 && catalogue_agency(catalogue, body->assist_unit) == NULL)
        return refused(req, act, "/assist_unit", "unknown", "Không có đơn vị này");
    if (!find_version(req, intake, today, act) || !check_channels(req, intake, act) ||
        !find_competent(req, intake, today, act))
        return false;
    view->calendar = live_calendar(view->live, view->competent);
    view->dossier.receiving_unit = intake->receiving->code;
    view->dossier.competent_agency = view->competent->code;
    view->dossier.plan = dossier_plan_of(view->version, view->chosen);
    view->dossier.processing_unit =
        view->version->leg_count > 0 /* nobody processes it before its first leg is handed over */
            ? intake->receiving->code
            : catalogue_department(catalogue, view->competent, view->version->field, today)->code;
    return intake_legs(req, intake, today, act);
}

bool intake_check_papers(struct req *req, const struct intake *intake, enum act *act)
{
    const struct intake_body *body = req->body;

    if (papers_check(req, intake->view->version, intake->view->chosen, body->components,
                     intake->decision == INTAKE_ACCEPT))
        return true;
    *act = refuse(req, REFUSE_INCOMPLETE);
    return false;
}

static void put_fee(struct json_out *out, const struct fee_line *line, bool is_paid, struct text method,
                    int64_t now_s)
{
    json_open_object(out);
    json_put_text(out, "code", line->fee->code);
    json_put_text(out, "name", line->fee->name);
    json_put_string(out, "kind", fee_kind_name(line->fee->kind));
    json_put_i64(out, "quantity", line->quantity);
    json_put_i64(out, "full", line->full);
    json_put_i64(out, "reduced", line->reduced);
    json_put_i64(out, "amount", line->amount);
    if (line->reduction != NULL)
        json_put_text(out, "ground", line->reduction->ground);
    json_put_string(out, "due", fee_due_name(line->fee->due));
    json_put_bool(out, "is_paid", is_paid || line->amount == 0);
    if (is_paid && line->amount > 0) {
        json_put_text(out, "method", method);
        json_put_instant(out, "paid_at", now_s);
    }
    json_close_object(out);
}

static bool fee_fault(struct req *req, enum fees_outcome outcome, enum act *act)
{
    switch (outcome) {
    case FEES_UNKNOWN_GROUND:
        return refused(req, act, "/fee_ground", "unknown", "Không có căn cứ miễn, giảm này");
    case FEES_BAD_QUANTITY:
        return refused(req, act, "/copies", "out-of-range", "Số bản hoặc số trang không đúng");
    case FEES_TOO_LARGE: return refused(req, act, "/copies", "out-of-range", "Khoản thu quá lớn");
    case FEES_COUNTED: break;
    }
    return true;
}

bool intake_count_fees(struct req *req, struct intake *intake, enum act *act)
{
    const struct intake_body *body = req->body;
    bool const is_paid = body->payment_method.length > 0;
    struct fee_inputs const inputs = {
        .chosen = intake->view->chosen,
        .channel = channel_from_name(body->channel),
        .copies = body->copies == FIELD_ABSENT ? 0 : body->copies,
        .pages = body->pages == FIELD_ABSENT ? 0 : body->pages,
        .ground = body->fee_ground,
    };
    struct json_out out = json_out_begin(req->arena);
    struct fee_line *lines;
    size_t count;

    if (!fee_fault(req, fees_count(req->arena, intake->view->version, &inputs, &lines, &count), act))
        return false;
    json_open_array(&out);
    for (size_t i = 0; i < count; i++) {
        put_fee(&out, &lines[i], is_paid, body->payment_method, intake->view->now_s);
        if (!is_paid)
            intake->view->fee_owed += lines[i].amount;
        if (!is_paid && lines[i].amount > 0 && lines[i].fee->due == FEE_DUE_SUBMISSION &&
            intake->decision == INTAKE_ACCEPT) {
            *act = refuse_with(req, REFUSE_FEE_OWED, "Khoản này phải nộp ngay khi nộp hồ sơ");
            return false;
        }
    }
    json_close_array(&out);
    intake->view->fees = json_out_end(&out);
    intake->view->dossier.is_owed = intake->view->fee_owed > 0;
    return true;
}
