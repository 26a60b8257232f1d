/* Connections that we parse ourselves (libwebsockets' raw-skt role): on plain and unix sockets all
 * but the live channel's, from their first byte (acceptor.c); under TLS those that libwebsockets
 * gives up on at a verb it does not know. Every verb and path is served by the same exchange and
 * the same router; only the upgrade to WebSocket is not.
 *
 * What came is kept in `pending` until it is parsed. Parsing stops while an answer is pending or
 * going out, and reading pauses then, so `pending` holds little more than one read.
 *
 * Under TLS a packet may end inside the first verb (PRO|PFIND): libwebsockets has swallowed what
 * matched a word of its own table by then. The first bytes are held until a space shows the rest of
 * the verb, and the lost beginning is put back (raw_parser.h). */
#include <string.h>
#include <sys/socket.h>

#include "planner/civil/error.h"
#include "server/net/net_private.h"
#include "server/net/raw_parser.h"

#define PENDING_MAX_BYTES 65536
#define METHOD_MAX_BYTES 24

struct NetRaw {
    NetParser *parser;
    GByteArray *pending;
    gboolean first;    /* the first verb is not known to be whole yet */
    gboolean flushing; /* nothing may be written before the next WRITEABLE */
    gboolean ending;   /* close once what libwebsockets holds is out */
    gboolean refused;  /* nothing more is parsed */
};

void net_raw_free(struct NetRaw *raw)
{
    net_parser_free(raw->parser);
    g_byte_array_unref(raw->pending);
    g_free(raw);
}

static gboolean on_head(gpointer data, const char *method, const char *target, unsigned minor,
                        const GPtrArray *fields)
{
    NetConn *conn = data;
    NetHead *head = net_head_new(method, target, minor);
    for (guint i = 0; i + 1 < fields->len; i += 2) {
        net_head_add(head, fields->pdata[i], fields->pdata[i + 1]);
    }
    net_exchange_begin(conn, head, TRUE);
    return conn->exchange->state == NET_BODY;
}

static gboolean on_body(gpointer data, const char *bytes, gsize length)
{
    return net_exchange_body(data, bytes, length);
}

static void on_end(gpointer data)
{
    net_exchange_complete(data);
}

static const NetParserEvents events = {on_head, on_body, on_end};

/* A connection that is ours from the start, or one that libwebsockets has given up on. */
static int on_adopt(NetConn *conn, struct lws *wsi)
{
    gboolean given_up = conn != NULL;
    if (!conn) {
        conn = net_conn_new(lws_context_user(lws_get_context(wsi)), wsi);
    }
    struct NetRaw *raw = g_new0(struct NetRaw, 1);
    conn->kind = NET_KIND_RAW;
    conn->raw = raw;
    raw->first = given_up;
    raw->pending = g_byte_array_new();
    raw->parser = net_parser_new(&events, conn, HTTP_HEADERS_MAX_BYTES);
    return 0;
}

/* Whether the first verb is whole, putting back its beginning where that was lost. */
static gboolean first_verb_ready(struct NetRaw *raw)
{
    const guint8 *space = memchr(raw->pending->data, ' ', raw->pending->len);
    if (!space && raw->pending->len < METHOD_MAX_BYTES) {
        return FALSE;
    }
    raw->first = FALSE;
    if (space) {
        gsize length = (gsize)(space - raw->pending->data);
        g_autofree char *tail = g_strndup((const char *)raw->pending->data, length);
        const char *whole = net_parser_whole_method(tail);
        if (whole) {
            g_byte_array_prepend(raw->pending, (const guint8 *)whole,
                                 (guint)(strlen(whole) - length));
        }
    }
    return TRUE;
}

static gboolean may_parse(const NetConn *conn)
{
    const struct NetRaw *raw = conn->raw;
    NetState state = conn->exchange->state;
    return raw->pending->len > 0 && !raw->flushing && !raw->refused &&
           (state == NET_IDLE || state == NET_BODY) && !raw->ending;
}

/* Parses what is pending, up to the end of one message. */
static void parse_once(NetConn *conn)
{
    struct NetRaw *raw = conn->raw;
    g_autoptr(GError) error = NULL;
    gssize taken =
        net_parser_feed(raw->parser, (const char *)raw->pending->data, raw->pending->len, &error);
    if (taken < 0) {
        raw->refused = TRUE;
        if (error) {
            net_exchange_refuse(conn, error);
        }
    } else {
        g_byte_array_remove_range(raw->pending, 0, (guint)taken);
    }
}

/* Sends one piece. What the callback returns, or 1 where the next message may be parsed. */
static int write_once(NetConn *conn)
{
    struct NetRaw *raw = conn->raw;
    gboolean linger = FALSE;
    switch (net_exchange_write(conn)) {
    case NET_WRITE_FAILED:
        return -1;
    case NET_WRITE_MORE:
        net_conn_pause(conn);
        lws_callback_on_writable(conn->wsi);
        return 0;
    case NET_WRITE_DONE:
        break;
    }
    gboolean stays = net_exchange_finish(conn, &linger);
    if (stays) {
        raw->flushing = lws_partial_buffered(conn->wsi) || raw->pending->len > 0;
    } else if (linger) {
        if (!conn->secure) {
            shutdown(lws_get_socket_fd(conn->wsi), SHUT_WR);
        }
        g_byte_array_set_size(raw->pending, 0);
    } else if (!lws_partial_buffered(conn->wsi)) {
        return -1;
    } else {
        raw->ending = TRUE;
    }
    if (raw->flushing || raw->ending) {
        lws_callback_on_writable(conn->wsi);
        return 0;
    }
    net_conn_resume(conn);
    return 1;
}

static int proceed(NetConn *conn)
{
    struct NetRaw *raw = conn->raw;
    if (raw->first && conn->exchange->state == NET_IDLE && !first_verb_ready(raw)) {
        return 0;
    }
    while (may_parse(conn)) {
        guint before = raw->pending->len;
        parse_once(conn);
        if (conn->exchange->state == NET_WRITING) {
            int result = write_once(conn);
            if (result <= 0) {
                return result;
            }
        } else if (raw->pending->len == before) {
            break;
        }
    }
    if (conn->exchange->state == NET_PENDING) {
        net_conn_pause(conn);
    }
    return 0;
}

static int on_rx(NetConn *conn, const void *bytes, size_t length)
{
    struct NetRaw *raw = conn->raw;
    if (raw->refused || conn->exchange->state == NET_LINGER) {
        return 0; /* thrown away */
    }
    if (raw->pending->len + length > PENDING_MAX_BYTES) {
        return -1;
    }
    g_byte_array_append(raw->pending, bytes, (guint)length);
    return proceed(conn);
}

static int on_writeable(NetConn *conn)
{
    struct NetRaw *raw = conn->raw;
    if (raw->ending) {
        return -1;
    }
    raw->flushing = FALSE;
    if (conn->exchange->state == NET_WRITING) {
        int result = write_once(conn);
        return result <= 0 ? result : proceed(conn);
    }
    net_conn_resume(conn);
    return proceed(conn);
}

int net_raw_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                     size_t length)
{
    NetConn *conn = net_conn_of(wsi);
    switch (reason) {
    case LWS_CALLBACK_RAW_ADOPT:
        return on_adopt(conn, wsi);
    case LWS_CALLBACK_RAW_RX:
        return conn && conn->raw ? on_rx(conn, in, length) : -1;
    case LWS_CALLBACK_RAW_WRITEABLE:
        return conn && conn->raw ? on_writeable(conn) : 0;
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
        return -1; /* a handshake may not choose this protocol */
    default:
        return 0;
    }
}
