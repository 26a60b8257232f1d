/* The context and its listening sockets: one virtual host an address, all alike. */
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "planner/civil/error.h"
#include "server/net/net_private.h"

#define LIVE_RX_BYTES 512 /* read buffer of each live connection */

const struct lws_protocols net_protocols[] = {
    {.name = "http", .callback = net_http_callback, .tx_packet_size = NET_PIECE_BYTES},
    {.name = "dav", .callback = net_raw_callback, .tx_packet_size = NET_PIECE_BYTES},
    {.name = NET_LIVE_PROTOCOL,
     .callback = net_live_callback,
     .rx_buffer_size = LIVE_RX_BYTES,
     .tx_packet_size = NET_PIECE_BYTES},
    {0},
};

/* A live connection unheard of for 25 s is pinged, and closed when silent for 40 s. */
static const lws_retry_bo_t live_patience = {
    .secs_since_valid_ping = 25,
    .secs_since_valid_hangup = 40,
};

static gboolean make_context(NetServer *server, GError **error)
{
    void *loops[1] = {server->loop};
    struct lws_context_creation_info info = {
        .port = CONTEXT_PORT_NO_LISTEN,
        .options = LWS_SERVER_OPTION_LIBEV | LWS_SERVER_OPTION_EXPLICIT_VHOSTS |
                   LWS_SERVER_OPTION_VALIDATE_UTF8,
        .foreign_loops = loops,
        .max_http_header_data = NET_HEADER_BYTES,
        .pt_serv_buf_size = 16384,
        .user = server,
        .retry_and_idle_policy = &live_patience,
        .alpn = "http/1.1",
        .gid = (gid_t)-1,
        .uid = (uid_t)-1,
    };
    lws_set_log_level(LLL_ERR, NULL);
    if (server->options.tls_cert) {
        info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
    }
    server->context = lws_create_context(&info);
    if (!server->context) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INTERNAL,
                    "libwebsockets could not start (is libwebsockets-evlib-ev installed?)");
        return FALSE;
    }
    return TRUE;
}

static struct lws_vhost *make_vhost(NetServer *server, const char *name, const char *address,
                                    int port, guint64 options)
{
    struct lws_context_creation_info info = {
        .port = port,
        .iface = address,
        .vhost_name = name,
        .protocols = net_protocols,
        .options = options | LWS_SERVER_OPTION_FALLBACK_TO_APPLY_LISTEN_ACCEPT_CONFIG |
                   LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND | LWS_SERVER_OPTION_VALIDATE_UTF8,
        .listen_accept_role = "raw-skt",
        .listen_accept_protocol = "dav",
        .keepalive_timeout = (int)(server->options.deadlines.head / 1000) + 1,
        .retry_and_idle_policy = &live_patience,
        .alpn = "http/1.1",
        .user = server,
    };
    gboolean is_unix = (options & LWS_SERVER_OPTION_UNIX_SOCK) != 0;
    if (server->options.tls_cert && !is_unix) {
        info.ssl_cert_filepath = server->options.tls_cert;
        info.ssl_private_key_filepath = server->options.tls_key;
    }
    return lws_create_vhost(server->context, &info);
}

/* Why nothing could be bound there: asked of the kernel once more, since libwebsockets does not
 * say. */
