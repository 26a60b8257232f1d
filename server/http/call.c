/* A call's members for its handler, and its end. The end is one step: whoever sets `ended` first
 * owns the reply; a second end of the same call is our own bug (an assert). */
#include "server/http/call.h"

#include <string.h>

#include "planner/civil/error.h"
#include "server/http/call_private.h"

#define JSON_MAX_DEPTH 16

HttpCall *http_call_new(HttpService *service, HttpRequest *request, HttpDoneFn done, gpointer data)
{
    HttpCall *call = g_new0(HttpCall, 1);
    call->references = 1;
    call->service = service;
    call->request = request;
    call->done = done;
    call->data = data;
    call->viewer.roles = ROLE_STRANGER;
    g_strlcpy(call->viewer.language, http_request_language(request), sizeof call->viewer.language);
    call->route = http_router_find(service->router, http_request_method(request),
                                   http_request_path(request), &call->params, &call->allowed);
    call->handler = call->route ? call->route->handler : NULL;
    return call;
}

HttpCall *http_call_ref(HttpCall *call)
{
    g_atomic_int_inc(&call->references);
    return call;
}

void http_call_unref(HttpCall *call)
{
    if (!g_atomic_int_dec_and_test(&call->references)) {
        return;
    }
    http_request_free(call->request);
    http_params_clear(&call->params);
    json_decref(call->json);
    json_decref(call->problem_extra);
    g_clear_pointer(&call->headers, g_ptr_array_unref);
    http_reply_free(call->reply);
    http_command_free(call->command);
    g_free(call);
}

const HttpRequest *http_call_request(const HttpCall *call)
{
    return call->request;
}

const HttpRoute *http_call_route(const HttpCall *call)
{
    return call->route;
}

const char *http_call_param(const HttpCall *call, const char *name)
{
    for (unsigned i = 0; i < call->params.n; i++) {
        if (strcmp(call->params.names[i], name) == 0) {
            return call->params.values[i];
        }
    }
    return NULL;
}

gpointer http_call_app(const HttpCall *call)
{
    return call->service->options.app;
}

const Viewer *http_call_viewer(const HttpCall *call)
{
    return &call->viewer;
}

StoreDb *http_call_db(const HttpCall *call)
{
    return call->db;
}

gsize http_call_body_limit(const HttpCall *call)
{
    return call->route && call->route->body_limit ? call->route->body_limit : HTTP_BODY_MAX_BYTES;
}

void http_call_set_body(HttpCall *call, GBytes *body)
{
    http_request_set_body(call->request, body);
}

/* How deep brackets nest outside strings: known before the parser recurses. */
static unsigned json_depth(const char *text, gsize length)
{
    unsigned depth = 0, deepest = 0;
    gboolean in_string = FALSE;
    for (gsize i = 0; i < length; i++) {
        char c = text[i];
        if (in_string) {
            i += c == '\\';
            in_string = c != '"';
        } else if (c == '"') {
            in_string = TRUE;
        } else if (c == '[' || c == '{') {
            depth++;
            deepest = MAX(deepest, depth);
        } else if ((c == ']' || c == '}') && depth > 0) {
            depth--;
        }
    }
    return deepest;
}

static gboolean is_json_type(const char *type)
{
    gsize length = type ? strcspn(type, "; \t") : 0;
    return length == 0 ||
           (length >= 5 && g_ascii_strncasecmp(type + length - 5, "+json", 5) == 0) ||
           (length == 16 && g_ascii_strncasecmp(type, "application/json", 16) == 0);
}

static json_t *parse_json(const HttpRequest *request, GError **error)
{
    gsize length = 0;
    GBytes *body = http_request_body(request);
    const char *text = body ? g_bytes_get_data(body, &length) : NULL;
    if (!is_json_type(http_request_header(request, "content-type"))) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_MEDIA_TYPE,
                    "the body must be application/json");
        return NULL;
    }
    if (length == 0 || json_depth(text, length) > JSON_MAX_DEPTH) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_MALFORMED,
                    length == 0 ? "the body is empty; a JSON object is wanted"
                                : "the JSON nests deeper than %d",
                    JSON_MAX_DEPTH);
        return NULL;
    }
    json_error_t where;
    json_t *json = json_loadb(text, length, JSON_REJECT_DUPLICATES, &where);
    if (!json) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_MALFORMED, "line %d, column %d: %s",
                    where.line, where.column, where.text);
        return NULL;
    }
    if (!json_is_object(json)) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_MALFORMED,
                    "the body must be a JSON object");
        json_decref(json);
        return NULL;
    }
    return json;
}

