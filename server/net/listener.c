/* The context and its listening sockets. Plain and unix sockets are our own and share one virtual
 * host that listens nowhere; under TLS each address is a virtual host that listens itself. */
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
#define BACKLOG 1024

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
        .vhost_name = g_intern_string(name), /* it keeps the pointer */
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
    if (server->options.tls_cert && port != CONTEXT_PORT_NO_LISTEN_SERVER) {
        info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT; /* without it: plain, silently */
        info.ssl_cert_filepath = server->options.tls_cert;
        info.ssl_private_key_filepath = server->options.tls_key;
    }
    return lws_create_vhost(server->context, &info);
}

/* A listening socket, or -1 with errno. `*port` 0 becomes the port the kernel chose. */
static int open_socket(const char *address, int *port)
{
    struct addrinfo hints = {.ai_flags = AI_PASSIVE | AI_NUMERICHOST, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    struct sockaddr_in6 bound = {0};
    socklen_t size = sizeof bound;
    char service[8];
    g_snprintf(service, sizeof service, "%d", *port);
    if (getaddrinfo(address, service, &hints, &found) != 0) {
        errno = EADDRNOTAVAIL;
        return -1;
    }
    int one = 1, zero = 0;
    int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    gboolean any = strcmp(address, "::") == 0;
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) != 0 ||
        (any && setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &zero, sizeof zero) != 0) ||
        bind(fd, found->ai_addr, found->ai_addrlen) != 0 || listen(fd, BACKLOG) != 0 ||
        getsockname(fd, (struct sockaddr *)&bound, &size) != 0) {
        int why = errno;
        if (fd >= 0) {
            close(fd);
        }
        errno = why;
        fd = -1;
    } else {
        *port = ntohs(bound.sin6_port); /* where sockaddr_in has its own */
    }
    freeaddrinfo(found);
    return fd;
}

static gboolean refuse_address(const char *address, int port, int why, GError **error)
{
    CronotopoErrorCode code = why == EADDRINUSE                       ? CRONOTOPO_ERROR_PORT_BUSY
                              : why == EACCES                         ? CRONOTOPO_ERROR_PERMISSION
                              : why == EADDRNOTAVAIL || why == EINVAL ? CRONOTOPO_ERROR_USAGE
                                                                      : CRONOTOPO_ERROR_INTERNAL;
    g_set_error(error, CRONOTOPO_ERROR, code, "%s port %d: %s", address, port, g_strerror(why));
    return FALSE;
}

/* Under TLS libwebsockets listens; our own socket only finds the port, and why there is none. */
static gboolean listen_tls(NetServer *server, const char *address, int fd, int port, GError **error)
{
    gboolean v6 = strchr(address, ':') != NULL, any = strcmp(address, "::") == 0;
    g_autofree char *name = g_strdup_printf("at-%s", address);
    guint64 family =
        any  ? LWS_SERVER_OPTION_IPV6_V6ONLY_MODIFY
        : v6 ? LWS_SERVER_OPTION_IPV6_V6ONLY_MODIFY | LWS_SERVER_OPTION_IPV6_V6ONLY_VALUE
             : LWS_SERVER_OPTION_DISABLE_IPV6;
    close(fd);
    if (!make_vhost(server, name, any ? NULL : g_intern_string(address), port, family)) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_USAGE,
                    "%s and %s: the certificate or its key was refused", server->options.tls_cert,
                    server->options.tls_key);
        return FALSE;
    }
    return TRUE;
}

/* Listens on one address; `*port` 0 becomes the port the kernel chose. */
static gboolean listen_on(NetServer *server, const char *address, int *port, GError **error)
{
    int fd = open_socket(address, port);
    if (fd < 0) {
        return refuse_address(address, *port, errno, error);
    }
    if (server->options.tls_cert) {
        if (!listen_tls(server, address, fd, *port, error)) {
            return FALSE;
        }
    } else {
        net_acceptor_add(server, server->plain, fd);
    }
    const char *scheme = server->options.tls_cert ? "https" : "http";
    g_ptr_array_add(server->addresses, strchr(address, ':')
                                           ? g_strdup_printf("%s://[%s]:%d", scheme, address, *port)
                                           : g_strdup_printf("%s://%s:%d", scheme, address, *port));
    return TRUE;
}

/* A socket file that nobody listens on any more is removed; anything else is in the way. */
static gboolean clear_unix_path(const char *path, GError **error)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct stat status;
    if (g_strlcpy(address.sun_path, path, sizeof address.sun_path) >= sizeof address.sun_path) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_USAGE, "%s: the path is too long",
                    path);
        return FALSE;
    }
    if (lstat(path, &status) != 0) {
        return TRUE;
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
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (!clear_unix_path(path, error)) {
        return FALSE;
    }
    g_strlcpy(address.sun_path, path, sizeof address.sun_path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(fd, BACKLOG) != 0) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_PERMISSION, "%s: %s", path,
                    g_strerror(errno));
        if (fd >= 0) {
            close(fd);
        }
        return FALSE;
    }
    net_acceptor_add(server, server->plain, fd);
    g_ptr_array_add(server->addresses, g_strdup_printf("unix:%s", path));
    return TRUE;
}

/* Both loopbacks; a machine without IPv6 has one, which is enough. */
static gboolean listen_localhost(NetServer *server, int port, GError **error)
{
    if (!listen_on(server, "127.0.0.1", &port, error)) {
        return FALSE;
    }
    g_autoptr(GError) ignored = NULL;
    listen_on(server, "::1", &port, &ignored);
    return TRUE;
}

/* All addresses, of both families where the machine has IPv6. */
static gboolean listen_all(NetServer *server, int port, GError **error)
{
    int probe = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (probe >= 0) {
        close(probe);
    }
    return listen_on(server, probe >= 0 ? "::" : "0.0.0.0", &port, error);
}

gboolean net_listen(NetServer *server, GError **error)
{
    const char *host = server->options.host;
    int port = server->options.port;
    if (!make_context(server, error)) {
        return FALSE;
    }
    server->plain = make_vhost(server, "plain", NULL, CONTEXT_PORT_NO_LISTEN_SERVER, 0);
    gboolean ok = server->plain != NULL;
    if (!ok) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INTERNAL, "no virtual host");
    } else if (strcmp(host, "localhost") == 0) {
        ok = listen_localhost(server, port, error);
    } else if (strcmp(host, "*") == 0 || strcmp(host, "::") == 0) {
        ok = listen_all(server, port, error);
    } else {
        ok = listen_on(server, host, &port, error);
    }
    return ok && (!server->options.unix_path || listen_unix(server, error));
}
