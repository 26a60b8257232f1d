/* A decoded request.
 *
 * The target is checked and decoded once, at birth: path and query are valid UTF-8 without NUL and
 * without dot segments, so nothing further in has to look at percent signs. A query parameter
 * given twice is refused: two readers of one request must not see two meanings. Headers given
 * twice are joined the way RFC 9110, 5.3 says. */
#include "server/http/request.h"

#include <string.h>

#include "planner/civil/error.h"

#define QUERY_MAX_PARAMETERS 64

struct HttpRequest {
    HttpMethod method;
    char *path;
    GHashTable *query;   /* char * name -> char * value, both owned */
    GHashTable *headers; /* char * lower-case name -> char * value, both owned */
    GBytes *body;
    char *peer;
    gboolean secure;
    char *id;
};

static const char *const method_names[HTTP_METHOD_COUNT] = {
    [HTTP_GET] = "GET",
    [HTTP_HEAD] = "HEAD",
    [HTTP_POST] = "POST",
    [HTTP_PUT] = "PUT",
    [HTTP_PATCH] = "PATCH",
    [HTTP_DELETE] = "DELETE",
    [HTTP_OPTIONS] = "OPTIONS",
    [HTTP_PROPFIND] = "PROPFIND",
    [HTTP_PROPPATCH] = "PROPPATCH",
    [HTTP_REPORT] = "REPORT",
    [HTTP_MKCALENDAR] = "MKCALENDAR",
    [HTTP_COPY] = "COPY",
    [HTTP_MOVE] = "MOVE",
};

const char *http_method_name(HttpMethod method)
{
    g_return_val_if_fail(method < HTTP_METHOD_COUNT, "");
    return method_names[method];
}

gboolean http_method_by_name(const char *name, HttpMethod *method)
{
    for (unsigned i = 0; i < HTTP_METHOD_COUNT; i++) {
        if (strcmp(name, method_names[i]) == 0) {
            *method = (HttpMethod)i;
            return TRUE;
        }
    }
    return FALSE;
}

/* Decodes [text, end): %XX always, '+' as a space where `form`. NULL where it is no clean UTF-8. */
static char *percent_decode(const char *text, const char *end, gboolean form)
{
    g_autofree char *out = g_malloc((gsize)(end - text) + 1);
    gsize n = 0;
    for (const char *p = text; p < end; p++) {
        char c = *p;
        if (c == '%') {
            int high = end - p > 2 ? g_ascii_xdigit_value(p[1]) : -1;
            int low = end - p > 2 ? g_ascii_xdigit_value(p[2]) : -1;
            if (high < 0 || low < 0) {
                return NULL;
            }
            c = (char)(high << 4 | low);
            p += 2;
        } else if (c == '+' && form) {
            c = ' ';
        }
        if (c == '\0') {
            return NULL;
        }
        out[n++] = c;
    }
    out[n] = '\0';
    return g_utf8_validate(out, (gssize)n, NULL) ? g_steal_pointer(&out) : NULL;
}

static gboolean has_dot_segment(const char *path)
{
    for (const char *p = path; (p = strchr(p, '/')); p++) {
        gsize length = strcspn(p + 1, "/");
        if ((length == 1 && p[1] == '.') || (length == 2 && p[1] == '.' && p[2] == '.')) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean has_control(const char *text)
{
    for (const char *p = text; *p; p++) {
        if ((guchar)*p < 0x20 || *p == 0x7f) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean parse_query(HttpRequest *request, const char *query, GError **error)
{
    while (*query) {
        const char *end = query + strcspn(query, "&");
        const char *equals = memchr(query, '=', (gsize)(end - query));
        g_autofree char *name = percent_decode(query, equals ? equals : end, TRUE);
        g_autofree char *value = equals ? percent_decode(equals + 1, end, TRUE) : g_strdup("");
        if (!name || !value) {
            g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_MALFORMED,
                        "the query is not percent-encoded UTF-8");
            return FALSE;
        }
        if (*name && !g_hash_table_insert(request->query, g_strdup(name), g_strdup(value))) {
            g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_MALFORMED,
                        "the query names %s twice", name);
            return FALSE;
        }
        if (g_hash_table_size(request->query) > QUERY_MAX_PARAMETERS) {
            g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_MALFORMED,
                        "the query has more than %d parameters", QUERY_MAX_PARAMETERS);
            return FALSE;
        }
        query = *end ? end + 1 : end;
    }
    return TRUE;
}

static gboolean parse_target(HttpRequest *request, const char *target, GError **error)
{
    const char *path_end = target + strcspn(target, "?");
    if (target[0] != '/' || strchr(target, '#') || has_control(target) ||
        strlen(target) > HTTP_TARGET_MAX_BYTES) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_MALFORMED,
                    "the request target is no absolute path of at most %d bytes",
                    HTTP_TARGET_MAX_BYTES);
        return FALSE;
    }
    request->path = percent_decode(target, path_end, FALSE);
    if (!request->path || has_control(request->path) || has_dot_segment(request->path)) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_MALFORMED,
                    "the path is not clean percent-encoded UTF-8");
        return FALSE;
    }
    return *path_end == '\0' || parse_query(request, path_end + 1, error);
}

