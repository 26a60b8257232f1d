/* The service: what stands behind every call. Made once at start by `serve` and given to
 * server/net, which turns requests into calls (below) and calls into bytes.
 *
 * A call's life, seen from the wire:
 *   HttpCall *call = http_call_new(service, request, done, data);   the route is known from here
 *   ... the body arrives, at most http_call_body_limit(call) bytes: http_call_set_body
 *   http_call_start(call);                                          or http_call_fail(call, error)
 *   done(data, call): exactly once, from any thread; possibly inside http_call_start.
 *   http_call_take_reply, http_call_request; then http_call_unref.
 */
#pragma once

#include "server/http/call.h"
#include "server/http/limits.h"
#include "server/http/metrics.h"
#include "server/http/statics.h"

typedef struct HttpService HttpService;

/* Who is looking: from cookie, token or link. Runs on a reader thread before the handler. Leaves
 * the stranger it was given where nobody is signed in; never fails a request by itself. */
typedef void (*HttpViewerFn)(StoreDb *db, const HttpRequest *request, Viewer *viewer);

typedef struct {
    const HttpRoute *routes; /* borrowed: a const table */
    gsize n_routes;
    Store *store;           /* borrowed; NULL: only routes on the loop answer (tests) */
    HttpViewerFn viewer;    /* NULL: everyone is a stranger */
    gpointer app;           /* http_call_app */
    HttpStatics *statics;   /* borrowed; NULL: no front end */
    const char *public_url; /* its origin is ours; NULL for none */
    gboolean log_requests;  /* one line a request to stderr (off by default) */
} HttpServiceOptions;

HttpService *http_service_new(const HttpServiceOptions *options);
void http_service_free(HttpService *service);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpService, http_service_free)

/* Adds an origin that is ours: "http://127.0.0.1:8080". Before serving. */
void http_service_add_origin(HttpService *service, const char *origin);
/* Whether `origin` (an Origin header) is one of ours. */
gboolean http_service_own_origin(const HttpService *service, const char *origin);
HttpMetrics *http_service_metrics(HttpService *service);

/* Resolves the viewer of a request on a reader thread (the live handshake). `done` runs there.
 * Takes over `request`. FALSE with BUSY: `done` is not called and the request is freed. */
typedef void (*HttpViewerDoneFn)(gpointer data, const HttpRequest *request, const Viewer *viewer);
gboolean http_service_viewer(HttpService *service, HttpRequest *request, HttpViewerDoneFn done,
                             gpointer data, GError **error);

/* `done` gets the call with a reference that it must drop. */
typedef void (*HttpDoneFn)(gpointer data, HttpCall *call);

/* Takes over `request`. The new call has one reference, which http_call_start or http_call_fail
 * hands on to `done`. */
HttpCall *http_call_new(HttpService *service, HttpRequest *request, HttpDoneFn done, gpointer data);
HttpCall *http_call_ref(HttpCall *call);
void http_call_unref(HttpCall *call);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpCall, http_call_unref)
/* Instead of starting: the client went away before its request was whole. `done` is called
 * without a reply (http_call_take_reply gives NULL). */
void http_call_drop(HttpCall *call);
gsize http_call_body_limit(const HttpCall *call);
void http_call_set_body(HttpCall *call, GBytes *body);
/* Answers or submits. After it the caller's reference is gone. */
void http_call_start(HttpCall *call);
/* After `done`: the reply, handed over. */
HttpReply *http_call_take_reply(HttpCall *call);
