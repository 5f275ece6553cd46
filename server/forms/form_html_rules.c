#include "forms/form_html_rules.h"

struct html {
    struct arena *arena;
    char *data;
    size_t length;
    size_t capacity;
};

/* Behind `style`: what another paper changes. The ticket is drawn, never written. */
#define STYLE_ACROSS                                                                                         \
    "@page{size:A4 landscape}section{width:auto}header{grid-template-columns:1fr 1fr}"                       \
    "@media screen{section{width:297mm}}"
#define STYLE_A5 "@page{size:A5 portrait;margin:12mm 10mm 10mm 15mm}section{zoom:.75}"
static const char *const paper_styles[] = {[FORM_PAPER_A4] = "",
                                           [FORM_PAPER_A4_ACROSS] = STYLE_ACROSS,
                                           [FORM_PAPER_A5] = STYLE_A5,
                                           [FORM_PAPER_TICKET] = ""};

static const char style[] =
    "@page{size:A4 portrait;margin:20mm 15mm 20mm 30mm;@top-center{content:counter(page);"
    "font:13pt 'Times New Roman','Liberation Serif',serif}}"
    "@page:first{@top-center{content:none}}"
    "*{box-sizing:border-box}"
    "body{margin:0;color:#000;background:#fff;font:13pt/1.15 'Times New Roman','Liberation Serif',serif}"
    "section{width:165mm;margin:0 auto}"
    "section+section{break-before:page;counter-reset:page 1}"
    "header{display:grid;grid-template-columns:70mm 93mm;column-gap:2mm;text-align:center}"
    ".number{grid-column:1/3;text-align:right;font-size:11pt}"
    ".agency p,.state p{margin:0;font-size:12pt;text-wrap:balance}"
    ".agency p.own,.state p{font-weight:bold}"
    ".agency p.own::after{content:'';display:block;width:28mm;margin:1mm auto 0;border-top:.75pt solid}"
    ".state .motto{font-size:13pt}"
    ".state .motto span{border-bottom:.75pt solid;padding-bottom:1pt}"
    ".state .place{font-weight:normal;font-style:italic;font-size:13pt;margin-top:3mm}"
    ".agency p.no{margin-top:2mm;font-size:13pt}"
    ".code{display:flex;align-items:center;gap:3mm;text-align:left;margin-top:1.5mm}"
    ".code svg{width:24mm;height:24mm;flex:none}"
    ".code p{margin:0 0 1mm;font-size:12pt;font-weight:normal;overflow-wrap:anywhere}"
    "h1{font-size:14pt;text-align:center;margin:2mm 0 0;text-wrap:balance}"
    ".mark{text-align:center;margin:0;font-style:italic}"
    ".field{margin:1pt 0 0;text-align:justify;overflow-wrap:anywhere}"
    ".pair{display:flex;column-gap:8mm;flex-wrap:wrap}"
    ".pair>span{flex:1 1 0;min-width:0}"
    ".keep{break-after:avoid}"
    "table{width:calc(100% - .5pt);border-collapse:collapse;margin:2pt 0 0;table-layout:fixed;font-size:12pt}"
    "thead{display:table-header-group}tr,.keep-in{break-inside:avoid}"
    "th,td{border:.5pt solid;padding:.3mm 1.2mm;vertical-align:middle;overflow-wrap:anywhere}"
    "th{font-weight:bold;text-align:center}.c{text-align:center}"
    ".small th,.small td{padding:.3mm .6mm}"
    ".sign{display:grid;grid-template-columns:1fr 1fr;text-align:center;margin-top:4pt;break-inside:avoid}"
    ".sign p{margin:0}.sign .name{margin-top:15mm;min-height:1.2em}"
    ".to{text-align:left;font-size:11pt}.to p.t{font:italic bold 12pt/1.15 'Times New Roman',"
    "'Liberation Serif',serif}"
    ".notes{font-size:11pt;font-style:italic;margin:4pt 0 0;break-inside:avoid}"
    "@media screen{body{background:#ddd}section{width:210mm;padding:20mm 15mm 20mm 30mm;background:#fff;"
    "margin:4mm auto}}";