static int bind_errno(const char *address, int port)
{
    struct addrinfo hints = {.ai_flags = AI_PASSIVE | AI_NUMERICHOST, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    char service[8];
    g_snprintf(service, sizeof service, "%d", port);
    if (getaddrinfo(address, service, &hints, &found) != 0) {
        return EADDRNOTAVAIL;
    }
    int one = 1, result = 0;
    int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (fd < 0 || bind(fd, found->ai_addr, found->ai_addrlen) != 0 || listen(fd, 1) != 0) {
        result = errno;
    }
    if (fd >= 0) {
        close(fd);
    }
    freeaddrinfo(found);
    return result;
}

static gboolean refuse_address(const char *address, int port, GError **error)
{
    int why = bind_errno(address, port);
    CronotopoErrorCode code = why == EADDRINUSE                       ? CRONOTOPO_ERROR_PORT_BUSY
                              : why == EACCES                         ? CRONOTOPO_ERROR_PERMISSION
                              : why == EADDRNOTAVAIL || why == EINVAL ? CRONOTOPO_ERROR_USAGE
                                                                      : CRONOTOPO_ERROR_INTERNAL;
    g_set_error(error, CRONOTOPO_ERROR, code, "%s port %d: %s", address ? address : "*", port,
                why ? g_strerror(why) : "the certificate or the socket was refused");
    return FALSE;
}

/* Listens on one address; `*port` 0 becomes the port the kernel chose. */
static gboolean listen_on(NetServer *server, const char *address, int *port, GError **error)
{
    gboolean v6 = !address || strchr(address, ':');
    g_autofree char *name = g_strdup_printf("at-%s", address ? address : "all");
    const char *kept = address ? address : NULL;
    struct lws_vhost *vhost = make_vhost(server, name, kept, *port,
                                         v6 && address ? LWS_SERVER_OPTION_IPV6_V6ONLY_MODIFY |
                                                             LWS_SERVER_OPTION_IPV6_V6ONLY_VALUE
                                         : v6 ? LWS_SERVER_OPTION_IPV6_V6ONLY_MODIFY
                                              : LWS_SERVER_OPTION_DISABLE_IPV6);
    if (!vhost) {
        return refuse_address(address ? address : "::", *port, error);
    }
    *port = lws_get_vhost_listen_port(vhost);
    const char *scheme = server->options.tls_cert ? "https" : "http";
    const char *shown = address ? address : "0.0.0.0";
    g_ptr_array_add(server->addresses, strchr(shown, ':')
                                           ? g_strdup_printf("%s://[%s]:%d", scheme, shown, *port)
                                           : g_strdup_printf("%s://%s:%d", scheme, shown, *port));
    return TRUE;
}

/* A socket file that nobody listens on any more is removed; anything else is in the way. */
static gboolean clear_unix_path(const char *path, GError **error)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct stat status;
    if (lstat(path, &status) != 0) {
        return TRUE;
    }
    if (g_strlcpy(address.sun_path, path, sizeof address.sun_path) >= sizeof address.sun_path) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_USAGE, "%s: the path is too long",
                    path);
        return FALSE;
    }
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    gboolean dead = S_ISSOCK(status.st_mode) &&
                    connect(fd, (struct sockaddr *)&address, sizeof address) != 0 &&
                    errno == ECONNREFUSED;
    close(fd);
    if (!dead || unlink(path) != 0) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_PORT_BUSY, "%s is in use", path);
        return FALSE;
    }
    return TRUE;
}

static gboolean listen_unix(NetServer *server, GError **error)
{
    const char *path = server->options.unix_path;
    if (!clear_unix_path(path, error)) {
        return FALSE;
    }
    if (!make_vhost(server, "at-unix", path, 0, LWS_SERVER_OPTION_UNIX_SOCK)) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_PERMISSION,
                    "%s: no socket could be made there", path);
        return FALSE;
    }
    g_ptr_array_add(server->addresses, g_strdup_printf("unix:%s", path));
    return TRUE;
}

gboolean net_listen(NetServer *server, GError **error)
{
    const char *host = server->options.host;
    int port = server->options.port;
    if (!make_context(server, error)) {
        return FALSE;
    }
    if (strcmp(host, "localhost") == 0) {
        if (!listen_on(server, "127.0.0.1", &port, error)) {
            return FALSE;
        }
        /* A machine without IPv6 has one loopback, which is enough. */
        if (bind_errno("::1", port) == 0 && !listen_on(server, "::1", &port, error)) {
            return FALSE;
        }
    } else if (strcmp(host, "*") == 0 || strcmp(host, "::") == 0 || strcmp(host, "0.0.0.0") == 0) {
        gboolean v4 = strcmp(host, "0.0.0.0") == 0 || bind_errno("::", port) == EAFNOSUPPORT;
        if (!listen_on(server, v4 ? "0.0.0.0" : NULL, &port, error)) {
            return FALSE;
        }
    } else if (!listen_on(server, host, &port, error)) {
        return FALSE;
    }
    return !server->options.unix_path || listen_unix(server, error);
}
