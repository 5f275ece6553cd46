#include "catalogue/document_rules.h"

#include "catalogue/code_rules.h"
#include "identity/role.h"

enum { NESTED_MAX = 200, LEGS_MAX = 64, ROWS_MAX = 100000, DONG_MAX = 1000000000 };

/* The rows: name in JSON, structure, member. */
#define TEXT_ROW(json, type, member_)                                                                        \
    {                                                                                                        \
        .name = (json), .kind = SHAPE_TEXT, .offset = offsetof(struct type, member_)                         \
    }
#define NEEDED_ROW(json, type, member_)                                                                      \
    {                                                                                                        \
        .name = (json), .kind = SHAPE_TEXT, .is_required = true, .offset = offsetof(struct type, member_)    \
    }
#define CODE_ROW(json, type, member_, needed, check, rule_)                                                  \
    {                                                                                                        \
        .name = (json), .kind = SHAPE_TEXT, .is_required = (needed),                                         \
        .offset = offsetof(struct type, member_), .is_valid = (check), .rule = (rule_)                       \
    }
#define TERM_ROW(json, type, member_) CODE_ROW(json, type, member_, false, code_is_term, "bad-code")
#define OWN_CODE_ROW(type)            CODE_ROW("code", type, code, true, code_is_term, "bad-code")
#define DAY_ROW(json, type, member_, absent)                                                                 \
    {                                                                                                        \
        .name = (json), .kind = SHAPE_DAY, .offset = offsetof(struct type, member_), .otherwise = (absent)   \
    }
#define BOOL_ROW(json, type, member_)                                                                        \
    {                                                                                                        \
        .name = (json), .kind = SHAPE_BOOL, .offset = offsetof(struct type, member_)                         \
    }
#define NUMBER_ROW(json, type, member_, needed, scale_, min_, max_, absent)                                  \
    {                                                                                                        \
        .name = (json), .kind = SHAPE_NUMBER, .is_required = (needed),                                       \
        .offset = offsetof(struct type, member_), .scale = (scale_), .min = (min_), .max = (max_),           \
        .otherwise = (absent)                                                                                \
    }
#define CHOICE_ROW(json, type, member_, needed, list)                                                        \
    {                                                                                                        \
        .name = (json), .kind = SHAPE_CHOICE, .is_required = (needed),                                       \
        .offset = offsetof(struct type, member_), .names = (list)                                            \
    }
#define FLAGS_ROW(json, type, member_, list)                                                                 \
    {                                                                                                        \
        .name = (json), .kind = SHAPE_FLAGS, .is_required = true, .offset = offsetof(struct type, member_),  \
        .names = (list), .max = 8                                                                            \
    }
#define TEXTS_ROW(json, type, member_, count_, check, rule_)                                                 \
    {                                                                                                        \
        .name = (json), .kind = SHAPE_TEXTS, .offset = offsetof(struct type, member_),                       \
        .count_offset = offsetof(struct type, count_), .max = NESTED_MAX, .is_valid = (check),               \
        .rule = (rule_)                                                                                      \
    }
#define OBJECT_ROW(json, type, member_, needed, shape_)                                                      \
    {                                                                                                        \
        .name = (json), .kind = SHAPE_OBJECT, .is_required = (needed),                                       \
        .offset = offsetof(struct type, member_), .shape = &(shape_)                                         \
    }
#define OBJECTS_ROW(json, type, member_, count_, shape_, most)                                               \
    {                                                                                                        \
        .name = (json), .kind = SHAPE_OBJECTS, .offset = offsetof(struct type, member_),                     \
        .count_offset = offsetof(struct type, count_), .shape = &(shape_), .max = (most)                     \
    }
#define SHAPE_OF(name_, type, rows)                                                                          \
    static const struct shape name_ = {sizeof(struct type), rows, array_length(rows)}

static const struct shape_name surenesses[] = {
    {"sure", SURENESS_SURE}, {"likely", SURENESS_LIKELY}, {"unsure", SURENESS_UNSURE}, {NULL, 0}};
static const struct shape_name units[] = {
    {"WORK_DAY", TERM_WORK_DAY},   {"CAL_DAY", TERM_CAL_DAY},         {"MONTH", TERM_MONTH},
    {"WORK_HOUR", TERM_WORK_HOUR}, {"SAME_DAY_15", TERM_SAME_DAY_15}, {NULL, 0}};
static const struct shape_name phases[] = {
    {"DESK", STEP_DESK}, {"ASSIGN", STEP_ASSIGN}, {"PROCESS", STEP_PROCESS}, {"REVIEW", STEP_REVIEW},
    {"SIGN", STEP_SIGN}, {"ISSUE", STEP_ISSUE},   {"RETURN", STEP_RETURN},   {NULL, 0}};
