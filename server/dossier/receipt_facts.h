#pragma once
/* What Mẫu 01 of a dossier says, for the render process. Only what never changes afterwards goes in, and the
 * promise as it was printed, so that a reprint years later is the same paper. */
#include "dossier/dossier_view.h"

struct text receipt_facts(struct req *req, const struct dossier_view *view);
