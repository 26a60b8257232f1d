/* The live channel: WebSocket frames to and from server/live, which knows nothing of sockets.
 *
 * A frame is shared: the GBytes that live serialised once becomes one buffer with room for
 * libwebsockets' header in front, and each connection's queue holds a reference to it. The header
 * written into that room is the same for every connection, so sharing is safe.
 *
 * `lock` guards the queues and the table of connections, because send and close come from any
 * thread; everything else belongs to the loop. Never held while live or libwebsockets is called,
 * except lws_callback_on_writable on the loop.
 *
 * Memory: a connection costs what libwebsockets takes (about 2.6 KB with its 512-byte read buffer)
 * plus NetConn and NetLiveConn, some 300 bytes; its HTTP exchange is freed at the upgrade. */
#include <string.h>

#include "planner/civil/error.h"
#include "server/net/net_private.h"

#define LIVE_STOP_MS 2000 /* for the close handshakes once the server stops */

typedef struct {
    gint references;
    gsize length;
    guint8 data[]; /* LWS_PRE bytes of room, then the text */
} Frame;

typedef enum { LIVE_HANDSHAKE, LIVE_WAITING_VIEWER, LIVE_OPEN } LiveState;

struct NetLiveConn {
    LiveConn handle;
    LiveState state;
    HttpRequest *request; /* until the viewer is asked for */
    GByteArray *message;  /* a message in pieces; NULL between messages */
    Frame *queue[LIVE_QUEUE_MAX_FRAMES];
    guint8 first, count;
    gboolean refused;   /* a frame was: tell live when the queue is empty */
    gboolean dirty;     /* in the list of those to be made writable */
    guint16 close_code; /* 0: open */
    char *close_reason;
};

struct NetLive {
    NetServer *server;
    LiveWire wire;
    GMutex lock;
    GHashTable *conns; /* LiveConn * (inside the value) -> struct NetLiveConn * */
    GArray *dirty;     /* LiveConn */
    GBytes *last_text; /* what last_frame was made of */
    Frame *last_frame;
};

static Frame *frame_new(GBytes *text)
{
    gsize length = 0;
    const void *data = g_bytes_get_data(text, &length);
    Frame *frame = g_malloc(sizeof *frame + LWS_PRE + length);
    frame->references = 1;
    frame->length = length;
    memcpy(frame->data + LWS_PRE, data, length);
    return frame;
}

static void frame_unref(Frame *frame)
{
    if (frame && g_atomic_int_dec_and_test(&frame->references)) {
        g_free(frame);
    }
}

/* Under the lock: the frame of a text. The last one is kept, since a broadcast sends one text to
 * everybody in a row. */
static Frame *frame_of(struct NetLive *live, GBytes *text)
{
    if (live->last_text != text) {
        g_clear_pointer(&live->last_text, g_bytes_unref);
        frame_unref(live->last_frame);
        live->last_text = g_bytes_ref(text);
        live->last_frame = frame_new(text);
    }
    g_atomic_int_inc(&live->last_frame->references);
    return live->last_frame;
}

static HttpMetrics *metrics_of(const struct NetLive *live)
{
    return http_service_metrics(live->server->options.service);
}

static NetConn *conn_of(struct NetLive *live, LiveConn handle)
{
    return net_conn_find(live->server, (guint32)handle, (guint32)(handle >> 32));
}

/* On the loop: asks for a WRITEABLE of each connection that has something to send. */
static void make_writable(NetServer *server, gpointer data)
{
    struct NetLive *live = data;
    g_mutex_lock(&live->lock);
    g_autoptr(GArray) dirty = live->dirty;
    live->dirty = g_array_new(FALSE, FALSE, sizeof(LiveConn));
    for (guint i = 0; i < dirty->len; i++) {
        struct NetLiveConn *lc =
            g_hash_table_lookup(live->conns, &g_array_index(dirty, LiveConn, i));
        if (lc) {
            lc->dirty = FALSE;
        }
    }
    g_mutex_unlock(&live->lock);
    for (guint i = 0; i < dirty->len; i++) {
        NetConn *conn = conn_of(live, g_array_index(dirty, LiveConn, i));
        if (conn) {
            lws_callback_on_writable(conn->wsi);
        }
    }
}

