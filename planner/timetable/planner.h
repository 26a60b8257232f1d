/* The planner: a problem, the plans that solve it, and the solver.
 *
 * A PlannerBuilder takes resources, editions and sessions by value and by id (any non-empty
 * UTF-8 string of at most 200 bytes, in practice a UUID), and builds an immutable PlannerProblem.
 * A thing must be added before it is named. Every fallible call reports CRONOTOPO_ERROR
 * (INVALID_FIELD, DUPLICATE, NOT_FOUND, OFF_GRID, TOO_LARGE) and leaves the builder as it was.
 *
 * Times are civil times of one zone. A session lies within one day. Starts, lengths and grids are
 * multiples of CIVIL_GRID_MINUTES. No clock, no I/O, no globals: any number of problems and
 * solvers live side by side. A problem and a plan may be shared by threads; a builder and a
 * solver belong to one thread at a time, except where said.
 */
#pragma once

#include "planner/civil/date.h"
#include "planner/timetable/rules.h"

#define PLANNER_MAX_DAYS 1100      /* of a horizon: three years */
#define PLANNER_MAX_SESSIONS 20000 /* and as many rooms, trainers, editions */
#define PLANNER_MAX_PEOPLE 200000
#define PLANNER_MAX_TRAINERS 8 /* of one session */

typedef struct PlannerBuilder PlannerBuilder;
typedef struct PlannerProblem PlannerProblem;
typedef struct PlannerPlan PlannerPlan;
typedef struct PlannerSolver PlannerSolver;

/* ---- what a problem is made of (copied when added; arrays may be NULL where their n is 0) ---- */

/* [start, end), end > start, of any length; parts outside the horizon are cut off. */
typedef struct {
    CivilTime start;
    CivilTime end;
} PlannerSpan;

typedef struct {
    const char *id;
    const char *venue;        /* NULL: no venue, so no travel to or from it */
    gint32 capacity;          /* people */
    gint32 distanced;         /* people while distanced; <= capacity */
    const PlannerSpan *spans; /* unavailable */
    guint n_spans;
} PlannerRoomSpec;

/* A virtual room, a person: an id and when it is not available. */
typedef struct {
    const char *id;
    const PlannerSpan *spans; /* unavailable */
    guint n_spans;
} PlannerResourceSpec;

typedef struct {
    const char *id;
    gint32 max_day_minutes;   /* 0: no limit */
    gint32 max_week_minutes;  /* Monday to Sunday; 0: no limit */
    const PlannerSpan *spans; /* unavailable */
    guint n_spans;
    const PlannerSpan *committed; /* work fixed elsewhere: unavailable, and part of the loads */
    guint n_committed;
} PlannerTrainerSpec;

/* Hours of the week: bit 0 of `weekdays` is Monday; minutes of the day. */
typedef struct {
    guint8 weekdays;
    gint32 start;
    gint32 end;
} PlannerHours;

typedef struct {
    const char *id;
    gint32 per_week; /* edition_spread: more than this in a week is too dense; 0: off */
    const PlannerHours *preferred; /* preferred_hours: sessions inside none of these cost */
    guint n_preferred;             /* 0: every hour is fine */
} PlannerEditionSpec;

typedef struct {
    CivilTime start;
    gint32 penalty; /* >= 0, points */
} PlannerListedTime;

/* Starts at `start`, `start` + grid, ... such that the session ends by `end`, on each of the
 * weekdays from first to last (both included). */
typedef struct {
    CivilDate first;
    CivilDate last;
    PlannerHours hours;
    gint32 grid; /* minutes */
    gint32 penalty;
} PlannerWindow;

/* A resource that may be chosen, and what choosing it costs. */
typedef struct {
    const char *id;
    gint32 penalty; /* >= 0, points */
} PlannerCandidate;

