#include <string.h>

#include "planner/civil/error.h"
#include "server/net/head.h"
#include "server/net/proxy.h"
#include "server/net/raw_parser.h"

/* A head of "Name: value" texts. */
static NetHead *head_of(const char *method, unsigned minor, const char *const *fields)
{
    NetHead *head = net_head_new(method, "/x", minor);
    for (unsigned i = 0; fields[i]; i++) {
        g_auto(GStrv) parts = g_strsplit(fields[i], ": ", 2);
        net_head_add(head, parts[0], parts[1]);
    }
    return head;
}

#define FIELDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void refused(const char *method, const char *const *fields, CronotopoErrorCode code)
{
    g_autoptr(NetHead) head = head_of(method, 1, fields);
    g_autoptr(GError) error = NULL;
    NetFraming framing;
    g_assert_false(net_head_check(head, &framing, &error));
    g_assert_error(error, CRONOTOPO_ERROR, (int)code);
}

static void test_refused(void)
{
    refused("BREW", FIELDS("Host: x"), CRONOTOPO_ERROR_METHOD);
    refused("GET", FIELDS("A: b"), CRONOTOPO_ERROR_MALFORMED);
    refused("GET", FIELDS("Host: x", "host: x"), CRONOTOPO_ERROR_MALFORMED);
    refused("GET", FIELDS("Host: "), CRONOTOPO_ERROR_MALFORMED);
    refused("GET", FIELDS("Host: x", "A b: c"), CRONOTOPO_ERROR_MALFORMED);
    refused("GET", FIELDS("Host: x", "A: b\rc"), CRONOTOPO_ERROR_MALFORMED);
    refused("GET", FIELDS("Host: x", "Transfer-Encoding: identity"), CRONOTOPO_ERROR_UNSUPPORTED);
    refused("POST", FIELDS("Host: x"), CRONOTOPO_ERROR_LENGTH_REQUIRED);
    refused("GET", FIELDS("Host: x", "Content-Length: 1"), CRONOTOPO_ERROR_MALFORMED);
    refused("PUT", FIELDS("Host: x", "Content-Length: 1 "), CRONOTOPO_ERROR_MALFORMED);
    refused("PUT", FIELDS("Host: x", "Content-Length: "), CRONOTOPO_ERROR_MALFORMED);
    refused("PUT", FIELDS("Host: x", "Content-Length: 1234567890123456"),
            CRONOTOPO_ERROR_TOO_LARGE);
    refused("PUT", FIELDS("Host: x", "Content-Length: 0", "Content-Length: 0"),
            CRONOTOPO_ERROR_MALFORMED);
    refused("GET", FIELDS("Host: x", "Expect: 200-ok"), CRONOTOPO_ERROR_UNSUPPORTED);
}

static NetFraming admitted(const char *method, unsigned minor, const char *const *fields)
{
    g_autoptr(NetHead) head = head_of(method, minor, fields);
    g_autoptr(GError) error = NULL;
    NetFraming framing;
    g_assert_true(net_head_check(head, &framing, &error));
    g_assert_no_error(error);
    return framing;
}

static void test_admitted(void)
{
    NetFraming framing = admitted("POST", 1, FIELDS("Host: x", "Content-Length: 007"));
    g_assert_cmpuint(framing.content_length, ==, 7);
    g_assert_true(framing.has_length && framing.keep_alive && !framing.expects_continue);
    framing = admitted("POST", 1, FIELDS("Host: x", "Content-Length: 0", "expect: 100-Continue"));
    g_assert_true(framing.expects_continue);
    framing = admitted("GET", 0, FIELDS("A: b"));
    g_assert_false(framing.keep_alive);
    framing = admitted("GET", 1, FIELDS("Host: x", "Connection: TE, Close"));
    g_assert_false(framing.keep_alive);
    framing = admitted("REPORT", 1, FIELDS("Host: x"));
    g_assert_false(framing.has_length);
}

static void client(const char *const *proxies, const char *peer, const char *const *fields,
                   const char *expected, gboolean expected_secure)
{
    g_autoptr(NetProxies) trusted = net_proxies_new(proxies, NULL);
    g_autoptr(NetHead) head = head_of("GET", 1, fields);
    gboolean secure = FALSE;
    g_assert_true(net_proxies_trust(trusted, peer));
    g_autofree char *found = net_proxies_client(trusted, peer, head, &secure);
    g_assert_cmpstr(found, ==, expected);
    g_assert_cmpint(secure, ==, expected_secure);
}

