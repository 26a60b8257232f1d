/* The loop: libwebsockets on our own libev loop, the sweep, work posted by other threads, and the
 * orderly end.
 *
 * Only lws_cancel_service may be called from another thread: net_post queues and calls it; the
 * loop then gets EVENT_WAIT_CANCELLED and runs the queue. The sweep, four times a second, checks
 * the deadlines and also calls it, because under a foreign loop libwebsockets' own timers do not
 * fire without traffic (4.1.6).
 *
 * The end: stop accepting, let open exchanges finish (no keep-alive any more), close live
 * connections, and leave the loop when nothing is open or the bound is reached. */
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "planner/civil/error.h"
#include "server/net/net_private.h"

#define SWEEP_SECONDS 0.25
#define FILES_WANTED 32768
#define FILES_RESERVED 64 /* database, logs, listeners */
#define HARD_SLACK 256    /* connections beyond the limit that still get a 503 */

typedef struct {
    NetPostFn fn;
    gpointer data;
} NetPost;

gboolean net_on_loop(const NetServer *server)
{
    return server->thread == NULL || server->thread == g_thread_self();
}

void net_post(NetServer *server, NetPostFn fn, gpointer data)
{
    NetPost post = {fn, data};
    g_mutex_lock(&server->post_lock);
    gboolean first = server->posts->len == 0;
    g_array_append_val(server->posts, post);
    if (first && server->context) {
        lws_cancel_service(server->context);
    }
    g_mutex_unlock(&server->post_lock);
}

void net_run_posts(NetServer *server)
{
    g_mutex_lock(&server->post_lock);
    g_autoptr(GArray) posts = server->posts;
    if (posts->len == 0) {
        g_steal_pointer(&posts);
        g_mutex_unlock(&server->post_lock);
        return;
    }
    server->posts = g_array_new(FALSE, FALSE, sizeof(NetPost));
    g_mutex_unlock(&server->post_lock);
    for (guint i = 0; i < posts->len; i++) {
        const NetPost *post = &g_array_index(posts, NetPost, i);
        post->fn(server, post->data);
    }
}

gboolean net_server_full(const NetServer *server)
{
    return server->n_conns + g_hash_table_size(server->guests) >
           server->options.max_connections + HARD_SLACK;
}

int net_callback_common(struct lws *wsi, enum lws_callback_reasons reason, void *in)
{
    NetServer *server = lws_context_user(lws_get_context(wsi));
    switch (reason) {
    case LWS_CALLBACK_FILTER_NETWORK_CONNECTION:
        return server->stopping || net_server_full(server);
    case LWS_CALLBACK_SERVER_NEW_CLIENT_INSTANTIATED:
        net_conn_new(server, wsi);
        return 0;
    case LWS_CALLBACK_WSI_DESTROY:
        if (net_conn_of(wsi)) {
            net_conn_free(net_conn_of(wsi));
            lws_set_opaque_user_data(wsi, NULL);
        }
        return 0;
    case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
        net_run_posts(server);
        return 0;
    default:
        return 0;
    }
}

static void begin_stop(NetServer *server)
{
    server->stopping = TRUE;
    net_acceptors_stop(server);
    server->stop_at = g_get_monotonic_time() + (gint64)server->options.deadlines.stop * 1000;
    net_live_stop(server->live);
}

static void on_sweep(struct ev_loop *loop, ev_timer *timer, int events)
{
    NetServer *server = timer->data;
    if (g_atomic_int_get(&server->stop_asked) && !server->stopping) {
        begin_stop(server);
    }
    net_conns_sweep(server);
    net_acceptors_sweep(server);
    lws_cancel_service(server->context);
    if (server->stopping && ((server->n_busy == 0 && net_live_count(server->live) == 0) ||
                             g_get_monotonic_time() >= server->stop_at)) {
        ev_break(loop, EVBREAK_ALL);
    }
}

static void on_tick(struct ev_loop *loop, ev_timer *timer, int events)
{
    NetServer *server = timer->data;
    server->options.live->tick(server->options.live_data);
}

static void on_signal(struct ev_loop *loop, ev_signal *watcher, int events)
{
    NetServer *server = watcher->data;
    g_atomic_int_set(&server->stop_asked, 1);
    ev_feed_event(loop, &server->sweep, EV_TIMER);
}

static const char *keep(NetServer *server, const char *text)
{
    if (text) {
        g_ptr_array_add(server->strings, g_strdup(text));
    }
    return text ? server->strings->pdata[server->strings->len - 1] : NULL;
}

/* As many file descriptors as we may have; the connection limit follows. */
static void raise_file_limit(NetOptions *options)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return;
    }
    rlim_t wanted = MIN(limit.rlim_max, (rlim_t)FILES_WANTED);
    if (limit.rlim_cur < wanted) {
        limit.rlim_cur = wanted;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    rlim_t room = limit.rlim_cur > FILES_RESERVED + HARD_SLACK
                      ? limit.rlim_cur - FILES_RESERVED - HARD_SLACK
                      : 1;
    options->max_connections = (unsigned)MIN((rlim_t)options->max_connections, room);
}

