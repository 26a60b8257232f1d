/* N WebSocket clients in one thread that measure fan-outs.
 *
 * Connects, upgrades (unless --raw), says one message, then counts text frames (those that contain
 * --match, where given). The k-th frame of every socket is round k; its fan-out lasts from the
 * first socket that has it to the last. Prints one JSON line when all sockets have all rounds;
 * "ready" on standard error when all are connected, so that a script knows when to cause rounds.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <gio/gio.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EVENTS = 1024, BUFFER = 65536, MICROSECONDS = 1000000, TEXT = 1, PING = 9, PONG = 10 };

typedef struct {
    int fd;
    guint rounds;     /* frames that counted */
    GByteArray *rest; /* the start of a frame whose end has not come; NULL: none */
} Client;

typedef struct {
    gint64 first; /* monotonic microseconds */
    gint64 last;
    guint sockets; /* that have it */
} Round;

typedef struct {
    int port;
    int sockets;
    int rounds;
    int timeout; /* seconds without any byte */
    gboolean raw;
    char *path;
    char **headers; /* whole lines, "Cookie: a=b" */
    char *say;
    char *match;
} Options;

typedef struct {
    const Options *options;
    int epoll;
    Client *clients;
    Round *rounds;
    int open;      /* rounds that some socket still misses */
    guint64 bytes; /* payloads of the frames that counted */
} Audience;

static void die(const char *what)
{
    g_printerr("audience: %s: %s\n", what, errno ? g_strerror(errno) : "refused");
    exit(1);
}

static void send_all(int fd, const void *bytes, gsize size)
{
    for (gsize sent = 0; sent < size;) {
        ssize_t now = send(fd, (const char *)bytes + sent, size - sent, MSG_NOSIGNAL);
        if (now <= 0) {
            die("send");
        }
        sent += (gsize)now;
    }
}

/* A client's frame of at most 65535 bytes, masked with zeros: the payload stays as it is. */
static void send_frame(int fd, guint8 opcode, const void *payload, gsize size)
{
    guint8 head[8] = {(guint8)(0x80 | opcode)};
    gsize head_size = 2;
    if (size < 126) {
        head[1] = (guint8)(0x80 | size);
    } else {
        head[1] = 0x80 | 126;
        head[2] = (guint8)(size >> 8);
        head[3] = (guint8)size;
        head_size = 4;
    }
    g_autoptr(GByteArray) frame = g_byte_array_new();
    g_byte_array_append(frame, head, (guint)head_size);
    g_byte_array_append(frame, (const guint8 *)"\0\0\0\0", 4);
    g_byte_array_append(frame, payload, (guint)size);
    send_all(fd, frame->data, frame->len);
}

/* The size of the first frame and where its payload starts; 0: it has not all come. */
static gsize frame_size(const guint8 *bytes, gsize size, gsize *payload)
{
    if (size < 2) {
        return 0;
    }
    gsize length = bytes[1] & 0x7f;
    *payload = 2;
    if (length >= 126) {
        gsize digits = length == 126 ? 2 : 8;
        if (size < 2 + digits) {
            return 0;
        }
        length = 0;
        for (gsize i = 0; i < digits; i++) {
            length = length << 8 | bytes[2 + i];
        }
        *payload += digits;
    }
    return size - *payload >= length ? *payload + length : 0;
}

static void count_frame(Audience *audience, Client *client, gsize size)
{
    if (client->rounds >= (guint)audience->options->rounds) {
        return;
    }
    Round *round = &audience->rounds[client->rounds++];
    audience->bytes += size;
    round->last = g_get_monotonic_time();
    if (round->sockets == 0) {
        round->first = round->last;
    }
    round->sockets++;
    audience->open -= round->sockets == (guint)audience->options->sockets;
}

static void take_frame(Audience *audience, Client *client, guint8 opcode, const guint8 *payload,
                       gsize size)
{
    const char *match = audience->options->match;
    if (opcode == PING) {
        send_frame(client->fd, PONG, payload, size);
    } else if (opcode == TEXT && (!match || memmem(payload, size, match, strlen(match)))) {
        count_frame(audience, client, size);
    }
}

/* Takes the whole frames among `bytes` and keeps the rest. */
static void take_bytes(Audience *audience, Client *client, const guint8 *bytes, gsize size)
{
    g_autoptr(GByteArray) joined = g_steal_pointer(&client->rest);
    if (joined) {
        g_byte_array_append(joined, bytes, (guint)size);
        bytes = joined->data;
        size = joined->len;
    }
    gsize payload;
    gsize whole;
    while ((whole = frame_size(bytes, size, &payload)) > 0) {
        take_frame(audience, client, bytes[0] & 0x0f, bytes + payload, whole - payload);
        bytes += whole;
        size -= whole;
    }
    if (size > 0) {
        client->rest = g_byte_array_append(g_byte_array_new(), bytes, (guint)size);
    }
}

static void upgrade(Audience *audience, Client *client)
{
    const Options *options = audience->options;
    g_autoptr(GString) request = g_string_new(NULL);
    g_string_printf(request,
                    "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: Upgrade\r\n"
                    "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                    "Sec-WebSocket-Protocol: cronotopo.live.1\r\n",
                    options->path, options->port);
    for (char **header = options->headers; header && *header; header++) {
        g_string_append_printf(request, "%s\r\n", *header);
    }
    g_string_append(request, "\r\n");
    send_all(client->fd, request->str, request->len);

    g_autoptr(GString) answer = g_string_new(NULL);
    const char *end = NULL;
    while (!end) {
        char bytes[4096];
        ssize_t size = recv(client->fd, bytes, sizeof bytes, 0);
        if (size <= 0) {
            die("upgrade");
        }
        g_string_append_len(answer, bytes, size);
        end = g_strstr_len(answer->str, (gssize)answer->len, "\r\n\r\n");
    }
    if (!g_str_has_prefix(answer->str, "HTTP/1.1 101 ")) {
        g_printerr("audience: the server answered: %s\n", answer->str);
        exit(1);
    }
    end += 4;
    take_bytes(audience, client, (const guint8 *)end, answer->len - (gsize)(end - answer->str));
}

