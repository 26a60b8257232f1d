/* The wire: sockets, HTTP/1.1 and WebSocket, on one loop thread. The only room that includes
 * libwebsockets and libev; what a request means is server/http's and the live room's to say.
 *
 * Every verb and path reaches the same router. libwebsockets parses the verbs it knows
 * (net_http.c) and hands connections that speak others, such as PROPFIND, to our own parser
 * (net_raw.c, raw_parser.c). A live connection starts as a GET of /api/v1/live (net_live.c).
 */
#pragma once

#include "server/http/service.h"
#include "server/live/channel.h"

#define NET_LIVE_PATH "/api/v1/live"
#define NET_LIVE_PROTOCOL "cronotopo.live.1"

typedef struct NetServer NetServer;

/* Milliseconds; 0 takes the default. All but `answer` are checked four times a second. */
typedef struct {
    unsigned head;   /* from the first moment a head may come until it is whole (20 s) */
    unsigned body;   /* from the head until the body is whole (60 s) */
    unsigned answer; /* until the handler has answered (60 s) */
    unsigned write;  /* for each 64 KB of an answer to go out (30 s) */
    unsigned stop;   /* for open answers to finish once the server stops (10 s) */
} NetDeadlines;

typedef struct {
    HttpService *service;    /* borrowed */
    const LiveChannel *live; /* borrowed; NULL: no live channel */
    gpointer live_data;      /* its first argument */
    const char *host;        /* NULL: 127.0.0.1; "localhost": both loopbacks; "*": all */
    int port;                /* 0: the kernel chooses */
    const char *unix_path;   /* also listen there; NULL for none */
    const char *tls_cert;    /* PEM chain and key files; both or neither */
    const char *tls_key;
    const char *const *proxies; /* addresses or CIDR ranges whose X-Forwarded-* are believed */
    unsigned max_connections;   /* 0: 30000, or what the file descriptor limit allows */
    unsigned max_per_address;   /* 0: 12000 (a hall sits behind one address) */
    gboolean handle_signals;    /* SIGTERM and SIGINT stop the server */
    NetDeadlines deadlines;
} NetOptions;

/* Binds and listens; nothing is answered before net_server_run. Errors: PORT_BUSY, PERMISSION,
 * USAGE (an address, range or certificate that is none), INTERNAL. */
NetServer *net_server_new(const NetOptions *options, GError **error);
void net_server_free(NetServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NetServer, net_server_free)

/* What it listens on: char * "http://127.0.0.1:8080", "unix:/run/x.sock". Owned by the server. */
const GPtrArray *net_server_addresses(const NetServer *server);
/* Serves on the calling thread until stopped: then accepts no more, lets open answers finish
 * within the bound, closes live connections with 1001, and returns. */
void net_server_run(NetServer *server);