static void put_bytes(struct html *html, const char *data, size_t length)
{
    if (html->length + length + 1 > html->capacity) {
        size_t capacity = (html->length + length + 1) * 2;
        char *grown = arena_alloc(html->arena, capacity);

        if (html->length > 0)
            memcpy(grown, html->data, html->length);
        html->data = grown;
        html->capacity = capacity;
    }
    if (length > 0)
        memcpy(html->data + html->length, data, length);
    html->length += length;
}

/* Markup of ours; never a text from the facts. */
static void put(struct html *html, const char *markup)
{
    put_bytes(html, markup, strlen(markup));
}

static void put_text(struct html *html, struct text text)
{
    for (size_t i = 0; i < text.length; i++) {
        switch (text.data[i]) {
        case '\n': put(html, "<br>"); break;
        case '&': put(html, "&amp;"); break;
        case '<': put(html, "&lt;"); break;
        case '>': put(html, "&gt;"); break;
        case '"': put(html, "&quot;"); break;
        case '\'': put(html, "&#39;"); break;
        default: put_bytes(html, text.data + i, 1);
        }
    }
}

static void put_element(struct html *html, const char *open, struct text text, const char *close)
{
    put(html, open);
    put_text(html, text);
    put(html, close);
}

/* One path of horizontal runs; the quiet zone is the four dots of the view box around it. */
static void put_qr(struct html *html, const struct form_qr *qr)
{
    put(html, arena_printf(html->arena,
                           "<svg role=\"img\" aria-label=\"Mã QR tra cứu hồ sơ\" viewBox=\"-2 -2 %u %u\" "
                           "shape-rendering=\"crispEdges\"><path d=\"",
                           qr->side + 4, qr->side + 4));
    for (unsigned y = 0; y < qr->side; y++) {
        const unsigned char *row = qr->dark + (size_t)y * qr->side;

        for (unsigned x = 0, end; x < qr->side; x = end) {
            end = x + 1;
            if (row[x] == 0)
                continue;
            while (end < qr->side && row[end] != 0)
                end++;
            put(html, arena_printf(html->arena, "M%u %uh%uv1h-%uz", x, y, end - x, end - x));
        }
    }
    put(html, "\"/></svg>");
}

static void put_code(struct html *html, const struct form_content *content, const struct form_qr *qr)
{
    if (content->dossier_code.data == NULL)
        return;
    put(html, "<div class=\"code\">");
    if (qr != NULL)
        put_qr(html, qr);
    put_element(html, "<div><p>", text_of(content->form->code_label), "<br><b>");
    put_element(html, "", content->dossier_code, "</b></p>");
    if (content->lookup_secret.data != NULL)
        put_element(html, "<p>Mã tra cứu:<br><b>", content->lookup_secret, "</b></p>");
    put(html, "</div></div>");
}

static void put_head(struct html *html, const struct form_content *content, const struct form_qr *qr)
{
    put(html, "<header>");
    if (content->form->number != NULL) {
        put_element(html, "<p class=\"number\" style=\"margin:0\">Mẫu số ", text_of(content->form->number),
                    " (");
        put_element(html, "", text_of(form_set_title(content->form->set)), ")</p>");
    }
    put(html, "<div class=\"agency\">");
    if (content->superior_agency.data != NULL)
        put_element(html, "<p>", content->superior_agency, "</p>");
    put_element(html, "<p class=\"own\">", content->issuing_agency, "</p>");
    if (content->number.data != NULL)
        put_element(html, "<p class=\"no\">", content->number, "</p>");
    put_code(html, content, qr);
    put(html, "</div><div class=\"state\"><p>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</p>"
              "<p class=\"motto\"><span>Độc lập - Tự do - Hạnh phúc</span></p>");
    put_element(html, "<p class=\"place\">", content->place_date, "</p></div></header>");
}

