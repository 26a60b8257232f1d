/* The best slots of one session, the others staying where they are. Internal. */
#pragma once

#include "planner/timetable/state.h"

typedef struct {
    Placement placement;
    PlannerCost marginal;
} Slot;

/* Appends up to `limit` Slots of an unplaced session to an empty array, the cheapest first, the
 * earliest first among equals, at most one for each start. Empty where it has no choice. */
void slots_best(State *state, const ModelSession *model, gint32 session, guint limit, GArray *out);
