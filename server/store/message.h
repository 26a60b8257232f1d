/* The outbox: every mail that leaves, from queued to sent, and the texts that may be changed.
 *
 * A message is written in the same command as what it tells about, so neither exists without the
 * other. One message per release, person and kind (UNIQUE), however often a job starts anew.
 */
#pragma once

#include "server/store/store.h"

typedef struct {
    const char *kind;     /* constant: "sign_in", "release", "enrolment" */
    const char *person;   /* id, or NULL for an address that is nobody's */
    const char *release;  /* id, or NULL */
    const char *language; /* "it" or "en" */
    const char *to_address;
    const char *subject;
    const char *text;
    const char *html;     /* or NULL */
    const char *calendar; /* an iCalendar stream with its METHOD, or NULL */
} StoreMessage;

/* Inside a command. A repeat of (release, person, kind) is left as it stands. */
gboolean store_message_add(StoreDb *db, const StoreMessage *message, GError **error);

/* Inside a command: marks up to `limit` due messages as being sent and returns them with their
 * texts (array of rows: id, to_address, subject, text, html, calendar, tries). */
json_t *store_message_take(StoreDb *db, int limit, GError **error);
/* Inside a command: how a message taken ended. `sent`: "sent" or "caught". On failure the next try
 * comes after `retry_ms`; 0 gives up. */
gboolean store_message_sent(StoreDb *db, const char *id, const char *state, GError **error);
gboolean store_message_failed(StoreDb *db, const char *id, const char *why, gint64 retry_ms,
                              GError **error);
/* Inside a command, at start: what a stopped server was sending is queued again. */
gboolean store_message_requeue(StoreDb *db, GError **error);

/* Rows without bodies, newest first: id, kind, to_address, subject, state, tries, error,
 * created_at, sent_at. `state` NULL takes all. {"items": [...], "next": cursor or null}. */
json_t *store_message_list(StoreDb *db, const char *state, const char *after, int limit,
                           GError **error);
json_t *store_message_get(StoreDb *db, const char *id, GError **error);

/* The changed text of a template: {subject, text, version}, or NULL with NOT_FOUND. */
json_t *store_template_get(StoreDb *db, const char *kind, const char *language, GError **error);
/* Inside a command. `version` is that of the row changed, 0 for none yet (STALE otherwise). */
gboolean store_template_put(StoreDb *db, const char *kind, const char *language,
                            const char *subject, const char *text, gint64 version, GError **error);

/* What a release is called: new strings. NOT_FOUND. */
gboolean store_release_heading(StoreDb *db, const char *release, char **project, char **name,
                               GError **error);
/* Whom a release concerns, in id order after `after` ("" from the start), at most `limit` people:
 * [{person, given_name, language, email, changes: [{session, title, kind, before, after}]}].
 * Participants seated in the editions and trainers before or after; each once. People without an
 * address are left out. */
json_t *store_release_audience(StoreDb *db, const char *release, const char *after, int limit,
                               GError **error);
