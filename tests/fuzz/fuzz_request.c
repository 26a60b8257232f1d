/* Any bytes as a connection, in two reads cut anywhere: each message is refused, or becomes a
 * request whose path and query are clean. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "planner/civil/error.h"
#include "server/net/head.h"
#include "server/net/raw_parser.h"

static void check_request(const HttpRequest *request)
{
    const char *path = http_request_path(request);
    g_assert_true(path[0] == '/' && g_utf8_validate(path, -1, NULL));
    g_assert_null(strstr(path, "/../"));
    g_assert_false(g_str_has_suffix(path, "/.."));
    GHashTableIter iter;
    gpointer name = NULL, value = NULL;
    g_hash_table_iter_init(&iter, http_request_query_all(request));
    while (g_hash_table_iter_next(&iter, &name, &value)) {
        g_assert_true(g_utf8_validate(name, -1, NULL) && g_utf8_validate(value, -1, NULL));
    }
    g_autofree char *cookie = http_request_cookie(request, "session");
    g_assert_true(http_request_language(request));
}

static gboolean on_head(gpointer data, const char *method, const char *target, unsigned minor,
                        const GPtrArray *fields)
{
    g_autoptr(NetHead) head = net_head_new(method, target, minor);
    for (guint i = 0; i + 1 < fields->len; i += 2) {
        net_head_add(head, fields->pdata[i], fields->pdata[i + 1]);
    }
    g_autoptr(GError) error = NULL;
    NetFraming framing;
    if (!net_head_check(head, &framing, &error)) {
        g_assert_true(error && error->domain == CRONOTOPO_ERROR);
        return FALSE;
    }
    g_assert_true(net_head_count(head, "transfer-encoding") == 0);
    g_assert_true(net_head_count(head, "content-length") <= 1);
    g_autoptr(HttpRequest) request = net_head_request(head, framing.method, &error);
    g_assert_true(request || error);
    if (request) {
        check_request(request);
    }
    return request != NULL;
}

static gboolean on_body(gpointer data, const char *bytes, gsize length)
{
    return length > 0;
}

static void on_end(gpointer data)
{
}

static const NetParserEvents events = {on_head, on_body, on_end};

/* FALSE: refused. */
static gboolean feed(NetParser *parser, const char *bytes, gsize length)
{
    while (length > 0) {
        g_autoptr(GError) error = NULL;
        gssize taken = net_parser_feed(parser, bytes, length, &error);
        g_assert_cmpint(taken, <=, (gssize)length);
        if (taken <= 0) {
            return FALSE;
        }
        bytes += taken;
        length -= (gsize)taken;
    }
    return TRUE;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1) {
        return 0;
    }
    const char *bytes = (const char *)data + 1;
    gsize length = size - 1, cut = length * data[0] / 256;
    NetParser *parser = net_parser_new(&events, NULL, HTTP_HEADERS_MAX_BYTES);
    if (feed(parser, bytes, cut)) {
        feed(parser, bytes + cut, length - cut);
    }
    net_parser_free(parser);
    return 0;
}
