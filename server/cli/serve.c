/* cronotopo serve: clock, store, service and wire put together, and taken apart in reverse. */
#include <gio/gio.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "planner/civil/error.h"
#include "server/api/app.h"
#include "server/api/feed_cache.h"
#include "server/api/sign_in.h"
#include "server/cli/cli.h"
#include "server/cli/demo.h"
#include "server/cli/settings.h"
#include "server/jobs/jobs.h"
#include "server/live/guard.h"
#include "server/live/live.h"
#include "server/mail/mail.h"
#include "server/mail/mime.h"
#include "server/net/net.h"
#include "server/planning/planning.h"
#include "server/routes.h"

/* Tells the service manager that we are ready (sd_notify's protocol: one datagram). */
static void notify_ready(void)
{
    const char *path = g_getenv("NOTIFY_SOCKET");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    gsize length = path ? strlen(path) : 0;
    if (length == 0 || length >= sizeof address.sun_path) {
        return;
    }
    memcpy(address.sun_path, path, length);
    if (address.sun_path[0] == '@') {
        address.sun_path[0] = '\0';
    }
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd >= 0) {
        static const char ready[] = "READY=1";
        socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
        sendto(fd, ready, sizeof ready - 1, MSG_NOSIGNAL, (struct sockaddr *)&address, size);
        close(fd);
    }
}

/* Our own addresses are origins of ours; "localhost" names the loopback too. */
static void announce(HttpService *service, const GPtrArray *addresses)
{
    for (guint i = 0; i < addresses->len; i++) {
        const char *address = addresses->pdata[i];
        const char *local = strstr(address, "://127.0.0.1:");
        http_service_add_origin(service, address);
        if (local) {
            g_autofree char *origin = g_strdup_printf("%.*s://localhost:%s", (int)(local - address),
                                                      address, local + strlen("://127.0.0.1:"));
            http_service_add_origin(service, origin);
        }
        g_print("listening on %s\n", address);
    }
    fflush(stdout);
    notify_ready();
}

static gboolean start_mail(const Settings *settings, ApiApp *app, GError **error)
{
    MailOptions options = {
        .catch_all = settings->demo,
        .smtp = {settings->smtp, settings->smtp_user, settings->smtp_password,
                 settings->require_tls},
        .from_name = settings->from_name,
        .from_address = settings->from_address ? settings->from_address : "cronotopo@localhost",
        .public_url = app->public_url,
    };
    mail_mime_init();
    mail_smtp_init();
    app->mail = mail_start(app->store, &options, error);
    return app->mail != NULL;
}

/* One click-to-enter link per role. Without them the demo still serves. */
static void show_demo_links(const Settings *settings, const ApiApp *app)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) links = settings->demo ? demo_links(app->store, &error) : NULL;
    for (guint i = 0; links && i < links->len; i++) {
        g_auto(GStrv) parts = g_strsplit(links->pdata[i], "\t", 3);
        int pad = MAX(0, 30 - (int)g_utf8_strlen(parts[0], -1));
        g_print("  %s%*s %s%s\n", parts[0], pad, "", app->public_url, parts[2]);
    }
    if (error) {
        g_warning("demo: no links: %s", error->message);
    }
    fflush(stdout);
}

static void tell_draft(gpointer live, const char *project, json_t *changes)
{
    live_publish(live, LIVE_DRAFT, project, changes);
}

static void tell_job(gpointer live, const char *job, const json_t *row)
{
    live_publish(live, LIVE_JOB, job, json_deep_copy(row));
}

/* The threads that plan and do long work. */
static gboolean start_work(ApiApp *app, GError **error)
{
    app->planning = planning_new(app->store, tell_draft, app->live);
    app->jobs = jobs_new(&(JobsOptions){.store = app->store,
                                        .kinds = job_kinds,
                                        .n_kinds = n_job_kinds,
                                        .mail = app->mail,
                                        .progress = tell_job,
                                        .progress_data = app->live},
                         error);
    return app->jobs != NULL;
}

static void stop_work(ApiApp *app)
{
    if (app->mail) {
        mail_stop(app->mail);
    }
    if (app->jobs) {
        jobs_stop(app->jobs);
    }
    if (app->planning) {
        planning_stop(app->planning);
    }
}

