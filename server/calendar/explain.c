#include "calendar/explain.h"

#include "calendar/table.h"

struct sentence {
    const char *words, *source;
};

static struct sentence move_sentence(enum calendar_move move)
{
    switch (move) {
    case CALENDAR_MOVE_NONE: return (struct sentence){NULL, NULL};
    case CALENDAR_MOVE_BEFORE_OPENING:
        return (struct sentence){"Nhận trước giờ làm việc: tính từ giờ mở cửa trong ngày.",
                                 "QĐ 188/1999/QĐ-TTg; lịch làm việc của cơ quan"};
    case CALENDAR_MOVE_BREAK:
        return (struct sentence){"Nhận trong giờ nghỉ giữa buổi: tính từ giờ mở cửa của buổi kế tiếp.",
                                 "QĐ 188/1999/QĐ-TTg; lịch làm việc của cơ quan"};
    case CALENDAR_MOVE_AFTER_CLOSING:
        return (struct sentence){"Nhận sau giờ làm việc: tính từ giờ mở cửa của ngày làm việc kế tiếp.",
                                 "QĐ 188/1999/QĐ-TTg; lịch làm việc của cơ quan"};
    case CALENDAR_MOVE_OFF_DAY:
        return (struct sentence){"Nhận vào ngày nghỉ: tính từ giờ mở cửa của ngày làm việc kế tiếp.",
                                 "QĐ 188/1999/QĐ-TTg; BLLĐ Điều 111, Điều 112"};
    case CALENDAR_MOVE_LAST_HOUR:
        return (struct sentence){
            "Nhận trong giờ làm việc cuối cùng của ngày: tính từ giờ mở cửa của ngày làm việc kế tiếp.",
            "NĐ 297/2025/NĐ-CP"};
    }
    unreachable();
}

static struct sentence count_sentence(const struct calendar_limit *limit, const struct calendar_due *due)
{
    switch (limit->unit) {
    case CALENDAR_NO_LIMIT: return (struct sentence){NULL, NULL};
    case CALENDAR_WORK_DAY:
        return (struct sentence){
            "Tính theo ngày làm việc, không tính ngày nhận; hết hạn khi hết giờ làm việc của "
            "ngày cuối cùng.",
            "BLDS Điều 147, Điều 148"};
    case CALENDAR_CAL_DAY:
        return (struct sentence){
            "Tính theo ngày liên tục, không tính ngày nhận; ngày cuối cùng là ngày nghỉ thì hết "
            "hạn vào ngày làm việc kế tiếp.",
            "BLDS Điều 147, Điều 148"};
    case CALENDAR_MONTH:
        return (struct sentence){
            "Tính theo tháng, đến ngày tương ứng; ngày cuối cùng là ngày nghỉ thì hết hạn vào "
            "ngày làm việc kế tiếp.",
            "BLDS Điều 146, Điều 148"};
    case CALENDAR_WORK_HOUR:
        return (struct sentence){"Tính theo giờ làm việc, một ngày làm việc là 8 giờ.", "QĐ 188/1999/QĐ-TTg"};
    case CALENDAR_SAME_DAY_15:
        if (due->is_after_15)
            return (struct sentence){"Nhận sau 15 giờ: trả kết quả trong ngày làm việc kế tiếp.",
                                     "NĐ 23/2015/NĐ-CP Điều 7"};
        return (struct sentence){"Nhận không muộn hơn 15 giờ: trả kết quả trong ngày.",
                                 "NĐ 23/2015/NĐ-CP Điều 7"};
    }
    unreachable();
}

/* Days off in [from, to]. */
static void skip_days(const struct calendar *calendar, int32_t from_day, int32_t to_day,
                      struct calendar_explanation *explanation)
{
    for (int32_t day = from_day; day <= to_day; day++) {
        struct calendar_day const info = calendar_day_of(calendar, day);

        if (info.session_count > 0)
            continue;
        explanation->skip_total++;
        if (explanation->skip_count < explanation->skip_max)
            explanation->skips[explanation->skip_count++] =
                (struct calendar_skip){.day = day, .kind = info.kind, .name = info.name};
    }
}

void calendar_due_explain(const struct calendar *calendar, const struct calendar_limit *limit,
                          const struct calendar_due *due, struct calendar_explanation *explanation)
{
    struct sentence const move = move_sentence(due->move), count = count_sentence(limit, due);
    int32_t const received_day = instant_day(due->received_s), start_day = instant_day(due->starts_s);

    must(explanation->skips != NULL || explanation->skip_max == 0);
    explanation->skip_count = 0;
    explanation->skip_total = 0;
    explanation->move = move.words;
    explanation->move_source = move.source;
    explanation->count = count.words;
    explanation->count_source = count.source;
    explanation->warning =
        due->is_uncertain ? "Lịch nghỉ của thời gian này chưa được thông báo đủ; hạn có thể thay đổi." : NULL;
    if (due->due_clock_s == 0 || due->raw_end_day >= 0)
        skip_days(calendar, received_day, start_day, explanation);
    if (due->raw_end_day >= 0)
        skip_days(calendar, due->raw_end_day, instant_day(due->due_clock_s), explanation);
    else if (due->due_clock_s != 0)
        skip_days(calendar, received_day, instant_day(due->due_clock_s), explanation);
}

const char *calendar_day_kind_source(enum calendar_day_kind kind)
{
    switch (kind) {
    case CALENDAR_DAY_PLAIN: return NULL;
    case CALENDAR_DAY_WEEKEND: return "QĐ 188/1999/QĐ-TTg";
    case CALENDAR_DAY_HOLIDAY: return "BLLĐ Điều 112";
    case CALENDAR_DAY_COMP_OFF: return "BLLĐ Điều 111 khoản 3";
    case CALENDAR_DAY_SWAP_OFF: return "Thông báo nghỉ hoán đổi hằng năm";
    case CALENDAR_DAY_MAKEUP_WORK: return "Thông báo nghỉ hoán đổi hằng năm";
    case CALENDAR_DAY_CLOSED: return "Quyết định cho cơ quan ngừng làm việc";
    case CALENDAR_DAY_OWN_HOURS: return "Lịch làm việc của cơ quan";
    }
    unreachable();
}
