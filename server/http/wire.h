/* A reply as bytes of HTTP/1.1 (RFC 9110, 9112): status line, headers, the body that the request
 * asks for. Pure functions, thread-safe.
 */
#pragma once

#include "server/http/reply.h"

typedef struct {
    gboolean keep_alive; /* FALSE adds "Connection: close" */
    gint64 now;          /* milliseconds since the epoch, for Date */
} HttpWireOptions;

/* Appends the head to `head` and sets `*body` to the bytes that follow it (a new reference, NULL
 * when none follow: HEAD, 204, 304). `request` may be NULL (it could not be read). Adds Date,
 * Content-Length, X-Request-Id, ETag, Last-Modified, the security headers and the strict CSP where
 * the reply does not set its own. */
void http_wire_render(const HttpRequest *request, const HttpReply *reply,
                      const HttpWireOptions *options, GByteArray *head, GBytes **body);

/* "Fri, 20 Nov 2026 13:30:00 GMT" (RFC 9110, 5.6.7). */
#define HTTP_DATE_SIZE 30
char *http_date_format(gint64 milliseconds, char text[static HTTP_DATE_SIZE]);
gboolean http_date_parse(const char *text, gint64 *milliseconds);
const char *http_status_phrase(unsigned status);
