/* Field tables at work: from JSON or a query to a handler's struct, every fault with its pointer and code. */
#include "path/path.h"

#include <inttypes.h>

#include "core/instant.h"
#include "core/json.h"

enum { MILLI_DIGITS = 3 };

void req_error(struct req *req, const char *pointer, const char *code, const char *detail)
{
    if (req->error_count < FIELD_ERRORS_MAX)
        req->errors[req->error_count++] = (struct field_error){pointer, code, detail};
}

static const struct field *field_named(const struct field *fields, struct text name)
{
    for (; fields->kind != FIELD_END; fields++)
        if (text_equal(text_of(fields->name), name))
            return fields;
    return NULL;
}

/* Marks absence, so that a handler can tell 0 from nothing. */
static void set_absent(const struct field *fields, void *out)
{
    for (; fields->kind != FIELD_END; fields++) {
        switch (fields->kind) {
        case FIELD_NUMBER:
        case FIELD_MILLI:
        case FIELD_INSTANT:
        case FIELD_DAY: *(int64_t *)(void *)((char *)out + fields->offset) = FIELD_ABSENT; break;
        case FIELD_TEXT:
        case FIELD_BOOL:
        case FIELD_CHOICE:
        case FIELD_OBJECT:
        case FIELD_ARRAY:
        case FIELD_END: break;
        }
    }
}

static bool is_chosen(const struct field *field, struct text value)
{
    for (const char *const *choice = field->choices; *choice != NULL; choice++)
        if (text_equal(text_of(*choice), value))
            return true;
    return false;
}

static const char *choices_text(struct req *req, const struct field *field)
{
    const char *all = "";

    for (const char *const *choice = field->choices; *choice != NULL; choice++)
        all = arena_printf(req->arena, "%s%s%s", all, *all == '\0' ? "" : ", ", *choice);
    return all;
}

static void range_error(struct req *req, const char *pointer, const struct field *field)
{
    req_error(req, pointer, "out-of-range",
              arena_printf(req->arena, "Giá trị phải từ %" PRId64 " đến %" PRId64, field->min, field->max));
}

static void decode_text(struct req *req, const struct field *field, struct text value, const char *pointer,
                        void *out)
{
    struct text clean = text_trim(text_nfc(req->arena, value));
    size_t points;

    if (!text_is_visible(clean)) /* a name of zero-width characters is none */
        clean.length = 0;
    points = text_points(clean);
    if (field->kind == FIELD_CHOICE) {
        if (!is_chosen(field, clean))
            req_error(req, pointer, "not-a-choice",
                      arena_printf(req->arena, "Phải là một trong: %s", choices_text(req, field)));
    } else if (!text_is_printable(clean)) { /* or a dossier is accepted whose receipt cannot be drawn */
        req_error(req, pointer, "format", "Có ký tự không in được");
    } else if (points < (size_t)field->min) {
        req_error(req, pointer, clean.length == 0 ? "required" : "too-short",
                  arena_printf(req->arena, "Cần ít nhất %" PRId64 " ký tự", field->min));
    } else if (points > (size_t)field->max) {
        req_error(req, pointer, "too-long",
                  arena_printf(req->arena, "Nhiều nhất %" PRId64 " ký tự", field->max));
    } else if (clean.length > 0 && field->is_well_formed != NULL && !field->is_well_formed(clean)) {
        req_error(req, pointer, "format", arena_printf(req->arena, "Cần có dạng: %s", field->format));
    }
    *(struct text *)out = (struct text){text_copy(req->arena, clean), clean.length};
}

static void decode_time(struct req *req, const struct field *field, struct text value, const char *pointer,
                        void *out)
{
    int32_t day;
    int64_t at_s;

    if (field->kind == FIELD_DAY) {
        if (day_parse(value, &day))
            *(int64_t *)out = day;
        else
            req_error(req, pointer, "format", "Ngày có dạng 2026-03-05");
    } else {
        if (instant_parse(value, &at_s))
            *(int64_t *)out = at_s;
        else
            req_error(req, pointer, "format", "Thời điểm có dạng 2026-03-05T17:00:00+07:00");
    }
}

