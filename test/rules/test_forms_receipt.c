/* What the receipt says, and which facts it refuses, without a printer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/instant.h"
#include "core/json.h"
#include "forms/form_content_rules.h"
#include "forms/form_html_rules.h"

static struct arena *arena;

/* The facts of test/forms/receipt.json, afresh for each use. */
static cJSON *sample(void)
{
    char *data = arena_alloc(arena, 1 << 16);
    FILE *file = fopen(SOURCE_DIR "/test/forms/receipt.json", "rb");
    struct json_result json;
    size_t length;

    assert_non_null(file);
    length = fread(data, 1, 1 << 16, file);
    fclose(file);
    json = json_parse(arena, (struct text){.data = data, .length = length}, &json_limits_body);
    assert_int_equal(json.fault, JSON_OK);
    return cJSON_GetObjectItemCaseSensitive(json.root, "facts");
}

/* The sample with one member replaced by this JSON; NULL: taken away. */
static cJSON *sample_with(const char *key, const char *json)
{
    cJSON *facts = sample();

    cJSON_DeleteItemFromObjectCaseSensitive(facts, key);
    if (json != NULL) {
        cJSON *value = cJSON_Parse(json);

        assert_non_null(value);
        cJSON_AddItemToObject(facts, key, value);
    }
    return facts;
}

static struct text page(const cJSON *facts)
{
    struct form_result form = form_compose(arena, FORM_RECEIPT, facts);

    assert_null(form.fault);
    return form_html(arena, form.content, NULL);
}

static bool says(struct text html, const char *words)
{
    return strstr(html.data, words) != NULL;
}

static void the_labels_stand_in_the_order_of_the_form(void **state)
{
    static const char *const labels[] = {
        "Mẫu số 01",
        "ỦY BAN NHÂN DÂN PHƯỜNG TAM KỲ",
        "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG",
        "Mã hồ sơ:",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Tam Kỳ, ngày 02 tháng 3 năm 2026",
        "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
        "(Liên: Lưu)",
        "Bộ phận tiếp nhận và trả kết quả:",
        "Tiếp nhận hồ sơ của:",
        "Người nộp:",
        "Địa chỉ:",
        "Số điện thoại:",
        "Email:",
        "Số CMND/Thẻ căn cước/Hộ chiếu:",
        "Nội dung yêu cầu giải quyết:",
        "Thành phần hồ sơ nộp gồm:",
        "TT",
        "Thành phần hồ sơ",
        "Số lượng",
        "Bản chính",
        "Bản chứng thực",
        "Bản photo",
        "Số lượng hồ sơ:",
        "(bộ)",
        "Thời gian giải quyết hồ sơ theo quy định là:",
        "Thời gian nhận hồ sơ:",
        "Thời gian trả kết quả giải quyết hồ sơ:",
        "Đăng ký nhận kết quả tại:",
        "Phí, lệ phí (nếu có):",
        "Vào Sổ theo dõi hồ sơ, Quyển số:",
        "Số thứ tự:",
        "NGƯỜI NỘP HỒ SƠ",
        "(Ký và ghi rõ họ tên)",
        "NGƯỜI TIẾP NHẬN HỒ SƠ",
        "(Ký và ghi rõ họ tên)",
        "(Liên: Giao khách hàng)",
    };
    const char *at = page(sample()).data;

    (void)state;
    for (size_t i = 0; i < array_length(labels); i++) {
        const char *found = strstr(at, labels[i]);

        if (found == NULL)
            fail_msg("not in its place: %s", labels[i]);
        at = found + strlen(labels[i]);
    }
}

