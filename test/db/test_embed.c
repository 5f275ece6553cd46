/* A statement's head says what the statement does, or the build fails where it lies. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/must.h"
#include "db_fixture.h"

enum { SAID_BYTES = 2048, COMMAND_BYTES = 2048 };

static char folder[64] = "/tmp/motcua-embed-XXXXXX";

/* Embeds one file `trial.sql` with this text; what the tool said, cut of its folder's name. */
static const char *embed(const char *text)
{
    static char said[SAID_BYTES];
    char command[COMMAND_BYTES];
    FILE *file = NULL;
    size_t length = 0;

    snprintf(command, sizeof(command), "%s/trial.sql", folder);
    file = fopen(command, "wb");
    must(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
    snprintf(command, sizeof(command), "cd %s && %s . --statements trial.sql --migrations 2>&1", folder,
             EMBED_SQL);
    file = popen(command, "r");
    must(file != NULL);
    length = fread(said, 1, sizeof(said) - 1, file);
    said[length] = '\0';
    pclose(file);
    return said;
}

#define HEAD       "-- trial: what it is for.\n-- lane: read\n"
#define BATCH_HEAD "-- trial: what it is for.\n-- lane: write\n-- retry: yes\n-- batch: 4\n"

static void a_wrong_head_fails_with_its_place(void **state)
{
    static const struct {
        const char *text, *said;
    } rows[] = {
        {"SELECT 1;\n", "trial.sql:1: should begin with '-- trial: what it is for.'"},
        {"-- other: what.\n-- lane: read\n-- > x int4\nSELECT 1 AS x;\n", "trial.sql:1: should begin with"},
        {"-- trial: what.\n-- > x int4\nSELECT 1 AS x;\n",
         "trial.sql:2: lacks 'lane: read' or 'lane: write'"},
        {"-- trial: what.\n-- lane: both\n-- > x int4\nSELECT 1 AS x;\n",
         "trial.sql:2: should be 'lane: read'"},
        {HEAD "-- batch: 1\n-- > x int4\nSELECT 1 AS x;\n", "trial.sql:3: should be 'batch: N'"},
        {HEAD "-- batch: 4\n-- > member int8\nSELECT 1 AS member;\n",
         "trial.sql:3: a batch is of 'lane: write'"},
        {BATCH_HEAD "-- > x int4\nSELECT 1 AS x;\n", "trial.sql:4: the first column of a batch"},
        {BATCH_HEAD "-- $1 a int8\n-- > member int8\nSELECT $1 AS member;\n", "trial.sql:4: every parameter"},
        {HEAD "SELECT 1 AS x;\n", "trial.sql:2: lacks its columns"},
        {HEAD "-- $1 x int4\n-- > x int4\nSELECT 1 AS x;\n",
         "trial.sql:3: $1 is named in the head and not used"},
        {HEAD "-- > x int4\nSELECT $1 AS x;\n", "$1 is used and not named in the head"},
        {HEAD "-- $1 a int4, $3 b int4\n-- > x int4\nSELECT $1 + $2 AS x;\n",
         "trial.sql:3: parameter 2 should be"},
        {HEAD "-- $1 int4\n-- > x int4\nSELECT $1 AS x;\n", "trial.sql:3: parameter 1 should be"},
        {HEAD "-- > x number\nSELECT 1 AS x;\n", "trial.sql:3: item 1: no known type 'number'"},
        {HEAD "-- > x\nSELECT 1 AS x;\n", "trial.sql:3: item 1: should be a name and a type"},
        {HEAD "-- > x int4, x int4\nSELECT 1 AS x, 2 AS x;\n", "trial.sql:3: column 'x' stands twice"},
        {HEAD "-- > count int8\nSELECT 1 AS count;\n", "trial.sql:3: no column may be named 'count'"},
        {HEAD "-- > x int4\nSELECT 1 AS x; DELETE FROM t;\n", "trial.sql:1: holds more than one statement"},
        {HEAD "-- > x int4\n", "has a head and no statement"},
        {HEAD "-- something else\n-- > x int4\nSELECT 1 AS x;\n", "trial.sql:3: neither parameters"},
    };
    (void)state;
    for (size_t i = 0; i < array_length(rows); i++)
        if (strstr(embed(rows[i].text), rows[i].said) == NULL)
            fail_msg("%s: %s", rows[i].text, embed(rows[i].text));
}

static void a_right_head_is_taken(void **state)
{
    static const char *const texts[] = {
        HEAD "-- > x int4\nSELECT 1 AS x;\n",
        HEAD "-- > nothing\nSELECT;\n",
        "-- trial: what it is\n--   for in two lines.\n-- lane: write\n-- retry: yes\n-- $1 first word "
        "text[],\n"
        "-- $2 second uuid\n-- > x text,\n--   y int8\nSELECT $1::text AS x, 1 AS y -- ; it's $2\n;\n\n",
        HEAD "-- > x text\nSELECT 'a; b' AS x;\n",
    };
    (void)state;
    for (size_t i = 0; i < array_length(texts); i++)
        if (embed(texts[i])[0] != '\0')
            fail_msg("%s", embed(texts[i]));
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL ? -1 : 0;
}

static int remove_folder(void **state)
{
    char command[COMMAND_BYTES];

    (void)state;
    snprintf(command, sizeof(command), "rm -rf %s", folder);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wrong_head_fails_with_its_place),
        cmocka_unit_test(a_right_head_is_taken),
    };
    return cmocka_run_group_tests_name("embed", tests, make_folder, remove_folder);
}
