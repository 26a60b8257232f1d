/* A linter of iCalendar bytes, for what parsers forgive and calendar programs do not. Tests run it
 * over everything that leaves the server. Pure, thread-safe.
 */
#pragma once

#include <glib.h>

/* The findings, each "line N: what" (a constant order: by line); an empty array when sound. The
 * array owns its strings. N counts physical lines from 1.
 *
 * Found: a line break that is not CRLF, a last line without one, a physical line of over 75
 * octets, a fold inside a character or an escape, bytes that are no UTF-8, control characters, an
 * unfinished or misplaced component, a line without name or colon, DTEND before DTSTART, DATE mixed
 * with DATE-TIME, UNTIL in local time where DTSTART has a zone, TZID without its VTIMEZONE, the
 * same UID and RECURRENCE-ID twice, an event without UID, DTSTAMP or DTSTART, a calendar without
 * PRODID or VERSION, METHOD:PUBLISH with an event without ORGANIZER, a property given twice that
 * may be there once. */
GPtrArray *ics_lint(const char *bytes, gsize size);
