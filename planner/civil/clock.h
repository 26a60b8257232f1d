/* The one clock. Everything that asks "what time is it" holds a CivilClock, so that tests and the
 * demo can move it. Thread-safe.
 */
#pragma once

#include "planner/civil/zone.h"

typedef struct CivilClock CivilClock;

CivilClock *civil_clock_new(void); /* real time */
void civil_clock_free(CivilClock *clock);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CivilClock, civil_clock_free)

CivilInstant civil_clock_now(const CivilClock *clock);
/* From now on the clock reads `instant` and runs on from there at normal speed. */
void civil_clock_set(CivilClock *clock, CivilInstant instant);
/* Real clock minus ours, milliseconds: 0 until civil_clock_set. */
gint64 civil_clock_offset(const CivilClock *clock);
