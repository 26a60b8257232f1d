/* The hours that suit an audience. */
#pragma once

#include "planner/timetable/planner.h"

/* PlannerHours (a new GArray) of the notation `text` in the first full week from `from` on, or,
 * where text is NULL, what `audience` prefers by default. HOURS_SYNTAX. */
GArray *planning_preferred_hours(const char *audience, const char *text, CivilDate from,
                                 GError **error);
