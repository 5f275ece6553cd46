#pragma once
/*
 * The shapes of codes and their one order. Matchers are written by hand: no regular expressions, no locale.
 */
#include "core/text.h"

/* Electronic identifier of an agency, both generations: "000.00.16.H47" (QCVN 102:2016/BTTTT), "H17.105.01"
 * (QĐ 20/2020/QĐ-TTg). The string is kept as issued; one shape is never computed from the other. */
bool code_is_agency(struct text code);
/* "1.001612", "3.000527.H61", "1.001193.000.00.00.H48". */
bool code_is_procedure(struct text code);
/* The owner's part of such a code ("H61"); empty for a national one. code must be valid. */
struct text code_procedure_owner(struct text code);
/* What we name ourselves: capitals, digits and underscores, a capital first, at most 40. */
bool code_is_term(struct text code);

/* Byte order; the order of every sorted array of the catalogue. */
int code_compare(struct text a, struct text b);
