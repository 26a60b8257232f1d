/* A call: one request on its way to exactly one reply, and what a handler needs meanwhile.
 *
 * The loop thread makes it and finds the route. The call then runs on a reader thread (the usual
 * case), or on the loop for routes marked HTTP_ROUTE_ON_LOOP, which must only touch memory. The
 * handler ends it with http_call_reply, or hands it to a command with http_call_write; it may be
 * ended from any thread, exactly once. A call whose client went away is ended all the same; its
 * reply is dropped.
 */
#pragma once

#include "server/access/access.h"
#include "server/http/reply.h"
#include "server/http/request.h"
#include "server/store/store.h"

typedef struct HttpCall HttpCall;

typedef enum {
    HTTP_ROUTE_ON_LOOP = 1 << 0,     /* runs on the loop: memory only, under a millisecond */
    HTTP_ROUTE_ANY_ORIGIN = 1 << 1,  /* state-changing, yet no Origin needed (forms from mails) */
    HTTP_ROUTE_NEEDS_MATCH = 1 << 2, /* If-Match is required (428 without) */
    HTTP_ROUTE_RATE_AUTH = 1 << 3,   /* counts against the strict sign-in limit */
} HttpRouteFlags;

typedef struct HttpRoute {
    HttpMethod method;
    const char *path; /* "/api/v1/rooms/{id}"; a last "{rest*}" takes all that follows */
    AccessResource resource;
    AccessVerb verb;
    void (*handler)(HttpCall *call);
    const char *doc; /* one line: what it does */
    unsigned flags;
    gsize body_limit;   /* bytes; 0 takes HTTP_BODY_MAX_BYTES */
    gconstpointer data; /* what a shared handler serves (a StoreEntity) */
} HttpRoute;

const HttpRequest *http_call_request(const HttpCall *call);
const HttpRoute *http_call_route(const HttpCall *call);
const char *http_call_param(const HttpCall *call, const char *name); /* NULL when absent */
gpointer http_call_app(const HttpCall *call);
const Viewer *http_call_viewer(const HttpCall *call);
/* The reader's connection; only inside the handler and only on a reader thread. */
StoreDb *http_call_db(const HttpCall *call);
/* The body as a JSON object (borrowed; parsed once). MALFORMED with line and column, depth at most
 * 16, duplicate keys refused; an absent body gives MALFORMED too. */
const json_t *http_call_json(HttpCall *call, GError **error);
/* If-Match as a version number: -1 when absent; INVALID_FIELD when it is none of ours. */
gboolean http_call_if_match(const HttpCall *call, gint64 *version, GError **error);

/* Ends the call; takes over `reply`. */
void http_call_reply(HttpCall *call, HttpReply *reply);
/* Ends it with the problem answer of `error`. */
void http_call_fail(HttpCall *call, const GError *error);
/* Ends it with 200 and `json` (taken over); where json is NULL with `error`. For handlers that end
 * in "return what this gave me". A top-level integer "version" of an object becomes the ETag. */
void http_call_finish(HttpCall *call, json_t *json, const GError *error);
/* From a route on the loop that finds no answer in memory: run `handler` on a reader thread. */
void http_call_defer(HttpCall *call, void (*handler)(HttpCall *call));

/* Runs `write` as a command on the writer thread (actor: the viewer) and ends the call with its
 * JSON and `status` (an object's "version" becomes the ETag; 204 without body where it gives
 * NULL without error), or with the problem. The call's request, params, JSON body and viewer may
 * be read inside `write`. An Idempotency-Key header is the command's nonce: a repeat gets the
 * first answer. */
typedef json_t *(*HttpWriteFn)(StoreDb *db, HttpCall *call, GError **error);
void http_call_write(HttpCall *call, const char *name, unsigned status, HttpWriteFn write);
/* For commands that a handler submits by itself. Inside the command, `http_call_once` runs `run`,
 * which sets `json`, and remembers the answer under the call's Idempotency-Key, where it has one;
 * a repeat does not run and gets the first `status` and `json` (new reference, NULL: none).
 * `http_call_key_valid` is asked before submitting: INVALID_FIELD for a key that is none. */
typedef gboolean (*HttpOnceFn)(StoreDb *db, gpointer data, json_t **json, GError **error);
gboolean http_call_key_valid(const HttpCall *call, GError **error);
gboolean http_call_once(HttpCall *call, StoreDb *db, HttpOnceFn run, gpointer data,
                        unsigned *status, json_t **json, GError **error);
/* Extra members for the problem answer (who, when), set inside `write` before failing; taken
 * over. */
void http_call_problem_extra(HttpCall *call, json_t *extra);
/* A header for the coming reply (Set-Cookie, Location), set before the call ends. */
void http_call_set_header(HttpCall *call, const char *name, const char *value);
