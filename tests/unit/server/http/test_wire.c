#include <string.h>

#include "planner/civil/error.h"
#include "server/http/wire.h"

/* 2026-11-20 13:30:00 UTC */
#define NOW (G_GINT64_CONSTANT(1795181400) * 1000)

static HttpRequest *request_with(HttpMethod method, const char *name, const char *value)
{
    HttpRequest *request = http_request_new(method, "/x", NULL);
    if (name) {
        http_request_set_header(request, name, value);
    }
    return request;
}

static HttpReply *sample_reply(void)
{
    HttpReply *reply = http_reply_text(200, "text/plain", "hello");
    g_autoptr(GBytes) gzip = g_bytes_new_static("zz", 2);
    http_reply_set_gzip_body(reply, gzip);
    http_reply_set_validators(reply, "t1", NOW);
    return reply;
}

/* The head as text; the body, or "". */
static char *render(const HttpRequest *request, const HttpReply *reply, char **body)
{
    g_autoptr(GByteArray) head = g_byte_array_new();
    g_autoptr(GBytes) bytes = NULL;
    http_wire_render(request, reply, &(HttpWireOptions){TRUE, NOW}, head, &bytes);
    *body =
        bytes ? g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes)) : g_strdup("");
    return g_strndup((const char *)head->data, head->len);
}

static void check(const HttpRequest *request, unsigned status, const char *expected_body)
{
    g_autoptr(HttpReply) reply = sample_reply();
    g_autofree char *body = NULL;
    g_autofree char *head = render(request, reply, &body);
    g_autofree char *start = g_strdup_printf("HTTP/1.1 %u ", status);
    g_assert_true(g_str_has_prefix(head, start));
    g_assert_true(g_str_has_suffix(head, "\r\n\r\n"));
    g_assert_cmpstr(body, ==, expected_body);
    g_assert_nonnull(strstr(head, "\r\nDate: Fri, 20 Nov 2026 13:30:00 GMT\r\n"));
    gboolean has_type = strstr(head, "\r\nContent-Type:") != NULL;
    g_assert_true(has_type == (status == 200));
}

static void test_conditions(void)
{
    static const struct {
        const char *name, *value;
        unsigned status;
    } rows[] = {
        {"if-none-match", "\"t1\"", 304},
        {"if-none-match", "W/\"t1\"", 304},
        {"if-none-match", "\"a\", \"t1\"", 304},
        {"if-none-match", "\"t1-gz\"", 304},
        {"if-none-match", "*", 304},
        {"if-none-match", "\"t2\"", 200},
        {"if-none-match", "\"t\"", 200},
        {"if-none-match", "t1", 200},
        {"if-none-match", "\"t1", 200},
        {"if-modified-since", "Fri, 20 Nov 2026 13:30:00 GMT", 304},
        {"if-modified-since", "Fri, 20 Nov 2026 13:29:59 GMT", 200},
        {"if-modified-since", "yesterday", 200},
        {NULL, NULL, 200},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(HttpRequest) get = request_with(HTTP_GET, rows[i].name, rows[i].value);
        g_autoptr(HttpRequest) post = request_with(HTTP_POST, rows[i].name, rows[i].value);
        check(get, rows[i].status, rows[i].status == 304 ? "" : "hello");
        check(post, 200, "hello");
    }
    g_autoptr(HttpRequest) both = request_with(HTTP_GET, "if-none-match", "\"t2\"");
    http_request_set_header(both, "if-modified-since", "Fri, 20 Nov 2026 13:30:00 GMT");
    check(both, 200, "hello");
}

static void test_codings(void)
{
    static const struct {
        const char *accept, *body;
    } rows[] = {
        {"gzip", "zz"},        {"br, gzip;q=0.5", "zz"}, {"GZIP", "zz"},
        {"gzip;q=0", "hello"}, {"br", "hello"},          {"xgzip", "hello"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(HttpRequest) request = request_with(HTTP_GET, "accept-encoding", rows[i].accept);
        g_autoptr(HttpReply) reply = sample_reply();
        g_autofree char *body = NULL;
        g_autofree char *head = render(request, reply, &body);
        gboolean gzip = strcmp(rows[i].body, "zz") == 0;
        g_assert_cmpstr(body, ==, rows[i].body);
        g_assert_nonnull(strstr(head, "\r\nVary: Accept-Encoding\r\n"));
        g_assert_true((strstr(head, "\r\nContent-Encoding: gzip\r\n") != NULL) == gzip);
        g_assert_nonnull(strstr(head, gzip ? "ETag: \"t1-gz\"\r\n" : "ETag: \"t1\"\r\n"));
    }
}

static void test_head(void)
{
    g_autoptr(HttpRequest) request = request_with(HTTP_HEAD, NULL, NULL);
    g_autoptr(HttpReply) reply = sample_reply();
    g_autofree char *body = NULL;
    g_autofree char *head = render(request, reply, &body);
    g_assert_cmpstr(body, ==, "");
    g_assert_nonnull(strstr(head, "\r\nContent-Length: 5\r\n"));
}

static void test_injection(void)
{
    g_autoptr(HttpReply) reply = http_reply_redirect("/a\r\nSet-Cookie: x=1");
    g_autofree char *body = NULL;
    g_autofree char *head = render(NULL, reply, &body);
    g_assert_null(strstr(head, "\r\nSet-Cookie"));
}

static void test_problem(void)
{
    g_autoptr(HttpRequest) request = request_with(HTTP_GET, "accept-language", "en");
    g_autoptr(GError) error =
        g_error_new(CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD, "/capacity: must be positive");
    g_autoptr(HttpReply) reply =
        http_reply_problem(request, error, json_pack("{s:s, s:s}", "who", "Ada", "code", "x"));
    json_t *json = json_loadb(g_bytes_get_data(http_reply_body(reply), NULL),
                              g_bytes_get_size(http_reply_body(reply)), 0, NULL);
    g_assert_cmpuint(http_reply_status(reply), ==, 422);
    g_assert_cmpstr(json_string_value(json_object_get(json, "code")), ==, "invalid_field");
    g_assert_cmpstr(json_string_value(json_object_get(json, "pointer")), ==, "/capacity");
    g_assert_cmpstr(json_string_value(json_object_get(json, "detail")), ==, "must be positive");
    g_assert_cmpstr(json_string_value(json_object_get(json, "who")), ==, "Ada");
    g_assert_cmpstr(json_string_value(json_object_get(json, "request_id")), ==,
                    http_request_id(request));
    json_decref(json);
}

static void test_secrets(void)
{
    g_autoptr(GError) error = g_error_new(CRONOTOPO_ERROR, CRONOTOPO_ERROR_INTERNAL, "/etc/x: 7");
    g_autoptr(HttpReply) reply = http_reply_problem(NULL, error, NULL);
    g_autofree char *text = g_strndup(g_bytes_get_data(http_reply_body(reply), NULL),
                                      g_bytes_get_size(http_reply_body(reply)));
    g_assert_null(strstr(text, "/etc/x"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/http/wire/a current copy gets 304, If-None-Match wins", test_conditions);
    g_test_add_func("/http/wire/gzip goes to those that take it, with its own tag", test_codings);
    g_test_add_func("/http/wire/HEAD tells the length and sends no body", test_head);
    g_test_add_func("/http/wire/a header's value can't begin another header", test_injection);
    g_test_add_func("/http/reply/a problem names the field and keeps its own members",
                    test_problem);
    g_test_add_func("/http/reply/what went wrong inside stays inside", test_secrets);
    return g_test_run();
}
