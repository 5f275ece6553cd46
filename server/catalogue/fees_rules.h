#pragma once
/*
 * What an intake costs: the fee lines of a procedure version for given quantities, channel and ground of
 * reduction. Pure. Taxes and land duties are not here: they come from the tax office, not from our tariff.
 */
#include "catalogue/catalogue.h"

struct fee_inputs {
    const struct procedure_case *chosen; /* NULL: the usual case */
    unsigned channel;                    /* one CHANNEL_ bit; ONLINE has prices of its own */
    int64_t copies;                      /* copies, cases, whatever fee.unit_name counts; 0 counts as 1 */
    int64_t pages;                       /* of one copy; 0 counts as 1 */
    struct text ground;                  /* of exemption or reduction; empty: none */
};

struct fee_line {
    const struct fee *fee;
    int64_t quantity;                      /* copies; 1 where the dossier pays */
    int64_t full, reduced, amount;         /* đồng: before, taken off, to pay */
    const struct fee_reduction *reduction; /* NULL: none */
};

enum fees_outcome {
    FEES_COUNTED,
    FEES_UNKNOWN_GROUND, /* no fee line of this intake knows the ground */
    FEES_BAD_QUANTITY,   /* copies outside 0–10,000 or pages outside 0–100,000 */
    FEES_TOO_LARGE,      /* a line above 999,999,999,999 đồng */
};

/* *lines (in the arena) has *count rows in the order of the version; the lines that are free are there, too.
 */
MUST_USE enum fees_outcome fees_count(struct arena *arena, const struct procedure_version *version,
                                      const struct fee_inputs *inputs, struct fee_line **lines,
                                      size_t *count);
