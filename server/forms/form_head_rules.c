#include "forms/form_head_rules.h"

#include "forms/form_words_rules.h"

const char *const form_set_choices[] = {"TT01_2018", "TT03_2025", NULL};

struct form_content *form_begin(struct arena *arena, const struct form *form, const struct form_head *head)
{
    struct form_content *content = arena_new(arena, struct form_content);

    content->form = form;
    content->superior_agency = head->superior_agency;
    content->issuing_agency = head->issuing_agency;
    content->place_date = text_of(
        arena_printf(arena, "%.*s, %.*s", TEXT_ARG(head->place), TEXT_ARG(form_date(arena, head->dated_s))));
    content->dossier_code = head->dossier_code;
    content->lookup_secret = head->lookup_secret;
    content->lookup_url = head->lookup_url;
    content->dated_s = head->dated_s;
    content->copy_marks[content->copy_count++] = TEXT_NONE;
    return content;
}

void form_set_recipients(struct arena *arena, struct form_block *block, const char *const *lines)
{
    enum { LINES_MAX = 8 };
    struct text *texts = arena_array(arena, struct text, LINES_MAX);

    must(block->kind == FORM_BLOCK_SIGNATURES && block->signatures[0].title == NULL);
    for (; lines[block->line_count] != NULL; block->line_count++) {
        must(block->line_count < LINES_MAX);
        texts[block->line_count] = text_of(lines[block->line_count]);
    }
    block->lines = texts;
}
