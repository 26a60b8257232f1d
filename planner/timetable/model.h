/* The compiled problem that board and search run on: allowed starts generated, pins turned into
 * choices of one, people turned into pairs of sessions that share them. Immutable. Internal.
 */
#pragma once

#include "planner/timetable/problem.h"

/* Allowed starts, ascending, each once. Sessions with equal ones share them. */
typedef struct {
    ProblemTime *times;
    guint n;
} Domain;

/* A session that shares people with this one. */
typedef struct {
    gint32 session;
    gint32 people;
} Neighbour;

/* This session before (or after) another. */
typedef struct {
    gint32 session;
    gboolean first; /* this session comes before the other */
    PlannerRule rule;
    gint32 min_days;
    gint32 max_days;
} OrderLink;

typedef struct {
    const ProblemSession *raw;
    const Domain *allowed;
    Domain choices; /* the starts search may choose: `allowed`, or the pinned one */
    /* What search may choose: what is pinned, or the candidates that break no hard rule alone. */
    ProblemCandidates rooms;
    ProblemCandidates virtual_rooms;
    ProblemCandidates trainers;
    gint32 trainers_wanted;
    Neighbour *near;
    guint n_near;
    OrderLink *orders;
    guint n_orders;
    gint32 *care; /* its people that are not always available */
    guint n_care;
    PlannerCost out; /* what it costs while it has no time */
} ModelSession;

typedef struct {
    PlannerProblem *problem; /* referenced */
    ModelSession *sessions;
    guint n_sessions;
    gint32 weeks;
    GHashTable *domains; /* Domain -> itself, by content */
    GPtrArray *blocks;
} Model;

Model *model_new(PlannerProblem *problem);
void model_free(Model *model);

/* The index of `start` in a domain, or -1. */
gint32 domain_find(const Domain *domain, gint32 start);

static inline void cost_add(PlannerCost *to, const PlannerCost *by)
{
    to->hard += by->hard;
    to->unassigned += by->unassigned;
    to->soft += by->soft;
}

static inline void cost_subtract(PlannerCost *from, const PlannerCost *by)
{
    from->hard -= by->hard;
    from->unassigned -= by->unassigned;
    from->soft -= by->soft;
}
