#include "planner/civil/error.h"
#include "server/http/request.h"

static void good_target(const char *target, const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(HttpRequest) request = http_request_new(HTTP_GET, target, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(http_request_path(request), ==, path);
}

static void bad_target(const char *target)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(http_request_new(HTTP_GET, target, &error));
    g_assert_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_MALFORMED);
}

static void test_paths(void)
{
    good_target("/", "/");
    good_target("/a/b?c", "/a/b");
    good_target("/citt%C3%A0", "/città");
    good_target("/a+b", "/a+b");
    good_target("/a..b/.c/..d/...", "/a..b/.c/..d/...");
}

static void test_bad_paths(void)
{
    static const char *const bad[] = {
        "",      "*",      "a",     "http://x/", "/a%",    "/a%4",      "/a%zz",   "/a%00b",
        "/a%ff", "/.",     "/..",   "/a/../b",   "/a/./b", "/%2e%2e/b", "/a/%2E",  "/a#b",
        "/a\tb", "/a%0Ab", "/a%7f", "/?a=%ff",   "/?a=%0", "/?a=1&a",   "/?%61&a", "/?a=%00"};
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        bad_target(bad[i]);
    }
    g_autofree char *longest = g_strnfill(HTTP_TARGET_MAX_BYTES, 'a');
    longest[0] = '/';
    good_target(longest, longest);
    g_autofree char *longer = g_strconcat(longest, "a", NULL);
    bad_target(longer);
}

static void test_query(void)
{
    g_autoptr(HttpRequest) request =
        http_request_new(HTTP_GET, "/x?a=1&b=x+y%2B&c&&d=%26%3D&e==", NULL);
    g_assert_cmpstr(http_request_query(request, "a"), ==, "1");
    g_assert_cmpstr(http_request_query(request, "b"), ==, "x y+");
    g_assert_cmpstr(http_request_query(request, "c"), ==, "");
    g_assert_cmpstr(http_request_query(request, "d"), ==, "&=");
    g_assert_cmpstr(http_request_query(request, "e"), ==, "=");
    g_assert_null(http_request_query(request, "f"));
    g_assert_cmpuint(g_hash_table_size(http_request_query_all(request)), ==, 5);
}

static void test_headers(void)
{
    g_autoptr(HttpRequest) request = http_request_new(HTTP_GET, "/", NULL);
    http_request_set_header(request, "X-Thing", "a");
    http_request_set_header(request, "x-thing", "b");
    http_request_set_header(request, "Cookie", "sid=1; lang=it");
    http_request_set_header(request, "Cookie", "xsid=2;empty=; last = 3");
    g_assert_cmpstr(http_request_header(request, "x-thing"), ==, "a, b");
    g_autofree char *sid = http_request_cookie(request, "sid");
    g_autofree char *other = http_request_cookie(request, "xsid");
    g_autofree char *none = http_request_cookie(request, "si");
    g_autofree char *empty = http_request_cookie(request, "empty");
    g_assert_cmpstr(sid, ==, "1");
    g_assert_cmpstr(other, ==, "2");
    g_assert_cmpstr(empty, ==, "");
    g_assert_null(none);
}

static void test_language(void)
{
    static const struct {
        const char *accept, *language;
    } rows[] = {
        {NULL, "it"},       {"", "it"},      {"en", "en"},          {"en-GB,en", "en"},
        {"de", "it"},       {"it,en", "it"}, {"en;q=0.5,it", "it"}, {"it;q=0.2, en", "en"},
        {"enochian", "it"}, {"EN", "en"},    {"*", "it"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(HttpRequest) request = http_request_new(HTTP_GET, "/", NULL);
        if (rows[i].accept) {
            http_request_set_header(request, "accept-language", rows[i].accept);
        }
        g_assert_cmpstr(http_request_language(request), ==, rows[i].language);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/http/request/a path is decoded and keeps its plus signs", test_paths);
    g_test_add_func("/http/request/an unclean target is malformed", test_bad_paths);
    g_test_add_func("/http/request/query parameters are decoded by name", test_query);
    g_test_add_func("/http/request/headers join and cookies are found whole", test_headers);
    g_test_add_func("/http/request/the language is Italian unless English weighs more",
                    test_language);
    return g_test_run();
}
