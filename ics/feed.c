/* The writer of feeds and invitations.
 *
 * One VEVENT a session, no RRULE: programs differ on recurrence, none on single events. Local
 * times carry TZID and the stream its own VTIMEZONE; an end that the clock shows twice (the night
 * the hour goes back) is written in UTC where the local form would name the first occurrence.
 * A cancelled event stays readable by programs that ignore STATUS: the summary says it too.
 */
#include "ics/feed.h"

#include <string.h>

#include "ics/line.h"
#include "ics/timezone.h"
#include "planner/civil/error.h"

enum { MINUTE_MS = 60000, BYTES_PER_EVENT = 1024, TIME_TEXT_SIZE = 17, OLDEST_RULES_YEAR = 2026 };

static gboolean is_set(const char *text)
{
    return text && *text;
}

static gboolean fail(GError **error, const char *field, const char *what)
{
    g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD, "%s: %s", field, what);
    return FALSE;
}

static gboolean check(const IcsCalendar *calendar, GError **error)
{
    if (!calendar->zone || !is_set(calendar->product)) {
        return fail(error, "calendar", "a zone and a product are required");
    }
    if (!is_set(calendar->organizer_address)) {
        return fail(error, "organizer", "an address is required");
    }
    for (gsize i = 0; i < calendar->n_events; i++) {
        const IcsEvent *event = &calendar->events[i];
        if (!is_set(event->uid) || !is_set(event->summary)) {
            return fail(error, "event", "a UID and a summary are required");
        }
        if (event->ends_at - event->starts_at < MINUTE_MS) {
            return fail(error, event->uid, "it ends less than a minute after its start");
        }
        if (calendar->method != ICS_PUBLISH && !is_set(event->attendee_address)) {
            return fail(error, event->uid, "an invitation needs the address of its guest");
        }
    }
    return TRUE;
}

/* "20261120T143000" and a NUL. */
static void format_basic(CivilTime time, char text[static TIME_TEXT_SIZE])
{
    char extended[CIVIL_TIME_SIZE];
    civil_time_format(time, extended);
    g_snprintf(text, TIME_TEXT_SIZE, "%.4s%.2s%.2sT%.2s%.2s00", extended, extended + 5,
               extended + 8, extended + 11, extended + 14);
}

static void put_utc(IcsLine *line, const char *name, CivilInstant instant)
{
    char extended[CIVIL_UTC_SIZE];
    char text[TIME_TEXT_SIZE];
    civil_instant_format_utc(instant, extended);
    g_snprintf(text, sizeof text, "%.4s%.2s%.2sT%.2s%.2s%.2sZ", extended, extended + 5,
               extended + 8, extended + 11, extended + 14, extended + 17);
    ics_line_put_raw(line, name, text);
}

static void put_local(IcsLine *line, const char *name, const CivilZone *zone, CivilInstant instant)
{
    CivilTime local = civil_zone_to_local(zone, instant);
    CivilInstant first = 0;
    if (!civil_zone_to_instant(zone, local, &first, NULL) || first != instant) {
        put_utc(line, name, instant);
        return;
    }
    char text[TIME_TEXT_SIZE];
    format_basic(local, text);
    ics_line_begin(line, name);
    ics_line_parameter(line, "TZID", civil_zone_name(zone));
    ics_line_raw(line, ":");
    ics_line_raw(line, text);
    ics_line_end(line);
}

/* ORGANIZER and ATTENDEE: a name as parameter, a mailto: URI as value. */
static void put_address(IcsLine *line, const char *name, const char *parameters,
                        const char *common_name, const char *address)
{
    ics_line_begin(line, name);
    if (is_set(common_name)) {
        ics_line_parameter(line, "CN", common_name);
    }
    ics_line_raw(line, parameters);
    ics_line_raw(line, ":mailto:");
    ics_line_raw(line, address);
    ics_line_end(line);
}

static void put_categories(IcsLine *line, const char *const *categories)
{
    if (!categories || !categories[0]) {
        return;
    }
    ics_line_begin(line, "CATEGORIES:");
    for (guint i = 0; categories[i]; i++) {
        ics_line_raw(line, i ? "," : "");
        ics_line_text(line, categories[i]);
    }
    ics_line_end(line);
}

static void put_geo(IcsLine *line, const IcsEvent *event)
{
    if (event->has_place) {
        char latitude[G_ASCII_DTOSTR_BUF_SIZE];
        char longitude[G_ASCII_DTOSTR_BUF_SIZE];
        g_ascii_formatd(latitude, sizeof latitude, "%.6f", event->latitude);
        g_ascii_formatd(longitude, sizeof longitude, "%.6f", event->longitude);
        g_autofree char *value = g_strconcat(latitude, ";", longitude, NULL);
        ics_line_put_raw(line, "GEO", value);
    }
}

static void put_conference(IcsLine *line, const IcsEvent *event)
{
    if (is_set(event->conference)) {
        ics_line_begin(line, "CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO");
        if (is_set(event->conference_label)) {
            ics_line_parameter(line, "LABEL", event->conference_label);
        }
        ics_line_raw(line, ":");
        ics_line_raw(line, event->conference);
        ics_line_end(line);
    }
}

