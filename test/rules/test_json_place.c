/* Where a fault stands in its file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/json_place.h"

static const char document[] = "\n{\"a\": 1,\n"                 /* 2 */
                               " \"b\": [\"x,]}\\\"\",\n"       /* 3 */
                               "   {\"c\": null,\n"             /* 4 */
                               "    \"d\":\n"                   /* 5 */
                               "      [[], {\"e\": true}]}],\n" /* 6 */
                               " \"f\": \"g\"}\n";              /* 7 */

static const struct {
    const char *pointer;
    size_t line;
} rows[] = {{"", 2},         {"/a", 2},     {"/b", 3},         {"/b/0", 3},   {"/b/1", 4},
            {"/b/1/c", 4},   {"/b/1/d", 6}, {"/b/1/d/1/e", 6}, {"/f", 7},     {"/missing", 2},
            {"/b/1/new", 4}, {"/b/9", 3},   {"/b/x", 3},       {"/a/deep", 2}};

static void every_pointer_has_its_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < array_length(rows); i++)
        if (json_line(text_of(document), rows[i].pointer) != rows[i].line)
            fail_msg("%s: %zu, expected %zu", rows[i].pointer, json_line(text_of(document), rows[i].pointer),
                     rows[i].line);
}

/* A text cut anywhere is never read past its end. */
static void cut_texts(void **state)
{
    (void)state;
    for (size_t length = 0; length < sizeof document; length++)
        for (size_t i = 0; i < array_length(rows); i++)
            assert_in_range(json_line((struct text){document, length}, rows[i].pointer), 1, 8);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pointer_has_its_line),
        cmocka_unit_test(cut_texts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
