#include "catalogue/check_rules.h"

#include "catalogue/build_rules.h"

static const struct check_rule rules[] = {
    /* the reader: shape_rules.c, document_rules.c */
    {"json-syntax", "tệp phải là JSON đúng RFC 8259, không lặp khóa"},
    {"unknown-member", "không có trường nào ngoài các trường của định dạng"},
    {"missing-member", "trường bắt buộc phải có"},
    {"wrong-type", "giá trị đúng kiểu"},
    {"bad-value", "giá trị nằm trong miền cho phép"},
    {"text-not-nfc", "chữ Việt ở dạng Unicode dựng sẵn"},
    {"list-too-long", "danh sách không quá dài"},
    {"bad-code", "mã tự đặt: chữ hoa, chữ số, gạch dưới"},
    {"bad-agency-code", "mã định danh cơ quan theo QCVN 102:2016 hoặc QĐ 20/2020"},
    {"bad-procedure-code", "mã thủ tục dạng 1.001612, 3.000527.H61"},
    /* the joining: build_rules.c */
    {"duplicate-code", "mỗi mã chỉ một lần trong danh sách của nó"},
    {"unknown-agency", "cơ quan được nhắc tới phải có"},
    {"agency-cycle", "cây cơ quan có gốc, không vòng"},
    /* agencies */
    {"unknown-term", "cấp, loại cơ quan phải có trong danh mục"},
    {"unknown-field", "lĩnh vực phải có trong danh mục"},
    {"end-before-start", "ngày hết hiệu lực không trước ngày bắt đầu"},
    {"successor-missing", "cơ quan đã kết thúc phải có đơn vị kế thừa"},
    {"successor-gap", "đơn vị kế thừa phải hoạt động ngay ngày sau"},
    {"outlives-parent", "đơn vị không tồn tại lâu hơn cơ quan cấp trên của nó"},
    {"calendar-missing", "mỗi cơ quan có lịch làm việc, của mình hoặc từ cấp trên"},
    {"unknown-calendar", "lịch được nhắc tới phải có"},
    /* versions */
    {"version-overlap", "các phiên bản của một thủ tục không chồng thời gian hiệu lực"},
    {"duplicate-version", "số phiên bản tăng dần theo ngày hiệu lực"},
    {"empty-part", "tám bộ phận bắt buộc của thủ tục (NĐ 63/2010 điều 8) không được trống"},
    {"local-owner", "thủ tục địa phương mang mã của tỉnh"},
    {"no-agency", "phải có cơ quan đúng cấp, loại và lĩnh vực trong thời gian hiệu lực"},
    {"channel", "phải có kênh nộp và kênh trả, khớp mức dịch vụ công trực tuyến"},
    {"component-count", "thành phần phải giữ thì có số lượng, chỉ xuất trình thì không"},
    {"unknown-database", "cơ sở dữ liệu thay giấy tờ phải có trong danh mục"},
    {"unknown-case", "trường hợp được nhắc tới phải có"},
    {"no-steps", "phải có quy trình nội bộ"},
    {"step-sum", "tổng giờ các bước bằng thời hạn (ngày × 8 giờ); theo ngày lịch thì không vượt"},
    {"step-nobody", "vai trò phải làm được công đoạn của bước"},
    {"parallel-split", "các bước song song của một nhóm đứng liền nhau"},
    {"chain-steps", "thủ tục liên thông có các bước trong từng chặng, không ở ngoài"},
    {"leg-sum", "tổng giờ các bước của chặng bằng thời hạn của chặng"},
    {"chain-sum", "đường găng của các chặng bằng thời hạn của thủ tục"},
    {"leg-cycle", "các chặng không chờ nhau thành vòng"},
    {"leg-order", "chặng đứng sau mọi chặng mà nó chờ"},
    {"unknown-leg", "chặng được nhắc tới phải có"},
    {"unknown-component", "thành phần hồ sơ được nhắc tới phải có"},
    {"leg-group", "các chặng song song của một nhóm chờ cùng những chặng như nhau"},
    {"leg-choice", "chặng lựa chọn có điều kiện và ít nhất hai phương án"},
    {"fee-tiers", "phí theo trang có bậc từ trang 1, tăng dần; phí khác không có bậc"},
    {"fee-cap", "mức trần chỉ có ở phí theo trang và không thấp hơn trang đầu"},
    {"fee-reduction", "miễn giảm là một tỷ lệ hoặc một số tiền không quá mức thu"},
};

