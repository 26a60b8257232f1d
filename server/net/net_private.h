/* Private to server/net: the server, its connections, and the exchange (one request and its
 * answer) that both HTTP paths share. Everything here belongs to the loop thread unless said. */
#pragma once

#include <libwebsockets.h>

/* After libwebsockets.h: see raw_parser.h for why http_parser.h is nowhere near. */
#include <ev.h>

#include "server/net/head.h"
#include "server/net/net.h"
#include "server/net/proxy.h"

struct NetRaw;
struct NetLiveConn;
struct NetLive;

#define NET_HEADER_BYTES 24576 /* libwebsockets' room; we refuse at HTTP_HEADERS_MAX_BYTES */
#define NET_PIECE_BYTES 65536  /* most that one lws_write takes */

/* Where an exchange stands:
 *
 *   IDLE -> BODY -> PENDING -> WRITING -> IDLE          (keep-alive)
 *     any of them, refused -> WRITING -> LINGER -> closed
 *
 * BODY is skipped where none comes. While PENDING nothing is read (flow control), so a pipelined
 * request waits in the socket. LINGER: the refusal is out and our side is shut; what
 * still comes is thrown away for a moment, so that the client reads the refusal before a reset. */
typedef enum {
    NET_IDLE,
    NET_BODY,
    NET_PENDING,
    NET_WRITING,
    NET_LINGER,
} NetState;

typedef struct {
    NetState state;
    HttpCall *call;   /* until it is started */
    GByteArray *body; /* what came so far */
    gsize expected;   /* bytes of the whole body */
    gboolean keep_alive, refused;
    gboolean discards; /* a refused body is still read, by libwebsockets */
    GByteArray *out;   /* LWS_PRE bytes of room, then what is to be sent; NULL when all is */
    GBytes *rest;      /* the answer's body where it did not fit into `out`; NULL when it did */
    gsize rest_sent;
} NetExchange;

typedef enum { NET_KIND_HTTP, NET_KIND_RAW, NET_KIND_LIVE } NetKind;

/* A connection, from accept to destroy. `slot` and `generation` name it to other threads. */
typedef struct NetConn {
    NetServer *server;
    struct lws *wsi;
    guint32 slot, generation;
    NetKind kind;
    gboolean secure;
    gboolean paused;
    gboolean over_limit; /* accepted beyond the limit: its first request gets 503 */
    gint64 deadline;     /* monotonic microseconds; 0 for none */
    char peer[INET6_ADDRSTRLEN];
    NetExchange *exchange;    /* NULL for a live connection */
    struct NetRaw *raw;       /* NET_KIND_RAW */
    struct NetLiveConn *live; /* NET_KIND_LIVE, or on the way to it */
} NetConn;

typedef void (*NetPostFn)(NetServer *server, gpointer data);

typedef struct {
    NetConn *conn; /* NULL: free */
    guint32 generation;
} NetSlot;

struct NetServer {
    NetOptions options; /* strings owned below */
    GPtrArray *strings;
    struct lws_context *context;
    struct lws_vhost *plain; /* adopts connections of our own sockets */
    struct ev_loop *loop;
    GThread *thread; /* the loop's; set by net_server_run */
    GPtrArray *addresses;
    NetProxies *proxies;
    ev_timer sweep, tick;
    ev_signal on_term, on_int;
    gboolean stopping;
    gint stop_asked;          /* atomic */
    gint64 stop_at;           /* monotonic: when open answers are cut */
    GArray *slots;            /* NetSlot */
    GArray *free_slots;       /* guint32 */
    unsigned n_conns, n_busy; /* connections; of them, with an answer open */
    GHashTable *per_address;  /* char * -> GUINT count */
    GPtrArray *acceptors;     /* struct NetAcceptor *, owned (acceptor.c) */
    GHashTable *guests;       /* set of connections not adopted yet (acceptor.c) */
    struct NetLive *live;
    GMutex post_lock; /* guards `posts` */
    GArray *posts;    /* NetPost: what other threads want done on the loop */
};

