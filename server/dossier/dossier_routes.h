#pragma once
/* Routes of the dossier room: reading one, its history and clock, lists, the inbox, and the one door of
 * actions. */
#include "path/path.h"

extern const struct route dossier_routes[6];

/* dossier_act.c: one action and whatever it needs. */
struct act_item {
    struct text component, reason;
};

/* A paper with its pages, or a file with its hash. */
struct act_paper {
    struct text name, sha256;
    int64_t pages;
};

struct act_body {
    struct text action, handler, unit, reason, ground, question, opinion, document_number, receiver_name;
    struct text authorisation, postal_number, proof, note, method, address, to, cause, leg;
    int64_t document_date, new_due_at, step_due, amount;
    bool is_refusal;
    struct field_list items;      /* struct act_item */
    struct field_list papers;     /* struct act_paper: handed over with a leg's result */
    struct field_list components; /* struct paper: the whole list anew, of accept and receive_supplement */
};

enum act dossier_act_ask(struct req *req);
extern const struct field act_fields[];

/* dossier_list.c */
struct list_query {
    struct text state, agency, handler, procedure, q, cursor;
    int64_t due_before, limit;
};

struct page_query {
    struct text cursor;
    int64_t limit;
};

enum act dossier_list_ask(struct req *req);
extern const struct field list_query_fields[];
enum act inbox_ask(struct req *req);
extern const struct field page_query_fields[];

/* history.c */
enum act history_ask(struct req *req);
enum act clock_ask(struct req *req);
