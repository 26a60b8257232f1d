/* Requests that libwebsockets parses: on plain sockets what may become a live connection, under
 * TLS all verbs it knows. One request a connection: see acceptor.c for why.
 *
 * Its parser decodes the target and keeps only headers it knows, plus unknown ones by name. So the
 * head is put together again: the path and each parameter are percent-encoded afresh, and the
 * headers are asked for by the two tables below.
 *
 * What its state machine needs from us (4.1.6):
 *   - a second HTTP or BODY_COMPLETION callback while an answer is pending must return -1;
 *   - while an answer is pending nothing may be read, or a pipelined byte spins the loop;
 *   - in CONFIRM_UPGRADE the header table may be gone already when the upgrade is none it knows;
 *   - a PUT, PATCH or DELETE of no bytes gets no BODY_COMPLETION, a POST does. */
#include <string.h>
#include <sys/socket.h>

#include "planner/civil/error.h"
#include "server/net/net_private.h"

static const struct {
    enum lws_token_indexes token;
    const char *method;
} methods[] = {
    {WSI_TOKEN_GET_URI, "GET"},         {WSI_TOKEN_POST_URI, "POST"},
    {WSI_TOKEN_HEAD_URI, "HEAD"},       {WSI_TOKEN_PUT_URI, "PUT"},
    {WSI_TOKEN_PATCH_URI, "PATCH"},     {WSI_TOKEN_DELETE_URI, "DELETE"},
    {WSI_TOKEN_OPTIONS_URI, "OPTIONS"},
};

static const struct {
    enum lws_token_indexes token;
    const char *name;
} known_headers[] = {
    {WSI_TOKEN_HOST, "host"},
    {WSI_TOKEN_CONNECTION, "connection"},
    {WSI_TOKEN_UPGRADE, "upgrade"},
    {WSI_TOKEN_ORIGIN, "origin"},
    {WSI_TOKEN_KEY, "sec-websocket-key"},
    {WSI_TOKEN_VERSION, "sec-websocket-version"},
    {WSI_TOKEN_PROTOCOL, "sec-websocket-protocol"},
    {WSI_TOKEN_HTTP_CONTENT_LENGTH, "content-length"},
    {WSI_TOKEN_HTTP_TRANSFER_ENCODING, "transfer-encoding"},
    {WSI_TOKEN_HTTP_EXPECT, "expect"},
    {WSI_TOKEN_HTTP_CONTENT_TYPE, "content-type"},
    {WSI_TOKEN_HTTP_CONTENT_ENCODING, "content-encoding"},
    {WSI_TOKEN_HTTP_COOKIE, "cookie"},
    {WSI_TOKEN_HTTP_AUTHORIZATION, "authorization"},
    {WSI_TOKEN_HTTP_ACCEPT, "accept"},
    {WSI_TOKEN_HTTP_ACCEPT_ENCODING, "accept-encoding"},
    {WSI_TOKEN_HTTP_ACCEPT_LANGUAGE, "accept-language"},
    {WSI_TOKEN_HTTP_IF_MATCH, "if-match"},
    {WSI_TOKEN_HTTP_IF_NONE_MATCH, "if-none-match"},
    {WSI_TOKEN_HTTP_IF_MODIFIED_SINCE, "if-modified-since"},
    {WSI_TOKEN_HTTP_IF_UNMODIFIED_SINCE, "if-unmodified-since"},
    {WSI_TOKEN_HTTP_REFERER, "referer"},
    {WSI_TOKEN_HTTP_USER_AGENT, "user-agent"},
    {WSI_TOKEN_X_FORWARDED_FOR, "x-forwarded-for"},
};

/* Headers libwebsockets has no token for. The last two rows are what "Content-Length : 5" is
 * taken for: kept under their wrong name, so that the guard on names refuses them. */
static const char *const other_headers[] = {
    "idempotency-key:", "sec-fetch-site:",     "x-forwarded-proto:",   "depth:",
    "prefer:",          "destination:",        "overwrite:",           "if-schedule-tag-match:",
    "schedule-reply:",  "x-requested-with:",   "content-disposition:", "if:",
    "content-length :", "transfer-encoding :",
};

/* Appends `text` so that http_request_new reads the same bytes back. */
static void append_encoded(GString *target, const char *text, gsize length, const char *keep)
{
    for (gsize i = 0; i < length; i++) {
        guchar c = (guchar)text[i];
        if (g_ascii_isalnum(c) || (c != '\0' && strchr(keep, c))) {
            g_string_append_c(target, (char)c);
        } else {
            g_string_append_printf(target, "%%%02X", c);
        }
    }
}

static void append_query(struct lws *wsi, GString *target)
{
    char text[HTTP_TARGET_MAX_BYTES + 1];
    for (int i = 0;; i++) {
        int length = lws_hdr_copy_fragment(wsi, text, sizeof text, WSI_TOKEN_HTTP_URI_ARGS, i);
        if (length < 0) {
            break;
        }
        g_string_append_c(target, i == 0 ? '?' : '&');
        const char *equals = memchr(text, '=', (gsize)length);
        gsize name = equals ? (gsize)(equals - text) : (gsize)length;
        append_encoded(target, text, name, "-._~");
        if (equals) {
            g_string_append_c(target, '=');
            append_encoded(target, equals + 1, (gsize)length - name - 1, "-._~");
        }
    }
}

static char *target_of(struct lws *wsi, enum lws_token_indexes token)
{
    GString *target = g_string_new(NULL);
    char path[HTTP_TARGET_MAX_BYTES + 1];
    int length = lws_hdr_copy(wsi, path, sizeof path, token);
    /* A path too long to copy leaves the target empty, which no request is made of. */
    append_encoded(target, path, (gsize)MAX(length, 0), "-._~/:@!$'()*,;=");
    append_query(wsi, target);
    return g_string_free(target, FALSE);
}

