#include "dossier/sheet_facts.h"

#include "core/instant.h"

struct json_out sheet_begin(struct arena *arena, const char *title, const char *about,
                            const struct sheet_column *columns, size_t count)
{
    static const char *const kinds[] = {[SHEET_TEXT] = "TEXT",
                                        [SHEET_NUMBER] = "NUMBER",
                                        [SHEET_MONEY] = "MONEY",
                                        [SHEET_INSTANT] = "INSTANT"};
    struct json_out out = json_out_begin(arena);

    json_open_object(&out);
    json_put_string(&out, "title", title);
    json_put_string(&out, "about", about);
    json_key(&out, "columns");
    json_open_array(&out);
    for (size_t i = 0; i < count; i++) {
        json_open_object(&out);
        json_put_string(&out, "title", columns[i].title);
        json_put_string(&out, "kind", kinds[columns[i].kind]);
        json_put_i64(&out, "width", columns[i].width);
        json_close_object(&out);
    }
    json_close_array(&out);
    json_key(&out, "rows");
    json_open_array(&out);
    return out;
}

struct text sheet_end(struct json_out *out)
{
    json_close_array(out);
    json_close_object(out);
    return json_out_end(out);
}

void sheet_instant(struct json_out *out, int64_t at_s)
{
    char at[INSTANT_TEXT_BYTES];

    if (at_s == 0)
        json_null(out);
    else
        json_text(out, text_of(instant_format(at, at_s)));
}
