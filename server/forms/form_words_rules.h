#pragma once
/*
 * How forms write numbers and times: amounts in Vietnamese words and with dots, dates and moments as the law
 * on layout of documents wants them, counts with a leading zero, identity numbers masked. Pure; every text
 * returned lives in the arena and is NFC.
 */
#include <stdint.h>

#include "core/arena.h"
#include "core/text.h"

/* The word for an empty tens place: "một trăm linh năm" in the north, "một trăm lẻ năm" in the south. */
enum form_zero_tens { FORM_LINH, FORM_LE };

/* "Một triệu hai trăm năm mươi nghìn đồng". amount is whole đồng and not negative. */
struct text form_amount_words(struct arena *arena, int64_t amount, enum form_zero_tens zero_tens);
/* "1.250.000" */
struct text form_money(struct arena *arena, int64_t amount);
/* "01", "12": numbers below ten get a leading zero. */
struct text form_count(struct arena *arena, int64_t count);
/* "ngày 05 tháng 02 năm 2026": days below 10 and the months 1 and 2 get a zero, the months 3–9 none. */
struct text form_date(struct arena *arena, int64_t at_s);
/* "08 giờ 05 phút, ngày 05 tháng 02 năm 2026" */
struct text form_moment(struct arena *arena, int64_t at_s);
/* For tables: "02/03/2026"; "08:05\n02/03/2026". */
struct text form_short_day(struct arena *arena, int64_t at_s);
struct text form_short_moment(struct arena *arena, int64_t at_s);
/* The same text, never broken at its blanks: a telephone number stays on one line. */
struct text form_unbroken(struct arena *arena, struct text text);
/* "*********123": all but the last three characters. Three or fewer are masked altogether. */
struct text form_masked(struct arena *arena, struct text number);
