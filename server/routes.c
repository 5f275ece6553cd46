/* All rooms, and nothing else: which routes there are and what each room needs at the start of a worker. */
#include "catalogue/catalogue_routes.h"
#include "catalogue/live.h"
#include "counter/desk.h"
#include "catalogue/proposal.h"
#include "chain/chain.h"
#include "counter/intake.h"
#include "dossier/calendar_change_routes.h"
#include "dossier/document.h"
#include "dossier/access.h"
#include "dossier/dossier_routes.h"
#include "dossier/form_print.h"
#include "dossier/register.h"
#include "dossier/watch_routes.h"
#include "identity/identity.h"
#include "identity/people.h"
#include "ledger/evidence.h"
#include "ledger/ledger_routes.h"
#include "lookup/lookup.h"
#include "news/news.h"
#include "lookup/page_parts.h"
#include "pages/pages.h"
#include "path/operator.h"
#include "path/path.h"
#include "reports/reports.h"

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
    {.name = "unit_people", .routes = unit_people_routes, .route_count = array_length(unit_people_routes)},
    {.name = "people", .routes = people_routes, .route_count = array_length(people_routes)},
    {.name = "passwords", .routes = password_routes, .route_count = array_length(password_routes)},
    {.name = "administration",
     .routes = administration_routes,
     .route_count = array_length(administration_routes)},
    {.name = "access", .routes = access_routes, .route_count = array_length(access_routes)},
    {.name = "catalogue",
     .routes = catalogue_routes,
     .route_count = array_length(catalogue_routes),
     .start = live_start,
     .is_ready = live_is_ready,
     .stop = live_stop,
     .tick = live_tick},
    {.name = "proposal", .routes = proposal_routes, .route_count = array_length(proposal_routes)},
    {.name = "ledger",
     .routes = ledger_routes,
     .route_count = array_length(ledger_routes),
     .start = evidence_start,
     .is_ready = evidence_is_ready},
    {.name = "counter", .routes = counter_routes, .route_count = array_length(counter_routes)},
    {.name = "desk", .routes = desk_routes, .route_count = array_length(desk_routes)},
    {.name = "dossier", .routes = dossier_routes, .route_count = array_length(dossier_routes)},
    {.name = "chain", .routes = chain_routes, .route_count = array_length(chain_routes)},
    {.name = "watch", .routes = watch_routes, .route_count = array_length(watch_routes)},
    {.name = "calendar_change",
     .routes = calendar_change_routes,
     .route_count = array_length(calendar_change_routes)},
    {.name = "reports", .routes = reports_routes, .route_count = array_length(reports_routes)},
    {.name = "forms",
     .routes = form_routes,
     .route_count = array_length(form_routes),
     .start = documents_start,
     .stop = documents_stop},
    {.name = "register", .routes = register_routes, .route_count = array_length(register_routes)},
    {.name = "lookup",
     .routes = lookup_routes,
     .route_count = array_length(lookup_routes),
     .start = lookup_start},
    {.name = "news",
     .routes = news_routes,
     .route_count = array_length(news_routes),
     .start = news_start,
     .stop = news_stop,
     .tick = news_tick},
    {.name = "pages",
     .routes = pages_routes,
     .route_count = array_length(pages_routes),
     .start = pages_start,
     .stop = pages_stop},
};
const size_t room_count = sizeof rooms / sizeof rooms[0];