/* Under the lock. TRUE: the caller posts make_writable after it. */
static gboolean mark_dirty(struct NetLive *live, struct NetLiveConn *lc)
{
    if (lc->dirty) {
        return FALSE;
    }
    lc->dirty = TRUE;
    g_array_append_val(live->dirty, lc->handle);
    return live->dirty->len == 1;
}

static gboolean wire_send(gpointer data, LiveConn handle, GBytes *text)
{
    struct NetLive *live = data;
    gboolean sent = FALSE, wake = FALSE;
    g_mutex_lock(&live->lock);
    struct NetLiveConn *lc = g_hash_table_lookup(live->conns, &handle);
    if (lc && !lc->close_code && lc->count < LIVE_QUEUE_MAX_FRAMES) {
        lc->queue[(lc->first + lc->count++) % LIVE_QUEUE_MAX_FRAMES] = frame_of(live, text);
        wake = mark_dirty(live, lc);
        sent = TRUE;
    } else if (lc && !lc->close_code) {
        lc->refused = TRUE;
        http_metrics_add(metrics_of(live), METRIC_LIVE_FRAMES_REFUSED);
    }
    g_mutex_unlock(&live->lock);
    if (wake) {
        net_post(live->server, make_writable, live);
    }
    return sent;
}

static void wire_close(gpointer data, LiveConn handle, unsigned code, const char *reason)
{
    struct NetLive *live = data;
    gboolean wake = FALSE;
    g_mutex_lock(&live->lock);
    struct NetLiveConn *lc = g_hash_table_lookup(live->conns, &handle);
    if (lc && !lc->close_code) {
        lc->close_code = (guint16)code;
        lc->close_reason = g_strndup(reason ? reason : "", 120);
        wake = mark_dirty(live, lc);
    }
    g_mutex_unlock(&live->lock);
    if (wake) {
        net_post(live->server, make_writable, live);
    }
}

struct NetLive *net_live_new(NetServer *server)
{
    struct NetLive *live = g_new0(struct NetLive, 1);
    live->server = server;
    live->wire = (LiveWire){live, wire_send, wire_close};
    g_mutex_init(&live->lock);
    live->conns = g_hash_table_new(g_int64_hash, g_int64_equal);
    live->dirty = g_array_new(FALSE, FALSE, sizeof(LiveConn));
    if (server->options.live) {
        server->options.live->started(server->options.live_data, &live->wire);
    }
    return live;
}

void net_live_free(struct NetLive *live)
{
    g_hash_table_unref(live->conns);
    g_array_unref(live->dirty);
    g_clear_pointer(&live->last_text, g_bytes_unref);
    frame_unref(live->last_frame);
    g_mutex_clear(&live->lock);
    g_free(live);
}

guint net_live_count(struct NetLive *live)
{
    g_mutex_lock(&live->lock);
    guint n = g_hash_table_size(live->conns);
    g_mutex_unlock(&live->lock);
    return n;
}

void net_live_stop(struct NetLive *live)
{
    NetServer *server = live->server;
    if (server->options.live) {
        server->options.live->stopping(server->options.live_data);
    }
    for (guint i = 0; i < server->slots->len; i++) {
        NetConn *conn = g_array_index(server->slots, NetSlot, i).conn;
        if (conn && conn->kind == NET_KIND_LIVE) {
            wire_close(live, conn->live->handle, LIVE_CLOSE_GOING_AWAY, "the server stops");
            net_conn_deadline(conn, LIVE_STOP_MS);
        }
    }
}

static gboolean refuse(GError **error, CronotopoErrorCode code, const char *message)
{
    g_set_error_literal(error, CRONOTOPO_ERROR, code, message);
    return FALSE;
}

gboolean net_live_is_path(const NetHead *head)
{
    gsize path = strcspn(head->target, "?");
    return path == strlen(NET_LIVE_PATH) && strncmp(head->target, NET_LIVE_PATH, path) == 0;
}