const json_t *http_call_json(HttpCall *call, GError **error)
{
    if (!call->json) {
        call->json = parse_json(call->request, error);
    }
    return call->json;
}

gboolean http_call_if_match(const HttpCall *call, gint64 *version, GError **error)
{
    const char *text = http_request_header(call->request, "if-match");
    if (!text) {
        *version = -1;
        return TRUE;
    }
    char *end = NULL;
    gint64 value = text[0] == '"' ? g_ascii_strtoll(text + 1, &end, 10) : -1;
    if (!end || end == text + 1 || strcmp(end, "\"") != 0 || !g_ascii_isdigit(text[1])) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD,
                    "If-Match must be one version in quotes, as the ETag gave it");
        return FALSE;
    }
    *version = value;
    return TRUE;
}

void http_call_set_header(HttpCall *call, const char *name, const char *value)
{
    if (!call->headers) {
        call->headers = g_ptr_array_new_with_free_func(g_free);
    }
    g_ptr_array_add(call->headers, g_strdup(name));
    g_ptr_array_add(call->headers, g_strdup(value));
}

void http_call_problem_extra(HttpCall *call, json_t *extra)
{
    json_decref(call->problem_extra);
    call->problem_extra = extra;
}

HttpReply *http_call_take_reply(HttpCall *call)
{
    return g_steal_pointer(&call->reply);
}

void http_call_drop(HttpCall *call)
{
    g_atomic_int_set(&call->ended, 1);
    call->done(call->data, call);
}

static void log_request(const HttpCall *call, unsigned status)
{
    g_printerr("%s %s %s %u\n", http_request_id(call->request),
               http_method_name(http_request_method(call->request)),
               call->route ? call->route->path : "-", status);
}

void http_call_reply(HttpCall *call, HttpReply *reply)
{
    gboolean first = g_atomic_int_compare_and_exchange(&call->ended, 0, 1);
    g_assert(first); /* a call ends exactly once */
    for (guint i = 0; call->headers && i + 1 < call->headers->len; i += 2) {
        const char *name = call->headers->pdata[i];
        const char *value = call->headers->pdata[i + 1];
        if (strcmp(name, "Set-Cookie") == 0) {
            http_reply_add_header(reply, name, value); /* the one that may stand twice */
        } else {
            http_reply_set_header(reply, name, value);
        }
    }
    call->reply = reply;
    http_metrics_add_status(call->service->metrics, http_reply_status(reply));
    if (call->service->options.log_requests) {
        log_request(call, http_reply_status(reply));
    }
    call->done(call->data, call);
}

void http_call_fail(HttpCall *call, const GError *error)
{
    const CronotopoErrorInfo *info = cronotopo_error_info_of(error);
    gboolean busy = g_error_matches(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_BUSY);
    if (busy) {
        http_metrics_add(call->service->metrics, METRIC_REFUSED_BUSY);
    } else if (info->http_status >= 500 && info->http_status != 501) {
        g_warning("%s: %s", http_request_id(call->request), error->message);
    }
    http_call_reply(
        call, http_reply_problem(call->request, error, g_steal_pointer(&call->problem_extra)));
}

void http_call_finish(HttpCall *call, json_t *json, const GError *error)
{
    if (!json) {
        http_call_fail(call, error);
        return;
    }
    const json_t *version = json_object_get(json, "version");
    g_autofree char *tag = json_is_integer(version) ? g_strdup_printf("%" JSON_INTEGER_FORMAT,
                                                                      json_integer_value(version))
                                                    : NULL;
    HttpReply *reply = http_reply_json(200, json);
    http_reply_set_validators(reply, tag, 0);
    http_call_reply(call, reply);
}
