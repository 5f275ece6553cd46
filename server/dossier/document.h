#pragma once
/*
 * Documents that the render process draws: which type the asker accepts, the question to the process, its
 * answer on the way out. One client a worker; nothing waits longer than its deadline.
 */
#include "path/path.h"

enum document_type { DOCUMENT_JSON, DOCUMENT_PDF, DOCUMENT_HTML, DOCUMENT_SHEET, DOCUMENT_TYPES };

struct document;
/* What happens to the bytes before they leave. */
typedef enum act document_drawn(struct req *req, const struct document *document, struct text bytes);

struct document {
    enum document_type type;
    const char *form;      /* "receipt" */
    const char *file_name; /* for saving; NULL: the document is shown in place */
    struct text facts;     /* JSON */
    int64_t dossier;       /* motcua.dossier.id of whom it is about; 0: of many */
    document_drawn *drawn; /* NULL: they leave */
};

void documents_start(struct worker *worker);
void documents_stop(struct worker *worker);

/* Of the types in `allowed` (bits 1 << DOCUMENT_…) the one that Accept weighs most; of those with the same
 * weight `usual` (RFC 9110 12.5.1). False: none of them is accepted. */
MUST_USE bool document_choose(struct req *req, unsigned allowed, enum document_type usual,
                              enum document_type *type);
/* `document` must live as long as the request. */
MUST_USE enum act document_ask(struct req *req, const struct document *document);
/* The bytes on their way out, with what a document's reply needs. */
MUST_USE enum act document_reply(struct req *req, const struct document *document, struct text bytes);
