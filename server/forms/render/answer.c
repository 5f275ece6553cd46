#include "forms/render/answer.h"

#include <cairo-pdf.h>

#include "core/instant.h"
#include "core/json.h"
#include "forms/form_content_rules.h"
#include "forms/render/layout.h"
#include "forms/render/qr.h"
#include "forms/render/workbook.h"

/* Where cairo's bytes go. */
struct document {
    struct arena *arena;
    char *data;
    size_t length;
    size_t capacity;
};

static struct answer bad(const char *why)
{
    return (struct answer){.status = ANSWER_BAD, .bytes = text_of(why)};
}

static struct answer failed(const char *why)
{
    return (struct answer){.status = ANSWER_FAILED, .bytes = text_of(why)};
}

static cairo_status_t document_write(void *closure, const unsigned char *data, unsigned length)
{
    struct document *document = closure;

    if (document->length + length > ANSWER_DOCUMENT_BYTES_MAX)
        return CAIRO_STATUS_WRITE_ERROR;
    if (document->length + length > document->capacity) {
        size_t capacity = (document->length + length) * 2;
        char *grown = arena_alloc(document->arena, capacity);

        if (document->length > 0)
            memcpy(grown, document->data, document->length);
        document->data = grown;
        document->capacity = capacity;
    }
    memcpy(document->data + document->length, data, length);
    document->length += length;
    return CAIRO_STATUS_SUCCESS;
}

/* The dates come from the facts: a clock here would make every reprint another file. */
static void describe(cairo_surface_t *surface, struct arena *arena, const struct form_content *content)
{
    char date[INSTANT_TEXT_BYTES];
    const char *title =
        content->dossier_code.data == NULL
            ? content->form->title
            : arena_printf(arena, "%s %.*s", content->form->title, TEXT_ARG(content->dossier_code));

    instant_format(date, content->dated_s);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR,
                                   text_copy(arena, content->issuing_agency));
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, date);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_MOD_DATE, date);
}

static struct answer make_pdf(struct arena *arena, PangoContext *fonts, const struct form_content *content,
                              const struct form_qr *qr)
{
    struct document document = {.arena = arena};
    const struct paper *paper = paper_of(content->paper);
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(
        document_write, &document, paper->width_pt * paper->scale, paper->height_pt * paper->scale);
    cairo_t *cr = cairo_create(surface);
    cairo_status_t drawn;

    describe(surface, arena, content);
    layout_draw(cr, fonts, content, qr);
    drawn = cairo_status(cr);
    cairo_destroy(cr);
    cairo_surface_finish(surface);
    if (drawn == CAIRO_STATUS_SUCCESS)
        drawn = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    if (drawn != CAIRO_STATUS_SUCCESS)
        return failed(cairo_status_to_string(drawn));
    return (struct answer){.bytes = {.data = document.data, .length = document.length}};
}

static const char *member(const cJSON *object, const char *key)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, key);

    return cJSON_IsString(value) ? value->valuestring : "";
}

/* A register of a thousand lines has more values than any body that strangers send. */
static const struct json_limits limits = {.depth_max = 8,
                                          .nodes_max = 50000,
                                          .keys_max = 64,
                                          .string_bytes_max = 64 * 1024,
                                          .is_integer_only = true};

struct answer answer_request(struct arena *arena, PangoContext *fonts, struct text request)
{
    struct json_result json = json_parse(arena, request, &limits);
    struct form_result form;
    struct form_qr qr;
    enum form_kind kind;
    bool is_pdf, has_qr;

    if (json.fault != JSON_OK)
        return bad(arena_printf(arena, "request: %s at byte %zu", json_fault_name(json.fault), json.offset));
    if (strcmp(member(json.root, "format"), "xlsx") == 0)
        return strcmp(member(json.root, "form"), "sheet") == 0
                   ? workbook_make(arena, cJSON_GetObjectItemCaseSensitive(json.root, "facts"))
                   : bad("form: cannot be a spreadsheet");
    if (!form_kind_named(text_of(member(json.root, "form")), &kind))
        return bad("form: unknown");
    is_pdf = strcmp(member(json.root, "format"), "pdf") == 0;
    if (!is_pdf && strcmp(member(json.root, "format"), "html") != 0)
        return bad("format: must be pdf or html");
    form = form_compose(arena, kind, cJSON_GetObjectItemCaseSensitive(json.root, "facts"));
    if (form.content == NULL)
        return bad(form.fault);
    has_qr = form.content->lookup_url.data != NULL;
    if (has_qr && !qr_make(arena, form.content->lookup_url, &qr))
        return failed("lookup_url: does not fit a QR code");
    if (is_pdf)
        return make_pdf(arena, fonts, form.content, has_qr ? &qr : NULL);
    return (struct answer){.bytes = form_html(arena, form.content, has_qr ? &qr : NULL)};
}

static cairo_status_t write_nowhere(void *closure, const unsigned char *data, unsigned length)
{
    (void)closure;
    (void)data;
    (void)length;
    return CAIRO_STATUS_SUCCESS;
}

void answer_warm(PangoContext *fonts)
{
    const struct text letters = TEXT("ĂÂĐÊÔƠƯ ăâđêôơư ẮẰẲẴẶ ộổỗợởỡ ịỉĩ ỳỵỷỹ 0123456789 .,;:()/-*…");
    const struct paper *paper = paper_of(FORM_PAPER_A4);
    cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(write_nowhere, NULL, paper->width_pt, paper->height_pt);
    struct sheet sheet = {.cr = cairo_create(surface), .context = fonts, .paper = paper};

    sheet_start(&sheet);
    for (int i = 0; i < 4; i++) {
        PangoLayout *layout =
            sheet_set(&sheet, letters, (struct typeface){13, (i & 1) != 0, (i & 2) != 0}, paper_body(paper));

        sheet_flow(&sheet, layout, paper->left_pt);
        g_object_unref(layout);
    }
    cairo_destroy(sheet.cr);
    cairo_surface_finish(surface);
    cairo_surface_destroy(surface);
}
