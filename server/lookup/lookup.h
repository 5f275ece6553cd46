#pragma once
/*
 * The citizen's side: where is my dossier? By receipt code alone a short status without any person; with the
 * receipt's secret also the milestones and what is missing. Unknown code and wrong secret cannot be told
 * apart. As JSON for programs, and as one page of HTML without JavaScript, which the receipt's QR opens.
 */
#include "catalogue/live.h"
#include "dossier/dossier.h"
#include "path/path.h"

extern const struct route lookup_routes[6];

/* What is shown; texts live as long as the request. */
struct status {
    struct text code, procedure_code, procedure, receiving_unit, receiving_unit_name, holder_unit,
        holder_name;
    struct text address, phone;                    /* of the receiving unit */
    const struct procedure_version *version_asked; /* NULL: not in the catalogue held here */
    int64_t version, accepted_at_s, due_at_s, finished_at_s;
    enum dossier_state state;
    bool is_open; /* the secret was right: what follows is filled */
    int64_t supplement_due_s, fee_owed;
    struct text milestones, missing; /* JSON arrays */
};

enum status_outcome { STATUS_FOUND, STATUS_NONE, STATUS_LIMITED, STATUS_FAILED };

/* Asks for a status; `shown` gets the outcome and, when found, the status. */
MUST_USE enum act status_ask(struct req *req, struct text code, struct text secret,
                             enum act (*shown)(struct req *req, enum status_outcome outcome,
                                               const struct status *status));

/* page.c */
enum act page_ask(struct req *req);
enum act page_form_ask(struct req *req);
enum act page_typed_ask(struct req *req);
struct secret_query {
    struct text secret;
};

struct form_query {
    struct text code, secret;
};

extern const struct field secret_query_fields[];
extern const struct field form_query_fields[];

/* procedures_page.c: what can be asked for, to read and to print. */
struct browse_query {
    struct text q, field, cursor;
};
extern const struct field browse_query_fields[];
enum act browse_ask(struct req *req);
enum act procedure_page_ask(struct req *req);

/* rate.c: false: this source has asked too often in the last minute. */
MUST_USE bool rate_allows(struct req *req);
