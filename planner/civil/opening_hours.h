/* Recurring hours in the OpenStreetMap `opening_hours` notation (the subset of TIMEPOLICY.md).
 *
 * Source: openstreetmap wiki, Key:opening_hours/specification; where implementations differ,
 * opening_hours.js is followed, but for two slips of its own: a range that ends at easter includes
 * that day, and Feb 29 is no day of a common year. A rule of `;` that replaces a day also takes
 * what the day before spilled into it. A parsed value is immutable and may be shared by threads.
 */
#pragma once

#include "planner/civil/interval.h"
#include "planner/civil/italy.h"

typedef struct CivilHours CivilHours;

/* Longest accepted text. */
#define CIVIL_HOURS_MAX_BYTES 4096

/* Parses UTF-8 `text`. HOURS_SYNTAX names the 1-based character position and what was expected. */
CivilHours *civil_hours_parse(const char *text, GError **error);
void civil_hours_free(CivilHours *hours);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CivilHours, civil_hours_free)

/* The normalised text; parsing it gives the same hours. Owned by `hours`. */
const char *civil_hours_text(const CivilHours *hours);

/* What PH and SH mean for this evaluation. Callbacks may be NULL (never). */
typedef struct {
    gboolean (*is_public_holiday)(CivilDate date, gpointer data);
    gboolean (*is_school_holiday)(CivilDate date, gpointer data);
    gpointer data;
} CivilHoursCalendar;

/* The calendar of a comune: national holidays + patron; schools other than infanzia. The result
 * refers to `comune`, which must outlive it. */
CivilHoursCalendar civil_hours_calendar_of(const ItalyComune *comune);

/* The open minutes that fall on `date`, 0..1440, what spills over from the day before included.
 * A new list. */
GArray *civil_hours_open_on(const CivilHours *hours, CivilDate date,
                            const CivilHoursCalendar *calendar);
/* The open minutes of [first, last], both included, counted from midnight of `first`. */
GArray *civil_hours_open_between(const CivilHours *hours, CivilDate first, CivilDate last,
                                 const CivilHoursCalendar *calendar);
