#include "catalogue/fault_rules.h"

#include "core/must.h"

struct catalogue_faults faults_begin(struct arena *arena)
{
    return (struct catalogue_faults){.arena = arena};
}

/* File names and JSON strings come from outside: no control character of theirs reaches a terminal. */
static void blunt(char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            *text = '?';
}

void fault_add(struct catalogue_faults *faults, const char *file, const char *pointer, const char *rule,
               const char *format, ...)
{
    struct catalogue_fault *fault;
    va_list args;

    if (faults->count++ >= FAULTS_KEPT)
        return;
    fault = arena_new(faults->arena, struct catalogue_fault);
    fault->file = file;
    char *place = arena_printf(faults->arena, "%s", pointer);
    blunt(place);
    fault->pointer = place;
    fault->rule = rule;
    va_start(args, format);
    char *message = arena_vprintf(faults->arena, format, args);
    va_end(args);
    blunt(message);
    fault->message = message;
    if (faults->first == NULL)
        faults->first = fault;
    else
        faults->last->next = fault;
    faults->last = fault;
}

void faults_print(const struct catalogue_faults *faults, FILE *out)
{
    for (const struct catalogue_fault *fault = faults->first; fault != NULL; fault = fault->next)
        fprintf(out, "%s: %s: %s: %s\n", fault->file, fault->pointer, fault->rule, fault->message);
    if (faults->count > FAULTS_KEPT)
        fprintf(out, "… và %zu lỗi nữa\n", faults->count - FAULTS_KEPT);
}