static void join(Audience *audience, guint index)
{
    const Options *options = audience->options;
    Client *client = &audience->clients[index];
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((guint16)options->port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    client->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (client->fd < 0 || connect(client->fd, (struct sockaddr *)&address, sizeof address) < 0) {
        die("connect");
    }
    if (!options->raw) {
        upgrade(audience, client);
    }
    if (options->say) {
        send_frame(client->fd, TEXT, options->say, strlen(options->say));
    }
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = index};
    if (epoll_ctl(audience->epoll, EPOLL_CTL_ADD, client->fd, &event) < 0) {
        die("epoll_ctl");
    }
}

static void read_client(Audience *audience, Client *client)
{
    guint8 bytes[BUFFER];
    ssize_t size = recv(client->fd, bytes, sizeof bytes, MSG_DONTWAIT);
    if (size > 0) {
        take_bytes(audience, client, bytes, (gsize)size);
    } else if (size == 0 || errno != EAGAIN) {
        die("the server hung up");
    }
}

static void listen_to_rounds(Audience *audience)
{
    struct epoll_event events[EVENTS];
    while (audience->open > 0) {
        int ready = epoll_wait(audience->epoll, events, EVENTS, audience->options->timeout * 1000);
        if (ready <= 0) {
            errno = ready < 0 ? errno : ETIMEDOUT;
            die("waiting for frames");
        }
        for (int i = 0; i < ready; i++) {
            read_client(audience, &audience->clients[events[i].data.u32]);
        }
    }
}

static int compare_doubles(gconstpointer a, gconstpointer b)
{
    double left = *(const double *)a;
    double right = *(const double *)b;
    return (left > right) - (left < right);
}

static void report(const Audience *audience)
{
    int count = audience->options->rounds;
    g_autofree double *milliseconds = g_new(double, count);
    for (int i = 0; i < count; i++) {
        const Round *round = &audience->rounds[i];
        milliseconds[i] = (double)(round->last - round->first) / 1000;
    }
    qsort(milliseconds, (gsize)count, sizeof(double), compare_doubles);
    int sockets = audience->options->sockets;
    g_print("{\"bench\":\"fanout\",\"sockets\":%d,\"rounds\":%d,\"bytes\":%d,\"p50_ms\":%.2f,"
            "\"p95_ms\":%.2f}\n",
            sockets, count, (int)(audience->bytes / ((guint64)sockets * (guint64)count)),
            milliseconds[count / 2], milliseconds[(int)(0.95 * (count - 1))]);
}

static void raise_descriptor_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = MIN(limit.rlim_max, 32768);
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static void run(const Options *options)
{
    Audience audience = {.options = options,
                         .epoll = epoll_create1(0),
                         .clients = g_new0(Client, options->sockets),
                         .rounds = g_new0(Round, options->rounds),
                         .open = options->rounds};
    for (int i = 0; i < options->sockets; i++) {
        join(&audience, (guint)i);
    }
    g_printerr("ready\n");
    listen_to_rounds(&audience);
    report(&audience);
    for (int i = 0; i < options->sockets; i++) {
        close(audience.clients[i].fd);
        g_clear_pointer(&audience.clients[i].rest, g_byte_array_unref);
    }
    close(audience.epoll);
    g_free(audience.clients);
    g_free(audience.rounds);
}

int main(int argc, char **argv)
{
    Options options = {.sockets = 1000, .rounds = 20, .timeout = 60};
    GOptionEntry entries[] = {
        {"port", 'p', 0, G_OPTION_ARG_INT, &options.port, "port on loopback", "N"},
        {"sockets", 'n', 0, G_OPTION_ARG_INT, &options.sockets, "clients", "N"},
        {"rounds", 'r', 0, G_OPTION_ARG_INT, &options.rounds, "frames to wait for", "N"},
        {"timeout", 't', 0, G_OPTION_ARG_INT, &options.timeout, "seconds of silence", "N"},
        {"raw", 0, 0, G_OPTION_ARG_NONE, &options.raw, "no upgrade: a bare peer", NULL},
        {"path", 0, 0, G_OPTION_ARG_STRING, &options.path, "of the upgrade", "PATH"},
        {"header", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.headers, "of the upgrade", "LINE"},
        {"say", 0, 0, G_OPTION_ARG_STRING, &options.say, "first message", "TEXT"},
        {"match", 0, 0, G_OPTION_ARG_STRING, &options.match, "frames that count", "TEXT"},
        {NULL}};
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autoptr(GError) error = NULL;
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error) || options.port < 1 ||
        options.sockets < 1 || options.rounds < 1 || (!options.raw && !options.path)) {
        g_printerr("audience: %s\n",
                   error ? error->message : "--port and one of --raw, --path are needed");
        return 2;
    }
    raise_descriptor_limit();
    run(&options);
    g_free(options.path);
    g_strfreev(options.headers);
    g_free(options.say);
    g_free(options.match);
    return 0;
}
