#pragma once
/* What the counter clerk sends: the body of POST /dossiers, decoded by the table in intake_body.c. */
#include "dossier/papers.h"
#include "path/path.h"

struct intake_person {
    struct text kind, name, personal_id, passport, tax_code, phone, email, address, authorisation;
};

struct intake_item {
    struct text component, reason;
};

/* Which of the legs that exclude each other is to run. */
struct intake_leg {
    struct text code;
};

struct intake_body {
    struct text procedure, procedure_case, channel, return_channel, decision, receiving_unit, assist_unit;
    struct text competent_agency, note, reason, ground, fee_ground, payment_method;
    const struct intake_person *owner, *submitter;
    struct field_list components; /* struct paper */
    struct field_list legs;       /* struct intake_leg: of a chain with a choice */
    struct field_list items;      /* struct intake_item: what is missing, of REQUEST_MORE */
    int64_t copies, pages;
};

extern const struct field intake_fields[];
extern const size_t intake_size;
