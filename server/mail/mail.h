/* Mail: what is written into the outbox, and the thread that sends it.
 *
 * The outbox is part of the database, so a message and what it tells about are one commit. One mail
 * thread takes due messages, sends each to the SMTP server (or catches it, in the demo), and tries
 * again later where that failed: after 1, 5, 30 minutes, 2, 6, 12, 24 hours, then it gives up. A
 * message being sent when the server dies is sent again: at least once, never lost.
 */
#pragma once

#include "server/mail/smtp.h"
#include "server/store/store.h"

typedef struct Mail Mail;

typedef struct {
    gboolean catch_all;       /* keep every mail in the outbox as caught, send nothing */
    MailSmtp smtp;            /* url NULL and no catch_all: messages wait in the outbox */
    const char *from_name;    /* copied, as all strings */
    const char *from_address; /* accepts replies */
    const char *public_url;   /* without a trailing slash */
} MailOptions;

/* Starts the thread. `store` outlives it. */
Mail *mail_start(Store *store, const MailOptions *options, GError **error);
/* Ends the thread after the mail under way, at most a minute. Before store_close. */
void mail_stop(Mail *mail);
/* After the store was closed: until then it watches the commits. */
void mail_free(Mail *mail);

Store *mail_store(const Mail *mail);
const char *mail_public_url(const Mail *mail);

/* Inside a command: renders the kind's template (the coordinator's, or the built-in one) and adds
 * it to the outbox. `to`: a person row as {person or id, given_name, language, email}. `pairs` as
 * in mail_render; name and alliance are filled in. */
gboolean mail_write(StoreDb *db, const char *kind, const json_t *to, const char *release,
                    const char *const *pairs, GError **error);

/* Writes the messages of a release in commands of at most 500 rows. May be run again after a crash:
 * who has one gets no second. `written` counts people. Not on the loop or the writer. */
gboolean mail_release(Mail *mail, const char *release, int *written, GError **error);

/* The bytes of a stored message as it is or would be sent. */
GBytes *mail_bytes(const Mail *mail, const json_t *message, GError **error);
