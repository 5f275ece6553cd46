#include "dossier/dossier_routes.h"

#include "dossier/dossier_view.h"

static enum act dossier_shown(struct req *req, const struct db_answer *answer)
{
    enum act act;
    const struct dossier_view *view = dossier_view_load(req, answer, &act);

    if (view == NULL)
        return act;
    reply_version(req, view->dossier.version);
    if (req_is_unchanged(req, view->dossier.version))
        return reply_empty(req, 304);
    return reply_json(req, 200, dossier_detail(req, view, false));
}

static enum act dossier_ask(struct req *req)
{
    return ask(req, dossier_shown, SQL_DOSSIER_LOAD, param_text(req, req->asker.session_hex),
               param_text(req, req->ids[0]), NULL, NULL);
}

const struct route dossier_routes[6] = {
    {NET_GET, "/api/v1/dossiers", WHO_STAFF, 0, list_query_fields, sizeof(struct list_query), NULL, 0,
     dossier_list_ask, "dossier_list", "Hồ sơ được xem, hẹn trả sớm nhất trước", "200 DossierList", ""},
    {NET_GET, "/api/v1/dossiers/{code}", WHO_STAFF, 0, NULL, 0, NULL, 0, dossier_ask, "dossier_show",
     "Toàn bộ một hồ sơ và những việc người hỏi làm được lúc này", "200 Dossier +ETag; 304 +ETag",
     "no-such-dossier"},
    {NET_POST, "/api/v1/dossiers/{code}/actions", WHO_STAFF, ROUTE_KEY | ROUTE_IF_MATCH, NULL, 0, act_fields,
     sizeof(struct act_body), dossier_act_ask, "dossier_act", "Một bước chuyển của hồ sơ",
     "200 Dossier +ETag",
     "no-such-dossier not-your-action same-person wrong-state too-early no-limit already-apologised fee-owed "
     "nothing-owed "
     "too-many-supplements too-many-pauses version-stale authorisation-required incomplete-components"},
    {NET_GET, "/api/v1/dossiers/{code}/history", WHO_STAFF, 0, page_query_fields, sizeof(struct page_query),
     NULL, 0, history_ask, "dossier_history", "Mọi việc đã xảy ra với hồ sơ, cũ trước", "200 EventList",
     "no-such-dossier"},
    {NET_GET, "/api/v1/dossiers/{code}/clock", WHO_STAFF, 0, NULL, 0, NULL, 0, clock_ask, "dossier_clock",
     "Sổ thời hạn: bắt đầu, tạm dừng, chạy lại và thời gian từng nơi đã dùng", "200 Clock",
     "no-such-dossier"},
    {NET_GET, "/api/v1/inbox", WHO_STAFF, 0, page_query_fields, sizeof(struct page_query), NULL, 0, inbox_ask,
     "inbox", "Việc của người hỏi, sắp trễ trước", "200 WorkList", ""},
};
