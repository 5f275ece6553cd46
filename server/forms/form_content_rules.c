#include "forms/form_content_rules.h"

struct form_block *form_add(struct form_content *content, enum form_block_kind kind)
{
    struct form_block *block;

    must(content->block_count < FORM_BLOCKS_MAX);
    block = &content->blocks[content->block_count++];
    block->kind = kind;
    return block;
}

struct form_block *form_add_field(struct form_content *content, const char *label, struct text value)
{
    struct form_block *block;

    if (value.data == NULL)
        return NULL;
    block = form_add(content, FORM_BLOCK_FIELD);
    block->fields[0] = (struct form_field){.label = text_of(label), .value = value};
    return block;
}

struct form_block *form_add_sentence(struct form_content *content, const char *sentence)
{
    return form_add_field(content, sentence, TEXT(""));
}

struct text form_or_dots(struct text value)
{
    return value.data != NULL ? value : TEXT("………………………………");
}