static const struct shape_name step_roles[] = {{"receiver", ROLE_RECEIVER},
                                               {"return_clerk", ROLE_RETURN_CLERK},
                                               {"handler", ROLE_HANDLER},
                                               {"dept_head", ROLE_DEPT_HEAD},
                                               {"leader", ROLE_LEADER},
                                               {"records_clerk", ROLE_RECORDS_CLERK},
                                               {NULL, 0}};
static const struct shape_name fee_kinds[] = {{"FEE", FEE_KIND_FEE}, {"LEVY", FEE_KIND_LEVY}, {NULL, 0}};
static const struct shape_name fee_bases[] = {
    {"DOSSIER", FEE_PER_DOSSIER}, {"COPY", FEE_PER_COPY}, {"PAGE", FEE_PER_PAGE}, {NULL, 0}};
static const struct shape_name fee_dues[] = {{"SUBMISSION", FEE_DUE_SUBMISSION},
                                             {"ACCEPTANCE", FEE_DUE_ACCEPTANCE},
                                             {"RESULT", FEE_DUE_RESULT},
                                             {NULL, 0}};
static const struct shape_name supplement_modes[] = {
    {"PAUSE", SUPPLEMENT_PAUSE}, {"RESTART", SUPPLEMENT_RESTART}, {NULL, 0}};
static const struct shape_name online_levels[] = {
    {"NONE", ONLINE_NONE}, {"PARTIAL", ONLINE_PARTIAL}, {"FULL", ONLINE_FULL}, {NULL, 0}};
static const struct shape_name channels[] = {
    {"COUNTER", CHANNEL_COUNTER}, {"ONLINE", CHANNEL_ONLINE}, {"POST", CHANNEL_POST}, {NULL, 0}};

static const struct shape_member term_rows[] = {OWN_CODE_ROW(term), NEEDED_ROW("name", term, name)};
SHAPE_OF(term_shape, term, term_rows);

static const struct shape_member agency_rows[] = {
    CODE_ROW("code", agency, code, true, code_is_agency, "bad-agency-code"),
    NEEDED_ROW("name", agency, name),
    TEXT_ROW("short_name", agency, short_name),
    CODE_ROW("level", agency, level, true, code_is_term, "bad-code"),
    CODE_ROW("kind", agency, kind, true, code_is_term, "bad-code"),
    CODE_ROW("parent", agency, parent_code, false, code_is_agency, "bad-agency-code"),
    CODE_ROW("successor", agency, successor_code, false, code_is_agency, "bad-agency-code"),
    DAY_ROW("valid_from", agency, valid_from_day, DAY_ALWAYS),
    DAY_ROW("valid_to", agency, valid_to_day, DAY_FOREVER),
    TEXTS_ROW("fields", agency, fields, field_count, code_is_term, "bad-code"),
    TEXTS_ROW("area", agency, area, area_count, code_is_agency, "bad-agency-code"),
    TERM_ROW("calendar", agency, calendar),
    TEXT_ROW("place", agency, place),
    TEXT_ROW("superior_line", agency, superior_line),
    TEXT_ROW("own_line", agency, own_line),
    TEXT_ROW("address", agency, address),
    TEXT_ROW("phone", agency, phone),
    TEXT_ROW("email", agency, email),
};
SHAPE_OF(agency_shape, agency, agency_rows);

static const struct shape_member limit_rows[] = {
    NUMBER_ROW("quantity", time_limit, quantity_milli, true, 1000, 1, 10000000, 0),
    CHOICE_ROW("unit", time_limit, unit, true, units),
};
SHAPE_OF(limit_shape, time_limit, limit_rows);

static const struct shape_member competence_rows[] = {
    CODE_ROW("level", competence, level, true, code_is_term, "bad-code"),
    TERM_ROW("kind", competence, kind),
};
SHAPE_OF(competence_shape, competence, competence_rows);

static const struct shape_member step_rows[] = {
    OWN_CODE_ROW(step),
    NEEDED_ROW("name", step, name),
    CHOICE_ROW("phase", step, phase, true, phases),
    CHOICE_ROW("role", step, role, true, step_roles),
    NUMBER_ROW("hours", step, quota_min, true, 60, 0, 600000, 0),
    TERM_ROW("parallel_group", step, parallel_group),
};
SHAPE_OF(step_shape, step, step_rows);

