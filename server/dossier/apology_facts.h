#pragma once
/* What Mẫu 04 of a dossier says: as it was given, or, before anybody has apologised, the draft for the
 * leader. */
#include "dossier/dossier_view.h"

/* data == NULL: there is nothing to apologise for, or no more. */
struct text apology_facts(struct req *req, const struct dossier_view *view);
