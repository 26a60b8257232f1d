/* Connections by slot and generation.
 *
 * A connection lives in libwebsockets' opaque pointer from accept to WSI_DESTROY, across the
 * changes of role (http, raw, websocket). Other threads know it as (slot, generation): when the
 * connection goes, its slot's generation moves on, so that a late answer finds nobody.
 *
 * Deadlines are one number a connection, swept four times a second: 30,000 connections cost a
 * sweep well under a millisecond, and no timer can be forgotten. */
#include <string.h>

#include "server/net/net_private.h"

NetConn *net_conn_of(struct lws *wsi)
{
    return lws_get_opaque_user_data(wsi);
}

static void count_address(NetServer *server, const char *peer, int by)
{
    guint n = GPOINTER_TO_UINT(g_hash_table_lookup(server->per_address, peer)) + (guint)by;
    if (n == 0) {
        g_hash_table_remove(server->per_address, peer);
    } else {
        g_hash_table_insert(server->per_address, g_strdup(peer), GUINT_TO_POINTER(n));
    }
}

gboolean net_address_full(const NetServer *server, const char *peer)
{
    guint n = GPOINTER_TO_UINT(g_hash_table_lookup(server->per_address, peer));
    return n > server->options.max_per_address;
}

/* The peer's address as text; an IPv4 address that came over IPv6 is IPv4. */
static void read_peer(struct lws *wsi, char *peer, gsize size)
{
    char text[INET6_ADDRSTRLEN + 8] = "";
    if (!lws_get_peer_simple(wsi, text, sizeof text) || strchr(text, '/')) {
        text[0] = '\0'; /* the unix socket */
    }
    const char *plain = g_str_has_prefix(text, "::ffff:") && strchr(text, '.') ? text + 7 : text;
    g_strlcpy(peer, plain, size);
}

static void take_slot(NetServer *server, NetConn *conn)
{
    if (server->free_slots->len == 0) {
        NetSlot slot = {NULL, 1};
        g_array_append_val(server->slots, slot);
        guint32 index = server->slots->len - 1;
        g_array_append_val(server->free_slots, index);
    }
    conn->slot = g_array_index(server->free_slots, guint32, server->free_slots->len - 1);
    g_array_set_size(server->free_slots, server->free_slots->len - 1);
    NetSlot *slot = &g_array_index(server->slots, NetSlot, conn->slot);
    conn->generation = slot->generation;
    slot->conn = conn;
}

NetConn *net_conn_new(NetServer *server, struct lws *wsi)
{
    NetConn *conn = g_new0(NetConn, 1);
    conn->server = server;
    conn->wsi = wsi;
    conn->secure = lws_is_ssl(wsi);
    conn->exchange = net_exchange_new();
    read_peer(wsi, conn->peer, sizeof conn->peer);
    take_slot(server, conn);
    server->n_conns++;
    count_address(server, conn->peer, 1);
    conn->over_limit =
        server->n_conns > server->options.max_connections || net_address_full(server, conn->peer);
    net_conn_deadline(conn, server->options.deadlines.head);
    lws_set_opaque_user_data(wsi, conn);
    http_metrics_add(http_service_metrics(server->options.service), METRIC_CONNECTIONS_OPENED);
    return conn;
}

void net_conn_free(NetConn *conn)
{
    NetServer *server = conn->server;
    NetSlot *slot = &g_array_index(server->slots, NetSlot, conn->slot);
    slot->conn = NULL;
    slot->generation++;
    g_array_append_val(server->free_slots, conn->slot);
    server->n_conns--;
    count_address(server, conn->peer, -1);
    net_live_conn_free(conn);
    g_clear_pointer(&conn->raw, net_raw_free);
    if (conn->exchange && conn->exchange->state != NET_IDLE) {
        net_busy_changed(server, -1);
    }
    net_exchange_free(conn->exchange);
    http_metrics_add(http_service_metrics(server->options.service), METRIC_CONNECTIONS_CLOSED);
    g_free(conn);
}

NetConn *net_conn_find(NetServer *server, guint32 slot, guint32 generation)
{
    if (slot >= server->slots->len) {
        return NULL;
    }
    const NetSlot *found = &g_array_index(server->slots, NetSlot, slot);
    return found->generation == generation ? found->conn : NULL;
}

void net_conn_deadline(NetConn *conn, unsigned milliseconds)
{
    conn->deadline = milliseconds ? g_get_monotonic_time() + (gint64)milliseconds * 1000 : 0;
}

void net_conn_kill(NetConn *conn)
{
    conn->deadline = 0;
    lws_set_timeout(conn->wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
}

void net_conn_pause(NetConn *conn)
{
    if (!conn->paused) {
        conn->paused = TRUE;
        lws_rx_flow_control(conn->wsi, 0);
    }
}

void net_conn_resume(NetConn *conn)
{
    if (conn->paused) {
        conn->paused = FALSE;
        lws_rx_flow_control(conn->wsi, 1);
    }
}

/* Sends more requests while it does not read its answer (a TLS connection of libwebsockets' own
 * parser, which would turn the loop for it as long as that lasts). */
static gboolean is_flooding(const NetConn *conn)
{
    return conn->kind == NET_KIND_HTTP && conn->exchange->state == NET_WRITING &&
           lws_service_adjust_timeout(conn->server->context, 1, 0) == 0;
}

void net_conns_sweep(NetServer *server)
{
    gint64 now = g_get_monotonic_time();
    for (guint i = 0; i < server->slots->len; i++) {
        NetConn *conn = g_array_index(server->slots, NetSlot, i).conn;
        if (conn && ((conn->deadline && conn->deadline <= now) || is_flooding(conn))) {
            if (conn->exchange && conn->exchange->state != NET_LINGER) {
                http_metrics_add(http_service_metrics(server->options.service), METRIC_DEADLINES);
            }
            net_conn_kill(conn);
        }
    }
}
