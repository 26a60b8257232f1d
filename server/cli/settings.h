/* The settings of `serve`: from the key file, then from the command line, which wins. Every key has
 * a default:
 *
 *   [server]  host=127.0.0.1  port=8080  unix=  public-url=  trusted-proxies=  tls-cert=  tls-key=
 *             web=  access-log=false  head-seconds=20  body-seconds=60
 *   [store]   db=cronotopo.db  readers=4
 *   [mail]    smtp=  user=  password=  require-tls=false  from-name=  from-address=
 */
#pragma once

#include <glib.h>

typedef struct {
    char *db, *host, *unix_path, *public_url, *web, *tls_cert, *tls_key;
    char *smtp, *smtp_user, *smtp_password, *from_name, *from_address;
    char *stage, *today; /* of the demo */
    char **proxies;
    int port, readers;
    int head_seconds, body_seconds; /* how long a request's head and body may take */
    gboolean access_log, demo, create, require_tls;
} Settings;

void settings_clear(Settings *settings);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Settings, settings_clear)

/* Fills a zeroed value and checks it. USAGE. */
gboolean settings_read(Settings *settings, int argc, char **argv, GError **error);
