#include "lookup/page_parts.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>

#include "core/instant.h"

static const char style[] =
    "*{box-sizing:border-box}body{margin:0 auto;max-width:42rem;padding:1rem;font:1.125rem/1.5 "
    "system-ui,'Segoe UI',Roboto,'Noto Sans',sans-serif;color:#1a1a1a;background:#fff;overflow-wrap:anywhere}"
    "header{border-bottom:4px solid #a4161a;padding-bottom:.5rem}nav a{display:inline-block;padding:.25rem 0;"
    "margin-right:1.25rem}h1{font-size:1.375rem;line-height:1.3;margin:.25rem 0}h2{font-size:1.125rem;"
    "margin:1.5rem 0 .5rem}.state{font-size:1.375rem;font-weight:700;border-left:6px solid #0b5d1e;"
    "padding:.5rem .75rem;background:#eef6ef;margin:1rem 0}.wait{border-color:#8a4b00;background:#fff4e5}"
    "dl{margin:0}dt{color:#4a4a4a;margin-top:.75rem}dd{margin:0;font-weight:600}ol,ul{padding-left:1.5rem;"
    "margin:.5rem 0}li{margin:.5rem 0}.list{list-style:none;padding:0}.list>li{border-top:1px solid #bbb;"
    "padding:.6rem 0;margin:0}.list>li>a{font-weight:600}.quiet{color:#4a4a4a;font-size:1rem}.quiet "
    "b{color:#1a1a1a}"
    "label{display:block;font-weight:600;margin-top:1rem}input,select{font:inherit;width:100%;padding:.6rem;"
    "border:2px solid "
    "#1a1a1a;border-radius:4px;background:#fff;color:#1a1a1a}button{font:inherit;font-weight:700;"
    "margin-top:1rem;padding:.7rem 1.25rem;min-height:44px;border:0;border-radius:4px;background:#1d4f91;"
    "color:#fff}a{color:#1d4f91}:focus-visible{outline:3px solid "
    "#b54708;outline-offset:2px}.news:not(:empty){"
    "border:2px solid #1d4f91;padding:.5rem .75rem}footer{margin-top:2rem;border-top:1px solid #bbb;"
    "padding-top:.5rem;font-size:1rem}@media "
    "print{body{max-width:none;padding:0;font-size:12pt}form,button,nav,"
    ".news{display:none}a{color:#000;text-decoration:none}li,dd{break-inside:avoid}h2{break-after:avoid}}";

/* A button to print, and word when the dossier has moved since this page was made: looked at when the citizen
 * comes back to it, at most twice a minute. */
static const char script[] =
    "(()=>{const d=document,m=d.querySelector('main'),c=m.dataset.code,v='\"'+m.dataset.version+'\"',"
    "b=d.createElement('button');b.type='button';b.textContent='In trang "
    "này';b.onclick=()=>print();m.append(b);"
    "let "
    "t=Date.now();c&&d.addEventListener('visibilitychange',async()=>{if(d.hidden||Date.now()-t<3e4)return;"
    "t=Date.now();try{const a=await "
    "fetch('/api/v1/lookup/'+encodeURIComponent(c),{headers:{'If-None-Match':v}});"
    "if(a.status===200&&a.headers.get('ETag')!==v)d.querySelector('.news').textContent="
    "'Hồ sơ vừa có thay đổi. Hãy tra cứu lại để xem tình trạng mới.'}catch{}})})()";

static char policy[384];

static void hash_of(const char *source, size_t length, char *encoded, size_t size)
{
    unsigned char hash[crypto_hash_sha256_BYTES];

    crypto_hash_sha256(hash, (const unsigned char *)source, length);
    sodium_bin2base64(encoded, size, hash, sizeof hash, sodium_base64_VARIANT_ORIGINAL);
}

void page_start(void)
{
    char style_hash[sodium_base64_ENCODED_LEN(crypto_hash_sha256_BYTES, sodium_base64_VARIANT_ORIGINAL)];
    char script_hash[sizeof style_hash];

    hash_of(style, sizeof style - 1, style_hash, sizeof style_hash);
    hash_of(script, sizeof script - 1, script_hash, sizeof script_hash);
    snprintf(policy, sizeof policy,
             "default-src 'none'; style-src 'sha256-%s'; script-src 'sha256-%s'; connect-src 'self'; "
             "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
             style_hash, script_hash);
}

