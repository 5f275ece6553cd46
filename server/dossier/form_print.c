#include "dossier/form_print.h"

#include "core/config.h"
#include "core/instant.h"
#include "core/json.h"
#include "dossier/apology_facts.h"
#include "dossier/dossier_view.h"
#include "dossier/receipt_facts.h"
#include "net/frame.h"

enum { DOCUMENT_BYTES_MAX = 8 * 1024 * 1024, QUEUE_MAX = 64, WAIT_MS = 12000 };

static struct frame_client *renderer; /* one a worker; this file's own */

enum document_type { DOCUMENT_PDF, DOCUMENT_HTML };

struct printing {
    enum document_type type;
    int64_t version;
    struct text question;
};

void forms_start(struct worker *worker)
{
    struct frame_options const options = {
        .address = worker->render_address,
        .answer_bytes_max = DOCUMENT_BYTES_MAX,
        .queue_max = QUEUE_MAX,
        .wait_timeout_ms = WAIT_MS,
    };

    renderer = frame_client_create(worker->base, &options);
}

void forms_stop(struct worker *worker)
{
    (void)worker;
    frame_client_destroy(renderer);
    renderer = NULL;
}

/* The first byte of an answer says how it went; the rest is the document, or the reason in English. */
static enum act drawn(struct req *req, struct text answer)
{
    const struct printing *printing = req->state;
    char *bytes;

    if (answer.length < 1)
        return refuse(req, REFUSE_UNAVAILABLE);
    if (answer.data[0] != 0)
        return refuse_with(req, REFUSE_FAILED, "Không in được biểu mẫu này");
    bytes = arena_copy(req->arena, answer.data + 1, answer.length - 1);
    reply_header(req, "Cache-Control", TEXT("private, no-store"));
    reply_header(
        req, "Content-Security-Policy",
        TEXT("default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"));
    return reply_bytes(req, 200,
                       printing->type == DOCUMENT_PDF ? "application/pdf" : "text/html; charset=utf-8",
                       (struct text){bytes, answer.length - 1});
}

static void answered(void *owner, struct text answer)
{
    struct req *req = owner;

    req_wake(req);
    req_go_on(req, drawn(req, answer));
}

static enum act print(struct req *req, const char *form, struct text facts)
{
    struct printing *printing = req->state;
    struct json_out out = json_out_begin(req->arena);

    json_open_object(&out);
    json_put_string(&out, "form", form);
    json_put_string(&out, "format", printing->type == DOCUMENT_PDF ? "pdf" : "html");
    json_put_raw(&out, "facts", facts);
    json_close_object(&out);
    printing->question = json_out_end(&out);
    frame_ask(renderer, printing->question, answered, req);
    return req_wait(req);
}

static enum act loaded(struct req *req, const struct db_answer *answer)
{
    enum act act;
    const struct dossier_view *view = dossier_view_load(req, answer, &act);

    if (view == NULL)
        return act;
    if (view->dossier.accepted_at_s == 0 || view->owner.data == NULL)
        return refuse(req, REFUSE_NO_SUCH_FORM);
    if (text_equal(req->ids[1], TEXT("receipt")))
        return print(req, "receipt", receipt_facts(req, view));
    if (text_equal(req->ids[1], TEXT("apology"))) {
        struct text const facts = apology_facts(req, view);

        return facts.data == NULL ? refuse(req, REFUSE_NO_SUCH_FORM) : print(req, "apology", facts);
    }
    return refuse(req, REFUSE_NO_SUCH_FORM);
}

/* "q=0.5" in thousandths; 1000 where nothing is said, 0 where it is no weight (RFC 9110 12.4.2). */
static int weight_of(struct text parameters)
{
    while (parameters.data != NULL) {
        struct text digits;
        struct text const name =
            text_trim(text_cut(text_trim(text_cut(parameters, ';', &parameters)), '=', &digits));
        int weight = 0;

        if (!text_equal_fold(name, TEXT("q")))
            continue;
        digits = text_trim(digits);
        if (digits.length == 0 || digits.length > 5 || (digits.length > 1 && digits.data[1] != '.'))
            return 0;
        for (size_t i = 0, unit = 1000; i < digits.length; i++) {
            if (i == 1) /* the point */
                continue;
            if (digits.data[i] < '0' || digits.data[i] > '9')
                return 0;
            weight += (digits.data[i] - '0') * (int)unit;
            unit /= 10;
        }
        return weight > 1000 ? 0 : weight;
    }
    return 1000;
}

/* How well a range of Accept fits a type: 3 the type itself, 2 its half, 1 anything, 0 not. */
static int fit_of(struct text range, struct text half, struct text whole)
{
    return text_equal_fold(range, whole)  ? 3
           : text_equal_fold(range, half) ? 2
                                          : text_equal(range, TEXT("*/*"));
}

/* The weight of a type in Accept is that of the range that names it most closely. */
static int accept_weight(struct text accept, struct text half, struct text whole)
{
    int weight = 0, best = 0;

    while (accept.data != NULL) {
        struct text parameters;
        struct text const range = text_trim(text_cut(text_cut(accept, ',', &accept), ';', &parameters));
        int const fit = fit_of(range, half, whole);

        if (fit > best) {
            best = fit;
            weight = weight_of(parameters);
        }
    }
    return weight;
}

/* The type that Accept weighs most; of two with the same weight PDF. */
static bool choose_type(struct req *req, enum document_type *type)
{
    struct text const accept = net_header(req->exchange, "Accept", NULL);
    int pdf, html;

    *type = DOCUMENT_PDF;
    if (accept.data == NULL)
        return true;
    pdf = accept_weight(accept, TEXT("application/*"), TEXT("application/pdf"));
    html = accept_weight(accept, TEXT("text/*"), TEXT("text/html"));
    if (html > pdf)
        *type = DOCUMENT_HTML;
    return html > 0 || pdf > 0;
}

static enum act form_ask(struct req *req)
{
    struct printing *printing = arena_new(req->arena, struct printing);

    if (!choose_type(req, &printing->type))
        return refuse(req, REFUSE_NOT_ACCEPTABLE);
    req->state = printing;
    return ask(req, loaded, SQL_DOSSIER_LOAD, param_text(req, req->asker.session_hex),
               param_text(req, req->ids[0]), NULL, NULL);
}

const struct route form_routes[1] = {
    {NET_GET, "/api/v1/dossiers/{code}/forms/{kind}", WHO_STAFF, ROUTE_PAGE, NULL, 0, NULL, 0, form_ask,
     "form_print", "Biểu mẫu theo quy định của hồ sơ: receipt (Mẫu 01), apology (Mẫu 04)", "200 document",
     "no-such-dossier no-such-form not-acceptable unavailable"},
};
