/* VTIMEZONE of a zone with at most two yearly rules. Inside ics/ only. */
#pragma once

#include "ics/line.h"
#include "planner/civil/zone.h"

/* Writes the component as the zone's rules stand in `year`. UNSUPPORTED where they change within
 * the years after it or need more than two rules. */
gboolean ics_timezone_write(IcsLine *line, const CivilZone *zone, int year, GError **error);
