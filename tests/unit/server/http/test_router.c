#include "server/http/limits.h"
#include "server/http/router.h"

static void handler(HttpCall *call)
{
}

#define ROW(method, path)                                                                          \
    {                                                                                              \
        method, path, RESOURCE_SYSTEM, VERB_READ, handler, "test"                                  \
    }

static const HttpRoute table[] = {
    ROW(HTTP_GET, "/"),
    ROW(HTTP_GET, "/api/v1/rooms"),
    ROW(HTTP_POST, "/api/v1/rooms"),
    ROW(HTTP_GET, "/api/v1/rooms/{id}"),
    ROW(HTTP_GET, "/api/v1/rooms/free"),
    ROW(HTTP_PUT, "/api/v1/rooms/{id}/hours/{day}"),
    ROW(HTTP_GET, "/api/v1/{collection}/count"),
    ROW(HTTP_PROPFIND, "/dav/{rest*}"),
};

static const HttpRoute *find(HttpMethod method, const char *path, HttpParams *params,
                             unsigned *allowed)
{
    HttpRouter *router = http_router_new(table, G_N_ELEMENTS(table));
    const HttpRoute *route = http_router_find(router, method, path, params, allowed);
    http_router_free(router);
    return route;
}

static void test_find(void)
{
    static const struct {
        HttpMethod method;
        const char *path;
        int row; /* -1: none */
        unsigned allowed;
    } rows[] = {
        {HTTP_GET, "/", 0, 1 << HTTP_GET | 1 << HTTP_HEAD},
        {HTTP_GET, "/api/v1/rooms", 1, 1 << HTTP_GET | 1 << HTTP_HEAD | 1 << HTTP_POST},
        {HTTP_HEAD, "/api/v1/rooms", 1, 1 << HTTP_GET | 1 << HTTP_HEAD | 1 << HTTP_POST},
        {HTTP_POST, "/api/v1/rooms", 2, 1 << HTTP_GET | 1 << HTTP_HEAD | 1 << HTTP_POST},
        {HTTP_DELETE, "/api/v1/rooms", -1, 1 << HTTP_GET | 1 << HTTP_HEAD | 1 << HTTP_POST},
        {HTTP_GET, "/api/v1/rooms/7", 3, 1 << HTTP_GET | 1 << HTTP_HEAD},
        {HTTP_GET, "/api/v1/rooms/free", 4, 1 << HTTP_GET | 1 << HTTP_HEAD},
        {HTTP_GET, "/api/v1/rooms/", -1, 0},
        {HTTP_GET, "/api/v1/rooms/7/", -1, 0},
        {HTTP_GET, "/api/v1/people/count", 6, 1 << HTTP_GET | 1 << HTTP_HEAD},
        {HTTP_GET, "/api/v1/rooms/count", 3, 1 << HTTP_GET | 1 << HTTP_HEAD},
        {HTTP_PUT, "/api/v1/rooms/7/hours/mon", 5, 1 << HTTP_PUT},
        {HTTP_PROPFIND, "/dav/a/b/c", 7, 1 << HTTP_PROPFIND},
        {HTTP_PROPFIND, "/dav/", -1, 0},
        {HTTP_GET, "//", -1, 0},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        HttpParams params = {0};
        unsigned allowed = 0;
        const HttpRoute *route = find(rows[i].method, rows[i].path, &params, &allowed);
        g_assert_true(route == (rows[i].row < 0 ? NULL : &table[rows[i].row]));
        g_assert_cmphex(allowed, ==, rows[i].allowed);
        http_params_clear(&params);
    }
}

static void test_params(void)
{
    HttpParams params = {0};
    unsigned allowed = 0;
    g_assert_nonnull(find(HTTP_PUT, "/api/v1/rooms/7/hours/mon", &params, &allowed));
    g_assert_cmpuint(params.n, ==, 2);
    g_assert_cmpstr(params.names[0], ==, "id");
    g_assert_cmpstr(params.values[0], ==, "7");
    g_assert_cmpstr(params.names[1], ==, "day");
    g_assert_cmpstr(params.values[1], ==, "mon");
    http_params_clear(&params);
    g_assert_nonnull(find(HTTP_PROPFIND, "/dav/a/b/c", &params, &allowed));
    g_assert_cmpstr(params.names[0], ==, "rest");
    g_assert_cmpstr(params.values[0], ==, "a/b/c");
    http_params_clear(&params);
}

static void test_depth(void)
{
    GString *path = g_string_new(NULL);
    for (int i = 0; i < 1000; i++) {
        g_string_append(path, "/a");
    }
    HttpParams params = {0};
    unsigned allowed = 1;
    g_assert_null(find(HTTP_GET, path->str, &params, &allowed));
    g_assert_cmphex(allowed, ==, 0);
    g_string_free(path, TRUE);
}

static void test_limits(void)
{
    g_autoptr(HttpLimits) limits = http_limits_new();
    HttpRate rate = {3, 0.5};
    gint64 now = 1000;
    for (int i = 0; i < 3; i++) {
        g_assert_cmpuint(http_limits_take(limits, "a", rate, now), ==, 0);
    }
    g_assert_cmpuint(http_limits_take(limits, "a", rate, now), ==, 2);
    g_assert_cmpuint(http_limits_take(limits, "b", rate, now), ==, 0);
    now += 2 * G_USEC_PER_SEC;
    g_assert_cmpuint(http_limits_take(limits, "a", rate, now), ==, 0);
    g_assert_cmpuint(http_limits_take(limits, "a", rate, now), ==, 2);
    now += 3600 * (gint64)G_USEC_PER_SEC;
    for (int i = 0; i < 3; i++) {
        g_assert_cmpuint(http_limits_take(limits, "a", rate, now), ==, 0);
    }
    g_assert_cmpuint(http_limits_take(limits, "a", rate, now), >, 0);
}

static void test_limits_bounded(void)
{
    g_autoptr(HttpLimits) limits = http_limits_new();
    for (int i = 0; i < HTTP_LIMITS_MAX_KEYS + 10; i++) {
        g_autofree char *key = g_strdup_printf("%d", i);
        g_assert_cmpuint(http_limits_take(limits, key, (HttpRate){1, 0.001}, 0), ==, 0);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/http/router/literals win, methods are told apart", test_find);
    g_test_add_func("/http/router/parameters carry their names", test_params);
    g_test_add_func("/http/router/a path of a thousand segments is none", test_depth);
    g_test_add_func("/http/limits/a bucket empties, says how long, and refills", test_limits);
    g_test_add_func("/http/limits/more keys than there is room for are let through",
                    test_limits_bounded);
    return g_test_run();
}
