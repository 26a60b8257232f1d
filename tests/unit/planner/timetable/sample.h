/* Problems for the tests, made from a seed. */
#pragma once

#include "planner/timetable/planner.h"

/* The shape of the demo: 120 sessions of 20 editions, 9 rooms, 3 virtual rooms, 8 trainers, 120
 * people, 10 weeks from Monday 7 September 2026. `scale` multiplies everything but the weeks. */
PlannerProblem *sample_demo(guint32 seed, guint scale);

/* A problem of few sessions that brute force can solve, with any rule hard, weighted or off. */
PlannerProblem *sample_tiny(guint32 seed, guint n_sessions);

/* A random placement of a session, allowed or not; unplaced one time in eight. Strings belong to
 * the problem. */
void sample_placement(GRand *random, PlannerProblem *problem, PlannerPlacement *placement);

CivilTime sample_time(int day, int minute); /* day 0 is 2026-09-07 */
CivilDate sample_first(void);
