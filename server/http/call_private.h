/* Private to server/http: the members of HttpService and HttpCall, for service.c, call.c, start.c
 * and write.c. */
#pragma once

#include "server/http/router.h"
#include "server/http/service.h"

struct HttpService {
    HttpServiceOptions options;
    HttpRouter *router;
    HttpLimits *limits;
    HttpMetrics *metrics;
    GPtrArray *origins; /* char *, owned: "https://host[:port]" */
};

/* Owned by references: the wire's (until `done` hands it on) and one of the thread that is inside
 * the handler or the command. Members are written by the loop before the call is submitted, then
 * only by the thread that has it; the queues between the threads order the two. */
struct HttpCall {
    gint references; /* atomic */
    gint ended;      /* atomic: 1 once a reply is set */
    HttpService *service;
    HttpRequest *request;
    const HttpRoute *route; /* NULL: no route */
    unsigned allowed;       /* methods the path takes, for 405 */
    HttpParams params;
    void (*handler)(HttpCall *call); /* the route's, or what it deferred to */
    Viewer viewer;
    unsigned relations;
    StoreDb *db;           /* inside a handler on a reader thread */
    json_t *json;          /* the parsed body */
    json_t *problem_extra; /* members for the problem answer */
    GPtrArray *headers;    /* name, value, ...: set before the reply exists; NULL for none */
    HttpReply *reply;
    HttpDoneFn done;
    gpointer data;
    struct HttpCommand *command; /* write.c */
};

/* The access table's word on this viewer and route: FALSE after failing the call. */
gboolean http_call_authorise(HttpCall *call);
/* Whether a state-changing request comes from our own pages (origin.c). */
gboolean http_origin_allowed(const HttpService *service, const HttpRequest *request,
                             GError **error);
void http_command_free(struct HttpCommand *command);
