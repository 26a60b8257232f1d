/* Writing calendars: value structs in, the bytes of an iCalendar stream out.
 *
 * Sources: RFC 5545 (objects), RFC 5546 (PUBLISH, REQUEST, CANCEL), RFC 6868 (carets in
 * parameters), RFC 7986 (NAME, COLOR, REFRESH-INTERVAL, SOURCE, CONFERENCE). The same values give
 * the same bytes for ever: nothing depends on the clock. Pure functions, thread-safe.
 */
#pragma once

#include "planner/civil/zone.h"

typedef enum { ICS_PUBLISH, ICS_REQUEST, ICS_CANCEL } IcsMethod;

/* All strings are UTF-8, borrowed; NULL or "" leaves the property out unless said. Control
 * characters other than line breaks are dropped. */
typedef struct {
    const char *uid; /* required; the same for the session's whole life */
    CivilInstant starts_at;
    CivilInstant ends_at;    /* at least a minute after starts_at */
    CivilInstant changed_at; /* DTSTAMP and LAST-MODIFIED: when the row changed, never "now" */
    unsigned sequence;
    gboolean cancelled;   /* STATUS:CANCELLED, free time, and `cancelled_prefix` in the summary */
    const char *summary;  /* required */
    const char *location; /* one line */
    const char *description; /* plain text, "\n" between lines */
    const char *url;         /* our own page or link of the session */
    const char *conference;  /* URI to take part from afar */
    const char *conference_label;
    const char *color;             /* CSS3 colour name */
    const char *const *categories; /* NULL-ended, or NULL */
    const char *related_to;        /* UID of the course edition */
    gboolean has_place;
    double latitude, longitude;   /* degrees, WGS 84 */
    const char *attendee_name;    /* invitations only */
    const char *attendee_address; /* e-mail; required by REQUEST and CANCEL */
} IcsEvent;

typedef struct {
    IcsMethod method;
    const CivilZone *zone; /* required: DTSTART and DTEND are local times of it */
    const char *product;   /* required: PRODID */
    const char *name;      /* what calendar programs show; feeds only */
    const char *color;
    const char *source; /* the calendar's own address; public feeds only */
    const char *organizer_name;
    const char *organizer_address; /* required: e-mail */
    const char *cancelled_prefix;  /* "[ANNULLATO] " */
    const IcsEvent *events;
    gsize n_events;
} IcsCalendar;

/* The whole stream: CRLF, lines of at most 75 octets, folded between characters. INVALID_FIELD
 * where a required value is absent or an event has no length; UNSUPPORTED where two yearly
 * rules cannot describe the zone. */
GBytes *ics_feed_write(const IcsCalendar *calendar, GError **error);
