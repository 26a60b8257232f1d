/* Every address of the server, one line each, grouped by resource: method, path, resource + verb,
 * handler, what it does, then flags where there are any. */
#include "server/routes.h"

#include "server/api/system.h"

/* clang-format off */
const HttpRoute routes[] = {
    /* system */
    {HTTP_GET, "/healthz", RESOURCE_SYSTEM, VERB_READ, api_healthz, "The process is alive", .flags = HTTP_ROUTE_ON_LOOP},
    {HTTP_GET, "/readyz", RESOURCE_SYSTEM, VERB_READ, api_readyz, "The database answers"},
    {HTTP_GET, "/metrics", RESOURCE_SYSTEM, VERB_READ, api_metrics, "Counters as Prometheus text; this machine or an admin"},
};
/* clang-format on */

const gsize n_routes = G_N_ELEMENTS(routes);