/* "12", "0.5", "1.25": at most three digits behind the point. */
static bool milli_parse(struct text value, int64_t *milli)
{
    struct text fraction;
    struct text const whole = text_cut(value, '.', &fraction);
    int64_t units, thousandths = 0;

    if (whole.length > 9 || !text_to_i64(whole, &units))
        return false;
    if (fraction.data != NULL) {
        if (fraction.length > MILLI_DIGITS || !text_to_i64(fraction, &thousandths))
            return false;
        for (size_t i = fraction.length; i < MILLI_DIGITS; i++)
            thousandths *= 10;
    }
    *milli = units * 1000 + thousandths;
    return true;
}

static void set_number(struct req *req, const struct field *field, int64_t number, const char *pointer,
                       void *out)
{
    if (number < field->min || number > field->max)
        range_error(req, pointer, field);
    *(int64_t *)out = number;
}

static void query_value(struct req *req, const struct field *field, struct text value, const char *pointer,
                        void *out)
{
    int64_t number;

    switch (field->kind) {
    case FIELD_TEXT:
    case FIELD_CHOICE: decode_text(req, field, value, pointer, out); return;
    case FIELD_INSTANT:
    case FIELD_DAY: decode_time(req, field, value, pointer, out); return;
    case FIELD_NUMBER:
        if (text_to_i64(value, &number))
            set_number(req, field, number, pointer, out);
        else
            req_error(req, pointer, "type", "Cần một số nguyên");
        return;
    case FIELD_MILLI:
        if (milli_parse(value, &number))
            set_number(req, field, number, pointer, out);
        else
            req_error(req, pointer, "type", "Cần một số, nhiều nhất ba chữ số thập phân");
        return;
    case FIELD_BOOL:
        if (text_equal(value, TEXT("true")))
            *(bool *)out = true;
        else if (!text_equal(value, TEXT("false")))
            req_error(req, pointer, "type", "Cần true hoặc false");
        return;
    case FIELD_OBJECT:
    case FIELD_ARRAY:
    case FIELD_END: break;
    }
    unreachable(); /* a query table holds no objects */
}

bool decode_query(struct req *req, struct text query, const struct field *fields, void *out)
{
    static const struct field none[] = {{.kind = FIELD_END}};
    uint64_t seen = 0;

    if (fields == NULL)
        fields = none;
    set_absent(fields, out);
    while (query.length > 0) {
        struct text rest, raw_value, name, value;
        struct text const pair = text_cut(query, '&', &rest);
        struct text const raw_name = text_cut(pair, '=', &raw_value);
        const struct field *field;
        const char *pointer;

        query = rest;
        if (pair.length == 0)
            continue;
        if (!net_decode(req->arena, raw_name, true, &name) ||
            !net_decode(req->arena, raw_value, true, &value)) {
            req_error(req, "?", "format", "Tham số không phải UTF-8 mã hóa đúng");
            continue;
        }
        pointer = arena_printf(req->arena, "?%.*s", TEXT_ARG(name));
        field = field_named(fields, name);
        if (field == NULL) {
            /* links to pages are passed on with what others hang on them */
            if ((req->route->flags & ROUTE_PAGE) == 0 ||
                text_starts(text_of(req->route->path), TEXT("/api/")))
                req_error(req, pointer, "unknown", "Không có tham số này");
        } else if ((seen >> (field - fields) & 1) != 0) {
            req_error(req, pointer, "duplicate", "Tham số lặp lại");
        } else {
            seen |= UINT64_C(1) << (field - fields);
            query_value(req, field, value, pointer, (char *)out + field->offset);
        }
    }
    for (const struct field *field = fields; field->kind != FIELD_END; field++)
        if (field->is_required && (seen >> (field - fields) & 1) == 0)
            req_error(req, arena_printf(req->arena, "?%s", field->name), "required", "Thiếu tham số này");
    return req->error_count == 0;
}

static void decode_array(struct req *req, const struct field *field, const cJSON *array, const char *pointer,
                         struct field_list *out)
{
    int const count = cJSON_GetArraySize(array);
    const cJSON *item;
    char *items;
    int index = 0;
    bool is_sound = true;

    if (count < field->min || count > field->max) {
        range_error(req, pointer, field);
        return;
    }
    items = arena_alloc(req->arena, field->size * (size_t)count);
    cJSON_ArrayForEach(item, array)
    {
        const char *below = arena_printf(req->arena, "%s/%d", pointer, index);

        if (!cJSON_IsObject(item))
            req_error(req, below, "type", "Cần một đối tượng");
        else
            is_sound &= decode_object(req, item, field->fields, items + field->size * (size_t)index, below);
        index++;
    }
    if (is_sound)
        *out = (struct field_list){items, (size_t)count};
}

