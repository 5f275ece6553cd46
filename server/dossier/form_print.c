#include "dossier/form_print.h"

#include <sodium.h>

#include "dossier/access.h"
#include "dossier/apology_facts.h"
#include "dossier/document.h"
#include "dossier/form_facts.h"
#include "dossier/receipt_facts.h"

enum { ALLOWED = 1 << DOCUMENT_PDF | 1 << DOCUMENT_HTML };

struct form_query {
    struct text paper;
};

static const char *const paper_choices[] = {"A4", "A5", "80MM", NULL};
static const struct field form_query_fields[] = {
    FIELD_OF(struct form_query, paper, FIELD_CHOICE, .choices = paper_choices),
    {.kind = FIELD_END},
};

static struct text receipt(struct req *req, const struct dossier_view *view, const char **why)
{
    const struct form_query *query = req->query;

    if (view->dossier.accepted_at_s != 0)
        return receipt_facts(req, view, query->paper);
    *why = "Hồ sơ chưa được tiếp nhận";
    return TEXT_NONE;
}

static struct text apology(struct req *req, const struct dossier_view *view, const char **why)
{
    *why = "Hồ sơ chưa có gì phải xin lỗi, hoặc đã giải quyết xong";
    return view->dossier.accepted_at_s != 0 ? apology_facts(req, view) : TEXT_NONE;
}

/* The forms of one dossier; the register book and the sheet of results are about many (register.c). */
static const struct {
    const char *kind;
    form_facts *facts;
} kinds[] = {
    {"receipt", receipt}, {"supplement", supplement_facts},   {"refusal", refusal_facts},
    {"apology", apology}, {"stop_notice", stop_notice_facts}, {"control_slip", control_slip_facts},
};

/* A print under way: drawn, then counted, then sent. */
struct printing {
    struct document document;
    struct text bytes;
};

static struct printing *printing_of(struct req *req)
{
    return req->state;
}

static enum act counted(struct req *req, const struct db_answer *answer)
{
    struct printing *printing = printing_of(req);

    must(db_row_count(answer) == 1);
    if (db_is_null(answer, 0, COL_FORM_PRINTED_NUMBER)) /* signed out, or moved on, while it was drawn */
        return refuse(req, REFUSE_NO_SUCH_DOSSIER);
    reply_header(req, "Print-Number",
                 text_of(text_copy(req->arena, db_text(answer, 0, COL_FORM_PRINTED_NUMBER))));
    return access_note(req, printing->document.dossier,
                       document_reply(req, &printing->document, printing->bytes));
}

/* Counted before it leaves: a paper nobody wrote down must not exist. */
static enum act count(struct req *req, const struct document *document, struct text bytes)
{
    struct printing *printing = arena_new(req->arena, struct printing);
    unsigned char digest[crypto_hash_sha256_BYTES];

    *printing = (struct printing){.document = *document, .bytes = bytes};
    req->state = printing;
    crypto_hash_sha256(digest, (const unsigned char *)bytes.data, bytes.length);
    return ask(req, counted, SQL_FORM_PRINTED, param_text(req, req->asker.session_hex),
               param_text(req, req->ids[0]), param_instant(req, worker_now(req->worker)), document->form,
               document->type == DOCUMENT_PDF ? "PDF" : "HTML", param_bytes(req, digest, sizeof digest));
}

static enum act refuse_kind(struct req *req, const char *why)
{
    return why != NULL ? refuse_with(req, REFUSE_NO_SUCH_FORM, why) : refuse(req, REFUSE_NO_SUCH_FORM);
}

static enum act loaded(struct req *req, const struct db_answer *answer)
{
    struct document *document = req->state;
    const char *why = NULL;
    enum act act;
    const struct dossier_view *view = dossier_view_load(req, answer, &act);

    if (view == NULL)
        return act;
    if (view->owner.data == NULL)
        return refuse_with(req, REFUSE_NO_SUCH_FORM, "Dữ liệu cá nhân của hồ sơ đã được xóa theo quy định");
    for (size_t i = 0; i < array_length(kinds); i++) {
        if (!text_equal(req->ids[1], text_of(kinds[i].kind)))
            continue;
        document->form = kinds[i].kind;
        document->facts = kinds[i].facts(req, view, &why);
        document->drawn = count;
        document->dossier = view->id;
        return document->facts.data == NULL ? refuse_kind(req, why) : document_ask(req, document);
    }
    return refuse(req, REFUSE_NO_SUCH_FORM);
}

static enum act form_ask(struct req *req)
{
    const struct form_query *query = req->query;
    struct document *document = arena_new(req->arena, struct document);

    if (!document_choose(req, ALLOWED, DOCUMENT_PDF, &document->type))
        return refuse(req, REFUSE_NOT_ACCEPTABLE);
    if (query->paper.data != NULL && !text_equal(query->paper, TEXT("A4")) &&
        (!text_equal(req->ids[1], TEXT("receipt")) ||
         (document->type == DOCUMENT_HTML && text_equal(query->paper, TEXT("80MM"))))) {
        req_error(req, "?paper", "not-a-choice",
                  "Chỉ giấy tiếp nhận in được trên A5 và 80MM; khổ 80MM chỉ có bản PDF");
        return refuse(req, REFUSE_INVALID);
    }
    req->state = document;
    return ask(req, loaded, SQL_DOSSIER_LOAD, param_text(req, req->asker.session_hex),
               param_text(req, req->ids[0]), NULL, NULL);
}

const struct route form_routes[1] = {
    {NET_GET, "/api/v1/dossiers/{code}/forms/{kind}", WHO_STAFF, ROUTE_PAGE, form_query_fields,
     sizeof(struct form_query), NULL, 0, form_ask, "form_print",
     "Biểu mẫu theo quy định của hồ sơ, theo bộ biểu mẫu của ngày tiếp nhận: receipt (Mẫu 01), supplement "
     "(02), "
     "refusal (03), apology (04), stop_notice (05 của 2025), control_slip (05 của 2018, 06 của 2025)",
     "200 document +Print-Number", "no-such-dossier no-such-form not-acceptable unavailable invalid"},
};
