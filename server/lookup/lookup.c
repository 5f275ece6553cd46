#include "lookup/lookup.h"

static struct text status_json(struct req *req, const struct status *status)
{
    struct json_out out = json_out_begin(req->arena);

    json_open_object(&out);
    json_put_text(&out, "code", status->code);
    json_key(&out, "procedure");
    json_open_object(&out);
    json_put_text(&out, "code", status->procedure_code);
    json_put_text(&out, "name", status->procedure);
    json_close_object(&out);
    json_key(&out, "receiving_unit");
    json_open_object(&out);
    json_put_text(&out, "code", status->receiving_unit);
    json_put_text(&out, "name", status->receiving_unit_name);
    json_close_object(&out);
    json_put_string(&out, "state", state_name(status->state));
    json_put_string(&out, "state_label", state_label(status->state));
    json_put_instant(&out, "accepted_at", status->accepted_at_s);
    json_put_instant(&out, "due_at", status->due_at_s);
    json_put_instant(&out, "finished_at", status->finished_at_s);
    json_key(&out, "holder");
    json_open_object(&out);
    json_put_text(&out, "code", status->holder_unit);
    json_put_text(&out, "name", status->holder_name);
    json_close_object(&out);
    if (status->is_open) {
        json_put_raw(&out, "missing", status->missing.data != NULL ? status->missing : TEXT("[]"));
        json_put_instant(&out, "supplement_due_at", status->supplement_due_s);
        json_put_i64(&out, "fee_owed", status->fee_owed);
        json_put_raw(&out, "milestones", status->milestones);
    }
    json_close_object(&out);
    return json_out_end(&out);
}

static enum act lookup_shown(struct req *req, enum status_outcome outcome, const struct status *status)
{
    switch (outcome) {
    case STATUS_FOUND:
        /* The version changes with every commit that changes what is shown: whoever keeps a copy asks whether
         * it is still the one. */
        reply_version(req, status->version);
        reply_header(req, "Cache-Control",
                     status->is_open ? TEXT("private, no-cache") : TEXT("public, no-cache"));
        if (!status->is_open && req_is_unchanged(req, status->version))
            return reply_empty(req, 304);
        return reply_json(req, 200, status_json(req, status));
    case STATUS_NONE: return refuse(req, REFUSE_NO_SUCH_DOSSIER);
    case STATUS_LIMITED: return refuse(req, REFUSE_TOO_MANY);
    case STATUS_FAILED: break;
    }
    unreachable();
}

static enum act lookup_ask(struct req *req)
{
    const struct secret_query *query = req->query;

    return status_ask(req, req->ids[0], query->secret, lookup_shown);
}

const struct route lookup_routes[6] = {
    {NET_GET, "/api/v1/lookup/{code}", WHO_ANYONE, 0, secret_query_fields, sizeof(struct secret_query), NULL,
     0, lookup_ask, "lookup", "Tình trạng hồ sơ theo mã trên giấy hẹn, không có dữ liệu cá nhân",
     "200 Status +ETag; 304 +ETag", "no-such-dossier too-many-requests"},
    {NET_GET, "/tra-cuu/{code}", WHO_ANYONE, ROUTE_PAGE, secret_query_fields, sizeof(struct secret_query),
     NULL, 0, page_ask, "lookup_page", "Trang tra cứu cho điện thoại, không cần JavaScript", "200 html",
     "no-such-dossier too-many-requests"},
    {NET_GET, "/tra-cuu", WHO_ANYONE, ROUTE_PAGE, form_query_fields, sizeof(struct form_query), NULL, 0,
     page_form_ask, "lookup_form", "Trang nhập mã hồ sơ", "200 html", "no-such-dossier too-many-requests"},
    {NET_POST, "/tra-cuu", WHO_ANYONE, ROUTE_PAGE | ROUTE_FORM, NULL, 0, form_query_fields,
     sizeof(struct form_query), page_typed_ask, "lookup_typed",
     "Tra cứu từ trang nhập mã: mã tra cứu đi trong nội dung, không trong địa chỉ", "200 html",
     "no-such-dossier too-many-requests"},
    {NET_GET, "/thu-tuc", WHO_ANYONE, ROUTE_PAGE, browse_query_fields, sizeof(struct browse_query), NULL, 0,
     browse_ask, "procedures_page", "Trang thủ tục hành chính, tìm có dấu hay không dấu",
     "200 html +ETag; 304 +ETag", ""},
    {NET_GET, "/thu-tuc/{code}", WHO_ANYONE, ROUTE_PAGE, NULL, 0, NULL, 0, procedure_page_ask,
     "procedure_page", "Trang một thủ tục: giấy tờ, thời hạn, phí, các bước; in được",
     "200 html +ETag; 304 +ETag", "no-such-procedure"},
};
