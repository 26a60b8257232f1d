/* One request and its answer on a connection, whichever parser read it.
 *
 * Invariants:
 *   state IDLE      no call, no body, nothing to write
 *   state BODY      `call` is ours and not started; `body` holds fewer bytes than `expected`, or
 *                   all of them until the parser says so
 *   state PENDING   the call is started; its answer comes by `answered`, from any thread
 *   state WRITING   `out` holds what is to be sent next, `rest` what does not fit into it
 * The server's n_busy counts the exchanges that are not IDLE. */
#include <string.h>

#include "planner/civil/error.h"
#include "server/http/wire.h"
#include "server/net/net_private.h"

#define LINGER_MS 1000

/* Names an exchange to the thread that answers. */
typedef struct {
    NetServer *server;
    guint32 slot, generation;
    HttpCall *call;
} Ticket;

NetExchange *net_exchange_new(void)
{
    return g_new0(NetExchange, 1);
}

static void clear_output(NetExchange *exchange)
{
    g_clear_pointer(&exchange->out, g_byte_array_unref);
    g_clear_pointer(&exchange->rest, g_bytes_unref);
    exchange->rest_sent = 0;
}

void net_exchange_free(NetExchange *exchange)
{
    if (!exchange) {
        return;
    }
    clear_output(exchange);
    if (exchange->call) {
        http_call_drop(exchange->call);
    }
    g_clear_pointer(&exchange->body, g_byte_array_unref);
    g_free(exchange);
}

void net_busy_changed(NetServer *server, int by)
{
    server->n_busy += (unsigned)by;
    if (server->n_busy == 0 && server->stopping) {
        ev_feed_event(server->loop, &server->sweep, EV_TIMER);
    }
}

/* Moves the next bytes of `rest` behind what `out` holds, up to one piece. */
static void fill_out(NetExchange *exchange)
{
    gsize size = 0;
    const guint8 *data = exchange->rest ? g_bytes_get_data(exchange->rest, &size) : NULL;
    gsize room = NET_PIECE_BYTES - (exchange->out->len - LWS_PRE);
    gsize take = MIN(room, size - exchange->rest_sent);
    if (take > 0) {
        g_byte_array_append(exchange->out, data + exchange->rest_sent, (guint)take);
        exchange->rest_sent += take;
    }
    if (exchange->rest_sent == size) {
        g_clear_pointer(&exchange->rest, g_bytes_unref);
    }
}

static void render(NetConn *conn, const HttpRequest *request, const HttpReply *reply)
{
    NetExchange *exchange = conn->exchange;
    static const guint8 room[LWS_PRE];
    exchange->keep_alive = exchange->keep_alive && !conn->server->stopping;
    HttpWireOptions options = {exchange->keep_alive, g_get_real_time() / 1000};
    exchange->out = g_byte_array_sized_new(2048);
    g_byte_array_append(exchange->out, room, sizeof room);
    http_wire_render(request, reply, &options, exchange->out, &exchange->rest);
    fill_out(exchange);
    exchange->state = NET_WRITING;
    net_conn_deadline(conn, conn->server->options.deadlines.write);
}

/* Takes the answer of a call to its connection; NULL where that is gone. */
static NetConn *answer(NetServer *server, Ticket *ticket)
{
    g_autoptr(HttpCall) call = ticket->call;
    g_autoptr(HttpReply) reply = http_call_take_reply(call);
    NetConn *conn = net_conn_find(server, ticket->slot, ticket->generation);
    g_free(ticket);
    if (!reply) {
        return NULL; /* dropped before it was started */
    }
    if (!conn || conn->exchange->state != NET_PENDING) {
        http_metrics_add(http_service_metrics(server->options.service), METRIC_DROPPED_ANSWERS);
        return NULL;
    }
    render(conn, http_call_request(call), reply);
    return conn;
}

static void answer_posted(NetServer *server, gpointer data)
{
    NetConn *conn = answer(server, data);
    if (conn) {
        net_conn_resume(conn);
        lws_callback_on_writable(conn->wsi);
    }
}

static void answered(gpointer data, HttpCall *call)
{
    Ticket *ticket = data;
    ticket->call = call;
    if (net_on_loop(ticket->server)) {
        answer(ticket->server, ticket); /* inside http_call_start: the parser's side writes */
    } else {
        net_post(ticket->server, answer_posted, ticket);
    }
}

static void refuse(NetConn *conn, const HttpRequest *request, const GError *error)
{
    HttpMetrics *metrics = http_service_metrics(conn->server->options.service);
    g_autoptr(HttpReply) reply = http_reply_problem(request, error, NULL);
    http_metrics_add(metrics, METRIC_REFUSED_GUARD);
    http_metrics_add_status(metrics, http_reply_status(reply));
    conn->exchange->keep_alive = FALSE;
    conn->exchange->refused = TRUE;
    render(conn, request, reply);
}

void net_exchange_refuse(NetConn *conn, const GError *error)
{
    if (conn->exchange->state == NET_IDLE) {
        net_busy_changed(conn->server, 1);
    }
    refuse(conn, NULL, error);
}

