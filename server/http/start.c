/* From a decoded request to its handler: the steps in the order a refusal must win.
 *
 *   on the loop:      route (404, 405, static file) -> Origin (403) -> limits (429)
 *                     -> If-Match present (428) -> queue (503)
 *   on a reader:      viewer -> access table (401, 403) -> handler
 *
 * A route on the loop skips the queue: its viewer is a stranger, and it only touches memory. */
#include <string.h>

#include "planner/civil/error.h"
#include "server/http/call_private.h"

static void fail_now(HttpCall *call, CronotopoErrorCode code, const char *message)
{
    g_autoptr(GError) error = g_error_new_literal(CRONOTOPO_ERROR, code, message);
    http_call_fail(call, error);
}

static char *allow_value(unsigned allowed)
{
    GString *text = g_string_new("OPTIONS");
    for (unsigned m = 0; m < HTTP_METHOD_COUNT; m++) {
        if (allowed & 1u << m && m != HTTP_OPTIONS) {
            g_string_append_printf(text, ", %s", http_method_name(m));
        }
    }
    return g_string_free(text, FALSE);
}

/* A path that no route takes with this method: a file of the front end, 405, OPTIONS or 404. */
static void answer_without_route(HttpCall *call)
{
    HttpMethod method = http_request_method(call->request);
    const HttpStatics *statics = call->service->options.statics;
    if (call->allowed) {
        g_autofree char *allow = allow_value(call->allowed);
        http_call_set_header(call, "Allow", allow);
        if (method == HTTP_OPTIONS) {
            http_call_reply(call, http_reply_new(204));
            return;
        }
        fail_now(call, CRONOTOPO_ERROR_METHOD, "this address does not take that method");
        return;
    }
    gboolean reads = method == HTTP_GET || method == HTTP_HEAD;
    HttpReply *reply =
        reads && statics ? http_statics_reply(statics, http_request_path(call->request)) : NULL;
    if (reply) {
        http_call_reply(call, reply);
    } else {
        fail_now(call, CRONOTOPO_ERROR_NOT_FOUND, "no such address");
    }
}

/* The bucket of what the request presents as its sign-in: hashed, so that no secret is kept. NULL
 * where it presents none. Whether it is valid is not known yet, hence the address counts too. */
static char *token_key(const HttpRequest *request)
{
    const char *secret = http_request_header(request, "authorization");
    secret = secret ? secret : http_request_header(request, "cookie");
    return secret ? g_compute_checksum_for_string(G_CHECKSUM_SHA256, secret, -1) : NULL;
}

/* Nobody on this machine is a stranger; behind a trusted proxy the peer is the client. */
static gboolean is_here(const char *peer)
{
    return *peer == '\0' || g_str_has_prefix(peer, "127.") || strcmp(peer, "::1") == 0;
}

static gboolean within_limits(HttpCall *call)
{
    HttpLimits *limits = call->service->limits;
    gint64 now = g_get_monotonic_time();
    const char *peer = http_request_peer(call->request);
    g_autofree char *token = token_key(call->request);
    unsigned wait = token ? http_limits_take(limits, token, HTTP_RATE_TOKEN, now) : 0;
    if (!wait && !is_here(peer)) {
        wait = http_limits_take(limits, peer, HTTP_RATE_ADDRESS, now);
    }
    if (!wait && call->route->flags & HTTP_ROUTE_RATE_AUTH) {
        g_autofree char *key = g_strconcat("sign-in ", peer, NULL);
        wait = http_limits_take(limits, key, HTTP_RATE_AUTH, now);
    }
    if (wait) {
        g_autofree char *seconds = g_strdup_printf("%u", wait);
        http_metrics_add(call->service->metrics, METRIC_REFUSED_RATE);
        g_autoptr(GError) error = g_error_new(CRONOTOPO_ERROR, CRONOTOPO_ERROR_TOO_MANY,
                                              "too many requests; wait %u s", wait);
        HttpReply *reply = http_reply_problem(call->request, error, NULL);
        http_reply_set_header(reply, "Retry-After", seconds);
        http_call_reply(call, reply);
    }
    return !wait;
}

gboolean http_call_authorise(HttpCall *call)
{
    const HttpRoute *route = call->route;
    call->relations = access_relations(&call->viewer, route->resource, route->verb);
    call->viewer.relations = call->relations;
    if (call->relations == 0) {
        gboolean stranger = call->viewer.roles & ROLE_STRANGER;
        fail_now(call, stranger ? CRONOTOPO_ERROR_UNAUTHENTICATED : CRONOTOPO_ERROR_FORBIDDEN,
                 stranger ? "sign in first" : "your role does not allow this");
        return FALSE;
    }
    return TRUE;
}

static void run_on_reader(StoreDb *db, gpointer data)
{
    g_autoptr(HttpCall) call = data;
    HttpService *service = call->service;
    call->db = db;
    if (service->options.viewer) {
        service->options.viewer(db, call->request, &call->viewer);
    }
    if (http_call_authorise(call)) {
        call->handler(call);
    }
}

static void submit(HttpCall *call)
{
    g_autoptr(GError) error = NULL;
    if (!call->service->options.store) {
        fail_now(call, CRONOTOPO_ERROR_BUSY, "there is no store");
        return;
    }
    if (!store_read(call->service->options.store, run_on_reader, http_call_ref(call), &error)) {
        http_call_unref(call);
        http_call_fail(call, error);
    }
}

void http_call_defer(HttpCall *call, void (*handler)(HttpCall *call))
{
    call->handler = handler;
    if (within_limits(call)) {
        submit(call);
    }
}

void http_call_start(HttpCall *call)
{
    const HttpRoute *route = call->route;
    g_autoptr(GError) error = NULL;
    if (!route) {
        answer_without_route(call);
        return;
    }
    if (!(route->flags & HTTP_ROUTE_ANY_ORIGIN) &&
        !http_origin_allowed(call->service, call->request, &error)) {
        http_call_fail(call, error);
        return;
    }
    if (!(route->flags & HTTP_ROUTE_ON_LOOP) && !within_limits(call)) {
        return; /* what memory answers costs less than counting it */
    }
    if (route->flags & HTTP_ROUTE_NEEDS_MATCH && !http_request_header(call->request, "if-match")) {
        fail_now(call, CRONOTOPO_ERROR_PRECONDITION, "If-Match is required here");
        return;
    }
    if (!(route->flags & HTTP_ROUTE_ON_LOOP)) {
        submit(call);
    } else if (http_call_authorise(call)) {
        call->handler(call);
    }
}
