/* Health and counters. /healthz answers from the loop: the process lives and its loop turns.
 * /readyz answers from a reader: the database can be read too. /metrics is for the machine itself
 * and for what scrapes it there; others need to be admin. */
#include "server/api/system.h"

#include <gio/gio.h>

#include "planner/civil/error.h"
#include "server/api/app.h"
#include "server/live/live.h"

void api_healthz(HttpCall *call)
{
    HttpReply *reply = http_reply_text(200, "text/plain; charset=utf-8", "ok\n");
    http_call_reply(call, reply);
}

void api_readyz(HttpCall *call)
{
    g_autoptr(GError) error = NULL;
    if (!store_alive(http_call_db(call), &error)) {
        http_call_fail(call, error);
        return;
    }
    http_call_reply(call, http_reply_text(200, "text/plain; charset=utf-8", "ready\n"));
}

static gboolean is_local(const char *peer)
{
    g_autoptr(GInetAddress) address = *peer ? g_inet_address_new_from_string(peer) : NULL;
    return *peer == '\0' || (address && g_inet_address_get_is_loopback(address));
}

static void append_store(GString *out, const StoreStats *stats)
{
    const struct {
        const char *name, *type;
        guint64 value;
    } rows[] = {
        {"store_commands_total", "counter", stats->commands},
        {"store_commits_total", "counter", stats->commits},
        {"store_failed_total", "counter", stats->failed},
        {"store_reads_total", "counter", stats->reads},
        {"store_waiting_commands", "gauge", stats->waiting_commands},
        {"store_waiting_reads", "gauge", stats->waiting_reads},
        {"store_revision", "gauge", stats->revision},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_string_append_printf(out, "# TYPE cronotopo_%s %s\ncronotopo_%s %" G_GUINT64_FORMAT "\n",
                               rows[i].name, rows[i].type, rows[i].name, rows[i].value);
    }
}

static void append_live(GString *out, const LiveStats *stats)
{
    const struct {
        const char *name, *type;
        guint64 value;
    } rows[] = {
        {"live_connections", "gauge", stats->connections},
        {"live_subscriptions", "gauge", stats->subscriptions},
        {"live_topics", "gauge", stats->topics},
        {"live_frames_total", "counter", stats->frames},
        {"live_snapshots_total", "counter", stats->snapshots},
        {"live_deltas_total", "counter", stats->deltas},
        {"live_dropped_total", "counter", stats->dropped},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_string_append_printf(out, "# TYPE cronotopo_%s %s\ncronotopo_%s %" G_GUINT64_FORMAT "\n",
                               rows[i].name, rows[i].type, rows[i].name, rows[i].value);
    }
}

void api_metrics(HttpCall *call)
{
    const ApiApp *app = http_call_app(call);
    gboolean admin = http_call_viewer(call)->roles & ROLE_ADMIN;
    if (!admin && !is_local(http_request_peer(http_call_request(call)))) {
        g_autoptr(GError) error =
            g_error_new_literal(CRONOTOPO_ERROR, CRONOTOPO_ERROR_FORBIDDEN,
                                "counters are for this machine and for an admin");
        http_call_fail(call, error);
        return;
    }
    StoreStats stats = store_stats(app->store);
    GString *out = g_string_new(NULL);
    http_metrics_write(http_service_metrics(app->service), out);
    append_store(out, &stats);
    LiveStats live = live_stats(app->live);
    append_live(out, &live);
    g_autofree char *text = g_string_free(out, FALSE);
    http_call_reply(call, http_reply_text(200, "text/plain; version=0.0.4; charset=utf-8", text));
}
