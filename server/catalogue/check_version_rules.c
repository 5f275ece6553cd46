#include "catalogue/check_rules.h"

#include "identity/role.h"

const char *look_at(const struct look *look, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    const char *below = arena_vprintf(look->faults->arena, format, args);
    va_end(args);
    return arena_printf(look->faults->arena, "/procedures/%u%s", look->version->row, below);
}

void look_fault(const struct look *look, const char *pointer, const char *rule, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    const char *message = arena_vprintf(look->faults->arena, format, args);
    va_end(args);
    fault_add(look->faults, look->version->file, pointer, rule, "%s: %s", look->version->code.data, message);
}

/* Who may do what: a step given to another role would wait for nobody. */
static const struct {
    enum step_phase phase;
    unsigned roles;
} doers[] = {
    {STEP_DESK, ROLE_RECEIVER},
    {STEP_ASSIGN, ROLE_DEPT_HEAD | ROLE_LEADER},
    {STEP_PROCESS, ROLE_HANDLER | ROLE_DEPT_HEAD},
    {STEP_REVIEW, ROLE_DEPT_HEAD | ROLE_LEADER},
    {STEP_SIGN, ROLE_LEADER | ROLE_DEPT_HEAD}, /* a head signs where it is delegated (ủy quyền, thừa lệnh) */
    {STEP_ISSUE, ROLE_RECORDS_CLERK},
    {STEP_RETURN, ROLE_RETURN_CLERK | ROLE_RECEIVER},
};

static bool can_do(unsigned role, enum step_phase phase)
{
    for (size_t i = 0; i < array_length(doers); i++)
        if (doers[i].phase == phase)
            return (doers[i].roles & role) != 0;
    return false;
}

static void check_groups(const struct look *look, const char *below, const struct step *steps, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (steps[i].parallel_group.length == 0 ||
            text_equal(steps[i].parallel_group, steps[i - 1].parallel_group))
            continue;
        for (size_t j = 0; j + 1 < i; j++)
            if (text_equal(steps[j].parallel_group, steps[i].parallel_group)) {
                look_fault(look, look_at(look, "%s/steps/%zu/parallel_group", below, i), "parallel-split",
                           "nhóm “%s” bị bước khác chen giữa", steps[i].parallel_group.data);
                break;
            }
    }
}

/* "12", "0,5": hours for people, of minutes. */
static const char *hours(const struct look *look, int64_t minutes)
{
    return minutes % 60 == 0 ? arena_printf(look->faults->arena, "%lld", (long long)(minutes / 60))
                             : arena_printf(look->faults->arena, "%.4g", (double)minutes / 60.0);
}

void check_steps(const struct look *look, const char *below, const struct step *steps, size_t count,
                 struct time_limit limit)
{
    int64_t sum = steps_worked_min(steps, count), most = limit_worked_min(limit);
    const char *rule = text_starts(text_of(below), TEXT("/legs")) ? "leg-sum" : "step-sum";

    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < i; j++)
            if (text_equal(steps[i].code, steps[j].code))
                look_fault(look, look_at(look, "%s/steps/%zu/code", below, i), "duplicate-code",
                           "bước “%s” có hai lần", steps[i].code.data);
        if (steps[i].role != 0 && steps[i].phase != STEP_NONE && !can_do(steps[i].role, steps[i].phase))
            look_fault(look, look_at(look, "%s/steps/%zu/role", below, i), "step-nobody",
                       "vai trò %s không làm công đoạn %s", role_name(steps[i].role),
                       step_phase_name(steps[i].phase));
    }
    check_groups(look, below, steps, count);
    if (count == 0)
        look_fault(look, look_at(look, "%s/steps", below), "no-steps", "không có bước nào");
    else if (most >= 0 && (limit_is_worked(limit) ? sum != most : sum > most))
        look_fault(look, look_at(look, "%s/steps", below), rule, "các bước cộng %s giờ, thời hạn %s %s giờ",
                   hours(look, sum), limit_is_worked(limit) ? "là" : "chứa nhiều nhất", hours(look, most));
}

void check_competence(const struct look *look, const char *pointer, struct competence competence,
                      struct text field)
{
    const struct catalogue *catalogue = look->catalogue;

    if (competence.level.length > 0 && term_find(&catalogue->levels, competence.level) == NULL)
        look_fault(look, pointer, "unknown-term", "không có cấp “%s”", competence.level.data);
    else if (competence.kind.length > 0 && term_find(&catalogue->kinds, competence.kind) == NULL)
        look_fault(look, pointer, "unknown-term", "không có loại cơ quan “%s”", competence.kind.data);
    else {
        for (size_t i = 0; i < catalogue->agency_count; i++) {
            const struct agency *agency = &catalogue->agencies[i];

            if (text_equal(agency->level, competence.level) &&
                (competence.kind.length == 0 || text_equal(agency->kind, competence.kind)) &&
                (agency->field_count == 0 || agency_handles(agency, field)) &&
                agency->valid_from_day <= look->version->valid_to_day &&
                agency->valid_to_day >= look->version->valid_from_day)
                return;
        }
        look_fault(look, pointer, "no-agency", "không có cơ quan nào cấp %s, loại %s giải quyết lĩnh vực %s",
                   competence.level.data, competence.kind.data, field.data);
    }
}

static void check_parts(const struct look *look)
{
    const struct procedure_version *version = look->version;
    const struct {
        const char *member;
        bool is_empty;
    } parts[] = {
        {"name", version->name.length == 0},
        {"order", version->order_count == 0},
        {"manner", version->manner.length == 0},
        {"components", version->component_count == 0 || version->sets == 0},
        {"time_limit", version->limit.unit == TERM_NONE},
        {"applicants", version->applicants.length == 0},
        {"solver", version->solver.length == 0 || version->competence_count == 0},
        {"result", version->result.length == 0},
    };

    for (size_t i = 0; i < array_length(parts); i++)
        if (parts[i].is_empty)
            look_fault(look, look_at(look, "/%s", parts[i].member), "empty-part",
                       "bộ phận bắt buộc để trống");
}

