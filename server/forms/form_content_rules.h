#pragma once
/*
 * What a form says, in order, without saying where it stands on the paper. A form's compose function fills
 * this; the HTML writer and the PDF layout both walk it, so the two can never say different things. All texts
 * live in the arena of the composing request.
 */
#include "forms/form_table_rules.h"

/* "Số điện thoại: 0905 123 456" */
struct form_field {
    struct text label;
    struct text value;
    bool is_strong; /* the value in bold */
};

enum { FORM_COLUMN_REST = 0 };

/* Neighbouring columns of one group share a head cell above their own titles. */
struct form_column {
    const char *title; /* NULL: the group says it all */
    const char *group;
    unsigned width_mm; /* FORM_COLUMN_REST: what the others leave; one column a table */
    bool is_centred;
};

struct form_table {
    const struct form_column *columns;
    size_t column_count;
    const struct text *cells; /* row by row; a line break inside stays one */
    size_t row_count;
    unsigned size_pt; /* 0: 12 */
    /* One text a row that stands across columns over_from … over_end - 1, above their cells; NULL: none. */
    const struct text *over;
    size_t over_from, over_end;
};

/* One who signs: title in capitals, how to sign, room for the hand, the printed name. */
struct form_signature {
    const char *title; /* NULL: this side stays empty */
    const char *hint;
    struct text name;
};

enum form_block_kind {
    FORM_BLOCK_FIELD, /* fields[0], and fields[1] on the same line where there is one */
    FORM_BLOCK_TABLE,
    FORM_BLOCK_SIGNATURES, /* signatures[0] left, [1] right; lines: "Nơi nhận:", where nobody signs left */
    FORM_BLOCK_NOTES,      /* small print: fields[0].label is its heading, lines follow */
};

struct form_block {
    enum form_block_kind kind;
    bool keeps_next; /* never the last thing on its page */
    struct form_field fields[2];
    struct form_table table;
    struct form_signature signatures[2];
    const struct text *lines;
    size_t line_count;
};

enum { FORM_BLOCKS_MAX = 32, FORM_COPIES_MAX = 3 };

/* Across: lying, as the register book. The ticket is a roll 80 mm wide. */
enum form_paper { FORM_PAPER_A4, FORM_PAPER_A4_ACROSS, FORM_PAPER_A5, FORM_PAPER_TICKET };

struct form_content {
    const struct form *form;
    enum form_paper paper;
    /* The head, the same on every form. */
    struct text superior_agency;
    struct text issuing_agency;
    struct text place_date;
    struct text dossier_code;  /* absent: the form is about many, and has no QR */
    struct text lookup_secret; /* may be absent */
    struct text lookup_url;    /* goes into the QR */
    struct text reprint_mark;  /* may be absent */
    struct text number;        /* "Số: ……/HDHS"; may be absent */
    int64_t dated_s;           /* the creation date of the file: from the facts, never the clock */
    struct text copy_marks[FORM_COPIES_MAX]; /* one sheet each; an absent text prints no mark */
    size_t copy_count;
    struct form_block blocks[FORM_BLOCKS_MAX];
    size_t block_count;
};

/* A new block at the end. */
struct form_block *form_add(struct form_content *content, enum form_block_kind kind);
/* A labelled line; an absent value prints no line. Returns NULL then. */
struct form_block *form_add_field(struct form_content *content, const char *label, struct text value);
/* A paragraph. */
struct form_block *form_add_sentence(struct form_content *content, const char *sentence);
/* "………", to be filled in by hand, where the value is absent. */
struct text form_or_dots(struct text value);
