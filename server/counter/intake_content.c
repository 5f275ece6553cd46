/* What intake stores as JSON: people, papers, and what the event tells. Personal data stand here and nowhere
 * else. */
#include <sodium.h>

#include "counter/intake.h"

enum { SECRET_LENGTH = 13 }; /* 13 × log2(30) = 63 bits */

static void put_if(struct json_out *out, const char *key, struct text value)
{
    if (value.length > 0)
        json_put_text(out, key, value);
}

static struct text person_json(struct req *req, const struct intake_person *person)
{
    struct json_out out = json_out_begin(req->arena);

    json_open_object(&out);
    put_if(&out, "kind", person->kind);
    json_put_text(&out, "name", person->name);
    put_if(&out, "personal_id", person->personal_id);
    put_if(&out, "passport", person->passport);
    put_if(&out, "tax_code", person->tax_code);
    put_if(&out, "phone", person->phone);
    put_if(&out, "email", person->email);
    put_if(&out, "address", person->address);
    put_if(&out, "authorisation", person->authorisation);
    json_close_object(&out);
    return json_out_end(&out);
}

static struct text event_json(struct req *req)
{
    const struct intake_body *body = req->body;
    const struct intake_item *items = body->items.items;
    struct json_out out = json_out_begin(req->arena);

    json_open_object(&out);
    json_put_text(&out, "channel", body->channel);
    put_if(&out, "reason", body->reason);
    put_if(&out, "payment_method", body->payment_method);
    if (body->items.count > 0) {
        json_key(&out, "items");
        json_open_array(&out);
        for (size_t i = 0; i < body->items.count; i++) {
            json_open_object(&out);
            json_put_text(&out, "component", items[i].component);
            json_put_text(&out, "reason", items[i].reason);
            json_close_object(&out);
        }
        json_close_array(&out);
    }
    json_close_object(&out);
    return json_out_end(&out);
}

/* Random, in 30 letters and digits that are not mistaken for each other (no I, L, O, U, 0, 1). */
static struct text lookup_secret(struct req *req)
{
    static const char alphabet[] = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
    enum { LETTERS = sizeof alphabet - 1, FAIR = 256 / LETTERS * LETTERS };
    char *secret = arena_alloc(req->arena, SECRET_LENGTH + 1);
    unsigned char drawn[2 * SECRET_LENGTH]; /* at once: each draw is a system call */
    size_t used = sizeof drawn;

    for (int i = 0; i < SECRET_LENGTH;) {
        if (used == sizeof drawn) {
            randombytes_buf(drawn, sizeof drawn);
            used = 0;
        }
        if (drawn[used] < FAIR) /* bytes above would make some letters likelier */
            secret[i++] = alphabet[drawn[used] % LETTERS];
        used++;
    }
    sodium_memzero(drawn, sizeof drawn);
    return (struct text){secret, SECRET_LENGTH};
}

static const char *owner_key(struct req *req, const struct intake_person *owner)
{
    struct text const number = owner->personal_id.length > 0 ? owner->personal_id : owner->tax_code;
    unsigned char hash[crypto_hash_sha256_BYTES];

    if (number.length == 0)
        return NULL;
    crypto_hash_sha256(hash, (const unsigned char *)number.data, number.length);
    return param_bytes(req, hash, sizeof hash);
}

void intake_write_content(struct req *req, struct intake *intake)
{
    const struct intake_body *body = req->body;
    struct dossier_view *view = intake->view;

    view->owner = person_json(req, body->owner);
    view->submitter = body->submitter != NULL ? person_json(req, body->submitter) : TEXT_NONE;
    view->components = papers_json(req, view->version, body->components);
    view->note = body->note.data != NULL ? body->note : TEXT(""); /* as the table keeps it */
    view->lookup_secret = lookup_secret(req);
    intake->owner_key = owner_key(req, body->owner);
    intake->input = event_json(req);
}