static gboolean serve(const Settings *settings, ApiApp *app, HttpService *service, GError **error)
{
    NetOptions options = {
        .service = service,
        .live = live_channel(),
        .live_data = app->live,
        .host = settings->host,
        .port = settings->port,
        .unix_path = settings->unix_path,
        .tls_cert = settings->tls_cert,
        .tls_key = settings->tls_key,
        .proxies = (const char *const *)settings->proxies,
        .handle_signals = TRUE,
        .deadlines = {.head = (unsigned)settings->head_seconds * 1000,
                      .body = (unsigned)settings->body_seconds * 1000},
    };
    NetServer *server = net_server_new(&options, error);
    if (!server) {
        return FALSE;
    }
    const GPtrArray *addresses = net_server_addresses(server);
    if (!app->public_url) {
        app->public_url = addresses->pdata[0];
    }
    gboolean ok = start_mail(settings, app, error) && start_work(app, error);
    if (ok) {
        announce(service, addresses);
        show_demo_links(settings, app);
        net_server_run(server);
    }
    stop_work(app);
    api_app_stop(app);                         /* no more work from hashing threads */
    store_close(g_steal_pointer(&app->store)); /* answers what waits; the wire drops it */
    g_clear_pointer(&app->mail, mail_free);    /* it watched the store's commits */
    net_server_free(server);
    return ok;
}

/* Opens the database; the demo's is loaded where it is new. */
static gboolean open_store(const Settings *settings, ApiApp *app, const DemoScratch *scratch,
                           GError **error)
{
    StoreOptions options = {.path = app->db_path,
                            .create = settings->create || settings->demo,
                            .readers = (unsigned)settings->readers,
                            .clock = app->clock};
    app->store = store_open(&options, error);
    return app->store && (!settings->demo || demo_prepare(app->store, scratch, error));
}

static gboolean run_app(const Settings *settings, ApiApp *app, const DemoScratch *scratch,
                        GError **error)
{
    g_autoptr(HttpStatics) statics =
        settings->web ? http_statics_new_folder(settings->web, error) : http_statics_new_compiled();
    if (!statics || !open_store(settings, app, scratch, error)) {
        return FALSE;
    }
    app->live = live_new(app->store);
    app->feeds = api_feeds_new(app->store);
    app->guard = live_guard_new();
    g_autoptr(HttpService) service = http_service_new(&(HttpServiceOptions){
        .routes = routes,
        .n_routes = n_routes,
        .store = app->store,
        .viewer = api_viewer,
        .app = app,
        .statics = statics,
        .public_url = settings->public_url,
        .log_requests = settings->access_log,
    });
    app->service = service;
    return api_app_start(app, routes, n_routes, error) && serve(settings, app, service, error);
}

static gboolean run(const Settings *settings, GError **error)
{
    signal(SIGXFSZ, SIG_IGN); /* a file-size limit is a full disk, not our end */
    g_autoptr(CivilClock) clock = civil_clock_new();
    g_auto(DemoScratch) scratch = {0};
    if (settings->demo &&
        !demo_scratch(&scratch, settings->db, settings->stage, settings->today, error)) {
        return FALSE;
    }
    ApiApp app = {
        .clock = clock,
        .public_url = settings->public_url,
        .db_path = settings->demo ? scratch.path : settings->db,
        .demo = settings->demo,
    };
    gboolean ok = run_app(settings, &app, &scratch, error);
    stop_work(&app);
    api_app_stop(&app);
    g_clear_pointer(&app.store, store_close);
    api_app_clear(&app);
    /* They watch the store's commits, so they outlive it. */
    g_clear_pointer(&app.jobs, jobs_free);
    g_clear_pointer(&app.planning, planning_free);
    g_clear_pointer(&app.live, live_free);
    g_clear_pointer(&app.feeds, api_feeds_free);
    g_clear_pointer(&app.guard, live_guard_free);
    return ok;
}

int cli_serve(int argc, char **argv)
{
    g_auto(Settings) settings = {0};
    g_autoptr(GError) error = NULL;
    if (!settings_read(&settings, argc, argv, &error) || !run(&settings, &error)) {
        return cli_fail(error);
    }
    return 0;
}
