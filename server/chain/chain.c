#include "chain/chain.h"

#include "dossier/leg_view.h"

static void put_leg_code(struct json_out *out, const char *key, const struct dossier_view *view, int at)
{
    bool const is_seen = at != LEG_WHOLE && view_leg_sight(view, (size_t)at) != LEG_UNSEEN;

    json_put_text(out, key, is_seen ? view->legs[at].code : TEXT_NONE);
}

static struct text chain_json(struct req *req, const struct dossier_view *view)
{
    const struct dossier *dossier = &view->dossier;
    struct chain const chain = view_chain(view);
    struct json_out out = json_out_begin(req->arena);
    bool const is_late = dossier->timeliness == TIMELINESS_OVERDUE;

    json_open_object(&out);
    json_put_text(&out, "code", view->code);
    json_put_string(&out, "state", state_name(dossier->state));
    json_put_string(&out, "state_label", state_label(dossier->state));
    json_put_instant(&out, "accepted_at", dossier->accepted_at_s);
    json_put_instant(&out, "due_at", dossier->due_clock_s);
    json_put_instant(&out, "due_eod", dossier->due_eod_s);
    json_put_instant(&out, "finished_at", dossier->finished_at_s);
    json_put_string(&out, "timeliness", timeliness_name(dossier->timeliness));
    put_leg_code(&out, "leading_leg", view, chain_leading_leg(&chain));
    put_leg_code(&out, "late_leg", view, is_late ? chain_late_leg(&chain) : LEG_WHOLE);
    view_legs_write(&out, view);
    json_close_object(&out);
    return json_out_end(&out);
}

static enum act chain_shown(struct req *req, const struct db_answer *answer)
{
    enum act act;
    const struct dossier_view *view = dossier_view_load(req, answer, &act);

    if (view == NULL)
        return act;
    reply_version(req, view->dossier.version);
    if (req_is_unchanged(req, view->dossier.version))
        return reply_empty(req, 304);
    return reply_json(req, 200, chain_json(req, view));
}

static enum act chain_ask(struct req *req)
{
    return ask(req, chain_shown, SQL_DOSSIER_LOAD, param_text(req, req->asker.session_hex),
               param_text(req, req->ids[0]), NULL, NULL);
}

const struct route chain_routes[1] = {
    {NET_GET, "/api/v1/dossiers/{code}/chain", WHO_STAFF, 0, NULL, 0, NULL, 0, chain_ask, "dossier_chain",
     "Hồ sơ liên thông đang ở chặng nào: từng chặng, hai đầu bàn giao, hạn riêng",
     "200 Chain +ETag; 304 +ETag", "no-such-dossier"},
};
