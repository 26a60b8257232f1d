/* A tree of segments. Each node has literal children by name, at most one {name} child and at most
 * one {rest*}; routes hang where their path ends, one a method. A look-up walks down and tries the
 * literal first; at most two branches a segment, and paths are short, so no cleverness is due. */
#include "server/http/router.h"

#include <string.h>

typedef struct Node {
    GHashTable *literals; /* char * segment -> Node *, both owned */
    struct Node *param;
    const HttpRoute *routes[HTTP_METHOD_COUNT];
    const HttpRoute *rest[HTTP_METHOD_COUNT];
} Node;

struct HttpRouter {
    Node *root;
};

static void node_free(gpointer data)
{
    Node *node = data;
    if (!node) {
        return;
    }
    g_hash_table_unref(node->literals);
    node_free(node->param);
    g_free(node);
}

static Node *node_new(void)
{
    Node *node = g_new0(Node, 1);
    node->literals = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, node_free);
    return node;
}

static gboolean is_param(const char *segment)
{
    return segment[0] == '{';
}

static Node *child_for(Node *node, const char *segment)
{
    if (is_param(segment)) {
        node->param = node->param ? node->param : node_new();
        return node->param;
    }
    Node *child = g_hash_table_lookup(node->literals, segment);
    if (!child) {
        child = node_new();
        g_hash_table_insert(node->literals, g_strdup(segment), child);
    }
    return child;
}

static void add_route(Node *root, const HttpRoute *route)
{
    g_auto(GStrv) segments = g_strsplit(route->path + 1, "/", -1);
    const HttpRoute **place = NULL;
    Node *node = root;
    unsigned i;
    for (i = 0; segments[i] && !place; i++) {
        if (is_param(segments[i]) && g_str_has_suffix(segments[i], "*}")) {
            place = node->rest;
        } else {
            node = child_for(node, segments[i]);
        }
    }
    g_assert(!segments[i]); /* a rest comes last */
    place = place ? place : node->routes;
    g_assert(!place[route->method]); /* one route a method and path */
    place[route->method] = route;
}

HttpRouter *http_router_new(const HttpRoute *routes, gsize n_routes)
{
    HttpRouter *router = g_new0(HttpRouter, 1);
    router->root = node_new();
    for (gsize i = 0; i < n_routes; i++) {
        g_assert(routes[i].path[0] == '/' && routes[i].handler && routes[i].doc);
        add_route(router->root, &routes[i]);
    }
    return router;
}

void http_router_free(HttpRouter *router)
{
    if (router) {
        node_free(router->root);
        g_free(router);
    }
}

void http_params_clear(HttpParams *params)
{
    for (unsigned i = 0; i < params->n; i++) {
        g_free(params->values[i]);
    }
    params->n = 0;
}

/* What a look-up carries down the tree. */
typedef struct {
    HttpMethod method;
    char **segments;
    const HttpRoute *route;
    unsigned allowed;
} Search;

static void consider(Search *search, const HttpRoute *const *places)
{
    for (unsigned m = 0; m < HTTP_METHOD_COUNT; m++) {
        search->allowed |= places[m] ? 1u << m : 0;
    }
    HttpMethod method = search->method;
    if (!places[method] && method == HTTP_HEAD) {
        method = HTTP_GET;
    }
    search->route = search->route ? search->route : places[method];
}

static void descend(Search *search, const Node *node, unsigned depth)
{
    const char *segment = search->segments[depth];
    if (!segment) {
        consider(search, node->routes);
        return;
    }
    const Node *literal = g_hash_table_lookup(node->literals, segment);
    if (literal) {
        descend(search, literal, depth + 1);
    }
    if (!search->route && node->param && *segment) {
        descend(search, node->param, depth + 1);
    }
    if (!search->route && *segment) {
        consider(search, node->rest);
    }
}

static void fill_params(const HttpRoute *route, char **segments, HttpParams *params)
{
    g_auto(GStrv) pattern = g_strsplit(route->path + 1, "/", -1);
    params->n = 0;
    for (unsigned i = 0; pattern[i]; i++) {
        gsize length = strlen(pattern[i]);
        if (!is_param(pattern[i])) {
            continue;
        }
        g_assert(params->n < HTTP_PARAMS_MAX);
        gboolean rest = pattern[i][length - 2] == '*';
        g_autofree char *name = g_strndup(pattern[i] + 1, length - (rest ? 3 : 2));
        params->names[params->n] = g_intern_string(name);
        params->values[params->n++] = rest ? g_strjoinv("/", segments + i) : g_strdup(segments[i]);
    }
}

const HttpRoute *http_router_find(const HttpRouter *router, HttpMethod method, const char *path,
                                  HttpParams *params, unsigned *allowed)
{
    g_auto(GStrv) segments = g_strsplit(path + 1, "/", HTTP_PATH_MAX_SEGMENTS + 1);
    Search search = {.method = method, .segments = segments};
    *allowed = 0;
    if (g_strv_length(segments) > HTTP_PATH_MAX_SEGMENTS) {
        return NULL;
    }
    descend(&search, router->root, 0);
    *allowed = search.allowed;
    if (search.allowed & 1u << HTTP_GET) {
        *allowed |= 1u << HTTP_HEAD;
    }
    if (search.route) {
        fill_params(search.route, segments, params);
    }
    return search.route;
}
