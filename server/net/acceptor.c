/* Plain and unix sockets: we listen ourselves and look at a connection's first bytes before
 * libwebsockets gets it.
 *
 * Why not let it listen: its HTTP/1 parser (4.1.6), given a request with a body that was pipelined
 * behind another, reads the body from the wrong place, and an answer given at once then turns its
 * loop for ever. So only what may become a WebSocket (a GET of NET_LIVE_PATH) goes to that parser,
 * for one request; everything else is adopted raw and parsed by net_raw.c from its first byte.
 * Under TLS there are no bytes to look at: there libwebsockets listens, and connections it parses
 * serve one request each (net_http.c).
 *
 * A connection nobody has adopted yet is a guest: a file descriptor, a watcher and a deadline. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server/net/net_private.h"

#define ACCEPTS_PER_TURN 64
#define RETRY_SECONDS 0.1 /* for the rest of a head of which only the beginning came */

static const char live_start[] = "GET " NET_LIVE_PATH;

typedef struct Guest {
    NetServer *server;
    struct lws_vhost *vhost;
    ev_io io;
    ev_timer retry;
    gint64 deadline; /* monotonic microseconds */
    int fd;
} Guest;

struct NetAcceptor {
    NetServer *server;
    struct lws_vhost *vhost;
    ev_io io;
    int fd;
};

static void guest_free(Guest *guest)
{
    ev_io_stop(guest->server->loop, &guest->io);
    ev_timer_stop(guest->server->loop, &guest->retry);
    if (guest->fd >= 0) {
        close(guest->fd);
    }
    g_free(guest);
}

static void leave(Guest *guest)
{
    g_hash_table_remove(guest->server->guests, guest);
}

/* Hands the socket over; from here on it is libwebsockets' to close. */
static void adopt(Guest *guest, gboolean live)
{
    lws_sock_file_fd_type fd = {.sockfd = guest->fd};
    ev_io_stop(guest->server->loop, &guest->io);
    guest->fd = -1;
    lws_adopt_descriptor_vhost(guest->vhost, LWS_ADOPT_SOCKET | (live ? LWS_ADOPT_HTTP : 0), fd,
                               live ? NULL : "dav", NULL);
    leave(guest);
}

static void look(Guest *guest)
{
    char start[sizeof live_start]; /* one more than the text: what follows the path */
    ssize_t n = recv(guest->fd, start, sizeof start, MSG_PEEK);
    gsize known = sizeof live_start - 1;
    ev_timer_stop(guest->server->loop, &guest->retry);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
        ev_io_start(guest->server->loop, &guest->io);
        return;
    }
    if (n <= 0) {
        leave(guest);
        return;
    }
    if (memcmp(start, live_start, MIN((gsize)n, known)) != 0) {
        adopt(guest, FALSE);
    } else if ((gsize)n > known) {
        adopt(guest, start[known] == ' ' || start[known] == '?');
    } else {
        ev_io_stop(guest->server->loop, &guest->io); /* it would stay readable */
        ev_timer_set(&guest->retry, RETRY_SECONDS, 0);
        ev_timer_start(guest->server->loop, &guest->retry);
    }
}

static void on_readable(struct ev_loop *loop, ev_io *io, int happened)
{
    look(io->data);
}

static void on_retry(struct ev_loop *loop, ev_timer *timer, int happened)
{
    look(timer->data);
}

static void welcome(struct NetAcceptor *acceptor, int fd)
{
    NetServer *server = acceptor->server;
    int one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one); /* no TCP on a unix socket */
    Guest *guest = g_new0(Guest, 1);
    guest->server = server;
    guest->vhost = acceptor->vhost;
    guest->fd = fd;
    guest->deadline = g_get_monotonic_time() + (gint64)server->options.deadlines.head * 1000;
    ev_io_init(&guest->io, on_readable, fd, EV_READ);
    ev_timer_init(&guest->retry, on_retry, RETRY_SECONDS, 0);
    guest->io.data = guest->retry.data = guest;
    g_hash_table_add(server->guests, guest);
    look(guest);
}

static void on_accept(struct ev_loop *loop, ev_io *io, int happened)
{
    struct NetAcceptor *acceptor = io->data;
    NetServer *server = acceptor->server;
    for (int i = 0; i < ACCEPTS_PER_TURN; i++) {
        int fd = accept4(acceptor->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) {
            if (errno == EMFILE || errno == ENFILE) {
                ev_io_stop(loop, io); /* the next sweep starts it again */
            }
            return;
        }
        if (net_server_full(server)) {
            close(fd);
        } else {
            welcome(acceptor, fd);
        }
    }
}

void net_acceptor_add(NetServer *server, struct lws_vhost *vhost, int fd)
{
    struct NetAcceptor *acceptor = g_new0(struct NetAcceptor, 1);
    acceptor->server = server;
    acceptor->vhost = vhost;
    acceptor->fd = fd;
    ev_io_init(&acceptor->io, on_accept, fd, EV_READ);
    acceptor->io.data = acceptor;
    ev_io_start(server->loop, &acceptor->io);
    g_ptr_array_add(server->acceptors, acceptor);
}

void net_acceptors_stop(NetServer *server)
{
    for (guint i = 0; i < server->acceptors->len; i++) {
        struct NetAcceptor *acceptor = server->acceptors->pdata[i];
        ev_io_stop(server->loop, &acceptor->io);
        close(acceptor->fd);
        g_free(acceptor);
    }
    g_ptr_array_set_size(server->acceptors, 0);
    g_hash_table_remove_all(server->guests);
}

static gboolean is_late(gpointer key, gpointer value, gpointer data)
{
    return ((const Guest *)key)->deadline <= *(const gint64 *)data;
}

void net_acceptors_sweep(NetServer *server)
{
    gint64 now = g_get_monotonic_time();
    guint late = g_hash_table_foreach_remove(server->guests, is_late, &now);
    for (guint i = 0; i < late; i++) {
        http_metrics_add(http_service_metrics(server->options.service), METRIC_DEADLINES);
    }
    for (guint i = 0; i < server->acceptors->len; i++) {
        struct NetAcceptor *acceptor = server->acceptors->pdata[i];
        ev_io_start(server->loop, &acceptor->io); /* where it paused */
    }
}

GHashTable *net_guests_new(void)
{
    return g_hash_table_new_full(NULL, NULL, (GDestroyNotify)guest_free, NULL);
}