static void bad_facts_are_refused_by_the_name_of_the_key(void **state)
{
    static const struct {
        const char *key;
        const char *json;
        const char *fault;
    } rows[] = {
        {"form_set", NULL, "form_set: missing"},
        {"form_set", "\"TT99_2099\"", "form_set: unknown"},
        {"owner_name", NULL, "owner_name: missing"},
        {"owner_name", "null", "owner_name: missing"},
        {"owner_name", "\"   \"", "owner_name: is empty"},
        {"owner_name", "7", "owner_name: must be a string"},
        {"owner_name", "\"a\\u0007b\"", "owner_name: has a control character"},
        {"owner_name", "\"a\\u202Eb\"", "owner_name: has a control character"},
        {"owner_name", "\"a\\u0085b\"", "owner_name: has a control character"},
        {"accepted_at", "\"2026-13-01T08:00:00+07:00\"",
         "accepted_at: must be an instant like 2026-03-05T17:00:00+07:00"},
        {"due_at", "\"2026-03-01T08:00:00+07:00\"", "due_at: before accepted_at"},
        {"set_count", "0", "set_count: is out of range"},
        {"set_count", "1.5", "set_count: must be whole"},
        {"copies", "\"THREE\"", "copies: is not one of its words"},
        {"lookup_url", "\"javascript:alert(1)\"", "lookup_url: must start with https:// or http://"},
        {"lookup_url", "\"https://a.vn/ơ\"", "lookup_url: must be printable ASCII"},
        {"components", "{}", "components: must be an array"},
        {"components", "[{\"name\": \"a\"}, {\"original\": 1}]", "components[1].name: missing"},
        {"components", "[{\"name\": \"a\", \"original\": -1}]", "components[0].original: is out of range"},
        {"components", "[{\"name\": \"a\", \"bản\": 1}]", "components[0].: a key nobody knows"},
        {"fees", "[{\"name\": \"a\", \"amount\": 1, \"is_paid\": \"yes\"}]",
         "fees[0].is_paid: must be true or false"},
        {"owner_nmae", "\"a\"", "facts: a key nobody knows"},
    };

    (void)state;
    for (size_t i = 0; i < array_length(rows); i++) {
        struct form_result form = form_compose(arena, FORM_RECEIPT, sample_with(rows[i].key, rows[i].json));

        assert_non_null(form.fault);
        assert_string_equal(form.fault, rows[i].fault);
        assert_null(form.content);
    }
}

static void a_name_has_at_most_300_letters_however_many_bytes(void **state)
{
    char json[2048] = "\"";

    (void)state;
    for (int i = 0; i < 300; i++)
        memcpy(json + 1 + 3 * i, "ễ", 3);
    memcpy(json + 1 + 3 * 300, "\"", 2);
    assert_null(form_compose(arena, FORM_RECEIPT, sample_with("owner_name", json)).fault);
    memcpy(json + 1 + 3 * 300, "ễ\"", 5);
    assert_string_equal(form_compose(arena, FORM_RECEIPT, sample_with("owner_name", json)).fault,
                        "owner_name: longer than 300 characters");
}

static void all_components_together_are_bounded(void **state)
{
    cJSON *facts = sample_with("components", "[]");
    cJSON *components = cJSON_GetObjectItemCaseSensitive(facts, "components");
    char name[2001];

    (void)state;
    memset(name, 'W', sizeof name - 1);
    name[2000] = '\0';
    for (int i = 0; i < 51; i++) {
        cJSON *component = cJSON_CreateObject();

        assert_null(form_compose(arena, FORM_RECEIPT, facts).fault);
        cJSON_AddStringToObject(component, "name", name);
        cJSON_AddItemToArray(components, component);
    }
    assert_string_equal(form_compose(arena, FORM_RECEIPT, facts).fault,
                        "components: longer than 100000 bytes together");
}

static void markup_in_a_fact_is_only_text(void **state)
{
    struct text html = page(sample_with("owner_name", "\"<b>&\\\"'</b><script>alert(1)</script>\""));

    (void)state;
    assert_true(says(html, "&lt;b&gt;&amp;&quot;&#39;&lt;/b&gt;&lt;script&gt;"));
    assert_false(says(html, "<script"));
    assert_false(says(html, "http-equiv"));
    assert_false(says(html, "src="));
}

static void decomposed_letters_and_line_breaks_are_set_right(void **state)
{
    struct text html =
        page(sample_with("address", "\"Thôn 1,\\r\\n\\txã Tie\\u0302n Phu\\u031Bo\\u031B\\u0301c  \""));

    (void)state;
    assert_true(says(html, "Địa chỉ: Thôn 1, xã Tiên Phước</div>"));
}

static void lines_without_a_fact_are_not_printed(void **state)
{
    static const struct {
        const char *key;
        const char *json;
        const char *label;
    } rows[] = {
        {"submitter_name", NULL, "Người nộp:"},
        {"submitter_name", "\"NGUYỄN THỊ HƯỜNG\"", "Người nộp:"}, /* the owner in person */
        {"email", NULL, "Email:"},
        {"personal_id", "null", "Số CMND"},
        {"lookup_secret", NULL, "Mã tra cứu:"},
        {"hotline", "\"\"", "Đường dây nóng:"},
        {"is_online", "true", "NGƯỜI NỘP HỒ SƠ"},
        {"copies", "\"FILE\"", "Giao khách hàng"},
        {"copies", "\"CUSTOMER\"", "(Liên: Lưu)"},
        {"components", "[]", "Bản photo"},
    };

    (void)state;
    for (size_t i = 0; i < array_length(rows); i++)
        if (says(page(sample_with(rows[i].key, rows[i].json)), rows[i].label))
            fail_msg("row %zu still says %s", i, rows[i].label);
}