void page_put(struct text_out *out, const char *markup)
{
    text_out_put(out, text_of(markup));
}

void page_put_escaped(struct text_out *out, struct text t)
{
    for (size_t i = 0; i < t.length; i++) {
        switch (t.data[i]) {
        case '&': page_put(out, "&amp;"); break;
        case '<': page_put(out, "&lt;"); break;
        case '>': page_put(out, "&gt;"); break;
        case '"': page_put(out, "&quot;"); break;
        case '\'': page_put(out, "&#39;"); break;
        default: text_out_byte(out, t.data[i]); break;
        }
    }
}

void page_put_pair(struct text_out *out, const char *label, struct text value)
{
    if (value.length == 0)
        return;
    page_put(out, "<dt>");
    page_put(out, label);
    page_put(out, "</dt><dd>");
    page_put_escaped(out, value);
    page_put(out, "</dd>");
}

void page_put_time(struct text_out *out, const char *label, int64_t at_s)
{
    int year, month, day;
    int32_t const second = instant_second_of_day(at_s);

    if (at_s == 0)
        return;
    day_to_civil(instant_day(at_s), &year, &month, &day);
    page_put_pair(out, label,
                  text_of(arena_printf(out->arena, "%02d giờ %02d, ngày %02d/%02d/%d", second / 3600,
                                       second / 60 % 60, day, month, year)));
}

struct text_out page_begin_watched(struct req *req, const char *title, struct text code, int64_t version)
{
    struct text_out out = text_out_begin(req->arena);

    page_put(
        &out,
        "<!doctype html><html lang=\"vi\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
        "content=\"width=device-width,initial-scale=1\"><meta name=\"robots\" content=\"noindex\"><title>");
    page_put_escaped(&out, text_of(title));
    page_put(&out, "</title><style>");
    page_put(&out, style);
    page_put(&out, "</style></head><body><header><div>Bộ phận Một cửa</div><h1>");
    page_put_escaped(&out, text_of(title));
    page_put(&out, "</h1><nav aria-label=\"Trang cho người dân\"><a href=\"/tra-cuu\">Tra cứu hồ sơ</a>"
                   "<a href=\"/thu-tuc\">Thủ tục hành chính</a></nav></header><main");
    if (code.length > 0) {
        page_put(&out, " data-code=\"");
        page_put_escaped(&out, code);
        page_put(&out, arena_printf(req->arena, "\" data-version=\"%" PRId64 "\"", version));
    }
    page_put(&out, "><p class=\"news\" role=\"status\"></p>");
    return out;
}

struct text_out page_begin(struct req *req, const char *title)
{
    return page_begin_watched(req, title, TEXT_NONE, 0);
}

static void finish(struct req *req, struct text_out *out, const char *footer)
{
    page_put(out, "</main><footer>");
    page_put(out, footer);
    page_put(out, "</footer><script>");
    page_put(out, script);
    page_put(out, "</script></body></html>");
    reply_header(req, "Content-Security-Policy", text_of(policy));
    reply_header(req, "Referrer-Policy", TEXT("no-referrer"));
    reply_header(req, "X-Content-Type-Options", TEXT("nosniff"));
}

enum act page_end(struct req *req, struct text_out *out, int status, const char *footer)
{
    finish(req, out, footer);
    reply_header(req, "Cache-Control", TEXT("no-store"));
    if (status == 429)
        reply_header(req, "Retry-After", TEXT("60"));
    return reply_bytes(req, status, "text/html; charset=utf-8", text_out_end(out));
}

enum act page_end_public(struct req *req, struct text_out *out, const char *footer)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    int64_t version = 0;
    struct text bytes;

    finish(req, out, footer);
    bytes = text_out_end(out);
    crypto_hash_sha256(hash, (const unsigned char *)bytes.data, bytes.length);
    for (size_t i = 0; i < 7; i++) /* 56 bits: positive, and below the 18 digits of a tag */
        version = version << 8 | hash[i];
    reply_header(req, "Cache-Control", TEXT("public, no-cache"));
    reply_version(req, version);
    if (req_is_unchanged(req, version))
        return reply_empty(req, 304);
    return reply_bytes(req, 200, "text/html; charset=utf-8", bytes);
}
