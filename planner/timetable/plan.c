/* Plans: one placement a session, by the session's number. */
#include "planner/timetable/problem.h"

PlannerPlan *planner_plan_new(PlannerProblem *problem)
{
    PlannerPlan *plan = g_new(PlannerPlan, 1);
    plan->problem = planner_problem_ref(problem);
    plan->at = g_new(Placement, MAX(problem->sessions->len, 1));
    for (guint i = 0; i < problem->sessions->len; i++) {
        plan->at[i] = placement_none;
    }
    return plan;
}

void planner_plan_free(PlannerPlan *plan)
{
    if (plan) {
        planner_problem_unref(plan->problem);
        g_free(plan->at);
        g_free(plan);
    }
}

gboolean planner_plan_set(PlannerPlan *plan, const PlannerPlacement *placement, GError **error)
{
    Placement resolved;
    gint32 session;
    if (!problem_resolve(plan->problem, placement, &resolved, &session, error)) {
        return FALSE;
    }
    plan->at[session] = resolved.start < 0 ? placement_none : resolved;
    return TRUE;
}

void planner_plan_get(const PlannerPlan *plan, guint index, PlannerPlacement *placement)
{
    g_return_if_fail(index < plan->problem->sessions->len);
    problem_name(plan->problem, (gint32)index, &plan->at[index], placement);
}

gboolean planner_plan_find(const PlannerPlan *plan, const char *session,
                           PlannerPlacement *placement)
{
    gint32 index = problem_find(plan->problem->session_index, session);
    if (index < 0) {
        return FALSE;
    }
    planner_plan_get(plan, (guint)index, placement);
    return TRUE;
}
