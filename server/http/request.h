/* A decoded HTTP request: what a handler may know about it. Immutable once made by server/net. */
#pragma once

#include <glib.h>

typedef enum {
    HTTP_GET,
    HTTP_HEAD,
    HTTP_POST,
    HTTP_PUT,
    HTTP_PATCH,
    HTTP_DELETE,
    HTTP_OPTIONS,
    HTTP_PROPFIND,
    HTTP_PROPPATCH,
    HTTP_REPORT,
    HTTP_MKCALENDAR,
    HTTP_COPY,
    HTTP_MOVE,
    HTTP_METHOD_COUNT
} HttpMethod;

typedef struct HttpRequest HttpRequest;

/* Limits on what a stranger can send. */
#define HTTP_TARGET_MAX_BYTES 4096
#define HTTP_HEADERS_MAX_BYTES 16384
#define HTTP_BODY_MAX_BYTES (1024 * 1024) /* a route may take more */

/* Builder side (server/net). `target` is the raw request target; MALFORMED when it is no absolute
 * path with valid percent-encoding and UTF-8, or has NUL or dot segments. */
HttpRequest *http_request_new(HttpMethod method, const char *target, GError **error);
void http_request_set_header(HttpRequest *request, const char *name, const char *value);
void http_request_set_body(HttpRequest *request, GBytes *body); /* takes a reference */
void http_request_set_peer(HttpRequest *request, const char *address, gboolean secure);
void http_request_free(HttpRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpRequest, http_request_free)

HttpMethod http_request_method(const HttpRequest *request);
const char *http_method_name(HttpMethod method);
gboolean http_method_by_name(const char *name, HttpMethod *method);
const char *http_request_path(const HttpRequest *request); /* decoded, starts with '/' */
/* A query parameter, decoded; NULL when absent. All of them: name to value. */
const char *http_request_query(const HttpRequest *request, const char *name);
GHashTable *http_request_query_all(const HttpRequest *request);
/* `name` in lower case; NULL when absent. */
const char *http_request_header(const HttpRequest *request, const char *name);
char *http_request_cookie(const HttpRequest *request, const char *name); /* new, or NULL */
GBytes *http_request_body(const HttpRequest *request);         /* borrowed; NULL when none */
const char *http_request_peer(const HttpRequest *request);     /* the client's address, text */
gboolean http_request_secure(const HttpRequest *request);      /* https, or said so by our proxy */
const char *http_request_id(const HttpRequest *request);       /* a UUID, repeated in the reply */
const char *http_request_language(const HttpRequest *request); /* "it" or "en" (Accept-Language) */
