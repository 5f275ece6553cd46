#pragma once
/*
 * Text as a slice: where it starts and how long it is. A slice owns nothing; whoever made the bytes does.
 * No function here needs a NUL behind the bytes, and none trusts a locale.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "core/arena.h"
#include "core/must.h"

struct text {
    const char *data;
    size_t length;
};

#define TEXT(literal) ((struct text){.data = (literal), .length = sizeof(literal) - 1})
#define TEXT_NONE     ((struct text){.data = NULL, .length = 0})
/* For printf: "%.*s", TEXT_ARG(t) */
#define TEXT_ARG(t) (int)(t).length, (t).data != NULL ? (t).data : ""

static inline struct text text_of(const char *nul_terminated)
{
    return nul_terminated == NULL ? TEXT_NONE
                                  : (struct text){.data = nul_terminated, .length = strlen(nul_terminated)};
}

static inline bool text_equal(struct text a, struct text b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

/* ASCII letters fold, everything else must be the same byte: for header names and tokens. */
bool text_equal_fold(struct text a, struct text b);
bool text_starts(struct text whole, struct text start);
/* Without ASCII blanks (space, tab, CR, LF) on both ends. */
struct text text_trim(struct text whole);
/* The part before the first `separator`, *rest behind it; where there is none: the whole, and *rest is empty
 * with data == NULL. */
struct text text_cut(struct text whole, char separator, struct text *rest);
/* Decimal digits only, 1–18 of them; false leaves *value alone. */
MUST_USE bool text_to_i64(struct text digits, int64_t *value);
char *text_copy(struct arena *arena, struct text t);

/* Exact UTF-8 (no surrogates, no overlongs), and no U+0000. */
MUST_USE bool text_is_utf8(struct text t);
/* The NFC form, in the arena; the same slice where it is NFC already. t must be UTF-8. */
struct text text_nfc(struct arena *arena, struct text t);
/* Nothing that cannot stand on paper or makes it read otherwise than it is: no control character but TAB, CR
 * and LF, no line or paragraph separator, no mark that turns the direction of writing, no noncharacter.
 * t must be UTF-8. */
MUST_USE bool text_is_printable(struct text t);
/* Something can be seen of it: not blanks and characters without width alone. t must be UTF-8. */
MUST_USE bool text_is_visible(struct text t);
/* Its words with one space between them: blanks of any kind and number count as one, what has no width as
 * none. In the arena; t must be UTF-8. */
struct text text_words(struct arena *arena, struct text t);
/* Two spellings of one name: capitals, blanks, and how diacritics are encoded, make no difference; the
 * diacritics do. Both must be UTF-8. */
MUST_USE bool text_is_same_name(struct arena *arena, struct text a, struct text b);
/* Code points of t, which must be UTF-8. */
size_t text_points(struct text t);