const struct check_rule *check_rules(size_t *count)
{
    *count = array_length(rules);
    return rules;
}

static void __attribute__((format(printf, 5, 6)))
agency_fault(struct catalogue_faults *faults, const struct agency *agency, const char *member,
             const char *rule, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    const char *message = arena_vprintf(faults->arena, format, args);
    va_end(args);
    fault_add(faults, agency->file, arena_printf(faults->arena, "/agencies/%u/%s", agency->row, member), rule,
              "%s: %s", agency->code.data, message);
}

static void check_agency_terms(const struct catalogue *catalogue, const struct agency *agency,
                               struct catalogue_faults *faults)
{
    if (agency->level.length > 0 && term_find(&catalogue->levels, agency->level) == NULL)
        agency_fault(faults, agency, "level", "unknown-term", "không có cấp “%s”", agency->level.data);
    if (agency->kind.length > 0 && term_find(&catalogue->kinds, agency->kind) == NULL)
        agency_fault(faults, agency, "kind", "unknown-term", "không có loại cơ quan “%s”", agency->kind.data);
    for (size_t i = 0; i < agency->field_count; i++)
        if (term_find(&catalogue->fields, agency->fields[i]) == NULL)
            agency_fault(faults, agency, "fields", "unknown-field", "không có lĩnh vực “%s”",
                         agency->fields[i].data);
    for (size_t i = 0; i < agency->area_count; i++)
        if (catalogue_agency(catalogue, agency->area[i]) == NULL)
            agency_fault(faults, agency, "area", "unknown-agency", "không có cơ quan “%s”",
                         agency->area[i].data);
}

static void check_agency_time(const struct agency *agency, struct catalogue_faults *faults)
{
    if (agency->valid_to_day < agency->valid_from_day)
        agency_fault(faults, agency, "valid_to", "end-before-start", "hết hiệu lực trước khi bắt đầu");
    if (agency->parent != NULL && agency->valid_to_day > agency->parent->valid_to_day)
        agency_fault(faults, agency, "valid_to", "outlives-parent", "còn hoạt động sau khi %s đã kết thúc",
                     agency->parent->code.data);
    if (agency->valid_to_day == DAY_FOREVER)
        return;
    if (agency->successor_code.length == 0)
        agency_fault(faults, agency, "successor", "successor-missing",
                     "đã kết thúc mà không có đơn vị kế thừa");
    /* The successor begins later than this one: so successors cannot run in a circle either. */
    if (agency->successor != NULL && (!agency_is_valid(agency->successor, agency->valid_to_day + 1) ||
                                      agency->successor->valid_to_day <= agency->valid_to_day))
        agency_fault(faults, agency, "successor", "successor-gap", "%s không hoạt động vào ngày kế tiếp",
                     agency->successor->code.data);
}

static void check_agency_calendar(const struct catalogue *catalogue, const struct agency *agency,
                                  struct catalogue_faults *faults)
{
    struct text code = catalogue_calendar_code(agency);

    if (code.length == 0)
        agency_fault(faults, agency, "calendar", "calendar-missing",
                     "không có lịch làm việc, cấp trên cũng không");
    else if (agency->calendar.length > 0 && catalogue->calendar_count > 0 &&
             catalogue_calendar(catalogue, code) == NULL)
        agency_fault(faults, agency, "calendar", "unknown-calendar", "không có lịch “%s”", code.data);
}

void check_agencies(const struct catalogue *catalogue, struct catalogue_faults *faults)
{
    for (size_t i = 0; i < catalogue->agency_count; i++) {
        check_agency_terms(catalogue, &catalogue->agencies[i], faults);
        check_agency_time(&catalogue->agencies[i], faults);
        check_agency_calendar(catalogue, &catalogue->agencies[i], faults);
    }
}

void catalogue_check(const struct catalogue *catalogue, struct catalogue_faults *faults)
{
    check_agencies(catalogue, faults);
    check_versions(catalogue, faults);
}