static const struct shape_member leg_rows[] = {
    OWN_CODE_ROW(leg),
    NEEDED_ROW("name", leg, name),
    OBJECT_ROW("agency", leg, agency, true, competence_shape),
    TERM_ROW("field", leg, field),
    OBJECT_ROW("time_limit", leg, limit, true, limit_shape),
    BOOL_ROW("is_uncounted", leg, is_uncounted),
    TEXTS_ROW("depends_on", leg, depends, depend_count, code_is_term, "bad-code"),
    TERM_ROW("parallel_group", leg, parallel_group),
    TERM_ROW("choice_group", leg, choice_group),
    TEXT_ROW("condition", leg, condition),
    TEXTS_ROW("components", leg, components, component_count, code_is_term, "bad-code"),
    OBJECTS_ROW("steps", leg, steps, step_count, step_shape, NESTED_MAX),
    NEEDED_ROW("output", leg, output),
};
SHAPE_OF(leg_shape, leg, leg_rows);

static const struct shape_member component_rows[] = {
    OWN_CODE_ROW(component),
    NEEDED_ROW("name", component, name),
    {.name = "is_required",
     .kind = SHAPE_BOOL,
     .is_required = true,
     .offset = offsetof(struct component, is_required)},
    BOOL_ROW("is_shown_only", component, is_shown_only),
    NUMBER_ROW("originals", component, originals, false, 1, 0, 100, 0),
    NUMBER_ROW("certified_copies", component, certified_copies, false, 1, 0, 100, 0),
    NUMBER_ROW("plain_copies", component, plain_copies, false, 1, 0, 100, 0),
    TEXTS_ROW("replaceable_by", component, replaceable_by, replaceable_count, code_is_term, "bad-code"),
    TEXTS_ROW("cases", component, cases, case_count, code_is_term, "bad-code"),
    TEXT_ROW("form", component, form),
    TEXT_ROW("note", component, note),
};
SHAPE_OF(component_shape, component, component_rows);

static const struct shape_member tier_rows[] = {
    NUMBER_ROW("from", fee_tier, from, true, 1, 1, 100000, 0),
    NUMBER_ROW("amount", fee_tier, amount, true, 1, 0, DONG_MAX, 0),
};
SHAPE_OF(tier_shape, fee_tier, tier_rows);

static const struct shape_member reduction_rows[] = {
    CODE_ROW("ground", fee_reduction, ground, true, code_is_term, "bad-code"),
    NEEDED_ROW("name", fee_reduction, name),
    NUMBER_ROW("percent", fee_reduction, percent, false, 1, 0, 100, 0),
    NUMBER_ROW("amount", fee_reduction, amount, false, 1, 0, DONG_MAX, 0),
    TEXT_ROW("source", fee_reduction, source),
};
SHAPE_OF(reduction_shape, fee_reduction, reduction_rows);

static const struct shape_member fee_rows[] = {
    OWN_CODE_ROW(fee),
    NEEDED_ROW("name", fee, name),
    CHOICE_ROW("kind", fee, kind, true, fee_kinds),
    CHOICE_ROW("basis", fee, basis, true, fee_bases),
    TEXT_ROW("unit_name", fee, unit_name),
    NUMBER_ROW("amount", fee, amount, false, 1, 0, DONG_MAX, 0),
    NUMBER_ROW("online_amount", fee, online_amount, false, 1, 0, DONG_MAX, -1),
    OBJECTS_ROW("tiers", fee, tiers, tier_count, tier_shape, NESTED_MAX),
    NUMBER_ROW("cap", fee, cap, false, 1, 0, DONG_MAX, 0),
    CHOICE_ROW("due", fee, due, true, fee_dues),
    OBJECTS_ROW("reductions", fee, reductions, reduction_count, reduction_shape, NESTED_MAX),
    TEXTS_ROW("cases", fee, cases, case_count, code_is_term, "bad-code"),
    BOOL_ROW("is_refundable", fee, is_refundable),
    TEXT_ROW("source", fee, source),
};
SHAPE_OF(fee_shape, fee, fee_rows);

static const struct shape_member case_rows[] = {
    OWN_CODE_ROW(procedure_case),
    NEEDED_ROW("name", procedure_case, name),
    OBJECT_ROW("time_limit", procedure_case, limit, false, limit_shape),
    OBJECTS_ROW("steps", procedure_case, steps, step_count, step_shape, NESTED_MAX),
};
SHAPE_OF(case_shape, procedure_case, case_rows);

static const struct shape_member sureness_rows[] = {
    CHOICE_ROW("code", version_sureness, code, false, surenesses),
    CHOICE_ROW("time_limit", version_sureness, time_limit, false, surenesses),
    CHOICE_ROW("fees", version_sureness, fees, false, surenesses),
    CHOICE_ROW("components", version_sureness, components, false, surenesses),
    CHOICE_ROW("steps", version_sureness, steps, false, surenesses),
    CHOICE_ROW("competence", version_sureness, competence, false, surenesses),
};
SHAPE_OF(sureness_shape, version_sureness, sureness_rows);

