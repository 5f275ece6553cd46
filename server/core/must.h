#pragma once
/*
 * must(x): the claim x holds, or the program has a bug and ends here, in production too.
 * For what a caller or the world can get wrong there are refusals and failures; must() is never for input.
 * A worker that aborts takes only its own requests with it: the supervisor starts another.
 */

#define MUST_USE __attribute__((warn_unused_result))

_Noreturn void must_fail(const char *claim, const char *file, int line);

#define must(claim)         ((claim) ? (void)0 : must_fail(#claim, __FILE__, __LINE__))
#define unreachable()       must_fail("unreachable", __FILE__, __LINE__)
#define array_length(array) (sizeof(array) / sizeof((array)[0]))