/* A random UUID (RFC 9562, version 4), new. GLib's own goes through printf for each byte, which is
 * a tenth of what a request out of memory costs. */
static char *random_id(void)
{
    static const char digits[] = "0123456789abcdef";
    guint32 random[4] = {g_random_int(), g_random_int(), g_random_int(), g_random_int()};
    char *id = g_strdup("xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx");
    unsigned taken = 0;
    for (char *p = id; *p; p++) {
        if (*p == 'x' || *p == 'y') {
            unsigned digit = random[taken / 8] >> (taken % 8 * 4) & 0xf;
            *p = digits[*p == 'y' ? 8 | (digit & 3) : digit];
            taken++;
        }
    }
    return id;
}

HttpRequest *http_request_new(HttpMethod method, const char *target, GError **error)
{
    g_autoptr(HttpRequest) request = g_new0(HttpRequest, 1);
    request->method = method;
    request->query = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    request->headers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    request->id = random_id();
    if (!parse_target(request, target, error)) {
        return NULL;
    }
    return g_steal_pointer(&request);
}

void http_request_set_header(HttpRequest *request, const char *name, const char *value)
{
    g_autofree char *lower = g_ascii_strdown(name, -1);
    const char *before = g_hash_table_lookup(request->headers, lower);
    char *joined = NULL;
    if (before) {
        const char *separator = strcmp(lower, "cookie") == 0 ? "; " : ", ";
        joined = g_strconcat(before, separator, value, NULL);
    } else {
        joined = g_strdup(value);
    }
    g_hash_table_replace(request->headers, g_steal_pointer(&lower), joined);
}

void http_request_set_body(HttpRequest *request, GBytes *body)
{
    g_clear_pointer(&request->body, g_bytes_unref);
    request->body = body ? g_bytes_ref(body) : NULL;
}

void http_request_set_peer(HttpRequest *request, const char *address, gboolean secure)
{
    g_free(request->peer);
    request->peer = g_strdup(address);
    request->secure = secure;
}

void http_request_free(HttpRequest *request)
{
    if (!request) {
        return;
    }
    g_free(request->path);
    g_hash_table_unref(request->query);
    g_hash_table_unref(request->headers);
    g_clear_pointer(&request->body, g_bytes_unref);
    g_free(request->peer);
    g_free(request->id);
    g_free(request);
}

HttpMethod http_request_method(const HttpRequest *request)
{
    return request->method;
}

const char *http_request_path(const HttpRequest *request)
{
    return request->path;
}

const char *http_request_query(const HttpRequest *request, const char *name)
{
    return g_hash_table_lookup(request->query, name);
}

GHashTable *http_request_query_all(const HttpRequest *request)
{
    return request->query;
}

const char *http_request_header(const HttpRequest *request, const char *name)
{
    return g_hash_table_lookup(request->headers, name);
}

char *http_request_cookie(const HttpRequest *request, const char *name)
{
    const char *p = http_request_header(request, "cookie");
    gsize length = strlen(name);
    while (p && *p) {
        p += strspn(p, " ;");
        gsize pair = strcspn(p, ";");
        if (pair > length && p[length] == '=' && strncmp(p, name, length) == 0) {
            return g_strchomp(g_strndup(p + length + 1, pair - length - 1));
        }
        p += pair;
    }
    return NULL;
}

GBytes *http_request_body(const HttpRequest *request)
{
    return request->body;
}

const char *http_request_peer(const HttpRequest *request)
{
    return request->peer ? request->peer : "";
}

gboolean http_request_secure(const HttpRequest *request)
{
    return request->secure;
}

const char *http_request_id(const HttpRequest *request)
{
    return request->id;
}

/* The weight of a range "it-IT;q=0.8" in thousandths; 1000 without one. */
static int language_weight(const char *range, gsize length)
{
    const char *q = g_strstr_len(range, (gssize)length, "q=");
    return q ? (int)(g_ascii_strtod(q + 2, NULL) * 1000) : 1000;
}

const char *http_request_language(const HttpRequest *request)
{
    const char *p = http_request_header(request, "accept-language");
    int italian = 0, english = 0;
    while (p && *p) {
        p += strspn(p, " ,");
        gsize length = strcspn(p, ",");
        gboolean ends = length == 2 || (length > 2 && strchr("-; ", p[2]));
        int *weight = ends && g_ascii_strncasecmp(p, "it", 2) == 0   ? &italian
                      : ends && g_ascii_strncasecmp(p, "en", 2) == 0 ? &english
                                                                     : NULL;
        if (weight) {
            *weight = MAX(*weight, language_weight(p, length));
        }
        p += length;
    }
    return english > italian ? "en" : "it";
}
