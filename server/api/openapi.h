/* The description of the API (OpenAPI 3.1), made from what the server itself runs on: the route
 * table, the entity tables, the access table, and the fragments of docs/api for everything else.
 */
#pragma once

#include "server/http/call.h"

/* The document as JSON (new reference), or MALFORMED naming the fragment that does not parse. A
 * fragment that describes an operation without a route is MALFORMED too. */
json_t *api_openapi_build(const HttpRoute *routes, gsize n_routes, GError **error);

void api_openapi(HttpCall *call); /* GET /api/v1/openapi.json */