static void check_cases_known(const struct look *look, const char *list, size_t row, const struct text *cases,
                              size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (version_case(look->version, cases[i]) == NULL)
            look_fault(look, look_at(look, "/%s/%zu/cases/%zu", list, row, i), "unknown-case",
                       "không có trường hợp “%s”", cases[i].data);
}

static void check_component(const struct look *look, size_t row)
{
    const struct component *component = &look->version->components[row];
    int64_t papers = component->originals + component->certified_copies + component->plain_copies;

    for (size_t i = 0; i < row; i++)
        if (text_equal(look->version->components[i].code, component->code))
            look_fault(look, look_at(look, "/components/%zu/code", row), "duplicate-code",
                       "thành phần “%s” có hai lần", component->code.data);
    if (component->is_shown_only ? papers != 0 : papers == 0)
        look_fault(look, look_at(look, "/components/%zu", row), "component-count", "“%s” %s",
                   component->code.data,
                   component->is_shown_only ? "chỉ xuất trình thì không ghi số lượng" : "chưa có số lượng");
    for (size_t i = 0; i < component->replaceable_count; i++)
        if (term_find(&look->catalogue->databases, component->replaceable_by[i]) == NULL)
            look_fault(look, look_at(look, "/components/%zu/replaceable_by/%zu", row, i), "unknown-database",
                       "không có cơ sở dữ liệu “%s”", component->replaceable_by[i].data);
    check_cases_known(look, "components", row, component->cases, component->case_count);
}

static void check_channels(const struct look *look)
{
    const struct procedure_version *version = look->version;
    bool takes_online = (version->channels & CHANNEL_ONLINE) != 0;

    if (version->channels == 0)
        look_fault(look, look_at(look, "/channels"), "channel", "không có kênh nộp nào");
    else if (takes_online != (version->online_level != ONLINE_NONE))
        look_fault(look, look_at(look, "/channels"), "channel",
                   "kênh trực tuyến không khớp mức dịch vụ trực tuyến");
    if (version->return_channels == 0)
        look_fault(look, look_at(look, "/return_channels"), "channel", "không có kênh trả nào");
    else if (version->needs_both_present && version->return_channels != CHANNEL_COUNTER)
        look_fault(look, look_at(look, "/return_channels"), "channel",
                   "phải ký sổ trực tiếp nên chỉ trả tại quầy");
}

static void check_process(const struct look *look)
{
    const struct procedure_version *version = look->version;

    for (size_t i = 0; i < version->case_count; i++) {
        const struct procedure_case *chosen = &version->cases[i];

        for (size_t j = 0; j < i; j++)
            if (text_equal(version->cases[j].code, chosen->code))
                look_fault(look, look_at(look, "/cases/%zu/code", i), "duplicate-code",
                           "trường hợp “%s” có hai lần", chosen->code.data);
        if (chosen->step_count > 0 || chosen->limit.unit != TERM_NONE)
            check_steps(look, arena_printf(look->faults->arena, "/cases/%zu", i), chosen->steps,
                        chosen->step_count, version_limit(version, chosen));
    }
    if (version->leg_count == 0)
        check_steps(look, "", version->steps, version->step_count, version->limit);
    else
        check_legs(look);
}

static void check_version(const struct look *look)
{
    const struct procedure_version *version = look->version;

    check_parts(look);
    if (version->valid_to_day < version->valid_from_day)
        look_fault(look, look_at(look, "/valid_to"), "end-before-start", "hết hiệu lực trước khi bắt đầu");
    if (version->is_local && version->owner.length == 0)
        look_fault(look, look_at(look, "/code"), "local-owner", "mã của thủ tục địa phương thiếu mã tỉnh");
    if (version->field.length > 0 && term_find(&look->catalogue->fields, version->field) == NULL)
        look_fault(look, look_at(look, "/field"), "unknown-field", "không có lĩnh vực “%s”",
                   version->field.data);
    if (version->level.length > 0 && term_find(&look->catalogue->levels, version->level) == NULL)
        look_fault(look, look_at(look, "/level"), "unknown-term", "không có cấp “%s”", version->level.data);
    for (size_t i = 0; i < version->competence_count; i++)
        check_competence(look, look_at(look, "/competences/%zu", i), version->competences[i], version->field);
    for (size_t i = 0; i < version->component_count; i++)
        check_component(look, i);
    for (size_t i = 0; i < version->fee_count; i++)
        check_cases_known(look, "fees", i, version->fees[i].cases, version->fees[i].case_count);
    check_channels(look);
    check_fees(look);
    check_process(look);
}

void check_versions(const struct catalogue *catalogue, struct catalogue_faults *faults)
{
    for (size_t i = 0; i < catalogue->version_count; i++) {
        struct look look = {catalogue, &catalogue->versions[i], faults};
        const struct procedure_version *before = i > 0 ? look.version - 1 : NULL;

        check_version(&look);
        if (before == NULL || !text_equal(before->code, look.version->code))
            continue;
        if (before->valid_to_day >= look.version->valid_from_day)
            look_fault(&look, look_at(&look, "/valid_from"), "version-overlap",
                       "chồng thời gian hiệu lực với phiên bản %lld", (long long)before->number);
        if (before->number >= look.version->number)
            look_fault(&look, look_at(&look, "/version"), "duplicate-version",
                       "số phiên bản không lớn hơn phiên bản trước (%lld)", (long long)before->number);
    }
}
