/*
 * The addresses of the pages. Which screen an address shows is the browser's business: all get the same
 * index.html, small and asked for anew each time; what it names is kept for a year, because its name changes
 * with its contents.
 */
#include <limits.h>
#include <sodium.h>
#include <unistd.h>

#include "core/config.h"
#include "core/log.h"
#include "pages/pages.h"
#include "pages/pages_files.h"

static struct arena *memory; /* of the worker; this file's own, as is all below */
static struct pages_files files;
static int64_t index_version; /* of the bytes of index.html: its ETag */

/* "pages" in the folder this very program was started from. */
static const char *folder_beside(struct arena *arena)
{
    char own[PATH_MAX];
    ssize_t const length = readlink("/proc/self/exe", own, sizeof own - 1);
    const char *slash;

    if (length <= 0)
        return "pages";
    own[length] = '\0';
    slash = strrchr(own, '/');
    must(slash != NULL);
    return arena_printf(arena, "%.*s/pages", (int)(slash - own), own);
}

void pages_start(struct worker *worker)
{
    const char *folder = worker->config->pages_directory;
    unsigned char hash[crypto_hash_sha256_BYTES];

    memory = arena_create((size_t)2 * PAGES_BYTES_MAX);
    if (!pages_files_load(&files, memory, *folder != '\0' ? folder : folder_beside(memory)))
        return;
    crypto_hash_sha256(hash, (const unsigned char *)files.index.data, files.index.length);
    index_version = 0;
    for (size_t i = 0; i < 7; i++) /* 56 bits: positive, and below the 18 digits of a tag */
        index_version = index_version << 8 | hash[i];
    log_info("pages are loaded", LOG_N("assets", (int64_t)files.asset_count),
             LOG_N("bytes", (int64_t)arena_bytes(memory)));
}

void pages_stop(struct worker *worker)
{
    (void)worker;
    files = (struct pages_files){.asset_count = 0};
    arena_destroy(memory);
    memory = NULL;
}

static enum act page_ask(struct req *req)
{
    if (files.index.data == NULL)
        return refuse(req, REFUSE_NOT_FOUND);
    reply_header(req, "Content-Security-Policy",
                 TEXT("default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
                      "frame-ancestors 'none'"));
    reply_header(req, "Cache-Control", TEXT("no-cache"));
    reply_header(req, "Referrer-Policy", TEXT("no-referrer"));
    reply_header(req, "X-Content-Type-Options", TEXT("nosniff"));
    reply_version(req, index_version);
    if (req_is_unchanged(req, index_version))
        return reply_empty(req, 304);
    return reply_bytes(req, 200, "text/html; charset=utf-8", files.index);
}

/* Whether Accept-Encoding takes this coding: named, or by "*", and not with q=0 (RFC 9110 12.5.3). */
static bool accepts(const struct req *req, struct text coding)
{
    struct text rest = net_header(req->exchange, "Accept-Encoding", NULL);
    bool is_any = false;

    while (rest.data != NULL) {
        struct text weight;
        struct text const name = text_trim(text_cut(text_cut(rest, ',', &rest), ';', &weight));
        bool is_refused;

        weight = text_trim(weight);
        is_refused = text_equal_fold(weight, TEXT("q=0")) || text_starts(weight, TEXT("q=0.000")) ||
                     text_equal_fold(weight, TEXT("q=0.0")) || text_equal_fold(weight, TEXT("q=0.00"));
        if (text_equal_fold(name, coding))
            return !is_refused;
        if (text_equal(name, TEXT("*")))
            is_any = !is_refused;
    }
    return is_any;
}

static enum act asset_ask(struct req *req)
{
    const struct asset *asset = pages_files_find(&files, req->ids[0]);
    struct text bytes;