/* HTTP/1.minor; 9 for anything else. */
static unsigned minor_of(struct lws *wsi)
{
    char version[16] = "";
    if (lws_hdr_copy(wsi, version, sizeof version, WSI_TOKEN_HTTP) != 8 ||
        strncmp(version, "HTTP/1.", 7) != 0) {
        return 9;
    }
    return g_ascii_isdigit(version[7]) ? (unsigned)(version[7] - '0') : 9;
}

static void add_known(struct lws *wsi, NetHead *head, char *buffer, int size)
{
    for (gsize i = 0; i < G_N_ELEMENTS(known_headers); i++) {
        enum lws_token_indexes token = known_headers[i].token;
        for (int part = 0; lws_hdr_copy_fragment(wsi, buffer, size, token, part) >= 0; part++) {
            net_head_add(head, known_headers[i].name, buffer);
        }
    }
}

static void add_others(struct lws *wsi, NetHead *head, char *buffer, int size)
{
    for (gsize i = 0; i < G_N_ELEMENTS(other_headers); i++) {
        int length = (int)strlen(other_headers[i]);
        if (lws_hdr_custom_copy(wsi, buffer, size, other_headers[i], length) >= 0) {
            char name[32];
            g_strlcpy(name, other_headers[i], (gsize)length);
            net_head_add(head, name, buffer);
        }
    }
}

NetHead *net_http_head(struct lws *wsi)
{
    char buffer[NET_HEADER_BYTES]; /* so that no header is too long to be copied */
    for (gsize i = 0; i < G_N_ELEMENTS(methods); i++) {
        if (lws_hdr_total_length(wsi, methods[i].token) > 0) {
            g_autofree char *target = target_of(wsi, methods[i].token);
            NetHead *head = net_head_new(methods[i].method, target, minor_of(wsi));
            add_known(wsi, head, buffer, sizeof buffer);
            add_others(wsi, head, buffer, sizeof buffer);
            return head;
        }
    }
    return NULL;
}

/* Our side is shut; libwebsockets goes on reading a body to throw it away, anything else is left
 * in the socket until the deadline. */
static void begin_linger(NetConn *conn)
{
    if (!conn->secure) {
        shutdown(lws_get_socket_fd(conn->wsi), SHUT_WR);
    }
    if (!conn->exchange->discards) {
        net_conn_pause(conn);
    }
}

/* What the callback returns where the exchange stands now; writes where it can. */
static int proceed(NetConn *conn)
{
    gboolean linger = FALSE;
    if (conn->exchange->state == NET_PENDING) {
        net_conn_pause(conn);
        return 0;
    }
    if (conn->exchange->state != NET_WRITING) {
        return 0;
    }
    switch (net_exchange_write(conn)) {
    case NET_WRITE_FAILED:
        return -1;
    case NET_WRITE_MORE:
        lws_callback_on_writable(conn->wsi);
        return 0;
    case NET_WRITE_DONE:
        break;
    }
    net_exchange_finish(conn, &linger);
    if (linger) {
        begin_linger(conn);
    }
    return linger ? 0 : -1;
}

static int on_head(NetConn *conn)
{
    if (conn->exchange->state != NET_IDLE) {
        return -1;
    }
    NetHead *head = net_http_head(conn->wsi);
    if (!head) {
        return -1;
    }
    gboolean post = strcmp(head->method, "POST") == 0;
    conn->exchange->discards = net_head_get(head, "content-length") || post;
    lws_set_timeout(conn->wsi, NO_PENDING_TIMEOUT, 0);
    if (net_live_is_path(head)) {
        g_autoptr(GError) error = g_error_new_literal(
            CRONOTOPO_ERROR, CRONOTOPO_ERROR_UPGRADE_REQUIRED, "WebSocket is spoken here");
        net_head_free(head);
        net_exchange_refuse(conn, error);
    } else {
        net_exchange_begin(conn, head, post);
    }
    return proceed(conn);
}

static int on_body_end(NetConn *conn)
{
    NetExchange *exchange = conn->exchange;
    if (exchange->state == NET_BODY) {
        net_exchange_complete(conn);
        return proceed(conn);
    }
    return -1;
}

/* A handshake is admitted or answered here, before libwebsockets makes up its own mind. */
static int on_upgrade(NetConn *conn)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NetHead) head = NULL;
    if (lws_hdr_total_length(conn->wsi, WSI_TOKEN_UPGRADE) <= 0 ||
        !(head = net_http_head(conn->wsi))) {
        return -1;
    }
    if (net_live_admit(conn, head, &error)) {
        return 0;
    }
    net_exchange_refuse(conn, error);
    net_exchange_write(conn);
    return -1;
}

int net_http_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                      size_t length)
{
    NetConn *conn = net_conn_of(wsi);
    switch (reason) {
    case LWS_CALLBACK_HTTP:
        return conn ? on_head(conn) : -1;
    case LWS_CALLBACK_HTTP_BODY:
        return net_exchange_body(conn, in, length) ? 0 : -1;
    case LWS_CALLBACK_HTTP_BODY_COMPLETION:
        return on_body_end(conn);
    case LWS_CALLBACK_HTTP_WRITEABLE:
        return conn->exchange && conn->exchange->state == NET_WRITING ? proceed(conn) : 0;
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
        return conn && conn->exchange->state == NET_IDLE ? on_upgrade(conn) : -1;
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
        return -1; /* a handshake may not choose this protocol */
    default:
        return net_callback_common(wsi, reason, in);
    }
}