static void body_value(struct req *req, const struct field *field, const cJSON *value, const char *pointer,
                       void *out)
{
    void *object;

    switch (field->kind) {
    case FIELD_TEXT:
    case FIELD_CHOICE:
    case FIELD_INSTANT:
    case FIELD_DAY:
        if (!cJSON_IsString(value))
            req_error(req, pointer, "type", "Cần một chuỗi ký tự");
        else if (field->kind == FIELD_TEXT || field->kind == FIELD_CHOICE)
            decode_text(req, field, text_of(value->valuestring), pointer, out);
        else
            decode_time(req, field, text_of(value->valuestring), pointer, out);
        return;
    case FIELD_NUMBER: /* json_limits_body lets only integers in that a double holds exactly */
        if (!cJSON_IsNumber(value))
            req_error(req, pointer, "type", "Cần một số nguyên");
        else
            set_number(req, field, (int64_t)value->valuedouble, pointer, out);
        return;
    case FIELD_BOOL:
        if (!cJSON_IsBool(value))
            req_error(req, pointer, "type", "Cần true hoặc false");
        else
            *(bool *)out = cJSON_IsTrue(value);
        return;
    case FIELD_OBJECT:
        if (!cJSON_IsObject(value)) {
            req_error(req, pointer, "type", "Cần một đối tượng");
            return;
        }
        object = arena_alloc(req->arena, field->size);
        if (decode_object(req, value, field->fields, object, pointer))
            *(const void **)out = object;
        return;
    case FIELD_ARRAY:
        if (!cJSON_IsArray(value))
            req_error(req, pointer, "type", "Cần một danh sách");
        else
            decode_array(req, field, value, pointer, out);
        return;
    case FIELD_MILLI:
    case FIELD_END: break;
    }
    unreachable();
}

bool decode_object(struct req *req, const cJSON *object, const struct field *fields, void *out,
                   const char *pointer)
{
    int const errors_before = req->error_count;
    uint64_t seen = 0;
    const cJSON *member;

    set_absent(fields, out);
    cJSON_ArrayForEach(member, object)
    {
        const struct field *field = field_named(fields, text_of(member->string));
        const char *below = arena_printf(req->arena, "%s/%s", pointer, member->string);

        if (field == NULL) {
            req_error(req, below, "unknown", "Không có trường này");
            continue;
        }
        must(field - fields < 64);
        if (cJSON_IsNull(member))
            continue;
        seen |= UINT64_C(1) << (field - fields);
        body_value(req, field, member, below, (char *)out + field->offset);
    }
    for (const struct field *field = fields; field->kind != FIELD_END; field++)
        if (field->is_required && (seen >> (field - fields) & 1) == 0)
            req_error(req, arena_printf(req->arena, "%s/%s", pointer, field->name), "required",
                      "Thiếu trường này");
    return req->error_count == errors_before;
}

static bool is_digits(struct text value, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (value.data[i] < '0' || value.data[i] > '9')
            return false;
    return true;
}

bool field_is_personal_id(struct text value)
{
    if (value.length == 12)
        return value.data[0] == '0' && is_digits(value, 0, 12);
    return value.length == 9 && is_digits(value, 0, 9);
}

bool field_is_tax_code(struct text value)
{
    if (value.length == 14)
        return is_digits(value, 0, 10) && value.data[10] == '-' && is_digits(value, 11, 14);
    return value.length == 10 && is_digits(value, 0, 10);
}

bool field_is_phone(struct text value)
{
    if (text_starts(value, TEXT("+84")))
        return value.length >= 12 && value.length <= 13 && is_digits(value, 3, value.length);
    return value.length >= 10 && value.length <= 11 && value.data[0] == '0' &&
           is_digits(value, 0, value.length);
}

bool field_is_username(struct text value)
{
    for (size_t i = 0; i < value.length; i++) {
        char const c = value.data[i];
        bool const is_letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');

        if (!is_letter && (i == 0 || (c != '.' && c != '_' && c != '-')))
            return false;
    }
    return value.length > 0;
}
