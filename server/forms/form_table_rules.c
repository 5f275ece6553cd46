#include "forms/form_table_rules.h"

#include "core/instant.h"
#include "forms/form_apology_rules.h"
#include "forms/form_control_slip_rules.h"
#include "forms/form_receipt_rules.h"
#include "forms/form_refusal_rules.h"
#include "forms/form_register_rules.h"
#include "forms/form_stop_notice_rules.h"
#include "forms/form_supplement_rules.h"

static const struct {
    const char *name;
    const char *title;
    int year, month, day; /* first day in force */
} sets[] = {
    [FORM_SET_TT01_2018] = {"TT01_2018", "Thông tư số 01/2018/TT-VPCP", 2018, 12, 1},
    [FORM_SET_TT03_2025] = {"TT03_2025", "Thông tư số 03/2025/TT-VPCP", 2025, 9, 15},
};

static const char *const kinds[] = {
    [FORM_RECEIPT] = "receipt",
    [FORM_SUPPLEMENT] = "supplement",
    [FORM_REFUSAL] = "refusal",
    [FORM_APOLOGY] = "apology",
    [FORM_STOP_NOTICE] = "stop_notice",
    [FORM_CONTROL_SLIP] = "control_slip",
    [FORM_REGISTER_BOOK] = "register_book",
    [FORM_RESULT_HANDOVER] = "result_handover",
};

#define OLD FORM_SET_TT01_2018, .code_label = "Mã số hồ sơ:"
#define NEW FORM_SET_TT03_2025, .code_label = "Mã hồ sơ:"

static const struct form forms[] = {
    {FORM_RECEIPT, OLD, .number = "01", .title = "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
     .compose = form_receipt_compose},
    {FORM_SUPPLEMENT, OLD, .number = "02", .title = "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ",
     .compose = form_supplement_compose},
    {FORM_REFUSAL, OLD, .number = "03", .title = "PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ",
     .compose = form_refusal_compose},
    {FORM_APOLOGY, OLD, .number = "04", .title = "PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ",
     .compose = form_apology_compose},
    {FORM_CONTROL_SLIP, OLD, .number = "05", .title = "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ",
     .compose = form_control_slip_compose},
    {FORM_REGISTER_BOOK, OLD, .number = "06", .title = "SỔ THEO DÕI HỒ SƠ", .compose = form_register_compose},
    {FORM_RESULT_HANDOVER, OLD, .title = "PHIẾU BÀN GIAO KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH",
     .compose = form_handover_compose},

    {FORM_RECEIPT, NEW, .number = "01", .title = "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
     .compose = form_receipt_compose},
    {FORM_SUPPLEMENT, NEW, .number = "02", .title = "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ",
     .compose = form_supplement_compose},
    {FORM_REFUSAL, NEW, .number = "03", .title = "PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ",
     .compose = form_refusal_compose},
    {FORM_APOLOGY, NEW, .number = "04", .title = "VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN THỜI GIAN GIẢI QUYẾT",
     .compose = form_apology_compose},
    {FORM_STOP_NOTICE, NEW, .number = "05", .title = "THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ",
     .compose = form_stop_notice_compose},
    {FORM_CONTROL_SLIP, NEW, .number = "06", .title = "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ",
     .compose = form_control_slip_compose},
    {FORM_REGISTER_BOOK, NEW, .number = "07", .title = "SỔ THEO DÕI HỒ SƠ", .compose = form_register_compose},
    {FORM_RESULT_HANDOVER, NEW, .title = "PHIẾU BÀN GIAO KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH",
     .compose = form_handover_compose},
};

#undef OLD
#undef NEW

const struct form *form_find(enum form_kind kind, enum form_set set)
{
    for (size_t i = 0; i < array_length(forms); i++)
        if (forms[i].kind == kind && forms[i].set == set)
            return &forms[i];
    return NULL;
}

bool form_kind_named(struct text name, enum form_kind *kind)
{
    for (size_t i = 0; i < array_length(kinds); i++) {
        if (text_equal(name, text_of(kinds[i]))) {
            *kind = (enum form_kind)i;
            return true;
        }
    }
    return false;
}

bool form_set_named(struct text name, enum form_set *set)
{
    for (size_t i = 0; i < array_length(sets); i++) {
        if (text_equal(name, text_of(sets[i].name))) {
            *set = (enum form_set)i;
            return true;
        }
    }
    return false;
}

const char *form_set_name(enum form_set set)
{
    must((size_t)set < array_length(sets));
    return sets[set].name;
}

const char *form_set_title(enum form_set set)
{
    must((size_t)set < array_length(sets));
    return sets[set].title;
}

enum form_set form_set_at(int64_t accepted_at_s)
{
    int32_t day = instant_day(accepted_at_s);
    size_t set = array_length(sets) - 1;

    while (set > 0 && day < day_from_civil(sets[set].year, sets[set].month, sets[set].day))
        set--;
    return (enum form_set)set;
}

struct form_result form_compose(struct arena *arena, enum form_kind kind, const cJSON *facts)
{
    const cJSON *name = cJSON_GetObjectItemCaseSensitive(facts, "form_set");
    const struct form *form;
    enum form_set set;

    if (!cJSON_IsObject(facts))
        return (struct form_result){.fault = "facts: must be an object"};
    if (!cJSON_IsString(name))
        return (struct form_result){.fault = "form_set: missing"};
    if (!form_set_named(text_of(name->valuestring), &set))
        return (struct form_result){.fault = "form_set: unknown"};
    form = form_find(kind, set);
    if (form == NULL)
        return (struct form_result){.fault = "form: not in this form_set"};
    return form->compose(arena, form, facts);
}