static void test_proxies(void)
{
    const char *const *ours = FIELDS("10.0.0.0/8", "::1", "unix");
    client(ours, "10.1.2.3", FIELDS("X-Forwarded-For: 203.0.113.7"), "203.0.113.7", FALSE);
    client(ours, "10.1.2.3", FIELDS("X-Forwarded-For: 1.1.1.1, 203.0.113.7, 10.9.9.9"),
           "203.0.113.7", FALSE);
    client(ours, "::1",
           FIELDS("X-Forwarded-For: 1.1.1.1", "X-Forwarded-For: 2001:db8::7",
                  "X-Forwarded-Proto: https"),
           "2001:db8::7", TRUE);
    client(ours, "", FIELDS("X-Forwarded-For: nonsense"), "", FALSE);
    client(ours, "10.1.2.3", FIELDS("A: b"), "10.1.2.3", FALSE);
    g_autoptr(NetProxies) none = net_proxies_new(NULL, NULL);
    g_assert_false(net_proxies_trust(none, "127.0.0.1"));
    g_assert_false(net_proxies_trust(none, ""));
    g_autoptr(GError) error = NULL;
    g_assert_null(net_proxies_new(FIELDS("10.0.0.0/40"), &error));
    g_assert_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_USAGE);
}

/* What the parser told, as text. */
static gboolean on_head(gpointer data, const char *method, const char *target, unsigned minor,
                        const GPtrArray *fields)
{
    g_string_append_printf(data, "[%s %s 1.%u", method, target, minor);
    for (guint i = 0; i + 1 < fields->len; i += 2) {
        g_string_append_printf(data, " %s=%s", (char *)fields->pdata[i],
                               (char *)fields->pdata[i + 1]);
    }
    return TRUE;
}

static gboolean on_body(gpointer data, const char *bytes, gsize length)
{
    g_string_append_len(g_string_append_c(data, '|'), bytes, (gssize)length);
    return TRUE;
}

static void on_end(gpointer data)
{
    g_string_append_c(data, ']');
}

static const NetParserEvents events = {on_head, on_body, on_end};

static void test_parser_pieces(void)
{
    static const char text[] =
        "REPORT /a?b HTTP/1.1\r\nHost: x\r\nEmpty:\r\nContent-Length: 2\r\n\r\n"
        "hiGET / HTTP/1.0\r\n\r\n";
    for (gsize piece = 1; piece < sizeof text; piece++) {
        g_autoptr(GString) told = g_string_new(NULL);
        NetParser *parser = net_parser_new(&events, told, 1000);
        for (gsize at = 0; at < sizeof text - 1;) {
            gsize length = MIN(piece, sizeof text - 1 - at);
            gssize taken = net_parser_feed(parser, text + at, length, NULL);
            g_assert_cmpint(taken, >, 0);
            at += (gsize)taken;
        }
        net_parser_free(parser);
        g_assert_true(
            g_str_has_prefix(told->str, "[REPORT /a?b 1.1 Host=x Empty= Content-Length=2|"));
        g_assert_true(g_str_has_suffix(told->str, "i][GET / 1.0]"));
    }
}

static void parse_error(const char *text, CronotopoErrorCode code)
{
    g_autoptr(GString) told = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    NetParser *parser = net_parser_new(&events, told, 40);
    g_assert_cmpint(net_parser_feed(parser, text, strlen(text), &error), ==, -1);
    g_assert_error(error, CRONOTOPO_ERROR, (int)code);
    net_parser_free(parser);
}

static void test_parser_errors(void)
{
    parse_error("BREW / HTTP/1.1\r\n", CRONOTOPO_ERROR_METHOD);
    parse_error("GET / HTTP/1.1\r\nA b\r\n", CRONOTOPO_ERROR_MALFORMED);
    parse_error("GET /a-target-much-longer-than-forty-bytes-is HTTP/1.1\r\n",
                CRONOTOPO_ERROR_TOO_LARGE);
    parse_error("\x16\x03\x01", CRONOTOPO_ERROR_METHOD);
}

static void test_tails(void)
{
    g_assert_cmpstr(net_parser_whole_method("PFIND"), ==, "PROPFIND");
    g_assert_cmpstr(net_parser_whole_method("ORT"), ==, "REPORT");
    g_assert_cmpstr(net_parser_whole_method("OPY"), ==, "COPY");
    g_assert_null(net_parser_whole_method("PROPFIND"));
    g_assert_null(net_parser_whole_method("GET"));
    g_assert_null(net_parser_whole_method(""));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/net/head/what could be read two ways is refused", test_refused);
    g_test_add_func("/net/head/a clean head tells its framing", test_admitted);
    g_test_add_func("/net/proxy/the client is the last address no proxy of ours has", test_proxies);
    g_test_add_func("/net/parser/messages are the same in pieces of any size", test_parser_pieces);
    g_test_add_func("/net/parser/errors tell what is wrong", test_parser_errors);
    g_test_add_func("/net/parser/a verb's tail finds the verb", test_tails);
    return g_test_run();
}
