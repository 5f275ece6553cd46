#include "counter/intake_body.h"

static const char *const owner_kinds[] = {"CITIZEN", "ENTERPRISE", "STATE_AGENCY", "ORGANISATION", NULL};
static const char *const channels[] = {"COUNTER", "ONLINE", "POST", NULL};
static const char *const decisions[] = {"ACCEPT", "SUBMIT", "REQUEST_MORE", "REFUSE", NULL};
static const char *const methods[] = {"CASH", "TRANSFER", "ONLINE", NULL};

#define PERSON_ID_FIELDS                                                                                     \
    FIELD_OF(struct intake_person, name, FIELD_TEXT, FIELD_REQUIRED, .min = 1, .max = 200),                  \
        FIELD_OF(struct intake_person, personal_id, FIELD_TEXT, .min = 0, .max = 12,                         \
                 .is_well_formed = field_is_personal_id,                                                     \
                 .format = "12 chữ số bắt đầu bằng 0, hoặc 9 chữ số"),                                       \
        FIELD_OF(struct intake_person, passport, FIELD_TEXT, .min = 0, .max = 20),                           \
        FIELD_OF(struct intake_person, phone, FIELD_TEXT, .min = 0, .max = 16,                               \
                 .is_well_formed = field_is_phone, .format = "0… hoặc +84…"),                                \
        FIELD_OF(struct intake_person, email, FIELD_TEXT, .min = 0, .max = 200)

static const struct field owner_fields[] = {
    FIELD_OF(struct intake_person, kind, FIELD_CHOICE, FIELD_REQUIRED, .choices = owner_kinds),
    PERSON_ID_FIELDS,
    FIELD_OF(struct intake_person, tax_code, FIELD_TEXT, .min = 0, .max = 14,
             .is_well_formed = field_is_tax_code, .format = "10 chữ số, hoặc 10-3"),
    FIELD_OF(struct intake_person, address, FIELD_TEXT, FIELD_REQUIRED, .min = 1, .max = 500),
    {.kind = FIELD_END},
};

static const struct field submitter_fields[] = {
    PERSON_ID_FIELDS,
    FIELD_OF(struct intake_person, address, FIELD_TEXT, .min = 0, .max = 500),
    FIELD_OF(struct intake_person, authorisation, FIELD_TEXT, .min = 0, .max = 500),
    {.kind = FIELD_END},
};

enum { COPIES_MAX = 10000, PAGES_MAX = 100000 };

static const struct field item_fields[] = {
    FIELD_OF(struct intake_item, component, FIELD_TEXT, FIELD_REQUIRED, .min = 1, .max = 200),
    FIELD_OF(struct intake_item, reason, FIELD_TEXT, FIELD_REQUIRED, .min = 1, .max = 1000),
    {.kind = FIELD_END},
};

static const struct field leg_fields[] = {
    FIELD_OF(struct intake_leg, code, FIELD_TEXT, FIELD_REQUIRED, .min = 1, .max = 40),
    {.kind = FIELD_END},
};

const struct field intake_fields[] = {
    FIELD_OF(struct intake_body, procedure, FIELD_TEXT, FIELD_REQUIRED, .min = 1, .max = 40),
    {.name = "case", .kind = FIELD_TEXT, .offset = offsetof(struct intake_body, procedure_case), .max = 64},
    FIELD_OF(struct intake_body, channel, FIELD_CHOICE, FIELD_REQUIRED, .choices = channels),
    FIELD_OF(struct intake_body, return_channel, FIELD_CHOICE, FIELD_REQUIRED, .choices = channels),
    FIELD_OF(struct intake_body, decision, FIELD_CHOICE, .choices = decisions),
    FIELD_OF(struct intake_body, receiving_unit, FIELD_TEXT, .min = 0, .max = 32),
    FIELD_OF(struct intake_body, assist_unit, FIELD_TEXT, .min = 0, .max = 32),
    FIELD_OF(struct intake_body, competent_agency, FIELD_TEXT, .min = 0, .max = 32),
    FIELD_OF(struct intake_body, owner, FIELD_OBJECT, FIELD_REQUIRED, .fields = owner_fields,
             .size = sizeof(struct intake_person)),
    FIELD_OF(struct intake_body, submitter, FIELD_OBJECT, .fields = submitter_fields,
             .size = sizeof(struct intake_person)),
    FIELD_OF(struct intake_body, components, FIELD_ARRAY, FIELD_REQUIRED, .min = 0, .max = PAPERS_MAX,
             .fields = paper_fields, .size = sizeof(struct paper)),
    FIELD_OF(struct intake_body, legs, FIELD_ARRAY, .min = 0, .max = 64, .fields = leg_fields,
             .size = sizeof(struct intake_leg)),
    FIELD_OF(struct intake_body, items, FIELD_ARRAY, .min = 0, .max = 60, .fields = item_fields,
             .size = sizeof(struct intake_item)),
    FIELD_OF(struct intake_body, copies, FIELD_NUMBER, .min = 0, .max = COPIES_MAX),
    FIELD_OF(struct intake_body, pages, FIELD_NUMBER, .min = 0, .max = PAGES_MAX),
    FIELD_OF(struct intake_body, fee_ground, FIELD_TEXT, .min = 0, .max = 64),
    FIELD_OF(struct intake_body, payment_method, FIELD_CHOICE, .choices = methods),
    FIELD_OF(struct intake_body, note, FIELD_TEXT, .min = 0, .max = 2000),
    FIELD_OF(struct intake_body, reason, FIELD_TEXT, .min = 0, .max = 2000),
    FIELD_OF(struct intake_body, ground, FIELD_TEXT, .min = 0, .max = 500),
    {.kind = FIELD_END},
};
const size_t intake_size = sizeof(struct intake_body);