static void put_status(IcsLine *line, const IcsCalendar *calendar, const IcsEvent *event)
{
    ics_line_begin(line, "SUMMARY:");
    if (event->cancelled && calendar->cancelled_prefix) {
        ics_line_text(line, calendar->cancelled_prefix);
    }
    ics_line_text(line, event->summary);
    ics_line_end(line);
    ics_line_put_raw(line, "STATUS", event->cancelled ? "CANCELLED" : "CONFIRMED");
    ics_line_put_raw(line, "TRANSP", event->cancelled ? "TRANSPARENT" : "OPAQUE");
    ics_line_put_raw(line, "X-MICROSOFT-CDO-BUSYSTATUS", event->cancelled ? "FREE" : "BUSY");
}

static void put_event(IcsLine *line, const IcsCalendar *calendar, const IcsEvent *event)
{
    char sequence[16];
    g_snprintf(sequence, sizeof sequence, "%u", event->sequence);
    ics_line_put_raw(line, "BEGIN", "VEVENT");
    ics_line_put_text(line, "UID", event->uid);
    put_utc(line, "DTSTAMP", event->changed_at);
    put_utc(line, "LAST-MODIFIED", event->changed_at);
    ics_line_put_raw(line, "SEQUENCE", sequence);
    put_local(line, "DTSTART", calendar->zone, event->starts_at);
    put_local(line, "DTEND", calendar->zone, event->ends_at);
    put_status(line, calendar, event);
    put_address(line, "ORGANIZER", "", calendar->organizer_name, calendar->organizer_address);
    if (calendar->method != ICS_PUBLISH) {
        const char *parameters = calendar->method == ICS_REQUEST
                                     ? ";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;"
                                       "PARTSTAT=NEEDS-ACTION;RSVP=TRUE"
                                     : ";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT";
        put_address(line, "ATTENDEE", parameters, event->attendee_name, event->attendee_address);
    }
    ics_line_put_text(line, "LOCATION", event->location);
    put_geo(line, event);
    ics_line_put_raw(line, "URL", event->url);
    ics_line_put_text(line, "DESCRIPTION", event->description);
    put_conference(line, event);
    put_categories(line, event->categories);
    ics_line_put_raw(line, "COLOR", event->color);
    ics_line_put_text(line, "RELATED-TO", event->related_to);
    ics_line_put_raw(line, "END", "VEVENT");
}

static void put_head(IcsLine *line, const IcsCalendar *calendar)
{
    static const char *const methods[] = {"PUBLISH", "REQUEST", "CANCEL"};
    ics_line_put_raw(line, "BEGIN", "VCALENDAR");
    ics_line_put_text(line, "PRODID", calendar->product);
    ics_line_put_raw(line, "VERSION", "2.0");
    ics_line_put_raw(line, "CALSCALE", "GREGORIAN");
    ics_line_put_raw(line, "METHOD", methods[calendar->method]);
    if (calendar->method == ICS_PUBLISH) {
        ics_line_put_text(line, "NAME", calendar->name);
        ics_line_put_text(line, "X-WR-CALNAME", calendar->name);
        ics_line_put_text(line, "X-WR-TIMEZONE", civil_zone_name(calendar->zone));
        ics_line_put_raw(line, "REFRESH-INTERVAL;VALUE=DURATION", "PT1H");
        ics_line_put_raw(line, "X-PUBLISHED-TTL", "PT1H");
        ics_line_put_raw(line, "COLOR", calendar->color);
        ics_line_put_raw(line, "SOURCE;VALUE=URI", calendar->source);
    }
}

/* The year whose zone rules the stream carries: that of its last event, which is the likeliest to
 * lie in the future, and no year of older rules. */
static int rules_year(const IcsCalendar *calendar)
{
    CivilInstant last = 0;
    for (gsize i = 0; i < calendar->n_events; i++) {
        last = MAX(last, calendar->events[i].starts_at);
    }
    int year = 0;
    int month = 0;
    int day = 0;
    civil_date_to_ymd(civil_zone_to_local(calendar->zone, last).date, &year, &month, &day);
    return MAX(year, OLDEST_RULES_YEAR);
}

GBytes *ics_feed_write(const IcsCalendar *calendar, GError **error)
{
    if (!check(calendar, error)) {
        return NULL;
    }
    GString *out = g_string_sized_new(1024 + calendar->n_events * BYTES_PER_EVENT);
    IcsLine line = {out, 0};
    put_head(&line, calendar);
    if (!ics_timezone_write(&line, calendar->zone, rules_year(calendar), error)) {
        g_string_free(out, TRUE);
        return NULL;
    }
    for (gsize i = 0; i < calendar->n_events; i++) {
        put_event(&line, calendar, &calendar->events[i]);
    }
    ics_line_put_raw(&line, "END", "VCALENDAR");
    return g_string_free_to_bytes(out);
}
