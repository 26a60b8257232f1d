/* cronotopo serve: clock, store, service and wire put together, and taken apart in reverse.
 *
 * Settings come from the key file, then from the command line, which wins. Every key has a default:
 *
 *   [server]  host=127.0.0.1  port=8080  unix=  public-url=  trusted-proxies=  tls-cert=  tls-key=
 *             web=  access-log=false
 *   [store]   db=cronotopo.db  readers=4
 */
#include <gio/gio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "planner/civil/error.h"
#include "server/api/app.h"
#include "server/api/sign_in.h"
#include "server/cli/cli.h"
#include "server/net/net.h"
#include "server/routes.h"

typedef struct {
    char *db, *host, *unix_path, *public_url, *web, *tls_cert, *tls_key;
    char **proxies;
    int port, readers;
    gboolean access_log, demo, create;
} Settings;

static void settings_clear(Settings *settings)
{
    g_free(settings->db);
    g_free(settings->host);
    g_free(settings->unix_path);
    g_free(settings->public_url);
    g_free(settings->web);
    g_free(settings->tls_cert);
    g_free(settings->tls_key);
    g_strfreev(settings->proxies);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Settings, settings_clear)

static gboolean usage(GError **error, const char *message)
{
    g_set_error_literal(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_USAGE, message);
    return FALSE;
}

/* One text setting of the key file, where the command line gave none. */
static void take_text(GKeyFile *file, const char *group, const char *key, char **value)
{
    if (!*value) {
        *value = g_key_file_get_string(file, group, key, NULL);
        if (*value && **value == '\0') {
            g_clear_pointer(value, g_free);
        }
    }
}

static gboolean take_int(GKeyFile *file, const char *group, const char *key, int *value,
                         GError **error)
{
    g_autoptr(GError) failure = NULL;
    if (*value >= 0 || !g_key_file_has_key(file, group, key, NULL)) {
        return TRUE;
    }
    *value = g_key_file_get_integer(file, group, key, &failure);
    if (failure) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_USAGE, "[%s] %s is no number", group,
                    key);
        return FALSE;
    }
    return TRUE;
}

static gboolean read_key_file(Settings *settings, const char *path, GError **error)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(GError) failure = NULL;
    if (path && !g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, &failure)) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_USAGE, "%s: %s", path,
                    failure->message);
        return FALSE;
    }
    take_text(file, "store", "db", &settings->db);
    take_text(file, "server", "host", &settings->host);
    take_text(file, "server", "unix", &settings->unix_path);
    take_text(file, "server", "public-url", &settings->public_url);
    take_text(file, "server", "web", &settings->web);
    take_text(file, "server", "tls-cert", &settings->tls_cert);
    take_text(file, "server", "tls-key", &settings->tls_key);
    if (!settings->proxies) {
        settings->proxies =
            g_key_file_get_string_list(file, "server", "trusted-proxies", NULL, NULL);
    }
    settings->access_log =
        settings->access_log || g_key_file_get_boolean(file, "server", "access-log", NULL);
    return take_int(file, "server", "port", &settings->port, error) &&
           take_int(file, "store", "readers", &settings->readers, error);
}

static gboolean is_loopback(const char *host)
{
    g_autoptr(GInetAddress) address = g_inet_address_new_from_string(host);
    return strcmp(host, "localhost") == 0 || (address && g_inet_address_get_is_loopback(address));
}

static gboolean check_settings(Settings *settings, GError **error)
{
    settings->db = settings->db ? settings->db : g_strdup("cronotopo.db");
    settings->host = settings->host ? settings->host : g_strdup("127.0.0.1");
    settings->port = settings->port < 0 ? 8080 : settings->port;
    settings->readers = settings->readers < 0 ? 0 : settings->readers;
    if (settings->port > 65535) {
        return usage(error, "the port lies in 0 to 65535");
    }
    if (!settings->tls_cert != !settings->tls_key) {
        return usage(error, "--tls-cert and --tls-key go together");
    }
    if (settings->public_url && !g_str_has_prefix(settings->public_url, "https://") &&
        !g_str_has_prefix(settings->public_url, "http://")) {
        return usage(error, "--public-url must start with https:// (or http://)");
    }
    if (settings->public_url && g_str_has_suffix(settings->public_url, "/")) {
        settings->public_url[strlen(settings->public_url) - 1] = '\0';
    }
    if (!is_loopback(settings->host) && !settings->public_url) {
        return usage(error, "serving beyond this machine needs --public-url: links in messages and "
                            "calendars are made from it");
    }
    return TRUE;
}

