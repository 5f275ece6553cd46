#pragma once
/*
 * Faults found in catalogue files: each names the file, the place as a JSON pointer, the rule by a stable
 * code, and says in words what is wrong. Many are gathered in one run; they live in the arena.
 */
#include <stdio.h>

#include "core/arena.h"

struct catalogue_fault {
    const char *file, *pointer, *rule, *message;
    struct catalogue_fault *next;
};

struct catalogue_faults {
    struct arena *arena;
    struct catalogue_fault *first, *last;
    size_t count; /* all of them; only the first FAULTS_KEPT are kept */
};

enum { FAULTS_KEPT = 1000 };

struct catalogue_faults faults_begin(struct arena *arena);
void fault_add(struct catalogue_faults *faults, const char *file, const char *pointer, const char *rule,
               const char *format, ...) __attribute__((format(printf, 5, 6)));
/* One line each: file: pointer: rule: message. */
void faults_print(const struct catalogue_faults *faults, FILE *out);