/* server.c */
gboolean net_on_loop(const NetServer *server);
/* From any thread: runs fn(server, data) on the loop soon. */
void net_post(NetServer *server, NetPostFn fn, gpointer data);
void net_run_posts(NetServer *server);
/* Beyond the limit and the slack in which connections are still told 503. */
gboolean net_server_full(const NetServer *server);
int net_callback_common(struct lws *wsi, enum lws_callback_reasons reason, void *in);

/* listener.c */
gboolean net_listen(NetServer *server, GError **error);
extern const struct lws_protocols net_protocols[];

/* acceptor.c */
/* Accepts on `fd` (taken over) and gives the connections to `vhost`. */
void net_acceptor_add(NetServer *server, struct lws_vhost *vhost, int fd);
void net_acceptors_stop(NetServer *server);
void net_acceptors_sweep(NetServer *server);
GHashTable *net_guests_new(void);

/* conn.c */
NetConn *net_conn_new(NetServer *server, struct lws *wsi);
void net_conn_free(NetConn *conn);
NetConn *net_conn_of(struct lws *wsi);
/* The connection still named so, or NULL. */
NetConn *net_conn_find(NetServer *server, guint32 slot, guint32 generation);
/* The deadline, from now; 0 ms: none. */
void net_conn_deadline(NetConn *conn, unsigned milliseconds);
/* Closes without a word, soon. */
void net_conn_kill(NetConn *conn);
void net_conns_sweep(NetServer *server);
/* Nothing is read while an answer is pending; libwebsockets does not write either then. */
void net_conn_pause(NetConn *conn);
void net_conn_resume(NetConn *conn);
gboolean net_address_full(const NetServer *server, const char *peer);

/* exchange.c */
NetExchange *net_exchange_new(void);
void net_exchange_free(NetExchange *exchange);
/* A head came: the exchange is in BODY, PENDING or WRITING after this. `wait_for_body`: even a
 * body of no bytes will be told by net_exchange_complete. */
void net_exchange_begin(NetConn *conn, NetHead *head, gboolean wait_for_body);
/* Bytes of the body. FALSE: more than announced (our own parser's bug). */
gboolean net_exchange_body(NetConn *conn, const void *data, gsize length);
/* The body is whole. */
void net_exchange_complete(NetConn *conn);
/* The request of a checked head with its client, who may stand behind a trusted proxy. */
HttpRequest *net_exchange_request(NetConn *conn, const NetHead *head, HttpMethod method,
                                  GError **error);
/* Answers with the problem of `error` and closes. */
void net_exchange_refuse(NetConn *conn, const GError *error);
/* Sends one piece. */
typedef enum { NET_WRITE_FAILED, NET_WRITE_MORE, NET_WRITE_DONE } NetWrite;
NetWrite net_exchange_write(NetConn *conn);
/* After NET_WRITE_DONE: whether the connection stays for another request (now IDLE). FALSE: it
 * closes, now, or after a moment where `*linger`. */
gboolean net_exchange_finish(NetConn *conn, gboolean *linger);
void net_busy_changed(NetServer *server, int by);

/* The protocols' callbacks. */
int net_http_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                      size_t length);
int net_raw_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                     size_t length);
int net_live_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                      size_t length);
void net_raw_free(struct NetRaw *raw);

/* net_live.c */
struct NetLive *net_live_new(NetServer *server);
void net_live_free(struct NetLive *live);
void net_live_conn_free(NetConn *conn);
void net_live_stop(struct NetLive *live);
guint net_live_count(struct NetLive *live);
gboolean net_live_is_path(const NetHead *head);
/* The head of a websocket handshake. TRUE: go on to the upgrade. */
gboolean net_live_admit(NetConn *conn, const NetHead *head, GError **error);
/* net_http.c: the head of the request libwebsockets has parsed; NULL where it is none. */
NetHead *net_http_head(struct lws *wsi);
