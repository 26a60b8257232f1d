/* Placements with their cost kept up to date. Internal; one thread at a time.
 *
 * The cost is a sum in which every placed session has a marginal: what it adds to the others. A
 * move takes a session out, asks for marginals, and puts it back; nothing else changes the cost.
 */
#pragma once

#include "planner/timetable/model.h"

typedef struct State State;

State *state_new(const Model *model); /* nothing placed; the model must outlive it */
void state_free(State *state);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(State, state_free)

const Placement *state_at(const State *state, gint32 session);
const PlannerCost *state_cost(const State *state);

/* Takes a session out; returns what it added while it was in. It must be placed. */
PlannerCost state_unplace(State *state, gint32 session);
/* What placing an unplaced session adds to the cost of the others; its own cost of being out is
 * not taken off (see ModelSession.out). */
PlannerCost state_marginal(State *state, gint32 session, const Placement *placement);
/* Places an unplaced session. `marginal` is what state_marginal() said just now, or NULL. */
void state_place(State *state, gint32 session, const Placement *placement,
                 const PlannerCost *marginal);

/* The part of a marginal that the start alone decides: a lower bound of the whole. */
PlannerCost state_time_marginal(State *state, gint32 session, gint32 start);
/* Completes placement->start with the best rooms and trainers among the session's choices, one
 * after the other; returns the whole marginal. `time_part` is state_time_marginal() of it. */
PlannerCost state_best_places(State *state, gint32 session, const PlannerCost *time_part,
                              Placement *placement);
/* Appends a PlannerViolation for each rule that the placement of an unplaced session breaks. With
 * `clashes` FALSE, those that clash.h finds are left out. Sums up to state_marginal(). */
void state_list(State *state, gint32 session, const Placement *placement, gboolean clashes,
                GPtrArray *out);

/* The sessions placed on the day of `start` that use a room, virtual room or trainer of
 * `placement`, or share people with `session`: appended once each, itself excluded. */
void state_touching(State *state, gint32 session, const Placement *placement, GArray *out);
