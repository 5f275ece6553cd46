#pragma once
/*
 * What can be asked for, and who decides it: agencies with their tree and history, procedures with versions,
 * internal processes, fees and chains.
 *
 * A catalogue is built once from JSON (catalogue_parse_rules.h), lives in one arena with everything it points
 * to, and never changes afterwards; the daemon replaces it as a whole when motcua.catalogue_epoch has moved.
 * Pure: no clock, no database; the day is always given. Every text here has a NUL behind it; absent text has
 * length 0. Look-ups are binary searches over sorted arrays; none walks all rows.
 */
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/instant.h"
#include "core/text.h"

struct catalogue;
struct cJSON;

/* valid_to_day of what has no end; valid_to is the last day it holds. */
#define DAY_FOREVER INT32_MAX
/* valid_from_day of what has always been. */
#define DAY_ALWAYS INT32_MIN

/* How sure the source of a figure is; kept so that nobody takes an example for law. */
enum sureness { SURENESS_UNSAID, SURENESS_SURE, SURENESS_LIKELY, SURENESS_UNSURE };

/* A row of one of the lists of terms: fields (sectors), databases, levels, kinds. */
struct term {
    struct text code, name;
    const char *file; /* where it was read, for fault messages */
    uint32_t row;
};

/* lists.json: whatever agencies and procedures refer to by code; each sorted by code. */
struct term_list {
    const struct term *terms;
    size_t count;
};

/*
 * An agency, a department or a one-stop unit: one tree for all three. Levels and kinds are data (a level
 * ended in 2025 and another may come); the code knows only the kinds ONE_STOP_UNIT, DEPARTMENT and OFFICE.
 */
struct agency {
    struct text code; /* either shape of electronic identifier, as issued */
    struct text name, short_name;
    struct text level, kind;                 /* "COMMUNE", "POLICE" */
    struct text parent_code, successor_code; /* empty: none */
    int32_t valid_from_day, valid_to_day;
    const struct text *fields; /* sectors it handles; none: no sector of its own, or all (a one-stop unit) */
    size_t field_count;
    const struct text *area; /* codes of the agencies it serves; none: everybody below its parent */
    size_t area_count;
    struct text calendar;      /* code; empty: the parent's */
    struct text place;         /* as in "Tam Kỳ, ngày …"; empty: the parent's, see catalogue_place() */
    struct text superior_line; /* upper line of a form's head, as printed */
    struct text own_line;      /* lower line of a form's head, as printed */
    struct text address, phone, email;

    /* Set when the catalogue is built. */
    const struct agency *parent, *successor;
    const char *file;      /* where it was read, for fault messages */
    uint32_t row;          /* index in its file's list */
    uint32_t enter, leave; /* preorder numbers: b is at or below a when a.enter <= b.enter < a.leave */
    uint32_t depth;
};

/* Same order as enum limit_unit of dossier/dossier.h, which may not be included from here. */
enum term_unit { TERM_NONE, TERM_WORK_DAY, TERM_CAL_DAY, TERM_MONTH, TERM_WORK_HOUR, TERM_SAME_DAY_15 };

struct time_limit {
    enum term_unit unit;
    int64_t quantity_milli; /* thousandths of the unit; SAME_DAY_15: 1000 */
};

/* Same order as enum dossier_phase: which states of the life cycle a step covers. */
enum step_phase {
    STEP_NONE,
    STEP_DESK,    /* ACCEPTED, IN_TRANSFER */
    STEP_ASSIGN,  /* ASSIGNING */
    STEP_PROCESS, /* PROCESSING and its waits */
    STEP_REVIEW,  /* REVIEW */
    STEP_SIGN,    /* SIGNING */
    STEP_ISSUE,   /* ISSUING */
    STEP_RETURN,  /* RESULT_READY: office hours, may be 0 */
    STEP_PHASE_COUNT
};

struct step {
    struct text code, name;
    enum step_phase phase;
    unsigned role;              /* one bit of identity/role.h */
    int64_t quota_min;          /* worked minutes */
    struct text parallel_group; /* neighbours with one group run side by side: their maximum counts */
};

/* Who decides: an agency of this level and, where given, kind. */
struct competence {
    struct text level, kind;
};

/* One agency's part of a chain (liên thông). */
struct leg {
    struct text code, name;
    struct competence agency;
    struct text field; /* sector inside that agency; empty: the version's */
    struct time_limit limit;
    bool is_uncounted;          /* runs while the citizen's clock is stopped (tax, publication) */
    const struct text *depends; /* codes of legs whose results it needs */
    size_t depend_count;
    struct text parallel_group;    /* legs that start together */
    struct text choice_group;      /* only one leg of the group runs, by `condition` */
    struct text condition;         /* for people */
    const struct text *components; /* codes of components this leg is given; none: all */
    size_t component_count;
    const struct step *steps; /* their quotas sum to the limit */
    size_t step_count;
    struct text output; /* the document it makes */
};