static void set_defaults(NetServer *server, const NetOptions *options)
{
    NetOptions *o = &server->options;
    *o = *options;
    o->host = keep(server, options->host ? options->host : "127.0.0.1");
    o->unix_path = keep(server, options->unix_path);
    o->tls_cert = keep(server, options->tls_cert);
    o->tls_key = keep(server, options->tls_key);
    o->proxies = NULL;
    o->max_connections = o->max_connections ? o->max_connections : 30000;
    o->max_per_address = o->max_per_address ? o->max_per_address : 12000;
    o->deadlines.head = o->deadlines.head ? o->deadlines.head : 20000;
    o->deadlines.body = o->deadlines.body ? o->deadlines.body : 60000;
    o->deadlines.answer = o->deadlines.answer ? o->deadlines.answer : 60000;
    o->deadlines.write = o->deadlines.write ? o->deadlines.write : 30000;
    o->deadlines.stop = o->deadlines.stop ? o->deadlines.stop : 10000;
    raise_file_limit(o);
}

static void start_timers(NetServer *server)
{
    ev_timer_init(&server->sweep, on_sweep, SWEEP_SECONDS, SWEEP_SECONDS);
    server->sweep.data = server;
    ev_timer_start(server->loop, &server->sweep);
    if (server->options.live) {
        ev_timer_init(&server->tick, on_tick, LIVE_TICK_MS / 1000.0, LIVE_TICK_MS / 1000.0);
        server->tick.data = server;
        ev_timer_start(server->loop, &server->tick);
    }
    ev_signal_init(&server->on_term, on_signal, SIGTERM);
    ev_signal_init(&server->on_int, on_signal, SIGINT);
    server->on_term.data = server->on_int.data = server;
    if (server->options.handle_signals) {
        ev_signal_start(server->loop, &server->on_term);
        ev_signal_start(server->loop, &server->on_int);
    }
}

static void stop_timers(NetServer *server)
{
    ev_timer_stop(server->loop, &server->sweep);
    ev_timer_stop(server->loop, &server->tick);
    ev_signal_stop(server->loop, &server->on_term);
    ev_signal_stop(server->loop, &server->on_int);
}

NetServer *net_server_new(const NetOptions *options, GError **error)
{
    g_autoptr(NetServer) server = g_new0(NetServer, 1);
    server->strings = g_ptr_array_new_with_free_func(g_free);
    server->acceptors = g_ptr_array_new();
    server->guests = net_guests_new();
    server->addresses = g_ptr_array_new_with_free_func(g_free);
    server->slots = g_array_new(FALSE, FALSE, sizeof(NetSlot));
    server->free_slots = g_array_new(FALSE, FALSE, sizeof(guint32));
    server->posts = g_array_new(FALSE, FALSE, sizeof(NetPost));
    server->per_address = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_mutex_init(&server->post_lock);
    set_defaults(server, options);
    server->proxies = net_proxies_new(options->proxies, error);
    if (!server->proxies) {
        return NULL;
    }
    server->loop = ev_loop_new(EVFLAG_AUTO);
    server->live = net_live_new(server);
    if (!net_listen(server, error)) {
        return NULL;
    }
    start_timers(server);
    return g_steal_pointer(&server);
}

void net_server_free(NetServer *server)
{
    if (!server) {
        return;
    }
    if (server->loop && ev_is_active(&server->sweep)) {
        stop_timers(server);
    }
    server->thread = NULL;
    net_acceptors_stop(server);
    if (server->context) {
        struct lws_context *context = server->context;
        lws_context_destroy(context);
        server->context = NULL;
    }
    net_run_posts(server); /* answers that came too late: their connections are gone */
    g_clear_pointer(&server->live, net_live_free);
    g_clear_pointer(&server->loop, ev_loop_destroy);
    g_clear_pointer(&server->proxies, net_proxies_free);
    g_ptr_array_unref(server->strings);
    g_ptr_array_unref(server->addresses);
    g_ptr_array_unref(server->acceptors);
    g_hash_table_unref(server->guests);
    g_array_unref(server->slots);
    g_array_unref(server->free_slots);
    g_array_unref(server->posts);
    g_hash_table_unref(server->per_address);
    g_mutex_clear(&server->post_lock);
    g_free(server);
}

const GPtrArray *net_server_addresses(const NetServer *server)
{
    return server->addresses;
}

void net_server_run(NetServer *server)
{
    server->thread = g_thread_self();
    lws_set_log_level(0, NULL); /* from here on only strangers could make it speak */
    ev_run(server->loop, 0);
}
