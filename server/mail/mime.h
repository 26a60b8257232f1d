/* A message of the outbox as the bytes of a mail (RFC 5322, 2045; with a calendar part RFC 6047):
 *     multipart/mixed { multipart/alternative { text/plain, text/html, text/calendar; method=M },
 *                       application/ics invite.ics }
 * Without a calendar part only the alternative stands; without HTML only text/plain. Composed by
 * GMime. Call mail_mime_init once before any thread starts.
 */
#pragma once

#include <glib.h>

typedef struct {
    const char *message_id; /* without angle brackets */
    const char *from_name;  /* may be NULL */
    const char *from_address;
    const char *to_address;
    const char *subject;
    const char *text;
    const char *html;     /* may be NULL */
    const char *calendar; /* may be NULL; its METHOD line names the method */
    gint64 date;          /* milliseconds since the epoch */
} MailParts;

void mail_mime_init(void);
/* The bytes, CRLF line ends. INVALID_FIELD where an address is none. */
GBytes *mail_mime_write(const MailParts *parts, GError **error);
