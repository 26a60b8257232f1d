/* From store rows to a PlannerProblem, with what is needed to speak about it.
 *
 * The rules it sets, beyond what planner/timetable says by itself: sessions start on the half hour,
 * Monday to Friday 8:00-22:00 or (less liked) Saturday 9:00-13:00, inside their window, not on
 * holidays or closures, and, when the planner chooses, after the notice days; one room of the
 * edition's comune with the features asked for (any comune where none there is large enough), or
 * one virtual room, or both when hybrid; trainers with all the skills; modules in order with their
 * gaps, lab phases through their gates; the hours an audience prefers; lunch 12:30-14:00 free. What
 * other projects have published is unavailability.
 */
#pragma once

#include "planner/timetable/board.h"
#include "server/store/conflict.h"
#include "server/store/draft.h"

typedef enum {
    PLANNING_FOR_PEOPLE, /* a board: pins and the notice window bind nobody */
    PLANNING_FOR_SOLVER, /* pinned sessions, and published ones that are near or past, stay */
} PlanningPurpose;

typedef struct PlanningProblem {
    StorePlan plan;          /* as it was read */
    PlannerProblem *problem; /* owned */
    PlannerPlan *current;    /* owned: the draft's placements */
    StoreNames *names;       /* owned: sessions, rooms, trainers, editions */
    GHashTable *placements;  /* session -> StorePlacement (both owned): the draft as it was read */
    GHashTable *windows;     /* session -> PlanningWindow (both owned) */
    GHashTable *near;        /* session -> StorePlacement (both owned): published, inside notice */
} PlanningProblem;

/* When a session may be held, without the grid. */
typedef struct {
    CivilDate first;
    CivilDate last;
    gint32 minutes;
} PlanningWindow;

/* Reads and builds, on a reader's connection; about the project's whole draft. NOT_FOUND;
 * TOO_LARGE and the like from the builder. */
PlanningProblem *planning_problem_build(StoreDb *db, const char *project, PlanningPurpose purpose,
                                        GError **error);
void planning_problem_free(PlanningProblem *problem);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlanningProblem, planning_problem_free)

/* What "outside its allowed times" means to people who place a session by hand: the dates of its
 * window bind them, the hours of the week are advice, the half hour is the planner's own habit. */
typedef enum { PLANNING_BINDING, PLANNING_ADVICE, PLANNING_NOTHING } PlanningForce;
PlanningForce planning_force(const PlanningProblem *problem, const PlannerViolation *violation,
                             const PlannerPlacement *placement);
/* The conflict as clients read it; a missing room or trainer in its own words. New reference. */
json_t *planning_conflict_json(const PlanningProblem *problem, const PlannerViolation *violation);

/* Between the store's placements and the planner's. The planner's borrows the store's strings. */
void planning_to_planner(const StorePlacement *from, PlannerPlacement *to);
void planning_from_planner(const PlannerPlacement *from, StorePlacement *to);