    if (asset == NULL)
        return refuse(req, REFUSE_NOT_FOUND);
    bytes = asset->plain;
    if (asset->brotli.data != NULL && accepts(req, TEXT("br"))) {
        bytes = asset->brotli;
        reply_header(req, "Content-Encoding", TEXT("br"));
    } else if (asset->gzip.data != NULL && accepts(req, TEXT("gzip"))) {
        bytes = asset->gzip;
        reply_header(req, "Content-Encoding", TEXT("gzip"));
    }
    reply_header(req, "Cache-Control", TEXT("public, max-age=31536000, immutable"));
    reply_header(req, "Vary", TEXT("Accept-Encoding"));
    reply_header(req, "X-Content-Type-Options", TEXT("nosniff"));
    return reply_bytes(req, 200, asset->type, bytes);
}

/* What the steps before the handler refuse is told in JSON, and so is a server without pages: not-found. */
const struct route pages_routes[14] = {
    {NET_GET, "/", WHO_ANYONE, ROUTE_PAGE, NULL, 0, NULL, 0, page_ask, "page_home", "Trang của cán bộ",
     "200 html +ETag; 304 +ETag", ""},
    {NET_GET, "/dang-nhap", WHO_ANYONE, ROUTE_PAGE, NULL, 0, NULL, 0, page_ask, "page_sign_in",
     "Trang đăng nhập", "200 html +ETag; 304 +ETag", ""},
    {NET_GET, "/quay", WHO_ANYONE, ROUTE_PAGE, NULL, 0, NULL, 0, page_ask, "page_counter",
     "Trang tiếp nhận tại quầy", "200 html +ETag; 304 +ETag", ""},
    {NET_GET, "/viec", WHO_ANYONE, ROUTE_PAGE, NULL, 0, NULL, 0, page_ask, "page_inbox", "Trang việc của tôi",
     "200 html +ETag; 304 +ETag", ""},
    {NET_GET, "/ho-so", WHO_ANYONE, ROUTE_PAGE, NULL, 0, NULL, 0, page_ask, "page_dossiers",
     "Trang tìm hồ sơ", "200 html +ETag; 304 +ETag", ""},
    {NET_GET, "/ho-so/{code}", WHO_ANYONE, ROUTE_PAGE, NULL, 0, NULL, 0, page_ask, "page_dossier",
     "Trang một hồ sơ", "200 html +ETag; 304 +ETag", ""},
    {NET_GET, "/ky", WHO_ANYONE, ROUTE_PAGE, NULL, 0, NULL, 0, page_ask, "page_signing", "Trang hồ sơ chờ ký",
     "200 html +ETag; 304 +ETag", ""},
    {NET_GET, "/so-ngay", WHO_ANYONE, ROUTE_PAGE, NULL, 0, NULL, 0, page_ask, "page_desk_day",
     "Trang sổ trong ngày của quầy", "200 html +ETag; 304 +ETag", ""},
    {NET_GET, "/uy-quyen", WHO_ANYONE, ROUTE_PAGE, NULL, 0, NULL, 0, page_ask, "page_delegations",
     "Trang ủy quyền", "200 html +ETag; 304 +ETag", ""},
    {NET_GET, "/tien-do", WHO_ANYONE, ROUTE_PAGE, NULL, 0, NULL, 0, page_ask, "page_report",
     "Trang tiến độ giải quyết", "200 html +ETag; 304 +ETag", ""},
    {NET_GET, "/quan-tri", WHO_ANYONE, ROUTE_PAGE, NULL, 0, NULL, 0, page_ask, "page_administration",
     "Trang quản trị", "200 html +ETag; 304 +ETag", ""},
    {NET_GET, "/quan-tri/{part}", WHO_ANYONE, ROUTE_PAGE, NULL, 0, NULL, 0, page_ask,
     "page_administration_part", "Một phần của trang quản trị", "200 html +ETag; 304 +ETag", ""},
    {NET_GET, "/quan-tri/{part}/{code}", WHO_ANYONE, ROUTE_PAGE, NULL, 0, NULL, 0, page_ask,
     "page_administration_one", "Một người, cơ quan hoặc thủ tục trong trang quản trị",
     "200 html +ETag; 304 +ETag", ""},
    {NET_GET, "/assets/{name}", WHO_ANYONE, ROUTE_PAGE, NULL, 0, NULL, 0, asset_ask, "page_asset",
     "Tệp của các trang, tên đổi theo nội dung", "200 asset +Cache-Control", "not-found"},
};
