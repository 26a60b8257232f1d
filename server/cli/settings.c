/* Reading the settings of `serve`. */
#include "server/cli/settings.h"

#include <gio/gio.h>
#include <string.h>

#include "planner/civil/error.h"

void settings_clear(Settings *settings)
{
    g_free(settings->db);
    g_free(settings->host);
    g_free(settings->unix_path);
    g_free(settings->public_url);
    g_free(settings->web);
    g_free(settings->tls_cert);
    g_free(settings->tls_key);
    g_free(settings->smtp);
    g_free(settings->smtp_user);
    g_free(settings->smtp_password);
    g_free(settings->from_name);
    g_free(settings->from_address);
    g_free(settings->stage);
    g_free(settings->today);
    g_strfreev(settings->proxies);
}
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
    take_text(file, "mail", "smtp", &settings->smtp);
    take_text(file, "mail", "user", &settings->smtp_user);
    take_text(file, "mail", "password", &settings->smtp_password);
    take_text(file, "mail", "from-name", &settings->from_name);
    take_text(file, "mail", "from-address", &settings->from_address);
    settings->require_tls = g_key_file_get_boolean(file, "mail", "require-tls", NULL);
    if (!settings->proxies) {
        settings->proxies =
            g_key_file_get_string_list(file, "server", "trusted-proxies", NULL, NULL);
    }
    settings->access_log =
        settings->access_log || g_key_file_get_boolean(file, "server", "access-log", NULL);
    return take_int(file, "server", "port", &settings->port, error) &&
           take_int(file, "server", "head-seconds", &settings->head_seconds, error) &&
           take_int(file, "server", "body-seconds", &settings->body_seconds, error) &&
           take_int(file, "store", "readers", &settings->readers, error);
}

static gboolean is_loopback(const char *host)
{
    g_autoptr(GInetAddress) address = g_inet_address_new_from_string(host);
    return strcmp(host, "localhost") == 0 || (address && g_inet_address_get_is_loopback(address));
}

static gboolean check_settings(Settings *settings, GError **error)
{
    if ((settings->stage || settings->today) && !settings->demo) {
        return usage(error, "--stage and --today go with --demo");
    }
    if (!settings->db && !settings->demo) {
        settings->db = g_strdup("cronotopo.db");
    }
    settings->host = settings->host ? settings->host : g_strdup("127.0.0.1");
    settings->port = settings->port < 0 ? 8080 : settings->port;
    settings->readers = settings->readers < 0 ? 0 : settings->readers;
    settings->head_seconds = settings->head_seconds < 0 ? 0 : settings->head_seconds;
    settings->body_seconds = settings->body_seconds < 0 ? 0 : settings->body_seconds;
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

gboolean settings_read(Settings *settings, int argc, char **argv, GError **error)
{
    g_autofree char *config = NULL;
    g_autoptr(GError) failure = NULL;
    settings->port = settings->readers = -1;
    settings->head_seconds = settings->body_seconds = -1;
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
        {"demo", 0, 0, G_OPTION_ARG_NONE, &settings->demo,
         "serve the demo alliance from a scratch database; mail is caught", NULL},
        {"stage", 0, 0, G_OPTION_ARG_STRING, &settings->stage,
         "of the demo's story (default planning)", "call|planning|running|closing"},
        {"today", 0, 0, G_OPTION_ARG_STRING, &settings->today, "the demo's day", "YYYY-MM-DD"},
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
