#pragma once
/* What Mẫu 01 of a dossier says, for the render process. Only what never changes afterwards goes in, and the
 * promise as it was printed, so that a reprint years later is the same paper. */
#include "dossier/dossier_view.h"

/* paper: "A4", "A5", "80MM"; data == NULL is A4. */
struct text receipt_facts(struct req *req, const struct dossier_view *view, struct text paper);
