/* The raw problem, as it was given: ids turned into dense numbers, civil times into minutes from
 * the horizon's first midnight, nothing derived. Checker and model both start here, so what they
 * agree on is the input alone. Internal to planner/timetable.
 */
#pragma once

#include "planner/civil/interval.h"
#include "planner/timetable/planner.h"

#define PROBLEM_NONE (-1) /* no room, no edition, no time */

typedef struct {
    gint32 start; /* PROBLEM_NONE: not placed, then all else is none */
    gint32 room;
    gint32 virtual_room;
    gint32 trainers[PLANNER_MAX_TRAINERS]; /* ascending, each once */
    gint32 n_trainers;
} Placement;

extern const Placement placement_none;

typedef struct {
    gint32 index;
    gint32 penalty;
} ProblemCandidate;

typedef struct {
    ProblemCandidate *list; /* in the order given, each index once */
    guint n;
} ProblemCandidates;

/* A room, virtual room, trainer or person; what does not apply is 0 (venue: PROBLEM_NONE). */
typedef struct {
    const char *id;
    CivilInterval *busy; /* sorted, disjoint */
    guint n_busy;
    gint32 venue;
    gint32 capacity;
    gint32 distanced;
    gint32 max_day_minutes;
    gint32 max_week_minutes;
    CivilInterval *committed; /* as given; also part of `busy` */
    guint n_committed;
} ProblemResource;

/* Minutes of a trainer's fixed work that starts on the days from first to last (both included). */
gint32 problem_committed(const ProblemResource *resource, gint32 first, gint32 last);
/* What sessions may fill `limit` up to: more only where the fixed work passes it already. */
static inline gint32 problem_limit(gint32 limit, gint32 committed)
{
    return MAX(limit, committed);
}

typedef struct {
    const char *id;
    gint32 per_week;
    PlannerHours *preferred;
    guint n_preferred;
} ProblemEdition;

typedef struct {
    gint32 start; /* minutes from the first midnight */
    gint32 penalty;
} ProblemTime;

typedef struct {
    gint32 first; /* days of the horizon, both included; may lie outside it */
    gint32 last;
    PlannerHours hours;
    gint32 grid;
    gint32 penalty;
} ProblemWindow;

typedef struct {
    const char *id;
    gint32 edition;
    gint32 minutes;
    gint32 expected;
    gint32 weight;
    gboolean distanced;
    gint32 *people; /* ascending, each once */
    guint n_people;
    ProblemTime *listed;
    guint n_listed;
    ProblemWindow *windows;
    guint n_windows;
    gint32 *excluded; /* days */
    guint n_excluded;
    ProblemCandidates rooms;
    ProblemCandidates virtual_rooms;
    ProblemCandidates trainers;
    gint32 trainers_needed;
    Placement pin; /* each part PROBLEM_NONE / 0 where free */
    gboolean frozen;
    Placement reference; /* start PROBLEM_NONE: no reference */
} ProblemSession;

typedef struct {
    PlannerRule rule;
    gint32 *before; /* sessions */
    guint n_before;
    gint32 *after;
    guint n_after;
    gint32 min_days;
    gint32 max_days; /* -1: any */
} ProblemOrder;

/* The lists of things that have an id. */
typedef enum {
    PROBLEM_ROOMS,
    PROBLEM_VIRTUAL_ROOMS,
    PROBLEM_TRAINERS,
    PROBLEM_PEOPLE,
    PROBLEM_KINDS
} ProblemKind;

struct PlannerProblem {
    gatomicrefcount refs;
    GStringChunk *strings; /* every id */
    GPtrArray *blocks;     /* every array below that is not a GArray; g_free */
    CivilDate first;
    gint32 days;
    gint32 weight[PLANNER_RULE_COUNT];
    gint32 lunch_start; /* minutes of the day; end <= start: none */
    gint32 lunch_end;
    guint8 *closed;                     /* by day, 1: closed */
    GArray *resources[PROBLEM_KINDS];   /* of ProblemResource */
    GHashTable *indices[PROBLEM_KINDS]; /* id -> index */
    GArray *editions;                   /* of ProblemEdition */
    GHashTable *edition_index;
    GArray *sessions; /* of ProblemSession */
    GHashTable *session_index;
    GArray *orders;          /* of ProblemOrder */
    GPtrArray *venues;       /* of ids in `strings`; the index is the venue's number */
    GHashTable *venue_index; /* id -> index */
    gint32 *travel;          /* venues x venues minutes, set when built */
};

static inline const ProblemSession *problem_session(const PlannerProblem *problem, gint32 session)
{
    return &g_array_index(problem->sessions, ProblemSession, session);
}

static inline const ProblemResource *problem_resource(const PlannerProblem *problem,
                                                      ProblemKind kind, gint32 index)
{
    return &g_array_index(problem->resources[kind], ProblemResource, index);
}

static inline const ProblemEdition *problem_edition(const PlannerProblem *problem, gint32 edition)
{
    return &g_array_index(problem->editions, ProblemEdition, edition);
}

static inline guint problem_count(const PlannerProblem *problem, ProblemKind kind)
{
    return problem->resources[kind]->len;
}

/* Minutes between two venues, PROBLEM_NONE taken as 0 away from everywhere. */
static inline gint32 problem_travel(const PlannerProblem *problem, gint32 venue, gint32 other)
{
    if (venue < 0 || other < 0) {
        return 0;
    }
    return problem->travel[venue * (gint32)problem->venues->len + other];
}

static inline gint32 problem_venue(const PlannerProblem *problem, const Placement *placement)
{
    return placement->room < 0 ? PROBLEM_NONE
                               : problem_resource(problem, PROBLEM_ROOMS, placement->room)->venue;
}

/* Weekday of a day of the horizon, 0 Monday .. 6; and its week, counted from the first Monday on
 * or before the horizon. */
gint32 problem_weekday(const PlannerProblem *problem, gint32 day);
gint32 problem_week(const PlannerProblem *problem, gint32 day);
gint32 problem_weeks(const PlannerProblem *problem);
CivilTime problem_time(const PlannerProblem *problem, gint32 start);
/* The index behind an id, or PROBLEM_NONE. */
gint32 problem_find(GHashTable *index, const char *id);

/* Turns a placement into numbers and back. Resolving checks the horizon, the grid and that every
 * id is known; `what` begins the message. */
gboolean problem_resolve(const PlannerProblem *problem, const PlannerPlacement *from, Placement *to,
                         gint32 *session, GError **error);
void problem_name(const PlannerProblem *problem, gint32 session, const Placement *from,
                  PlannerPlacement *to);
gboolean placement_equal(const Placement *a, const Placement *b);

/* Sets a CRONOTOPO_ERROR and returns FALSE. */
gboolean problem_fail(GError **error, int code, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* The largest value each part of a cost can take; FALSE + TOO_LARGE past 2^53. */
gboolean problem_check_bounds(const PlannerProblem *problem, GError **error);

struct PlannerPlan {
    PlannerProblem *problem; /* referenced */
    Placement *at;           /* by session */
};