struct component {
    struct text code, name;
    bool is_required;
    bool is_shown_only;                                /* to be shown, not kept: nothing is counted */
    int64_t originals, certified_copies, plain_copies; /* of one set */
    const struct text *replaceable_by;                 /* databases that make the paper superfluous */
    size_t replaceable_count;
    const struct text *cases; /* only in these cases; none: always */
    size_t case_count;
    struct text form; /* number of the prescribed form, if any */
    struct text note;
};

enum fee_kind { FEE_KIND_FEE, FEE_KIND_LEVY };
enum fee_basis { FEE_PER_DOSSIER, FEE_PER_COPY, FEE_PER_PAGE };
enum fee_due { FEE_DUE_SUBMISSION, FEE_DUE_ACCEPTANCE, FEE_DUE_RESULT };

/* From this page of one copy on (counted from 1) each page costs `amount`. */
struct fee_tier {
    int64_t from, amount;
};

/* Either a percentage or an amount off; never both. */
struct fee_reduction {
    struct text ground, name;
    int64_t percent, amount;
    struct text source;
};

struct fee {
    struct text code, name;
    enum fee_kind kind;
    enum fee_basis basis;
    struct text unit_name;        /* "bản", "trường hợp": what a copy is called here */
    int64_t amount;               /* đồng each; with tiers: unused */
    int64_t online_amount;        /* -1: as at the desk */
    const struct fee_tier *tiers; /* FEE_PER_PAGE */
    size_t tier_count;
    int64_t cap; /* most for one copy; 0: none */
    enum fee_due due;
    const struct fee_reduction *reductions;
    size_t reduction_count;
    const struct text *cases;
    size_t case_count;
    bool is_refundable;
    struct text source;
};

/* A variant of a procedure with a time limit and process of its own. */
struct procedure_case {
    struct text code, name;
    struct time_limit limit; /* TERM_NONE: as the version */
    const struct step *steps;
    size_t step_count;
};

enum supplement_mode { SUPPLEMENT_PAUSE, SUPPLEMENT_RESTART };
enum online_level { ONLINE_NONE, ONLINE_PARTIAL, ONLINE_FULL };
/* Channels of intake and return, as bits. */
enum { CHANNEL_COUNTER = 1, CHANNEL_ONLINE = 2, CHANNEL_POST = 4 };

/* How sure each part of a version is. */
struct version_sureness {
    enum sureness code, time_limit, fees, components, steps, competence;
};

/*
 * One version of a procedure. Published versions never change: a dossier keeps the version it was accepted
 * under. The eight compulsory parts of NĐ 63/2010 art. 8 are name, order, manner, components (with sets),
 * time limit, applicants, solver and result.
 */
struct procedure_version {
    int64_t id;        /* motcua.procedure_version.id; 0 when read from files */
    struct text code;  /* "1.001612", or with its owner "1.900013.H17" */
    struct text owner; /* "H17"; empty: the national record */
    int64_t number;    /* of the version, from 1 */
    bool is_local;     /* the code is the province's own, not of the national database */
    struct text name;
    struct text field;                            /* code of the sector */
    struct text decision_no, process_decision_no; /* of the publication; of the internal process */
    int32_t valid_from_day, valid_to_day;
    struct text replaces;                 /* code of the procedure it took the place of */
    struct text level;                    /* level it is listed under */
    const struct competence *competences; /* tried in this order */
    size_t competence_count;

    struct time_limit limit; /* of a chain: of all its legs together */
    bool has_last_hour_rule; /* received in the last hour: counts from the next worked day */
    enum supplement_mode supplement_mode;
    int64_t max_supplements;
    int64_t supplement_limit_work_days;
    bool is_supplement_signed; /* only dept_head or leader may send a supplement request */
    bool is_separate_signer;   /* the result is not signed by its own handler */
    enum online_level online_level;
    unsigned channels, return_channels; /* CHANNEL_ bits */
    bool needs_both_present;            /* the applicants sign the book in person */

    const struct text *order; /* order of steps, as the citizen sees it */
    size_t order_count;
    struct text manner, applicants, solver, result;
    int64_t sets; /* number of dossier sets */
    struct text conditions;
    const struct text *legal_basis;
    size_t legal_count;
    struct text note;

    const struct procedure_case *cases;
    size_t case_count;
    const struct component *components;
    size_t component_count;
    const struct fee *fees;
    size_t fee_count;
    const struct step *steps; /* of a procedure without legs */
    size_t step_count;
    const struct leg *legs;
    size_t leg_count;
    struct version_sureness sureness;

    const char *file;
    uint32_t row;
};

/* A calendar as it was written; the calendar room makes its own structure of `body`. */
struct catalogue_calendar {
    struct text code;
    const struct cJSON *body; /* the whole object, code included */
    const char *file;         /* where it was read, for fault messages */
};

