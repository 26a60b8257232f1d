/* One table of guards, in the order in which a refusal is the most telling. RFC 9112, 6: a message
 * whose framing two parsers could read differently is refused, never repaired. */
#include "server/net/head.h"

#include <string.h>

#include "planner/civil/error.h"

#define LENGTH_MAX_DIGITS 15

NetHead *net_head_new(const char *method, const char *target, unsigned minor)
{
    NetHead *head = g_new0(NetHead, 1);
    head->method = g_strdup(method);
    head->target = g_strdup(target);
    head->minor = minor;
    head->fields = g_ptr_array_new_with_free_func(g_free);
    head->bytes = strlen(target);
    return head;
}

void net_head_free(NetHead *head)
{
    if (head) {
        g_free(head->method);
        g_free(head->target);
        g_ptr_array_unref(head->fields);
        g_free(head);
    }
}

void net_head_add(NetHead *head, const char *name, const char *value)
{
    g_ptr_array_add(head->fields, g_strdup(name));
    g_ptr_array_add(head->fields, g_strdup(value));
    head->bytes += strlen(name) + strlen(value) + 4;
}

const char *net_head_get(const NetHead *head, const char *name)
{
    for (guint i = 0; i + 1 < head->fields->len; i += 2) {
        if (g_ascii_strcasecmp(head->fields->pdata[i], name) == 0) {
            return head->fields->pdata[i + 1];
        }
    }
    return NULL;
}

char *net_head_joined(const NetHead *head, const char *name)
{
    GString *joined = g_string_new(NULL);
    for (guint i = 0; i + 1 < head->fields->len; i += 2) {
        if (g_ascii_strcasecmp(head->fields->pdata[i], name) == 0) {
            g_string_append_printf(joined, "%s%s", joined->len ? "," : "",
                                   (char *)head->fields->pdata[i + 1]);
        }
    }
    return g_string_free(joined, FALSE);
}

unsigned net_head_count(const NetHead *head, const char *name)
{
    unsigned n = 0;
    for (guint i = 0; i + 1 < head->fields->len; i += 2) {
        n += g_ascii_strcasecmp(head->fields->pdata[i], name) == 0;
    }
    return n;
}

static gboolean refuse(GError **error, CronotopoErrorCode code, const char *message)
{
    g_set_error_literal(error, CRONOTOPO_ERROR, code, message);
    return FALSE;
}

/* RFC 9110, 5.6.2 and 5.5: a name is a token, a value has no control characters but tab. */
static gboolean check_fields(const NetHead *head, GError **error)
{
    for (guint i = 0; i + 1 < head->fields->len; i += 2) {
        const char *name = head->fields->pdata[i];
        for (const char *p = name; *p; p++) {
            if (!g_ascii_isalnum(*p) && !strchr("!#$%&'*+-.^_`|~", *p)) {
                return refuse(error, CRONOTOPO_ERROR_MALFORMED, "a header name is malformed");
            }
        }
        for (const char *p = head->fields->pdata[i + 1]; *p; p++) {
            if (((guchar)*p < 0x20 && *p != '\t') || *p == 0x7f) {
                return refuse(error, CRONOTOPO_ERROR_MALFORMED, "a header value is malformed");
            }
        }
    }
    if (head->bytes > HTTP_HEADERS_MAX_BYTES) {
        return refuse(error, CRONOTOPO_ERROR_TOO_LARGE, "the headers are too long");
    }
    return TRUE;
}

