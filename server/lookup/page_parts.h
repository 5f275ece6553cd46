#pragma once
/*
 * What the citizen's pages share: plain Vietnamese in one column, a few kilobytes, from 320 px to a printer.
 * The style and the one small script stand in the page and are allowed by their hashes alone; without the
 * script everything is there but a button to print and the word that a dossier has moved meanwhile.
 */
#include "core/text_out.h"
#include "path/path.h"

void page_start(void);
/* `home` names what the page is about for the head: "Tra cứu hồ sơ". */
struct text_out page_begin(struct req *req, const char *title);
/* The same with what the script needs to see a change: NULL-safe pairs of an attribute's text. */
struct text_out page_begin_watched(struct req *req, const char *title, struct text code, int64_t version);
MUST_USE enum act page_end(struct req *req, struct text_out *out, int status, const char *footer);
/* Pages that are the same for everybody: an ETag of their bytes, and 304 to whoever has them. */
MUST_USE enum act page_end_public(struct req *req, struct text_out *out, const char *footer);

void page_put(struct text_out *out, const char *markup);
/* Text from anywhere: never markup. */
void page_put_escaped(struct text_out *out, struct text t);
/* A term and what it says; nothing where there is nothing to say. */
void page_put_pair(struct text_out *out, const char *label, struct text value);
/* "09 giờ 30, ngày 05/03/2026" */
void page_put_time(struct text_out *out, const char *label, int64_t at_s);
