/* Parameters of questions in their text form, and the cursors of lists. */
#include "path/path.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "core/config.h"
#include "core/instant.h"

const char *param_text(struct req *req, struct text value)
{
    return value.data == NULL ? NULL : text_copy(req->arena, value);
}

const char *param_i64(struct req *req, int64_t value)
{
    return arena_printf(req->arena, "%" PRId64, value);
}

const char *param_i64_or_null(struct req *req, int64_t value)
{
    return value == 0 || value == FIELD_ABSENT ? NULL : param_i64(req, value);
}

const char *param_instant(struct req *req, int64_t at_s)
{
    return at_s == 0 || at_s == FIELD_ABSENT
               ? NULL
               : instant_format(arena_alloc(req->arena, INSTANT_TEXT_BYTES), at_s);
}

const char *param_bool(bool value)
{
    return value ? "t" : "f";
}

const char *param_bytes(struct req *req, const void *bytes, size_t length)
{
    char *hex = arena_alloc(req->arena, 2 + 2 * length + 1);

    hex[0] = '\\';
    hex[1] = 'x';
    sodium_bin2hex(hex + 2, 2 * length + 1, bytes, length);
    return hex;
}

/* A cursor tells a position in an order, nothing secret; base64 keeps callers from building on its inside. */
struct text cursor_write(struct req *req, struct text position)
{
    size_t const size = sodium_base64_ENCODED_LEN(position.length, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *encoded = arena_alloc(req->arena, size);

    sodium_bin2base64(encoded, size, (const unsigned char *)position.data, position.length,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return text_of(encoded);
}

bool cursor_read(struct req *req, struct text cursor, struct text *position)
{
    char *decoded = arena_alloc(req->arena, cursor.length + 1);
    size_t length;

    if (sodium_base642bin((unsigned char *)decoded, cursor.length, cursor.data, cursor.length, NULL, &length,
                          NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
        return false;
    decoded[length] = '\0';
    *position = (struct text){decoded, length};
    return text_is_utf8(*position);
}

static bool is_timestamp(struct text t)
{
    for (size_t i = 0; i < t.length; i++)
        if ((t.data[i] < '0' || t.data[i] > '9') && strchr("-: +.", t.data[i]) == NULL)
            return false;
    return t.length >= 19 && t.length <= 40;
}

/* What anybody else wrote is refused; what has no deadline stands at infinity. */
bool instant_position_read(struct req *req, struct text position, const char **after, const char **after_id)
{
    struct text id;
    struct text const at = text_cut(position, '|', &id);
    int64_t number;

    if ((!text_equal(at, TEXT("infinity")) && !is_timestamp(at)) || !text_to_i64(id, &number))
        return false;
    *after = text_copy(req->arena, at);
    *after_id = text_copy(req->arena, id);
    return true;
}

bool instant_cursor_read(struct req *req, struct text cursor, const char **after, const char **after_id)
{
    struct text position;

    *after = "-infinity";
    *after_id = "0";
    return cursor.data == NULL ||
           (cursor_read(req, cursor, &position) && instant_position_read(req, position, after, after_id));
}

int64_t worker_now(const struct worker *worker)
{
    return instant_now() + worker->config->time_clock_offset_ms / 1000;
}
