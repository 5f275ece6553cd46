#include "ledger/proof/note.h"

#include <inttypes.h>
#include <sodium.h>

#define DASH "\xe2\x80\x94 "

enum { DASH_BYTES = sizeof DASH - 1, COSIGNED_BYTES_MAX = LEDGER_NOTE_BYTES_MAX + 64 };

static bool read_line(struct text line, struct ledger_note_line *out)
{
    uint8_t bytes[4 + sizeof out->signature];
    size_t length = 0;
    struct text rest, encoded;

    if (!text_starts(line, (struct text){DASH, DASH_BYTES}))
        return false;
    *out = (struct ledger_note_line){.whole = line};
    rest = (struct text){line.data + DASH_BYTES, line.length - DASH_BYTES};
    out->name = text_cut(rest, ' ', &encoded);
    if (out->name.length == 0 || out->name.length > LEDGER_NAME_BYTES_MAX ||
        memchr(out->name.data, '+', out->name.length) != NULL ||
        !ledger_base64_read(encoded, bytes, sizeof bytes, &length) || length <= 4)
        return false;
    out->id = (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
    out->signature_bytes = length - 4;
    memcpy(out->signature, bytes + 4, out->signature_bytes);
    return true;
}

static bool is_note_text(struct text source)
{
    for (size_t i = 0; i < source.length; i++)
        if ((unsigned char)source.data[i] < 0x20 && source.data[i] != '\n')
            return false;
    return text_is_utf8(source);
}

bool ledger_note_read(struct text source, struct ledger_note *note)
{
    struct text rest = source;
    const char *split = NULL;

    note->line_count = 0;
    if (source.length == 0 || source.length > LEDGER_NOTE_BYTES_MAX || !is_note_text(source) ||
        source.data[source.length - 1] != '\n')
        return false;
    for (size_t i = source.length - 1; i > 0 && split == NULL; i--) /* the last empty line */
        if (source.data[i] == '\n' && source.data[i - 1] == '\n')
            split = source.data + i;
    if (split == NULL || split - source.data < 2)
        return false;
    note->body = (struct text){source.data, (size_t)(split - source.data)};
    rest = (struct text){split + 1, source.length - note->body.length - 1};
    while (rest.length > 0) {
        struct text const line = text_cut(rest, '\n', &rest);

        if (note->line_count == LEDGER_NOTE_LINES_MAX || !read_line(line, &note->lines[note->line_count]))
            return false;
        note->line_count++;
    }
    return note->line_count > 0;
}

/* What a cosignature signs: the body with its time before it. */
static size_t cosigned(struct text body, int64_t time_s, char message[COSIGNED_BYTES_MAX])
{
    int const head = snprintf(message, COSIGNED_BYTES_MAX, "cosignature/v1\ntime %" PRId64 "\n", time_s);

    must(head > 0 && (size_t)head + body.length <= COSIGNED_BYTES_MAX);
    memcpy(message + head, body.data, body.length);
    return (size_t)head + body.length;
}

static bool is_good(struct text body, const struct ledger_note_line *line, const struct ledger_key *key,
                    int64_t *time_s)
{
    char message[COSIGNED_BYTES_MAX];
    uint64_t at = 0;

    if (key->type == LEDGER_KEY_SIGNATURE)
        return line->signature_bytes == 64 &&
               crypto_sign_verify_detached(line->signature, (const uint8_t *)body.data, body.length,
                                           key->public_key) == 0;
    if (line->signature_bytes != 72)
        return false;
    for (size_t i = 0; i < 8; i++)
        at = at << 8 | line->signature[i];
    if (at > (uint64_t)LEDGER_NUMBER_MAX)
        return false;
    if (time_s != NULL)
        *time_s = (int64_t)at;
    return crypto_sign_verify_detached(line->signature + 8, (const uint8_t *)message,
                                       cosigned(body, (int64_t)at, message), key->public_key) == 0;
}

bool ledger_note_is_signed(const struct ledger_note *note, const struct ledger_key *key, int64_t *time_s)
{
    bool is_found = false;

    for (size_t i = 0; i < note->line_count; i++) {
        const struct ledger_note_line *line = &note->lines[i];

        if (line->id != key->id || !text_equal(line->name, key->name))
            continue;
        if (!is_good(note->body, line, key, time_s))
            return false;
        is_found = true;
    }
    return is_found;
}

struct text ledger_note_sign(struct arena *arena, struct text body, const struct ledger_signer *signer,
                             int64_t time_s)
{
    uint32_t const id = signer->key.id;
    uint8_t bytes[4 + 72] = {(uint8_t)(id >> 24), (uint8_t)(id >> 16), (uint8_t)(id >> 8), (uint8_t)id};
    char message[COSIGNED_BYTES_MAX];
    size_t length = 4 + 64;

    must(body.length > 0 && body.length <= LEDGER_NOTE_BYTES_MAX && body.data[body.length - 1] == '\n');
    if (signer->key.type == LEDGER_KEY_COSIGNATURE) {
        for (size_t i = 0; i < 8; i++)
            bytes[4 + i] = (uint8_t)((uint64_t)time_s >> (56 - 8 * i));
        must(crypto_sign_detached(bytes + 12, NULL, (const uint8_t *)message, cosigned(body, time_s, message),
                                  signer->secret) == 0);
        length = sizeof bytes;
    } else {
        must(crypto_sign_detached(bytes + 4, NULL, (const uint8_t *)body.data, body.length, signer->secret) ==
             0);
    }
    return text_of(arena_printf(arena, DASH "%.*s %s\n", TEXT_ARG(signer->key.name),
                                ledger_base64(arena, bytes, length).data));
}

bool ledger_checkpoint_read(struct text body, struct ledger_checkpoint *checkpoint)
{
    struct text rest, size, root;
    size_t length = 0;

    if (body.length == 0 || body.data[body.length - 1] != '\n')
        return false;
    checkpoint->origin = text_cut(body, '\n', &rest);
    size = text_cut(rest, '\n', &rest);
    root = text_cut(rest, '\n', &rest);
    if (checkpoint->origin.length == 0 || checkpoint->origin.length > LEDGER_NAME_BYTES_MAX ||
        !text_to_i64(size, &checkpoint->size) || checkpoint->size > LEDGER_NUMBER_MAX ||
        (size.length > 1 && size.data[0] == '0'))
        return false;
    return ledger_base64_read(root, checkpoint->root.bytes, sizeof checkpoint->root.bytes, &length) &&
           length == LEDGER_HASH_BYTES;
}

struct text ledger_checkpoint_write(struct arena *arena, const struct ledger_checkpoint *checkpoint)
{
    return text_of(
        arena_printf(arena, "%.*s\n%" PRId64 "\n%s\n", TEXT_ARG(checkpoint->origin), checkpoint->size,
                     ledger_base64(arena, checkpoint->root.bytes, sizeof checkpoint->root.bytes).data));
}
