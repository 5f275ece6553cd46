#include "dossier/document.h"

#include "core/log.h"
#include "net/frame.h"

enum { DOCUMENT_BYTES_MAX = 8 * 1024 * 1024, QUEUE_MAX = 64, WAIT_MS = 12000 };

static struct frame_client *renderer; /* one a worker; this file's own */

static const struct {
    const char *name; /* in Accept */
    const char *content_type;
    const char *format; /* as the render process calls it; NULL: not its business */
} types[DOCUMENT_TYPES] = {
    [DOCUMENT_JSON] = {"application/json", NULL, NULL},
    [DOCUMENT_PDF] = {"application/pdf", "application/pdf", "pdf"},
    [DOCUMENT_HTML] = {"text/html", "text/html; charset=utf-8", "html"},
    [DOCUMENT_SHEET] = {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"},
};

/* A request that waits for its document. */
struct drawing {
    const struct document *document;
    struct text question;
};

void documents_start(struct worker *worker)
{
    struct frame_options const options = {
        .address = worker->render_address,
        .answer_bytes_max = DOCUMENT_BYTES_MAX,
        .queue_max = QUEUE_MAX,
        .wait_timeout_ms = WAIT_MS,
    };

    renderer = frame_client_create(worker->base, &options);
}

void documents_stop(struct worker *worker)
{
    (void)worker;
    frame_client_destroy(renderer);
    renderer = NULL;
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
static int fit_of(struct text range, struct text type)
{
    struct text rest;
    struct text const half = text_cut(type, '/', &rest);

    if (text_equal_fold(range, type))
        return 3;
    if (range.length == half.length + 2 && range.data[range.length - 1] == '*' &&
        text_equal_fold((struct text){range.data, half.length + 1},
                        (struct text){type.data, half.length + 1}))
        return 2;
    return text_equal(range, TEXT("*/*"));
}

/* The weight of a type in Accept is that of the range that names it most closely. */
static int accept_weight(struct text accept, struct text type)
{
    int weight = 0, best = 0;

    while (accept.data != NULL) {
        struct text parameters;
        struct text const range = text_trim(text_cut(text_cut(accept, ',', &accept), ';', &parameters));
        int const fit = fit_of(range, type);

        if (fit > best) {
            best = fit;
            weight = weight_of(parameters);
        }
    }
    return weight;
}

bool document_choose(struct req *req, unsigned allowed, enum document_type usual, enum document_type *type)
{
    struct text const accept = net_header(req->exchange, "Accept", NULL);
    int heaviest;

    must((allowed >> usual & 1) != 0);
    *type = usual;
    if (accept.data == NULL)
        return true;
    heaviest = accept_weight(accept, text_of(types[usual].name));
    for (int i = 0; i < DOCUMENT_TYPES; i++) {
        int const weight = (allowed >> i & 1) != 0 ? accept_weight(accept, text_of(types[i].name)) : 0;

        if (weight > heaviest) {
            heaviest = weight;
            *type = (enum document_type)i;
        }
    }
    return heaviest > 0;
}

enum act document_reply(struct req *req, const struct document *document, struct text bytes)
{
    reply_header(req, "Cache-Control", TEXT("private, no-store"));
    reply_header(
        req, "Content-Security-Policy",
        TEXT("default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"));
    if (document->file_name != NULL)
        reply_header(req, "Content-Disposition",
                     text_of(arena_printf(req->arena, "attachment; filename=\"%s\"", document->file_name)));
    return reply_bytes(req, 200, types[document->type].content_type, bytes);
}

/* The first byte of an answer says how it went; the rest is the document, or the reason in English. */
static enum act drawn(struct req *req, const struct document *document, struct text answer)
{
    struct text bytes;

    if (answer.length < 1)
        return refuse(req, REFUSE_UNAVAILABLE);
    if (answer.data[0] != 0) { /* its reason names a key of the facts, never a value */
        log_warning("form not drawn", LOG_S("form", document->form),
                    LOG_T("reason", ((struct text){answer.data + 1, answer.length - 1})));
        return refuse_with(req, REFUSE_FAILED, "Không in được biểu mẫu này");
    }
    bytes = (struct text){arena_copy(req->arena, answer.data + 1, answer.length - 1), answer.length - 1};
    return document->drawn != NULL ? document->drawn(req, document, bytes)
                                   : document_reply(req, document, bytes);
}

static void answered(void *owner, struct text answer)
{
    struct req *req = owner;
    const struct drawing *drawing = req->state;

    req_wake(req);
    req->state = NULL;
    req_go_on(req, drawn(req, drawing->document, answer));
}

enum act document_ask(struct req *req, const struct document *document)
{
    struct drawing *drawing = arena_new(req->arena, struct drawing);
    struct json_out out = json_out_begin(req->arena);

    must(types[document->type].format != NULL);
    json_open_object(&out);
    json_put_string(&out, "form", document->form);
    json_put_string(&out, "format", types[document->type].format);
    json_put_raw(&out, "facts", document->facts);
    json_close_object(&out);
    *drawing = (struct drawing){.document = document, .question = json_out_end(&out)};
    req->state = drawing;
    frame_ask(renderer, drawing->question, answered, req);
    return req_wait(req);
}
