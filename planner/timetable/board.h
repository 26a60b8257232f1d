/* The board: a problem and a plan kept warm, for drag and drop.
 *
 * Belongs to one thread at a time. Any placement may be tried, allowed or not: the answer lists
 * what it would break. Violations are owned by the array they come in; their strings live as
 * long as the board.
 */
#pragma once

#include "planner/timetable/planner.h"

typedef struct PlannerBoard PlannerBoard;

/* Starts with `plan`, copied; holds a reference to its problem. */
PlannerBoard *planner_board_new(const PlannerPlan *plan);
void planner_board_free(PlannerBoard *board);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlannerBoard, planner_board_free)

PlannerPlan *planner_board_plan(const PlannerBoard *board); /* a copy, the caller's */
void planner_board_cost(const PlannerBoard *board, PlannerCost *cost);

/* Places a session (moving it where it had a place), or takes its place away where `placed` is
 * FALSE. NOT_FOUND names an unknown id; rules are not looked at. */
gboolean planner_board_place(PlannerBoard *board, const PlannerPlacement *placement,
                             GError **error);
gboolean planner_board_unplace(PlannerBoard *board, const char *session, GError **error);

/* What `placement` would break if it were made: a GPtrArray of PlannerViolation, hard ones first;
 * an empty one is a free slot. `delta` (may be NULL) gets the change of cost against now. The
 * board stays as it is. NULL + NOT_FOUND. */
GPtrArray *planner_board_check(PlannerBoard *board, const PlannerPlacement *placement,
                               PlannerCost *delta, GError **error);

typedef struct {
    PlannerPlacement placement; /* strings live as long as the board */
    PlannerCost delta;          /* against now */
} PlannerSlot;

/* The `limit` best placements of a session among its allowed times and candidates, the cheapest
 * first, at most one for each start, the others staying where they are: a GArray of PlannerSlot.
 * NULL + NOT_FOUND. */
GArray *planner_board_best_slots(PlannerBoard *board, const char *session, guint limit,
                                 GError **error);

/* Every rule broken now, hard ones first: a GPtrArray of PlannerViolation. */
GPtrArray *planner_board_conflicts(PlannerBoard *board);