static gboolean check_length(const NetHead *head, NetFraming *framing, GError **error)
{
    const char *text = net_head_get(head, "content-length");
    if (net_head_count(head, "content-length") > 1) {
        return refuse(error, CRONOTOPO_ERROR_MALFORMED, "there are two Content-Length headers");
    }
    framing->has_length = text != NULL;
    framing->content_length = 0;
    if (!text) {
        return TRUE;
    }
    gsize digits = strspn(text, "0123456789");
    if (digits == 0 || text[digits] != '\0') {
        return refuse(error, CRONOTOPO_ERROR_MALFORMED, "Content-Length is no number");
    }
    if (digits > LENGTH_MAX_DIGITS) {
        return refuse(error, CRONOTOPO_ERROR_TOO_LARGE, "the body is too long");
    }
    framing->content_length = g_ascii_strtoull(text, NULL, 10);
    return TRUE;
}

static gboolean check_body(const NetFraming *framing, GError **error)
{
    HttpMethod method = framing->method;
    gboolean wants = method == HTTP_POST || method == HTTP_PUT || method == HTTP_PATCH;
    if (wants && !framing->has_length) {
        return refuse(error, CRONOTOPO_ERROR_LENGTH_REQUIRED, "Content-Length is required");
    }
    if ((method == HTTP_GET || method == HTTP_HEAD) && framing->content_length > 0) {
        return refuse(error, CRONOTOPO_ERROR_MALFORMED, "this method takes no body");
    }
    return TRUE;
}

gboolean net_head_check_upgrade(const NetHead *head, GError **error)
{
    const char *upgrade = net_head_get(head, "upgrade");
    if (!upgrade) {
        return TRUE;
    }
    return g_ascii_strcasecmp(upgrade, "websocket") == 0
               ? refuse(error, CRONOTOPO_ERROR_UPGRADE_REQUIRED,
                        "no WebSocket is served here on this connection")
               : refuse(error, CRONOTOPO_ERROR_UNSUPPORTED, "only WebSocket upgrades are served");
}

static gboolean wants_keep_alive(const NetHead *head)
{
    const char *connection = net_head_get(head, "connection");
    g_auto(GStrv) options = g_strsplit(connection ? connection : "", ",", 16);
    for (guint i = 0; options[i]; i++) {
        if (g_ascii_strcasecmp(g_strstrip(options[i]), "close") == 0) {
            return FALSE;
        }
    }
    return head->minor == 1; /* HTTP/1.0 closes */
}

gboolean net_head_check(const NetHead *head, NetFraming *framing, GError **error)
{
    const char *expect = net_head_get(head, "expect");
    unsigned hosts = net_head_count(head, "host");
    memset(framing, 0, sizeof *framing);
    if (!http_method_by_name(head->method, &framing->method)) {
        return refuse(error, CRONOTOPO_ERROR_METHOD, "no address takes that method");
    }
    if (head->minor > 1) {
        return refuse(error, CRONOTOPO_ERROR_UNSUPPORTED, "only HTTP/1.0 and 1.1 are spoken");
    }
    if (!check_fields(head, error)) {
        return FALSE;
    }
    if (net_head_count(head, "transfer-encoding") > 0) {
        return refuse(error, CRONOTOPO_ERROR_UNSUPPORTED, "transfer codings are not accepted");
    }
    if (hosts > 1 || (hosts == 0 && head->minor == 1) ||
        (hosts == 1 && *net_head_get(head, "host") == '\0')) {
        return refuse(error, CRONOTOPO_ERROR_MALFORMED, "exactly one Host header is required");
    }
    if (expect && g_ascii_strcasecmp(expect, "100-continue") != 0) {
        return refuse(error, CRONOTOPO_ERROR_UNSUPPORTED, "that expectation can't be met");
    }
    framing->expects_continue = expect != NULL;
    framing->keep_alive = wants_keep_alive(head);
    return check_length(head, framing, error) && check_body(framing, error);
}

HttpRequest *net_head_request(const NetHead *head, HttpMethod method, GError **error)
{
    HttpRequest *request = http_request_new(method, head->target, error);
    for (guint i = 0; request && i + 1 < head->fields->len; i += 2) {
        http_request_set_header(request, head->fields->pdata[i], head->fields->pdata[i + 1]);
    }
    return request;
}
