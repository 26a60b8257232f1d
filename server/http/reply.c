/* A reply value: a status, headers in order, a body in one or two codings, validators. What the
 * request makes of it (304, HEAD, gzip) is wire.c's to say. */
#include "server/http/reply.h"

#include <string.h>

#include "planner/civil/error.h"

struct HttpReply {
    unsigned status;
    GPtrArray *headers; /* name, value, name, value, ...; owned */
    GBytes *body, *gzip_body;
    char *tag;
    gint64 modified; /* milliseconds since the epoch, 0 for none */
};

HttpReply *http_reply_new(unsigned status)
{
    HttpReply *reply = g_new0(HttpReply, 1);
    reply->status = status;
    reply->headers = g_ptr_array_new_with_free_func(g_free);
    return reply;
}

void http_reply_free(HttpReply *reply)
{
    if (!reply) {
        return;
    }
    g_ptr_array_unref(reply->headers);
    g_clear_pointer(&reply->body, g_bytes_unref);
    g_clear_pointer(&reply->gzip_body, g_bytes_unref);
    g_free(reply->tag);
    g_free(reply);
}

/* A header value as it may stand on the wire: control characters become spaces, so that no value,
 * wherever it came from, can start a new header. */
static char *clean_value(const char *value)
{
    char *clean = g_strdup(value);
    for (char *p = clean; *p; p++) {
        if ((guchar)*p < 0x20 || *p == 0x7f) {
            *p = ' ';
        }
    }
    return clean;
}

void http_reply_add_header(HttpReply *reply, const char *name, const char *value)
{
    g_ptr_array_add(reply->headers, g_strdup(name));
    g_ptr_array_add(reply->headers, clean_value(value));
}

void http_reply_set_header(HttpReply *reply, const char *name, const char *value)
{
    for (guint i = 0; i + 1 < reply->headers->len; i += 2) {
        if (g_ascii_strcasecmp(reply->headers->pdata[i], name) == 0) {
            g_free(reply->headers->pdata[i + 1]);
            reply->headers->pdata[i + 1] = clean_value(value);
            return;
        }
    }
    http_reply_add_header(reply, name, value);
}

void http_reply_set_body(HttpReply *reply, const char *content_type, GBytes *body)
{
    g_clear_pointer(&reply->body, g_bytes_unref);
    reply->body = g_bytes_ref(body);
    http_reply_set_header(reply, "Content-Type", content_type);
}

void http_reply_set_gzip_body(HttpReply *reply, GBytes *body)
{
    g_clear_pointer(&reply->gzip_body, g_bytes_unref);
    reply->gzip_body = body ? g_bytes_ref(body) : NULL;
}

void http_reply_set_validators(HttpReply *reply, const char *tag, gint64 modified)
{
    g_free(reply->tag);
    reply->tag = g_strdup(tag);
    reply->modified = modified;
}

HttpReply *http_reply_json(unsigned status, json_t *json)
{
    HttpReply *reply = http_reply_new(status);
    char *text = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);
    json_decref(json);
    g_assert(text); /* what we built ourselves is dumpable */
    g_autoptr(GBytes) body = g_bytes_new_with_free_func(text, strlen(text), free, text);
    http_reply_set_body(reply, "application/json", body);
    http_reply_set_header(reply, "Cache-Control", "no-store");
    return reply;
}

HttpReply *http_reply_text(unsigned status, const char *content_type, const char *text)
{
    HttpReply *reply = http_reply_new(status);
    g_autoptr(GBytes) body = g_bytes_new(text, strlen(text));
    http_reply_set_body(reply, content_type, body);
    return reply;
}

HttpReply *http_reply_redirect(const char *location)
{
    HttpReply *reply = http_reply_new(303);
    http_reply_set_header(reply, "Location", location);
    http_reply_set_header(reply, "Cache-Control", "no-store");
    return reply;
}

/* Splits "/capacity: must be positive" into its pointer and the rest. */
static char *split_pointer(const char *message, const char **detail)
{
    const char *colon = message[0] == '/' ? strstr(message, ": ") : NULL;
    if (!colon || memchr(message, ' ', (gsize)(colon - message))) {
        *detail = message;
        return NULL;
    }
    *detail = colon + 2;
    return g_strndup(message, (gsize)(colon - message));
}

static json_t *problem_json(const HttpRequest *request, const GError *error, gboolean english)
{
    const CronotopoErrorInfo *info = cronotopo_error_info_of(error);
    g_autofree char *type = g_strdup_printf("urn:cronotopo:problem:%s", info->code);
    json_t *json = json_object();
    json_object_set_new(json, "type", json_string(type));
    json_object_set_new(json, "title", json_string(english ? info->en : info->it));
    json_object_set_new(json, "status", json_integer(info->http_status));
    json_object_set_new(json, "code", json_string(info->code));
    gboolean ours = error->domain == CRONOTOPO_ERROR && error->code != CRONOTOPO_ERROR_INTERNAL &&
                    error->code != CRONOTOPO_ERROR_STORAGE;
    if (ours) {
        const char *detail = NULL;
        g_autofree char *pointer = split_pointer(error->message, &detail);
        g_autofree char *valid = g_utf8_make_valid(detail, -1);
        json_object_set_new(json, "detail", json_string(valid));
        if (pointer && g_utf8_validate(pointer, -1, NULL)) {
            json_object_set_new(json, "pointer", json_string(pointer));
        }
    }
    if (request) {
        json_object_set_new(json, "request_id", json_string(http_request_id(request)));
    }
    return json;
}

HttpReply *http_reply_problem(const HttpRequest *request, const GError *error, json_t *extra)
{
    const CronotopoErrorInfo *info = cronotopo_error_info_of(error);
    gboolean english = request && strcmp(http_request_language(request), "en") == 0;
    json_t *json = problem_json(request, error, english);
    if (extra) {
        json_object_update_missing(json, extra);
        json_decref(extra);
    }
    HttpReply *reply = http_reply_json(info->http_status, json);
    http_reply_set_header(reply, "Content-Type", "application/problem+json");
    http_reply_set_header(reply, "Content-Language", english ? "en" : "it");
    if (info->http_status == 429 || info->http_status == 503) {
        http_reply_set_header(reply, "Retry-After", "1");
    }
    if (info->http_status == 426) { /* RFC 9110, 15.5.22 and RFC 6455, 4.4 */
        http_reply_set_header(reply, "Upgrade", "websocket");
        http_reply_set_header(reply, "Sec-WebSocket-Version", "13");
    }
    if (info->http_status == 401) {
        http_reply_set_header(reply, "WWW-Authenticate", "Bearer realm=\"cronotopo\"");
    }
    return reply;
}

unsigned http_reply_status(const HttpReply *reply)
{
    return reply->status;
}

const char *http_reply_header(const HttpReply *reply, const char *name)
{
    for (guint i = 0; i + 1 < reply->headers->len; i += 2) {
        if (g_ascii_strcasecmp(reply->headers->pdata[i], name) == 0) {
            return reply->headers->pdata[i + 1];
        }
    }
    return NULL;
}

GBytes *http_reply_body(const HttpReply *reply)
{
    return reply->body;
}

GBytes *http_reply_gzip_body(const HttpReply *reply)
{
    return reply->gzip_body;
}

const GPtrArray *http_reply_headers(const HttpReply *reply)
{
    return reply->headers;
}

const char *http_reply_tag(const HttpReply *reply)
{
    return reply->tag;
}

gint64 http_reply_modified(const HttpReply *reply)
{
    return reply->modified;
}