/* Where and when. In a pin and a plan alike; NULL and n 0 say "none" or, in a pin, "free". */
typedef struct {
    const char *session;
    gboolean placed; /* FALSE: no time (then the rest is empty; in a pin: the time is free) */
    CivilTime start;
    const char *room;
    const char *virtual_room;
    const char *trainers[PLANNER_MAX_TRAINERS];
    guint n_trainers;
} PlannerPlacement;

/* A session asks for one room where `rooms` is not empty, for one virtual room where
 * `virtual_rooms` is not empty (both: a hybrid session), and for `trainers_needed` distinct
 * trainers out of `trainers`. The allowed starts are the listed ones and those of the windows,
 * minus excluded and closed days; the cheapest penalty counts where two give the same start. */
typedef struct {
    const char *id;
    const char *edition; /* NULL: of none */
    gint32 minutes;      /* length */
    gint32 expected;     /* people expected in the room; at least those enrolled here */
    gboolean distanced;  /* the distanced capacity counts */
    gint32 weight;       /* what leaving it out costs, 1 .. 1000 */
    const char *const *people;
    guint n_people;
    const char *const *cohorts; /* their people are added, each person once */
    guint n_cohorts;
    const PlannerListedTime *listed;
    guint n_listed;
    const PlannerWindow *windows;
    guint n_windows;
    const CivilDate *excluded;
    guint n_excluded;
    const PlannerCandidate *rooms;
    guint n_rooms;
    const PlannerCandidate *virtual_rooms;
    guint n_virtual_rooms;
    const PlannerCandidate *trainers;
    guint n_trainers;
    guint trainers_needed;
} PlannerSessionSpec;

/* Each session of `before` ends before each session of `after` starts, and between their dates
 * lie at least min_days and at most max_days (-1: any number). */
typedef struct {
    PlannerRule rule; /* PLANNER_RULE_MODULE_ORDER or PLANNER_RULE_PHASE_GATE */
    const char *const *before;
    guint n_before;
    const char *const *after;
    guint n_after;
    gint32 min_days;
    gint32 max_days;
} PlannerOrderSpec;

/* ---- building ---- */

/* A horizon of `days` days from `first`. NULL + INVALID_FIELD where days is out of range. */
PlannerBuilder *planner_builder_new(CivilDate first, int days, GError **error);
void planner_builder_free(PlannerBuilder *builder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlannerBuilder, planner_builder_free)

/* PLANNER_HARD, PLANNER_OFF or 1 .. PLANNER_MAX_WEIGHT. Rules not set keep their default. */
gboolean planner_builder_set_weight(PlannerBuilder *builder, PlannerRule rule, gint32 weight,
                                    GError **error);
/* Nothing may start or end inside lunch without cost. end <= start: no lunch. Default none. */
gboolean planner_builder_set_lunch(PlannerBuilder *builder, gint32 start, gint32 end,
                                   GError **error);
gboolean planner_builder_add_closed(PlannerBuilder *builder, CivilDate date, GError **error);
/* Minutes from a venue to another, both directions; the last call for a pair counts. Venues exist
 * by being named. Pairs never named take 0 minutes. */
gboolean planner_builder_set_travel(PlannerBuilder *builder, const char *venue, const char *other,
                                    gint32 minutes, GError **error);
gboolean planner_builder_add_room(PlannerBuilder *builder, const PlannerRoomSpec *spec,
                                  GError **error);
gboolean planner_builder_add_virtual_room(PlannerBuilder *builder, const PlannerResourceSpec *spec,
                                          GError **error);
gboolean planner_builder_add_trainer(PlannerBuilder *builder, const PlannerTrainerSpec *spec,
                                     GError **error);
gboolean planner_builder_add_person(PlannerBuilder *builder, const PlannerResourceSpec *spec,
                                    GError **error);
gboolean planner_builder_add_cohort(PlannerBuilder *builder, const char *id,
                                    const char *const *people, guint n_people, GError **error);
gboolean planner_builder_add_edition(PlannerBuilder *builder, const PlannerEditionSpec *spec,
                                     GError **error);
gboolean planner_builder_add_session(PlannerBuilder *builder, const PlannerSessionSpec *spec,
                                     GError **error);