/* RFC 6455, 4.2.1, and our own rules: our path, our subprotocol and nothing else, our Origin. */
static gboolean check_handshake(const NetServer *server, const NetHead *head, GError **error)
{
    const char *upgrade = net_head_get(head, "upgrade");
    const char *version = net_head_get(head, "sec-websocket-version");
    const char *protocol = net_head_get(head, "sec-websocket-protocol");
    const char *key = net_head_get(head, "sec-websocket-key");
    const char *origin = net_head_get(head, "origin");
    if (g_ascii_strcasecmp(upgrade, "websocket") != 0) {
        return refuse(error, CRONOTOPO_ERROR_UNSUPPORTED, "only WebSocket upgrades are served");
    }
    if (!net_live_is_path(head) || !server->options.live) {
        return refuse(error, CRONOTOPO_ERROR_NOT_FOUND, "no WebSocket is served at this address");
    }
    if (!version || strcmp(version, "13") != 0) {
        return refuse(error, CRONOTOPO_ERROR_UPGRADE_REQUIRED, "WebSocket version 13 is spoken");
    }
    if (!protocol || strcmp(protocol, NET_LIVE_PROTOCOL) != 0) {
        return refuse(error, CRONOTOPO_ERROR_MALFORMED,
                      "the subprotocol must be " NET_LIVE_PROTOCOL);
    }
    if (!key || strlen(key) != 24 || strcmp(head->method, "GET") != 0) {
        return refuse(error, CRONOTOPO_ERROR_MALFORMED, "no WebSocket handshake");
    }
    if (!origin || !http_service_own_origin(server->options.service, origin)) {
        return refuse(error, CRONOTOPO_ERROR_ORIGIN, "the origin is not ours");
    }
    return TRUE;
}

gboolean net_live_admit(NetConn *conn, const NetHead *head, GError **error)
{
    NetServer *server = conn->server;
    NetFraming framing;
    if (conn->over_limit || server->stopping) {
        return refuse(error, CRONOTOPO_ERROR_BUSY, "no room for another connection");
    }
    if (!net_head_check(head, &framing, error) || !check_handshake(server, head, error)) {
        return FALSE;
    }
    HttpRequest *request = net_exchange_request(conn, head, framing.method, error);
    if (!request) {
        return FALSE;
    }
    conn->live = g_new0(struct NetLiveConn, 1);
    conn->live->handle = (LiveConn)conn->generation << 32 | conn->slot;
    conn->live->request = request;
    return TRUE;
}

void net_live_conn_free(NetConn *conn)
{
    struct NetLiveConn *lc = g_steal_pointer(&conn->live);
    struct NetLive *live = conn->server->live;
    if (!lc) {
        return;
    }
    g_mutex_lock(&live->lock);
    g_hash_table_remove(live->conns, &lc->handle);
    g_mutex_unlock(&live->lock);
    if (lc->state == LIVE_OPEN) {
        conn->server->options.live->closed(conn->server->options.live_data, lc->handle);
    }
    if (lc->state != LIVE_HANDSHAKE) {
        http_metrics_add(metrics_of(live), METRIC_LIVE_CLOSED);
    }
    for (guint i = 0; i < lc->count; i++) {
        frame_unref(lc->queue[(lc->first + i) % LIVE_QUEUE_MAX_FRAMES]);
    }
    http_request_free(lc->request);
    g_clear_pointer(&lc->message, g_byte_array_unref);
    g_free(lc->close_reason);
    g_free(lc);
}

/* From the reader thread back to the loop. */
typedef struct {
    struct NetLive *live;
    LiveConn handle;
    Viewer viewer;
    char peer[INET6_ADDRSTRLEN];
} Arrival;

static void arrive(NetServer *server, gpointer data)
{
    g_autofree Arrival *arrival = data;
    NetConn *conn = conn_of(arrival->live, arrival->handle);
    if (!conn || !conn->live || conn->live->state != LIVE_WAITING_VIEWER) {
        return;
    }
    conn->live->state = LIVE_OPEN;
    net_conn_resume(conn);
    if (!server->options.live->connected(server->options.live_data, arrival->handle,
                                         &arrival->viewer, arrival->peer)) {
        conn->live->state = LIVE_WAITING_VIEWER; /* live does not know it: no `closed` */
        wire_close(arrival->live, arrival->handle, LIVE_CLOSE_TRY_LATER, "try again later");
    }
}

static void viewer_known(gpointer data, const HttpRequest *request, const Viewer *viewer)
{
    Arrival *arrival = data;
    arrival->viewer = *viewer;
    g_strlcpy(arrival->peer, http_request_peer(request), sizeof arrival->peer);
    net_post(arrival->live->server, arrive, arrival);
}

