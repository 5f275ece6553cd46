/* All rooms, and nothing else: which routes there are and what each room needs at the start of a worker. */
#include "catalogue/catalogue_routes.h"
#include "catalogue/live.h"
#include "counter/intake.h"
#include "dossier/dossier_routes.h"
#include "dossier/form_print.h"
#include "dossier/watch_routes.h"
#include "identity/identity.h"
#include "ledger/evidence.h"
#include "ledger/ledger_routes.h"
#include "lookup/lookup.h"
#include "pages/pages.h"
#include "path/operator.h"
#include "path/path.h"

static void lookup_start(struct worker *worker)
{
    (void)worker;
    page_start();
}

const struct room rooms[] = {
    {.name = "operator", .routes = operator_routes, .route_count = array_length(operator_routes)},
    {.name = "identity",
     .routes = identity_routes,
     .route_count = array_length(identity_routes),
     .start = identity_start,
     .stop = identity_stop},
    {.name = "delegation", .routes = delegation_routes, .route_count = array_length(delegation_routes)},
    {.name = "catalogue",
     .routes = catalogue_routes,
     .route_count = array_length(catalogue_routes),
     .start = live_start,
     .is_ready = live_is_ready,
     .stop = live_stop,
     .tick = live_tick},
    {.name = "ledger",
     .routes = ledger_routes,
     .route_count = array_length(ledger_routes),
     .start = evidence_start,
     .is_ready = evidence_is_ready},
    {.name = "counter", .routes = counter_routes, .route_count = array_length(counter_routes)},
    {.name = "dossier", .routes = dossier_routes, .route_count = array_length(dossier_routes)},
    {.name = "watch", .routes = watch_routes, .route_count = array_length(watch_routes)},
    {.name = "forms",
     .routes = form_routes,
     .route_count = array_length(form_routes),
     .start = forms_start,
     .stop = forms_stop},
    {.name = "lookup",
     .routes = lookup_routes,
     .route_count = array_length(lookup_routes),
     .start = lookup_start},
    {.name = "pages",
     .routes = pages_routes,
     .route_count = array_length(pages_routes),
     .start = pages_start,
     .stop = pages_stop},
};
const size_t room_count = sizeof rooms / sizeof rooms[0];