gboolean planner_builder_add_order(PlannerBuilder *builder, const PlannerOrderSpec *spec,
                                   GError **error);
/* Fixes what the placement gives (time, room, virtual room, trainers); a second pin of a session
 * replaces the first. `frozen`: nothing of the session moves, and moving it says so. A pin may
 * leave the allowed times and candidates: then it is the rule that is reported, not moved. */
gboolean planner_builder_pin(PlannerBuilder *builder, const PlannerPlacement *pin, gboolean frozen,
                             GError **error);
/* Where the session was in the plan that should be disturbed least. */
gboolean planner_builder_set_reference(PlannerBuilder *builder, const PlannerPlacement *placement,
                                       GError **error);

/* The problem; the builder is empty afterwards and can only be freed. TOO_LARGE where the weights
 * and amounts could overflow a cost (see PlannerCost). */
PlannerProblem *planner_builder_build(PlannerBuilder *builder, GError **error);

PlannerProblem *planner_problem_ref(PlannerProblem *problem);
void planner_problem_unref(PlannerProblem *problem);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlannerProblem, planner_problem_unref)
guint planner_problem_session_count(const PlannerProblem *problem);
/* 0 <= index < count, in the order added. NULL past the end. */
const char *planner_problem_session_id(const PlannerProblem *problem, guint index);

/* ---- plans ---- */

/* Compared in this order. Each part stays below 2^53: planner_builder_build refuses a problem
 * whose parts could pass it. */
typedef struct {
    gint64 hard;       /* violations of hard rules */
    gint64 unassigned; /* the weights of the sessions without a time */
    gint64 soft;       /* weight x amount of the others */
} PlannerCost;

int planner_cost_compare(const PlannerCost *a, const PlannerCost *b); /* <0, 0, >0 */

/* An empty plan of the problem (nothing placed). A plan holds a reference to its problem. */
PlannerPlan *planner_plan_new(PlannerProblem *problem);
void planner_plan_free(PlannerPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlannerPlan, planner_plan_free)
/* Copies what is placed; NOT_FOUND names an unknown id. Rules are not looked at. */
gboolean planner_plan_set(PlannerPlan *plan, const PlannerPlacement *placement, GError **error);
/* The placement of session `index`; its strings belong to the problem. */
void planner_plan_get(const PlannerPlan *plan, guint index, PlannerPlacement *placement);
/* By id; FALSE where the problem has no such session. */
gboolean planner_plan_find(const PlannerPlan *plan, const char *session,
                           PlannerPlacement *placement);

/* ---- solving ---- */

typedef struct {
    guint64 seed;
    gint64 effort; /* moves in all; 0: goes on until it is told to stop */
} PlannerSolverOptions;

typedef struct {
    gint64 moves;
    PlannerCost best;
    guint unassigned; /* sessions without a time in the best plan */
    gboolean done;    /* the effort is spent, it was cancelled, or nothing can be better */
} PlannerProgress;

/* `start` (may be NULL) is the plan to begin with, copied; it must be of `problem`. The result
 * depends on problem, start, seed and effort alone, never on the sizes of the slices. */
PlannerSolver *planner_solver_new(PlannerProblem *problem, const PlannerPlan *start,
                                  const PlannerSolverOptions *options);
void planner_solver_free(PlannerSolver *solver);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlannerSolver, planner_solver_free)
/* Makes at most `moves` moves. TRUE while there is more to do. */
gboolean planner_solver_run(PlannerSolver *solver, gint64 moves);
/* Any thread: the running slice ends within some thousand moves; later ones do nothing. */
void planner_solver_cancel(PlannerSolver *solver);
/* Between slices. The best plan so far: a new one. It leaves a session out rather than break a
 * hard rule, wherever pins allow. */
PlannerPlan *planner_solver_best(PlannerSolver *solver);
/* Between slices too: a copy of where it stands, `best` as planner_solver_best() would give it. */
void planner_solver_progress(const PlannerSolver *solver, PlannerProgress *progress);
