/* Bare epoll broadcast: the floor for one fan-out to N sockets.
 *
 * Listens on a port of the kernel's choice on loopback and prints it, takes N sockets, then sends
 * each the same WebSocket text frame, round after round. One thread, one send per socket and
 * round; what a socket does not take at once is sent when epoll says it can. The audience measures.
 */
#include <errno.h>
#include <gio/gio.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EVENTS = 1024, FRAME_HEADER = 4 };

typedef struct {
    int fd;
    gsize sent; /* bytes of this round's frame */
} Listener;

typedef struct {
    int epoll;
    int server;
    GArray *listeners; /* of Listener */
    guint8 *frame;
    gsize frame_size;
} Broadcast;

static void die(const char *what)
{
    g_printerr("bare_broadcast: %s: %s\n", what, g_strerror(errno));
    exit(1);
}

static void raise_descriptor_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = MIN(limit.rlim_max, 32768);
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static int listen_on_loopback(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int server = socket(AF_INET, SOCK_STREAM, 0);
    if (server < 0 || bind(server, (struct sockaddr *)&address, size) < 0 ||
        listen(server, 4096) < 0 || getsockname(server, (struct sockaddr *)&address, &size) < 0) {
        die("listen");
    }
    g_print("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return server;
}

static void take_sockets(Broadcast *broadcast, int count)
{
    while (broadcast->listeners->len < (guint)count) {
        int on = 1;
        Listener listener = {.fd = accept4(broadcast->server, NULL, NULL, SOCK_NONBLOCK)};
        struct epoll_event event = {.events = 0, .data.u32 = broadcast->listeners->len};
        if (listener.fd < 0 ||
            setsockopt(listener.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) < 0 ||
            epoll_ctl(broadcast->epoll, EPOLL_CTL_ADD, listener.fd, &event) < 0) {
            die("accept");
        }
        g_array_append_val(broadcast->listeners, listener);
    }
}

/* Sends what is left of the frame. Whether all of it is sent. */
static gboolean send_rest(const Broadcast *broadcast, Listener *listener)
{
    ssize_t sent = send(listener->fd, broadcast->frame + listener->sent,
                        broadcast->frame_size - listener->sent, MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) {
        die("send");
    }
    listener->sent += sent > 0 ? (gsize)sent : 0;
    return listener->sent == broadcast->frame_size;
}

static void watch(const Broadcast *broadcast, guint index, guint32 events)
{
    const Listener *listener = &g_array_index(broadcast->listeners, Listener, index);
    struct epoll_event event = {.events = events, .data.u32 = index};
    if (epoll_ctl(broadcast->epoll, EPOLL_CTL_MOD, listener->fd, &event) < 0) {
        die("epoll_ctl");
    }
}

/* Goes on with the sockets that were full until none is. */
static void finish_round(const Broadcast *broadcast, guint full)
{
    struct epoll_event events[EVENTS];
    while (full > 0) {
        int ready = epoll_wait(broadcast->epoll, events, EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            guint index = events[i].data.u32;
            if (send_rest(broadcast, &g_array_index(broadcast->listeners, Listener, index))) {
                watch(broadcast, index, 0);
                full--;
            }
        }
    }
}

static void send_round(const Broadcast *broadcast)
{
    guint full = 0;
    for (guint i = 0; i < broadcast->listeners->len; i++) {
        Listener *listener = &g_array_index(broadcast->listeners, Listener, i);
        listener->sent = 0;
        if (!send_rest(broadcast, listener)) {
            watch(broadcast, i, EPOLLOUT);
            full++;
        }
    }
    finish_round(broadcast, full);
}

int main(int argc, char **argv)
{
    int sockets = 1000;
    int bytes = 204;
    int rounds = 20;
    int gap = 200;
    GOptionEntry entries[] = {
        {"sockets", 'n', 0, G_OPTION_ARG_INT, &sockets, "sockets to wait for", "N"},
        {"bytes", 'b', 0, G_OPTION_ARG_INT, &bytes, "payload of a frame, 126 to 65535", "N"},
        {"rounds", 'r', 0, G_OPTION_ARG_INT, &rounds, "frames for each", "N"},
        {"gap", 'g', 0, G_OPTION_ARG_INT, &gap, "milliseconds between rounds", "N"},
        {NULL}};
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autoptr(GError) error = NULL;
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error) || bytes < 126 || bytes > 65535) {
        g_printerr("bare_broadcast: %s\n", error ? error->message : "--bytes is out of range");
        return 2;
    }
    raise_descriptor_limit();
    Broadcast broadcast = {.epoll = epoll_create1(0),
                           .server = listen_on_loopback(),
                           .listeners = g_array_new(FALSE, FALSE, sizeof(Listener)),
                           .frame_size = (gsize)bytes + FRAME_HEADER};
    broadcast.frame = g_malloc(broadcast.frame_size);
    memset(broadcast.frame, 'x', broadcast.frame_size);
    broadcast.frame[0] = 0x81; /* a whole text frame */
    broadcast.frame[1] = 126;  /* two bytes of length follow */
    broadcast.frame[2] = (guint8)(bytes >> 8);
    broadcast.frame[3] = (guint8)bytes;
    take_sockets(&broadcast, sockets);
    for (int round = 0; round < rounds; round++) {
        g_usleep((gulong)gap * 1000);
        send_round(&broadcast);
    }
    /* The audience hangs up when it has all. */
    char last;
    int first = g_array_index(broadcast.listeners, Listener, 0).fd;
    while (recv(first, &last, 1, 0) < 0 && errno == EAGAIN) {
        g_usleep(10000);
    }
    return 0;
}
