#include "db/batch.h"

#include <stdlib.h>
#include <string.h>

#include "core/text_out.h"

static void put_element(struct text_out *out, const char *value)
{
    if (value == NULL) {
        text_out_put(out, TEXT("NULL"));
        return;
    }
    text_out_byte(out, '"');
    while (*value != '\0') {
        size_t const plain = strcspn(value, "\"\\");

        text_out_put(out, (struct text){value, plain});
        value += plain;
        if (*value != '\0') {
            text_out_byte(out, '\\');
            text_out_byte(out, *value++);
        }
    }
    text_out_byte(out, '"');
}

void batch_pack(struct arena *arena, const struct question *first, int count, const char **values)
{
    for (int i = 0; i < first->param_count; i++) {
        struct text_out out = text_out_begin(arena);
        const struct question *question = first;

        for (int k = 0; k < count; k++, question = TAILQ_NEXT(question, link)) {
            must(question != NULL && question->statement == first->statement);
            text_out_byte(&out, k == 0 ? '{' : ',');
            put_element(&out, question->values[i]);
        }
        text_out_byte(&out, '}');
        values[i] = text_out_end(&out).data;
    }
}

static int row_of(const PGresult *result, int member)
{
    for (int row = 0; row < PQntuples(result); row++)
        if (strtol(PQgetvalue(result, row, 0), NULL, 10) == member)
            return row;
    return -1;
}

PGresult *batch_row(const PGresult *result, int member)
{
    int const row = row_of(result, member);
    PGresult *own = NULL;

    if (row < 0)
        return NULL;
    own = PQcopyResult(result, PG_COPYRES_ATTRS);
    must(own != NULL);
    for (int column = 0; column < PQnfields(result); column++) {
        bool const is_null = PQgetisnull(result, row, column) != 0;

        must(PQsetvalue(own, 0, column, is_null ? NULL : PQgetvalue(result, row, column),
                        is_null ? -1 : PQgetlength(result, row, column)) != 0);
    }
    return own;
}