static void put_field(struct html *html, const struct form_block *block)
{
    bool is_pair = block->fields[1].label.data != NULL;

    put(html, is_pair ? "<div class=\"field pair" : "<div class=\"field");
    put(html, block->keeps_next ? " keep\">" : "\">");
    for (size_t i = 0; i < array_length(block->fields) && block->fields[i].label.data != NULL; i++) {
        const struct form_field *field = &block->fields[i];

        put_element(html, is_pair ? "<span>" : "", field->label,
                    field->value.length == 0 ? ""
                    : field->is_strong       ? " <b>"
                                             : " ");
        put_text(html, field->value);
        put(html, field->is_strong && field->value.length > 0 ? "</b>" : "");
        put(html, is_pair ? "</span>" : "");
    }
    put(html, "</div>");
}

static bool has_group(const struct form_column *column)
{
    return column->group != NULL;
}

/* How many columns from `at` on stand under the same head cell. */
static size_t group_span(const struct form_table *table, size_t at)
{
    size_t span = 1;

    while (has_group(&table->columns[at]) && at + span < table->column_count &&
           has_group(&table->columns[at + span]) &&
           strcmp(table->columns[at].group, table->columns[at + span].group) == 0)
        span++;
    return span;
}

static void put_table_head(struct html *html, const struct form_table *table)
{
    put(html, table->size_pt == 0
                  ? "<table><colgroup>"
                  : arena_printf(html->arena, "<table%s style=\"font-size:%upt\"><colgroup>",
                                 table->size_pt < 10 ? " class=\"small\"" : "", table->size_pt));
    for (size_t i = 0; i < table->column_count; i++)
        put(html, table->columns[i].width_mm == FORM_COLUMN_REST
                      ? "<col>"
                      : arena_printf(html->arena, "<col style=\"width:%umm\">", table->columns[i].width_mm));
    put(html, "</colgroup><thead><tr>");
    for (size_t i = 0; i < table->column_count; i += group_span(table, i)) {
        if (has_group(&table->columns[i]))
            put(html, arena_printf(html->arena, "<th colspan=\"%zu\"%s>%s</th>", group_span(table, i),
                                   table->columns[i].title == NULL ? " rowspan=\"2\"" : "",
                                   table->columns[i].group));
        else
            put(html, arena_printf(html->arena, "<th rowspan=\"2\">%s</th>", table->columns[i].title));
    }
    put(html, "</tr><tr>");
    for (size_t i = 0; i < table->column_count; i++)
        if (has_group(&table->columns[i]) && table->columns[i].title != NULL)
            put(html, arena_printf(html->arena, "<th>%s</th>", table->columns[i].title));
    put(html, "</tr></thead>");
}

static void put_cell(struct html *html, const struct form_table *table, size_t row, size_t column)
{
    bool is_centred = table->columns[column].is_centred;
    bool is_beside = table->over != NULL && (column < table->over_from || column >= table->over_end);

    put(html, is_beside ? "<td rowspan=\"2\"" : "<td");
    put_element(html, is_centred ? " class=\"c\">" : ">", table->cells[row * table->column_count + column],
                "</td>");
}

/* A row whose middle cells have a text above them is two rows that stay together. */
static void put_row_with_over(struct html *html, const struct form_table *table, size_t row)
{
    put(html, "<tbody class=\"keep-in\"><tr>");
    for (size_t i = 0; i < table->over_from; i++)
        put_cell(html, table, row, i);
    put_element(
        html,
        arena_printf(html->arena, "<td class=\"c\" colspan=\"%zu\">", table->over_end - table->over_from),
        table->over[row], "</td>");
    for (size_t i = table->over_end; i < table->column_count; i++)
        put_cell(html, table, row, i);
    put(html, "</tr><tr>");
    for (size_t i = table->over_from; i < table->over_end; i++)
        put_cell(html, table, row, i);
    put(html, "</tr></tbody>");
}

