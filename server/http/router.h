/* Finding the route of a request: the const table, arranged once as a tree of path segments.
 * Immutable after birth, thread-safe.
 */
#pragma once

#include "server/http/call.h"

typedef struct HttpRouter HttpRouter;

#define HTTP_PARAMS_MAX 6
#define HTTP_PATH_MAX_SEGMENTS 32

/* The values of a route's {names} for one path. Values are owned. */
typedef struct {
    unsigned n;
    const char *names[HTTP_PARAMS_MAX]; /* interned */
    char *values[HTTP_PARAMS_MAX];
} HttpParams;

void http_params_clear(HttpParams *params);

/* `routes` is borrowed and lives longer than the router. Two routes of the same method and path
 * are our own bug (an assert). */
HttpRouter *http_router_new(const HttpRoute *routes, gsize n_routes);
void http_router_free(HttpRouter *router);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpRouter, http_router_free)

/* The route of `method` (a HEAD takes the GET route) and `path`, or NULL. `params` is filled on
 * success; `allowed` gets a bit (1 << HttpMethod) for each method the path takes, 0 where no route
 * has that path. Literal segments win over {names}, those over a {rest*}. */
const HttpRoute *http_router_find(const HttpRouter *router, HttpMethod method, const char *path,
                                  HttpParams *params, unsigned *allowed);