static int on_established(NetConn *conn)
{
    struct NetLive *live = conn->server->live;
    struct NetLiveConn *lc = conn->live;
    g_autoptr(GError) error = NULL;
    conn->kind = NET_KIND_LIVE;
    g_clear_pointer(&conn->exchange, net_exchange_free);
    net_conn_deadline(conn, 0);
    lc->state = LIVE_WAITING_VIEWER;
    http_metrics_add(metrics_of(live), METRIC_LIVE_OPENED);
    g_mutex_lock(&live->lock);
    g_hash_table_insert(live->conns, &lc->handle, lc);
    g_mutex_unlock(&live->lock);
    net_conn_pause(conn);
    Arrival *arrival = g_new0(Arrival, 1);
    arrival->live = live;
    arrival->handle = lc->handle;
    if (!http_service_viewer(conn->server->options.service, g_steal_pointer(&lc->request),
                             viewer_known, arrival, &error)) {
        g_free(arrival);
        net_conn_resume(conn);
        wire_close(live, lc->handle, LIVE_CLOSE_TRY_LATER, "try again later");
    }
    return 0;
}

static int close_now(struct lws *wsi, unsigned code, const char *reason)
{
    lws_close_reason(wsi, (enum lws_close_status)code, (unsigned char *)reason, strlen(reason));
    return -1;
}

/* One frame, or the close once the queue is empty. */
static int on_writeable(NetConn *conn)
{
    struct NetLive *live = conn->server->live;
    struct NetLiveConn *lc = conn->live;
    Frame *frame = NULL;
    g_mutex_lock(&live->lock);
    if (lc->count > 0) {
        frame = lc->queue[lc->first];
        lc->first = (guint8)((lc->first + 1) % LIVE_QUEUE_MAX_FRAMES);
        lc->count--;
    }
    unsigned close_code = lc->close_code; /* with its reason: neither changes once it is set */
    const char *close_reason = lc->close_reason;
    gboolean more = lc->count > 0 || (frame && close_code);
    gboolean drained = lc->count == 0 && lc->refused && !close_code;
    lc->refused = lc->refused && !drained;
    g_mutex_unlock(&live->lock);
    if (!frame) {
        return close_code ? close_now(conn->wsi, close_code, close_reason) : 0;
    }
    int sent = lws_write(conn->wsi, frame->data + LWS_PRE, frame->length, LWS_WRITE_TEXT);
    frame_unref(frame);
    if (sent < 0) {
        return -1;
    }
    http_metrics_add(metrics_of(live), METRIC_LIVE_FRAMES);
    if (more) {
        lws_callback_on_writable(conn->wsi);
    }
    if (drained && lc->state == LIVE_OPEN) {
        conn->server->options.live->drained(conn->server->options.live_data, lc->handle);
    }
    return 0;
}

/* A piece of a message; the whole goes to live. */
static int on_receive(NetConn *conn, const void *bytes, size_t length)
{
    struct NetLiveConn *lc = conn->live;
    gboolean last =
        lws_is_final_fragment(conn->wsi) && lws_remaining_packet_payload(conn->wsi) == 0;
    if (lws_frame_is_binary(conn->wsi)) {
        return close_now(conn->wsi, 1003, "text only");
    }
    if ((lc->message ? lc->message->len : 0) + length > LIVE_MESSAGE_MAX_BYTES) {
        return close_now(conn->wsi, LIVE_CLOSE_TOO_BIG, "the message is too long");
    }
    if (lc->state != LIVE_OPEN || lc->close_code) {
        return 0;
    }
    if (!last || lc->message) {
        lc->message = lc->message ? lc->message : g_byte_array_new();
        g_byte_array_append(lc->message, bytes, (guint)length);
    }
    if (last) {
        g_autoptr(GByteArray) whole = g_steal_pointer(&lc->message);
        conn->server->options.live->received(conn->server->options.live_data, lc->handle,
                                             whole ? (const char *)whole->data : bytes,
                                             whole ? whole->len : length);
    }
    return 0;
}

int net_live_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                      size_t length)
{
    NetConn *conn = net_conn_of(wsi);
    switch (reason) {
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
        return conn && conn->live ? 0 : -1;
    case LWS_CALLBACK_ESTABLISHED:
        return conn && conn->live ? on_established(conn) : -1;
    case LWS_CALLBACK_RECEIVE:
        return on_receive(conn, in, length);
    case LWS_CALLBACK_SERVER_WRITEABLE:
        return conn && conn->live ? on_writeable(conn) : 0;
    case LWS_CALLBACK_CONFIRM_EXTENSION_OKAY:
        return 1; /* none: they cost memory and time for short JSON */
    default:
        return 0;
    }
}