static void put_row(struct html *html, const struct form_table *table, size_t row)
{
    put(html, "<tr>");
    for (size_t i = 0; i < table->column_count; i++)
        put_cell(html, table, row, i);
    put(html, "</tr>");
}

static void put_table(struct html *html, const struct form_table *table)
{
    put_table_head(html, table);
    if (table->over != NULL) {
        for (size_t row = 0; row < table->row_count; row++)
            put_row_with_over(html, table, row);
        put(html, "</table>");
        return;
    }
    put(html, "<tbody>");
    for (size_t row = 0; row < table->row_count; row++)
        put_row(html, table, row);
    put(html, "</tbody></table>");
}

static void put_recipients(struct html *html, const struct form_block *block)
{
    if (block->line_count == 0)
        return;
    put(html, "<div class=\"to\"><p class=\"t\">Nơi nhận:</p>");
    for (size_t i = 0; i < block->line_count; i++)
        put_element(html, "<p>", block->lines[i], "</p>");
    put(html, "</div>");
}

static void put_signatures(struct html *html, const struct form_block *block)
{
    const struct form_signature *signatures = block->signatures;

    put(html, "<div class=\"sign\">");
    put_recipients(html, block);
    for (size_t i = block->line_count > 0 ? 1 : 0; i < 2; i++) {
        put(html, "<div>");
        if (signatures[i].title != NULL) {
            put_element(html, "<p><b>", text_of(signatures[i].title), "</b></p>");
            put_element(html, "<p><i>", text_of(signatures[i].hint), "</i></p>");
            put_element(html, "<p class=\"name\"><b>", signatures[i].name, "</b></p>");
        }
        put(html, "</div>");
    }
    put(html, "</div>");
}

static void put_notes(struct html *html, const struct form_block *block)
{
    put_element(html, "<p class=\"notes\"><b>", block->fields[0].label, "</b>");
    for (size_t i = 0; i < block->line_count; i++)
        put_element(html, " ", block->lines[i], "");
    put(html, "</p>");
}

static void put_block(struct html *html, const struct form_block *block)
{
    switch (block->kind) {
    case FORM_BLOCK_FIELD: put_field(html, block); return;
    case FORM_BLOCK_TABLE: put_table(html, &block->table); return;
    case FORM_BLOCK_SIGNATURES: put_signatures(html, block); return;
    case FORM_BLOCK_NOTES: put_notes(html, block); return;
    }
    unreachable();
}

static void put_copy(struct html *html, const struct form_content *content, struct text mark,
                     const struct form_qr *qr)
{
    put(html, "<section>");
    put_head(html, content, qr);
    put_element(html, "<h1>", text_of(content->form->title), "</h1>");
    if (mark.data != NULL)
        put_element(html, "<p class=\"mark\">", mark, "</p>");
    if (content->reprint_mark.data != NULL)
        put_element(html, "<p class=\"mark\">", content->reprint_mark, "</p>");
    for (size_t i = 0; i < content->block_count; i++)
        put_block(html, &content->blocks[i]);
    put(html, "</section>");
}

struct text form_html(struct arena *arena, const struct form_content *content, const struct form_qr *qr)
{
    struct html html = {.arena = arena};

    must(content->copy_count >= 1 && content->copy_count <= FORM_COPIES_MAX);
    put_element(&html, "<!DOCTYPE html><html lang=\"vi\"><head><meta charset=\"utf-8\"><title>",
                content->dossier_code.data != NULL ? content->dossier_code : text_of(content->form->title),
                "</title><style>");
    put(&html, style);
    put(&html, paper_styles[content->paper]);
    put(&html, "</style></head><body>");
    for (size_t i = 0; i < content->copy_count; i++)
        put_copy(&html, content, content->copy_marks[i], qr);
    put(&html, "</body></html>\n");
    return (struct text){.data = html.data, .length = html.length};
}