static const struct shape_member version_rows[] = {
    NUMBER_ROW("id", procedure_version, id, false, 1, 1, INT64_C(999999999999), 0),
    CODE_ROW("code", procedure_version, code, true, code_is_procedure, "bad-procedure-code"),
    NUMBER_ROW("version", procedure_version, number, true, 1, 1, 100000, 0),
    BOOL_ROW("is_local", procedure_version, is_local),
    TEXT_ROW("name", procedure_version, name),
    CODE_ROW("field", procedure_version, field, true, code_is_term, "bad-code"),
    NEEDED_ROW("decision_no", procedure_version, decision_no),
    TEXT_ROW("process_decision_no", procedure_version, process_decision_no),
    {.name = "valid_from",
     .kind = SHAPE_DAY,
     .is_required = true,
     .offset = offsetof(struct procedure_version, valid_from_day),
     .otherwise = DAY_ALWAYS},
    DAY_ROW("valid_to", procedure_version, valid_to_day, DAY_FOREVER),
    CODE_ROW("replaces", procedure_version, replaces, false, code_is_procedure, "bad-procedure-code"),
    CODE_ROW("level", procedure_version, level, true, code_is_term, "bad-code"),
    OBJECTS_ROW("competences", procedure_version, competences, competence_count, competence_shape,
                NESTED_MAX),
    OBJECT_ROW("time_limit", procedure_version, limit, false, limit_shape),
    BOOL_ROW("last_hour_next_day", procedure_version, has_last_hour_rule),
    CHOICE_ROW("supplement_mode", procedure_version, supplement_mode, true, supplement_modes),
    NUMBER_ROW("max_supplements", procedure_version, max_supplements, false, 1, 0, 100, 1),
    NUMBER_ROW("supplement_limit_work_days", procedure_version, supplement_limit_work_days, false, 1, 0, 1000,
               0),
    BOOL_ROW("is_supplement_signed", procedure_version, is_supplement_signed),
    BOOL_ROW("is_separate_signer", procedure_version, is_separate_signer),
    CHOICE_ROW("online_level", procedure_version, online_level, true, online_levels),
    FLAGS_ROW("channels", procedure_version, channels, channels),
    FLAGS_ROW("return_channels", procedure_version, return_channels, channels),
    BOOL_ROW("needs_both_present", procedure_version, needs_both_present),
    TEXTS_ROW("order", procedure_version, order, order_count, NULL, NULL),
    TEXT_ROW("manner", procedure_version, manner),
    TEXT_ROW("applicants", procedure_version, applicants),
    TEXT_ROW("solver", procedure_version, solver),
    TEXT_ROW("result", procedure_version, result),
    NUMBER_ROW("sets", procedure_version, sets, false, 1, 0, 100, 1),
    TEXT_ROW("conditions", procedure_version, conditions),
    TEXTS_ROW("legal_basis", procedure_version, legal_basis, legal_count, NULL, NULL),
    TEXT_ROW("note", procedure_version, note),
    OBJECTS_ROW("cases", procedure_version, cases, case_count, case_shape, NESTED_MAX),
    OBJECTS_ROW("components", procedure_version, components, component_count, component_shape, NESTED_MAX),
    OBJECTS_ROW("fees", procedure_version, fees, fee_count, fee_shape, NESTED_MAX),
    OBJECTS_ROW("steps", procedure_version, steps, step_count, step_shape, NESTED_MAX),
    OBJECTS_ROW("legs", procedure_version, legs, leg_count, leg_shape, LEGS_MAX),
    OBJECT_ROW("sureness", procedure_version, sureness, false, sureness_shape),
};
SHAPE_OF(version_shape, procedure_version, version_rows);

static const struct shape_member document_rows[] = {
    NUMBER_ROW("epoch", document, epoch, false, 1, 0, INT64_C(999999999999), 0),
    OBJECTS_ROW("fields", document, fields, field_count, term_shape, ROWS_MAX),
    OBJECTS_ROW("databases", document, databases, database_count, term_shape, ROWS_MAX),
    OBJECTS_ROW("levels", document, levels, level_count, term_shape, ROWS_MAX),
    OBJECTS_ROW("kinds", document, kinds, kind_count, term_shape, ROWS_MAX),
    OBJECTS_ROW("agencies", document, agencies, agency_count, agency_shape, ROWS_MAX),
    OBJECTS_ROW("procedures", document, procedures, procedure_count, version_shape, ROWS_MAX),
    {.name = "calendars", .kind = SHAPE_RAW, .offset = offsetof(struct document, calendars)},
};
const struct shape document_shape = {sizeof(struct document), document_rows, array_length(document_rows)};
