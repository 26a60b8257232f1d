/* A reply value: status, headers, body. Made on any thread, sent by server/net, which adds Date,
 * Content-Length, X-Request-Id, the security headers and the strict CSP, and turns it into a 304
 * or an empty HEAD answer where the request asks so (If-None-Match wins over If-Modified-Since).
 */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "server/http/request.h"

typedef struct HttpReply HttpReply;

HttpReply *http_reply_new(unsigned status);
void http_reply_free(HttpReply *reply);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpReply, http_reply_free)

void http_reply_set_header(HttpReply *reply, const char *name, const char *value);
/* Adds without replacing (Set-Cookie). */
void http_reply_add_header(HttpReply *reply, const char *name, const char *value);
void http_reply_set_body(HttpReply *reply, const char *content_type, GBytes *body); /* new ref */
/* A body already gzipped, sent to clients that accept it instead of `body`. */
void http_reply_set_gzip_body(HttpReply *reply, GBytes *body);
/* `tag` without quotes; `modified` milliseconds since the epoch, 0 for none. */
void http_reply_set_validators(HttpReply *reply, const char *tag, gint64 modified);

/* Takes over `json`. Cache-Control: no-store. */
HttpReply *http_reply_json(unsigned status, json_t *json);
HttpReply *http_reply_text(unsigned status, const char *content_type, const char *text);
HttpReply *http_reply_redirect(const char *location); /* 303 */
/* The RFC 9457 answer of an error: {type, title, status, code, detail, request_id[, pointer]
 * [, ...extra]}. A message that starts with a JSON pointer ("/capacity: ...") gives `pointer` and
 * `detail`. Title in the request's language (Accept-Language, it by default). `extra` may be NULL;
 * taken over. INTERNAL details stay in the log. */
HttpReply *http_reply_problem(const HttpRequest *request, const GError *error, json_t *extra);

/* Reader side (server/net, tests). */
unsigned http_reply_status(const HttpReply *reply);
const char *http_reply_header(const HttpReply *reply, const char *name);
GBytes *http_reply_body(const HttpReply *reply); /* borrowed, may be NULL */
GBytes *http_reply_gzip_body(const HttpReply *reply);
const GPtrArray *http_reply_headers(const HttpReply *reply); /* name, value, name, value, ... */
const char *http_reply_tag(const HttpReply *reply);          /* without quotes; NULL for none */
gint64 http_reply_modified(const HttpReply *reply);          /* milliseconds, 0 for none */