static void what_the_facts_add_is_printed(void **state)
{
    static const struct {
        const char *key;
        const char *json;
        const char *words;
    } rows[] = {
        {"personal_id", "\"049190001234\"", "Hộ chiếu: *********234"},
        {"fees", "[]", "Phí, lệ phí (nếu có): Không"},
        {"fees", "[{\"name\": \"Lệ phí\", \"amount\": 1250000, \"is_paid\": true}]",
         "(nếu có): Lệ phí: 1.250.000 đồng (đã nộp)."},
        {"reprint_number", "2", "Bản in lại lần 2"},
        {"stage2_due_at", "\"2026-12-09T10:00:00+07:00\"",
         "(giai đoạn 2 nếu có): 10 giờ 00 phút, ngày 09 tháng 12 năm 2026"},
        {"components", "[{\"name\": \"Tờ khai\", \"is_electronic\": true}]", "Tờ khai (bản điện tử)"},
        {"form_set", "\"TT01_2018\"", "Mẫu số 01 (Thông tư số 01/2018/TT-VPCP)"},
        {"form_set", "\"TT01_2018\"", "Mã số hồ sơ:"},
        {"phone", NULL, "Số điện thoại: ………"},
        {"address", "null", "Địa chỉ: ………"},
        {"one_stop_unit", NULL, "trả kết quả: TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG"},
    };

    (void)state;
    for (size_t i = 0; i < array_length(rows); i++)
        if (!says(page(sample_with(rows[i].key, rows[i].json)), rows[i].words))
            fail_msg("row %zu does not say %s", i, rows[i].words);
}

static void the_sets_number_their_forms_differently(void **state)
{
    static const struct {
        enum form_kind kind;
        const char *old, *new;
    } rows[] = {
        {FORM_RECEIPT, "01", "01"},       {FORM_SUPPLEMENT, "02", "02"},  {FORM_REFUSAL, "03", "03"},
        {FORM_APOLOGY, "04", "04"},       {FORM_STOP_NOTICE, NULL, "05"}, {FORM_CONTROL_SLIP, "05", "06"},
        {FORM_REGISTER_BOOK, "06", "07"},
    };

    (void)state;
    for (size_t i = 0; i < array_length(rows); i++) {
        const struct form *old = form_find(rows[i].kind, FORM_SET_TT01_2018);

        assert_int_equal(old == NULL, rows[i].old == NULL);
        if (old != NULL)
            assert_string_equal(old->number, rows[i].old);
        assert_string_equal(form_find(rows[i].kind, FORM_SET_TT03_2025)->number, rows[i].new);
    }
    assert_string_equal(form_compose(arena, FORM_STOP_NOTICE, sample_with("form_set", "\"TT01_2018\"")).fault,
                        "form: not in this form_set");
    assert_string_equal(form_compose(arena, FORM_SUPPLEMENT, sample()).fault, "dated: missing");
}

static void the_new_set_governs_from_15_september_2025(void **state)
{
    static const struct {
        const char *at;
        const char *set;
    } rows[] = {
        {"2019-01-02T08:00:00+07:00", "TT01_2018"},
        {"2025-09-14T23:59:59+07:00", "TT01_2018"},
        {"2025-09-14T17:00:00Z", "TT03_2025"},
        {"2026-03-02T08:00:00+07:00", "TT03_2025"},
    };

    (void)state;
    for (size_t i = 0; i < array_length(rows); i++) {
        int64_t at_s;

        assert_true(instant_parse(text_of(rows[i].at), &at_s));
        assert_string_equal(form_set_name(form_set_at(at_s)), rows[i].set);
    }
}

static int setup(void **state)
{
    (void)state;
    arena = arena_create(256 << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_destroy(arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_labels_stand_in_the_order_of_the_form),
        cmocka_unit_test(bad_facts_are_refused_by_the_name_of_the_key),
        cmocka_unit_test(a_name_has_at_most_300_letters_however_many_bytes),
        cmocka_unit_test(all_components_together_are_bounded),
        cmocka_unit_test(markup_in_a_fact_is_only_text),
        cmocka_unit_test(decomposed_letters_and_line_breaks_are_set_right),
        cmocka_unit_test(lines_without_a_fact_are_not_printed),
        cmocka_unit_test(what_the_facts_add_is_printed),
        cmocka_unit_test(the_sets_number_their_forms_differently),
        cmocka_unit_test(the_new_set_governs_from_15_september_2025),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
