#include "forms/form_words_rules.h"

#include "core/instant.h"

enum {
    WORDS_BYTES_MAX = 512, /* the longest reading of an int64_t is 9 groups of at most 45 bytes */
    BILLION = 1000000000,
};

static const char *const digit_words[] = {"không", "một", "hai", "ba",  "bốn",
                                          "năm",   "sáu", "bảy", "tám", "chín"};

struct words {
    char data[WORDS_BYTES_MAX];
    size_t length;
    const char *zero_tens;
};

static void words_add(struct words *words, const char *word)
{
    size_t length = strlen(word);

    must(words->length + length + 1 < sizeof words->data);
    if (words->length > 0)
        words->data[words->length++] = ' ';
    memcpy(words->data + words->length, word, length);
    words->length += length;
}

static void words_add_units(struct words *words, unsigned tens, unsigned units)
{
    if (units == 0)
        return;
    if (units == 1 && tens >= 2)
        words_add(words, "mốt");
    else if (units == 4 && tens >= 2)
        words_add(words, "tư");
    else if (units == 5 && tens >= 1)
        words_add(words, "lăm");
    else
        words_add(words, digit_words[units]);
}

/* 1–999. Behind a higher group the hundreds are always named: "một triệu không trăm linh năm". */
static void words_add_group(struct words *words, unsigned value, bool is_first)
{
    unsigned hundreds = value / 100;
    unsigned tens = value / 10 % 10;
    unsigned units = value % 10;

    must(value >= 1 && value <= 999);
    if (hundreds > 0 || !is_first) {
        words_add(words, digit_words[hundreds]);
        words_add(words, "trăm");
    }
    if (tens == 1) {
        words_add(words, "mười");
    } else if (tens >= 2) {
        words_add(words, digit_words[tens]);
        words_add(words, "mươi");
    } else if (units > 0 && (hundreds > 0 || !is_first)) {
        words_add(words, words->zero_tens);
    }
    words_add_units(words, tens, units);
}

/* Above a tỷ the reading starts anew and "tỷ" follows: 10^12 is "một nghìn tỷ", 10^18 "một tỷ tỷ". */
static void words_add_number(struct words *words, int64_t value, bool is_first)
{
    static const struct {
        int64_t size;
        const char *name;
    } groups[] = {{1000000, "triệu"}, {1000, "nghìn"}, {1, NULL}};

    if (value >= BILLION) {
        words_add_number(words, value / BILLION, is_first);
        words_add(words, "tỷ");
        is_first = false;
    }
    for (size_t i = 0; i < array_length(groups); i++) {
        unsigned group = (unsigned)(value % BILLION / groups[i].size % 1000);

        if (group == 0)
            continue;
        words_add_group(words, group, is_first);
        if (groups[i].name != NULL)
            words_add(words, groups[i].name);
        is_first = false;
    }
}

static struct text words_text(struct arena *arena, const char *data, size_t length)
{
    return (struct text){.data = arena_copy(arena, data, length), .length = length};
}

struct text form_amount_words(struct arena *arena, int64_t amount, enum form_zero_tens zero_tens)
{
    struct words words = {.zero_tens = zero_tens == FORM_LE ? "lẻ" : "linh"};

    must(amount >= 0);
    if (amount == 0)
        words_add(&words, "không");
    else
        words_add_number(&words, amount, true);
    words_add(&words, "đồng");
    /* All first letters are ASCII: a word of a digit never starts with đ. */
    words.data[0] = (char)(words.data[0] - 'a' + 'A');
    return words_text(arena, words.data, words.length);
}

struct text form_money(struct arena *arena, int64_t amount)
{
    char backwards[32];
    char data[32];
    size_t length = 0;

    must(amount >= 0);
    for (unsigned digits = 0; digits == 0 || amount > 0; digits++, amount /= 10) {
        if (digits > 0 && digits % 3 == 0)
            backwards[length++] = '.';
        backwards[length++] = (char)('0' + amount % 10);
    }
    for (size_t i = 0; i < length; i++)
        data[i] = backwards[length - 1 - i];
    return words_text(arena, data, length);
}

struct text form_count(struct arena *arena, int64_t count)
{
    must(count >= 0);
    return text_of(arena_printf(arena, "%02lld", (long long)count));
}

struct text form_date(struct arena *arena, int64_t at_s)
{
    int year;
    int month;
    int day;

    day_to_civil(instant_day(at_s), &year, &month, &day);
    return text_of(arena_printf(
        arena, month <= 2 ? "ngày %02d tháng %02d năm %d" : "ngày %02d tháng %d năm %d", day, month, year));
}

struct text form_moment(struct arena *arena, int64_t at_s)
{
    int32_t second = instant_second_of_day(at_s);

    return text_of(arena_printf(arena, "%02d giờ %02d phút, %.*s", second / 3600, second / 60 % 60,
                                TEXT_ARG(form_date(arena, at_s))));
}

struct text form_short_day(struct arena *arena, int64_t at_s)
{
    int year;
    int month;
    int day;

    day_to_civil(instant_day(at_s), &year, &month, &day);
    return text_of(arena_printf(arena, "%02d/%02d/%d", day, month, year));
}

struct text form_short_moment(struct arena *arena, int64_t at_s)
{
    int32_t second = instant_second_of_day(at_s);

    return text_of(arena_printf(arena, "%02d:%02d\n%.*s", second / 3600, second / 60 % 60,
                                TEXT_ARG(form_short_day(arena, at_s))));
}

struct text form_unbroken(struct arena *arena, struct text text)
{
    struct text rest = text;
    const char *whole = "";

    while (rest.data != NULL) {
        struct text const word = text_cut(rest, ' ', &rest);

        whole = arena_printf(arena, "%s%.*s%s", whole, TEXT_ARG(word), rest.data != NULL ? "\u00a0" : "");
    }
    return text_of(whole);
}

struct text form_masked(struct arena *arena, struct text number)
{
    enum { SHOWN = 3 };
    char *data = arena_copy(arena, number.data, number.length);
    size_t hidden = number.length > SHOWN ? number.length - SHOWN : number.length;

    memset(data, '*', hidden);
    return (struct text){.data = data, .length = number.length};
}
