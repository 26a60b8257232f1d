/* Time zones by Olson name (GTimeZone, never the TZ variable), and instants.
 *
 * An instant is a count of milliseconds since 1970-01-01T00:00:00Z. Civil time + zone is what
 * future sessions store; attendance stores instants. Thread-safe after civil_zone_get returned.
 * Names are those of the system's zone files without legacy forms such as EST5EDT. GLib 2.74 errs
 * after 2037 in the one zone whose winter time is the exception (Europe/Dublin); Rome is right.
 */
#pragma once

#include "planner/civil/date.h"

typedef gint64 CivilInstant; /* milliseconds since the epoch, UTC */

typedef struct CivilZone CivilZone;

/* The zone named `name`, held for the life of the process (interned). NULL + INVALID_FIELD where
 * the system has no such zone. */
const CivilZone *civil_zone_get(const char *name, GError **error);
const char *civil_zone_name(const CivilZone *zone);

/* The instant of a wall-clock time. A time in a DST gap is refused with DST_GAP; one that occurs
 * twice takes the first occurrence. Minutes past 1439 roll into the next day. */
gboolean civil_zone_to_instant(const CivilZone *zone, CivilTime time, CivilInstant *instant,
                               GError **error);
CivilTime civil_zone_to_local(const CivilZone *zone, CivilInstant instant);
int civil_zone_offset_minutes(const CivilZone *zone, CivilInstant instant); /* east of UTC */

/* RFC 3339 with offset: "2026-11-20T14:30:00+01:00" (NUL included in the size). */
#define CIVIL_RFC3339_SIZE 26
char *civil_instant_format_local(CivilInstant instant, const CivilZone *zone,
                                 char text[static CIVIL_RFC3339_SIZE]);
/* "2026-11-20T13:30:00.000Z". */
#define CIVIL_UTC_SIZE 25
char *civil_instant_format_utc(CivilInstant instant, char text[static CIVIL_UTC_SIZE]);
/* RFC 3339 with Z or an offset, optional fraction. */
gboolean civil_instant_parse(const char *text, CivilInstant *instant, GError **error);
