/* One mail to one SMTP server, by libcurl. Blocking: for the mail thread. */
#pragma once

#include <glib.h>

typedef struct {
    const char *url;  /* smtp://host:25, smtps://host:465 */
    const char *user; /* NULL: no authentication */
    const char *password;
    gboolean require_tls; /* refuse to go on without STARTTLS */
} MailSmtp;

/* Once before any thread starts. */
void mail_smtp_init(void);
/* UNREACHABLE with the server's last words. `permanent` is set where trying again is no use (a 5xx
 * answer). At most 60 s. */
gboolean mail_smtp_send(const MailSmtp *smtp, const char *from, const char *to, GBytes *mail,
                        gboolean *permanent, GError **error);