/* The request with its client, who may stand behind a trusted proxy. */
HttpRequest *net_exchange_request(NetConn *conn, const NetHead *head, HttpMethod method,
                                  GError **error)
{
    const NetProxies *proxies = conn->server->proxies;
    HttpRequest *request = net_head_request(head, method, error);
    if (request && net_proxies_trust(proxies, conn->peer)) {
        gboolean secure = conn->secure;
        g_autofree char *client = net_proxies_client(proxies, conn->peer, head, &secure);
        http_request_set_peer(request, client, secure);
    } else if (request) {
        http_request_set_peer(request, conn->peer, conn->secure);
    }
    return request;
}

static HttpCall *call_of(NetConn *conn, HttpRequest *request)
{
    Ticket *ticket = g_new0(Ticket, 1);
    ticket->server = conn->server;
    ticket->slot = conn->slot;
    ticket->generation = conn->generation;
    return http_call_new(conn->server->options.service, request, answered, ticket);
}

static gboolean admit(NetConn *conn, const NetHead *head, NetFraming *framing, GError **error)
{
    if (conn->over_limit) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_BUSY, "too many connections");
        return FALSE;
    }
    return net_head_check(head, framing, error) && net_head_check_upgrade(head, error);
}

void net_exchange_begin(NetConn *conn, NetHead *taken, gboolean wait_for_body)
{
    NetExchange *exchange = conn->exchange;
    g_autoptr(NetHead) head = taken;
    g_autoptr(GError) error = NULL;
    NetFraming framing = {0};
    HttpRequest *request = NULL;
    g_assert(exchange->state == NET_IDLE && !exchange->call);
    net_busy_changed(conn->server, 1);
    exchange->state = NET_BODY;
    exchange->refused = FALSE;
    if (!admit(conn, head, &framing, &error) ||
        !(request = net_exchange_request(conn, head, framing.method, &error))) {
        refuse(conn, NULL, error);
        return;
    }
    exchange->keep_alive = framing.keep_alive && conn->kind == NET_KIND_RAW;
    exchange->call = call_of(conn, request);
    if (framing.content_length > http_call_body_limit(exchange->call)) {
        g_set_error(&error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_TOO_LARGE,
                    "the body may have %" G_GSIZE_FORMAT " bytes here",
                    http_call_body_limit(exchange->call));
        refuse(conn, request, error);
        return;
    }
    exchange->expected = framing.content_length;
    net_conn_deadline(conn, conn->server->options.deadlines.body);
    if (framing.expects_continue && framing.content_length > 0) {
        guint8 line[LWS_PRE + 32] = {0};
        int length = g_snprintf((char *)line + LWS_PRE, 32, "HTTP/1.1 100 Continue\r\n\r\n");
        lws_write(conn->wsi, line + LWS_PRE, (size_t)length,
                  conn->kind == NET_KIND_RAW ? LWS_WRITE_RAW : LWS_WRITE_HTTP_HEADERS);
    }
    if (exchange->expected == 0 && !wait_for_body) {
        net_exchange_complete(conn);
    }
}

gboolean net_exchange_body(NetConn *conn, const void *data, gsize length)
{
    NetExchange *exchange = conn->exchange;
    if (exchange->state != NET_BODY || length == 0) {
        return exchange->state == NET_BODY || exchange->refused;
    }
    if (!exchange->body) {
        exchange->body = g_byte_array_sized_new((guint)MIN(exchange->expected, NET_PIECE_BYTES));
    }
    if (length > exchange->expected - exchange->body->len) {
        return FALSE;
    }
    g_byte_array_append(exchange->body, data, (guint)length);
    return TRUE;
}

void net_exchange_complete(NetConn *conn)
{
    NetExchange *exchange = conn->exchange;
    HttpCall *call = g_steal_pointer(&exchange->call);
    if (exchange->body) {
        g_autoptr(GBytes) body = g_byte_array_free_to_bytes(g_steal_pointer(&exchange->body));
        http_call_set_body(call, body);
    }
    exchange->state = NET_PENDING;
    net_conn_deadline(conn, conn->server->options.deadlines.answer);
    http_call_start(call);
}

NetWrite net_exchange_write(NetConn *conn)
{
    NetExchange *exchange = conn->exchange;
    gsize length = exchange->out->len - LWS_PRE;
    gboolean last = !exchange->rest;
    enum lws_write_protocol how = conn->kind == NET_KIND_RAW ? LWS_WRITE_RAW
                                  : last                     ? LWS_WRITE_HTTP_FINAL
                                                             : LWS_WRITE_HTTP;
    int sent = lws_write(conn->wsi, exchange->out->data + LWS_PRE, length, how);
    if (sent < 0) {
        return NET_WRITE_FAILED;
    }
    if (last) {
        return NET_WRITE_DONE;
    }
    g_byte_array_set_size(exchange->out, LWS_PRE);
    fill_out(exchange);
    net_conn_deadline(conn, conn->server->options.deadlines.write);
    return NET_WRITE_MORE;
}

gboolean net_exchange_finish(NetConn *conn, gboolean *linger)
{
    NetExchange *exchange = conn->exchange;
    clear_output(exchange);
    *linger = exchange->refused;
    if (exchange->refused) {
        exchange->state = NET_LINGER;
        net_conn_deadline(conn, LINGER_MS);
        return FALSE;
    }
    exchange->state = NET_IDLE;
    net_busy_changed(conn->server, -1);
    net_conn_deadline(conn, conn->server->options.deadlines.head);
    return exchange->keep_alive && !conn->server->stopping;
}