/* The whole. Rows are sorted: agencies by code, versions by code and valid_from. */
struct catalogue {
    int64_t epoch; /* 0 when read from files */
    struct term_list fields, databases, levels, kinds;
    const struct agency *agencies;
    size_t agency_count;
    const struct procedure_version *versions;
    size_t version_count;
    const struct catalogue_calendar *calendars;
    size_t calendar_count;

    /* Indices. */
    const struct agency *const *children;         /* by parent, then kind, then code */
    const struct procedure_version *const *by_id; /* those with an id */
    size_t by_id_count;
};

/* NULL: no such agency. */
const struct agency *catalogue_agency(const struct catalogue *catalogue, struct text code);
bool agency_is_valid(const struct agency *agency, int32_t day);
/* True for the agency itself, too. */
bool agency_is_under(const struct agency *agency, const struct agency *ancestor);
bool agency_handles(const struct agency *agency, struct text field);
/* The agency that carries its duties on that day: itself, or the end of its successors; NULL: nobody does. */
const struct agency *catalogue_holder(const struct agency *agency, int32_t day);
/* Those directly below, by kind and code; parent NULL: the roots. */
const struct agency *const *catalogue_children(const struct catalogue *catalogue, const struct agency *parent,
                                               size_t *count);
/* Inherited up the tree; empty: nobody above says. */
struct text catalogue_calendar_code(const struct agency *agency);
struct text catalogue_place(const struct agency *agency);
/* The body of a calendar; NULL: no such code. */
const struct cJSON *catalogue_calendar(const struct catalogue *catalogue, struct text code);
/* The name of a field, level, kind or database; the code itself when the list does not know it. */
struct text term_name(const struct term_list *list, struct text code);
const struct term *term_find(const struct term_list *list, struct text code);

/* The version in force on that day; NULL: none. */
const struct procedure_version *catalogue_procedure(const struct catalogue *catalogue, struct text code,
                                                    int32_t day);
/* By motcua.procedure_version.id. */
const struct procedure_version *catalogue_version(const struct catalogue *catalogue, int64_t id);
bool version_is_valid(const struct procedure_version *version, int32_t day);

/*
 * Who decides what is received at `receiving`: going up from there, the first agency that has the level and
 * kind, or else has such an agency directly below it which handles the field and serves the receiver. NULL:
 * nobody, or several alike (a commune's procedure received at the province's unit): then the receiver must
 * name the agency, and catalogue_may_decide() judges it.
 */
const struct agency *catalogue_competent_agency(const struct catalogue *catalogue,
                                                const struct procedure_version *version,
                                                const struct agency *receiving, int32_t day);
/* The same for one leg of a chain. */
const struct agency *catalogue_leg_agency(const struct catalogue *catalogue,
                                          const struct procedure_version *version, const struct leg *leg,
                                          const struct agency *receiving, int32_t day);
/* May this agency decide this version: for a receipt outside its own area (cross-boundary). */
bool catalogue_may_decide(const struct procedure_version *version, const struct agency *agency, int32_t day);
/* The department (or else office) directly below `agency` that handles the field, or the agency itself. */
const struct agency *catalogue_department(const struct catalogue *catalogue, const struct agency *agency,
                                          struct text field, int32_t day);
/* The one-stop unit directly below the agency, or the agency itself. */
const struct agency *catalogue_one_stop_unit(const struct catalogue *catalogue, const struct agency *agency,
                                             int32_t day);

/* NULL: no such code. */
const struct component *version_component(const struct procedure_version *version, struct text code);
const struct fee *version_fee(const struct procedure_version *version, struct text code);
const struct leg *version_leg(const struct procedure_version *version, struct text code);
const struct procedure_case *version_case(const struct procedure_version *version, struct text code);

/* What intake needs of a version in one case: `chosen` NULL is the usual case. */
struct time_limit version_limit(const struct procedure_version *version, const struct procedure_case *chosen);
/* Worked minutes of each phase: of the leg where one is given, else of the case, else of the version. */
void version_quotas(const struct procedure_version *version, const struct procedure_case *chosen,
                    const struct leg *leg, int64_t quota_min[static STEP_PHASE_COUNT]);
/* Worked minutes that steps take one after the other, a parallel group counted once. */
int64_t steps_worked_min(const struct step *steps, size_t count);
/* The most worked minutes a limit can hold; a working day is 480; -1: no limit. */
int64_t limit_worked_min(struct time_limit limit);
/* True when a limit is kept exactly (work days, hours), false when worked time only stays below it. */
bool limit_is_worked(struct time_limit limit);

const char *term_unit_name(enum term_unit unit);    /* "WORK_DAY"; NULL for none */
const char *term_unit_label(enum term_unit unit);   /* "ngày làm việc" */
const char *step_phase_name(enum step_phase phase); /* "DESK" */
const char *fee_kind_name(enum fee_kind kind);      /* "FEE" */
const char *fee_due_name(enum fee_due due);         /* "ACCEPTANCE" */
/* "COUNTER"; 0 for a word that is no channel. */
unsigned channel_from_name(struct text name);