static gboolean read_settings(Settings *settings, int argc, char **argv, GError **error)
{
    g_autofree char *config = NULL;
    g_autoptr(GError) failure = NULL;
    settings->port = settings->readers = -1;
    GOptionEntry entries[] = {
        {"db", 0, 0, G_OPTION_ARG_FILENAME, &settings->db, "the database", "FILE"},
        {"create", 0, 0, G_OPTION_ARG_NONE, &settings->create,
         "make an empty database where there is none", NULL},
        {"host", 0, 0, G_OPTION_ARG_STRING, &settings->host,
         "address to listen on (default 127.0.0.1; localhost: both loopbacks; *: all)", "ADDRESS"},
        {"port", 0, 0, G_OPTION_ARG_INT, &settings->port, "port (default 8080; 0: any free one)",
         "PORT"},
        {"unix", 0, 0, G_OPTION_ARG_FILENAME, &settings->unix_path, "also listen on a unix socket",
         "PATH"},
        {"config", 0, 0, G_OPTION_ARG_FILENAME, &config, "key file with settings", "KEYFILE"},
        {"web", 0, 0, G_OPTION_ARG_FILENAME, &settings->web,
         "serve the front end from a folder instead of the built-in one", "DIR"},
        {"tls-cert", 0, 0, G_OPTION_ARG_FILENAME, &settings->tls_cert, "certificate chain", "PEM"},
        {"tls-key", 0, 0, G_OPTION_ARG_FILENAME, &settings->tls_key, "private key", "PEM"},
        {"public-url", 0, 0, G_OPTION_ARG_STRING, &settings->public_url,
         "the address people use; needed beyond this machine", "URL"},
        {"trusted-proxy", 0, 0, G_OPTION_ARG_STRING_ARRAY, &settings->proxies,
         "believe X-Forwarded-* from here (repeatable; a range or \"unix\")", "ADDRESS"},
        {"access-log", 0, 0, G_OPTION_ARG_NONE, &settings->access_log,
         "log each request: id, method, route, status", NULL},
        {"demo", 0, 0, G_OPTION_ARG_NONE, &settings->demo, "the database holds the demo", NULL},
        {NULL},
    };
    g_autoptr(GOptionContext) context = g_option_context_new("- serve the web application");
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &failure)) {
        return usage(error, failure->message);
    }
    if (argc > 1) {
        return usage(error, "serve takes options only; see cronotopo serve --help");
    }
    return read_key_file(settings, config, error) && check_settings(settings, error);
}

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

static gboolean serve(const Settings *settings, ApiApp *app, HttpService *service, GError **error)
{
    NetOptions options = {
        .service = service,
        .host = settings->host,
        .port = settings->port,
        .unix_path = settings->unix_path,
        .tls_cert = settings->tls_cert,
        .tls_key = settings->tls_key,
        .proxies = (const char *const *)settings->proxies,
        .handle_signals = TRUE,
    };
    NetServer *server = net_server_new(&options, error);
    if (!server) {
        return FALSE;
    }
    const GPtrArray *addresses = net_server_addresses(server);
    if (!app->public_url) {
        app->public_url = addresses->pdata[0];
    }
    announce(service, addresses);
    net_server_run(server);
    api_app_stop(app);                         /* no more work from hashing threads */
    store_close(g_steal_pointer(&app->store)); /* answers what waits; the wire drops it */
    net_server_free(server);
    return TRUE;
}

static gboolean run(const Settings *settings, GError **error)
{
    g_autoptr(CivilClock) clock = civil_clock_new();
    g_autoptr(HttpStatics) statics =
        settings->web ? http_statics_new_folder(settings->web, error) : http_statics_new_compiled();
    if (!statics) {
        return FALSE;
    }
    ApiApp app = {
        .clock = clock,
        .public_url = settings->public_url,
        .db_path = settings->db,
        .demo = settings->demo,
    };
    StoreOptions store = {.path = settings->db,
                          .create = settings->create,
                          .readers = (unsigned)settings->readers,
                          .clock = clock};
    app.store = store_open(&store, error);
    if (!app.store) {
        return FALSE;
    }
    g_autoptr(HttpService) service = http_service_new(&(HttpServiceOptions){
        .routes = routes,
        .n_routes = n_routes,
        .store = app.store,
        .viewer = api_viewer,
        .app = &app,
        .statics = statics,
        .public_url = settings->public_url,
        .log_requests = settings->access_log,
    });
    app.service = service;
    gboolean ok = api_app_start(&app, error) && serve(settings, &app, service, error);
    api_app_stop(&app);
    if (app.store) {
        store_close(app.store);
    }
    return ok;
}

int cli_serve(int argc, char **argv)
{
    g_auto(Settings) settings = {0};
    g_autoptr(GError) error = NULL;
    if (!read_settings(&settings, argc, argv, &error) || !run(&settings, &error)) {
        return cli_fail(error);
    }
    return 0;
}
